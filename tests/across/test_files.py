"""Rule 10: a file is written whole, and no other file is touched.

Each wing has its writer of checkpoints; figures use the one by hand.
"""

import os
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
import torch

from scratch._files import replacing
from scratch.front_door.source import ROOT
from torch_ref import _archive


def by_hand(path, value):
    """Write one number by hand."""
    with replacing(path) as part:
        part.write_text(str(value))


def by_torch(path, value):
    """Write one number by torch."""
    _archive.write(path, {"format": "a number", "value": value})


def read(write, path):
    """The number that was written."""
    if write is by_torch:
        return _archive.read(path, "a number")["value"]
    return int(Path(path).read_text())


both_sides = pytest.mark.parametrize("write", [by_hand, by_torch])


@both_sides
def test_many_writers_of_one_file(write, tmp_path):
    """Threads that write one file never fail, and leave one file."""
    path = tmp_path / "run"

    def write_twenty(value):
        for _time in range(20):
            write(path, value)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write_twenty, range(4)))
    assert read(write, path) in range(4)
    assert os.listdir(tmp_path) == ["run"]


@both_sides
def test_files_of_similar_names_stay(write, tmp_path):
    """What a user keeps next to the file is no temporary file."""
    names = ["run.part", ".run.part", "run", f".run.{os.getpid()}",
             f".run.{os.getpid()}.part", "run.tmp", ".part"]
    for name in names:
        (tmp_path / name).write_text("mine")
    write(tmp_path / "run", 5)
    assert read(write, tmp_path / "run") == 5
    assert sorted(os.listdir(tmp_path)) == sorted(names)
    for name in names:
        if name != "run":
            assert (tmp_path / name).read_text() == "mine"


@both_sides
@pytest.mark.parametrize("name", [
    255 * "a", "a." + 253 * "b", 251 * "a" + ".png", ".", "图" * 85])
def test_the_longest_names(write, name, tmp_path):
    """Any name that the system accepts can be written, and again."""
    path = tmp_path / name
    if name == ".":
        with pytest.raises(OSError):
            write(path, 1)
        return
    for value in 1, 2:
        write(path, value)
    assert read(write, path) == 2 and os.listdir(tmp_path) == [name]


@both_sides
@pytest.mark.parametrize("exists", [True, False])
def test_through_links(write, exists, tmp_path, monkeypatch):
    """A chain of links stays; the file at its end is written."""
    monkeypatch.chdir(tmp_path)
    os.mkdir("elsewhere")
    if exists:
        Path("elsewhere/run").write_text("old")
    Path("elsewhere/link").symlink_to("run")
    Path("link").symlink_to("elsewhere/link")
    write("link", 7)
    assert read(write, "elsewhere/run") == 7
    assert os.readlink("link") == "elsewhere/link"
    assert os.readlink("elsewhere/link") == "run"
    assert sorted(os.listdir()) == ["elsewhere", "link"]
    assert sorted(os.listdir("elsewhere")) == ["link", "run"]


@pytest.mark.skipif(os.name == "nt", reason="modes are POSIX's")
@both_sides
@pytest.mark.parametrize("mode", [0o600, 0o640, 0o666, 0o755])
def test_permissions(write, mode, tmp_path):
    """An old file keeps its mode; a new one has what the umask leaves."""
    path = tmp_path / "run"
    path.touch()
    path.chmod(mode)
    before = os.umask(0o027)
    try:
        write(path, 1)
        write(tmp_path / "new", 1)
    finally:
        os.umask(before)
    assert stat.S_IMODE(path.stat().st_mode) == mode
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o640


@both_sides
@pytest.mark.parametrize("error", [OSError, KeyboardInterrupt])
@pytest.mark.parametrize("where", ["fsync", "replace"])
@pytest.mark.parametrize("exists", [True, False])
def test_after_an_error(write, error, where, exists, tmp_path,
                        monkeypatch):
    """The old file is as it was, and nothing else is left."""
    path = tmp_path / "run"
    if exists:
        write(path, 1)

    def fail(*args):
        raise error

    if where == "fsync":
        monkeypatch.setattr(os, "fsync", fail)
    else:
        monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(error):
        write(path, 2)
    monkeypatch.undo()
    assert os.listdir(tmp_path) == ["run"] * exists
    if exists:
        assert read(write, path) == 1


@both_sides
def test_the_content_is_on_the_disk_before_the_name(write, tmp_path,
                                                    monkeypatch):
    """fsync comes first, on the whole new file, and then the rename."""
    order = []
    sync, replace = os.fsync, Path.replace

    def syncing(number):
        order.append(("fsync", os.fstat(number).st_ino,
                      os.fstat(number).st_size))
        sync(number)

    def replacing_(part, path):
        order.append(("replace", part.stat().st_ino,
                      part.stat().st_size))
        return replace(part, path)

    monkeypatch.setattr(os, "fsync", syncing)
    monkeypatch.setattr(Path, "replace", replacing_)
    write(tmp_path / "run", 1)
    found = (tmp_path / "run").stat()
    assert order == [(event, found.st_ino, found.st_size)
                     for event in ("fsync", "replace")]


@both_sides
def test_only_regular_files(write, tmp_path):
    """A folder or a pipe is not replaced by a file."""
    pipe, folder = tmp_path / "pipe", tmp_path / "folder"
    os.mkfifo(pipe)
    folder.mkdir()
    for path in pipe, folder:
        with pytest.raises(OSError, match="must be a regular file"):
            write(path, 1)
    assert stat.S_ISFIFO(pipe.stat().st_mode) and folder.is_dir()
    assert sorted(os.listdir(tmp_path)) == ["folder", "pipe"]


def test_writers_of_two_processes(tmp_path):
    """Two processes that save one checkpoint do not collide."""
    script = ("from scratch._files import replacing\n"
              "from torch_ref import _archive\n"
              "for _ in range(50):\n"
              "    with replacing('hand') as part:\n"
              "        part.write_text('1')\n"
              "    _archive.write('torch', {'format': ''})\n")
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    processes = [subprocess.Popen([sys.executable, "-c", script],
                                  cwd=tmp_path, env=env) for _ in "ab"]
    assert [process.wait() for process in processes] == [0, 0]
    assert sorted(os.listdir(tmp_path)) == ["hand", "torch"]


def test_numbers_of_numpy_can_be_read(tmp_path):
    """By torch a file holds Python's numbers, at any depth."""
    path = tmp_path / "run"
    numbers = {"a": np.float64(0.5), "b": [np.int64(3), (np.True_, "x")],
               "c": {"d": np.float32(0.25), "e": torch.ones(2)}}
    _archive.write(path, {"format": "numbers", **numbers})
    found = _archive.read(path, "numbers")
    assert found["c"].pop("e").tolist() == [1, 1]
    assert found == {"format": "numbers", "a": 0.5, "b": [3, (True, "x")],
                     "c": {"d": 0.25}}
    assert [type(x) for x in (found["a"], found["b"][0], found["b"][1][0],
                              found["c"]["d"])] == [float, int, bool, float]
