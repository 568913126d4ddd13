"""python -m scratch cnn: what it saves, loads, and resumes."""

import dataclasses
import os
import re
import time
from pathlib import Path

import pytest
import torch

from scratch.front_door.cnn import images
from scratch.front_door.device import good_at_bf16
from tests.compare.closeness import same
from tests.front_door.command import known, printed, run, status
from tests.compare.forked import forked
from torch_ref._archive import read, write
from torch_ref.cnn import CNN, RECIPES, Training

FORMAT = "checkpoint of the CNN, version 1"
pytestmark = pytest.mark.usefixtures("one_thread")


def states_equal(first, second):
    """Two checkpoints have equal tensors and numbers, to the bit."""
    assert type(first) is type(second)
    if isinstance(first, dict):
        assert first.keys() == second.keys()
        for key in first:
            states_equal(first[key], second[key])
    elif isinstance(first, (list, tuple)):
        assert len(first) == len(second)
        for a, b in zip(first, second):
            states_equal(a, b)
    elif isinstance(first, torch.Tensor):
        same(first, second)
    else:
        assert first == second


@pytest.mark.parametrize("seed, recipe", [(0, "fast"), (1, "lecture"),
                                          (2, "fast")])
def test_a_run_is_what_the_library_does(seed, recipe, capsys):
    """The checkpoint equals, to the bit, that of a training built here.

    The seed decides split, initial weights and shuffling.
    """
    known(capsys, "--seed", str(seed), "--recipe", recipe, "--save", "a.pt")
    x, _, y, _ = images.read("digits", Path(), seed)
    fast = recipe == "fast"
    model = (CNN(x.mean().item(), x.std().item(), seed) if fast
             else CNN(0.0, 1.0, seed))
    training = Training(
        model, x, y, dataclasses.replace(RECIPES[recipe], batch_size=16),
        seed=seed, bf16=fast and good_at_bf16("cpu"))
    for _ in training:
        pass
    states_equal(read("a.pt", FORMAT)["training"], training.state_dict())


@pytest.fixture(scope="module")
def checkpoints(tmp_path_factory):
    """What --save writes after one epoch and after two."""
    found = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("scratch.front_door.cnn.run.use_all_cores",
                      lambda processes: None)
        patch.chdir(tmp_path_factory.mktemp("checkpoints"))
        for epochs in 1, 2:
            assert printed("cnn", "--quiet", "--no-figure", "--epochs",
                           str(epochs), "--save", "a.pt") == (0, "", "")
            found[epochs] = Path("a.pt").read_bytes()
    return found


def test_save_without_resume_begins_anew(checkpoints, capsys):
    """Without --resume an old checkpoint is replaced."""
    Path("a.pt").write_bytes(checkpoints[1])
    assert known(capsys, "--save", "a.pt")["images"] == 1438


def test_save_and_load(capsys):
    """A saved net gives the same results, without training."""
    trained = known(capsys, "--save", "a.pt", "--seed", "1")
    loaded = known(capsys, "--load", "a.pt")
    assert loaded["images"] == 0
    for key in ("seed", "confusion", "accuracy", "history", "labels"):
        assert loaded[key] == trained[key]
    status, out, _ = run(capsys, "cnn", "--load", "a.pt")
    assert status == 0 and "trained on" not in out
    assert sorted(os.listdir()) == ["a.pt", "cnn.png"]


@pytest.mark.skipif(os.name == "nt", reason="signals are POSIX's")
def test_a_killed_run_resumes_to_the_same_result(tmp_path):
    """A killed and resumed run ends with an uninterrupted run's checkpoint.

    It is killed after its first checkpoint.
    """
    argv = ["--epochs", "3", "--quiet", "--no-figure", "--resume",
            "--device", "cpu"]
    assert status("cnn", *argv, "--save", "whole.pt") == 0
    # with one thread, as here: two would sum in another order
    with forked("cnn", *argv, "--save", "killed.pt") as killed:
        while not Path("killed.pt").exists():
            assert killed.is_alive()
            time.sleep(0.01)
    # A checkpoint is written every 100 steps, of 270.
    assert read("killed.pt", FORMAT)["training"]["step"] in (100, 200)
    assert status("cnn", *argv, "--save", "killed.pt") == 0
    expected, result = read("whole.pt", FORMAT), read("killed.pt", FORMAT)
    assert expected["training"]["step"] == 3 * 90
    assert len(result["history"]) == 3
    states_equal(expected, result)


def test_another_seed_would_show_what_was_learnt(checkpoints, capsys):
    """--load rejects another seed: the test set would have training rows."""
    Path("a.pt").write_bytes(checkpoints[1])
    status, _, err = run(capsys, "cnn", "--load", "a.pt", "--seed", "1")
    assert status == 2 and "must be 0, as in the checkpoint, got 1" in err
    known(capsys, "--load", "a.pt", "--seed", "0")


