"""Whole processes: how long a command takes to start and to run."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from scratch.front_door.source import ROOT
from tests.benchmark.measure import Benchmark, Unavailable
from tests.benchmark.real_data import FOLDER


def _command(*argv: str) -> Callable[[], None]:
    def run() -> None:
        subprocess.run([sys.executable, *argv], cwd=ROOT, check=True,
                       stdout=subprocess.DEVNULL)
    return run


def start_up() -> list[Benchmark]:
    """How long a user waits for a command to start."""
    lesson = ("-m", "scratch", "linear_regression", "--quiet")
    cases = {
        "import torch": _command("-c", "import torch"),
        "nothing": _command("-c", "pass"),
        "python -m scratch --help": _command("-m", "scratch", "--help"),
        "python -m scratch cnn --help": _command("-m", "scratch", "cnn",
                                                 "--help"),
        "scratch linear_regression": _command(*lesson, "--no-figure"),
        **{f"import {name}": _command("-c", f"import {name}")
           for name in ("argparse", "numpy", "torchvision", "tqdm",
                        "matplotlib.figure", "sklearn.datasets",
                        "torch._dynamo")}}
    return [Benchmark("start-up", cases, "import torch",
                      {"python -m scratch --help": 0.05,
                       "python -m scratch cnn --help": 0.05}, rounds=5)]


def processes() -> list[Benchmark]:
    """Compare the training times of an epoch of MNIST, as --json has them.

    Each process has one thread, so that one process uses one core.
    """
    if not Path(FOLDER, "MNIST").exists():
        raise Unavailable("needs MNIST in SCRATCH_DATA or ./data")
    option = ("-m", "scratch", "cnn", "--data", "mnist", "--data-dir",
              str(Path(FOLDER).absolute()), "--json", "--no-figure")

    def train(count: int, batch_size: str) -> Callable[[], float]:
        # On one core, because the front door starts a thread per core.
        start = (["taskset", "-c", "0"] if count == 1 else [])
        start += [sys.executable, "-m", "torch.distributed.run",
                  "--standalone", "--nproc-per-node", str(count)]

        def run() -> float:
            result = subprocess.run(
                [*start, *option, "--batch-size", batch_size], cwd=ROOT,
                check=True, capture_output=True, text=True,
                env={**os.environ, "OMP_NUM_THREADS": "1"})
            return json.loads(result.stdout)["seconds"]
        return run

    return [Benchmark(
        f"an epoch of the CNN, batches of {size}", {
            "1 process, 1 core": train(1, size),
            "2 processes, 2 cores": train(2, size)},
        "1 process, 1 core", threads=1, rounds=5, warm_up=False)
        for size in ("128", "512")]
