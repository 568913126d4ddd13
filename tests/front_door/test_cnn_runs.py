"""python -m scratch cnn: what it prints, draws, and rejects."""

import os
import re
from pathlib import Path

import matplotlib.image
import pytest
import torch

from scratch.front_door.cnn import images
from tests.compare.closeness import same
from tests.compare.idx_writer import write_images
from tests.compare.terminal import heavy_imports
from tests.front_door.command import known, run
from tests.compare.forked import on_a_terminal

DATA = os.path.abspath(os.environ.get("SCRATCH_DATA", "data"))
pytestmark = pytest.mark.usefixtures("one_thread")


def test_report(capsys):
    """One epoch of digits: 95 %, the first ten predictions, a figure."""
    status, out, err = run(capsys, "cnn")
    assert (status, err) == (0, "")
    share, right, tests = re.search(
        r"test accuracy ([\d.]+): (\d+) of (\d+) images", out).groups()
    assert int(tests) == 359 and float(share) >= 0.95
    assert float(share) == pytest.approx(int(right) / 359, abs=1e-4)
    table = out.split("predicted")[1].splitlines()[1:11]
    assert all(re.fullmatch(r"\d +\d(  \(wrong\))?", row) for row in table)
    assert max(map(len, out.splitlines())) <= 80
    assert os.listdir() == ["cnn.png"]
    height, width, _ = matplotlib.image.imread("cnn.png").shape
    assert width > height > 600


def test_json(capsys):
    """--json prints one object: the options, the device, the result."""
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


def test_the_figure_shows_test_images(monkeypatch, capsys):
    """The figure shows test images, not training images."""
    shown = []
    monkeypatch.setattr("scratch.front_door.cnn.figure.draw",
                        lambda path, known, model, x: shown.append(x))
    run(capsys, "cnn")
    same(shown[0], images.read("digits", Path(), 0)[1])


def test_quiet(capsys):
    """--quiet prints nothing, and still writes the figure."""
    assert run(capsys, "cnn", "--quiet", "--batch-size", "360") == (
        0, "", "")
    assert os.listdir() == ["cnn.png"]


def test_options_reach_the_training(capsys):
    """--recipe, --batch-size, --lr and --device reach the training."""
    record = known(capsys, "--recipe", "lecture", "--batch-size", "100",
                   "--lr", "0.002", "--device", "cpu")
    assert record["recipe"] == "lecture" and not record["bf16"]
    assert record["steps"] == 15 and record["lr"] == 0.002
    other = known(capsys, "--recipe", "lecture", "--batch-size", "100")
    assert other["lr"] == 0.001
    assert other["history"] != record["history"]


@pytest.mark.usefixtures("without_filters")
@pytest.mark.parametrize("data, name", [("mnist", "MNIST"),
                                        ("fashion", "FashionMNIST")])
def test_images_from_files(data, name, tmp_path, capsys):
    """The CNN learns 28 x 28 images from files; classes have their names."""
    write_images(tmp_path, name, train=150)
    for recipe, size in ("fast", 128), ("lecture", 50):
        record = known(capsys, "--data", data, "--data-dir",
                       str(tmp_path), "--recipe", recipe)
        assert record["batch_size"] == size
    status, out, _ = run(capsys, "cnn", "--data", data, "--data-dir",
                         str(tmp_path), "--batch-size", "10", "--epochs",
                         "8")
    assert status == 0 and "test accuracy 1.0000: 40 of 40 images" in out
    assert ("Ankle boot" in out) == (data == "fashion")
    assert Path("cnn.png").exists()


@pytest.mark.parametrize("option", [["--batch-size", "91"], []])
def test_batches_beyond_the_training_set(option, tmp_path, capsys):
    """They are rejected, the recipe's own too; --load alone has none."""
    write_images(tmp_path)
    argv = ["--data", "mnist", "--data-dir", str(tmp_path), "--no-figure"]
    status, out, err = run(capsys, "cnn", *argv, *option, "--save", "a.pt")
    assert (status, out, err.count("\n")) == (2, "", 1)
    size = option[-1] if option else 128
    assert ("--batch-size must be at most 90, the size of the training set, "
            f"got {size}") in err
    assert os.listdir() == []
    assert run(capsys, "cnn", *argv, "--batch-size", "90", "--quiet",
               "--save", "a.pt") == (0, "", "")
    write_images(tmp_path / "less", train=10)
    argv[3] = str(tmp_path / "less")
    assert known(capsys, *argv, "--load", "a.pt")["images"] == 0


def test_no_files_and_damaged_files(tmp_path, capsys):
    """Missing or damaged files: exit status 3 and one line."""
    status, out, err = run(capsys, "cnn", "--data", "mnist")
    assert (status, out, err.count("\n")) == (3, "", 1)
    assert err.endswith(
        "to download: python -m scratch cnn --data mnist --download\n")
    write_images(tmp_path)
    path = tmp_path / "MNIST" / "raw" / "t10k-labels-idx1-ubyte"
    path.write_bytes(b"")
    status, _, err = run(capsys, "cnn", "--data", "mnist", "--data-dir",
                         str(tmp_path))
    assert status == 3 and str(path) in err and err.count("\n") == 1


@pytest.mark.skipif(os.name == "nt", reason="terminals are POSIX's")
def test_progress_bar():
    """Steps, loss and accuracy on the terminal, the report on stdout."""
    out, shown = on_a_terminal("cnn", "--no-figure")
    assert "/90" in shown and "test accuracy" not in shown
    loss, share = re.search(r"loss ([\d.]+), accuracy (\d\.\d{3})",
                            shown).groups()
    assert 0.4 < float(loss) < 2.5 and 0.5 < float(share) <= 1
    assert "test accuracy" in out and "steps" not in out


BAD = {
    "lr": (["--lr", "-1"], "--lr.*above 0.*'-1'"),
    "epochs": (["--epochs", "0"], "--epochs.*'0'"),
    "batch": (["--batch-size", "0"], "--batch-size.*'0'"),
    "recipe": (["--recipe", "slow"], "--recipe.*'slow'"),
    "data": (["--data", "cifar"], "--data.*'cifar'"),
    "resume": (["--resume"], "--resume needs --save PATH or --load"),
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
    """Bad input: exit status 2, one line on stderr, nothing written."""
    status, out, err = run(capsys, "cnn", *argv)
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert re.search(words, err), err
    assert os.listdir() == []


def test_divergence_is_valid_json(capsys):
    """With an lr far too large, NaN becomes null."""
    argv = ["--lr", "1e38", "--batch-size", "360"]
    assert known(capsys, *argv)["history"][0]["loss"] is None
    assert "smaller --lr" in run(capsys, "cnn", "--no-figure", *argv)[1]


def test_help_does_without_torch():
    """--help answers at once, without heavy imports."""
    printed, imported = heavy_imports("scratch", ["cnn", "--help"],
                                      ["cnn", "--lr", "0"])
    assert imported == "[]"
    assert "usage: python -m scratch cnn" in printed


@pytest.mark.skipif(not Path(DATA, "MNIST").exists(),
                    reason="needs MNIST in SCRATCH_DATA or ./data")
def test_one_epoch_of_mnist(capsys):
    """The accuracies of the docs, with a margin for other seeds.

    By the default recipe: the lecture's takes three times as long.
    """
    record = known(capsys, "--data", "mnist", "--data-dir", DATA)
    assert record["accuracy"] >= 0.988
    assert record["accuracy_first"] >= 0.98
