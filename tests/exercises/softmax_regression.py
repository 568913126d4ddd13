"""Solutions of the exercises of docs/softmax_regression.md."""

from tests.exercises.exercise import Exercise

SOLUTIONS = [
    Exercise(
        "softmax_regression-label-smoothing", "softmax_regression.train", {
            "          ) -> Iterator[float]:":
            "          label_smoothing: float = 0.0) -> Iterator[float]:",
            "            loss = cross_entropy(model(rows), labels)\n":
            "            loss = cross_entropy(\n"
            "                model(rows), labels,\n"
            "                label_smoothing=label_smoothing)\n",
        }),
    Exercise(
        "softmax_regression-top-accuracy", "softmax_regression", {
            "def evaluate(model:":
            "def top_accuracy(model: SoftmaxRegression, x: Tensor, "
            "y: Tensor,\n"
            "                 k: int = 5) -> float:\n"
            '    """The share of labels among the k most probable."""\n'
            "    logits = model(x).detach()\n"
            "    own = logits[torch.arange(len(y)), y]\n"
            "    # right if fewer than k classes are above the label's\n"
            "    above = (logits > own[:, None]).sum(dim=1)\n"
            "    return (above < k).to(torch.float64).mean().item()\n"
            "\n\n"
            "def evaluate(model:",
        }),
    Exercise(
        "softmax_regression-cosine", "softmax_regression", {
            "from collections.abc import Iterator\n":
            "import math\n"
            "from collections.abc import Iterator\n",
            "          ) -> Iterator[float]:":
            "          cosine: bool = False) -> Iterator[float]:",
            "    w, b = model.parameters()\n":
            "    w, b = model.parameters()\n"
            "    highest = lr\n",
            "        # lr <- gamma lr\n"
            "        lr *= gamma\n":
            "        if cosine:\n"
            "            # lr = lr_0 / 2 (1 + cos(pi t / T))\n"
            "            angle = math.pi * (epoch + 1) / epochs\n"
            "            lr = highest / 2 * (1 + math.cos(angle))\n"
            "        else:\n"
            "            # lr <- gamma lr\n"
            "            lr *= gamma\n",
        }),
]
