"""Rule 10: whatever a training is, its checkpoint brings it back."""

import copy
import os

import numpy as np
import pytest
import torch

import scratch.checkpoint as by_hand
import torch_ref.checkpoint as by_torch
import torch_ref.mlp
from tests.compare.resumable import WINGS, Training

both_sides = pytest.mark.parametrize("side", WINGS)


@both_sides
def test_saved_after_every_epoch(side, tmp_path):
    """After the last step of an epoch the file has that epoch."""
    path, training = tmp_path / "file", Training(side)
    steps = side.train(path, training.optimizer, training.model,
                       training.loss, training.x, training.y, 4, 3,
                       training.generator)
    for step, _loss in enumerate(steps):
        assert path.exists() == (step >= 3)
        if step >= 3:
            assert Training(side, seed=1).load(path) == step // 3
    assert Training(side, seed=1).load(path) == 4


@both_sides
def test_more_than_nine_parameters(side, tmp_path):
    """Twelve parameters of one shape come back in their order.

    By name, parameter.10 comes before parameter.2.
    """
    path, widths = tmp_path / "file", 7 * (3,)
    saved = Training(side, widths=widths)
    saved.run(path, 1)
    loaded = Training(side, seed=1, widths=widths)
    assert loaded.load(path) == 1
    assert loaded.everything() == saved.everything()
    if side is by_hand:
        with np.load(path) as file:
            arrays = dict(file)
        for keys in sorted(arrays), sorted(arrays)[::-1]:
            with path.open("wb") as file:
                np.savez(file, **{key: arrays[key] for key in keys})
            loaded = Training(side, seed=1, widths=widths)
            loaded.load(path)
            assert loaded.everything() == saved.everything()


@both_sides
def test_a_damaged_file_is_not_trained_over(side, tmp_path):
    """Resuming from it raises; the file and the training stay as is."""
    path = tmp_path / "file"
    Training(side).run(path, 1)
    content = path.read_bytes()[:-1]
    path.write_bytes(content)
    training = Training(side, seed=1)
    before = training.everything()
    with pytest.raises(ValueError, match="must be a checkpoint"):
        training.run(path, 2)
    assert training.everything() == before
    assert path.read_bytes() == content


@both_sides
@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16])
def test_sixteen_bits(side, dtype, tmp_path):
    """Every number format of a model can be saved; NumPy lacks one.

    A file in the other format of 16 bits is rejected.
    """
    whole = Training(side, options={"amsgrad": True}, dtype=dtype)
    losses = whole.run(tmp_path / "whole", 3)
    path = tmp_path / "file"
    part = Training(side, options={"amsgrad": True}, dtype=dtype)
    first = part.run(path, 1)
    resumed = Training(side, seed=1, dtype=dtype)
    assert first + resumed.run(path, 3) == losses
    assert resumed.everything() == whole.everything()
    assert {p.dtype for p in resumed.model.parameters()} == {dtype}
    for other in {torch.bfloat16, torch.float16, torch.float32} - {dtype}:
        with pytest.raises(ValueError, match="the parameters must be"):
            Training(side, dtype=other).load(path)


@both_sides
@pytest.mark.parametrize("lr", [np.float64(0.1), np.float32(0.1),
                                np.int64(1)])
def test_numbers_of_numpy(side, lr, tmp_path):
    """A run with NumPy's numbers is saved, and resumed to the bit.

    They may be options from the start, or set after the last step.
    """
    path = tmp_path / "file"
    whole = Training(side, options={"lr": lr})
    losses = whole.run(tmp_path / "whole", 2)
    first = Training(side, options={"lr": lr})
    part = first.run(path, 1)
    first.optimizer.param_groups[0]["lr"] = lr
    first.save(path, epoch=np.int64(1))
    second = Training(side, seed=1)
    assert part + second.run(path, np.int64(2)) == losses
    assert second.everything() == whole.everything()


@both_sides
def test_an_option_that_no_file_can_hold(side, tmp_path):
    """A tensor for lr raises before the epoch, not when it is saved."""
    training = Training(side)
    training.optimizer.param_groups[0]["lr"] = torch.tensor(0.1)
    before = [p.tolist() for p in training.model.parameters()]
    for call in training.save, lambda path: training.run(path, 1):
        with pytest.raises(TypeError, match="^lr must be a number"):
            call(tmp_path / "file")
    assert [p.tolist() for p in training.model.parameters()] == before
    assert os.listdir(tmp_path) == []


@both_sides
@pytest.mark.parametrize("epoch, error", [
    (-1, ValueError), (1.0, TypeError), (True, TypeError),
    ("1", TypeError)])
def test_epochs_are_integers(side, epoch, error, tmp_path):
    """save and train reject what load would reject, and write nothing."""
    training = Training(side)
    for call, name in ((training.save, "epoch"), (training.run, "epochs")):
        with pytest.raises(error, match=f"^{name} must be"):
            call(tmp_path / "file", epoch)
    assert os.listdir(tmp_path) == []


