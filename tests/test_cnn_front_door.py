"""python -m torch_ref: what it prints, saves, refuses, and resumes."""

import dataclasses
import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import matplotlib.image
import pytest
import torch

from tests.closeness import same
from tests.commands import heavy_imports, on_a_terminal
from tests.idx import write_images
from torch_ref.__main__ import main
from torch_ref._archive import read, write
from torch_ref.cnn import CNN, RECIPES, Training
from torch_ref.front_door import sources
from torch_ref.front_door.machine import good_at_bf16

ROOT = Path(__file__).parent.parent
DATA = os.environ.get("SCRATCH_DATA", "data")
FORMAT = "checkpoint of the CNN, version 1"


@pytest.fixture(autouse=True)
def an_empty_folder(tmp_path, monkeypatch):
    """Each test runs in one, is not told of any data, has one thread."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("SCRATCH_DATA", raising=False)
    # On a busy machine two threads take many times as long as one.
    monkeypatch.setattr("torch_ref.front_door.run.use_all_cores",
                        lambda processes: None)


def run(capsys, *argv):
    """Exit status, standard output, standard error."""
    try:
        status = main(list(argv))
    except SystemExit as stop:
        return stop.code, *capsys.readouterr()
    return status, *capsys.readouterr()


def known(capsys, *argv):
    """What --json says of a run that goes well."""
    status, out, err = run(capsys, "--json", "--no-figure", *argv)
    assert (status, err) == (0, "")
    return json.loads(out)


def test_report(capsys):
    """Digits: 95 % after one epoch; the first ten; one figure."""
    status, out, err = run(capsys)
    assert (status, err) == (0, "")
    right, tests, share = re.search(
        r"(\d+) of (\d+) test images right: ([\d.]+)", out).groups()
    assert int(tests) == 359 and float(share) >= 0.95
    assert float(share) == pytest.approx(int(right) / 359, abs=1e-4)
    table = out.split("truth")[1].splitlines()[1:11]
    assert all(re.fullmatch(r"\d +\d(  \(wrong\))?", row) for row in table)
    assert max(map(len, out.splitlines())) <= 80
    assert os.listdir() == ["cnn.png"]
    height, width, _ = matplotlib.image.imread("cnn.png").shape
    assert width > height > 600


def test_json(capsys):
    """One object: the options, the machine, the result."""
    first = known(capsys, "--epochs", "2", "--seed", "3")
    assert first["recipe"] == "fast" and first["data"] == "digits"
    assert (first["batch_size"], first["lr"]) == (16, 0.01)
    assert first["step"] == first["steps"] == 180
    assert first["images"] == 2 * 1438 and first["seconds"] > 0
    assert [entry["epoch"] for entry in first["history"]] == [1, 2]
    assert first["history"][-1]["accuracy"] == first["accuracy"]
    confusion = torch.tensor(first["confusion"])
    assert confusion.shape == (10, 10) and confusion.sum() == 359
    assert confusion.diag().sum() / 359 == pytest.approx(
        first["accuracy"])
    # A seed repeats a run.
    again = known(capsys, "--epochs", "2", "--seed", "3")
    for record in first, again:
        del record["seconds"]
    assert first == again
    assert known(capsys)["confusion"] != first["confusion"]


@pytest.mark.parametrize("seed, recipe", [(0, "fast"), (1, "lecture"),
                                          (2, "fast")])
def test_a_run_is_what_the_library_does(seed, recipe, capsys):
    """Split, normalisation, start and shuffling, all by the seed: the
    checkpoint is that of a training put together here, to the bit.
    """
    known(capsys, "--seed", str(seed), "--recipe", recipe, "--save", "a.pt")
    x, _, y, _ = sources.read("digits", Path(), seed)
    fast = recipe == "fast"
    model = (CNN(x.mean().item(), x.std().item(), seed) if fast
             else CNN(0.0, 1.0, seed))
    training = Training(
        model, x, y, dataclasses.replace(RECIPES[recipe], batch_size=16),
        seed=seed, bf16=fast and good_at_bf16("cpu"))
    for _ in training:
        pass
    states_equal(read("a.pt", FORMAT)["training"], training.state_dict())


def test_the_figure_shows_test_images(monkeypatch, capsys):
    """Not those of the training."""
    shown = []
    monkeypatch.setattr("torch_ref.front_door.figure.draw",
                        lambda path, known, model, x: shown.append(x))
    run(capsys)
    same(shown[0], sources.read("digits", Path(), 0)[1])


def test_quiet(capsys):
    """Not a word, and the figure all the same."""
    assert run(capsys, "--quiet") == (0, "", "")
    assert os.listdir() == ["cnn.png"]


def test_save_without_resume_begins_anew(capsys):
    """An old checkpoint is replaced."""
    for _ in range(2):
        assert known(capsys, "--save", "a.pt")["images"] == 1438


def test_options_reach_the_training(capsys):
    """--recipe, --batch-size, --lr, --device."""
    record = known(capsys, "--recipe", "lecture", "--batch-size", "100",
                   "--lr", "0.002", "--device", "cpu")
    assert record["recipe"] == "lecture" and not record["bf16"]
    assert record["steps"] == 15 and record["lr"] == 0.002
    other = known(capsys, "--recipe", "lecture", "--batch-size", "100")
    assert other["lr"] == 0.001
    assert other["history"] != record["history"]


@pytest.mark.parametrize("data, name", [("mnist", "MNIST"),
                                        ("fashion", "FashionMNIST")])
def test_images_from_files(data, name, tmp_path, capsys):
    """28 x 28 from files, with a figure; classes have their names."""
    write_images(tmp_path, name)
    for recipe, size in ("fast", 128), ("lecture", 50):
        record = known(capsys, "--data", data, "--data-dir",
                       str(tmp_path), "--recipe", recipe)
        assert record["batch_size"] == size
    status, out, _ = run(capsys, "--data", data, "--data-dir",
                         str(tmp_path), "--batch-size", "10", "--epochs",
                         "8")
    assert status == 0 and "of 40 test images right: 1.0000" in out
    assert ("Ankle boot" in out) == (data == "fashion")
    assert Path("cnn.png").exists()


def test_no_files_and_damaged_files(tmp_path, capsys):
    """Exit 3 and one line, as the other front door has it."""
    status, out, err = run(capsys, "--data", "mnist")
    assert (status, out, err.count("\n")) == (3, "", 1)
    assert err.endswith(
        "it: python -m torch_ref --data mnist --download\n")
    write_images(tmp_path / "packed", packed=".gz")
    status, _, err = run(capsys, "--data", "mnist", "--data-dir",
                         str(tmp_path / "packed"))
    assert status == 3 and "not found in" in err and "--download" in err
    write_images(tmp_path)
    path = tmp_path / "MNIST" / "raw" / "t10k-labels-idx1-ubyte"
    path.write_bytes(b"")
    status, _, err = run(capsys, "--data", "mnist", "--data-dir",
                         str(tmp_path))
    assert status == 3 and str(path) in err and err.count("\n") == 1


@pytest.mark.skipif(os.name == "nt", reason="terminals are POSIX's")
def test_progress_bar():
    """On a terminal: steps, loss, accuracy so far; the report is apart."""
    out, shown = on_a_terminal("torch_ref", "--no-figure")
    assert "/90" in shown and "test images right" not in shown
    loss, share = re.search(r"loss ([\d.]+), accuracy (\d\.\d{3})",
                            shown).groups()
    assert 0.4 < float(loss) < 2.5 and 0.5 < float(share) <= 1
    assert "test images right" in out and "steps" not in out


def test_save_and_load(capsys):
    """A saved net says what it said, without training."""
    trained = known(capsys, "--save", "a.pt", "--seed", "1")
    loaded = known(capsys, "--load", "a.pt")
    assert loaded["images"] == 0
    for key in ("seed", "confusion", "accuracy", "history", "labels"):
        assert loaded[key] == trained[key]
    status, out, _ = run(capsys, "--load", "a.pt")
    assert status == 0 and "trained on" not in out
    assert sorted(os.listdir()) == ["a.pt", "cnn.png"]


def states_equal(first, second):
    """Every tensor and number of two checkpoints, to the bit."""
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


@pytest.mark.skipif(os.name == "nt", reason="signals are POSIX's")
def test_a_killed_run_resumes_to_the_same_result(tmp_path):
    """Killed without warning after its first checkpoint; then the same
    command with --resume: the checkpoint of a run that was left alone.
    """
    argv = ["--epochs", "3", "--quiet", "--no-figure", "--resume",
            "--device", "cpu"]
    assert main([*argv, "--save", "whole.pt"]) == 0
    # with one thread, as here: two would add up in another order
    script = ("import sys, torch\n"
              "torch.set_num_threads(1)\n"
              "from torch_ref.front_door import run\n"
              "run.use_all_cores = lambda processes: None\n"
              "from torch_ref.__main__ import main\n"
              "main(sys.argv[1:])\n")
    killed = subprocess.Popen(
        [sys.executable, "-c", script, *argv, "--save", "killed.pt"],
        env={**os.environ, "PYTHONPATH": str(ROOT)})
    while not Path("killed.pt").exists():
        assert killed.poll() is None
        time.sleep(0.01)
    killed.send_signal(signal.SIGKILL)
    killed.wait()
    # Every 100 steps, of 270.
    assert read("killed.pt", FORMAT)["training"]["step"] in (100, 200)
    assert main([*argv, "--save", "killed.pt"]) == 0
    expected, result = read("whole.pt", FORMAT), read("killed.pt", FORMAT)
    assert expected["training"]["step"] == 3 * 90
    assert len(result["history"]) == 3
    states_equal(expected, result)


def test_another_seed_would_show_what_was_learnt(capsys):
    """The digits held back depend on the seed."""
    known(capsys, "--save", "a.pt")
    status, _, err = run(capsys, "--load", "a.pt", "--seed", "1")
    assert status == 2 and "has 0, given 1" in err
    known(capsys, "--load", "a.pt", "--seed", "0")


def test_resume_from_another_file(capsys):
    """--load to go on from, --save to write to: a copy if it was done."""
    first = known(capsys, "--epochs", "2", "--save", "a.pt")
    second = known(capsys, "--load", "a.pt", "--resume", "--save", "b.pt")
    assert second["images"] == 0 and second["epochs"] == 2
    assert second["confusion"] == first["confusion"]
    assert sorted(os.listdir()) == ["a.pt", "b.pt"]
    states_equal(read("a.pt", FORMAT), read("b.pt", FORMAT))
    _, out, _ = run(capsys, "--load", "a.pt", "--resume", "--no-figure")
    assert "no training was left to do" in out


def test_what_is_no_checkpoint_is_not_replaced(capsys):
    """Nor is a device, nor one file written for two options."""
    Path("thesis.txt").write_text("years of work")
    status, _, err = run(capsys, "--save", "thesis.txt")
    assert status == 3 and "thesis.txt: wanted a checkpoint" in err
    assert Path("thesis.txt").read_text() == "years of work"
    os.mkfifo("pipe")
    status, _, err = run(capsys, "--save", "pipe")
    assert status == 2 and "--save: cannot write 'pipe'" in err
    status, _, err = run(capsys, "--save", "a.png", "--figure", "a.png")
    assert status == 2 and "'a.png' twice" in err
    assert sorted(os.listdir()) == ["pipe", "thesis.txt"]


def test_a_link_stays_a_link(capsys):
    """The file that it leads to is written, on its own disk."""
    os.mkdir("elsewhere")
    Path("link.pt").symlink_to("elsewhere/a.pt")
    for _ in range(2):
        known(capsys, "--save", "link.pt")
    assert Path("link.pt").is_symlink()
    assert os.listdir("elsewhere") == ["a.pt"]


def test_a_net_on_other_data(tmp_path, capsys):
    """Its own history is not shown as if it were of that data."""
    write_images(tmp_path)
    known(capsys, "--save", "a.pt")
    record = known(capsys, "--load", "a.pt", "--data", "mnist",
                   "--data-dir", str(tmp_path))
    assert record["data"] == "mnist" and record["history"] == []


@pytest.mark.parametrize("option, value, words", [
    ("--epochs", "3", "has 2, given 3"), ("--lr", "0.5", "given 0.5"),
    ("--recipe", "lecture", "has fast, given lecture"),
    ("--batch-size", "8", "--batch-size.*has 16, given 8"),
    ("--seed", "1", "has 0, given 1"),
    ("--data", "mnist", "has digits, given mnist")])
def test_resume_with_other_options(option, value, words, capsys):
    """What would change the result is refused; the same is not."""
    known(capsys, "--epochs", "2", "--save", "a.pt")
    status, out, err = run(capsys, "--resume", "--save", "a.pt", option,
                           value)
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert re.search(words, err), err
    known(capsys, "--resume", "--save", "a.pt", "--epochs", "2")


@pytest.mark.parametrize("damage", ["cut", "flip", "foreign", "other",
                                    "less"])
def test_a_damaged_checkpoint(damage, capsys):
    """Exit 3, one line that names it, and the file is left alone."""
    known(capsys, "--save", "a.pt")
    path = Path("a.pt")
    content = bytearray(path.read_bytes())
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
        status, out, err = run(capsys, *argv)
        assert (status, out, err.count("\n")) == (3, "", 1)
        assert "a.pt: wanted" in err and "checkpoint of the CNN" in err
    assert path.read_bytes() == content


BAD = {
    "lr": (["--lr", "-1"], "--lr.*above 0.*'-1'"),
    "epochs": (["--epochs", "0"], "--epochs.*'0'"),
    "batch": (["--batch-size", "0"], "--batch-size.*'0'"),
    "recipe": (["--recipe", "slow"], "--recipe.*'slow'"),
    "data": (["--data", "cifar"], "--data.*'cifar'"),
    "resume": (["--resume"], "--resume: wanted --save PATH or --load"),
    "load folder": (["--load", "."], "--load: no such file.*'.'"),
    "load": (["--load", "none.pt"], "--load: no such file.*none.pt"),
    "figure": (["--figure", "no/a.png"], "--figure.*'no/a.png'"),
    "format": (["--figure", "a.doc"], "--figure.*png.*'a.doc'"),
    "save": (["--save", "no/a.pt"], "--save.*'no/a.pt'"),
    "folder": (["--save", "."], "--save.*directory"),
    "word": (["digits"], "unrecognized.*digits"),
}


@pytest.mark.parametrize("argv, words", BAD.values(), ids=BAD)
def test_bad_input_is_one_line(argv, words, capsys):
    """Exit 2, one line on stderr that names it, nothing written."""
    status, out, err = run(capsys, *argv)
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert re.search(words, err), err
    assert os.listdir() == []


@pytest.mark.parametrize("option", [
    ["--save", "b.pt"], ["--epochs", "2"], ["--recipe", "fast"],
    ["--lr", "1"], ["--batch-size", "2"]])
def test_load_alone_does_not_train(option, capsys):
    """What has to do with training is refused beside --load alone."""
    Path("a.pt").touch()
    status, _, err = run(capsys, "--load", "a.pt", *option)
    assert status == 2 and f"{option[0]}: --load alone" in err


def test_divergence_is_valid_json(capsys):
    """An lr far too large: NaN becomes null."""
    record = known(capsys, "--lr", "1e38")
    assert record["history"][0]["loss"] is None
    assert "smaller --lr" in run(capsys, "--lr", "1e38")[1]


def test_help_does_without_torch():
    """It answers at once."""
    printed, imported = heavy_imports("torch_ref", ["--help"],
                                      ["--lr", "0"])
    assert imported == "[]"
    assert "usage: python -m torch_ref" in printed


@pytest.mark.skipif(not Path(DATA, "MNIST").exists(),
                    reason="needs MNIST in SCRATCH_DATA or ./data")
@pytest.mark.parametrize("recipe, all_images, first", [
    ("fast", 0.988, 0.98), ("lecture", 0.978, 0.975)])
def test_one_epoch_of_mnist(recipe, all_images, first):
    """What the README promises, with room for the seed in `fast`."""
    result = subprocess.run(
        [sys.executable, "-m", "torch_ref", "--data", "mnist",
         "--data-dir", DATA, "--recipe", recipe, "--json", "--no-figure"],
        cwd=ROOT, check=True, capture_output=True, text=True)
    record = json.loads(result.stdout)
    assert record["accuracy"] >= all_images
    assert record["accuracy_first"] >= first
