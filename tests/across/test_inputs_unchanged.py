"""Rule 10: what a person gives in is never changed, in tensors to losses."""

import ast
from dataclasses import dataclass

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

import scratch.losses
import scratch.tensors
import torch_ref.activations
import torch_ref.losses
import torch_ref.tensors
from scratch.front_door.source import ROOT
from tests.across.rules import public_names
from tests.compare.draw import UNIT, tensors

WINGS = (scratch, torch_ref)
TOPICS = ("tensors", "activations", "losses")
LABELS = torch.tensor([0, 2, 1])
# What is passed after the input, if anything: y is a matrix like it.
REST = {
    "dot": lambda y: [y[0]], "mm": lambda y: [y.T],
    "lerp": lambda y: [y, 0.25], "textbook_softmax": lambda y: [1],
    "softmax": lambda y: [0], "log_softmax": lambda y: [-1],
    **dict.fromkeys(
        ["mse_loss", "binary_cross_entropy", "accuracy",
         "binary_cross_entropy_with_logits"], lambda y: [y]),
    "nll_loss": lambda y: [LABELS],
    "cross_entropy": lambda y: [LABELS, "mean", 0.25]}
NAMES = [(topic, name) for topic in TOPICS for name in public_names(
    ast.parse((ROOT / "scratch" / f"{topic}.py").read_text()))]
LAYOUTS = {
    "contiguous": lambda x: x.clone(), "transposed": lambda x: x.T.clone().T,
    "strided": lambda x: torch.stack([x, x], dim=-1)[..., 0]}


@dataclass
class Snapshot:
    """A tensor's bits, how often it was written to, and its .grad."""

    tensor: Tensor

    def __post_init__(self):
        grad = self.tensor.grad
        self.before = self.tensor.detach().clone()
        self.version = self.tensor._version
        self.required = self.tensor.requires_grad
        self.grad = None if grad is None else grad.clone()

    def unchanged(self, grad=True):
        """Is everything as it was? Without `grad`, but for the .grad."""
        now = self.tensor.detach()
        assert torch.equal(now, self.before)
        assert torch.equal(now.signbit(), self.before.signbit())
        assert self.tensor._version == self.version
        assert self.tensor.requires_grad == self.required
        if grad:
            assert (self.tensor.grad is None if self.grad is None
                    else torch.equal(self.tensor.grad, self.grad))


@pytest.mark.parametrize("topic, name", NAMES)
@pytest.mark.parametrize("wing", WINGS)
@given(data=st.data(), layout=st.sampled_from(sorted(LAYOUTS)),
       dtype=st.sampled_from([torch.float16, torch.float32, torch.float64]))
def test_inputs_are_unchanged(wing, topic, name, data, layout, dtype):
    """Neither the call nor `backward()` changes what they are given."""
    function = getattr(getattr(wing, topic), name)
    x, y = (LAYOUTS[layout](data.draw(tensors((3, 3), dtype, UNIT)))
            for _ in range(2))
    for tensor in x, y:
        if data.draw(st.booleans()):
            tensor.requires_grad_()
            tensor.grad = torch.ones_like(tensor)
    kept = [Snapshot(tensor) for tensor in (x, y, LABELS)]
    if name == "from_numpy":
        array = x.numpy(force=True)
        function(array)
        assert np.array_equal(array, kept[0].before)
        return
    if "gradient" in name:
        result = function(lambda v: (v * y * v).sum(), x)
    else:
        result = function(x[0] if name == "dot" else x,
                          *REST.get(name, lambda y: [])(y))
    for snapshot in kept:
        snapshot.unchanged()
    if isinstance(result, Tensor) and result.requires_grad:
        upstream = torch.full_like(result, 0.5)
        given_back = Snapshot(upstream)
        result.backward(upstream)
        given_back.unchanged()
        for snapshot in kept:
            snapshot.unchanged(grad=not snapshot.required)
