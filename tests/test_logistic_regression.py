"""Logistic regression: both boundaries, both losses, with momentum."""

from dataclasses import dataclass

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

import scratch.logistic_regression as by_hand
import scratch.losses
import torch_ref.logistic_regression as by_torch
import torch_ref.losses
from scratch.data import blobs
from tests.compare.closeness import same
from tests.compare.draw import Table, dtypes, generators, tensors
from tests.compare.trainings import compare_trainings

# At most 3, which keeps probabilities off 0 and 1: see test_training.
SMALL = Table((0.0, 1.0, -1.0, 0.5, -0.5, 2.0, -2.0),
              lambda draw, n: draw.uniform(-3, 3, n))


@dataclass
class Problem:
    """A form of the model, its initial w and b, points x, labels y."""

    form: str
    x: torch.Tensor
    y: torch.Tensor
    w: torch.Tensor
    b: torch.Tensor

    def models(self):
        """The model by hand and the one by torch, with w and b."""
        options = ({} if self.form == "Boundary"
                   else {"features": self.x.shape[1]})
        pair = []
        for side in by_hand, by_torch:
            model = getattr(side, self.form)(**options)
            for p, value in zip(model.parameters(), (self.w, self.b)):
                p.data = value.clone()
            pair.append(model)
        return pair


@st.composite
def problems(draw):
    """Up to six points, for either form; the labels are a column."""
    dtype, n = draw(dtypes()), draw(st.integers(1, 6))
    form = draw(st.sampled_from(["Boundary", "LogisticRegression"]))
    features = 2 if form == "Boundary" else draw(st.integers(1, 3))
    labels = draw(st.lists(st.integers(0, 1), min_size=n, max_size=n))
    shape = (1,) if form == "Boundary" else (1, features)
    return Problem(form=form, x=draw(tensors((n, features), dtype, SMALL)),
                   y=torch.tensor(labels)[:, None].to(dtype),
                   w=draw(tensors(shape, dtype, SMALL)) / 3,
                   b=draw(tensors((1,), dtype, SMALL)) / 3)


@given(problem=problems(),
       loss=st.sampled_from(["mse_loss", "binary_cross_entropy"]),
       lr=st.sampled_from([0.1, 0.01]),
       momentum=st.sampled_from([0.9, 0.0, 0.5]),
       epochs=st.integers(1, 10))
def test_training(problem, loss, lr, momentum, epochs):
    """Parameters and loss are torch's at every step, labels at the end.

    The slope of the cross-entropy is divided by p (1 - p), which is at
    least 1e-5 for these logits: |x w + b| < 12, and less at first. The
    rounding error of 1 - p is relative to 1. So at worst an update, at
    most lr (1 + momentum + ...), is accurate to 1e5 eps.
    """
    x, y = problem.x, problem.y
    hand, ref = problem.models()
    options = {"lr": lr, "momentum": momentum, "epochs": epochs}
    compare_trainings(
        hand, by_hand.train(hand, getattr(scratch.losses, loss), x, y,
                            **options),
        ref, by_torch.train(ref, getattr(torch_ref.losses, loss), x, y,
                            **options),
        count=8 if loss == "mse_loss" else 1e3, scale=1.0)
    same(by_hand.classify(hand, x), by_torch.classify(ref, x))


@settings(max_examples=settings().max_examples // 4)
@given(seed=generators())
def test_both_forms_separate_the_blobs(seed):
    """Both forms separate two clouds 5.7 apart, with at most 5 errors.

    One point in 430 is nearer to the centre of the other cloud; there
    are 200 points.
    """
    x, labels = blobs(100, generator=seed)
    y = labels[:, None].float()
    for side, losses in ((by_hand, scratch.losses),
                         (by_torch, torch_ref.losses)):
        for model, loss in (
                (side.LogisticRegression(), losses.binary_cross_entropy),
                (side.Boundary(), losses.mse_loss)):
            list(side.train(model, loss, x, y, lr=0.05, epochs=50))
            wrong = (side.classify(model, x) != labels).sum()
            assert wrong <= 5


def test_boundary_is_the_line():
    """The probability is 1/2 on the line y = w x + b, more below it."""
    points = torch.tensor([[1.0, 5.0], [1.0, 4.0], [1.0, 6.0]])
    for side in by_hand, by_torch:
        model = side.Boundary()
        w, b = model.parameters()
        w.data.fill_(2.0)
        b.data.fill_(3.0)
        on, below, above = model(points)[:, 0].tolist()
        assert on == 0.5 and above < 0.5 < below
        assert side.classify(model, points).tolist() == [0, 1, 0]


def test_why_logits_are_better():
    """In float32 the sigmoid is 1 from a logit of 17: the slope is lost.

    The loss of a point with logit 20 and label 0 has slope 1. Computed
    from the logit, it is 1 on both sides. Computed from the probability
    it is 0 by torch, and by hand 1e12 (the clamp) times 2e-9 (the
    sigmoid's slope), 2061.
    """
    from scratch.activations import sigmoid
    y = torch.zeros(1)
    slopes = []
    for losses, probability in ((scratch.losses, sigmoid),
                                (torch_ref.losses, torch.sigmoid)):
        for loss in (
                lambda x: losses.binary_cross_entropy(probability(x), y),
                lambda x: losses.binary_cross_entropy_with_logits(x, y)):
            x = torch.tensor([20.0], requires_grad=True)
            loss(x).backward()
            slopes.append(x.grad.item())
    through_p, by_logits, torch_through_p, torch_by_logits = slopes
    assert by_logits == torch_by_logits == 1.0
    assert torch_through_p == 0.0 and round(through_p) == 2061


@pytest.mark.parametrize("side, losses", [
    (by_hand, scratch.losses), (by_torch, torch_ref.losses)])
def test_two_hundred_by_one_against_two_hundred(side, losses):
    """Labels (200,) are rejected, not broadcast to (200, 200)."""
    x, labels = blobs(100)
    for name in "mse_loss", "binary_cross_entropy":
        training = side.train(side.LogisticRegression(),
                              getattr(losses, name), x, labels.float())
        with pytest.raises(ValueError, match=r"\(200, 1\) and \(200,\)"):
            next(training)


def test_start_is_zero():
    """All models start at 0, where every probability is 1/2."""
    for side in by_hand, by_torch:
        for model in side.Boundary(), side.LogisticRegression(2):
            points = torch.tensor([[0.0, 0.0], [3.0, 0.0], [-1.0, 0.0]])
            assert model(points).eq(0.5).all()
            for p in model.parameters():
                same(p.detach(), torch.zeros_like(p))
