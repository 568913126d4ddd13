"""What the front page computes: Adam, trained on both sides in lockstep."""

from functools import cache
from math import log10

import matplotlib.pyplot as plt
import torch

from docs.site.picture import GREY, HAND, TORCH
from docs.site.words import _
# The page counts topics and bugs.
from scratch import CONTENTS  # noqa: F401
from scratch.front_door.gap import Run
from scratch.front_door.lesson import Options
from scratch.front_door.lessons import entries
from tests.museum import BUGS

# A difference of one rounding, relative to the value.
ROUNDING = torch.finfo(torch.float64).eps / 2
# A logarithmic axis has no 0: a gap of 0 is drawn here.
ZERO = 1e-18
RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


@cache
def adam() -> Run:
    """The lesson's run of Adam, all its steps on both sides."""
    lesson = entries()["optimizers"].load()(Options())
    run = next(run for run in lesson.runs if run.label == "Adam")
    for _gap in run:
        pass
    return run


def seen() -> int:
    """How many bugs of the museum were found in public code."""
    return sum(bool(bug.seen) for bug in BUGS.values())


def picture():
    """Both losses and their gap, on one logarithmic axis."""
    run = adam()
    steps = range(1, len(run.gaps) + 1)
    _figure, axes = plt.subplots(figsize=(7.6, 4.6))
    axes.semilogy(steps, run.hand.losses, color=HAND, lw=4, alpha=0.45)
    axes.semilogy(steps, run.torch.losses, color=TORCH, lw=1, ls="--")
    axes.semilogy(steps, [max(gap, ZERO) for gap in run.gaps], ".",
                  color=GREY, ms=3)
    axes.axhline(ROUNDING, color="0.5", lw=0.8)
    axes.set(xlabel=_("step"), ylim=(ZERO / 3, 10), xlim=(0, len(steps)),
             yticks=[10.0 ** n for n in range(-18, 1, 3)])
    # Left, where a phone shows them; after the small first gaps.
    left, middle = 20, len(steps) / 2
    for height, text, colour in (
            (1.2, _("loss by hand"), HAND),
            (1.2e-4, _("loss by torch"), TORCH),
            (1.5e-14, _("gap between the two"), GREY)):
        axes.text(left, height, text, color=colour, weight="bold",
                  size="small")
    low, high = run.gap, min(run.hand.losses)
    axes.annotate("", (middle, low), (middle, high),
                  arrowprops={"arrowstyle": "<->", "color": GREY})
    # Formulas have no Chinese letters.
    power = "10" + f"{log10(high / low):.0f}".translate(RAISED)
    axes.text(middle + 8, (low * high) ** 0.5,
              _("a factor of {power}").format(power=power), color=GREY,
              va="center", size="small")
    axes.text(left, ROUNDING / 2, _("one rounding error"), color=GREY,
              va="top", size="small")
