"""The report on the CNN: a dictionary, and its text for people."""

import math
from typing import Any

import torch
from torch import Tensor

from scratch.front_door.cnn.images import CLASSES
from torch_ref.cnn import CNN, Training, classify
from torch_ref.losses import accuracy

# The tutorial looks at so many test images, not at all of them.
FIRST = 2000


def platform(training: Training) -> dict[str, Any]:
    """What the training ran on."""
    return {"device": str(training.x.device), "bf16": training.bf16,
            "threads": torch.get_num_threads(),
            "processes": training.world}


def results(model: CNN, x: Tensor, y: Tensor) -> dict[str, Any]:
    """What the net says to the test images.

    `confusion[i][j]`: how many images of class i were taken for j.
    """
    labels = classify(model, x)
    pairs = torch.bincount(10 * y + labels, minlength=100)
    return {"accuracy": accuracy(labels, y),
            "accuracy_first": accuracy(labels[:FIRST], y[:FIRST]),
            "confusion": pairs.reshape(10, 10).tolist(),
            "truth": y[:10].tolist(), "labels": labels[:10].tolist()}


def text(known: dict[str, Any]) -> str:
    """The same for people, at most 80 columns."""
    lines = [f"epoch {entry['epoch']}: last loss {entry['loss']:.4f}, "
             f"accuracy {entry['accuracy']:.4f}"
             for entry in known["history"]]
    tests = sum(map(sum, known["confusion"]))
    right = round(known["accuracy"] * tests)
    lines.append(f"{right} of {tests} test images right: "
                 f"{known['accuracy']:.4f}")
    if tests > FIRST:
        lines[-1] += (f" (the first {FIRST}: "
                      f"{known['accuracy_first']:.4f})")
    if known["history"] and not math.isfinite(
            known["history"][-1]["loss"]):
        lines.append("the loss is lost: a smaller --lr may keep it")
    if not known["images"]:
        lines.append("no training was left to do")
    else:
        number = "bfloat16" if known["bf16"] else "float32"
        rate = known["images"] / known["seconds"]
        lines.append(
            f"trained on {known['images']} images in "
            f"{known['seconds']:.1f} s, {rate:.0f} a second")
        lines.append(
            f"({known['recipe']} recipe, {known['device']}, {number}, "
            f"processes: {known['processes']}, "
            f"threads: {known['threads']})")
    names = CLASSES[known["data"]]
    wide = max(map(len, [*names, "truth"])) + 2
    lines += ["", "the first ten:",
              "truth".ljust(wide) + "the net says"]
    lines += [names[truth].ljust(wide) + names[label]
              + ("" if truth == label else "  (wrong)")
              for truth, label in zip(known["truth"], known["labels"])]
    return "\n".join([*lines, ""])
