"""The front door: what it prints, draws, refuses, and returns."""

import json
import math
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import matplotlib.image
import pytest
import torch

from scratch.__main__ import main, parse
from scratch.front_door import BACKPROP, KEEP, LESSONS
from scratch.front_door.lesson import Options
from scratch.front_door.lessons import BY_NAME
from scratch.front_door.lockstep import Run, Side
from scratch.front_door.report import AGREE
from tests.commands import heavy_imports, on_a_terminal

ROOT = Path(__file__).parent.parent


@pytest.fixture(autouse=True)
def torch_as_it_was(tmp_path, monkeypatch):
    """The front door sets the default dtype; its files go to a folder."""
    before = torch.get_default_dtype()
    monkeypatch.chdir(tmp_path)
    yield
    torch.set_default_dtype(before)


def status(*argv):
    """The exit status, argparse's own exits included."""
    try:
        return main(list(argv))
    except SystemExit as exit:
        return exit.code


@pytest.fixture(scope="module")
def records():
    """Every lesson, as `python -m scratch --json` reports it."""
    result = subprocess.run(
        [sys.executable, "-m", "scratch", "--json", "--no-figure"],
        cwd=ROOT, capture_output=True, text=True, check=True)
    assert result.stderr == ""
    lines = [json.loads(line) for line in result.stdout.splitlines()]
    return {line["lesson"]: line for line in lines}


def test_all_lessons_agree(records):
    """Each lesson is one object, and both sides agree in each run."""
    assert list(records) == list(LESSONS) == list(BY_NAME)
    for record in records.values():
        assert record["agree"] is True
        assert record["dtype"] == "float64" and record["bound"] == 1e-12
        for run in record["runs"]:
            assert run["gap"] <= 1e-12 and 1 <= run["step"] <= run["steps"]
            assert run["hand"]["loss"] == pytest.approx(
                run["torch"]["loss"], rel=1e-10)


def test_lessons_show_what_they_must(records):
    """The figures that the lectures promise, on both sides."""
    def last(lesson, key="accuracy", run=0):
        sides = records[lesson]["runs"][run]
        return min(sides[wing]["history"][-1][key]
                   for wing in ("hand", "torch"))

    line = records["linear_regression"]["runs"][0]
    assert line["hand"]["loss"] < 1 and line["steps"] < 1000
    assert abs(line["hand"]["w"] - 2) < 0.5 and line["hand"]["b"] > 2
    assert records[KEEP]["lr"] == 0.1
    assert last("logistic_regression") >= 0.99
    assert last("classification_net") >= 0.99
    assert last("breast_cancer") >= 0.99
    assert records["breast_cancer"]["runs"][0]["steps"] == 700 * 9
    assert last("softmax_regression") >= 0.95
    assert records["regression_net"]["runs"][0]["hand"]["loss"] < 0.01
    assert [run["run"] for run in records["optimizers"]["runs"]] == [
        "SGD", "momentum", "RMSprop", "Adam"]
    assert {run["steps"] for run in records["optimizers"]["runs"]} == {
        12 * 32}


def test_readme_table_is_the_table(records):
    """Lessons, steps, losses and accuracies are what is printed today.

    Gaps below 1e-12 and seconds are the machine's.
    """
    readme = (ROOT / "README.md").read_text()
    for record in records.values():
        for run in record["runs"]:
            hand = run["hand"]
            name = run["run"].split()[-1]
            row = re.search(rf"^ *{name} .*$", readme, re.MULTILINE)[0]
            cells = row[19:].split()
            assert int(cells[0]) == run["steps"]
            assert float(cells[3]) == pytest.approx(
                hand["loss"], abs=5.1e-5)
            if hand["history"]:
                assert float(cells[5]) == pytest.approx(
                    hand["history"][-1]["accuracy"], abs=5.1e-4)


def test_softmax_regression_reports_each_epoch(records):
    """Loss and accuracy on the training and the test part, 30 times."""
    history = records["softmax_regression"]["runs"][0]["hand"]["history"]
    assert len(history) == 30
    assert history[0].keys() == {"accuracy", "test_loss",
                                 "train_accuracy", "train_loss"}
    assert history[0]["train_loss"] > history[-1]["train_loss"]


