"""--download: what is missing, all of it or nothing, and no file is lost."""

import functools
import gc
import json
import os
import tempfile
import threading
from hashlib import md5
from http.client import IncompleteRead
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from torchvision.datasets import MNIST, FashionMNIST, utils

from scratch.front_door.files import FILES, download
from tests.compare.idx_writer import write_images
from tests.front_door.command import run

IMAGES, TEST = "train-images-idx3-ubyte", "t10k-images-idx3-ubyte"
LESSON = ("softmax_regression", "--no-figure")
CNN = ("cnn", "--no-figure", "--batch-size", "10")
DOORS = pytest.mark.parametrize("door", [LESSON, CNN], ids=["table", "cnn"])
DOWNLOAD = ("--data", "mnist", "--download", "--data-dir")


# After a failure torchvision does not close its connections.
fetches = pytest.mark.filterwarnings(
    "ignore::pytest.PytestUnraisableExceptionWarning")


@pytest.fixture
def mirror(tmp_path, monkeypatch):
    """A local server of small files replaces torchvision's.

    Returns the folder of its files, and the list of those it has sent.
    """
    write_images(tmp_path / "mirror", packed=".gz")
    served = tmp_path / "mirror" / "MNIST" / "raw"
    sent = []

    class Quiet(SimpleHTTPRequestHandler):
        """A request handler that notes the names of files."""

        def log_message(self, *args):
            sent.append(self.path[1:].removesuffix(".gz"))

    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(
        Quiet, directory=str(served)))
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    address = f"http://127.0.0.1:{server.server_port}/"
    for kind in MNIST, FashionMNIST:
        monkeypatch.setattr(kind, "mirrors", [f"{address}none/", address])
        monkeypatch.setattr(kind, "resources", [
            (name, md5((served / name).read_bytes()).hexdigest())
            for name, _ in MNIST.resources])
    monkeypatch.setenv("no_proxy", "*")
    yield served, sent
    server.shutdown()
    thread.join()
    server.server_close()
    gc.collect()


@fetches
@DOORS
@pytest.mark.parametrize("kind, data", [(MNIST, "mnist"),
                                        (FashionMNIST, "fashion")])
def test_download(door, kind, data, mirror, capsys):
    """Files are downloaded once, in torchvision's layout."""
    served, _ = mirror
    args = (*door, "--data", data, "--download", "--data-dir", "a/b")
    status, out, err = run(capsys, *args, "--json")
    folder = os.path.join("a", "b", kind.__name__, "raw")
    assert status == 0 and json.loads(out)["data"] == data
    assert err == f"downloading {data} into {folder}\n"
    assert os.listdir() == ["a"] and os.listdir("a/b") == [kind.__name__]
    assert sorted(os.listdir(folder)) == sorted(FILES)
    kind("a/b")
    for path in served.iterdir():
        path.unlink()
    status, _, err = run(capsys, *args, "--json")
    assert (status, err) == (0, "")


@fetches
def test_quiet(mirror, capsys):
    """--quiet prints nothing, even if it downloads."""
    assert run(capsys, *LESSON, *DOWNLOAD, "new", "--quiet") == (0, "", "")


@fetches
@DOORS
@pytest.mark.parametrize("damage", ["gone", "cut", "other", "exchanged"])
def test_a_failed_download_leaves_nothing(door, mirror, damage, capsys):
    """If the third file fails, its addresses are named; no file is left."""
    served, _ = mirror
    path = served / f"{TEST}.gz"
    if damage == "gone":
        path.unlink()
    elif damage == "cut":
        path.write_bytes(path.read_bytes()[:100])
    elif damage == "other":
        path.write_bytes(b"<html>not here</html>")
    else:
        path.write_bytes((served / f"{IMAGES}.gz").read_bytes())
    status, out, err = run(capsys, *door, *DOWNLOAD, "new/data")
    assert (status, out, err.count("\n")) == (3, "", 2)
    assert f"could not download {TEST}.gz from" in err
    for address in MNIST.mirrors:
        assert f"{address}: " in err
    assert os.listdir() == []


@pytest.mark.parametrize("error", [
    IncompleteRead(b"half"), RecursionError("exceeded 3 redirects"),
    ValueError("unknown url type"), OSError(28, "No space left on device")])
def test_servers_fail_in_many_ways(error, monkeypatch, capsys):
    """Whatever torchvision's download raises: one line, and no file."""
    def fail(*args, **options):
        raise error

    monkeypatch.setattr(utils, "download_url", fail)
    status, out, err = run(capsys, *LESSON, *DOWNLOAD, "new")
    assert (status, out, err.count("\n")) == (3, "", 2)
    assert f"{MNIST.mirrors[1]}: {error}" in err
    assert os.listdir() == []


def test_interrupted(monkeypatch, capsys):
    """Ctrl-C during a download leaves no file and no temporary folder."""
    def interrupt(url, root, *args):
        # as far as a download can get
        with open(os.path.join(root, "half"), "w"):
            raise KeyboardInterrupt

    monkeypatch.setattr(utils, "download_url", interrupt)
    status, out, err = run(capsys, *LESSON, *DOWNLOAD, "new")
    assert (status, out) == (130, "") and "interrupted" in err
    assert os.listdir() == []


@DOORS
@pytest.mark.parametrize("error", [
    PermissionError(13, "Permission denied", "new/a.part"),
    OSError("Permission denied")], ids=["with a path", "without"])
def test_a_folder_that_cannot_be_written(door, error, monkeypatch, capsys):
    """No permission to write: one line that blames no server."""
    def refuse(suffix=None, prefix=None, dir=None):
        raise error

    os.mkdir("new")
    monkeypatch.setattr(tempfile, "mkdtemp", refuse)
    status, out, err = run(capsys, *door, *DOWNLOAD, "new")
    assert (status, out, err.count("\n")) == (3, "", 2)
    assert err.endswith(": --download: cannot write into new: "
                        "Permission denied\n")


@fetches
@DOORS
@pytest.mark.parametrize("packed", ["", ".gz"])
def test_only_what_is_missing(door, packed, mirror, tmp_path, capsys):
    """Files that exist are not downloaded again, and not replaced."""
    write_images(tmp_path / "mine", train=30, test=20, packed=packed)
    folder = tmp_path / "mine" / "MNIST" / "raw"
    (folder / f"{TEST}{packed}").unlink()
    (folder / "notes.txt").write_text("mine")
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    served, sent = mirror
    argv = (*door, *DOWNLOAD, str(tmp_path / "mine"))
    # The test set here has 20 labels, and the images downloaded are 40.
    status, _, err = run(capsys, *argv)
    assert status == 3 and "(40,), one label per image" in err
    assert set(sent) == {TEST, f"none/{TEST}"}
    after = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert after.keys() - before.keys() == {TEST}
    assert {name: after[name] for name in before} == before


def test_the_temporary_folder_is_on_the_same_disk(tmp_path, monkeypatch):
    """It lies in `near`: from another disk no file could be renamed."""
    parents = []

    def fetch(mirrors, packed, checksum, part):
        """An empty file, unpacked."""
        parents.append(Path(part).parent)
        Path(part, packed.removesuffix(".gz")).touch()

    monkeypatch.setattr("scratch.front_door.files._fetch", fetch)
    folder = tmp_path / "MNIST" / "raw"
    download("mnist", folder, tmp_path, FILES[:1])
    assert parents == [tmp_path] and os.listdir(folder) == FILES[:1]
