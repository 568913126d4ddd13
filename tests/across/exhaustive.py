"""Measure the error of every function on every float32 input.

    python -m tests.across.exhaustive sigmoid
    python -m tests.across.exhaustive > docs/exhaustive.md

It takes a minute or two per function on two cores. Progress is saved in
`.exhaustive/`, so that a stopped run can be resumed.
"""

import argparse
import hashlib
import json
import signal
import sys
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict
from functools import partial
from pathlib import Path

import torch
from tqdm import tqdm

from scratch._files import replacing
from scratch.front_door.device import cores
from scratch.front_door.source import ROOT
from tests.across import ulp
from tests.across.ulp import CASES, COLUMNS, ROWS, Histogram, measure, patterns
from tests.benchmark.measure import machine

FOLDER = Path(".exhaustive")
# Progress is saved after each block; a chunk fits a core's cache.
BLOCKS, CHUNK = 256, 2 ** 16
BLOCK = 2 ** 32 // BLOCKS

Histograms = dict[tuple[str, str], Histogram]


def merge(total: Histograms, part: Histograms) -> None:
    """Add the histograms of more inputs to `total`, in place."""
    for row in ROWS:
        total[row].add(part[row])


def block(name: str, number: int) -> tuple[int, Histograms]:
    """Measure one block: one 256th of all numbers."""
    torch.set_num_threads(1)
    total = {row: Histogram() for row in ROWS}
    first = number * BLOCK
    for start in range(first, first + BLOCK, CHUNK):
        x = patterns(start, start + CHUNK, torch.float32)
        merge(total, measure(CASES[name], x))
    return number, total


def version() -> str:
    """Torch's version, and a hash of both wings and of ulp.py."""
    digest = hashlib.sha256()
    for path in [*sorted(ROOT.glob("scratch/*.py")),
                 *sorted(ROOT.glob("torch_ref/*.py")), Path(ulp.__file__)]:
        digest.update(path.read_bytes())
    return f"torch {torch.__version__}, {digest.hexdigest()[:16]}"


class Progress:
    """The measured blocks of one function, in memory and in a file."""

    def __init__(self, name: str, folder: Path):
        self.path = folder / f"{name}.json"
        self.version = version()
        self.done: list[int] = []
        self.total = {row: Histogram() for row in ROWS}
        if self.path.exists():
            saved = json.loads(self.path.read_text())
            # Start over if torch or a formula has changed.
            if saved["version"] == self.version:
                self.done = saved["done"]
                self.total = {row: Histogram(**entry) for row, entry
                              in zip(ROWS, saved["total"])}

    def missing(self) -> list[int]:
        """The blocks that are still to be measured."""
        return sorted(set(range(BLOCKS)) - set(self.done))

    def add(self, number: int, part: Histograms) -> None:
        """Add a block, and save it before the next one."""
        merge(self.total, part)
        self.done.append(number)
        entries = [asdict(self.total[row]) for row in ROWS]
        with replacing(self.path) as part_file:
            part_file.write_text(json.dumps(
                {"version": self.version, "done": self.done,
                 "total": entries}))


def run(name: str, folder: Path, workers: int) -> Histograms:
    """Measure the missing blocks of one function; return the total."""
    folder.mkdir(parents=True, exist_ok=True)
    progress = Progress(name, folder)
    missing = progress.missing()
    if missing:
        with ProcessPoolExecutor(
                workers, initializer=_ignore_sigint) as pool, tqdm(
                total=BLOCKS, initial=BLOCKS - len(missing), desc=name,
                file=sys.stderr, unit="block") as bar:
            try:
                for number, part in pool.map(partial(block, name),
                                             missing):
                    progress.add(number, part)
                    bar.update()
            except KeyboardInterrupt:
                pool.shutdown(cancel_futures=True)
                raise
    return progress.total


