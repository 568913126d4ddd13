"""Each option does what it says; a bad one is reported in one line."""

import json
import os
import re
import sys

import numpy as np
import pytest
import torch

from scratch import CONTENTS
from scratch.__main__ import KEEP, parse
from scratch.autograd import Value
from scratch.front_door.command_line import DataError
from scratch.front_door.lesson import Lesson, Options
from scratch.front_door.lessons import entries, of_topic
from scratch.front_door.report import AGREE
from tests.compare.terminal import heavy_imports
from tests.front_door.command import records, status

BACKPROP = [entry.name for entry in entries().values() if entry.backprop]


def test_same_seed_same_run(capsys):
    """A seed repeats a run; another seed gives another run."""
    def loss(*argv):
        status("regression_net", "--json", "--no-figure", *argv)
        record = json.loads(capsys.readouterr().out)
        return record["runs"][0]["hand"]["loss"]

    assert loss("--seed", "3") == loss("--seed", "3") != loss()
    assert loss("--dtype", "float32") != loss()


def test_options_reach_the_lesson(capsys):
    """--epochs, --lr, --keep-gradients, --dtype, --device have effect."""
    assert status("linear_regression", "--keep-gradients", "--epochs", "5",
                  "--lr", "0.01", "--dtype", "float32", "--device", "cpu",
                  "--json", "--no-figure") == 0
    record = json.loads(capsys.readouterr().out)
    assert record["lesson"] == KEEP and record["lr"] == 0.01
    assert record["runs"][0]["steps"] == 5
    assert record["bound"] == AGREE["float32"]


def lesson(name, *options):
    """The record of three epochs."""
    (record,), code = records(name, "--epochs", "3", *options)
    assert code == 0
    return record


def same_training(plain, other):
    """The same losses, and as many evaluations, on both sides."""
    for side in "hand", "torch":
        a, b = plain["runs"][0][side], other["runs"][0][side]
        assert a["loss"] == pytest.approx(b["loss"], rel=1e-12)
        assert len(a["history"]) == len(b["history"])


@pytest.mark.parametrize("name", BACKPROP)
def test_backprop(name, monkeypatch):
    """--backprop trains the same lesson, by hand without `backward()`."""
    plain = lesson(name)
    monkeypatch.setattr(torch.Tensor, "backward", None)
    written_out = lesson(name, "--backprop")
    assert written_out["agree"] and written_out["backprop"]
    assert not plain["backprop"]
    same_training(plain, written_out)


@pytest.mark.parametrize("name", BACKPROP)
def test_autograd(name, monkeypatch):
    """--autograd trains the same lesson, by hand with our engine."""
    plain = lesson(name)
    steps: list[None] = []
    backward = Value.backward
    monkeypatch.setattr(Value, "backward",
                        lambda loss: steps.append(backward(loss)))
    by_engine = lesson(name, "--autograd")
    assert by_engine["agree"] and by_engine["autograd"]
    assert not plain["autograd"] and not by_engine["backprop"]
    assert len(steps) == by_engine["runs"][0]["steps"]
    same_training(plain, by_engine)


@pytest.mark.parametrize("option", ["--backprop", "--autograd"])
def test_alone_is_all_that_have_it(option):
    """Without a name, the option trains the lessons that have it."""
    assert parse([option]).lessons == list(BACKPROP)


