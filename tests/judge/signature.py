"""What the arguments and results of a call stand for, by their names."""

import ast
import contextlib
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from tests.judge import roles
from tests.judge.reading import Pairs, Reading
from tests.judge.source import Argument, Class, Function, Source

STATES = ("m", "v", "vmax", "more")


def constructor(found: Class) -> list[Argument]:
    """What it takes; of a dataclass, its fields."""
    if found.constructor:
        return found.constructor.arguments
    if not any("dataclass" in ast.unparse(mark)
               for mark in found.node.decorator_list):
        return []
    return [Argument(ast.unparse(one.target), ast.unparse(one.value)
                     if one.value else "") for one in found.node.body
            if isinstance(one, ast.AnnAssign)]


def defaults(arguments: list[Argument],
             reading: Reading) -> tuple[tuple[str, float], ...]:
    """option -> the default that the code gives it, if it is a number."""
    written: dict[str, str] = {}
    for one in arguments:
        written.setdefault(one.name, one.default)
    found = []
    for name, role in (*reading.build, *reading.call):
        value: Any = None
        with contextlib.suppress(ValueError, SyntaxError):
            value = ast.literal_eval(written.get(name, ""))
        if role == "betas" and isinstance(value, tuple) and len(value) == 2:
            found += [("beta1", value[0]), ("beta2", value[1])]
        elif isinstance(value, int | float):
            found.append((role, float(value)))
    return tuple(found)


def keywords(found: Class, kind: str) -> Pairs:
    """The options that `**kwargs` of the constructor may hold."""
    if found.constructor is None or not found.constructor.node.args.kwarg:
        return ()
    return tuple(roles.options(sorted(_keys(found.constructor)),
                               kind).items())


def of_constructor(arguments: list[Argument], kind: str,
                   later: list[str] = []) -> Pairs | None:
    """argument -> option or role; None if a needed one is unknown.

    later: names that stand beside them in a call. `alpha` is not lr if
    lr comes with the call.
    """
    others = {
        "params": "params parameters parameterlist modelparams variables "
                  "paramlist weights parametergroup theta paramsdict vars "
                  "parametersdict parameterstoupdate tensors paramgroups "
                  "allparams trainableparams param parameter w variable "
                  "initialparams learnableparams modelparameters",
        "layers": "layers layerlist networklayers",
        "count": "nlayers numlayers layerscount layercount l nlayer "
                 "numberoflayers nbrlayers nparams numparams",
        "model": "model net network nn neuralnet neuralnetwork target",
        "hyper": "config hyperparams hyperparameters conf cfg options",
        "shape": "shape size wshape dim dims paramshape ndim inputshape "
                 "weightshape weightsshape"}
    known = roles.options([one.name for one in arguments] + later, kind)
    pairs = []
    for one in arguments:
        short = roles.plain(one.name)
        role = known.get(one.name) or next(
            (role for role, names in others.items()
             if short in names.split()), "") or (
                 "shape" if "shape" in short else "")
        if role:
            pairs.append((one.name, role))
        elif not one.default:
            return None
    return tuple(pairs)


def of_call(found: Function, kind: str) -> Pairs | None:
    """The roles of a call; None if a needed argument has none."""
    names = [one.name for one in found.arguments]
    # b and e of Adam are beta and epsilon; beside w, b is a bias.
    reserved = {"t", "v", "m", "s", "w", "g"} & set(names)
    if "w" in names:
        reserved.add("b")
    options = roles.options(
        [name for name in names if name not in reserved], kind)
    pairs: list[tuple[str, str]] = []
    for one in found.arguments:
        role = (options.get(one.name) or roles.value(one.name)
                if not found.calls(one.name) else roles.function(one.name))
        if role in STATES and roles.options(
                sorted(_keys_of(found, one.name)), kind):
            # A `cache` that holds options is a dict.
            role = "config"
        taken = {taken for _, taken in pairs}
        if role in STATES:
            # In the order in which they stand.
            role = next((state for state in STATES
                         if state not in taken), "")
        if not role and roles.plain(one.name) in roles.VALUE:
            role = "height"
        if role and role not in taken:
            pairs.append((one.name, role))
        elif not one.default:
            return None
    if "slope" in [role for _, role in pairs]:
        # A whole loop is told how many steps to make.
        pairs = [(name, "count" if role == "t" else role)
                 for name, role in pairs]
    if "grad" in [role for _, role in pairs]:
        pairs = [(name, "param" if role == "layers" else role)
                 for name, role in pairs]
    if [role for _, role in pairs if role in STATES] == ["m"]:
        pairs = [(name, "v" if role == "m" else role)
                 for name, role in pairs]
    return tuple(pairs)


