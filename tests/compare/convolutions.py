"""Layers with filters, and pools, of any shape and layout in memory."""

from dataclasses import dataclass

import torch
from hypothesis import strategies as st
from torch import Tensor

import torch_ref.convolution as by_torch
from tests.compare.closeness import close
from tests.compare.draw import (FINITE, ORDINARY, WHOLE, Table, dtypes,
                                tensors)

LAYOUTS = {
    "contiguous": lambda x: x.clone(),
    "channels last": lambda x: x.to(memory_format=torch.channels_last),
    "transposed": lambda x: x.mT.clone().mT,
    "strided": lambda x: torch.stack([x, x], dim=-1)[..., 0]}
layouts = st.sampled_from(sorted(LAYOUTS))
# Most windows have several largest entries, or zeros of both signs.
TIES = Table((0.0, 1.0, -0.0, -1.0) * 64, lambda draw, n: draw.random(n))


@dataclass
class Layer:
    """Images, filters, a bias, and G, the gradient of the output."""

    x: Tensor
    w: Tensor
    b: Tensor
    g: Tensor
    stride: int
    padding: int
    biased: bool = True

    def run(self, function):
        """z = function(x, w, b, ...), and autograd's dx, dw, db."""
        x, w, b = (t.clone().requires_grad_()
                   for t in (self.x, self.w, self.b))
        z = function(x, w, b if self.biased else None, self.stride,
                     self.padding)
        assert z.shape == self.g.shape, (z.shape, self.g.shape)
        z.backward(self.g)
        return [z.detach(), *(t.grad for t in (x, w, b)[:2 + self.biased])]

    def gradients(self, side):
        """dx, dw, db as written out."""
        return side.conv2d_gradients(self.x, self.w, self.g, self.stride,
                                     self.padding)

    def compare(self, *found):
        """Check z, dx, dw, db against torch's.

        A sum of k products is accurate to k half eps on either side, of
        the sum of their absolute values. z adds the bias to c kh kw of
        them. A pixel lies in at most kh kw windows of each filter. A
        weight meets a pixel for each output of its filter.
        """
        right = self.run(by_torch.conv2d)
        size = Layer(self.x.abs(), self.w.abs(), self.b.abs(), self.g.abs(),
                     self.stride, self.padding, self.biased)
        counts = [self.w[0].numel() + 1, self.w[:, 0].numel(),
                  self.g[:, 0].numel(), self.g[:, 0].numel()]
        for some in found:
            for a, *rest in zip(some, right, counts,
                                size.run(by_torch.conv2d)):
                close(a, *rest)


@st.composite
def layers(draw, dtype=dtypes(), table=ORDINARY, most=6, least=0):
    """Up to 2 images of 3 channels and 6 rows, up to 3 filters."""
    n, c, o = (draw(st.integers(low, high)) for low, high in (
        (least, 2), (1, 3), (1, 3)))
    kernel = [draw(st.integers(1, 3)) for _ in range(2)]
    stride, padding = draw(st.integers(1, 4)), draw(st.integers(0, 2))
    pixels = [draw(st.integers(max(1, k - 2 * padding), most))
              for k in kernel]
    places = [(p + 2 * padding - k) // stride + 1
              for p, k in zip(pixels, kernel)]
    dtype = draw(dtype)
    x, w, g = (LAYOUTS[draw(layouts)](draw(tensors(shape, dtype, table)))
               for shape in ((n, c, *pixels), (o, c, *kernel),
                             (n, o, *places)))
    return Layer(x, w, draw(tensors((o,), dtype, table)), g, stride,
                 padding, draw(st.booleans()))


@dataclass
class Pool:
    """Images, G, and the windows."""

    x: Tensor
    g: Tensor
    options: dict[str, int]


@st.composite
def pools(draw, dtype=dtypes(), table=WHOLE):
    """Up to 2 images of 2 channels and 6 rows, windows up to 4."""
    n, c = draw(st.integers(0, 2)), draw(st.integers(1, 2))
    k = draw(st.integers(1, 4))
    options = {"kernel_size": k, "padding": draw(st.integers(0, k // 2))}
    stride = k
    if draw(st.booleans()):
        stride = options["stride"] = draw(st.integers(1, 5))
    pixels = [draw(st.integers(max(1, k - 2 * options["padding"]), 6))
              for _ in range(2)]
    places = [(p + 2 * options["padding"] - k) // stride + 1 for p in pixels]
    dtype = draw(dtype)
    return Pool(LAYOUTS[draw(layouts)](draw(tensors(
        (n, c, *pixels), dtype, table))), draw(tensors(
            (n, c, *places), dtype, FINITE)), options)
