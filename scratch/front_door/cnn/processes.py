"""One process, or several started by torchrun."""

import contextlib
import os
import sys
from collections.abc import Callable, Iterator
from typing import Any

import torch
import torch.distributed as dist

from scratch.front_door.command_line import CRASHED

RANK = int(os.environ.get("RANK", 0))
# among the processes on this computer
LOCAL_RANK = int(os.environ.get("LOCAL_RANK", 0))
LOCAL_WORLD = int(os.environ.get("LOCAL_WORLD_SIZE", 1))


@contextlib.contextmanager
def together(device: str) -> Iterator[str]:
    """Join the other processes, if torchrun started any.

    Yields the device of this process. The processes of a computer use
    one GPU each, through NCCL, or its CPU, through gloo.
    """
    if "WORLD_SIZE" not in os.environ:
        yield device
        return
    if device == "cuda":
        device = f"cuda:{LOCAL_RANK}"
        torch.cuda.set_device(device)
    try:
        dist.init_process_group("gloo" if device == "cpu" else "nccl")
        yield device
    except RuntimeError as error:
        if (isinstance(error, dist.DistBackendError)
                or "by peer" in str(error)):
            # gloo: connection closed or reset. The other said why.
            print("python -m scratch cnn: another process has ended",
                  file=sys.stderr)
            sys.exit(CRASHED)
        raise
    # Not after an error: then torchrun ends the other processes.
    dist.destroy_process_group()


def from_first(decide: Callable[[], Any]) -> Any:
    """The decision of the first process, for all processes."""
    box = [decide() if RANK == 0 else None]
    if dist.is_initialized():
        dist.broadcast_object_list(box)
    return box[0]


def wait() -> None:
    """Wait until all processes arrive here."""
    if dist.is_initialized():
        dist.barrier()
