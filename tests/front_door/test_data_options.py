"""--data, --data-dir: the files that are read, missing, or damaged."""

import builtins
import gzip
import io
import json
import os
import shlex
from pathlib import Path

import pytest
import torch
import torch.nn.functional as F
from sklearn.datasets import load_digits

from scratch.front_door.cnn import images as cnn
from scratch.front_door.lessons import softmax_regression as table
from tests.compare.closeness import same
from tests.compare.idx_writer import write_images
from tests.front_door.command import run, status

IMAGES = "train-images-idx3-ubyte"
LABELS = "t10k-labels-idx1-ubyte"
LESSON = ("softmax_regression", "--no-figure")
CNN = ("cnn", "--no-figure", "--batch-size", "10")
DOORS = pytest.mark.parametrize("door", [LESSON, CNN], ids=["table", "cnn"])


def numbers(path, start):
    """The bytes of an IDX file from `start` on."""
    return torch.tensor(list(path.read_bytes()[start:]))


@pytest.mark.parametrize("name, data", [("MNIST", "mnist"),
                                        ("FashionMNIST", "fashion")])
@pytest.mark.parametrize("packed", ["", ".gz"])
def test_images_from_files(name, data, packed, tmp_path, capsys):
    """Both sides learn 90 images, in 2 batches an epoch, and agree."""
    write_images(tmp_path, name, packed=packed)
    status, out, err = run(capsys, *LESSON, "--data", data, "--data-dir",
                           str(tmp_path), "--json")
    assert (status, err) == (0, "")
    record = json.loads(out)
    assert record["data"] == data and record["epochs"] == 4
    (both,) = record["runs"]
    assert both["steps"] == 8 and both["gap"] < 1e-12
    for wing in "hand", "torch":
        assert both[wing]["history"][-1]["accuracy"] > 0.9


@pytest.mark.parametrize("side, shape", [
    (table, (-1, 784)), (cnn, (-1, 1, 28, 28))], ids=["table", "cnn"])
@pytest.mark.parametrize("data, name", [("mnist", "MNIST"),
                                        ("fashion", "FashionMNIST")])
def test_each_pixel_is_in_its_place(side, shape, data, name, tmp_path):
    """Each pixel and label of both sets is the byte in the file."""
    for other in "MNIST", "FashionMNIST":
        # Only the data set that is asked for has these sizes.
        write_images(tmp_path, other, *(30, 20) if other == name else (9, 9))
    folder = tmp_path / name / "raw"
    x, x_test, y, y_test = side.read(data, tmp_path, 0)
    for part, images, labels in ("train", x, y), ("t10k", x_test, y_test):
        pixels = numbers(folder / f"{part}-images-idx3-ubyte", 16)
        same(images, pixels.float().div(255).reshape(shape))
        same(labels, numbers(folder / f"{part}-labels-idx1-ubyte", 8))


def test_a_smaller_size(folder):
    """MNIST loses its frame; clothes, which have none, are resized."""
    for data in "mnist", "fashion":
        whole, small = (cnn.read(data, folder, 0, *size)
                        for size in ([], [20]))
        for x, y in zip(whole[:2], small):
            same(y, x[..., 4:-4, 4:-4] if data == "mnist" else
                 F.interpolate(x, (20, 20), mode="bilinear"))
        for x, y in zip(whole[2:], small[2:]):
            same(x, y)


@pytest.mark.parametrize("seed", [0, 3])
def test_digits(seed):
    """Four fifths are the training set; --seed shuffles; ink is upright."""
    x, x_test, y, y_test = table.read("digits", Path(), seed)
    assert (len(x), len(x_test)) == (1438, 359)
    data, target = map(torch.from_numpy, load_digits(return_X_y=True))
    order = torch.randperm(1797, generator=torch.manual_seed(seed))
    for rows, images, labels in ((order[:1438], x, y),
                                 (order[1438:], x_test, y_test)):
        same(images, (data[rows] / 16).float())
        same(labels, target[rows])
    for size in 28, 20:
        for rows, images in zip((x, x_test, y, y_test),
                                cnn.read("digits", Path(), seed, size)):
            same(images, rows if rows.dim() == 1 else F.interpolate(
                rows.reshape(-1, 1, 8, 8), (size, size), mode="bilinear"))


def test_the_environment_names_the_folder(tmp_path, monkeypatch, capsys):
    """SCRATCH_DATA stands in for --data-dir."""
    write_images(tmp_path)
    monkeypatch.setenv("SCRATCH_DATA", str(tmp_path))
    assert run(capsys, *LESSON, "--data", "mnist", "--quiet")[0] == 0


def test_odd_folders(monkeypatch, capsys):
    """--data-dir must hold folders; `%` in its name does no harm."""
    Path("file").touch()
    os.symlink("none", "broken")
    for name in "file", "file/below", "broken", "broken/below":
        top = name.split("/")[0]
        status, out, err = run(capsys, *LESSON, "--data", "mnist",
                               "--data-dir", name, "--download")
        assert (status, out, err.count("\n")) == (2, "", 1)
        assert f"--data-dir: must be a folder: {top!r}" in err
    Path("data").mkdir()
    Path("data/MNIST").touch()
    status, _, err = run(capsys, *LESSON, "--data", "mnist", "--download")
    assert status == 2 and repr(os.path.join("data", "MNIST")) in err
    Path("data/MNIST").unlink()
    monkeypatch.setenv("SCRATCH_DATA", "file")
    assert run(capsys, *LESSON, "--quiet")[0] == 0
    monkeypatch.setenv("SCRATCH_DATA", "100%d %(prog)s")
    status, out, _ = run(capsys, *LESSON, "--help")
    assert status == 0 and "100%d %(prog)s" in out
    status, _, err = run(capsys, *LESSON, "--data", "mnist")
    assert status == 3 and "100%d" in err


