"""Engines: a class of values with + and *, .grad and backward().

Recognised by its methods, not by its name: Value, Tensor, Variable.
"""

import inspect
import sys
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from tests.judge import judge_engine
from tests.judge.engine_bugs import OF_GRAPHS, SWITCHES, of_all
from tests.judge.engines import (ARITHMETIC, OF_ARRAYS, OPERATIONS,
                                 Expression, computed)
from tests.judge.expressions import alone
from tests.judge.objects import array
from tests.judge.process import Process, Stopped
from tests.judge.roles import Name
from tests.judge.source import Class, Source
from tests.judge.switchboard import Settings, Switch
from tests.judge.verdict import Verdict

BACKWARD = ("backward backprop backpropagate backward_pass run_backward "
            "back_propagate back").split()
DATA = "data value val array _data v x".split()
GRAD = "grad gradient _grad adjoint derivative g".split()
WANTS = ("requires_grad", "require_grad", "requires_gradient")


@dataclass(frozen=True)
class Engine:
    """The kind."""

    name: str
    against: str
    # which are judged with it
    methods: tuple[str, ...]
    switches: tuple[Switch, ...]
    judged_by: ClassVar[str] = __name__

    def told(self, thrown: Settings) -> str:
        """As in: a = 2, L = a.exp(): dL/da yours 2, torch 7.3891"""
        place = next(iter(thrown)).split()[0]
        trial = judge_engine.Trial(Verdict(""), {"float32": False}, [],
                                   lambda some: [])
        for one in alone(place) if place in OPERATIONS else []:
            with np.errstate(all="ignore"):
                value, gradients = computed(one, thrown)
            told = trial.differs(one, {"value": value,
                                       "gradients": gradients})
            if told:
                return told
        return ""


ENGINE = Engine("engine", "torch.autograd", tuple(OPERATIONS),
                (*SWITCHES, *of_all("mul"), *OF_GRAPHS))


def recognise(_name: Name) -> list[Engine]:
    """No name says it."""
    return []


def recognise_class(owner: Class) -> list[Engine]:
    """A class with +, * and a way back."""
    return [ENGINE] if {"__add__", "__mul__"} <= {*owner.methods} and (
        {*BACKWARD} & {*owner.methods}) else []


# Runs in the child.

def drive(person: Any, name: str, library: str, task: str, form: Any,
          some: Any, guard: Any) -> Any:
    """How it is used; what expressions give; what happens again."""
    target = guard(person.find, name)
    if isinstance(target, dict):
        return target
    if task == "form":
        return guard(_form, target, library)
    user = User(target, library, form)
    if task == "run":
        return [_run(user, one, guard) for one in some]
    return {name: guard(getattr(user, name)) for name in (
        "other_graph", "same_graph", "long_chain", "shared_memory")}


class User:
    """Makes values, computes with them, goes back, reads gradients."""

    def __init__(self, target: Any, library: str, form: dict[str, Any]):
        self.target, self.library, self.form = target, library, form

    def value(self, number: Any) -> Any:
        """A leaf."""
        data = np.array(number, float)
        if not data.ndim and self.form["layout"] == "[2.0]":
            data = data.reshape(1)
        native: Any = data
        if self.library == "torch":
            native = sys.modules["torch"].tensor(data)
        elif not data.ndim:
            native = float(data)
        names = inspect.signature(self.target).parameters
        return self.target(native, **{one: True for one in WANTS
                                      if one in names})

    def back(self, loss: Any) -> None:
        """From the last value."""
        method, seed = getattr(loss, self.form["backward"]), self.form["seed"]
        data = getattr(loss, self.form["data"])
        one = data ** 0
        if seed == "set":
            setattr(loss, self.form["grad"], one)
        method(*{"argument": [one], "value": [self.value(1.0)]}.get(
            seed, []))

    def gradient(self, leaf: Any) -> np.ndarray:
        """What has arrived; None is 0."""
        found = getattr(leaf, self.form["grad"])
        if found is None:
            return np.zeros_like(self.data(leaf))
        return self.data(found)

    def data(self, value: Any) -> np.ndarray:
        """The numbers of a value, or of what already is a number."""
        if not isinstance(value, np.ndarray | np.generic | float | int):
            value = getattr(value, self.form["data"], value)
        return array(value)

    def other_graph(self) -> list[float]:
        """dL/da after L = 2 * 3, and L = 2 * 5 with the same 2."""
        a = self.value(2.0)
        for number in 3.0, 5.0:
            self.back(a * self.value(number))
        return [float(self.gradient(a).sum())]

    def same_graph(self) -> list[float]:
        """dL/da after two ways back through L = (2 * 3) * 5."""
        a = self.value(2.0)
        loss = a * self.value(3.0) * self.value(5.0)
        self.back(loss)
        self.back(loss)
        return [float(self.gradient(a).sum())]

    def shared_memory(self) -> list[float]:
        """1 if the gradients of a and b are one array."""
        a, b = (self.value([2.0, 3.0]) for _ in range(2))
        self.back((a + b).sum())
        pair = [getattr(one, self.form["grad"]) for one in (a, b)]
        if hasattr(pair[0], "detach"):
            pair = [one.detach().numpy(force=True) for one in pair]
        return [float(all(isinstance(one, np.ndarray) for one in pair)
                      and np.shares_memory(*pair))]

    def long_chain(self) -> list[float]:
        """dL/da after 2000 additions."""
        a = self.value(1.0)
        value = a
        for _ in range(2000):
            value = value + a
        self.back(value)
        return [float(self.gradient(a).sum())]


