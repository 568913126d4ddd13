"""The confusion table: every bug is named as itself, or as its equal."""

import re

import pytest

from scratch.front_door.source import ROOT
from tests.judge.confusion import HEADER, bugs, judged, named, row
from tests.judge.verdict import DIFFERENT, EQUAL

PAGE = (ROOT / "docs/confusion.md").read_text(encoding="utf-8")
ROWS = dict(re.findall(r"^\| `([^`]+)` (\|.*)$", PAGE, re.MULTILINE))
# Named otherwise, and why.
OTHERWISE = {
    "tanh-without-expm1": "gives the numbers of tanh-by-sigmoid",
    "tanh-by-expm1-alone": "differs in the last digits of a slope",
    "softplus-both-branches": "gives the numbers of softplus-threshold",
    "softmax-without-keepdim": "is right for one sample",
    "log-of-p-plus-1e-12": "is one of log-of-p-plus-eps",
    "rows-against-a-column": "shows in shapes that differ only",
    "cross-entropy-slope-by-autograd": "has no name but its feature",
    "smoothing-among-the-others": "needs an option that is not judged",
    "smoothing-adds-up-to-more": "needs an option that is not judged",
    "centered-clamped": "shows where rounding makes a variance negative",
    "adam-eps-1e-7": "is a default: a note tells it",
    "sgd-decay-writes-into-grad": "a note tells it",
    "adam-decay-writes-into-grad": "a note tells it",
    "momentum-buffer-is-the-gradient": "a note tells it",
    "state-shared": "raises where shapes differ",
    "std-by-row": "mixes rows and columns: no name",
    "test-data-with-its-own-mean": "mixes two means: no name",
    "fan-of-the-wrong-axis": "is right for x @ W: a note tells it",
    "fan-out-for-fan-in": "is right for x @ W: a note tells it",
    "receptive-field-ignored": "shows in convolutions only",
    "gain-forgotten": "shows with a gain other than 1 only",
    "variance-for-std": "gives the numbers of std-without-root",
    "global-generator": "needs an option that is not judged",
    "a-fresh-tensor": "a note tells it",
    "gradient-switched-off": "shows where a gradient is needed",
    "same-order-every-epoch": "whoever gives a seed may want one order",
    "recursive-search": "a note tells it",
    "gradients-share-memory": "a note tells it: no number is wrong",
    "change-in-place-unnoticed": "shows where data is changed in place",
    "power-0-at-0": "shows in a ** 0 only",
    "step-lr-a-step-early": "is schedule-counts-from-1",
    "exponential-from-1": "is schedule-counts-from-1",
    "one-cycle-from-the-optimisers-lr": "has no name",
    "lr0-is-the-lr-of-now": "shows in the second schedule only",
    "schedule-not-written": "raises in the second step",
    "schedule-counts-before-it-fails": "shows after the last step only",
    "window-moves-by-1": "has no name",
    "windows-without-plus-1": "has another shape: no name",
    "statistics-move-in-evaluation": "has no name",
    "training-with-running-statistics": "has no name",
    "running-statistics-assigned": "has no name",
    "running-variance-from-0": "has no name",
    "mean-square-minus-square": "shows far from 0 only",
    "normalised-in-16-bits": "shows in 16 bits only",
    "dropout-zero-over-zero": "a note tells it",
    "dropout-global-generator": "needs a generator that is compared",
    "dropout-mask-not-redrawn": "gives the masks of dropout-seeded-anew",
    "dropout-eval-trains": "is dropout-active-at-evaluation"}


def test_the_page_has_every_bug():
    """A row for each bug; the others have a reason."""
    assert PAGE.startswith(HEADER)
    assert list(ROWS) == [bug.name for bug in bugs()]
    for name, rest in ROWS.items():
        assert (f"`{name}`" in rest) != (name in OTHERWISE), (name, rest)


def test_no_bug_is_equal():
    """What is called EQUAL has its reason."""
    equal = {name for name, rest in ROWS.items()
             if rest.startswith("| EQUAL")}
    assert equal <= set(OTHERWISE)


@pytest.mark.parametrize("bug", bugs()[::7], ids=lambda bug: bug.name)
def test_rows_are_what_the_judge_says(bug):
    """Every seventh row, judged again."""
    verdict = judged(bug)
    assert row(bug, verdict).endswith(ROWS[bug.name])
    assert named(verdict) or verdict.status in (EQUAL, DIFFERENT)
