"""python -m scratch cnn: checkpoints with right keys and wrong contents."""

import copy
import dataclasses
from pathlib import Path
from typing import Any

import pytest
import torch

from scratch.front_door.cnn import images
from scratch.front_door.cnn.checkpoint import _check_options
from tests.compare.forged import changed
from tests.front_door.command import known, run
from torch_ref._archive import write
from torch_ref.cnn import CNN, RECIPES, Training

FORMAT = "checkpoint of the CNN, version 1"
ENTRY = {"epoch": 1, "loss": 0.5, "accuracy": 0.5}
pytestmark = pytest.mark.usefixtures("one_thread")


@pytest.fixture(scope="module")
def content():
    """A checkpoint that has 3 of 180 steps still to take."""
    x, _, y, _ = images.read("digits", Path(), 0)
    training = Training(CNN(generator=0), x, y, dataclasses.replace(
        RECIPES["lecture"], batch_size=16), epochs=2)
    training.step = 177
    for _loss in training:
        pass
    training.step = 177
    state = copy.deepcopy(training.state_dict())
    state["model"] = dict(state["model"])
    state["scheduler"].update(last_epoch=177, _step_count=178)
    return {"format": FORMAT, "history": [ENTRY], "training": state,
            "options": {"data": "digits", "recipe": "lecture", "epochs": 2,
                        "seed": 0, "batch_size": 16, "lr": 1e-3}}


WRONG: tuple = (-1, 1.0, "1", True, 2 ** 63, [1])
NONSENSE: tuple = (0.5, {}, None, "x", [])
TRAINING = ("training",)
GROUP = (*TRAINING, "optimizer", "param_groups", 0)
STATE = (*TRAINING, "optimizer", "state", 0)
FORGED: list[tuple[tuple, Any]] = [
    (("options",), {}), (("options",), 3), (("options",), []),
    (("options", "lr"), None), (("options", "more"), 1),
    (("options", "data"), "letters"), (("options", "data"), ["digits"]),
    (("options", "recipe"), "slow"), (("options", "recipe"), 1),
    *[(("options", name), value)
      for name in ("epochs", "seed", "batch_size")
      for value in WRONG],
    (("options", "epochs"), 0), (("options", "batch_size"), 0),
    *[(("options", "lr"), value) for value in (
        0.0, -0.1, float("nan"), float("inf"), "1", True)],
    (("history",), 3), (("history",), {}), (("history",), [3]),
    (("history",), [{}]), (("history",), "none"),
    *[(("history",), [{**ENTRY, name: value}]) for name, value in (
        ("epoch", 0), ("epoch", 1.5), ("loss", "low"), ("loss", True),
        ("accuracy", [0.5]), ("more", 1))],
    (TRAINING, {}), (TRAINING, 3), (TRAINING, []),
    *[((*TRAINING, key), value)
      for key in ("step", "model", "optimizer", "scheduler")
      for value in NONSENSE],
    *[((*TRAINING, "step"), value) for value in (
        -1, 176, 181, 177.0, True, 10 ** 30, torch.tensor([1, 2]))],
    ((*TRAINING, "model", "linear.bias"), None),
    ((*TRAINING, "model", "linear.bias"), torch.zeros(9)),
    ((*TRAINING, "model", "linear.bias"), torch.zeros(10).double()),
    ((*TRAINING, "model", "mean"), 0.0),
    ((*GROUP, "lr"), "x"), ((*GROUP, "lr"), -1.0), ((*GROUP, "lr"), None),
    ((*GROUP, "betas"), (0.9, 2.0)), ((*GROUP, "initial_lr"), "x"),
    ((*GROUP, "maximize"), True), ((*GROUP, "params"), [0]),
    ((*STATE, "exp_avg"), None), ((*STATE, "exp_avg"), torch.zeros(3)),
    ((*STATE, "step"), torch.tensor(-1.0)),
    *[((*TRAINING, "scheduler", key), value) for key, value in (
        ("last_epoch", 5), ("last_epoch", "x"), ("_step_count", 0),
        ("_last_lr", 3), ("_last_lr", ["x"]), ("_last_lr", [-1.0]),
        ("_last_lr", []), ("_last_lr", [1e-3, 1e-3]),
        ("base_lrs", [1.0]), ("factor", 2), ("step", 1),
        ("factor", None), ("last_epoch", None))]]


