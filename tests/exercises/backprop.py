"""Solutions of the exercises of docs/backprop.md."""

from tests.exercises.exercise import Exercise

SOLUTIONS = [
    Exercise(
        "backprop-leaky-relu", "backprop", {
            "def mse_loss_gradient(":
            "def leaky_relu_gradient(output: Tensor, upstream: Tensor,\n"
            "                        negative_slope: float = 0.01,\n"
            "                        ) -> Tensor:\n"
            '    """dL/dx of leaky_relu(x), from its output; '
            'any one shape."""\n'
            "    # dL/dx = G where y > 0, else a G\n"
            "    return torch.where(output > 0, upstream,\n"
            "                       negative_slope * upstream)\n"
            "\n\n"
            "def mse_loss_gradient(",
        }),
    Exercise(
        "backprop-label-smoothing", "backprop.cross_entropy_gradient", {
            "                           ) -> tuple[Tensor, Tensor]:":
            "                           label_smoothing: float = 0.0,\n"
            "                           ) -> tuple[Tensor, Tensor]:",
            "    q[rows, target] = 1\n":
            "    q[rows, target] = 1\n"
            "    # q <- (1 - a) q + a / K, for K classes\n"
            "    a = label_smoothing\n"
            "    q = (1 - a) * q + a / log_p.shape[1]\n",
            "    # L = mean(-log p_y),  dL/dx = (p - q) / n\n":
            "    # L = -1/n sum q log p,  dL/dx = (p - q) / n\n",
            "loss = -log_p[rows, target].mean()":
            "loss = -(q * log_p).sum() / n",
        }),
    Exercise(
        "backprop-clip", "backprop.train", {
            "          stop: float = 0.0) -> Iterator[float]:":
            "          stop: float = 0.0,\n"
            "          max_norm: float | None = None) -> Iterator[float]:",
            "            for p, slope in zip(parameters, slopes):\n":
            "            if max_norm is not None:\n"
            "                # g <- g min(1, max_norm / |g|)\n"
            "                norm = sum((g * g).sum() for g in slopes)"
            ".sqrt()\n"
            "                share = (max_norm / (norm + 1e-6))"
            ".clamp(max=1)\n"
            "                slopes = [share * g for g in slopes]\n"
            "            for p, slope in zip(parameters, slopes):\n",
        }),
]