def test_optimizers_race_on_the_same_batches():
    """All four begin at one point and see one first batch."""
    lesson = BY_NAME["optimizers"](Options(seed=3))
    first = [next(iter(run.hand)) for run in lesson.runs]
    assert len(set(first)) == 1


def test_table(capsys):
    """Aligned, 80 columns, a line a run, w and b, and the verdict."""
    assert status("linear_regression", "optimizers", "--epochs", "3") == 0
    out = capsys.readouterr().out
    lines = out.splitlines()
    assert max(map(len, lines)) <= 80
    head, rows = lines[1], lines[2:8]
    for row, name in zip(rows, ["linear_regression", "optimizers", "  SGD",
                                "  momentum", "  RMSprop", "  Adam"]):
        assert row.startswith(name)
    ends = {m.end() for m in re.finditer(r"\S+", head)}
    for row in rows[2:]:
        assert {m.end() for m in re.finditer(r"\S+", row[19:])} <= {
            end - 19 for end in ends}
    assert re.search(r"w = \d\.\d+ by hand, \d\.\d+ by torch", out)
    assert "All agree: no gap above 1e-12" in out
    assert Path("lessons.png").exists() and "lessons.png" in out


def test_a_disagreement_is_named(capsys, monkeypatch):
    """Another lr on one side: exit 1, and the run is named."""
    import torch_ref.mlp
    right = torch_ref.mlp.train

    def wrong(model, loss_function, x, y, lr, *args, **options):
        return right(model, loss_function, x, y, 1.001 * lr, *args,
                     **options)

    monkeypatch.setattr(torch_ref.mlp, "train", wrong)
    names = ("linear_regression", "regression_net")
    assert status(*names, "--no-figure") == 1
    last = capsys.readouterr().out.splitlines()[-1]
    assert last == "DISAGREE: regression_net"
    assert status(*names, "--no-figure", "--quiet") == 1
    assert capsys.readouterr() == (
        "", "python -m scratch: DISAGREE: regression_net\n")
    assert status(*names, "--no-figure", "--json") == 1
    agree = [json.loads(line)["agree"]
             for line in capsys.readouterr().out.splitlines()]
    assert agree == [True, False]
    assert status("regression_net", "linear_regression", "--no-figure",
                  "--quiet") == 1
    capsys.readouterr()
    status("regression_net", "--no-figure", "--json", "--lr", "0.1")
    record = json.loads(capsys.readouterr().out)["runs"][0]
    assert record["hand"]["loss"] != record["torch"]["loss"]


class Model:
    """One parameter, for a run that is written out."""

    def __init__(self):
        self.p = torch.ones(2, dtype=torch.float64)

    def parameters(self):
        return [self.p]

    def follow(self, values, losses):
        """Take on these values and report these losses."""
        for value, loss in zip(values, losses):
            self.p[0] = value
            yield loss


def test_the_gap_to_nothing():
    """One side moves and the other stays at 0: as far as can be."""
    for value, gap in (1e-300, 1.0), (math.inf, math.inf):
        a, b = Model(), Model()
        a.p.zero_(), b.p.zero_()
        run = Run("", Side(a, a.follow([value], [0.0])),
                  Side(b, b.follow([0.0], [0.0])))
        list(run)
        assert run.gaps == [gap]


@pytest.mark.parametrize("values, losses, gaps", [
    ([1.0, 1.0], [1.0, 1.0], [0.0, 0.0]),
    # the scale is 2, of the hand's, and a tenth less after that
    ([2.0, 1.36], [1.0, 1.0], [0.5, 0.2]),
    ([1.0, 1.0], [1.0, 3.0], [0.0, 0.5]),
    ([1.0, math.nan], [1.0, 1.0], [0.0, math.inf]),
    ([1.0, 1.0], [1.0, math.inf], [0.0, math.inf]),
    # one side stops earlier
    ([1.0], [1.0], [0.0, math.inf])])
def test_the_gap(values, losses, gaps):
    """Differences in units of a fading largest magnitude."""
    a, b = Model(), Model()
    run = Run("", Side(a, a.follow(values, losses)),
              Side(b, b.follow([1.0, 1.0], [1.0, 1.5])))
    if losses == [1.0, 1.0]:
        run.torch.training = b.follow([1.0, 1.0], [1.0, 1.0])
    list(run)
    assert run.gaps == pytest.approx(gaps)
    assert run.step == gaps.index(max(gaps)) + 1


