"""Checkpoints: a run that stopped and came back is the run itself."""

import os
import pickle
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

import scratch.checkpoint as by_hand
import scratch.losses
import scratch.mlp
import scratch.optim
import torch_ref.checkpoint as by_torch
import torch_ref.losses
import torch_ref.mlp
import torch_ref.optim
from tests.compare.closeness import same
from tests.compare.draw import FLOATS, dtypes, generators
from tests.compare.trainings import cast, same_parameters

WINGS = {by_hand: scratch, by_torch: torch_ref}
SIDES = list(WINGS)
both_sides = pytest.mark.parametrize("side", SIDES)

OPTIMISERS = [
    ("SGD", {"lr": 0.1}), ("SGD", {"lr": 0.1, "momentum": 0.9}),
    ("RMSprop", {"centered": True, "momentum": 0.5}), ("Adagrad", {}),
    ("Adam", {"lr": 0.1, "betas": (0.8, 0.9), "amsgrad": True}),
    ("AdamW", {"lr": 1 / 3})]


class Training:
    """A net, its optimiser and its generator, all from one seed."""

    def __init__(self, side, name="Adam", options=None, seed=0,
                 widths=(2, 3, 1), dtype=torch.float32):
        wing = WINGS[side]
        self.side, self.loss = side, wing.losses.mse_loss
        self.model = wing.mlp.MLP(widths, seed)
        cast(self.model, dtype)
        self.optimizer = getattr(wing.optim, name)(
            self.model.parameters(), **(options or {}))
        self.generator = torch.Generator().manual_seed(seed)
        draw = torch.Generator().manual_seed(1)
        self.x = torch.randn(7, widths[0], generator=draw).to(dtype)
        self.y = torch.randn(7, widths[-1], generator=draw).to(dtype)

    def run(self, path, epochs):
        """Train to that epoch, from the file if it is there."""
        return list(self.side.train(
            path, self.optimizer, self.model, self.loss, self.x, self.y,
            epochs, batch_size=3, generator=self.generator))

    def save(self, path, epoch=1):
        self.side.save(path, self.model, self.optimizer, epoch,
                       self.generator)

    def load(self, path):
        return self.side.load(path, self.model, self.optimizer,
                              self.generator)

    def everything(self):
        """All that a next step depends on, as values to compare."""
        state = self.optimizer.state_dict()
        entries = {(i, name): torch.as_tensor(value).tolist()
                   for i, entry in state["state"].items()
                   for name, value in entry.items()}
        options = {k: list(v) if isinstance(v, tuple) else v
                   for k, v in state["param_groups"][0].items()}
        return ([p.tolist() for p in self.model.parameters()], entries,
                options, self.generator.get_state().tolist())


@pytest.mark.parametrize("side", SIDES)
@given(choice=st.sampled_from(OPTIMISERS), seed=generators(),
       dtype=dtypes(), epochs=st.integers(1, 4), stop=st.integers(0, 4))
def test_stopped_and_continued(side, choice, seed, dtype, epochs, stop):
    """Stop after any epoch, come back: equal to the bit.

    Losses, parameters, optimiser state, options and generator. The one
    who comes back starts from another seed, so nothing is left over.
    """
    name, options = choice
    stop = min(stop, epochs)
    with tempfile.TemporaryDirectory() as folder:
        whole = Training(side, name, options, seed, dtype=dtype)
        losses = whole.run(Path(folder, "whole"), epochs)
        first = Training(side, name, options, seed, dtype=dtype)
        path = Path(folder, "stopped")
        part = first.run(path, stop)
        other_lr = {**options, "lr": 0.7}
        second = Training(side, name, other_lr if stop else options,
                          seed + 1 if stop else seed, dtype=dtype)
        rest = second.run(path, epochs)
        assert part + rest == losses
        assert len(rest) == (epochs - stop) * 3
        if stop or epochs:
            assert second.everything() == whole.everything()


@both_sides
def test_training_is_train_with(side, tmp_path):
    """Saving changes nothing: the same losses without a file."""
    a, b = Training(side), Training(side)
    plain = list(WINGS[side].mlp.train_with(
        b.optimizer, b.model, b.loss, b.x, b.y, 3, 3, b.generator))
    assert a.run(tmp_path / "file", 3) == plain
    same_parameters(a.model, b.model)


