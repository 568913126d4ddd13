"""Solutions of the exercises of docs/optim.md."""

from tests.exercises.exercise import Exercise

SOLUTIONS = [
    Exercise(
        "optim-maximize", "optim.SGD", {
            "weight_decay: float = 0, nesterov: bool = False):":
            "weight_decay: float = 0, nesterov: bool = False,\n"
            "                 maximize: bool = False):",
            "                         nesterov=nesterov)":
            "                         nesterov=nesterov, maximize=maximize)",
            "               weight_decay, nesterov):\n":
            "               weight_decay, nesterov, maximize):\n"
            "        # uphill: g <- -g\n"
            "        g = -g if maximize else g\n",
        }),
    Exercise(
        "optim-clip-grad-norm", "optim", {
            "class SGD(Optimizer):":
            "def clip_grad_norm(params: Iterable[Tensor],\n"
            "                   max_norm: float) -> Tensor:\n"
            '    """Shorten all gradients as one vector; its old length."""\n'
            "    grads = [p.grad for p in params if p.grad is not None]\n"
            "    # n = sqrt(sum g^2), over all entries of all gradients\n"
            "    norm = torch.stack([(g * g).sum() for g in grads])\n"
            "    norm = norm.sum().sqrt()\n"
            "    # g <- g min(1, max_norm / (n + 1e-6))\n"
            "    scale = (max_norm / (norm + 1e-6)).clamp(max=1)\n"
            "    for g in grads:\n"
            "        g.mul_(scale)\n"
            "    return norm\n"
            "\n\n"
            "class SGD(Optimizer):",
        }),
    Exercise(
        "optim-adadelta", "optim", {
            "class Adam(Optimizer):":
            "class Adadelta(Optimizer):\n"
            '    """Adadelta (Zeiler, 2012): the last steps set the rate."""\n'
            "\n"
            "    def __init__(self, params: Iterable[Tensor],\n"
            "                 lr: float = 1.0, rho: float = 0.9,\n"
            "                 eps: float = 1e-6):\n"
            "        super().__init__(params, lr=lr, rho=rho, eps=eps)\n"
            "\n"
            "    def update(self, p, g, state, lr, rho, eps):\n"
            "        # s <- rho s + (1 - rho) g^2\n"
            '        s = state.get("square_avg", 0)\n'
            "        s = rho * s + (1 - rho) * g * g\n"
            "        # d = sqrt(u + eps) g / sqrt(s + eps)\n"
            '        u = state.get("acc_delta", torch.zeros_like(p))\n'
            "        d = (u + eps).sqrt() / (s + eps).sqrt() * g\n"
            "        # u <- rho u + (1 - rho) d^2\n"
            "        u = rho * u + (1 - rho) * d * d\n"
            '        state["square_avg"], state["acc_delta"] = s, u\n'
            "        # p <- p - lr d\n"
            "        p.sub_(d, alpha=lr)\n"
            "\n\n"
            "class Adam(Optimizer):",
        }),
]
