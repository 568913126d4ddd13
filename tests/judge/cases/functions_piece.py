"""A piece of a file: its imports are elsewhere."""
# flake8: noqa: F821


def softmax(x):
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


class LabelSmoothingLoss(nn.Module):
    def forward(self, x: torch.Tensor, target: torch.Tensor):
        log_p = F.log_softmax(x, dim=-1)
        nll = F.nll_loss(log_p, target)
        return 0.9 * nll - 0.1 * log_p.mean()
