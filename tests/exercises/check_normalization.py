"""Checks of the exercises of docs/normalization.md.

A bound counts eps of what enters: see tests/compare/normalised.py.
"""

import torch
import torch.nn.functional as F
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

import scratch.normalization as by_hand
from tests.compare.closeness import close, value_and_gradient
from tests.compare.draw import MODERATE, dtypes, tensors
from tests.compare.normalised import NAMES, problems


def rows(x):
    """The largest |x| of a row, divided by its standard deviation."""
    x = x.double()
    var = x.var(dim=-1, correction=0, keepdim=True)
    return x.abs().amax(dim=-1, keepdim=True) / (var + 1e-3).sqrt()


@given(data=st.data(), groups=st.sampled_from([1, 2, 4]),
       each=st.integers(1, 3), dtype=dtypes(), affine=st.booleans())
def test_group_norm(data, groups, each, dtype, affine):
    """It is F.group_norm, for each number of groups, with its gradient.

    One group is layer_norm over (c, h, w); c groups are the statistics
    of each image's channel.
    """
    c = groups * each
    x = data.draw(tensors((2, c, 2, 3), dtype, MODERATE))
    upstream = data.draw(tensors((2, c, 2, 3), dtype, MODERATE))
    weight, bias = (data.draw(tensors((c,), dtype, MODERATE))
                    if affine else None for _ in range(2))
    reach = rows(x.reshape(2, groups, -1)).max()
    results = [value_and_gradient(function, x, upstream, groups, weight,
                                  bias, eps=1e-3)
               for function in (by_hand.group_norm, F.group_norm)]
    large = 1.0 if weight is None else weight.abs().max()
    # z is at most the root of 18, and its error 8 eps (1 + reach)^2
    close(results[0][0], results[1][0], 8, large * (1 + reach) ** 2 + 10)
    # 1 / std is at most 32, and the upstream gradient at most 10
    close(results[0][1], results[1][1], 8, 320 * large * (1 + reach) ** 3)


@given(problem=problems(layer=True))
def test_rms_norm(problem):
    """It is F.rms_norm: no digits are lost, as nothing is subtracted.

    Its gradient has two terms, g / r and y mean(g y) / r.
    """
    weight = problem.numbers[NAMES[2]]
    (y, dx), (y_ref, dx_ref) = (
        value_and_gradient(function, problem.input, problem.upstream,
                           problem.shape, weight, eps=problem.eps)
        for function in (by_hand.rms_norm, F.rms_norm))
    close(y, y_ref, 4, y_ref.double())
    r = (problem.mean(problem.input.double() ** 2) + problem.eps).sqrt()
    z = (problem.input / r).abs()
    g = (problem.upstream.double() * weight).abs()
    close(dx, dx_ref, 16, (g + z * problem.mean(g * z)) / r)


@given(data=st.data(), dtype=dtypes(), m=st.integers(1, 4),
       c=st.integers(1, 4))
def test_fold(data, dtype, m, c):
    """One layer gives what both gave; the arguments stay as they are."""
    layer = by_hand.BatchNorm(c, eps=1e-3, dtype=dtype).eval()
    for t in (*layer.parameters(), layer.running_mean, layer.running_var):
        t.data.copy_(data.draw(tensors((c,), dtype, MODERATE)))
    layer.running_var.abs_()
    weight = data.draw(tensors((c, m), dtype, MODERATE))
    bias = data.draw(tensors((c,), dtype, MODERATE))
    x = data.draw(tensors((3, m), dtype, MODERATE))
    kept = [t.clone() for t in (weight, bias, *layer.parameters())]
    w, b = by_hand.fold(weight, bias, layer)
    for before, after in zip(kept, (weight, bias, *layer.parameters())):
        assert torch.equal(before, after)
    expected = layer(F.linear(x, weight, bias))
    # s (|x| |W| + |b| + |mean|) + |bias|
    s = layer.weight.abs() / (layer.running_var + 1e-3).sqrt()
    scale = s * (x.abs() @ weight.abs().T + bias.abs()
                 + layer.running_mean.abs()) + layer.bias.abs()
    close(x @ w.T + b, expected.detach(), 8 + m, scale.detach())


def test_fold_is_torchs():
    """torch has it as fuse_linear_bn_eval."""
    generator = torch.Generator().manual_seed(0)
    linear, norm = nn.Linear(3, 4), nn.BatchNorm1d(4).eval()
    layer = by_hand.BatchNorm(4).eval()
    for name, t in {**dict(norm.named_parameters()),
                    "running_mean": norm.running_mean,
                    "running_var": norm.running_var}.items():
        t.data.copy_(torch.rand(4, generator=generator))
        getattr(layer, name).data.copy_(t.data)
    fused = nn.utils.fusion.fuse_linear_bn_eval(linear, norm)
    w, b = by_hand.fold(linear.weight, linear.bias, layer)
    close(w, fused.weight.detach(), 4, linear.weight.detach().abs() * 400)
    close(b, fused.bias.detach(), 4, 400.0)