def test_from_a_gpu_to_a_cpu(tmp_path, monkeypatch):
    """By torch a file remembers the device. Without it: to the CPU.

    By hand the arrays are NumPy's, which has no devices.
    """
    saved = Training(by_torch)
    saved.run(tmp_path / "own", 1)
    monkeypatch.setattr(torch.serialization, "location_tag",
                        lambda storage: "cuda:99")
    saved.save(tmp_path / "file")
    monkeypatch.undo()
    with pytest.raises(RuntimeError, match="CUDA"):
        torch.load(tmp_path / "file")
    loaded = Training(by_torch, seed=1)
    assert loaded.load(tmp_path / "file") == 1
    assert loaded.everything() == saved.everything()


@pytest.mark.parametrize("other", [[2, 2], [4], [1, 2, 1]])
def test_several_groups_by_torch(other, tmp_path):
    """torch.optim's own optimisers may have groups, which must match."""
    def training(*sizes, lr=0.1):
        """A net of four parameters, in groups of these sizes."""
        model = torch_ref.mlp.MLP([2, 3, 1])
        params = iter(model.parameters())
        optimizer = torch.optim.Adam([
            {"params": [next(params) for _ in range(size)], "lr": lr + i}
            for i, size in enumerate(sizes)])
        for p in model.parameters():
            p.grad = torch.ones_like(p)
        optimizer.step()
        return model, optimizer, torch.Generator()

    path = tmp_path / "file"
    model, optimizer, generator = training(1, 3)
    by_torch.save(path, model, optimizer, 1, generator)
    loaded = training(1, 3, lr=0.7)
    assert by_torch.load(path, *loaded) == 1
    assert [group["lr"] for group in loaded[1].param_groups] == [0.1, 1.1]
    assert loaded[1].state_dict()["state"].keys() == {0, 1, 2, 3}
    victim = training(*other)
    before = copy.deepcopy(victim[1].state_dict())
    with pytest.raises(ValueError, match="must be a checkpoint"):
        by_torch.load(path, *victim)
    assert str(victim[1].state_dict()) == str(before)


def test_a_lr_of_another_group_is_checked(tmp_path):
    """Every group is checked, not only the first."""
    model = torch_ref.mlp.MLP([2, 1])
    weight, bias = model.parameters()
    optimizer = torch.optim.SGD([{"params": [weight]}, {"params": [bias]}])
    path, generator = tmp_path / "file", torch.Generator()
    optimizer.param_groups[1]["lr"] = -1.0
    by_torch.save(path, model, optimizer, 1, generator)
    optimizer.param_groups[1]["lr"] = 0.5
    with pytest.raises(ValueError, match="lr must be at least 0"):
        by_torch.load(path, model, optimizer, generator)
    assert optimizer.param_groups[1]["lr"] == 0.5


def test_the_formats_are_these():
    """A file of today must be readable tomorrow: the names are fixed."""
    assert by_hand.FORMAT == "checkpoint by hand, version 1"
    assert by_torch.FORMAT == "checkpoint by torch, version 1"


@both_sides
def test_before_the_first_epoch(side, tmp_path):
    """Epoch 0 can be saved, and a path may be a string."""
    path = str(tmp_path / "file")
    first, second = Training(side), Training(side, seed=1)
    first.save(path, epoch=0)
    assert second.load(path) == 0
    assert second.everything() == first.everything()
    assert second.run(path, 1) == first.run_without_a_file(
        1, first.generator)
    assert Training(side).run(path, 1) == []


def test_parameters_that_are_an_iterator(tmp_path):
    """By hand a model may be any object that gives its parameters."""
    saved, loaded = Training(by_hand), Training(by_hand, seed=1)
    saved.save(tmp_path / "file")
    params = list(loaded.model.parameters())
    loaded.model.parameters = lambda: iter(params)
    loaded.load(tmp_path / "file")
    for p, q in zip(params, saved.model.parameters(), strict=True):
        assert torch.equal(p, q)


def test_an_optimiser_that_has_no_side_by_hand(tmp_path):
    """By torch, any of torch.optim's can be saved and loaded."""
    def training(lr):
        """A net of two parameters, after a step of Rprop."""
        model = torch_ref.mlp.MLP([2, 1])
        optimizer = torch.optim.Rprop(model.parameters(), lr=lr)
        for p in model.parameters():
            p.grad = torch.full_like(p, lr)
        optimizer.step()
        return model, optimizer, torch.Generator()

    path, (model, optimizer, generator) = tmp_path / "file", training(0.1)
    by_torch.save(path, model, optimizer, 1, generator)
    loaded = training(0.7)
    assert by_torch.load(path, *loaded) == 1
    assert str(loaded[1].state_dict()) == str(optimizer.state_dict())
    state = loaded[1].state_dict()
    state["state"][0]["step_size"][:] = 0
    assert str(state) != str(optimizer.state_dict())
