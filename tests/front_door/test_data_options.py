"""--data, --data-dir, --download: files found, downloaded, missing."""

import functools
import gc
import json
import os
import shlex
import threading
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from torchvision.datasets import MNIST, FashionMNIST

from scratch.front_door.lessons.softmax_regression import read
from tests.compare.idx_writer import write_images
from tests.front_door.command import run, status

IMAGES = "train-images-idx3-ubyte"


LESSON = ("softmax_regression", "--no-figure")


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


def test_the_two_parts(tmp_path):
    """Training set and test set have rows of 784 pixels."""
    write_images(tmp_path)
    x, x_test, y, y_test = read("mnist", tmp_path, 0)
    assert (x.shape, x_test.shape) == ((90, 784), (40, 784))
    assert (y.shape, y_test.shape) == ((90,), (40,))


def test_the_environment_names_the_folder(tmp_path, monkeypatch, capsys):
    """SCRATCH_DATA stands in for --data-dir."""
    write_images(tmp_path)
    monkeypatch.setenv("SCRATCH_DATA", str(tmp_path))
    assert run(capsys, *LESSON, "--data", "mnist", "--quiet")[0] == 0


def test_odd_folders(monkeypatch, capsys):
    """--data-dir must be a folder; `%` in its name does no harm."""
    Path("file").touch()
    status, _, err = run(capsys, *LESSON, "--data", "mnist", "--data-dir",
                         "file")
    assert status == 2 and "--data-dir must be a folder, got" in err
    monkeypatch.setenv("SCRATCH_DATA", "file")
    assert run(capsys, *LESSON, "--quiet")[0] == 0
    monkeypatch.setenv("SCRATCH_DATA", "100%d %(prog)s")
    status, out, _ = run(capsys, *LESSON, "--help")
    assert status == 0 and "100%d %(prog)s" in out
    status, _, err = run(capsys, *LESSON, "--data", "mnist")
    assert status == 3 and "100%d" in err


def test_no_files(tmp_path, capsys):
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


def test_a_damaged_file(tmp_path, capsys):
    """A damaged file: one line that names it and its fault."""
    write_images(tmp_path)
    path = tmp_path / "MNIST" / "raw" / IMAGES
    path.write_bytes(path.read_bytes()[:-1])
    status, out, err = run(capsys, *LESSON, "--data", "mnist", "--data-dir",
                           str(tmp_path))
    assert (status, out, err.count("\n")) == (3, "", 1)
    assert f"{path}: must have 70576 bytes" in err and "got 70575" in err


def test_a_lesson_without_images(capsys):
    """Only softmax_regression accepts --data."""
    for name in "mlp", "optimizers":
        assert status(name, "--data", "mnist") == 2
    assert "--data mnist needs" in capsys.readouterr().err


# After a failure torchvision does not close its connections.
fetches = pytest.mark.filterwarnings(
    "ignore::pytest.PytestUnraisableExceptionWarning")


@pytest.fixture
def mirror(tmp_path, monkeypatch):
    """A local server of small files replaces torchvision's."""
    for kind in MNIST, FashionMNIST:
        write_images(tmp_path / "mirror", kind.__name__, packed=".gz")
    served = tmp_path / "mirror" / "MNIST" / "raw"

    class Quiet(SimpleHTTPRequestHandler):
        """A request handler that logs nothing."""

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(
        Quiet, directory=str(served)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    address = f"http://127.0.0.1:{server.server_port}/"
    monkeypatch.setattr(MNIST, "mirrors", [address])
    monkeypatch.setattr(MNIST, "resources", [
        (name, None) for name, _ in MNIST.resources])
    monkeypatch.setenv("no_proxy", "*")
    yield served
    server.shutdown()
    thread.join()
    server.server_close()
    gc.collect()


@fetches
def test_download(mirror, capsys):
    """Files are downloaded once, in torchvision's layout."""
    args = ("--data", "mnist", "--download", "--data-dir", "a/b")
    status, out, err = run(capsys, *LESSON, *args, "--json")
    assert status == 0 and json.loads(out)["agree"]
    assert "downloading mnist" in err
    assert os.listdir() == ["a"] and os.listdir("a/b") == ["MNIST"]
    MNIST("a/b")
    for path in mirror.iterdir():
        path.unlink()
    status, _, err = run(capsys, *LESSON, *args, "--json")
    assert (status, err) == (0, "")


@fetches
@pytest.mark.parametrize("damage", ["gone", "cut", "other"])
def test_a_failed_download_leaves_nothing(mirror, damage, capsys):
    """If the third file fails, its addresses are named; no file is left."""
    path = mirror / "t10k-images-idx3-ubyte.gz"
    if damage == "gone":
        path.unlink()
    elif damage == "cut":
        path.write_bytes(path.read_bytes()[:100])
    else:
        path.write_bytes(b"<html>not here</html>")
    status, out, err = run(capsys, *LESSON, "--data", "mnist", "--download",
                           "--data-dir", "new/data")
    assert (status, out) == (3, "")
    assert MNIST.mirrors[0] in err and err.count("\n") == 2
    assert os.listdir() == []


@fetches
def test_packed_files_are_not_fetched_again(mirror, tmp_path, capsys):
    """torchvision unpacks what exists and downloads only the rest."""
    write_images(tmp_path / "mine", packed=".gz")
    (tmp_path / "mine/MNIST/raw" / f"{IMAGES}.gz").unlink()
    for path in mirror.iterdir():
        if path.name != f"{IMAGES}.gz":
            path.unlink()
    status, _, _ = run(capsys, *LESSON, "--data", "mnist", "--download",
                       "--data-dir", str(tmp_path / "mine"))
    assert status == 0
    MNIST(tmp_path / "mine")
