"""What each process of test_processes.py runs.

Train the CNN in float64; each process writes the loss and the parameters
of each step into FOLDER.
"""

import dataclasses
import sys
from pathlib import Path

import torch
import torch.distributed as dist
from torch import Tensor

from scratch.front_door.cnn.images import read
from scratch.front_door.cnn.processes import RANK, together
from torch_ref.cnn import CNN, RECIPES, Training

ROWS, BATCH, EPOCHS = 22, 7, 2


def trajectory(recipe: str) -> list[tuple[float, Tensor]]:
    """The loss of each step, and all parameters as one vector after it.

    There are 22 rows in batches of 7: the last batch has one row, so
    the second process has none.
    """
    x, _, y, _ = read("digits", Path(), 0)
    training = Training(
        CNN(0.2, 0.4, 1).double(), x[:ROWS].double(), y[:ROWS],
        dataclasses.replace(RECIPES[recipe], batch_size=BATCH), EPOCHS)
    return [(loss.item(), torch.cat([p.detach().reshape(-1) for p in
                                     training.model.parameters()]))
            for loss in training]


def main(folder: str) -> None:
    """Train as one of two processes, and save the trajectories."""
    with together("cpu"):
        assert dist.get_world_size() == 2
        for recipe in RECIPES:
            torch.save(trajectory(recipe),
                       Path(folder, f"{recipe}.{RANK}"))


if __name__ == "__main__":
    main(sys.argv[1])
