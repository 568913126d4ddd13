"""Solutions of the exercises of docs/tensors.md."""

from tests.exercises.exercise import Exercise

SOLUTIONS = [
    Exercise(
        "tensors-lerp-by-entry", "tensors.lerp", {
            "def lerp(input: Tensor, end: Tensor, weight: float) -> Tensor:":
            "def lerp(input: Tensor, end: Tensor,\n"
            "         weight: float | Tensor) -> Tensor:",
            "input (x), end: any one shape.":
            "input (x), end: any one shape; weight: a number, or that\n"
            "    shape.",
            "    # From the nearer end, as torch does: w = 1 gives":
            "    if isinstance(weight, Tensor):\n"
            "        # x + w (end - x), or end - (1 - w) (end - x)\n"
            "        d = end - input\n"
            "        return torch.where(weight < 0.5, input + weight * d,\n"
            "                           end - d * (1 - weight))\n"
            "    # From the nearer end, as torch does: w = 1 gives",
        }),
    Exercise(
        "tensors-fourth-order", "tensors.numerical_gradient", {
            "input: Tensor, eps: float = 1e-6) -> Tensor:":
            "input: Tensor, eps: float = 1e-6,\n"
            "                       order: int = 2) -> Tensor:",
            "        result.view(-1)[i] = slope\n":
            "        if order == 4:\n"
            "            # (4 slope(eps) - slope(2 eps)) / 3\n"
            "            ahead = function(x + 2 * step)\n"
            "            behind = function(x - 2 * step)\n"
            "            wide = (ahead - behind) / (4 * eps)\n"
            "            slope = (4 * slope - wide) / 3\n"
            "        result.view(-1)[i] = slope\n",
        }),
    Exercise(
        "tensors-hessian", "tensors", {
            "def numerical_gradient(":
            "def hessian(function: Callable[[Tensor], Tensor],\n"
            "            input: Tensor, eps: float = 1e-6) -> Tensor:\n"
            '    """d2f / dx_i dx_j at x = input (n,), as (n, n)."""\n'
            "    x = input.detach()\n"
            "    result = torch.zeros(len(x), len(x), dtype=x.dtype,\n"
            "                         device=x.device)\n"
            "    for i in range(len(x)):\n"
            "        # e_i: one at entry i, zero elsewhere\n"
            "        step = torch.zeros_like(x)\n"
            "        step[i] = eps\n"
            "        # (g(x + eps e_i) - g(x - eps e_i)) / (2 eps)\n"
            "        ahead = gradient(function, x + step)\n"
            "        behind = gradient(function, x - step)\n"
            "        result[i] = (ahead - behind) / (2 * eps)\n"
            "    return result\n"
            "\n\n"
            "def numerical_gradient(",
        }),
]
