"""Nets with norm and dropout: trainings, modes, checkpoints."""

import pytest
import torch
from torch import nn

import scratch.mlp
from scratch.data import digits
from scratch.front_door.lesson import WINGS
from tests.compare.closeness import close, same
from tests.compare.resumable import Training
from tests.compare.trainings import cast, compare_trainings

both_wings = pytest.mark.parametrize("wing", WINGS, ids=["hand", "torch"])


class Net:
    """A net with a norm and dropout, and the generator of its masks."""

    def __init__(self, wing, norm, dropout, seed):
        self.wing = wing
        self.generator = torch.Generator().manual_seed(seed)
        self.model = cast(wing.mlp.MLP(
            [4, 8, 6, 2], self.generator, norm=norm, dropout=dropout),
            torch.float64)

    def train(self, x, y, epochs):
        """A training whose batches come from the same generator."""
        return self.wing.mlp.train(
            self.model, self.wing.losses.mse_loss, x, y, 0.05, epochs, 5,
            self.generator)

    def statistics(self):
        """Copies of the running means and variances."""
        return [b.clone() for b in self.model.buffers()
                if b.is_floating_point()]


ROWS = torch.randn(15, 6, generator=torch.Generator().manual_seed(0),
                   dtype=torch.float64)
options = pytest.mark.parametrize("norm, dropout", [
    (norm, dropout) for norm in (None, "batch", "layer")
    for dropout in (0.0, 0.3, 1.0)])


@options
def test_trainings(norm, dropout):
    """Whole trainings with each combination agree with torch's.

    So do the running statistics, the generator, and what `classify` then
    finds. That one changes neither statistics nor mode, nor draws. A norm
    divides by a standard deviation, of five rows here: rounding errors
    grow tenfold in each of the two layers.
    """
    x, y = ROWS[:, :4], ROWS[:, 4:]
    for seed in range(3):
        nets = [Net(wing, norm, dropout, seed) for wing in WINGS]
        hand, ref = nets
        compare_trainings(hand.model, hand.train(x, y, 5), ref.model,
                          ref.train(x, y, 5), count=100, scale=1.0)
        before = [net.statistics() for net in nets]
        assert len(before[0]) == (4 if norm == "batch" else 0)
        for one, other in zip(*before, strict=True):
            close(one, other, 1e3, 1 + other.abs().max())
        states = [net.generator.get_state() for net in nets]
        assert torch.equal(*states)
        for training in True, False:
            labels = [net.wing.mlp.classify(net.model.train(training), x)
                      for net in nets]
            same(*labels)
            for net, old, state in zip(nets, before, states):
                assert net.model.training == training
                assert torch.equal(net.generator.get_state(), state)
                for one, other in zip(net.statistics(), old, strict=True):
                    same(one, other)


@options
def test_order_in_a_layer(norm, dropout):
    """A hidden layer is linear, norm, relu, dropout, as a chain of torch's.

    In both modes, for the nets, and for what `sequential` makes of them.
    The start of the linear layers is that of a net without options.
    """
    norms = {None: nn.Identity, "batch": nn.BatchNorm1d,
             "layer": nn.LayerNorm}[norm]
    for wing in WINGS:
        chain = [step for m, n in ((4, 8), (8, 6)) for step in (
            nn.Linear(m, n), norms(n), nn.ReLU(), nn.Dropout(dropout))]
        expected = nn.Sequential(*chain, nn.Linear(6, 2)).double()
        layers = [step for step in expected if hasattr(step, "weight")]
        # the linear layers before the norms
        layers.sort(key=lambda step: not isinstance(step, nn.Linear))
        net = Net(wing, norm, dropout, 1)
        for p, q in zip(scratch.mlp.MLP([4, 8, 6, 2], 1).parameters(),
                        net.model.parameters()):
            same(p.detach().double(), q.detach())
        for p, q in zip((p for layer in layers for p in layer.parameters()),
                        net.model.parameters(), strict=True):
            p.data.copy_(q.data)
        for f in net.model, wing.mlp.sequential(net.model):
            for mode in True, False:
                net.model.train(mode)
                with torch.random.fork_rng(devices=[]):
                    torch.manual_seed(2)
                    output = expected.train(mode)(ROWS[:, :4])
                net.generator.manual_seed(2)
                close(f(ROWS[:, :4]).detach(), output.detach(), 100, 1.0)
            for b, c in zip(net.statistics(), [
                    b for b in expected.buffers() if b.dim()], strict=True):
                close(b, c, 100, 1.0)


@both_wings
def test_classify_after_an_error(wing):
    """The mode is restored even if the rows do not fit."""
    model = wing.mlp.MLP([3, 4, 2], dropout=0.5)
    with pytest.raises(RuntimeError):
        wing.mlp.classify(model, torch.zeros(2, 7))
    assert model.training and model.drop.training


