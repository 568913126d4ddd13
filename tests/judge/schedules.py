"""How a schedule is written, and how it is asked for its numbers.

A function of t, with options as arguments or as numbers in its body; a
class that is asked for t, or goes on by `step`; a class that sets the
learning rate of an optimiser, torch's own base class included.
"""

import ast
import inspect
import itertools
import sys
from dataclasses import dataclass, field
from typing import Any

from tests.judge.objects import array
from tests.judge.roles import plain
from tests.judge.source import Argument, Class, Source

Options = dict[str, float]
# The names that people use for t, and for each option.
T = ("t epoch step it iteration i iter n epochnum currentstep globalstep "
     "curepoch currentepoch stepnum curstep cur k x iters").split()
ROLES = {role: set(names.split()) for role, names in {
    "lr0": "lr0 initiallr lr baselr learningrate initlr initiallrate "
           "initiallearningrate baselearningrate lrinit lrmax etamax "
           "maxlr eta0 eta peaklr lrbase startlr lrate peak target "
           "targetlr alpha0 initlearningrate maxlearningrate",
    "gamma": "gamma decay decayrate drop droprate factor rate dropfactor "
             "decayfactor k lrdecay d",
    "step_size": "stepsize decaysteps dropevery epochsdrop every "
                 "epochsperdrop dropepochs decayevery stepevery "
                 "decaystep dropstep",
    "T_max": "tmax totalsteps maxsteps t total epochs totalepochs nepochs "
             "numepochs maxepochs period maxiter totaliters nsteps steps "
             "numsteps numtrainingsteps cyclelength n decaysteps ntotal",
    "eta_min": "etamin minlr lrmin finallr endlr minimum low lowlr floor "
               "minlearningrate",
    "warm": "warmupsteps warmup warmupepochs totaliters nwarmup "
            "numwarmupsteps warmupiters warmuplength wsteps w warm n "
            "warmuptotal steps",
    "pct": "pctstart pct warmupfraction pctup",
    "div": "divfactor div divstart", "final_div": "finaldivfactor finaldiv "
    "divfinal"}.items()}
BY_KIND = {
    "step": ("lr0", "gamma", "step_size"),
    "exp": ("lr0", "gamma", "step_size"),
    "cos": ("lr0", "T_max", "eta_min"), "warm": ("lr0", "warm"),
    "cycle": ("lr0", "T_max", "pct", "div", "final_div")}
ORDINARY = [
    {"lr0": 0.1, "gamma": 0.4, "step_size": 4, "T_max": 10,
     "eta_min": 0.01, "warm": 5, "pct": 0.3, "div": 20.0,
     "final_div": 100.0},
    {"lr0": 0.3, "gamma": 0.9, "step_size": 3, "T_max": 16,
     "eta_min": 0.002, "warm": 8, "pct": 0.25, "div": 10.0,
     "final_div": 50.0}]


@dataclass
class Form:
    """How it is called, and what its options are."""

    read_as: str
    # of the function or the constructor: "t", "now", "optimizer" or a
    # role, by the argument's name
    arguments: list[tuple[str, str]]
    # roles that are arguments (None) or numbers in the code
    options: dict[str, float | None] = field(default_factory=dict)
    is_class: bool = False
    # what gives the learning rate of t, or goes on to the next
    at: str = ""
    step: str = ""
    # where it is then, as an attribute or a method
    where: str = ""
    cycle: bool = False


def _kind(name: str) -> str:
    return next((mark for mark in ("cycle", "warm", "cos", "exp", "step")
                 if mark in plain(name)), "step")


def _role(name: str, roles: tuple[str, ...], taken: Any) -> str:
    return next((role for role in roles if role not in taken
                 and plain(name) in ROLES[role]), "")


def _numbers(source: Source, node: Any) -> dict[str, float]:
    """name -> number: of the assignments in it and at the file's top."""
    top = [one for one in ast.parse(source.text.lstrip("\ufeff")).body
           if isinstance(one, ast.Assign)]
    found: dict[str, float] = {}
    for one in [*top, *ast.walk(node)]:
        if isinstance(one, ast.Assign) and isinstance(
                one.targets[0], ast.Name) and isinstance(
                    one.value, ast.Constant) and isinstance(
                        one.value.value, int | float):
            found[one.targets[0].id] = float(one.value.value)
    return found


def _arguments(arguments: list[Argument], roles: tuple[str, ...],
               needs_t: bool) -> list[tuple[str, str]] | None:
    """(name, what it gets) for each, or None."""
    found: list[tuple[str, str]] = []
    taken: set[str] = set()
    names = [plain(one.name) for one in arguments]
    t = next((one for one in arguments if plain(one.name) in T), None)
    for one in arguments:
        short = plain(one.name)
        if one is t and needs_t:
            found.append((one.name, "t"))
        elif short in ("optimizer", "opt", "optim"):
            found.append((one.name, "optimizer"))
        elif needs_t and short in ("lr", "currentlr", "oldlr") and len(
                names) == 2:
            # As Keras calls it: with the learning rate of now.
            found.append((one.name, "now"))
        elif role := _role(one.name, roles, taken):
            taken.add(role)
            found.append((one.name, role))
        elif not one.default:
            return None
    return found if not needs_t or t else None


