"""What is normalised, and the magnitudes that enter its results.

z = (x - mean) / std subtracts two numbers of the size of X, the largest
|x| of its channel or row, and divides: an error of eps X / std. In a
constant channel nothing else is left, and 1 / std is 316 for eps = 1e-5.
"""

from dataclasses import dataclass

import torch
from hypothesis import strategies as st

from tests.compare.draw import MODERATE, ORDINARY, dtypes, tensors

# What torch calls the numbers of a channel, or of the places of a row.
NAMES = ("running_mean", "running_var", "weight", "bias")


@dataclass
class Problem:
    """An input, the gradient of its output, and numbers per channel."""

    input: torch.Tensor
    upstream: torch.Tensor
    numbers: dict[str, torch.Tensor]
    # what a mean is taken over
    axes: list[int]
    eps: float

    @property
    def shape(self):
        """The shape of the weight; for layer_norm that of a row."""
        return list(self.numbers["weight"].shape)

    def options(self, names):
        """The numbers of these names, each with a gradient."""
        return {name: self.numbers[name].clone().requires_grad_()
                for name in names}

    def wide(self, name):
        """The numbers in float64; those of an image's channels (c,1,1)."""
        values = self.numbers[name].double()
        image = self.axes[0] == 0 and self.input.dim() > 2
        return values.reshape(-1, 1, 1) if image else values

    def mean(self, values):
        """Over a channel or a row, in float64."""
        return values.double().mean(dim=self.axes, keepdim=True)

    def pieces(self):
        """|z|, 1 / std, X / std, and the relative error of std in eps.

        By hand the variance takes two passes: an error in the mean
        counts only squared. Torch's layer_norm takes one, Welford's,
        where it counts as it is.
        """
        x = self.input.double()
        d = x - self.mean(x)
        r = 1 / (self.mean(d * d) + self.eps).sqrt()
        reach = x.abs().amax(dim=self.axes, keepdim=True) * r
        one_pass = self.axes[0] != 0
        return (d * r).abs(), r, reach, 1 + reach * one_pass

    def value_scale(self):
        """|weight| (|z| + X / std) + |bias|."""
        z, _, reach, spread = self.pieces()
        return (self.wide("weight").abs() * (z * spread + reach)
                + self.wide("bias").abs())

    def gradient_scales(self):
        """Of dL/dx, dL/dweight and dL/dbias.

        dL/dx = (g - mean(g) - z mean(g z)) / std sums to 0 over a
        channel, and is 0 if g is z: no multiple of the result is a
        bound. Its three terms enter. z has an error of eps X / std
        where it stands alone, again within the mean, and in a constant
        channel, where that may be more than 1, in both at once.
        """
        z, r, reach, spread = self.pieces()
        upstream = self.upstream.double().abs()
        weight = self.wide("weight").abs()
        g = weight * upstream
        error = torch.finfo(self.input.dtype).eps * reach
        dx = r * (spread * (g + self.mean(g) + z * self.mean(g * z))
                  + reach * self.mean(g * z)
                  + (z + error) * reach * self.mean(g))
        sums = upstream * (z * spread + reach), upstream
        return {"x": dx, **{
            name: values.sum_to_size(weight.shape).reshape(self.shape)
            for name, values in zip(NAMES[2:], sums)}}


@st.composite
def problems(draw, layer=False):
    """(n, c) or (n, c, h, w); for layer_norm one axis or more."""
    dtype = draw(dtypes())
    small = st.integers(1, 4)
    if layer:
        shape = draw(st.lists(small, min_size=1, max_size=4).map(tuple))
        count = draw(st.integers(1, len(shape)))
        axes, numbers = [*range(-count, 0)], shape[-count:]
    else:
        shape = draw(st.tuples(st.integers(2, 6), small)
                     | st.tuples(st.integers(2, 3), small, small, small))
        axes, numbers = ([0] if len(shape) == 2 else [0, 2, 3]), shape[1:2]
    rows = draw(tensors((4, *numbers), dtype))
    found = {name: row.clone() for name, row in zip(NAMES, rows)}
    found["running_var"].abs_()
    # What is far from 0 shows whether a variance cancels.
    offset = draw(st.sampled_from([0.0, 1e4]))
    x, upstream = draw(tensors((2, *shape), dtype,
                               MODERATE if offset else ORDINARY))
    return Problem(x + offset, upstream, found, axes,
                   draw(st.sampled_from([1e-5, 1e-3, 1.0, 1e-8])))
