"""How a ratio of running times is measured."""

import platform
import random
import statistics
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import torch

from scratch.front_door.device import cores


class Unavailable(Exception):
    """A benchmark cannot run on this computer."""


@dataclass
class Benchmark:
    """Cases that do the same work, and the one to compare them with."""

    about: str
    # Each does the work once, and may return the seconds that count.
    cases: Mapping[str, Callable[[], float | None]]
    # The name of the case whose time is 1.
    base: str
    # The largest ratio that we aim at, for some cases.
    aims: dict[str, float] = field(default_factory=dict)
    threads: int = 1
    rounds: int = 7
    warm_up: bool = True


def ratios(benchmark: Benchmark) -> dict[str, list[float]]:
    """Each case's time divided by the base's, round by round."""
    torch.set_num_threads(benchmark.threads)
    names = list(benchmark.cases)
    if benchmark.warm_up:
        for name in names:
            benchmark.cases[name]()
    result: dict[str, list[float]] = {name: [] for name in names}
    for _ in range(benchmark.rounds):
        random.shuffle(names)
        seconds = {}
        for name in names:
            start = time.perf_counter()
            counted = benchmark.cases[name]()
            elapsed = time.perf_counter() - start
            seconds[name] = elapsed if counted is None else counted
        for name in names:
            result[name].append(seconds[name] / seconds[benchmark.base])
    return result


def table(benchmark: Benchmark, result: dict[str, list[float]]) -> str:
    """Median, minimum and maximum of each ratio, and its aim."""
    plural = "s" if benchmark.threads > 1 else ""
    lines = [f"{benchmark.about} ({benchmark.threads} thread{plural}, "
             f"{benchmark.rounds} rounds)",
             "  median     min     max    aim"]
    for name, values in result.items():
        aim = benchmark.aims.get(name)
        lines.append(
            f"{statistics.median(values):8.3f}{min(values):8.3f}"
            f"{max(values):8.3f}"
            + (f"{aim:7.2f}" if aim else " " * 7) + f"  {name}"
            + (" = 1" if name == benchmark.base else ""))
    return "\n".join([*lines, ""])


def machine() -> str:
    """The computer: processor, cores, GPU; Python's and torch's version.
    """
    processor = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        for line in info.read_text().splitlines():
            if line.startswith("model name"):
                processor = line.split(":")[1].strip()
                break
    gpu = (f", {torch.cuda.get_device_name()}"
           if torch.cuda.is_available() else "")
    return (f"{processor}, {cores()} cores{gpu}, "
            f"Python {platform.python_version()}, "
            f"torch {torch.__version__}")


def steps(training: Iterator, count: int) -> Callable[[], None]:
    """A case that takes `count` steps of an endless training."""
    def take() -> None:
        for _ in range(count):
            next(training)

    return take
