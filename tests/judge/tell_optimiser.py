"""What is said of an optimiser that differs: an input, and features."""

import functools
import itertools
import math
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np

from tests.judge.functions import apart, short
from tests.judge.optimisers import Array, Run

Results = Sequence[list[list[Array]]]


def _option(name: str) -> Callable[[Run], bool]:
    return lambda run: bool(run.options.get(name))


FIRST = "equal in the first step"
# what is said if all runs without it are equal: is it in a run?
FEATURES: dict[str, Callable[[Run], bool]] = {
    "equal while lr does not change":
        lambda run: len({lr for _, lr in run.steps}) > 1,
    "equal while no gradient is missing": lambda run: any(
        g is None for grads, _ in run.steps for g in grads),
    "equal for one parameter": lambda run: len(run.start) > 1,
    "equal while no two parameters have the same shape": lambda run: len(
        {p.shape for p in run.start}) < len(run.start),
    "equal for a parameter of one entry":
        lambda run: any(p.size > 1 for p in run.start),
    FIRST: lambda run: len(run.steps) > 1,
    "equal if no gradient is 0":
        lambda run: any((g == 0).any() for g in run.gradients()),
    "equal if the parameters start at 0":
        lambda run: any(p.any() for p in run.start),
    "equal without weight decay": _option("weight_decay"),
    "equal without dampening": _option("dampening"),
    "equal if lr_decay is 0": _option("lr_decay"),
    "equal without momentum": _option("momentum"),
    "equal without nesterov": _option("nesterov"),
    "equal without amsgrad": _option("amsgrad"),
    "equal without centered": _option("centered")}


def features(runs: list[Run], wrong: list[int],
             first: int) -> list[str]:
    """What is always there when it differs.

    first: the earliest step in which a run differs.
    """
    said: list[str] = []
    known: list[list[int]] = []
    for sentence, has in FEATURES.items():
        if first == 1 and sentence == FIRST:
            continue
        without = [i for i, run in enumerate(runs) if not has(run)]
        if (5 <= len(without) < len(runs) and without not in known
                and not {*without} & {*wrong}):
            known.append(without)
            said.append(f"{sentence} ({len(without)} of {len(without)} "
                        "runs)")
    return said


def hints(runs: list[Run], theirs: Results, right: Results,
          wrong: list[int], alone: bool) -> list[str]:
    """A limit of the gradients, a ratio of the steps.

    alone: was no other feature found?
    """
    sizes = [max((float(abs(g).max()) for g in run.gradients()),
                 default=0.0) for run in runs]
    order = sorted(range(len(runs)), key=lambda i: sizes[i])
    bad = [i in wrong for i in order]
    good = next((k for k, one in enumerate(bad) if one), 0)
    said = []
    if alone and good >= 8 and sum(bad[good:]) > (len(bad) - good) / 2:
        said.append(f"equal if all |g| <= {short(sizes[order[good - 1]])}"
                    f" ({good} of {good} runs): does it clip?")
    ratios = set()
    for run, mine, ours in itertools.islice(zip(runs, theirs, right), 20):
        a, b = mine[0][0], ours[0][0]
        if not any(p.any() for p in run.start) and b.all():
            ratios |= {round(float(r), 8) for r in (a / b).flat}
    if len(ratios) == 1 and ratios != {1.0}:
        ratio = ratios.pop()
        said.append(f"the first step is {short(ratio)} times torch's"
                    if ratio else "the first step moves nothing")
    return said


def _then(numbers: Iterable[str]) -> str:
    return functools.reduce(lambda a, b: f"{a} then {b}", numbers)


def tell(run: Run, theirs: list[list[Array]], right: list[list[Array]],
         where: tuple[int, int], defaults: dict[str, Any]) -> str:
    """A run in which the two differ, for a person.

    As in: start 0, lr 0.1, gradients 1 then 1 · step 2: yours -0.234,
    torch -0.2
    """
    step, i = where
    with np.errstate(all="ignore"):
        gaps = abs(theirs[step - 1][i] - right[step - 1][i])
    entry = int(np.nan_to_num(gaps, nan=math.inf).argmax()) \
        if theirs[step - 1][i].shape == right[step - 1][i].shape else 0
    start = short(run.start[i].flat[entry])
    lrs = [lr for _, lr in run.steps[:step]]
    lr = short(lrs[0]) if len(set(lrs)) == 1 else _then(map(short, lrs))
    gradients = ["none" if grads[i] is None
                 else short(grads[i].flat[entry])
                 for grads, _ in run.steps[:step]]
    said = (f"start {start}, lr {lr}, gradients {_then(gradients)}"
            if gradients[1:] else
            f"start {start}, lr {lr}, gradient {gradients[0]}")
    said += "".join(
        f", {name} {value if isinstance(value, bool) else short(value)}"
        for name, value in run.options.items()
        if name != "lr" and value != defaults.get(name))
    if len(run.start) > 1:
        said += f", parameter {i + 1} of {len(run.start)}"
    mine, ours = theirs[step - 1][i], right[step - 1][i]
    if mine.shape != ours.shape:
        return (f"{said} · step {step}: yours has shape "
                f"{mine.shape}, torch {ours.shape}")
    a, b = apart(mine.flat[entry], ours.flat[entry])
    return f"{said} · step {step}: yours {a}, torch {b}"
