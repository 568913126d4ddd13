"""Two options never write to one file, and none to what is read."""

import os
import sys
from pathlib import Path

import pytest

from scratch.front_door.paths import same_file
from tests.compare.idx_writer import write_images
from tests.front_door.command import run

# Other names of net.png: each is given, or is a link that is made to it.
NAMES = {
    "itself": "net.png", "dot": os.path.join(".", "net.png"),
    "up": os.path.join("..", "here", "net.png"),
    "absolute": os.path.join("{here}", "net.png"),
    "symbolic link": "a.png", "two links": "b.png",
    "linked folder": os.path.join("folder", "net.png"),
    "hard link": "c.png"}


def named(name):
    """That name of net.png."""
    os.symlink("net.png", "a.png")
    os.symlink("a.png", "b.png")
    os.symlink(".", "folder")
    if os.path.exists("net.png"):
        os.link("net.png", "c.png")
    return NAMES[name].format(here=os.getcwd())


DOORS = [("linear_regression", "figure", "animate"),
         ("cnn", "save", "figure")]


@pytest.fixture(autouse=True)
def never(monkeypatch):
    """No test here gets as far as the training."""
    for name in "run.run", "cnn.run.run":
        monkeypatch.setattr(f"scratch.front_door.{name}", lambda args: 77)


def rejected(capsys, door, one, other, a, b):
    """The two options are rejected, in one line that has both paths."""
    code, out, err = run(capsys, door, f"--{one}", a, f"--{other}", b)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert (f"--{one} and --{other} must be different files, got "
            f"{str(Path(a))!r} and {str(Path(b))!r}") in err


@pytest.mark.parametrize("door, one, other", DOORS)
@pytest.mark.parametrize("exists", [False, True])
@pytest.mark.parametrize("name", NAMES)
def test_one_file_by_two_names(name, exists, door, one, other, capsys):
    """Rejected by whatever name, whether or not the file exists."""
    if name == "hard link" and not exists:
        pytest.skip("a hard link is to a file that exists")
    if exists:
        Path("net.png").write_bytes(b"weights")
    second = named(name)
    rejected(capsys, door, one, other, "net.png", second)
    rejected(capsys, door, one, other, second, "net.png")
    if exists:
        assert Path("net.png").read_bytes() == b"weights"


@pytest.mark.parametrize("name", NAMES)
def test_a_figure_onto_what_is_loaded(name, capsys):
    """--figure never replaces the checkpoint of --load; --save may."""
    Path("net.png").write_bytes(b"weights")
    second = named(name)
    rejected(capsys, "cnn", "load", "figure", "net.png", second)
    assert run(capsys, "cnn", "--load", "net.png", "--save", second,
               "--resume")[0] == 77


def test_the_default_figure_counts(capsys):
    """--save cnn.png and the figure's default name are one file."""
    code, _, err = run(capsys, "cnn", "--save", "cnn.png")
    assert code == 2 and "--save and --figure must be different" in err
    assert run(capsys, "cnn", "--save", "cnn.png", "--no-figure")[0] == 77


OPTIONS = pytest.mark.parametrize("door, option", [
    ("linear_regression", "--figure"), ("linear_regression", "--animate"),
    ("cnn", "--figure"), ("cnn", "--save")])


@OPTIONS
@pytest.mark.parametrize("link", [os.symlink, os.link])
def test_a_file_of_the_data(link, door, option, tmp_path, capsys):
    """No option writes to a file of the data, through a link either."""
    write_images(tmp_path)
    images = tmp_path / "MNIST" / "raw" / "train-images-idx3-ubyte"
    link(images, "a.gif")
    code, out, err = run(capsys, door, "--data-dir", str(tmp_path),
                         option, "a.gif")
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert f"{option} must not be a file of the data, got 'a.gif'" in err


@OPTIONS
@pytest.mark.parametrize("path, words", [
    (".", "it is a directory"), ("no/a.gif", "No such file or directory"),
    (os.devnull, "it is not a regular file"),
    ("locked.gif", "Permission denied")])
def test_what_cannot_be_written(path, words, door, option, monkeypatch,
                                capsys):
    """Rejected before the training, in one line that says why."""
    def denied(file, *args):
        """A file without permission to write; root has it."""
        raise PermissionError(13, "Permission denied", str(file))

    Path("locked.gif").touch()
    monkeypatch.setattr(Path, "open", denied)
    code, out, err = run(capsys, door, option, path)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert f"{option}: cannot write {path!r}: {words} (" in err
    assert os.listdir() == ["locked.gif"]


def test_standard_output(monkeypatch, capsys):
    """python -m scratch --figure a.png > a.png: the table would be lost."""
    with open("a.png", "w") as stream:
        monkeypatch.setattr(sys, "stdout", stream)
        code = run(capsys, "linear_regression", "--figure", "a.png")[0]
        assert code == 2
        assert run(capsys, "linear_regression", "--figure",
                   "b.png")[0] == 77


def test_different_files(capsys):
    """Files that only look alike are accepted, new ones and old ones."""
    os.mkdir("f")
    for _ in range(2):
        for other in "net.pt.png", "f/net.png", "NET2.png":
            assert run(capsys, "cnn", "--save", "net.png", "--figure",
                       other)[0] == 77, other
            Path(other).touch()
        Path("net.png").touch()


@pytest.mark.parametrize("ignores", [False, True])
def test_upper_and_lower_case(ignores, monkeypatch):
    """A.png is a.png where the file system ignores case."""
    here = Path("here")
    here.mkdir()
    (here / "probe").touch()
    if (here / "PROBE").exists():
        assert same_file(here / "a.png", here / "A.png")
        return
    monkeypatch.setattr("scratch.front_door.paths._ignores_case",
                        lambda folder: ignores)
    assert same_file(here / "a.png", here / "A.png") == ignores
    assert not same_file(here / "a.png", here / "B.png")


def test_the_case_of_this_file_system():
    """The probe leaves nothing behind, and is right."""
    from scratch.front_door.paths import _ignores_case
    Path("probe").touch()
    assert _ignores_case(Path()) == Path("PROBE").exists()
    assert os.listdir() == ["probe"]
