"""What cannot be written costs nothing else, and is told in one line."""

import importlib
import os
import shutil
from pathlib import Path

import matplotlib.image
import pytest
from matplotlib.figure import Figure

from scratch.front_door.command_line import PIPE_CLOSED, USAGE, writing
from scratch.front_door.endings import Attempt
from tests.front_door.command import run, status
from tests.front_door.outputs import closed, ended, full, full_disk

pytestmark = pytest.mark.usefixtures("one_thread", "without_filters")
LESSON = ("regression_net", "--epochs", "2", "--figure", "a.png")
# 4 steps
CNN = ("cnn", "--batch-size", "360", "--figure", "a.png", "--save", "a.pt")


@full_disk
@pytest.mark.parametrize("argv", [LESSON, CNN])
@pytest.mark.parametrize("option", [[], ["--json"]])
@pytest.mark.parametrize("stdout, code, lines", [
    (full, USAGE, 1), (closed, PIPE_CLOSED, 0)])
def test_files_are_written_without_a_reader(stdout, code, lines, option,
                                            argv, monkeypatch, capsys):
    """The table can't be printed: figure and checkpoint are there."""
    found, err = ended(stdout, monkeypatch, capsys, *argv, *option)
    assert (found, err.count("\n")) == (code, lines)
    assert matplotlib.image.imread("a.png").std() > 0.05
    expected = ["a.png"] if argv is LESSON else ["a.png", "a.pt"]
    assert sorted(os.listdir()) == expected
    if argv is CNN:
        assert run(capsys, "cnn", "--load", "a.pt", "--quiet",
                   "--no-figure")[0] == 0


@full_disk
def test_all_lessons_are_in_the_figure(monkeypatch, capsys):
    """--json | head -1: the lessons that follow are trained and drawn."""
    drawn = []
    monkeypatch.setattr("scratch.front_door.figure.Figure.save",
                        lambda figure, path: drawn.append(figure))
    code, _ = ended(closed, monkeypatch, capsys, "regression_net",
                    "classification_net", "--epochs", "2", "--json")
    assert code == PIPE_CLOSED
    for _, below in drawn[0].panels.values():
        assert len(below.lines[0].get_xdata()) == 2


def test_without_a_figure_no_reader_means_no_training(monkeypatch, capsys):
    """--json --no-figure | head -1: the first lesson is the last."""
    trained = []

    def train(lesson, *args):
        """Train without a progress bar."""
        for both in lesson.runs:
            list(both)
        trained.append(lesson.name)

    monkeypatch.setattr("scratch.front_door.run._train", train)
    code, _ = ended(closed, monkeypatch, capsys, "regression_net",
                    "classification_net", "--epochs", "2", "--json",
                    "--no-figure")
    assert (code, trained) == (PIPE_CLOSED, ["regression_net"])


@pytest.mark.parametrize("argv", [LESSON, CNN])
@pytest.mark.parametrize("option", [[], ["--json"], ["--quiet"]])
def test_a_figure_that_fails(argv, option, monkeypatch, capsys):
    """The report is printed; one line names the figure; exit status 2."""
    def fail(self, path, **options):
        raise OSError(28, "No space left on device")

    assert status(*argv, *option) == 0
    out = capsys.readouterr().out
    monkeypatch.setattr(Figure, "savefig", fail)
    old = Path("a.png").read_bytes()
    code, printed, err = run(capsys, *argv, *option)
    assert (code, err.count("\n")) == (USAGE, 1)
    assert err.endswith(": cannot write 'a.png': No space left on device\n")
    assert option or printed.split("\n")[:2] == out.split("\n")[:2]
    assert bool(printed) == bool(out) and "Wrote" not in printed
    assert Path("a.png").read_bytes() == old
    if argv is CNN:
        assert run(capsys, "cnn", "--load", "a.pt", "--no-figure",
                   "--quiet") == (0, "", "")


@pytest.mark.parametrize("fails, stays", [("figure", "a.gif"),
                                          ("gif", "a.png")])
def test_one_picture_that_fails(fails, stays, monkeypatch, capsys):
    """The other is written, and the table says so."""
    def fail(*args, **options):
        raise OSError(28, "No space left on device")

    name = ("matplotlib.animation.PillowWriter.finish" if fails == "gif"
            else "scratch.front_door.figure.Figure.save")
    if fails == "figure":
        monkeypatch.setattr(Figure, "savefig", _unless_a_frame(
            Figure.savefig, fail))
    else:
        monkeypatch.setattr(name, fail)
    code, out, err = run(capsys, *LESSON, "--animate", "a.gif")
    lost = {"figure": "a.png", "gif": "a.gif"}[fails]
    assert (code, err.count("\n")) == (USAGE, 1)
    assert f"cannot write '{lost}': No space" in err
    assert out.endswith(f"in float64.\nWrote {stays}.\n")
    assert os.listdir() == [stays]


def _unless_a_frame(savefig, fail):
    """Frames go to memory, figures to a path."""
    def instead(self, where, **options):
        return (fail if isinstance(where, Path) else savefig)(
            self, where, **options)
    return instead


@pytest.mark.parametrize("argv", [LESSON, CNN])
def test_the_folder_vanishes(argv, monkeypatch, capsys):
    """--figure into a folder that is removed during the training."""
    os.mkdir("gone")
    module = "cnn.run" if argv is CNN else "run"
    name = f"scratch.front_door.{module}._train"
    train = getattr(importlib.import_module(name.rpartition(".")[0]),
                    "_train")

    def and_remove(*args):
        train(*args)
        shutil.rmtree("gone", ignore_errors=True)

    monkeypatch.setattr(name, and_remove)
    code, out, err = run(capsys, *argv, "--figure", "gone/a.png")
    assert (code, err.count("\n")) == (USAGE, 1)
    assert f"cannot write {os.path.join('gone', 'a.png')!r}: No such" in err
    assert "agree" in out or "test accuracy" in out


def test_a_checkpoint_that_fails(monkeypatch, capsys):
    """At the end, report and figure are there; exit status 2, one line."""
    def fail(training, *args):
        if training.step == training.steps:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr("scratch.front_door.cnn.run.save", fail)
    code, out, err = run(capsys, *CNN)
    assert code == USAGE and "test accuracy" in out
    assert err == ("python -m scratch cnn: cannot write 'a.pt': No space "
                   "left on device\n")
    assert os.listdir() == ["a.png"]


def test_the_worst_of_several_failures():
    """2 says more than 141, whichever comes first."""
    for codes in (32, 28), (28, 32), (28, 28):
        attempt = Attempt("prog")
        for code in codes:
            with attempt:
                with writing(None):
                    raise OSError(code, "words")
        assert attempt.status == USAGE
    with pytest.raises(KeyError), attempt:
        raise KeyError


@pytest.mark.parametrize("error", [
    PermissionError(13, "no permission", "a.pt"), OSError(5, "no permission")])
@pytest.mark.parametrize("argv", [["--load", "a.pt"], ["--save", "a.pt"]])
def test_a_checkpoint_that_cannot_be_read(argv, error, monkeypatch, capsys):
    """One line that names it, exit status 3; it is not replaced."""
    def fail(path):
        raise error

    Path("a.pt").write_bytes(b"weights")
    with monkeypatch.context() as patch:
        patch.setattr(Path, "read_bytes", fail)
        assert run(capsys, "cnn", "--no-figure", *argv) == (
            3, "", "python -m scratch cnn: cannot read 'a.pt': no "
            "permission\n")
    assert Path("a.pt").read_bytes() == b"weights"
