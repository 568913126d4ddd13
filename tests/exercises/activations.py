"""Solutions of the exercises of docs/activations.md."""

from tests.exercises.exercise import Exercise

SOLUTIONS = [
    Exercise(
        "activations-leaky-relu", "activations", {
            "def sigmoid(input: Tensor) -> Tensor:":
            "def leaky_relu(input: Tensor,\n"
            "               negative_slope: float = 0.01) -> Tensor:\n"
            '    """x for x > 0, else negative_slope x."""\n'
            "    # NaN is not > 0, and times a number it stays.\n"
            "    return torch.where(input > 0, input,\n"
            "                       negative_slope * input)\n"
            "\n\n"
            "def sigmoid(input: Tensor) -> Tensor:",
        }),
    Exercise(
        "activations-elu", "activations", {
            "def sigmoid(input: Tensor) -> Tensor:":
            "def elu(input: Tensor, alpha: float = 1.0) -> Tensor:\n"
            '    """x for x > 0, else alpha (exp(x) - 1)."""\n'
            "    positive = input > 0\n"
            "    # Both branches are computed: no exp(89) in this one.\n"
            "    x = torch.where(positive, 0, input)\n"
            "    # alpha (exp(x) - 1); the difference keeps no digits near 0\n"
            "    return torch.where(positive, input, alpha * torch.expm1(x))\n"
            "\n\n"
            "def sigmoid(input: Tensor) -> Tensor:",
        }),
    Exercise(
        "activations-logsumexp", "activations", {
            "def log_softmax(input: Tensor, dim: int) -> Tensor:":
            "def logsumexp(input: Tensor, dim: int) -> Tensor:\n"
            '    """log(sum_j exp(x_j)) along `dim`."""\n'
            "    # As in softmax: the largest exp is exp(0).\n"
            "    m = input.detach().max(dim, keepdim=True).values\n"
            "    # m + log(sum_j exp(x_j - m))\n"
            "    total = torch.exp(input - m).sum(dim)\n"
            "    return m.reshape(total.shape) + torch.log(total)\n"
            "\n\n"
            "def log_softmax(input: Tensor, dim: int) -> Tensor:",
        }),
]