@both_sides
def test_in_order_without_a_generator(side, tmp_path):
    """No generator means no shuffling, as in mlp.train_with."""
    a, b = Training(side), Training(side)
    plain = list(WINGS[side].mlp.train_with(
        b.optimizer, b.model, b.loss, b.x, b.y, 3, 3))
    a.generator = None
    assert a.run(tmp_path / "file", 1) + a.run(tmp_path / "file",
                                               3) == plain


@both_sides
@pytest.mark.parametrize("dtype", FLOATS)
def test_everything_comes_back(side, dtype, tmp_path):
    """Parameters, state, options, epoch and generator; and no more."""
    path = tmp_path / "file"
    saved = Training(side, options={"lr": 0.3, "eps": 1e-5}, dtype=dtype)
    saved.run(path, 2)
    assert os.listdir(tmp_path) == ["file"]
    loaded = Training(side, seed=5, dtype=dtype)
    places = [p.data_ptr() for p in loaded.model.parameters()]
    assert loaded.load(path) == 2
    assert loaded.everything() == saved.everything()
    assert [p.data_ptr() for p in loaded.model.parameters()] == places


@both_sides
def test_who_reads_the_old_file_reads_it_whole(side, tmp_path):
    """A new file takes the name; the old one is never written into."""
    path = tmp_path / "file"
    training = Training(side)
    training.save(path, epoch=1)
    before = path.read_bytes()
    with path.open("rb") as reader:
        start = reader.read(10)
        training.save(path, epoch=2)
        assert start + reader.read() == before
    assert training.load(path) == 2


@both_sides
def test_a_crash_leaves_the_old_file(side, tmp_path, monkeypatch):
    """An error in mid-save: the old file whole, nothing beside it."""
    path = tmp_path / "file"
    training = Training(side)
    training.save(path, epoch=1)
    before = path.read_bytes()

    def half(*args, **kwargs):
        file = next(a for a in args if hasattr(a, "write"))
        file.write(b"half")
        raise KeyboardInterrupt

    monkeypatch.setattr(np, "savez", half)
    monkeypatch.setattr(torch, "save", half)
    with pytest.raises(KeyboardInterrupt):
        training.save(path, epoch=2)
    assert path.read_bytes() == before
    assert os.listdir(tmp_path) == ["file"]
    monkeypatch.undo()
    assert training.load(path) == 1


@both_sides
def test_a_killed_process_leaves_the_old_file(side, tmp_path):
    """Not even `finally` runs: the file under its name stays whole."""
    path = tmp_path / "file"
    Training(side).save(path, epoch=1)
    before = path.read_bytes()
    script = (
        "import os, sys, numpy, torch\n"
        f"import {side.__name__} as side\n"
        "from tests.test_checkpoint import Training\n"
        "def half(*args, **kwargs):\n"
        "    file = next(a for a in args if hasattr(a, 'write'))\n"
        "    file.write(b'half')\n"
        "    file.flush()\n"
        "    os._exit(9)\n"
        "numpy.savez = torch.save = half\n"
        f"Training(side).save({str(path)!r}, epoch=2)\n")
    result = subprocess.run([sys.executable, "-c", script])
    assert result.returncode == 9
    assert path.read_bytes() == before
    training = Training(side)
    assert training.load(path) == 1
    # and the half file is in nobody's way
    training.save(path, epoch=3)
    assert os.listdir(tmp_path) == ["file"] and training.load(path) == 3


