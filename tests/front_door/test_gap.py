"""The gap: how far apart two trainings are at each step."""

import math

import pytest
import torch

from scratch.front_door.gap import Run, Side
from scratch.front_door.report import AGREE


class Model:
    """One parameter, for a run with given values."""

    def __init__(self):
        self.p = torch.ones(2, dtype=torch.float64)

    def parameters(self):
        return [self.p]

    def follow(self, values, losses):
        """Take these values in turn, and yield these losses."""
        for value, loss in zip(values, losses):
            self.p[0] = value
            yield loss


def test_the_gap_to_nothing():
    """If one side moves and the other stays at 0, the gap is 1 or inf."""
    for value, gap in (1e-300, 1.0), (math.inf, math.inf):
        a, b = Model(), Model()
        a.p.zero_(), b.p.zero_()
        run = Run("", Side(a, a.follow([value], [0.0])),
                  Side(b, b.follow([0.0], [0.0])))
        list(run)
        assert run.gaps == [gap]


@pytest.mark.parametrize("values, losses, gaps", [
    ([1.0, 1.0], [1.0, 1.0], [0.0, 0.0]),
    # the scale is 2, from the side by hand, then decays to 1.8
    ([2.0, 1.36], [1.0, 1.0], [0.5, 0.2]),
    ([1.0, 1.0], [1.0, 3.0], [0.0, 0.5]),
    ([1.0, math.nan], [1.0, 1.0], [0.0, math.inf]),
    ([1.0, 1.0], [1.0, math.inf], [0.0, math.inf]),
    # one side stops first
    ([1.0], [1.0], [0.0, math.inf])])
def test_the_gap(values, losses, gaps):
    """The gap is the largest difference, relative to a decaying scale."""
    a, b = Model(), Model()
    run = Run("", Side(a, a.follow(values, losses)),
              Side(b, b.follow([1.0, 1.0], [1.0, 1.5])))
    if losses == [1.0, 1.0]:
        run.torch.training = b.follow([1.0, 1.0], [1.0, 1.0])
    list(run)
    assert run.gaps == pytest.approx(gaps)
    assert run.step == gaps.index(max(gaps)) + 1


def test_every_parameter_and_the_loss_count():
    """Each has its own scale; the larger gap is the gap of the step."""
    class Pair(Model):
        """Two parameters; only the second moves."""

        def __init__(self):
            super().__init__()
            self.q = torch.ones(1, dtype=torch.float64)

        def parameters(self):
            return [self.p, self.q]

        def follow(self, values, losses):
            for value, loss in zip(values, losses):
                self.q[0] = value
                yield loss

    for value, loss, gap in ((2.0, 100.0, 0.5), (1.0, 80.0, 0.2),
                             (2.0, 80.0, 0.5), (1.25, 50.0, 0.5)):
        a, b = Pair(), Pair()
        run = Run("", Side(a, a.follow([value, 1.0], [loss, 100.0])),
                  Side(b, b.follow([1.0, 1.0], [100.0, 100.0])))
        list(run)
        assert run.gaps == pytest.approx([gap, 0.0])
        # the second step has no gap; the first one's is the largest
        assert run.gap == pytest.approx(gap) and run.step == 1


def test_bounds():
    """AGREE has the largest gap that counts as agreement."""
    assert AGREE == {"float64": 1e-12, "float32": 2e-3}


def test_an_explosion_long_ago_hides_nothing():
    """A scale of 1e20 has decayed after 500 steps."""
    a, b = Model(), Model()
    explosion, rest = [1e20], [1.0] * 500
    run = Run("", Side(a, a.follow(explosion + rest, rest + rest)),
              Side(b, b.follow(explosion + [2.0] * 500, rest + rest)))
    list(run)
    assert run.gaps[1] < 1e-15 and run.gap == 0.5


def test_both_sides_may_diverge_together():
    """Equal NaN and equal infinities on both sides are no gap."""
    a, b = Model(), Model()
    values, losses = [2.0, math.inf, math.nan], [3.0, math.inf, math.nan]
    run = Run("", Side(a, a.follow(values, losses)),
              Side(b, b.follow(values, losses)))
    list(run)
    assert run.gaps == [0.0, 0.0, 0.0]


@pytest.mark.parametrize("entry", [math.nan, math.inf, -math.inf])
def test_what_is_not_finite_has_no_scale(entry):
    """A NaN or an infinity on both sides makes no other gap look small."""
    a, b = Model(), Model()
    a.p[1] = b.p[1] = entry
    run = Run("", Side(a, a.follow([1e-3], [0.0])),
              Side(b, b.follow([2e-3], [0.0])))
    list(run)
    assert run.gaps == [0.5]
