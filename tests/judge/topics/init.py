"""Initialisers: the scale of what they draw, not the draws themselves.

No two generators give the same numbers, so the distribution is judged:
its standard deviation, its bound, its mean, in two sizes, from 200,000
draws each. A standard deviation may differ by six standard errors.
"""

import importlib
from typing import Any

import numpy as np

from tests.judge import roles
from tests.judge.initialisers import HE, KINDS, SIZES, XAVIER, Init, Sample
from tests.judge.objects import array
from tests.judge.process import Process
from tests.judge.roles import Name
from tests.judge.source import Argument, Source
from tests.judge.switchboard import Settings, explain
from tests.judge.verdict import (BUG, BUT, CONVENTION, DIFFERENT, EQUAL,
                                 RAISES, Verdict)

FAN_IN = ("fanin nin inputdim ninput inputsize infeatures indim ninputs "
          "insize inputs inputunits nprev in dimin sizein numinputs prev "
          "ninputunits inputfeatures inputs_dim nfeatures prevdim").split()
FAN_OUT = ("fanout nout outputdim noutput outputsize outfeatures outdim "
           "noutputs outsize outputs units nneurons out dimout sizeout "
           "numoutputs hidden nhidden hiddensize noutputunits "
           "outputfeatures ncurr neurons").split()
SHAPE = "shape size weightshape wshape weightsshape dim dims".split()
ROWS = "rows n d0 nrows a".split()
COLUMNS = "cols columns m d1 ncols b ncolumns".split()
LAYERS = ("layersdims layerdims layers sizes layersizes layerssizes "
          "dimensions nnodes architecture nndims layersdim").split()
TENSOR = "tensor w weight weights param x".split()
METHODS = ("__call__ initialize init call generate sample get_weights "
           "forward init_weights create initialise").split()


def recognise(name: Name) -> list[Init]:
    """xavier, glorot_uniform, HeNormal, initialize_parameters_he."""
    if name.has("loss", "gradient", "optim"):
        return []
    family = ("uniform" if name.has("uniform") else
              "normal" if name.has("normal", "gaussian") and not name.has(
                  "normaliz", "normalis") else "")
    if name.has("xavier", "glorot"):
        return [KINDS["xavier" + ("_" + family if family else "")]]
    if name.has("kaiming") or name.is_word("he"):
        return [KINDS["kaiming" + ("_" + family if family else "")]]
    return []


# Runs in the child.

def drive(person: Any, name: str, call: tuple[str, ...], method: str,
          build: tuple[str, ...], library: str, guard: Any) -> Any:
    """What it draws for each of SIZES, from fixed seeds."""
    return guard(_run, person.find(name), call, method, build, library)


def _run(target: Any, call: tuple[str, ...], method: str,
         build: tuple[str, ...], library: str) -> Any:
    import random
    import sys
    torch: Any = (importlib.import_module("torch") if library == "torch"
                  else sys.modules.get("torch"))
    random.seed(0)
    np.random.seed(0)
    if torch:
        torch.manual_seed(0)
    found, fresh = [], False
    before = str(np.random.get_state())
    for m, n in SIZES:
        given: dict[str, Any] = {
            "in": m, "out": n, "rows": n, "columns": m, "shape": (n, m),
            "layers": [m, n, 1], "seed": 0, "one": 1.0,
            "generator": np.random.default_rng(0)}
        if torch and library == "torch":
            given["tensor"] = torch.zeros(n, m)
            given["generator"] = torch.Generator().manual_seed(0)
        arguments = [given[role] for role in call]
        made = target(*[given[role] for role in build]) if method else target
        result = (getattr(made, method) if method else made)(*arguments)
        if "tensor" in call and not given["tensor"].any():
            fresh = True
        result = given.get("tensor") if result is None else result
        matrices = [one for one in map(array, _flat(result))
                    if one.size == m * n]
        found.append(matrices[0] if matrices else None)
    return {"found": found, "fresh": fresh,
            "global": before != str(np.random.get_state())}


def _flat(result: Any) -> list[Any]:
    """The arrays in a result: W1 of a dict, W of a pair."""
    if isinstance(result, dict):
        result = list(result.values())
    if isinstance(result, list | tuple):
        return [inner for one in result for inner in _flat(one)]
    return [getattr(result, "data", result) if not hasattr(
        result, "detach") and not isinstance(result, np.ndarray) else result]


# Runs in the judge.

def _call(arguments: list[Argument], several: bool) -> tuple[str, ...] | None:
    """What each argument gets; the options at the end are left out."""
    found: list[str] = ["rows", "columns"] if several else []
    for one in arguments:
        short = roles.plain(one.name)
        role = next((role for role, names in {
            "in": FAN_IN, "out": FAN_OUT, "shape": SHAPE, "rows": ROWS,
            "columns": COLUMNS, "layers": LAYERS, "tensor": TENSOR,
            "generator": ["generator", "rng"], "seed": ["seed"],
            "one": ["gain", "scale"]}.items() if short in names), "")
        if one.default and role not in ("in", "out"):
            # A tensor needs no fan, and a fan may have a default.
            break
        if not role:
            return None
        found.append(role)
    return tuple(found)