WAYS = [["--load", "a.pt"], ["--save", "a.pt", "--resume"],
        ["--load", "a.pt", "--save", "b.pt", "--resume"]]


@pytest.mark.parametrize("keys, value, argv", [
    (*forged, WAYS[i % 3]) for i, forged in enumerate(FORGED)])
def test_forged(keys, value, argv, content, capsys):
    """One line that begins with the path; exit status 3; no training."""
    write("a.pt", changed(content, keys, value))
    before = Path("a.pt").read_bytes()
    code, out, err = run(capsys, "cnn", "--no-figure", *argv)
    assert (code, out, err.count("\n")) == (3, "", 1), err
    assert err.startswith("python -m scratch cnn: a.pt: must be a "
                          "checkpoint of the CNN"), err
    assert Path("a.pt").read_bytes() == before
    assert not Path("b.pt").exists()


def test_what_is_not_forged(content, capsys):
    """The same file without a change is loaded, and resumed."""
    write("a.pt", content)
    assert known(capsys, "--load", "a.pt")["images"] == 0
    record = known(capsys, "--save", "a.pt", "--resume")
    assert record["step"] == 180 and len(record["history"]) == 2
    assert record["history"][0] == ENTRY


@pytest.mark.parametrize("key, value", [
    (("model", "linear.bias"), torch.zeros(10).double()),
    (("model", "linear.bias"), torch.zeros(9)), (("model",), {}),
    (("step",), -1), (("step",), 1.0), (("step",), None)])
def test_forged_on_other_data(key, value, content, folder, capsys):
    """There the net alone is loaded, and checked no less."""
    write("a.pt", changed(content, (*TRAINING, *key), value))
    code, out, err = run(capsys, "cnn", "--no-figure", "--load", "a.pt",
                         "--data", "mnist", "--data-dir", str(folder))
    assert (code, out, err.count("\n")) == (3, "", 1), err
    assert "a.pt: must be a checkpoint of the CNN" in err


@pytest.mark.parametrize("name, least", [
    ("epochs", 1), ("seed", 0), ("batch_size", 1)])
def test_the_smallest_options(name, least, content):
    """What the command line accepts, a checkpoint may have, and no less."""
    _check_options({**content["options"], name: least})
    with pytest.raises(ValueError, match=f"{name} must be at least {least}"):
        _check_options({**content["options"], name: least - 1})


def test_from_a_gpu_to_a_cpu(content, capsys, monkeypatch):
    """A checkpoint written on a GPU is evaluated and resumed on a CPU."""
    write("own.pt", content)
    with monkeypatch.context() as patched:
        patched.setattr(torch.serialization, "location_tag",
                        lambda storage: "cuda:99")
        write("a.pt", content)
    for resume in [], ["--resume"]:
        expected, found = (known(capsys, "--load", path, *resume)
                           for path in ("own.pt", "a.pt"))
        for key in "step", "confusion", "history", "labels":
            assert found[key] == expected[key]


@pytest.mark.parametrize("recipe", RECIPES)
@pytest.mark.parametrize("steps", [0, 1, 5, 6])
def test_a_training_is_loaded_whole_or_not_at_all(recipe, steps):
    """Any step of a training is accepted, and no state in part."""
    x, y = torch.rand(48, 1, 28, 28), torch.arange(48) % 10

    def training(seed):
        """A training of two epochs, of one or three steps each."""
        return Training(CNN(generator=seed), x, y, dataclasses.replace(
            RECIPES[recipe], batch_size=16), epochs=2)

    first, second = training(0), training(1)
    for _step, _loss in zip(range(steps), first):
        pass
    state = copy.deepcopy(first.state_dict())
    before = copy.deepcopy(second.state_dict())
    for key in state:
        for wrong in NONSENSE:
            with pytest.raises(Exception):
                second.load_state_dict({**state, key: wrong})
            alike(second.state_dict(), before)
    second.load_state_dict(state)
    alike(second.state_dict(), state)


def alike(first, second):
    """Two states are equal, to the bit."""
    if isinstance(first, dict):
        assert first.keys() == second.keys()
        for key in first:
            alike(first[key], second[key])
    elif isinstance(first, torch.Tensor):
        assert torch.equal(first, second)
    elif isinstance(first, list):
        assert len(first) == len(second)
        for a, b in zip(first, second):
            alike(a, b)
    else:
        assert first == second
