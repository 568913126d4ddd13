"""Solutions of the exercises of docs/mlp.md."""

from tests.exercises.exercise import Exercise

SOLUTIONS = [
    Exercise(
        "mlp-activation", "mlp", {
            '                 device: torch.device | str = "cpu"):':
            '                 device: torch.device | str = "cpu",\n'
            "                 activation: Callable[[Tensor], Tensor] = relu"
            "):",
            "        generator = as_generator(generator)\n":
            "        self.activation = activation\n"
            "        generator = as_generator(generator)\n",
            "x = relu(x @ w.T + b)": "x = self.activation(x @ w.T + b)",
            "chain += [_linear(weight, bias), relu]":
            "chain += [_linear(weight, bias), model.activation]",
        }),
    Exercise(
        "mlp-he-start", "mlp.MLP.__init__", {
            'device: torch.device | str = "cpu"):':
            'device: torch.device | str = "cpu",\n'
            "                 he: bool = False):",
            "            bound = 1 / m ** 0.5\n"
            "            weight, bias = torch.empty(n, m), torch.empty(n)\n"
            "            for p in weight, bias:\n":
            "            # U(-a, a) has variance a^2 / 3; relu halves the\n"
            "            # mean square, so that 2 / m keeps it\n"
            "            bound = (6 / m) ** 0.5 if he else 1 / m ** 0.5\n"
            "            weight, bias = torch.empty(n, m), torch.zeros(n)\n"
            "            for p in [weight] if he else [weight, bias]:\n",
        }),
    Exercise(
        "mlp-clipped", "mlp.train", {
            "          generator: torch.Generator | None = None) "
            "-> Iterator[float]:":
            "          generator: torch.Generator | None = None,\n"
            "          max_norm: float | None = None) -> Iterator[float]:",
            "            loss.backward()\n":
            "            loss.backward()\n"
            "            factor = 1.0\n"
            "            if max_norm is not None:\n"
            "                # |g|^2 = sum of all squares\n"
            "                square = sum((p.grad * p.grad).sum().item()\n"
            "                             for p in model.parameters())\n"
            "                factor = min(\n"
            "                    1.0, max_norm / (square ** 0.5 + 1e-6))\n",
            "                # p <- p - lr dL/dp\n"
            "                p.data.sub_(p.grad, alpha=lr)\n":
            "                # p <- p - lr factor dL/dp\n"
            "                p.data.sub_(p.grad, alpha=lr * factor)\n",
        }),
]
