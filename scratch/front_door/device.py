"""Which device, how many threads, and how long it took."""

import argparse
import contextlib
import os
import time
from collections.abc import Iterator

import torch


def use_one_thread() -> None:
    """Use one thread, for the lessons.

    A small tensor gains nothing from a second thread, and waits for it
    whenever another program runs.
    """
    torch.set_num_threads(1)


def cores() -> int:
    """How many processor cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def use_all_cores(processes: int = 1) -> None:
    """Use all cores, divided among the local processes: for the CNN."""
    torch.set_num_threads(max(1, cores() // processes))


def find_device(name: str, dtype: str,
                parser: argparse.ArgumentParser,
                processes: int = 1) -> str:
    """The device that `--device` asks for, or a usage error."""
    there = {"cpu": True, "cuda": torch.cuda.is_available(),
             "mps": torch.backends.mps.is_available()}
    if name == "auto":
        # A Mac has one GPU only, and that has no float64.
        mac = dtype == "float32" and processes == 1
        fits = ["cuda"] + ["mps"] * mac
        name = next((d for d in fits if there[d]), "cpu")
    if not there[name]:
        parser.error("--device must be one of "
                     + ", ".join(d for d in there if there[d])
                     + f" on this computer, got {name}")
    if name == "mps" and dtype == "float64":
        parser.error("--device: mps has no float64, add "
                     "--dtype float32")
    gpus = torch.cuda.device_count()
    if name == "cuda" and processes > gpus:
        parser.error("--device cuda needs a GPU for each process, got "
                     f"{processes} processes and {gpus} GPUs")
    return name


def good_at_bf16(device: str) -> bool:
    """Whether the device computes in bfloat16 without emulation."""
    if device.startswith("cuda"):
        return torch.cuda.is_bf16_supported(including_emulation=False)
    return device == "cpu" and (
        torch.cpu._is_avx512_bf16_supported()
        or torch.cpu._is_amx_tile_supported())


class Clock:
    """Seconds of training, without evaluation."""

    def __init__(self, device: str):
        self.device, self.seconds = device, 0.0
        self.start = self._now()

    @contextlib.contextmanager
    def stopped(self) -> Iterator[None]:
        """Do not count what happens inside."""
        self.seconds += self._now() - self.start
        yield
        self.start = self._now()

    def _now(self) -> float:
        if self.device.startswith("cuda"):
            # Work is queued on a GPU: wait until it is done.
            torch.cuda.synchronize(self.device)
        return time.perf_counter()