def judge(source: Source, name: str, kinds: list[Init],
          process: Process) -> Verdict:
    """Draw, measure, and look for the switch that explains it."""
    kind = kinds[0]
    verdict = Verdict(f"{source.path.name}:{name}", kind.against)
    target, _, method = name.partition(".")
    owner, found = source.classes.get(target), source.functions.get(name)
    build: tuple[str, ...] = ()
    if owner:
        method = method or next(
            (one for one in METHODS if one in owner.methods), "")
        found = owner.methods.get(method)
        start = owner.constructor
        made = _call(start.arguments, False) if start else ()
        build, found = made or (), found if made is not None else None
    call = _call(found.arguments, bool(getattr(
        found.node.args, "vararg", None))) if found else None
    if not call and not build:
        verdict.findings = ["no way to call it was found"]
        return verdict
    node: Any = owner or found
    library = ("torch" if "tensor" in (call or ())
               else source.library(node.node))
    answer = process.ask(__name__, target, call or (), method, build,
                         library)
    asked = ", ".join(call or ())
    verdict.read_as = (f"{target}({', '.join(build)}).{method}({asked})"
                       if method else f"{name}({asked})")
    if "error" in answer:
        verdict.status = RAISES
        verdict.findings = [f"{answer['error']}{answer['at']}"]
        return verdict
    if any(one is None for one in answer["found"]):
        verdict.findings = ["it returns no weight of the size asked for"]
        return verdict
    if answer["global"]:
        verdict.notes.append("it draws from NumPy's global generator")
    _tell(verdict, kind, answer["found"], bool({"in", "layers"} & {
        *(call or ()), *build}))
    if answer["fresh"]:
        verdict.notes.insert(0, "it does not fill the tensor that it is "
                                "given")
        verdict.status = BUT if verdict.status == EQUAL else verdict.status
    return verdict


def _tell(verdict: Verdict, kind: Init, found: list[Any],
          named: bool) -> None:
    """named: its arguments say which of the two sizes is fan_in."""
    if named or not kind.he:
        # Xavier's formula does not tell the two apart.
        readings = {"": [Sample.of(one, m, n)
                         for one, (m, n) in zip(found, SIZES)]}
    else:
        readings = {
            "fan_in is the second axis, as in x @ W.T": [
                Sample.of(one, one.shape[1], one.shape[0]) for one in found],
            "fan_in is the first axis, as in x @ W": [
                Sample.of(one, *one.shape) for one in found]}
    # With the axes swapped, fan_out is fan_in.
    table = [one for one in (HE if kind.he else XAVIER)
             if named or one.name != "kaiming-by-fan-out"]
    best: tuple[int, str, list[Any]] = (9, "", [])
    for words, samples in readings.items():
        def agrees(s: Settings) -> bool:
            return all(one.agrees(kind, s) for one in samples)

        names = [] if agrees({}) else explain(table, agrees, 2)
        size = 0 if agrees({}) else len(names[0]) if names else 9
        if size < best[0]:
            best = size, words, names
    size, words, names = best
    samples = readings.get(words) or next(iter(readings.values()))
    first = samples[0]
    if first.family == "uniform" and not kind.family:
        verdict.against = verdict.against.replace("normal", "uniform")
    right = first.right(kind)
    if words:
        verdict.notes.insert(0, words)
    verdict.read_as += (
        f"; {first.m * first.n:,} and {samples[1].m * samples[1].n:,} draws, "
        f"std to {100 * max(one.error for one in samples):.1f} %")
    verdict.names = names
    verdict.status = EQUAL if size == 0 else DIFFERENT
    if names:
        bug = any(one.nature == "bug" for one in names[0])
        verdict.status = BUG if bug else CONVENTION
    if size:
        verdict.example = (
            f"fan_in {first.m}, fan_out {first.n}: standard deviation "
            f"yours {first.std:.4g}, torch {right:.4g}")
    if size == 9:
        verdict.findings.append(_feature(kind, samples))


def _feature(kind: Init, samples: list[Sample]) -> str:
    """What can be said of a distribution without a name."""
    one, other = samples
    if one.family == "constant":
        return "every weight is the same: hidden units stay equal"
    if abs(one.std / other.std - 1) < one.error + other.error:
        return "it is the same for both sizes: the fans do not enter"
    ratios = [sample.std / sample.right(kind) for sample in samples]
    if abs(ratios[0] / ratios[1] - 1) < one.error + other.error:
        return f"it is {ratios[0]:.3g} times torch's for both sizes"
    if abs(one.mean) > 0.1:
        return f"its mean is {one.mean:.2g} standard deviations, not 0"
    return f"it is {ratios[0]:.3g} and {ratios[1]:.3g} times torch's"
