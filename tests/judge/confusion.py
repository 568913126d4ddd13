"""The confusion table: each bug of the museum, put into the judge.

    python -m tests.judge.confusion > docs/confusion.md

The planted source is judged as if a person had written it. The code is
ours, so it runs in this process: that is faster, and nothing else.
"""

import importlib
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch  # noqa: F401

from scratch.front_door.source import ROOT
from tests.judge.child import Person, call
from tests.judge.implementation import File
from tests.judge.source import parse
from tests.judge.verdict import Verdict
from tests.museum import BUGS
from tests.museum.plant import Bug

# Functions that are judged by those that call them.
HELPERS = {"losses._reduce": "mse_loss", "losses._pick": "nll_loss",
           "data._deal": "batches", "init._fans": "kaiming_normal_",
           "init._kaiming_std": "kaiming_normal_",
           "init.normal_": "xavier_normal_",
           "init.uniform_": "xavier_uniform_",
           "convolution._patches": "conv2d", "convolution._pad": "conv2d",
           "normalization": "batch_norm",
           "normalization._moments": "layer_norm",
           "normalization._follow": "BatchNorm",
           "_mode.Mode.train": "Dropout"}
TOPICS = ("activations", "losses", "init", "optim", "_optimizer", "data",
          "autograd", "_operations", "lr_scheduler", "_scheduler",
          "convolution", "normalization", "dropout", "_mode")
# What two files share: who imports it, and how.
SHARED = {
    "_optimizer": ("optim", "from scratch._optimizer import Optimizer\n"),
    "_operations": ("autograd",
                    "from scratch._operations import Operations\n"),
    "_mode": ("dropout", "from scratch._mode import Mode, check_mode\n"),
    "_scheduler": ("lr_scheduler", """\
from scratch._optimizer import Optimizer
from scratch._scheduler import (LRScheduler, check_cycle,
                                check_factor, check_sequence)
""")}
# A schedule sets the learning rate of the judge's optimiser.
OURS = "from scratch._optimizer import Optimizer, check_option\n"
JUDGES = """\
from scratch._optimizer import check_option
from tests.judge.schedules import Optimizer
"""
# The judge's warm-up has one option.
WARM_UP = '''

class WarmUp(LinearLR):
    """From lr0 / n to lr0 in n steps."""

    def __init__(self, optimizer, n):
        super().__init__(optimizer, 1 / n, total_iters=n - 1)
'''
HEADER = """\
# The confusion table

Every bug of [the museum](bugs.md) that lives in what can be judged, put
into [the judge](judge.md) as if a person had written it. The
last column has what the judge says. Names in one cell cannot be told
apart by any run. `python -m tests.judge.confusion` makes this page.

| bug | verdict | named |
|---|---|---|"""


@dataclass
class Inside:
    """Runs the code in this process, as the child does in its own."""

    path: Path

    def __post_init__(self) -> None:
        self.printed, self.child = (0, ""), self
        self.person = Person(str(self.path), str(self.path.parent))

    def ask(self, driver: str, name: str, *arguments: Any) -> Any:
        """drive(definition, *arguments), guarded."""
        drive = importlib.import_module(driver).drive
        return call(str(self.path), drive, self.person, name, *arguments,
                    lambda *rest: call(str(self.path), *rest))


def bugs() -> list[Bug]:
    """Those that live in a function that can be judged."""
    return [bug for bug in BUGS.values() if bug.topic in TOPICS
            and bug.name not in UNJUDGED]


# Saving, loading, accuracy, gains, zeros, milestones and sequences are
# not judged, nor `where`, `flatten`, modes of nets, and gradients of
# tensors by a function of their own.
UNJUDGED = ("accuracy-always-0", "slope-not-squared",
            "leaky-slope-ignored", "zero-times-what-was-there",
            "t-restarts-with-a-file", "loaded-state-shared",
            "loaded-options-forgotten", "zero-grad-forgotten",
            "zero-grad-fills", "where-passes-to-both",
            "milestone-a-step-late", "milestones-count-once",
            "milestone-twice-is-once", "sequence-goes-on-counting",
            "sequence-a-step-late", "schedule-starts-again",
            "schedule-resumes-with-another-lr0",
            "every-tie-gets-all", "flatten-channels-last",
            "windows-overwrite", "kernel-flipped-on-the-way-back",
            "crop-at-one-end", "images-are-square", "dw-averaged",
            "bias-per-pixel", "mean-taken-for-a-constant",
            "std-taken-for-a-constant", "weight-gradient-of-x",
            "weight-left-out-on-the-way-back",
            "classify-ends-the-training")


def whole(bug: Bug) -> tuple[str, str]:
    """The planted source, with what its file imports in it; a name."""
    name = HELPERS.get(bug.where) or bug.where.split(".")[1]
    for shared, (file, line) in SHARED.items():
        if bug.topic not in (shared, file):
            continue
        text, base = (bug.source() if bug.topic == one else (
            ROOT / f"scratch/{one}.py").read_text(encoding="utf-8")
            for one in (file, shared))
        if bug.topic == "_optimizer":
            name = bug.proof.split("[")[-1].rstrip("]")
        elif file == "autograd":
            name = "Value"
        elif bug.topic == "_scheduler":
            name = "StepLR"
        elif name == "LinearLR":
            name, text = "WarmUp", text + WARM_UP
        return text.replace(line, base.replace(OURS, JUDGES)), name
    return bug.source(), name


def judged(bug: Bug) -> Verdict:
    """The verdict on one planted bug."""
    text, name = whole(bug)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "mine.py")
        path.write_text(text, encoding="utf-8")
        file: Any = File(parse(path), Inside(path))  # type: ignore
        return file.judge(name, file.names(name, "")[name], "")


def named(verdict: Verdict) -> list[str]:
    """All names of a verdict, equivalent ones included, or its notes."""
    found = {switch.name for chosen in verdict.names for switch in chosen}
    return sorted(found) or verdict.notes or verdict.findings[:1]


def row(bug: Bug, verdict: Verdict) -> str:
    """A row of the page."""
    names = ", ".join(f"`{one}`" if " " not in one else one.split(": ")[0]
                      for one in named(verdict))
    return f"| `{bug.name}` | {verdict.status} | {names} |".replace(
        "|  |", "| |")


def page() -> Iterator[str]:
    """The page, line by line."""
    yield HEADER
    for bug in bugs():
        yield row(bug, judged(bug))
        print(bug.name, file=sys.stderr)


if __name__ == "__main__":
    for line in page():
        print(line)