BAD = {
    "unknown": (["logistic"], "'logistic'.*'logistic_regression'"),
    "lr 0": (["--lr", "0"], "--lr.*above 0.*'0'"),
    "lr word": (["--lr", "fast"], "--lr.*'fast'"),
    "lr nan": (["--lr", "nan"], "--lr.*'nan'"),
    "lr inf": (["--lr", "inf"], "--lr.*'inf'"),
    "epochs 0": (["--epochs", "0"], "--epochs.*at least 1, got '0'"),
    "epochs 1.5": (["--epochs", "1.5"], "--epochs.*'1.5'"),
    "seed": (["--seed", "-1"], "--seed.*'-1'"),
    "no folder": (["--figure", "no/a.png"], "--figure.*'no/a.png'"),
    "a folder": (["--figure", "."], "--figure.*directory"),
    "no format": (["--figure", "a.doc"], "--figure.*png.*'a.doc'"),
    "no TeX": (["--figure", "a.pgf"], "--figure.*png.*'a.pgf'"),
    "no gif": (["--animate", "a.png"], "--animate.*gif.*'a.png'"),
    "gif folder": (["--animate", "no/a.gif"], "--animate.*'no/a.gif'"),
    "keep": (["breast_cancer", "--keep-gradients"],
             "--keep-gradients.*linear_regression.*breast_cancer"),
    "backprop": (["optimizers", "--backprop"],
                 "--backprop.*breast_cancer, got optimizers"),
    "autograd": (["optimizers", "--autograd"],
                 "--autograd.*breast_cancer, got optimizers"),
    "autograd, backprop": (["--autograd", "--backprop"],
                           "not allowed with"),
    "backprop keeps": (["--backprop", "--keep-gradients"],
                       "--backprop.*got linear_regression --keep"),
    "device": (["--device", "tpu"], "--device.*'tpu'"),
    "option": (["--fast"], "--fast"),
    "both figures": (["--figure", "a.png", "--no-figure"], "not allowed"),
    "screen": (["--show", "linear_regression"], "--show needs a screen"),
}


@pytest.mark.parametrize("argv, words", BAD.values(), ids=BAD)
def test_bad_input_is_one_line(argv, words, capsys):
    """Bad input: exit status 2, one line on stderr, nothing written."""
    assert status(*argv) == 2
    out, err = capsys.readouterr()
    assert out == "" and err.count("\n") == 1
    assert re.search(words, err), err
    assert os.listdir() == []


def test_unknown_name(capsys):
    """The message has the nearest name, or all choices if none is near."""
    for slip, meant in (("breast_cancr", "breast_cancer"), ("mlpp", "mlp"),
                        ("cn", "cnn")):
        assert status(slip) == 2
        err = capsys.readouterr().err
        assert f"{slip!r}; did you mean {meant!r}?" in err
        assert "choose" not in err
    assert status("resnet50") == 2
    err = capsys.readouterr().err
    assert "did you mean" not in err
    choices = err.split("choose from ")[1].split(" (--help")[0].split(", ")
    assert set(choices) == {*entries(), "mlp", "optim", "cnn"} - {KEEP}
    assert len(choices) == len(set(choices))


def test_float32(capsys):
    """float32 leaves out the lesson in which rounding grows."""
    assert parse(["--dtype", "float32"]).lessons == [
        name for name in entries() if name != "small_cnn"]
    assert status("mlp", "small_cnn", "--dtype", "float32") == 2
    assert "small_cnn needs --dtype float64" in capsys.readouterr().err


def test_a_topic_stands_for_its_lessons():
    """`mlp` trains its nets; a lesson named twice is trained once."""
    assert {"breast_cancer", "classification_net",
            "regression_net"} <= set(parse(["mlp"]).lessons)
    assert parse(["mlp"]).lessons == of_topic("mlp")
    assert parse(["optim", "mlp", "optimizers"]).lessons == [
        "optimizers", *parse(["mlp"]).lessons]
    assert parse([]).lessons == list(entries())
    assert parse(["linear_regression"]).lessons == ["linear_regression"]
    assert parse(["linear_regression", "--keep-gradients"]).lessons == [
        KEEP]


@pytest.mark.parametrize("argv, words", [
    (["tensors"], "tensors has no lesson; --read tensors"),
    (["backprop"], "add --backprop"), (["autograd"], "add --autograd"),
    (["mlp", "cnn"], "cnn must be the first and only name")])
def test_topics_without_a_lesson(argv, words, capsys):
    """For a topic without a lesson, one line says what to do instead."""
    assert status(*argv) == 2
    err = capsys.readouterr().err
    assert err.count("\n") == 1 and re.search(words, err), err


