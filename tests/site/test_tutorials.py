"""What docs/tutorials.md says of five tutorials, computed again."""

import importlib

import pytest
import torch

from scratch.front_door.source import ROOT

pytest.importorskip("sphinx")


@pytest.fixture
def page():
    """The module that computes for the page, in float64, as the build."""
    torch.set_default_dtype(torch.float64)
    return importlib.import_module("docs.tutorials")


def test_a_every_prediction_against_every_label(page):
    """The table is what torch's broadcasting makes, and it misleads."""
    p, y = map(torch.tensor, (page.PREDICTIONS, page.ANSWERS))
    with pytest.warns(UserWarning, match="broadcast"):
        loss = torch.nn.functional.mse_loss(p[:, None], y.to(p))
    assert page.squared(True) == pytest.approx(loss.item())
    assert page.squared(True) > 10 * page.squared(False)
    assert page.spread(200, True)[0] == pytest.approx(0.6931, abs=1e-4)
    assert page.spread(200, False)[0] < 0.01


def test_b_stops_by_luck(page):
    """At the star the loss is below 1, one step later it is not."""
    losses, stop = page.kept(0, 80, -1.0), len(page.kept(0))
    assert losses[stop - 1] < 1 < min(*losses[:stop - 1], losses[stop])
    assert len(page.OTHER_SEEDS) == 9 and 0 < len(page.ends()) < 9
    # "at 0.1 the correct loop diverges"
    assert page.kept(0, 30, 1.0, 0.1, False)[-1] > 1e6


def test_c_softmax_of_two_classes_is_the_sigmoid(page):
    """To rounding; and loading was measured, on the page of speeds."""
    assert page.two_classes() < 1e-15
    assert 0.5 < page.loading() < 1
    text = (ROOT / "docs/speed.md").read_text()
    assert "`DataLoader` | 0.010 |" in text
    assert "take 1 % of that time" in " ".join(
        (ROOT / "docs/tutorials.md").read_text().split())


def test_d_the_net_counts_more_than_the_optimiser(page):
    """Between two nets SGD differs more than Adam and RMSprop on one."""
    losses = page.race()
    assert max(losses["SGD"]) / min(losses["SGD"]) > 2 > page.apart()
    assert 0.3 < page.wins("Adam", "RMSprop", same=False) / 90 < 0.7


def test_e_two_hidden_layers_gain_nothing(page, monkeypatch):
    """The net is better on its training set, and not on held-out rows."""
    monkeypatch.setattr(page, "SPLITS", 3)
    page.splits.cache_clear()
    net, unseen, linear = page.splits().mean(0).tolist()
    page.splits.cache_clear()
    assert net > 0.99 > linear + 0.01 and linear >= unseen
