"""The figure: images, predictions, filters and their outputs."""

from pathlib import Path
from typing import Any

import torch
import torch.nn.functional as F
from matplotlib.figure import Figure, SubFigure
from torch import Tensor

from scratch._files import replacing
from scratch.front_door.cnn.images import CLASSES
from scratch.front_door.command_line import writing
from scratch.front_door.pictures import translate
from torch_ref.cnn import CNN
from torch_ref.tensors import to_numpy


def draw(path: Path, known: dict[str, Any], model: CNN,
         x: Tensor) -> None:
    """Write the figure to a file. x: the test images."""
    canvas: Any = Figure(figsize=(11, 7), layout="constrained")
    above, below = canvas.subfigures(2, 1, height_ratios=[1, 2.8])
    left, right = below.subfigures(1, 2, width_ratios=[1, 1.1])
    _first_ten(above, known, x)
    _confusion(left, known)
    _filters(right, model, x[0])
    translate(canvas)
    with writing(path), replacing(path) as part:
        canvas.savefig(part, dpi=110)


def _first_ten(block: SubFigure, known: dict[str, Any],
               x: Tensor) -> None:
    names = CLASSES[known["data"]]
    block.suptitle(f"{known['data']}: test accuracy "
                   f"{known['accuracy']:.2%}. The first ten images:",
                   weight="bold")
    for axes, image, truth, label in zip(
            block.subplots(1, 10), x, known["truth"], known["labels"]):
        axes.imshow(to_numpy(image[0]), cmap="gray_r", vmin=0, vmax=1)
        axes.set(xticks=[], yticks=[])
        axes.set_title(
            f"{names[truth]}\nCNN: {names[label]}", fontsize="small",
            color="black" if truth == label else "C3")


def _confusion(block: SubFigure, known: dict[str, Any]) -> None:
    names = CLASSES[known["data"]]
    counts = torch.tensor(known["confusion"])
    axes = block.subplots()
    # The diagonal would outshine everything else.
    errors = counts.clone().fill_diagonal_(0)
    axes.imshow(to_numpy(errors), cmap="Reds",
                vmax=max(1, 2 * errors.max().item()))
    for i, row in enumerate(counts.tolist()):
        for j, count in enumerate(row):
            axes.text(j, i, str(count) if count else "", ha="center",
                      va="center", fontsize="small",
                      weight="bold" if i == j else "normal")
    tilt: dict[str, Any] = {} if max(map(len, names)) < 3 else {
        "rotation": 45, "ha": "right", "rotation_mode": "anchor"}
    axes.set_xticks(range(10), names, **tilt)
    axes.set_yticks(range(10), names)
    axes.set(xlabel="predicted", ylabel="true")
    axes.set_title("confusion matrix\n(the redder, the more errors)",
                   weight="bold", fontsize="medium")


def _filters(block: SubFigure, model: CNN, image: Tensor) -> None:
    block.suptitle("16 filters (red: positive, blue: negative), and "
                   "beside each\nits output for the first image (dark: "
                   "large)",
                   weight="bold", fontsize="medium")
    with torch.inference_mode():
        seen = (image[None] - model.mean) / model.std
        answers = F.relu(model.conv1(seen))[0]
    weights = model.conv1.weight.detach()[:, 0]
    limit = weights.abs().max().item()
    panels = block.subplots(4, 8).flat
    for axes in panels:
        axes.set(xticks=[], yticks=[])
    for i, (left, right) in enumerate(zip(panels[::2], panels[1::2])):
        left.imshow(to_numpy(weights[i]), cmap="RdBu_r", vmin=-limit,
                    vmax=limit)
        right.imshow(to_numpy(answers[i]), cmap="gray_r")