def keys(found: Function, known: Pairs, kind: str) -> Pairs:
    """key -> option, if the options come in a dict."""
    if not {"config", "hyper"} & {role for _, role in known}:
        return ()
    return tuple(roles.options(sorted(_keys(found)), kind).items())


def filled(found: Function, keys: Pairs) -> tuple[str, ...]:
    """The keys that hold the state."""
    options = dict(keys)
    return tuple(sorted(_keys(found) - {*options}))


def _keys(found: Function) -> set[str]:
    """The strings that may be keys of a dict."""
    return {key for key in found.strings
            if re.fullmatch(r"\w{1,25}", key)}


def _keys_of(found: Function, name: str) -> set[str]:
    """The keys of one dict: d["lr"], d.get("lr"), d.setdefault("lr")."""
    def inside(node: Any) -> bool:
        return isinstance(node, ast.Name) and node.id == name
    keys: list[Any] = [
        node.slice for node in ast.walk(found.node)
        if isinstance(node, ast.Subscript) and inside(node.value)]
    keys += [node.args[0] for node in ast.walk(found.node)
             if isinstance(node, ast.Call) and node.args
             and isinstance(node.func, ast.Attribute)
             and inside(node.func.value)]
    return {key.value for key in keys if isinstance(key, ast.Constant)
            and isinstance(key.value, str)}


def schedules_off(source: Source, name: str,
                  one: Reading) -> list[Reading]:
    """With a schedule of lr turned off, and as it is.

    An argument such as decay=1e-3, which is no option, is set to 0.
    """
    if name in source.classes:
        arguments = constructor(source.classes[name])
    else:
        arguments = source.functions[name].arguments
    known = {given for given, _ in (*one.build, *one.call)}
    off = tuple(
        (given.name, "off") for given in arguments
        if given.name not in known and re.fullmatch(
            r"\w*decay(rate|s|lr)?\w?", roles.plain(given.name))
        and re.fullmatch(r"[\d.e-]+", given.default)
        and float(given.default))
    if not off:
        return [one]
    return [replace(one, build=one.build + off) if one.is_class
            else replace(one, call=one.call + off), one]


def handed(nodes: list[Any]) -> list[str]:
    """What code may need instead of any array: numbers, or tables."""
    text = " ".join(map(ast.unparse, nodes))
    return [how for how, mark in (
        ("entries", r"\bmath\.|\bfloat\("),
        ("tables", r"shape\w*\[1\]|= \w+\.shape\b"))
        if re.search(mark, text)]


def unpacked(found: Function, call: Pairs) -> tuple[str, ...]:
    """The parts of a state: m, v, t = state."""
    states = {name for name, role in call if role == "config"}
    for node in ast.walk(found.node):
        if (isinstance(node, ast.Assign)
                and isinstance(node.targets[0], ast.Tuple)
                and ast.unparse(node.value) in states):
            return tuple(map(ast.unparse, node.targets[0].elts))
    return ()


def results(found: Function, call: Pairs) -> Iterator[tuple[str, ...]]:
    """What the parts of the result may be, the likeliest first."""
    lists = [one for one in found.returned() if one != ["self"]
             and one != ["None"]]
    has = {role for _, role in call}
    if not lists:
        yield ()
        return
    names = max(lists, key=len)
    given = dict(call)
    back: list[str] = []
    for name in names:
        short = re.sub(
            r"^(new|next|updated|n)_|_(new|next|updated|out|prime)$", "",
            name)
        role = given.get(name) or given.get(short) or roles.value(
            short, "param b m v vmax more") if name else ""
        if role in STATES and name not in given and short not in given:
            role = ""
        if role not in ("param", "b", "config", "t", "key", *STATES) or (
                role not in has or role in back):
            role = ""
        back.append(role)
    wanted = (["param"] if "param" in has or "pairs" in has
              else ["direction"])
    if wanted[0] in back:
        wanted = []
    rest = [role for _, role in call
            if role in ("b", "config", *STATES) and role not in back]
    if "db" in has and "b" not in has:
        rest.insert(0, "b")
    rest = wanted + rest if len(back) > len(rest) or (
        wanted == ["direction"]) else rest
    yield tuple(role or (rest.pop(0) if rest else "") for role in back)
    if ("param" in has and len(names) == 1 and names[0]
            and names[0] not in given):
        yield ("direction",)


def moves(base: Reading) -> Iterator[Reading]:
    """A direction may contain the sign and lr, or not."""
    if "direction" not in base.returns:
        yield base
        return
    signs = ["-", "+", "- lr", "+ lr"]
    for sign in signs if "lr" in base.options() else signs[2:]:
        yield replace(base, moves=sign)
