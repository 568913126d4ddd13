"""Solutions of the exercises of docs/cnn.md."""

from tests.exercises.exercise import Exercise

SOLUTIONS = [
    Exercise(
        "cnn-pool-first", "cnn.CNN.forward", {
            "x = F.max_pool2d(F.relu(self.conv1(x)), 2)":
            "x = F.relu(F.max_pool2d(self.conv1(x), 2))",
            "x = F.max_pool2d(F.relu(self.conv2(x)), 2)":
            "x = F.relu(F.max_pool2d(self.conv2(x), 2))",
        }),
    Exercise(
        "cnn-confusion", "cnn", {
            "def evaluate(model: CNN,":
            "def confusion(model: CNN, x: Tensor, y: Tensor) -> Tensor:\n"
            '    """Counts (10, 10): of row i, read as column j."""\n'
            "    # one number for each pair, 10 i + j\n"
            "    pairs = 10 * y + classify(model, x)\n"
            "    return torch.bincount(pairs, minlength=100)"
            ".reshape(10, 10)\n"
            "\n\n"
            "def evaluate(model: CNN,",
        }),
    Exercise(
        "cnn-weight-decay", "cnn", {
            "    accelerate: bool = False\n":
            "    accelerate: bool = False\n"
            "    # p <- p - lr weight_decay p before each step\n"
            "    weight_decay: float = 0.0\n",
            "        self.optimizer = torch.optim.Adam(\n":
            "        self.optimizer = torch.optim.AdamW(\n",
            "            fused=recipe.accelerate)\n":
            "            weight_decay=recipe.weight_decay,\n"
            "            fused=recipe.accelerate)\n",
        }),
]
