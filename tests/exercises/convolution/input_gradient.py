"""dL/dx of a convolution, by a convolution."""

from torch import Tensor

from scratch.convolution import conv2d


def conv2d_input_gradient(weight: Tensor, upstream: Tensor,
                          padding: int = 0) -> Tensor:
    """dL/dx for stride 1 and filters of k x k, padding < k.

    The filters are flipped, and their inputs and outputs swapped.
    """
    k = weight.shape[2]
    flipped = weight.flip(2, 3).permute(1, 0, 2, 3)
    # Each window that contains a pixel at the border must exist.
    return conv2d(upstream, flipped, padding=k - 1 - padding)
