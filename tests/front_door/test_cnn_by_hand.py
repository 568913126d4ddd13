"""`python -m scratch cnn --by hand|both`: the CNN by hand, in lockstep."""

import json
import re
from pathlib import Path

import pytest

import torch_ref.cnn
from tests.front_door.command import known, run

pytestmark = pytest.mark.usefixtures("one_thread")


@pytest.fixture
def few(folder):
    """150 images: three steps an epoch, two epochs."""
    return ("--data", "mnist", "--data-dir", str(folder), "--epochs", "2")


def test_both_sides_agree(few, capsys):
    """Six steps in lockstep: the gap, both histories, and status 0."""
    record = known(capsys, "--by", "both", *few)
    assert record["agree"] is True and record["bound"] == 1e-12
    assert 0 < record["gap"] <= 1e-12 and 1 <= record["gap_step"] <= 6
    assert (record["steps"], record["step"]) == (6, 6)
    assert (record["by"], record["dtype"], record["recipe"]) == (
        "both", "float64", "lecture")
    hand, ref = record["history"], record["torch"]["history"]
    assert [entry["epoch"] for entry in hand] == [1, 2]
    for a, b in zip(hand, ref, strict=True):
        assert a["loss"] == pytest.approx(b["loss"], rel=1e-10)
        assert a["accuracy"] == b["accuracy"]
    assert hand[-1]["accuracy"] == record["accuracy"]


def test_by_hand_is_the_lecture(few, capsys):
    """By hand alone: the losses of the recipe lecture by torch."""
    hand = known(capsys, "--by", "hand", *few)
    ref = known(capsys, "--recipe", "lecture", "--device", "cpu", *few)
    assert {key: hand[key] for key in (
        "by", "dtype", "device", "recipe", "lr", "images")} == {
        "by": "hand", "dtype": "float32", "device": "cpu",
        "recipe": "lecture", "lr": 0.001, "images": 300}
    assert "gap" not in hand
    for a, b in zip(hand["history"], ref["history"], strict=True):
        assert a["loss"] == pytest.approx(b["loss"], rel=1e-4)


def test_the_text_and_the_figure(few, capsys):
    """The report has the gap and its step; the figure is written."""
    status, out, err = run(capsys, "cnn", "--by", "both", *few)
    assert (status, err) == (0, "")
    assert max(map(len, out.splitlines())) <= 80
    assert re.search(r"^by torch: last loss \d\.\d{4}, in \d+\.\d s$", out,
                     re.MULTILINE)
    assert re.search(r"^All agree: the largest gap, \d\.\de-\d\d, is that "
                     r"of step \d; the bound is 1e-12$", out, re.MULTILINE)
    assert "(lecture recipe, cpu, float64, processes: 1, " in out
    assert "Wrote cnn.png." in out and Path("cnn.png").exists()


@pytest.mark.parametrize("option", [None, "--json", "--quiet"])
def test_a_disagreement_is_status_1(option, few, capsys, monkeypatch):
    """Another learning rate by torch: the gap is named, at its step."""
    right = torch_ref.cnn.Training.__init__

    def wrong(self, model, x, y, recipe, *args):
        right(self, model, x, y, recipe, *args)
        self.optimizer.param_groups[0]["lr"] *= 1.001

    monkeypatch.setattr(torch_ref.cnn.Training, "__init__", wrong)
    status, out, err = run(capsys, "cnn", "--by", "both", *few,
                           "--no-figure", *[option] * (option is not None))
    words = "DISAGREE: the largest gap, "
    assert status == 1 and words in (err if option else out)
    assert err.count("\n") == (option is not None)
    if option == "--json":
        record = json.loads(out)
        assert record["agree"] is False and record["gap"] > 1e-12


@pytest.mark.parametrize("by", ["hand", "both"])
@pytest.mark.parametrize("argv", [
    ["--recipe", "fast"], ["--device", "cuda"], ["--save", "a.pt"],
    ["--load", "a.pt"], ["--resume"]], ids=lambda argv: argv[0])
def test_by_torch_only(by, argv, capsys):
    """What only torch's side can do is a usage error of one line."""
    status, out, err = run(capsys, "cnn", "--by", by, *argv)
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert f"--by {by} trains by the recipe lecture, on the CPU" in err
    assert f"got {argv[0]}" in err


def test_several_processes(capsys, monkeypatch):
    """By hand there is one process, without torchrun."""
    monkeypatch.setenv("WORLD_SIZE", "2")
    status, _, err = run(capsys, "cnn", "--by", "hand")
    assert status == 2 and "in one process" in err and "torchrun" in err
