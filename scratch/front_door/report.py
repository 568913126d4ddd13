"""The report: a table to read, or JSON for programs."""

import math

from scratch.front_door.command_line import to_json
from scratch.front_door.gap import Run, Side
from scratch.front_door.lesson import Lesson

# The largest gap that counts as agreement, relative to the scale.
# float64: the worst of 60 seeds is 3e-13, with kept gradients.
# float32: the worst is 9e-4. One rounding error can move the input of
# a relu across 0; then the two sides differ by a whole gradient.
AGREE = {"float64": 1e-12, "float32": 2e-3}

# At most 80 characters.
COLUMNS = ("{:19} {:>5} {:>7} {:>5} {:>7} {:>7} {:>6} {:>5} "
           "{:>5} {:>5}")
HEAD = [f"{'largest gap':>39}{'final loss':>16}{'accuracy':>13}"
        f"{'seconds':>12}",
        COLUMNS.format("lesson", "steps", "gap", "step",
                       *3 * ("hand", "torch"))]


def disagreeing(lessons: list[Lesson], dtype: str) -> list[str]:
    """The runs with a gap above the bound."""
    return [_title(lesson, run) for lesson in lessons
            for run in lesson.runs if not run.gap <= AGREE[dtype]]


def table(lessons: list[Lesson], dtype: str) -> str:
    """One line for each run, aligned, at most 80 columns."""
    lines, learnt = list(HEAD), []
    for lesson in lessons:
        name, _, variant = lesson.name.partition(" ")
        if variant:
            name = f"  {variant}"
        if len(lesson.runs) > 1:
            lines.append(name)
        for run in lesson.runs:
            lines.append(_row(f"  {run.label}" if run.label else name,
                              run))
            for key, value in lesson.learnt(run.hand).items():
                other = lesson.learnt(run.torch)[key]
                learnt.append(
                    f"{_title(lesson, run)}: {key} = {value:.5g} "
                    f"by hand, {other:.5g} by torch")
    lost = [_title(lesson, run) for lesson in lessons
            for run in lesson.runs
            if not math.isfinite(run.hand.losses[-1])]
    if lost:
        learnt.append(f"Diverged by hand: {', '.join(lost)}")
    apart = disagreeing(lessons, dtype)
    last = verdict(apart) if apart else (
        f"All agree: no gap above {AGREE[dtype]:.0e} in {dtype}.")
    if learnt:
        learnt = ["", *learnt]
    return "\n".join([*lines, *learnt, "", last])


def verdict(apart: list[str]) -> str:
    """One line with the names of the runs that disagree."""
    return f"DISAGREE: {', '.join(apart)}"


def record(lesson: Lesson, dtype: str) -> str:
    """The lesson as one line of JSON, NaN and infinity as null."""
    options = lesson.options
    return to_json({
        "lesson": lesson.name,
        "agree": not disagreeing([lesson], dtype),
        "bound": AGREE[dtype], "dtype": dtype,
        "device": options.device, "seed": options.seed,
        "data": lesson.source, "backprop": options.backprop,
        "autograd": options.autograd,
        "lr": lesson.lr, "epochs": lesson.epochs,
        "runs": [{
            "run": run.label or lesson.name, "steps": len(run.gaps),
            "gap": run.gap, "step": run.step,
            **{wing: {"loss": side.losses[-1], "seconds": side.seconds,
                      **lesson.learnt(side), "history": side.history}
               for wing, side in (("hand", run.hand),
                                  ("torch", run.torch))},
        } for run in lesson.runs]})


def _title(lesson: Lesson, run: Run) -> str:
    return f"{lesson.name} {run.label}".strip()


def _row(name: str, run: Run) -> str:
    a, b = run.hand, run.torch
    return COLUMNS.format(
        name, len(run.gaps), f"{run.gap:.1e}", run.step,
        _short(a.losses[-1]), _short(b.losses[-1]),
        _accuracy(a), _accuracy(b),
        f"{a.seconds:.1f}", f"{b.seconds:.1f}")


def _short(loss: float) -> str:
    """At most 7 characters."""
    plain = 1e-4 <= abs(loss) < 100
    return f"{loss:.4f}" if plain else f"{loss:.1e}"


def _accuracy(side: Side) -> str:
    if not side.history:
        return ""
    return f"{side.history[-1]['accuracy']:.3f}"
