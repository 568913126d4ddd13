"""Solutions of the exercises of docs/data.md."""

from tests.exercises.exercise import Exercise

SOLUTIONS = [
    Exercise(
        "data-min-max", "data", {
            "def train_test_split(\n":
            "def min_max(input: Tensor, reference: Tensor) -> Tensor:\n"
            '    """To [0, 1], column by column, as the reference has it."""\n'
            "    low, _ = reference.min(dim=0)\n"
            "    high, _ = reference.max(dim=0)\n"
            "    # (x - low) / (high - low)\n"
            "    return (input - low) / torch.where(\n"
            "        high == low, 1, high - low)\n"
            "\n\n"
            "def train_test_split(\n",
        }),
    Exercise(
        "data-k-fold", "data", {
            "def batches(":
            "def k_fold(size: int, folds: int,\n"
            "           ) -> Iterator[tuple[Tensor, Tensor]]:\n"
            '    """For each fold the rows of the training and the test."""\n'
            "    rows, start = torch.arange(size), 0\n"
            "    for fold in range(folds):\n"
            "        # size = folds (size // folds) + size % folds\n"
            "        end = start + size // folds + (fold < size % folds)\n"
            "        yield (torch.cat([rows[:start], rows[end:]]),\n"
            "               rows[start:end])\n"
            "        start = end\n"
            "\n\n"
            "def batches(",
        }),
    Exercise(
        "data-weights", "data", {
            "            generator: torch.Generator | None = None,\n"
            "            ) ->":
            "            generator: torch.Generator | None = None,\n"
            "            weights: Tensor | None = None,\n"
            "            ) ->",
            "    return _deal(tensors, batch_size, shuffle, drop_last, "
            "generator)":
            "    return _deal(tensors, batch_size, shuffle, drop_last,\n"
            "                 generator, weights)",
            "def _deal(tensors, batch_size, shuffle, drop_last, generator):":
            "def _deal(tensors, batch_size, shuffle, drop_last, generator,\n"
            "          weights):",
            "    end = n - n % batch_size if drop_last else n\n":
            "    if weights is not None:\n"
            "        # row i with the chance weights[i], n times\n"
            "        order = torch.multinomial(\n"
            "            weights.double(), n, True, generator=generator)\n"
            "    end = n - n % batch_size if drop_last else n\n",
        }),
]
