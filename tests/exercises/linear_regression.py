"""Solutions of the exercises of docs/linear_regression.md."""

from tests.exercises.exercise import Exercise

SOLUTIONS = [
    Exercise(
        "linear_regression-weight-decay", "linear_regression.train", {
            "          keep_gradients: bool = False) -> Iterator[float]:":
            "          keep_gradients: bool = False,\n"
            "          weight_decay: float = 0.0) -> Iterator[float]:",
            "        w.data.sub_(w.grad, alpha=lr)\n":
            "        # dL/dp <- dL/dp + weight_decay p\n"
            "        w.data.sub_(w.grad + weight_decay * w.data, alpha=lr)\n",
            "        b.data.sub_(b.grad, alpha=lr)\n":
            "        b.data.sub_(b.grad + weight_decay * b.data, alpha=lr)\n",
        }),
    Exercise(
        "linear_regression-without-bias",
        "linear_regression.LinearRegression", {
            '                 device: torch.device | str = "cpu"):':
            '                 device: torch.device | str = "cpu",\n'
            "                 bias: bool = True):",
            "device=device, requires_grad=True)":
            "device=device, requires_grad=True)\n"
            "        self.bias = bias",
            "return x @ self.w.T + self.b":
            "output = x @ self.w.T\n"
            "        return output + self.b if self.bias else output",
            "return [self.w, self.b]":
            "return [self.w, self.b] if self.bias else [self.w]",
        }),
    Exercise(
        "linear_regression-best-line", "linear_regression", {
            "def train(model: LinearRegression,":
            "def solve(x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:\n"
            '    """The best w (1, features) and b (1,), without a step."""\n'
            "    # X^T X p = X^T y, for X = x with a column of ones\n"
            "    rows = torch.cat([x, torch.ones_like(x[:, :1])], dim=1)\n"
            "    p = torch.linalg.solve(rows.T @ rows, rows.T @ y)\n"
            "    return p[:-1].T, p[-1]\n"
            "\n\n"
            "def train(model: LinearRegression,",
        }),
]