def test_every_parameter_and_the_loss_count():
    """Each has its own scale, and the larger gap is the step's."""
    class Pair(Model):
        """Two parameters; only the second moves."""

        def __init__(self):
            super().__init__()
            self.q = torch.ones(1, dtype=torch.float64)

        def parameters(self):
            return [self.p, self.q]

        def follow(self, values, losses):
            for value, loss in zip(values, losses):
                self.q[0] = value
                yield loss

    for value, loss, gap in ((2.0, 100.0, 0.5), (1.0, 80.0, 0.2),
                             (2.0, 80.0, 0.5), (1.25, 50.0, 0.5)):
        a, b = Pair(), Pair()
        run = Run("", Side(a, a.follow([value, 1.0], [loss, 100.0])),
                  Side(b, b.follow([1.0, 1.0], [100.0, 100.0])))
        list(run)
        assert run.gaps == pytest.approx([gap, 0.0])
        # healed, and still the largest
        assert run.gap == pytest.approx(gap) and run.step == 1


def test_bounds():
    """What counts as agreement, in units of the scale."""
    assert AGREE == {"float64": 1e-12, "float32": 2e-3}


def test_an_explosion_long_ago_hides_nothing():
    """A scale of 1e20 has faded after 500 steps."""
    a, b = Model(), Model()
    explosion, rest = [1e20], [1.0] * 500
    run = Run("", Side(a, a.follow(explosion + rest, rest + rest)),
              Side(b, b.follow(explosion + [2.0] * 500, rest + rest)))
    list(run)
    assert run.gaps[1] < 1e-15 and run.gap == 0.5


def test_both_sides_may_diverge_together():
    """The same NaN and the same infinity on both sides are no gap."""
    a, b = Model(), Model()
    values, losses = [2.0, math.inf, math.nan], [3.0, math.inf, math.nan]
    run = Run("", Side(a, a.follow(values, losses)),
              Side(b, b.follow(values, losses)))
    list(run)
    assert run.gaps == [0.0, 0.0, 0.0]


def test_json_stays_json_when_training_diverges(capsys):
    """NaN is not JSON: null. Both diverge alike, so they agree."""
    assert status("linear_regression", "--lr", "9", "--json",
                  "--no-figure") == 0
    line = capsys.readouterr().out
    record = json.loads(line, parse_constant=lambda name: pytest.fail(name))
    assert record["runs"][0]["hand"]["loss"] is None


def test_figure_is_a_picture(capsys):
    """It is written where it is asked for, and not where it is not."""
    assert status("regression_net", "classification_net", "--epochs", "2",
                  "--figure", "a.png", "--quiet") == 0
    assert capsys.readouterr() == ("", "")
    image = matplotlib.image.imread("a.png")
    assert image.shape[0] > 300 and image.std() > 0.05
    assert status("regression_net", "--epochs", "2", "--no-figure") == 0
    assert os.listdir() == ["a.png"]


def test_the_boundary_is_drawn_for_each_side():
    """The broad line is by hand, the dashed by torch, the bound red.

    On each line that side's own model is undecided.
    """
    import numpy as np
    from scratch.front_door.figure import Figure
    lesson = BY_NAME["logistic_regression"](Options(epochs=20))
    list(lesson.runs[0])
    hand, ref = lesson.runs[0].hand.model, lesson.runs[0].torch.model
    w, b = ref.parameters()
    w.data[0, 0] *= 2
    b.data += 1
    above, below = Figure([lesson], "float64").panels[lesson.name]
    for model, drawn in zip((hand, ref), above.lines):
        points = torch.from_numpy(np.array(drawn.get_data()).T)
        p = model(points.to(lesson.x)).detach()
        assert p.sub(0.5).abs().max() < 1e-6
    assert above.lines[0].get_linewidth() > above.lines[1].get_linewidth()
    assert list(below.lines[-1].get_ydata()) == [1e-12] * 2


def test_every_lesson_can_be_drawn_before_it_is_trained():
    """One step each: no picture needs a whole training."""
    assert status("--epochs", "1", "--figure", "all.svg", "--quiet") == 0
    assert Path("all.svg").read_text().count("<svg") == 1