def _form(target: Any, library: str) -> dict[str, Any]:
    error: Any = None
    for layout in "2.0", "[2.0]":
        for seed in "", "argument", "value", "set":
            form: dict[str, Any] = {
                "layout": layout, "seed": seed, "data": "data",
                "grad": "grad", "backward": "backward"}
            user = User(target, library, form)
            try:
                a, b = user.value(2.0), user.value(3.0)
                for key, names in (("data", DATA), ("grad", GRAD),
                                   ("backward", BACKWARD)):
                    form[key] = next(name for name in names
                                     if hasattr(a, name))
                c = a * b
                user.back(c)
                if not (user.gradient(a).any() or user.gradient(b).any()):
                    continue
            except Exception as wrong:
                error = error or wrong
                continue
            form["float32"] = user.data(c).dtype == np.float32
            form["operations"] = [
                name for name, one in OPERATIONS.items()
                if any(hasattr(target, need) for need in one.needs)]
            form["arrays"] = _takes_arrays(user)
            return form
    raise error or TypeError("no gradient arrives")


def _takes_arrays(user: User) -> bool:
    try:
        total = user.value([[2.0, 3], [4, 5]]).sum()
        return hasattr(total, user.form["grad"]) and (
            user.data(total).size == 1 and user.data(total).sum() == 14)
    except Exception:
        return False


def _run(user: User, one: Expression, guard: Any) -> dict[str, Any]:
    def forward() -> Any:
        leaves = [user.value(leaf) for leaf in one.leaves]
        values = list(leaves)
        for name, *inputs in one.steps:
            values.append(OPERATIONS[name].call(
                *(values[i] for i in inputs)))
            if not hasattr(values[-1], user.form["grad"]):
                raise TypeError("the result is none of its values")
        return leaves, values[-1], user.data(values[-1]).astype(float)

    def back(leaves: Any, last: Any, value: Any) -> dict[str, Any]:
        user.back(last)
        return {"value": value, "gradients": [
            user.gradient(leaf).astype(float) for leaf in leaves]}

    made = guard(forward)
    if isinstance(made, dict):
        return {**made, "forward": True}
    return guard(back, *made)


# Runs in the judge.

def judge(source: Source, name: str, kinds: list[Engine],
          process: Process) -> Verdict:
    """Every operation alone, then expressions of several."""
    verdict = Verdict(f"{source.path.name}:{name}", kinds[0].against)
    owner = source.classes.get(name)
    if owner is None:
        verdict.findings = ["an engine is a class"]
        return verdict
    nodes = [owner.node, *(one.node for one in owner.methods.values())]
    library = ("torch" if any(source.library(node) == "torch"
                              for node in nodes) else "numpy")

    def ask(task: str, form: Any = None, some: Any = None) -> Any:
        return process.ask(__name__, name, library, task, form, some)

    form = ask("form")
    if "error" in form:
        verdict.findings = ["no way to use it was found: "
                            f"{form['error']}{form['at']}"]
        return verdict
    back = {"": "L.{backward}()", "argument": "L.{backward}(1.0)",
            "value": f"L.{{backward}}({name}(1.0))",
            "set": "L.{grad} = 1.0, L.{backward}()"}[form["seed"]]
    verdict.read_as = ", ".join([
        f"a = {name}({form['layout']})", back.format(**form),
        "a.{grad}".format(**form)])
    has = form["operations"]
    verdict.not_judged = [
        OPERATIONS[one].text.format("a", "b") for one in ARITHMETIC
        if one not in has]
    usable = [one for one in has if form["arrays"]
              or one not in OF_ARRAYS]
    judge_engine.Trial(verdict, form, usable, lambda some: ask(
        "run", form, some)).compare()
    try:
        judge_engine.again(verdict, ask("again", form))
    except Stopped as stopped:
        verdict.notes.append(f"a chain of 2000 operations: {stopped}")
    return verdict
