"""Solutions of the exercises of docs/logistic_regression.md."""

from tests.exercises.exercise import Exercise

SOLUTIONS = [
    Exercise(
        "logistic_regression-nesterov", "logistic_regression.train", {
            "epochs: int = 1000)": "epochs: int = 1000, "
            "nesterov: bool = False,\n          )",
            "            # p <- p - lr v\n"
            "            p.data.sub_(v, alpha=lr)\n":
            "            # p <- p - lr v, or p - lr (dL/dp + momentum v)\n"
            "            ahead = p.grad + momentum * v if nesterov else v\n"
            "            p.data.sub_(ahead, alpha=lr)\n",
        }),
    Exercise(
        "logistic_regression-row-weights", "logistic_regression.train", {
            "loss_function: Callable[[Tensor, Tensor], Tensor],":
            "loss_function: Callable[..., Tensor],",
            "epochs: int = 1000)": "epochs: int = 1000, "
            "weight: Tensor | None = None,\n          )",
            "        loss = loss_function(model(x), y)\n":
            "        if weight is None:\n"
            "            loss = loss_function(model(x), y)\n"
            "        else:\n"
            "            # L = 1/n sum_i weight_i L_i\n"
            '            rows = loss_function(model(x), y, "none")\n'
            "            loss = (weight * rows).mean()\n",
        }),
    Exercise(
        "logistic_regression-newton", "logistic_regression", {
            "from scratch.activations import sigmoid\n":
            "from scratch.activations import sigmoid\n"
            "from scratch.losses import binary_cross_entropy\n",
            "def classify(model:":
            "def newton(model: LogisticRegression, x: Tensor, y: Tensor,\n"
            "           steps: int = 10) -> Iterator[float]:\n"
            '    """Newton\'s method; yields each step\'s loss."""\n'
            "    # X = x with a column of ones\n"
            "    rows = torch.cat([x, torch.ones_like(x[:, :1])], dim=1)\n"
            "    for step in range(steps):\n"
            "        s = model(x).detach()\n"
            "        # g = X^T (s - y) / n,  H = X^T S X / n\n"
            "        g = rows.T @ (s - y) / len(x)\n"
            "        h = rows.T @ (s * (1 - s) * rows) / len(x)\n"
            "        # p <- p - H^-1 g\n"
            "        change = torch.linalg.solve(h, g)[:, 0]\n"
            "        model.w.data.sub_(change[None, :-1])\n"
            "        model.b.data.sub_(change[-1:])\n"
            "        yield binary_cross_entropy(s, y).item()\n"
            "\n\n"
            "def classify(model:",
        }),
]
