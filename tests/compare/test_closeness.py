"""What `same` counts as the same."""

import pytest
import torch

from tests.compare.closeness import same


def test_same_sees_a_bit():
    """One ulp, the sign of 0, a dtype or a shape is not the same."""
    x = torch.tensor([0.0, 1.0, torch.nan, torch.inf])
    same(x, x.clone())
    same(torch.tensor([torch.nan]), -torch.tensor([torch.nan]))
    y = torch.tensor([-0.0, 1.0, torch.nan, torch.inf])
    same(x, y, signed_zeros=False)
    for wrong in (y, x + 1e-7, x.double(), x[None],
                  torch.tensor([0.0, 1.0, torch.nan, -torch.inf]),
                  torch.tensor([0.0, 1.0, 0.0, torch.inf])):
        with pytest.raises(AssertionError):
            same(x, wrong)
