"""Convolution and pooling in the forms in which people write them."""

from typing import Any

import numpy as np
import pytest
import torch

from tests.judge.tables import check
from tests.judge.verdict import BUG, CONVENTION, EQUAL, UNREAD
from tests.judge.windows import KINDS, probes

# file: name, verdict, the name that explains it, a word of what is said
TABLE: dict[str, list[Any]] = {
    "convolution": [
        ("conv_forward_naive", EQUAL, "", "; dx, dw, db"),
        ("max_pool_forward_naive", BUG, "every-tie-gets-all", "dx of input"),
        ("conv_forward", BUG, "dw-averaged", "(n, h, w, c)"),
        ("corr2d", EQUAL, "", "one image (h, w)"),
        ("convolve2d", CONVENTION, "kernel-flipped", "SciPy"),
        ("conv2d_moving_by_1", BUG, "window-moves-by-1", "stride 2"),
        ("conv2d_im2col", BUG, "reshape-for-permute"),
        ("MaxPool2D", BUG, "max-pool-padded-with-0", "padding 1"),
        ("Conv2d", EQUAL, "", "; dx"),
        ("avg_pool2d", CONVENTION, "average-of-the-pixels-inside", "ONNX"),
        ("conv2d_anything", UNREAD, "", "no way to call it")],
    "convolution_torch": [
        ("conv2d", EQUAL, "", "; dx, dw, db"),
        ("maxpool2d", CONVENTION, "ties-share", "torch's amax"),
        ("ConvLayer", CONVENTION, "kernel-flipped", "stride, padding")],
}


@pytest.mark.parametrize("file", TABLE)
def test_each_case_gets_its_verdict(file):
    """The verdict, the names, and a word of what is said."""
    check(file, TABLE[file])


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_the_formula_is_torchs(kind):
    """Without a switch; with one, some input shows it, and says so."""
    function = getattr(torch.nn.functional, kind.name)
    for given in probes(kind.name):
        x, w, b, g = (torch.from_numpy(given[name]).requires_grad_()
                      for name in ("input", "weight", "bias", "upstream"))
        args = [w, b] if kind.name == "conv2d" else [given["kernel"]]
        z = function(x, *args, stride=given["stride"],
                     padding=given["padding"])
        z.backward(g)
        assert np.allclose(kind.value(given, {}), z.detach())
        for slope, leaf in zip(kind.gradient(given, {}).values(), (x, w, b)):
            assert np.allclose(slope, leaf.grad)
    for switch in kind.switches:
        assert "yours" in kind.told({switch.place: switch.setting}), switch