def test_resume_from_another_file(capsys):
    """Resume from --load, write to --save: a copy of a complete run."""
    first = known(capsys, "--epochs", "2", "--save", "a.pt")
    second = known(capsys, "--load", "a.pt", "--resume", "--save", "b.pt")
    assert second["images"] == 0 and second["epochs"] == 2
    assert second["confusion"] == first["confusion"]
    assert sorted(os.listdir()) == ["a.pt", "b.pt"]
    states_equal(read("a.pt", FORMAT), read("b.pt", FORMAT))
    _, out, _ = run(capsys, "cnn", "--load", "a.pt", "--resume", "--no-figure")
    assert "no training in this run" in out


def test_what_is_no_checkpoint_is_not_replaced(capsys):
    """--save rejects other files, pipes, and the path of another option."""
    Path("thesis.txt").write_text("years of work")
    status, _, err = run(capsys, "cnn", "--save", "thesis.txt")
    assert status == 3 and "thesis.txt: must be a checkpoint" in err
    assert Path("thesis.txt").read_text() == "years of work"
    os.mkfifo("pipe")
    status, _, err = run(capsys, "cnn", "--save", "pipe")
    assert status == 2 and "--save: cannot write 'pipe'" in err
    status, _, err = run(capsys, "cnn", "--save", "a.png", "--figure", "a.png")
    assert status == 2 and "different files, got 'a.png'" in err
    assert sorted(os.listdir()) == ["pipe", "thesis.txt"]


def test_a_link_stays_a_link(capsys):
    """--save to a symbolic link writes the file that it points to."""
    os.mkdir("elsewhere")
    Path("link.pt").symlink_to("elsewhere/a.pt")
    for _ in range(2):
        known(capsys, "--save", "link.pt", "--batch-size", "360")
    assert Path("link.pt").is_symlink()
    assert os.listdir("elsewhere") == ["a.pt"]


@pytest.mark.parametrize("data, others, recipe, inputs", [
    ("mnist", ["digits", "fashion"], "fast", 32 * 5 * 5),
    ("digits", ["mnist"], "fast", 32 * 7 * 7),
    ("mnist", ["fashion"], "lecture", 32 * 7 * 7)])
def test_a_net_on_other_data(data, others, recipe, inputs, folder, capsys):
    """A net sees other data at its own size, without its old history."""
    argv = ["--data-dir", str(folder)]
    first = known(capsys, *argv, "--data", data, "--recipe", recipe,
                  "--save", "a.pt")
    weight = read("a.pt", FORMAT)["training"]["model"]["linear.weight"]
    assert weight.shape == (10, inputs)
    for other in others:
        record = known(capsys, *argv, "--load", "a.pt", "--data", other)
        assert record["data"] == other and record["history"] == []
    again = known(capsys, *argv, "--load", "a.pt")
    assert again["confusion"] == first["confusion"]


@pytest.mark.parametrize("option, value, words", [
    ("--epochs", "3", "must be 2, .* got 3"), ("--lr", "0.5", "got 0.5"),
    ("--recipe", "lecture", "must be fast, .* got lecture"),
    ("--batch-size", "8", "--batch-size must be 16, .* got 8"),
    ("--seed", "1", "must be 0, .* got 1"),
    ("--data", "mnist", "must be digits, .* got mnist")])
def test_resume_with_other_options(option, value, words, checkpoints,
                                   capsys):
    """An option that would change the result is rejected."""
    Path("a.pt").write_bytes(checkpoints[2])
    status, out, err = run(capsys, "cnn", "--resume", "--save", "a.pt", option,
                           value)
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert re.search(words, err), err
    known(capsys, "--resume", "--save", "a.pt", "--epochs", "2")


@pytest.mark.parametrize("damage", ["cut", "flip", "foreign", "other",
                                    "less"])
def test_a_damaged_checkpoint(damage, checkpoints, capsys):
    """Exit status 3, one line that names it; the file is unchanged."""
    path = Path("a.pt")
    path.write_bytes(checkpoints[1])
    content = bytearray(checkpoints[1])
    if damage == "cut":
        del content[5000:]
    elif damage == "flip":
        content[len(content) // 2] ^= 1
    elif damage == "foreign":
        content = bytearray(b"PK")
    elif damage == "other":
        write("b.pt", {**read("a.pt", FORMAT), "format": "another"})
        content = bytearray(Path("b.pt").read_bytes())
    else:
        write("b.pt", {"format": FORMAT})
        content = bytearray(Path("b.pt").read_bytes())
    path.write_bytes(content)
    for argv in ["--load", "a.pt"], ["--save", "a.pt", "--resume"]:
        status, out, err = run(capsys, "cnn", *argv)
        assert (status, out, err.count("\n")) == (3, "", 1)
        assert re.search(r"a\.pt: .*\bmust\b.* got ", err), err
        assert "checkpoint of the CNN" in err
    assert path.read_bytes() == content


@pytest.mark.parametrize("option", [
    ["--save", "b.pt"], ["--epochs", "2"], ["--recipe", "fast"],
    ["--lr", "1"], ["--batch-size", "2"]])
def test_load_alone_does_not_train(option, capsys):
    """--load without --resume rejects the options of training."""
    Path("a.pt").touch()
    status, _, err = run(capsys, "cnn", "--load", "a.pt", *option)
    assert status == 2 and f"{option[0]} needs --resume" in err