def test_list(capsys):
    """--list: every topic in reading order, with its lessons below."""
    assert status("--list") == 0
    lines = capsys.readouterr().out.splitlines()
    assert max(map(len, lines)) < 80
    topics = [line.split()[0] for line in lines if line[0] != " "]
    assert topics == list(CONTENTS)
    below: dict = {topic: [] for topic in CONTENTS}
    for line in lines:
        if line[0] != " ":
            topic = line.split()[0]
        else:
            below[topic].append(re.split("  +", line.strip())[0])
    assert below == {topic: of_topic(topic) for topic in CONTENTS}
    assert sum(below.values(), []) == list(entries())


def test_a_new_lesson_is_a_file(tmp_path, monkeypatch):
    """Each lesson in a file is registered; a helper class is not."""
    from scratch.front_door import lessons
    good = ('class A(Lesson):\n    """About."""\n'
            '    name = "a"\n    topic = "mlp"\n'
            "class B(A):\n    name = 'a --more'\n    backprop = True\n"
            "class Helper:\n    pass\n")
    path = tmp_path / "a.py"
    path.write_text(good)
    first, second = lessons._in_file(path)
    assert (first.name, first.topic, first.about) == ("a", "mlp", "About")
    assert not first.backprop and second.backprop
    assert second.topic == "mlp" and second.kind == "B"
    path.write_text(good.replace('"mlp"', '"mpl"'))
    with pytest.raises(DataError, match="a.py: A must give .*'mpl'"):
        lessons._in_file(path)


def test_two_lessons_of_one_name(monkeypatch, capsys):
    """Two lessons with one name raise, and the message has the name."""
    from scratch.front_door import lessons
    entry = entries()["regression_net"]
    monkeypatch.setattr(lessons, "_in_file", lambda path: [entry])
    with pytest.raises(DataError, match="different names, got regression_net"):
        lessons.entries.__wrapped__()


def test_a_lesson_without_a_picture_shows_its_loss():
    """`Lesson.draw` draws both sides' losses."""
    from matplotlib.figure import Figure
    lesson = entries()["optimizers"].load()(Options(epochs=1))
    for run in lesson.runs:
        list(run)
    axes = Figure().subplots()
    Lesson.draw(lesson, axes)
    drawn = [np.asarray(line.get_ydata()).tolist() for line in axes.lines]
    assert drawn == [side.losses for run in lesson.runs
                     for side in (run.hand, run.torch)]


def test_a_missing_package_is_one_line(monkeypatch, capsys):
    """Without scikit-learn, which has the tables: exit status 3, one line."""
    monkeypatch.setitem(sys.modules, "sklearn.datasets", None)
    assert status("linear_regression", "softmax_regression") == 3
    out, err = capsys.readouterr()
    assert out == "" and err.count("\n") == 1 and "sklearn" in err
    assert os.listdir() == []


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is one here")
def test_a_device_that_is_not_there(capsys):
    """The message names the devices that exist."""
    assert status("linear_regression", "--device", "cuda") == 2
    assert re.search("--device must be one of cpu.* got cuda",
                     capsys.readouterr().err)


@pytest.mark.skipif(not torch.cuda.is_available(),
                    reason="needs a CUDA GPU")
def test_lessons_agree_on_the_gpu():
    """Both sides on the GPU, within the same bound."""
    assert status("linear_regression", "regression_net", "--device",
                  "cuda", "--no-figure", "--quiet") == 0


def test_help_list_and_errors_do_without_torch():
    """--help, --list and errors come at once, without heavy imports."""
    printed, imported = heavy_imports("scratch", ["--list"], ["--help"],
                                      ["--lr", "0"])
    assert imported == "[]"
    assert printed.startswith("tensors ")
    assert "usage: python -m scratch" in printed


def test_version(capsys):
    """--version prints the package's version."""
    from scratch import __version__
    assert status("--version") == 0
    assert capsys.readouterr().out == __version__ + "\n"