@both_wings
@pytest.mark.parametrize("norm", ["batch", "layer"])
def test_stopped_and_continued(wing, norm, tmp_path):
    """Running statistics come back, and so do the masks to come.

    The net was built with the generator that is saved.
    """
    def training(seed):
        made = Training(wing.checkpoint, seed=seed)
        made.generator.manual_seed(seed)
        made.model = type(made.model)([2, 3, 1], made.generator, norm=norm,
                                      dropout=0.3)
        made.optimizer = type(made.optimizer)(made.model.parameters())
        # Two batches of three rows: batch_norm rejects a single row.
        made.x, made.y = made.x[:6], made.y[:6]
        return made

    whole, first, second = training(0), training(0), training(1)
    losses = whole.run(tmp_path / "whole", 4)
    part = first.run(tmp_path / "stopped", 2)
    assert part + second.run(tmp_path / "stopped", 4) == losses
    assert second.everything() == whole.everything()
    for one, other in zip(second.model.buffers(), whole.model.buffers(),
                          strict=True):
        same(one, other)
    plain = Training(wing.checkpoint, widths=(2, 3, 1))
    with pytest.raises(ValueError, match="of this training"):
        plain.load(tmp_path / "whole")


def digits_training(wing, norm, dropout, seed=0):
    """The small CNN's training in float64: two epochs of five steps."""
    torch.set_default_dtype(torch.float64)
    x, y = digits()
    model = wing.cnn.CNN(generator=seed, channels=(3, 4), size=8, norm=norm,
                         dropout=dropout)
    return wing.cnn.Training(
        model, x[:60].reshape(-1, 1, 8, 8).to(torch.float64), y[:60],
        wing.cnn.Recipe(12, 0.01), epochs=2)


def floats(model):
    """Copies of the running means and variances."""
    # not mean and std of the pixels, which are buffers by torch
    return [b.clone() for b in model.buffers()
            if b.is_floating_point() and b.dim()]


@pytest.mark.parametrize("norm, dropout", [
    ("batch", 0.0), (None, 0.5), ("batch", 0.3)])
def test_cnn(norm, dropout):
    """The CNN's trainings agree, as the MLP's do; evaluation is one.

    Adam divides a gradient by its size, but not by less than 1e-8: a
    rounding error of n eps grows to at most n eps / 1e-8 learning rates.
    Here a sum has up to 12 x 8 x 8 terms. It is seen at a bias before a
    norm, whose gradient is 0 but for rounding, and in the running mean.
    """
    hand, ref = (digits_training(wing, norm, dropout) for wing in WINGS)
    parameters = [list(side.model.parameters()) for side in (hand, ref)]
    assert len(parameters[0]) == len(parameters[1])
    bound = 0.01 * 12 * 8 * 8 * torch.finfo(torch.float64).eps / 1e-8
    for step, (loss, ref_loss) in enumerate(zip(hand, ref, strict=True), 1):
        assert abs(loss - ref_loss) < 1e-9
        for p, q in zip(*parameters):
            assert (p - q).abs().max() <= step * bound
    statistics = [floats(side.model) for side in (hand, ref)]
    assert len(statistics[0]) == (4 if norm else 0)
    for one, other in zip(*statistics, strict=True):
        assert (one - other).abs().max() < step * bound
    labels = [wing.cnn.classify(side.model, hand.x)
              for wing, side in zip(WINGS, (hand, ref))]
    same(*labels)
    for side, old in zip((hand, ref), statistics):
        assert side.model.training and side.model.drop.training
        logits = side.model.eval()(hand.x)
        same(logits.argmax(dim=1), labels[0])
        for one, other in zip(floats(side.model), old, strict=True):
            same(one, other)


@both_wings
def test_cnn_stopped_and_continued(wing):
    """Running statistics and the masks to come are in the state."""
    whole, first = (digits_training(wing, "batch", 0.3) for _ in range(2))
    losses = [loss.item() for loss in whole]
    part = [loss.item() for _, loss in zip(range(4), first)]
    second = digits_training(wing, "batch", 0.3, seed=1)
    second.load_state_dict(first.state_dict())
    assert part + [loss.item() for loss in second] == losses
    for one, other in zip(floats(second.model), floats(whole.model),
                          strict=True):
        same(one, other)
    state = first.state_dict() | {"generator": torch.zeros(3)}
    with pytest.raises((TypeError, RuntimeError)):
        second.load_state_dict(state)


@both_wings
def test_bad_options(wing):
    """Unknown norms and probabilities; gradients written out for neither."""
    for options, words in (
            ({"norm": "instance"}, "None, 'batch' or 'layer', got 'instance'"),
            ({"norm": True}, "got True"), ({"dropout": 1.5}, "got 1.5"),
            ({"dropout": -1}, "must be at least 0, got -1")):
        with pytest.raises(ValueError, match=words):
            wing.mlp.MLP([2, 3, 1], **options)
    for norm in "layer", True:
        with pytest.raises(ValueError, match=f"None or batch, got {norm}"):
            wing.cnn.CNN(norm=norm)
    rows = torch.zeros(4, 2)
    for options in {"norm": "layer"}, {"dropout": 0.5}:
        with pytest.raises(ValueError, match="neither norm nor dropout"):
            wing.backprop.mlp_gradients(wing.mlp.MLP([2, 3, 1], **options),
                                        rows, rows[:, :1])