def test_animation_is_a_gif():
    """Several frames, and nothing left beside it."""
    from PIL import Image
    assert status("linear_regression", "--no-figure", "--quiet",
                  "--animate", "a.gif") == 0
    with Image.open("a.gif") as image:
        assert getattr(image, "n_frames") >= 4
    assert os.listdir() == ["a.gif"]


def test_same_seed_same_run(capsys):
    """A seed repeats a run; another one makes another."""
    def loss(*argv):
        status("regression_net", "--json", "--no-figure", *argv)
        record = json.loads(capsys.readouterr().out)
        return record["runs"][0]["hand"]["loss"]

    assert loss("--seed", "3") == loss("--seed", "3") != loss()
    assert loss("--dtype", "float32") != loss()


def test_options_reach_the_lesson(capsys):
    """--epochs, --lr, --keep-gradients, --dtype and --device."""
    assert status("linear_regression", "--keep-gradients", "--epochs", "5",
                  "--lr", "0.01", "--dtype", "float32", "--device", "cpu",
                  "--json", "--no-figure") == 0
    record = json.loads(capsys.readouterr().out)
    assert record["lesson"] == KEEP and record["lr"] == 0.01
    assert record["runs"][0]["steps"] == 5
    assert record["bound"] == AGREE["float32"]


@pytest.mark.parametrize("name", BACKPROP)
def test_backprop(name, capsys, monkeypatch):
    """--backprop: the same lesson, and by hand autograd is not asked."""
    def lesson(*options):
        assert status(name, "--epochs", "3", "--json", "--no-figure",
                      *options) == 0
        return json.loads(capsys.readouterr().out)

    plain = lesson()
    monkeypatch.setattr(torch.Tensor, "backward", None)
    written_out = lesson("--backprop")
    assert written_out["agree"] and written_out["backprop"]
    assert not plain["backprop"]
    for side in "hand", "torch":
        a, b = plain["runs"][0][side], written_out["runs"][0][side]
        assert a["loss"] == pytest.approx(b["loss"], rel=1e-12)
        assert len(a["history"]) == len(b["history"])


def test_backprop_alone_is_all_that_have_it():
    """Without a lesson's name, --backprop trains the three."""
    assert parse(["--backprop"]).lessons == list(BACKPROP)


BAD = {
    "unknown": (["logistic"], "'logistic'.*'logistic_regression'"),
    "lr 0": (["--lr", "0"], "--lr.*above 0.*'0'"),
    "lr word": (["--lr", "fast"], "--lr.*'fast'"),
    "lr nan": (["--lr", "nan"], "--lr.*'nan'"),
    "lr inf": (["--lr", "inf"], "--lr.*'inf'"),
    "epochs 0": (["--epochs", "0"], "--epochs.*from 1 on.*'0'"),
    "epochs 1.5": (["--epochs", "1.5"], "--epochs.*'1.5'"),
    "seed": (["--seed", "-1"], "--seed.*'-1'"),
    "no folder": (["--figure", "no/a.png"], "--figure.*'no/a.png'"),
    "a folder": (["--figure", "."], "--figure.*directory"),
    "no format": (["--figure", "a.doc"], "--figure.*png.*'a.doc'"),
    "no gif": (["--animate", "a.png"], "--animate.*gif.*'a.png'"),
    "gif folder": (["--animate", "no/a.gif"], "--animate.*'no/a.gif'"),
    "keep": (["breast_cancer", "--keep-gradients"],
             "--keep-gradients.*linear_regression.*breast_cancer"),
    "backprop": (["optimizers", "--backprop"],
                 "--backprop.*breast_cancer, given optimizers"),
    "backprop keeps": (["--backprop", "--keep-gradients"],
                       "--backprop.*given linear_regression --keep"),
    "device": (["--device", "tpu"], "--device.*'tpu'"),
    "option": (["--fast"], "--fast"),
    "both figures": (["--figure", "a.png", "--no-figure"], "not allowed"),
    "screen": (["--show", "linear_regression"], "--show.*no screen"),
}


@pytest.mark.parametrize("argv, words", BAD.values(), ids=BAD)
def test_bad_input_is_one_line(argv, words, capsys):
    """Exit 2, one line on stderr that names it, nothing written."""
    assert status(*argv) == 2
    out, err = capsys.readouterr()
    assert out == "" and err.count("\n") == 1
    assert re.search(words, err), err
    assert os.listdir() == []