@pytest.mark.parametrize("side", SIDES)
@settings(max_examples=3 * settings().max_examples)
@given(share=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7))
def test_a_damaged_file_is_refused(side, share, bit):
    """Turn any bit: a ValueError that names the file, or no harm done.

    Some bits, a date or padding, mean nothing. What is loaded is what
    was saved, or nothing is.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "file")
        saved = Training(side)
        saved.run(path, 1)
        content = bytearray(path.read_bytes())
        content[int(share * len(content))] ^= 1 << bit
        path.write_bytes(content)
        victim = Training(side, seed=1)
        before = victim.everything()
        try:
            assert victim.load(path) == 1
        except ValueError as error:
            assert str(path) in str(error)
            assert victim.everything() == before
        else:
            assert victim.everything() == saved.everything()


@both_sides
def test_truncated_and_foreign_files(side, tmp_path):
    """Half a file, no bytes, text, an array, the other side's file."""
    path = tmp_path / "file"
    Training(side).save(path)
    whole = path.read_bytes()
    files = {f"cut {n}": whole[:n]
             for n in (0, 1, 100, len(whole) // 2, len(whole) - 1)}
    files["text"] = b"epoch 1\n"
    np.save(tmp_path / "array.npy", np.zeros(3))
    np.savez(tmp_path / "arrays.npz", epoch=np.array(1))
    torch.save({"epoch": 1}, tmp_path / "dict.pt")
    other = SIDES[1 - SIDES.index(side)]
    Training(other).save(tmp_path / "other")
    for name in "array.npy", "arrays.npz", "dict.pt", "other":
        files[name] = (tmp_path / name).read_bytes()
    training = Training(side, seed=1)
    before = training.everything()
    for content in files.values():
        path.write_bytes(content)
        with pytest.raises(ValueError, match="must be a checkpoint"):
            training.load(path)
        assert training.everything() == before
    with pytest.raises(FileNotFoundError):
        training.load(tmp_path / "missing")


@pytest.mark.parametrize("change", [
    {"format": "checkpoint by hand, version 0"},
    {"format": "checkpoint by hand, version 2"},
    {"format": "another"}, {"extra": 1}, {"parameter.0": None},
    {"aaa": 1}, {"generator": None}])
def test_a_crafted_file_by_hand(change, tmp_path):
    """Whole arrays under the wrong names, or of another version."""
    path = tmp_path / "file"
    Training(by_hand).save(path)
    with np.load(path) as file:
        arrays = dict(file)
    for name, value in change.items():
        if value is None:
            del arrays[name]
        else:
            arrays[name] = np.array(value)
    with path.open("wb") as file:
        np.savez(file, allow_pickle=False, **arrays)
    training = Training(by_hand, seed=1)
    before = training.everything()
    with pytest.raises(ValueError, match="must be a checkpoint"):
        training.load(path)
    assert training.everything() == before


@both_sides
def test_another_model_or_optimiser(side, tmp_path):
    """A whole file of something else names both and changes nothing."""
    path = tmp_path / "file"
    training = Training(side)
    training.run(tmp_path / "own", 1)
    before = training.everything()
    for other, words in (
            (Training(side, widths=(2, 4, 1)), r"\(3, 2\).*\(4, 2\)"),
            (Training(side, widths=(2, 1)), r"\(3, 2\).*\(1, 2\)"),
            (Training(side, dtype=torch.float64), "float32.*float64"),
            (Training(side, "SGD"), "options")):
        other.save(path)
        with pytest.raises(ValueError, match=words):
            training.load(path)
        assert training.everything() == before


class Bomb:
    """What a stranger could put into a pickle."""

    def __reduce__(self):
        return os._exit, (3,)


@both_sides
def test_a_strangers_file_runs_no_code(side, tmp_path):
    """A pickle that would end this process is refused."""
    path = tmp_path / "file"
    array = np.empty(1, dtype=object)
    array[0] = Bomb()
    with path.open("wb") as file:
        np.savez(file, format=array, allow_pickle=True)
    training = Training(side)
    with pytest.raises(ValueError):
        training.load(path)
    torch.save({"format": Bomb()}, path)
    with pytest.raises(ValueError):
        training.load(path)
    path.write_bytes(pickle.dumps(Bomb()))
    with pytest.raises(ValueError):
        training.load(path)


def test_the_file_by_hand_is_plain_arrays(tmp_path):
    """NumPy alone can read it, by the names in the docstring."""
    path = tmp_path / "file"
    training = Training(by_hand)
    training.run(path, 1)
    with np.load(path) as file:
        arrays = dict(file)
    weights = [p.tolist() for p in training.model.parameters()]
    for i, weight in enumerate(weights):
        assert arrays[f"parameter.{i}"].tolist() == weight
    assert arrays["epoch"] == 1 and arrays["state.0.step"] == 3
    same(torch.from_numpy(arrays["generator"]),
         training.generator.get_state())
