"""One process, or several that torchrun has started."""

import contextlib
import os
import sys
from collections.abc import Callable, Iterator
from typing import Any

import torch
import torch.distributed as dist

RANK = int(os.environ.get("RANK", 0))
# among the processes on this machine
LOCAL_RANK = int(os.environ.get("LOCAL_RANK", 0))
LOCAL_WORLD = int(os.environ.get("LOCAL_WORLD_SIZE", 1))


@contextlib.contextmanager
def together(device: str) -> Iterator[str]:
    """Join the other processes, if torchrun started any.

    Yields this process's device. By NCCL on GPUs, one for each process
    of a machine, by gloo on CPUs.
    """
    if "WORLD_SIZE" not in os.environ:
        yield device
        return
    if device == "cuda":
        device = f"cuda:{LOCAL_RANK}"
        torch.cuda.set_device(device)
    dist.init_process_group("gloo" if device == "cpu" else "nccl")
    try:
        yield device
    except RuntimeError as error:
        if (isinstance(error, dist.DistBackendError)
                or "by peer" in str(error)):
            # gloo: connection closed, or reset. That one has said why.
            sys.exit("python -m scratch cnn: another process has ended")
        raise
    # Not after an error: torchrun ends the others, nobody waits.
    dist.destroy_process_group()


def from_first(decide: Callable[[], Any]) -> Any:
    """What the first process decides, for all of them."""
    box = [decide() if RANK == 0 else None]
    if dist.is_initialized():
        dist.broadcast_object_list(box)
    return box[0]


def wait() -> None:
    """Until all processes have come here."""
    if dist.is_initialized():
        dist.barrier()
