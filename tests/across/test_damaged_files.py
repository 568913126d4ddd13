"""Damaged and hostile files are rejected, and they change nothing."""

import copy
import json
import os
import pickle
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

import scratch.checkpoint
import scratch.cnn
import torch_ref.checkpoint
import torch_ref.cnn
from tests.compare.closeness import same
from tests.compare.forged import changed
from tests.compare.resumable import WINGS, Training
from torch_ref import _archive

both_sides = pytest.mark.parametrize("side", WINGS)


@both_sides
@settings(max_examples=3 * settings().max_examples)
@given(share=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7))
def test_a_wrong_bit_in_a_checkpoint(side, share, bit):
    """After any bit flip, all that was saved is loaded, or nothing is.

    If nothing is, a ValueError names the file. Some bits, such as those
    of a date or of padding, carry no data.
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


class Bomb:
    """An object that ends the process when it is unpickled."""

    def __reduce__(self):
        return os._exit, (3,)


@both_sides
def test_a_strangers_file_runs_no_code(side, tmp_path):
    """A pickle that would end this process is rejected."""
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


def rejected(side, path):
    """Loading and resuming raise one ValueError, and change nothing.

    The message begins with the path.
    """
    for resume in False, True:
        victim = Training(side, seed=1)
        before, content = victim.everything(), path.read_bytes()
        with pytest.raises(ValueError) as caught:
            if resume:
                victim.run(path, 3)
            else:
                victim.load(path)
        assert type(caught.value) is ValueError
        assert str(caught.value).startswith(f"{path}: must be a checkpoint")
        assert victim.everything() == before
        assert path.read_bytes() == content


def saved_run(side, path):
    """Write a checkpoint after two epochs, and check it."""
    Training(side).run(path, 2)
    assert Training(side, seed=1).load(path) == 2


def options_of(arrays):
    """The saved options by hand."""
    return json.loads(arrays["options"].item())


def option(name, value):
    """A change of one of the saved options."""
    return lambda arrays: {"options": np.array(json.dumps(
        [{**options_of(arrays)[0], name: value}]))}


# Right names and wrong contents, by hand; None removes an array.
FORGED = {
    "generator: short": lambda a: {"generator": a["generator"][:-1]},
    "generator: empty": lambda a: {"generator": a["generator"][:0]},
    "generator: floats": lambda a: {
        "generator": a["generator"].astype(float)},
    "generator: no state": lambda a: {
        "generator": np.full_like(a["generator"], 255)},
    "generator: missing": lambda a: {"generator": None},
    "epoch: negative": lambda a: {"epoch": np.array(-1)},
    "epoch: a fraction": lambda a: {"epoch": np.array(1.5)},
    "epoch: a float": lambda a: {"epoch": np.array(2.0)},
    "epoch: NaN": lambda a: {"epoch": np.array(np.nan)},
    "epoch: True": lambda a: {"epoch": np.array(True)},
    "epoch: text": lambda a: {"epoch": np.array("2")},
    "epoch: two": lambda a: {"epoch": np.array([1, 2])},
    "epoch: many": lambda a: {"epoch": np.zeros(10 ** 6)},
    "epoch: missing": lambda a: {"epoch": None},
    "options: garbage": lambda a: {"options": np.array("{[")},
    "options: empty": lambda a: {"options": np.array("")},
    "options: a number": lambda a: {"options": np.array("3")},
    "options: a dict": lambda a: {
        "options": np.array(json.dumps(options_of(a)[0]))},
    "options: none": lambda a: {"options": np.array("[]")},
    "options: two": lambda a: {
        "options": np.array(json.dumps(2 * options_of(a)))},
    "options: deep": lambda a: {"options": np.array(10 ** 5 * "[")},
    "options: integers": lambda a: {"options": np.array([1, 2])},
    "options: missing": lambda a: {"options": None},
    **{f"options: {name} {value}": option(name, value)
       for name, value in (
           ("lr", "fast"), ("lr", float("nan")), ("lr", True), ("lr", -0.1),
           ("lr", None), ("betas", 3 * [0.9]), ("betas", 0.9),
           ("params", 3), ("params", []), ("maximize", True))},
    "parameter: missing": lambda a: {"parameter.0": None},
    "parameter: last missing": lambda a: {"parameter.3": None},
    "parameter: one more": lambda a: {"parameter.4": a["parameter.0"]},
    "parameter: no number": lambda a: {
        "parameter.0": None, "parameter.x": a["parameter.0"]},
    "parameter: text": lambda a: {"parameter.0": np.array("0")},
    "parameter: integers": lambda a: {
        "parameter.0": a["parameter.0"].astype(np.int32)},
    "parameter: halves": lambda a: {
        "parameter.0": a["parameter.0"].astype(np.float16)},
    "parameter: bits": lambda a: {
        "parameter.0": a["parameter.0"].astype(np.int16)},
    "parameter: turned": lambda a: {"parameter.0": a["parameter.0"].T},
    "parameter: flat": lambda a: {"parameter.0": a["parameter.0"].ravel()},
    "parameter: big-endian": lambda a: {
        "parameter.0": a["parameter.0"].astype(">f4")},
    "state: of no parameter": lambda a: {
        "state.9.step": a["state.0.step"]},
    "state: from the end": lambda a: {"state.-1.step": a["state.0.step"]},
    "state: no number": lambda a: {"state.x.step": a["state.0.step"]},
    "state: dots": lambda a: {"state.0.step.more": a["state.0.step"]},
    "state: no name": lambda a: {"state.0": a["state.0.step"]},
    "state: unknown": lambda a: {"state.0.more": a["state.0.exp_avg"]},
    "state: missing": lambda a: {"state.2.exp_avg": None},
    "state: turned": lambda a: {"state.0.exp_avg": a["state.0.exp_avg"].T},
    "state: text": lambda a: {"state.0.exp_avg": np.array("0")},
    "state: integers": lambda a: {
        "state.0.exp_avg": a["state.0.exp_avg"].astype(int)},
    "state: half a step": lambda a: {"state.0.step": np.array(2.5)},
    "state: steps": lambda a: {"state.0.step": np.array([1, 2])}}


def forge(path, arrays):
    """Write arrays as `save` does, with a true list of their names."""
    arrays = {key: value for key, value in arrays.items()
              if value is not None and key != "names"}
    with path.open("wb") as file:
        np.savez(file, allow_pickle=False, **arrays,
                 names=np.array(sorted(arrays)))


@pytest.mark.parametrize("name", FORGED)
def test_forged_by_hand(name, tmp_path):
    """Right names and checksums, wrong contents: rejected as a whole."""
    path = tmp_path / "run"
    saved_run(scratch.checkpoint, path)
    with np.load(path) as file:
        arrays = dict(file)
    forge(path, arrays)
    assert Training(scratch.checkpoint, seed=1).load(path) == 2
    forge(path, {**arrays, **FORGED[name](arrays)})
    rejected(scratch.checkpoint, path)


EPOCHS: tuple = (-1, 1.5, 2.0, float("nan"), True, "2", [1, 2], {})
GROUP = ("optimizer", "param_groups")
W, M = ("model", "layers.0.weight"), ("optimizer", "state", 0, "exp_avg")
FORGED_BY_TORCH: dict[str, tuple[tuple, Any]] = {
    "another version": (("format",), "checkpoint by torch, version 2"),
    **{f"{key} missing": ((key,), None)
       for key in ("epoch", "generator", "model", "optimizer")},
    **{f"{key} is a number": ((key,), 3)
       for key in ("generator", "model", "optimizer")},
    **{f"epoch is {epoch!r}": (("epoch",), epoch) for epoch in (
        *EPOCHS, torch.tensor([1, 2]), torch.tensor(1.0))},
    "generator: short": (("generator",), torch.zeros(5, dtype=torch.uint8)),
    "generator: floats": (("generator",), torch.zeros(5056)),
    "generator: no state": (("generator",), torch.full(
        (5056,), 255, dtype=torch.uint8)),
    "no group": (GROUP, []), "groups: a number": (GROUP, 3),
    "groups: a dict": (GROUP, {}), "two groups": (GROUP, [{}, {}]),
    "groups: text": (GROUP, ["lr"]),
    **{f"{option} is {value!r}": ((*GROUP, 0, option), value)
       for option, value in (
           ("lr", "fast"), ("lr", float("nan")), ("lr", -0.1), ("lr", True),
           ("lr", torch.tensor(0.1)), ("lr", None), ("betas", (0.9,)),
           ("betas", None), ("params", None), ("params", 3),
           ("params", [0, 0, 1, 2]), ("maximize", True),
           ("decoupled_weight_decay", True))},
    "model: one less": (W, None), "model: a number": (W, 1.0),
    "model: one more": (("model", "more"), torch.ones(3, 2)),
    "model: turned": (W, torch.ones(2, 3)),
    "model: doubles": (W, torch.ones(3, 2).double()),
    "model: sparse": (W, torch.ones(3, 2).to_sparse()),
    "model: without numbers": (W, torch.ones(3, 2, device="meta")),
    "state: a list": (M[:2], [1]), "state: entries": (M[:3], 5),
    "state: of no parameter": ((*M[:2], 9), {}),
    "state: from the end": ((*M[:2], -1), {}),
    "state: unknown": ((*M[:3], "more"), torch.ones(3, 2)),
    "state: missing": (M, None), "state: a number": (M, 1.0),
    "state: turned": (M, torch.ones(2, 3)),
    "state: integers": (M, torch.ones(3, 2, dtype=torch.int64)),
    "state: sparse": (M, torch.ones(3, 2).to_sparse()),
    "state: without numbers": (M, torch.ones(3, 2, device="meta")),
    "state: half a step": ((*M[:3], "step"), torch.tensor(2.5)),
    "state: steps": ((*M[:3], "step"), torch.ones(2))}


@pytest.mark.parametrize("name", FORGED_BY_TORCH)
def test_forged_by_torch(name, tmp_path):
    """The same in the file by torch: rejected as a whole."""
    path, side = tmp_path / "run", torch_ref.checkpoint
    saved_run(side, path)
    content = _archive.read(path, side.FORMAT)
    content["model"] = dict(content["model"])
    forged = changed(content, *FORGED_BY_TORCH[name])
    _archive.write(path, content)
    assert Training(side, seed=1).load(path) == 2
    torch.save(forged, path)
    rejected(side, path)


@pytest.mark.parametrize("keys, value", [
    (("model", "linear.bias"), torch.zeros(9)),
    (("model", "linear.bias"), torch.zeros(10).double()),
    (("optimizer", "state", 5, "exp_avg"), torch.zeros(9)),
    (("scheduler", "last_epoch"), 2), (("step",), 2),
    *[(("scheduler", "_last_lr"), lrs) for lrs in (
        [-1.0], [], [0.01, 0.01])]])
@pytest.mark.parametrize("cnn", [scratch.cnn, torch_ref.cnn])
def test_a_state_of_the_cnn_that_fits_in_part(cnn, keys, value):
    """Nothing of it is loaded. Torch alone would load what fits."""
    x, y = torch.zeros(8, 1, 8, 8), torch.arange(8)
    saved, victim = (cnn.Training(
        cnn.CNN(generator=seed, size=8), x, y, cnn.RECIPES["fast"], 3)
        for seed in (0, 1))
    for training in saved, victim:
        next(iter(training))
    before = copy.deepcopy(victim.state_dict())
    with pytest.raises(ValueError):
        victim.load_state_dict(changed(saved.state_dict(), keys, value))
    after = victim.state_dict()
    assert after["step"] == 1 and after["scheduler"] == before["scheduler"]
    for name, p in after["model"].items():
        same(p, before["model"][name])
    for i, entries in after["optimizer"]["state"].items():
        for name, entry in entries.items():
            # By hand the step is an int.
            same(torch.as_tensor(entry), torch.as_tensor(
                before["optimizer"]["state"][i][name]))