def test_unknown_lesson_names_the_nearest_and_the_choices(capsys):
    """A slip of the finger is answered with what was meant."""
    assert status("breast_cancr") == 2
    err = capsys.readouterr().err
    assert "nearest is 'breast_cancer'" in err
    assert all(name in err for name in LESSONS if name != KEEP)


def test_a_missing_package_is_one_line(monkeypatch, capsys):
    """Exit 3: the tables come with scikit-learn, which is not there."""
    monkeypatch.setitem(sys.modules, "sklearn.datasets", None)
    assert status("linear_regression", "softmax_regression") == 3
    out, err = capsys.readouterr()
    assert out == "" and err.count("\n") == 1 and "sklearn" in err
    assert os.listdir() == []


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is one here")
def test_a_device_that_is_not_there(capsys):
    """Named, with those that are."""
    assert status("linear_regression", "--device", "cuda") == 2
    assert "no cuda here, there is cpu" in capsys.readouterr().err


@pytest.mark.skipif(not torch.cuda.is_available(),
                    reason="needs a CUDA GPU")
def test_lessons_agree_on_the_gpu():
    """Both sides on the GPU, within the same bound."""
    assert status("linear_regression", "regression_net", "--device",
                  "cuda", "--no-figure", "--quiet") == 0


def test_unwritable_figure_is_found_before_training(monkeypatch, capsys):
    """Not one step is taken for a figure that cannot be saved."""
    import scratch.front_door.run as run

    def never(*args):
        raise AssertionError("trained")

    monkeypatch.setattr(run, "_train", never)
    assert status("--figure", "no/a.png") == 2
    assert status("--figure", "a.doc") == 2
    assert capsys.readouterr().err.count("\n") == 2


def test_help_list_and_errors_do_without_torch():
    """They answer at once: nothing heavy is imported."""
    printed, imported = heavy_imports("scratch", ["--list"], ["--help"],
                                      ["--lr", "0"])
    assert imported == "[]"
    assert printed.startswith("linear_regression ")
    assert "usage: python -m scratch" in printed


def test_version(capsys):
    """--version prints the package's version."""
    from scratch import __version__
    assert status("--version") == 0
    assert capsys.readouterr().out == __version__ + "\n"


def test_no_screen_behind_a_backend(monkeypatch, capsys):
    """A backend that is asked for and cannot be loaded: one line."""
    monkeypatch.setenv("DISPLAY", "")
    monkeypatch.setattr("matplotlib.pyplot.get_backend", lambda: "QtAgg")
    assert status("linear_regression", "--show") == 2
    assert capsys.readouterr().err.count("\n") == 1


@pytest.mark.skipif(os.name == "nt", reason="terminals are POSIX's")
def test_progress_bar_on_a_terminal_only():
    """Work over a second shows a bar on stderr, if that is a terminal."""
    out, shown = on_a_terminal("scratch", "breast_cancer", "--epochs",
                               "300", "--no-figure")
    assert "breast_cancer" in shown and "2700" in shown
    assert "%|" not in out


@pytest.mark.skipif(os.name == "nt", reason="signals are POSIX's")
def test_ctrl_c(tmp_path):
    """Exit 130, one line, and no half-written file."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(
        [sys.executable, "-m", "scratch", "linear_regression",
         "breast_cancer", "--epochs", "100000", "--json", "--animate",
         "a.gif"], cwd=tmp_path, env=environment, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    # The first lesson is done, the second will take an hour.
    assert json.loads(process.stdout.readline())["agree"]
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert err == "python -m scratch: interrupted\n"
    assert os.listdir(tmp_path) == []


def test_live_drawing_draws_while_training(monkeypatch):
    """--show draws in every lesson before it has ended, then waits."""
    from matplotlib import pyplot
    drawn, shown = [], []
    monkeypatch.setattr("scratch.front_door.run._screen", lambda: True)
    monkeypatch.setattr(pyplot, "pause", lambda s: drawn.append(s))
    monkeypatch.setattr(pyplot, "show", lambda: shown.append(True))
    assert status("regression_net", "linear_regression", "--show",
                  "--quiet", "--no-figure") == 0
    assert len(drawn) > 10 and shown == [True]
    pyplot.close("all")
