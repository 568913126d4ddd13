"""Solutions of the exercises of docs/losses.md."""

from tests.exercises.exercise import Exercise

SOLUTIONS = [
    Exercise(
        "losses-huber", "losses", {
            "def binary_cross_entropy(input: Tensor, target: Tensor,":
            "def huber_loss(input: Tensor, target: Tensor,\n"
            '               reduction: str = "mean",\n'
            "               delta: float = 1.0) -> Tensor:\n"
            '    """e^2 / 2 up to |e| = delta, a line beyond; e = x - y."""\n'
            "    check_same_shape(input, target)\n"
            "    error = input - target\n"
            "    size = error.abs()\n"
            "    # e^2 / 2, or delta (|e| - delta / 2)\n"
            "    loss = torch.where(size <= delta, 0.5 * error * error,\n"
            "                       delta * (size - 0.5 * delta))\n"
            "    return _reduce(loss, reduction)\n"
            "\n\n"
            "def binary_cross_entropy(input: Tensor, target: Tensor,",
        }),
    Exercise(
        "losses-pos-weight", "losses.binary_cross_entropy_with_logits", {
            'reduction: str = "mean") -> Tensor:':
            'reduction: str = "mean",\n'
            "                                     pos_weight: float = 1.0\n"
            "                                     ) -> Tensor:",
            "    # max(x, 0) - x y in one, for the two cancel at y = 1\n"
            "    linear = x * (1 - n - y)\n":
            "    w = pos_weight\n"
            "    # (1 - y) max(x, 0) + w y max(-x, 0)\n"
            "    linear = x * ((1 - n) * (1 - y) - w * n * y)\n",
            "    return _reduce(linear + torch.log1p(z), reduction)":
            "    # (1 - y + w y) log(1 + exp(-|x|))\n"
            "    tail = (1 - y + w * y) * torch.log1p(z)\n"
            "    return _reduce(linear + tail, reduction)",
        }),
    Exercise(
        "losses-class-weights", "losses.nll_loss", {
            'reduction: str = "mean") -> Tensor:':
            'reduction: str = "mean",\n'
            "             weight: Tensor | None = None) -> Tensor:",
            "    # -log p_y\n"
            "    return _reduce(-_pick(input, target), reduction)":
            "    # -log p_y\n"
            "    loss = -_pick(input, target)\n"
            "    if weight is None:\n"
            "        return _reduce(loss, reduction)\n"
            "    w = weight[target]\n"
            '    if reduction == "mean":\n'
            "        check_not_empty(loss)\n"
            "        # sum_i w_y (-log p_y) / sum_i w_y\n"
            "        return (w * loss).sum() / w.sum()\n"
            "    return _reduce(w * loss, reduction)",
        }),
]
