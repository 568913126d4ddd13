"""Checkpoints: a run that is stopped and resumed is the same run."""

import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import example, given
from hypothesis import strategies as st

import scratch.checkpoint as by_hand
import torch_ref.checkpoint as by_torch
from tests.compare.closeness import same
from tests.compare.draw import FLOATS, dtypes, generators
from tests.compare.resumable import Training
from tests.compare.trainings import same_parameters

SIDES = [by_hand, by_torch]
both_sides = pytest.mark.parametrize("side", SIDES)

OPTIMISERS = [
    ("SGD", {"lr": 0.1}), ("SGD", {"lr": 0.1, "momentum": 0.9}),
    ("RMSprop", {"centered": True, "momentum": 0.5}), ("Adagrad", {}),
    ("Adam", {"lr": 0.1, "betas": (0.8, 0.9), "amsgrad": True}),
    ("AdamW", {"lr": 1 / 3})]


@dataclass
class Stopped:
    """A run of some epochs that is stopped and resumed once."""

    optimiser: str
    options: dict[str, Any]
    seed: int
    dtype: torch.dtype
    epochs: int
    # after how many of them
    stop: int


@st.composite
def stopped_runs(draw):
    """Any optimiser; stopped before, between or after the epochs."""
    optimiser, options = draw(st.sampled_from(OPTIMISERS))
    epochs = draw(st.integers(1, 4))
    return Stopped(optimiser, options, draw(generators()), draw(dtypes()),
                   epochs, draw(st.integers(0, epochs)))


@both_sides
@given(run=stopped_runs())
@example(run=Stopped("SGD", {"lr": 0.1, "momentum": 0.9}, 0,
                     torch.float32, epochs=2, stop=1))
def test_stopped_and_continued(side, run):
    """A run stopped after any epoch and resumed is equal to the bit.

    Losses, parameters, optimiser state, options and generator agree.
    The resumed run starts with another seed and learning rate, so that
    everything must come from the file.
    """
    with tempfile.TemporaryDirectory() as folder:
        whole = Training(side, run.optimiser, run.options, run.seed,
                         dtype=run.dtype)
        losses = whole.run(Path(folder, "whole"), run.epochs)
        first = Training(side, run.optimiser, run.options, run.seed,
                         dtype=run.dtype)
        path = Path(folder, "stopped")
        part = first.run(path, run.stop)
        other_lr = {**run.options, "lr": 0.7}
        second = Training(side, run.optimiser,
                          other_lr if run.stop else run.options,
                          run.seed + 1 if run.stop else run.seed,
                          dtype=run.dtype)
        rest = second.run(path, run.epochs)
        assert part + rest == losses
        assert len(rest) == (run.epochs - run.stop) * 3
        assert second.everything() == whole.everything()


@both_sides
def test_training_is_train_with(side, tmp_path):
    """Saving changes nothing: the same losses without a file."""
    a, b = Training(side), Training(side)
    plain = b.run_without_a_file(3, b.generator)
    assert a.run(tmp_path / "file", 3) == plain
    same_parameters(a.model, b.model)


@both_sides
def test_in_order_without_a_generator(side, tmp_path):
    """Without a generator the rows stay in order, as in mlp.train_with.
    """
    a, b = Training(side), Training(side)
    plain = b.run_without_a_file(3)
    a.generator = None
    assert a.run(tmp_path / "file", 1) + a.run(tmp_path / "file",
                                               3) == plain


@both_sides
@pytest.mark.parametrize("dtype", FLOATS)
def test_everything_comes_back(side, dtype, tmp_path):
    """Parameters, state, options, epoch and generator, in one file."""
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
    """A new file takes the name, so an open old file stays whole."""
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
    """After an error in save the old file is whole and alone."""
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
    """Even if `finally` never runs, the old file stays whole."""
    path = tmp_path / "file"
    Training(side).save(path, epoch=1)
    before = path.read_bytes()
    script = (
        "import os, sys, numpy, torch\n"
        f"import {side.__name__} as side\n"
        "from tests.compare.resumable import Training\n"
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
    # The half-written file does no harm.
    training.save(path, epoch=3)
    assert os.listdir(tmp_path) == ["file"] and training.load(path) == 3


@both_sides
def test_truncated_and_foreign_files(side, tmp_path):
    """Files cut short, and files of any other kind, are rejected."""
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
    """Valid arrays with wrong names or another version are rejected."""
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
    """The file of another model or optimiser: the error names both."""
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


def test_the_file_by_hand_is_plain_arrays(tmp_path):
    """NumPy alone can read it: a named array for each thing saved."""
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