def _ignore_sigint() -> None:
    """Leave Ctrl-C to the main process, which ends the workers."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def table(name: str, total: Histograms) -> str:
    """The histograms of one function, in Markdown."""
    ends = [0, *COLUMNS]
    heads = [f"{low + 1:,} to {high:,}" if high > low + 1 else f"{high:,}"
             for low, high in zip(ends, ends[1:])]
    heads = ["0 ulp", *heads[1:], f"over {COLUMNS[-1]:,}", "NaN",
             "worst", "at x ="]
    lines = [f"## `{name}`: {CASES[name].formula}", "",
             "| | " + " | ".join(heads) + " |",
             "|---" + "|---:" * len(heads) + "|"]
    for (what, side), h in total.items():
        cells = [f"{n:,}" for n in (*h.counts, h.nan, h.worst)]
        lines.append(f"| {what}, {side} | " + " | ".join(cells)
                     + f" | {h.at:.9g} |")
    return "\n".join(lines)


def summary(totals: dict[str, Histograms]) -> str:
    """The tables in three sentences."""
    worst: dict[str, int] = {"by hand": 0, "by torch": 0}
    farther, lost = 0, []
    for name, total in totals.items():
        for what in "value", "gradient":
            hand, torch_ = (total[what, side].worst for side in worst)
            worst["by hand"] = max(worst["by hand"], hand)
            worst["by torch"] = max(worst["by torch"], torch_)
            farther = max(farther, hand - torch_)
            if torch_ > COLUMNS[-1]:
                lost.append(f"- `{name}`, {what}: {torch_:,}")
    lines = ["## What the tables say", "",
             f"By hand every result is within {worst['by hand']} ulp; by "
             f"torch the largest error is {worst['by torch']:,} ulp.",
             "Where torch is more accurate, the largest error by hand "
             f"exceeds torch's by at most {farther} ulp."]
    if lost:
        lines += ["In these rows torch's largest error is more than "
                  f"{COLUMNS[-1]:,} ulp:", "", *lost]
    return "\n".join(lines)


HEADER = """\
# Every float32 there is

The error of each function and of its gradient, by hand and by torch, on
every float32 except NaN: 4,278,190,082 of the 4,294,967,296 bit
patterns. The true result is the formula, evaluated in float64 and
rounded once. The error is in ulp: 1 ulp is the step from one float32 to
the next. The counts of a row add up to the number of inputs, which is
smaller for a probability, because that lies between 0 and 1. "NaN"
counts results that are NaN where the true result is a number, which
happens for infinite logits.

Measured with {machine}, by `python -m tests.across.exhaustive`."""


def main(arguments: Iterable[str] | None = None) -> None:
    """Print the tables of the named functions, or of all."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.across.exhaustive",
        description="Measure the error of every function on every "
                    "float32. The tables go to standard output, the "
                    "progress to standard error.")
    parser.add_argument("names", nargs="*", metavar="NAME",
                        help=f"one of {', '.join(CASES)} (default: all)")
    parser.add_argument("--workers", type=int, metavar="N",
                        default=cores(),
                        help="processes, at least 1 (default: one per core)")
    parser.add_argument("--folder", type=Path, default=FOLDER,
                        metavar="DIR", help="where progress is saved "
                        f"(default: {FOLDER})")
    args = parser.parse_args(None if arguments is None
                             else list(arguments))
    for name in args.names:
        if name not in CASES:
            parser.error(f"no function {name!r}, choose from "
                         + ", ".join(CASES))
    if args.workers < 1:
        parser.error(f"--workers must be at least 1, got {args.workers}")
    print(HEADER.format(machine=machine()))
    totals = {}
    for name in args.names or CASES:
        try:
            totals[name] = run(name, args.folder, args.workers)
        except KeyboardInterrupt:
            sys.exit(f"stopped in {name}; the same command resumes")
        print("\n" + table(name, totals[name]), flush=True)
    print("\n" + summary(totals))


if __name__ == "__main__":
    main()
