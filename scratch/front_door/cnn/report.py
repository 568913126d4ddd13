"""The report on the CNN: a dictionary, and the same as text."""

import math
from typing import Any

import torch
from torch import Tensor

from scratch.front_door.cnn.images import CLASSES
from torch_ref.cnn import CNN, Training, classify
from torch_ref.losses import accuracy

# The tutorial evaluates this many test images, not all of them.
FIRST = 2000


def platform(training: Training) -> dict[str, Any]:
    """What the training runs on."""
    return {"device": str(training.x.device), "bf16": training.bf16,
            "threads": torch.get_num_threads(),
            "processes": training.world}


def results(model: CNN, x: Tensor, y: Tensor) -> dict[str, Any]:
    """How the net classifies the test images.

    `confusion[i][j]` counts the images of class i classified as j.
    """
    labels = classify(model, x)
    pairs = torch.bincount(10 * y + labels, minlength=100)
    return {"accuracy": accuracy(labels, y),
            "accuracy_first": accuracy(labels[:FIRST], y[:FIRST]),
            "confusion": pairs.reshape(10, 10).tolist(),
            "truth": y[:10].tolist(), "labels": labels[:10].tolist()}


def verdict(known: dict[str, Any]) -> str:
    """How far apart the two sides were, and whether they agree."""
    return (f"{'All agree' if known['agree'] else 'DISAGREE'}: the "
            f"largest gap, {known['gap']:.1e}, is that of step "
            f"{known['gap_step']}; the bound is {known['bound']:.0e}")


def text(known: dict[str, Any]) -> str:
    """The same as text, at most 80 columns."""
    lines = [f"epoch {entry['epoch']}: last loss {entry['loss']:.4f}, "
             f"test accuracy {entry['accuracy']:.4f}"
             for entry in known["history"]]
    tests = sum(map(sum, known["confusion"]))
    right = round(known["accuracy"] * tests)
    lines.append(f"test accuracy {known['accuracy']:.4f}: "
                 f"{right} of {tests} images correct")
    if tests > FIRST:
        lines[-1] += (f" (the first {FIRST}: "
                      f"{known['accuracy_first']:.4f})")
    if known["history"] and not math.isfinite(
            known["history"][-1]["loss"]):
        lines.append("the training diverged: try a smaller --lr")
    if not known["images"]:
        lines.append("no training in this run")
    else:
        number = ("bfloat16" if known["bf16"]
                  else known.get("dtype", "float32"))
        rate = known["images"] / known["seconds"]
        lines.append(
            f"trained on {known['images']} images in "
            f"{known['seconds']:.1f} s, {rate:.0f} a second")
        lines.append(
            f"({known['recipe']} recipe, {known['device']}, {number}, "
            f"processes: {known['processes']}, "
            f"threads: {known['threads']})")
    if "gap" in known:
        lines += ["by torch: last loss "
                  f"{known['torch']['history'][-1]['loss']:.4f}, in "
                  f"{known['torch']['seconds']:.1f} s", verdict(known)]
    names = CLASSES[known["data"]]
    wide = max(map(len, [*names, "true"])) + 2
    lines += ["", "the first ten:",
              "true".ljust(wide) + "predicted"]
    lines += [names[truth].ljust(wide) + names[label]
              + ("" if truth == label else "  (wrong)")
              for truth, label in zip(known["truth"], known["labels"])]
    return "\n".join([*lines, ""])