def test_no_files(capsys):
    """The message says what is missing, where, and how to get it."""
    status, out, err = run(capsys, *LESSON, "--data", "mnist", "--seed", "1")
    assert (status, out, err.count("\n")) == (3, "", 1)
    assert os.path.join("data", "MNIST", "raw") in err and IMAGES in err
    assert err.endswith(
        "to download: python -m scratch softmax_regression "
        "--no-figure --data mnist --seed 1 --download\n")
    status, _, err = run(capsys, *LESSON, "--data", "fashion",
                         "--data-dir", "a b")
    assert status == 3 and os.path.join("a b", "FashionMNIST") in err
    again = shlex.split(err.split("to download: ")[1])
    assert again[-2:] == ["a b", "--download"]
    assert os.listdir() == []


def test_some_files(tmp_path, capsys):
    """Only the missing files are named."""
    write_images(tmp_path)
    (tmp_path / "MNIST" / "raw" / IMAGES).unlink()
    status, _, err = run(capsys, *LESSON, "--data", "mnist", "--data-dir",
                         str(tmp_path))
    assert status == 3
    assert f"mnist: {IMAGES} not found" in err


@DOORS
@pytest.mark.parametrize("name", [IMAGES, LABELS])
def test_a_damaged_file(door, name, tmp_path, capsys):
    """A damaged file: one line that names it and its fault."""
    write_images(tmp_path)
    path = tmp_path / "MNIST" / "raw" / name
    size = len(path.read_bytes())
    path.write_bytes(path.read_bytes()[:-1])
    status, out, err = run(capsys, *door, "--data", "mnist", "--data-dir",
                           str(tmp_path))
    assert (status, out, err.count("\n")) == (3, "", 1)
    assert f"{path}: must" in err
    if door is LESSON:
        assert f"have {size} bytes" in err and f"got {size - 1}\n" in err


@pytest.fixture
def unreadable(tmp_path, monkeypatch):
    """The path of a file without permission to read; root has it."""
    write_images(tmp_path)
    path = tmp_path / "MNIST" / "raw" / LABELS
    path.chmod(0)
    for module in io, builtins:
        def refuse(file, *args, opened=module.open, **options):
            if str(file) == str(path):
                raise PermissionError(13, "Permission denied", str(path))
            return opened(file, *args, **options)
        monkeypatch.setattr(module, "open", refuse)
    return path


@DOORS
def test_a_file_that_cannot_be_read(door, unreadable, tmp_path, capsys):
    """Exit status 3 and one line: the path, and why."""
    status, out, err = run(capsys, *door, "--data", "mnist", "--data-dir",
                           str(tmp_path))
    assert (status, out, err.count("\n")) == (3, "", 1)
    assert err.endswith(f": cannot read '{unreadable}': Permission denied\n")


@DOORS
def test_a_disk_that_fails(door, tmp_path, monkeypatch, capsys):
    """An error without a path: the line names the folder."""
    write_images(tmp_path)

    def fail(path):
        raise OSError("the disk is gone")

    for wing in "scratch", "torch_ref":
        monkeypatch.setattr(f"{wing}.images.read_idx", fail)
    status, out, err = run(capsys, *door, "--data", "mnist", "--data-dir",
                           str(tmp_path))
    assert (status, out, err.count("\n")) == (3, "", 1)
    assert err.endswith(f": cannot read '{tmp_path}': the disk is gone\n")


@DOORS
def test_a_folder_that_cannot_be_read(door, tmp_path, monkeypatch, capsys):
    """A folder without permission is not one without files."""
    write_images(tmp_path)
    folder = tmp_path / "MNIST" / "raw"
    monkeypatch.setattr(os, "access", lambda path, mode: not (
        mode == os.X_OK and path == folder))
    status, out, err = run(capsys, *door, "--data", "mnist", "--data-dir",
                           str(tmp_path))
    assert (status, out, err.count("\n")) == (3, "", 1)
    assert f"--data-dir: cannot read '{folder}'" in err


@DOORS
def test_hurdles(door, tmp_path, capsys):
    """A folder or a broken link in place of a file: told before a download.

    With the compressed file next to it, it does no harm.
    """
    write_images(tmp_path)
    path = tmp_path / "MNIST" / "raw" / IMAGES
    content = path.read_bytes()
    path.unlink()
    argv = (*door, "--data", "mnist", "--data-dir", str(tmp_path))
    for make, remove in ((lambda: path.symlink_to("none"), path.unlink),
                         (path.mkdir, path.rmdir)):
        make()
        status, out, err = run(capsys, *argv, "--download")
        assert (status, out, err.count("\n")) == (3, "", 1)
        assert f"{path}: must be a file" in err
        remove()
    path.mkdir()
    path.with_name(f"{IMAGES}.gz").write_bytes(gzip.compress(content))
    assert run(capsys, *argv, "--quiet") == (0, "", "")


def test_a_lesson_without_images(capsys):
    """Only softmax_regression accepts --data."""
    for name in "mlp", "optimizers":
        assert status(name, "--data", "mnist") == 2
    assert "--data mnist needs" in capsys.readouterr().err
