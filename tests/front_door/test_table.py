"""What the front door prints and returns: table, JSON, exit status."""

import json
import os
import re
from pathlib import Path

import pytest

from scratch.__main__ import KEEP
from scratch.front_door.lesson import Options
from scratch.front_door.lessons import entries
from scratch.front_door.source import ROOT
from tests.front_door.command import printed, status
from tests.compare.forked import on_a_terminal


@pytest.fixture(scope="module")
def records():
    """Every lesson, as `python -m scratch --json` reports it."""
    code, out, err = printed("--json", "--no-figure")
    assert (code, err) == (0, "")
    lines = [json.loads(line) for line in out.splitlines()]
    return {line["lesson"]: line for line in lines}


def test_all_lessons_agree(records):
    """Each lesson is one object; the two sides agree in every run."""
    assert list(records) == list(entries())
    for record in records.values():
        assert record["agree"] is True
        assert record["dtype"] == "float64" and record["bound"] == 1e-12
        for run in record["runs"]:
            assert run["gap"] <= 1e-12 and 1 <= run["step"] <= run["steps"]
            assert run["hand"]["loss"] == pytest.approx(
                run["torch"]["loss"], rel=1e-10)


def test_lessons_show_what_they_must(records):
    """Both sides reach the losses and accuracies of the lectures."""
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
    assert last("small_cnn") >= 0.92
    assert records["regression_net"]["runs"][0]["hand"]["loss"] < 0.01
    assert [run["run"] for run in records["optimizers"]["runs"]] == [
        "SGD", "momentum", "RMSprop", "Adam"]
    assert {run["steps"] for run in records["optimizers"]["runs"]} == {
        12 * 32}


def test_readme_table_is_the_table(records):
    """The README shows today's steps, losses and accuracies.

    Gaps below 1e-12 and seconds depend on the computer.
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
    """Loss and accuracy on training set and test set, 30 times."""
    history = records["softmax_regression"]["runs"][0]["hand"]["history"]
    assert len(history) == 30
    assert history[0].keys() == {"accuracy", "test_loss",
                                 "train_accuracy", "train_loss"}
    assert history[0]["train_loss"] > history[-1]["train_loss"]


def test_optimizers_race_on_the_same_batches():
    """All four start from the same weights, on the same first batch."""
    lesson = entries()["optimizers"].load()(Options(seed=3))
    first = [next(iter(run.hand)) for run in lesson.runs]
    assert len(set(first)) == 1


def test_table(capsys):
    """80 aligned columns, a line per run, w and b, and the verdict."""
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
    assert "All agree: no gap above 1e-12 in float64." in out
    assert Path("lessons.png").exists() and "lessons.png" in out


def test_a_disagreement_is_named(capsys, monkeypatch):
    """A different lr on one side: exit status 1, the run is named."""
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


def test_json_stays_json_when_training_diverges(capsys):
    """NaN becomes null. Both sides diverge alike, so they agree."""
    assert status("linear_regression", "--lr", "9", "--json",
                  "--no-figure") == 0
    line = capsys.readouterr().out
    record = json.loads(line, parse_constant=lambda name: pytest.fail(name))
    assert record["runs"][0]["hand"]["loss"] is None


@pytest.mark.skipif(os.name == "nt", reason="terminals are POSIX's")
def test_progress_bar_on_a_terminal_only():
    """After a second a bar appears on stderr, if it is a terminal."""
    out, shown = on_a_terminal("breast_cancer", "--epochs",
                               "300", "--no-figure")
    assert "breast_cancer" in shown and "2700" in shown
    assert "%|" not in out
