"""Statistics of neighbouring channels, for each image alone."""

from torch import Tensor

from scratch.normalization import _affine, _shaped, layer_norm


def group_norm(input: Tensor, num_groups: int,
               weight: Tensor | None = None, bias: Tensor | None = None,
               eps: float = 1e-5) -> Tensor:
    """weight z + bias, where each group has its own mean and var."""
    n, _c, h, w = input.shape
    # A group is a row: (n, groups, channels of one, h, w)
    x = input.reshape(n, num_groups, -1, h, w)
    z = layer_norm(x, list(x.shape[2:]), eps=eps).reshape(input.shape)
    return _affine(z, _shaped(weight, input), _shaped(bias, input))