def read(source: Source, name: str) -> Form | None:
    """The form of a definition, if it has one that is known."""
    roles = BY_KIND[_kind(name)]
    if name in source.classes:
        return _class(source.classes[name], roles)
    if name not in source.functions:
        return None
    found = source.functions[name]
    pairs = _arguments(found.arguments, roles, True)
    if pairs is None:
        return None
    form = Form(f"{name}({', '.join(one for one, _ in pairs)})", pairs,
                cycle="cycle" in plain(name))
    form.options = {role: None for _, role in pairs
                    if role not in ("t", "now")}
    for key, number in _numbers(source, found.node).items():
        if role := _role(key, roles, form.options):
            form.options[role] = number
    # t / 100: the only length, without a name
    values: list[Any] = [one.value for one in ast.walk(found.node)
                         if isinstance(one, ast.Constant)]
    lengths = {float(one) for one in values
               if type(one) in (int, float) and one > 2}
    for role in {"warm", "T_max"} & {*roles} - {*form.options}:
        if len(lengths) == 1:
            form.options[role] = lengths.pop()
    return form


def _class(found: Class, roles: tuple[str, ...]) -> Form | None:
    own = found.constructor.arguments if found.constructor else []
    pairs = _arguments(own, roles, False)
    if pairs is None:
        return None
    form = Form("", pairs, is_class=True, cycle="cycle" in plain(found.name))
    form.options = {role: None for _, role in pairs if role != "optimizer"}
    methods = found.methods
    one_argument = [one for one in ("__call__", "get_lr", "lr", "get", "at",
                                    "schedule", "value", "compute")
                    if one in methods and len([
                        argument for argument in methods[one].arguments
                        if not argument.default]) == 1]
    bases = " ".join(found.bases)
    if "optimizer" in {role for _, role in pairs}:
        form.step = "step"
    elif one_argument:
        form.at = one_argument[0]
    elif "step" in methods:
        form.step = "step"
        form.where = next((one for one in (
            "get_lr", "get_last_lr", "lr", "current_lr", "learning_rate")
            if one in methods), "lr")
    else:
        return None
    if form.step and "step" not in methods and "LRScheduler" not in bases:
        return None
    inside = ", ".join(one for one, _ in pairs)
    form.read_as = f"{found.name}({inside}).{form.at or form.step}()"
    return form


def several(form: Form) -> list[Options]:
    """Values of the options: two sets, or those in the code."""
    found = []
    for one in ORDINARY:
        options = {role: float(one[role]) if number is None else number
                   for role, number in form.options.items()}
        found.append({"lr0": 1.0, **options} if "optimizer" not in {
            role for _, role in form.arguments} else {
                "lr0": one["lr0"], **options})
    return [one for i, one in enumerate(found) if one not in found[:i]]


# Runs in the child.

class Optimizer:
    """What a schedule by hand sets: .lr, or param_groups[i]["lr"]."""

    def __init__(self, lr: float):
        self.param_groups = [{"lr": lr, "initial_lr": lr}]

    def _get(self) -> float:
        return self.param_groups[0]["lr"]

    def _set(self, lr: float) -> None:
        self.param_groups[0]["lr"] = lr

    lr = learning_rate = property(_get, _set)


def drive(person: Any, name: str, form: Form, several: list[Options],
          guard: Any) -> list[Any]:
    """The learning rates for each set of options."""
    target = person.find(name)
    return [guard(_rates, target, form, one) for one in several]


def _rates(target: Any, form: Form, options: Options) -> dict[str, Any]:
    spans = [options[one] for one in ("T_max", "step_size", "warm")
             if one in options]
    count = int(min(2.5 * max(spans, default=10), 400))
    if form.cycle:
        count = int(options["T_max"])
    whole = {role: int(value) if value == int(value) and role in (
        "T_max", "step_size", "warm") else value
        for role, value in options.items()}
    given = {name: whole[role] for name, role in form.arguments
             if role in whole and role not in ("t", "now")}
    if not form.is_class:
        rates, now = [], options["lr0"]
        for t in range(count):
            now = _number(target(**given, **{
                name: t if role == "t" else now
                for name, role in form.arguments if role in ("t", "now")}))
            rates.append(now)
        return {"rates": rates, "options": options}
    return {"rates": list(itertools.islice(_from(
        target, form, given, options), count)), "options": options}


def _from(target: Any, form: Form, given: dict[str, Any],
          options: Options) -> Any:
    optimizer: Any = Optimizer(options["lr0"])
    torch = sys.modules.get("torch")
    if torch and any("torch" in base.__module__
                     for base in inspect.getmro(target)):
        optimizer = torch.optim.SGD([torch.ones(1, requires_grad=True)],
                                    options["lr0"])
    for name, role in form.arguments:
        if role == "optimizer":
            given = {name: optimizer, **given}
    made = target(**given)
    for t in itertools.count():
        if form.at:
            yield _number(getattr(made, form.at)(t))
            continue
        if form.where:
            value = getattr(made, form.where)
            yield _number(value() if callable(value) else value)
        else:
            yield _number(optimizer.param_groups[0]["lr"])
        made.step()


def _number(value: Any) -> float:
    while isinstance(value, list | tuple):
        value = value[0]
    return float(array(value))
