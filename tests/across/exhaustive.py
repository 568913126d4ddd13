"""All 4,294,967,296 numbers of float32 through every function.

    python -m tests.across.exhaustive sigmoid
    python -m tests.across.exhaustive > docs/exhaustive.md

A minute or two for each function on two cores. What is done is kept in
`.exhaustive/`, so that a run that was stopped goes on.
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

import scratch.activations
import scratch.losses
import torch_ref.activations
import torch_ref.losses
from scratch._files import replacing
from scratch.front_door.device import cores
from tests.across import ulp
from tests.across.ulp import CASES, COLUMNS, ROWS, Histogram, judge, patterns
from tests.benchmark.measure import machine

FOLDER = Path(".exhaustive")
# A block is what is kept at once; a chunk fits a core's cache.
BLOCKS, CHUNK = 256, 2 ** 16
BLOCK = 2 ** 32 // BLOCKS

Histograms = dict[tuple[str, str], Histogram]


def merge(total: Histograms, part: Histograms) -> None:
    """Add the histograms of some inputs to those of others."""
    for row in ROWS:
        total[row].add(part[row])


def block(name: str, number: int) -> tuple[int, Histograms]:
    """Judge one 256th of all numbers."""
    torch.set_num_threads(1)
    total = {row: Histogram() for row in ROWS}
    first = number * BLOCK
    for start in range(first, first + BLOCK, CHUNK):
        x = patterns(start, start + CHUNK, torch.float32)
        merge(total, judge(CASES[name], x))
    return number, total


def version() -> str:
    """Torch's version, and a fingerprint of what is being judged."""
    digest = hashlib.sha256()
    for module in (scratch.activations, scratch.losses, ulp,
                   torch_ref.activations, torch_ref.losses):
        digest.update(Path(module.__file__).read_bytes())
    return f"torch {torch.__version__}, {digest.hexdigest()[:16]}"


class Progress:
    """What is known of one function, in memory and in a file."""

    def __init__(self, name: str, folder: Path):
        self.path = folder / f"{name}.json"
        self.version = version()
        self.done: list[int] = []
        self.total = {row: Histogram() for row in ROWS}
        if self.path.exists():
            saved = json.loads(self.path.read_text())
            # Of another torch or another formula: begin again.
            if saved["version"] == self.version:
                self.done = saved["done"]
                self.total = {row: Histogram(**entry) for row, entry
                              in zip(ROWS, saved["total"])}

    def missing(self) -> list[int]:
        """The blocks that are still to do."""
        return sorted(set(range(BLOCKS)) - set(self.done))

    def add(self, number: int, part: Histograms) -> None:
        """Take in a block, on the disk before the next one."""
        merge(self.total, part)
        self.done.append(number)
        entries = [asdict(self.total[row]) for row in ROWS]
        with replacing(self.path) as part_file:
            part_file.write_text(json.dumps(
                {"version": self.version, "done": self.done,
                 "total": entries}))


def run(name: str, folder: Path, workers: int) -> Histograms:
    """Judge what is missing of one function; return all of it."""
    folder.mkdir(parents=True, exist_ok=True)
    progress = Progress(name, folder)
    missing = progress.missing()
    if missing:
        with ProcessPoolExecutor(workers, initializer=_deaf) as pool, tqdm(
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


def _deaf() -> None:
    """Ctrl-C is for the first process: it ends the others."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def table(name: str, total: Histograms) -> str:
    """The histograms of one function, in Markdown."""
    ends = [0, *COLUMNS]
    heads = [f"{low + 1:,} to {high:,}" if high > low + 1 else f"{high:,}"
             for low, high in zip(ends, ends[1:])]
    heads = ["off by 0", *heads[1:], f"over {COLUMNS[-1]:,}", "NaN",
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
    """What the tables say, in three sentences."""
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
             f"By hand no result is off by more than {worst['by hand']}, "
             f"by torch by up to {worst['by torch']:,}.",
             "Where torch is the nearer, the worst by hand is at most "
             f"{farther} farther off."]
    if lost:
        lines += [f"Torch is off by more than {COLUMNS[-1]:,} in these "
                  "rows:", "", *lost]
    return "\n".join(lines)


HEADER = """\
# Every float32 there is

The result, and the gradient, of each function on all 4,294,967,296 bit
patterns of float32, NaN left out, by hand and by torch. The truth is
the formula in float64, rounded once; "off by" counts the numbers of
float32 from there to the result. A row adds up to the inputs that the
function has: a probability lies between 0 and 1. "NaN" counts results
that are NaN where the truth is a number: infinite logits.

Measured with {machine}, by `python -m tests.across.exhaustive`."""


def main(arguments: Iterable[str] | None = None) -> None:
    """Print the tables of the functions that are named, or of all."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.across.exhaustive",
        description="Every float32 through every function. The tables go "
                    "to the output, the progress to the terminal.")
    parser.add_argument("names", nargs="*", metavar="NAME",
                        help=f"of {', '.join(CASES)}; default: all")
    parser.add_argument("--workers", type=int, metavar="N",
                        default=cores(),
                        help="processes, 1 on (default: one a core)")
    parser.add_argument("--folder", type=Path, default=FOLDER,
                        metavar="DIR", help="where progress is kept "
                        f"(default: {FOLDER})")
    args = parser.parse_args(None if arguments is None
                             else list(arguments))
    for name in args.names:
        if name not in CASES:
            parser.error(f"no function {name!r}, choose from "
                         + ", ".join(CASES))
    if args.workers < 1:
        parser.error(f"--workers: wanted 1 on, given {args.workers}")
    print(HEADER.format(machine=machine()))
    totals = {}
    for name in args.names or CASES:
        try:
            totals[name] = run(name, args.folder, args.workers)
        except KeyboardInterrupt:
            sys.exit(f"stopped in {name}; the same command goes on")
        print("\n" + table(name, totals[name]), flush=True)
    print("\n" + summary(totals))


if __name__ == "__main__":
    main()
