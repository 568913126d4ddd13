"""Every number that the lessons print is that of its own training.

The side by torch has another learning rate than the side by hand, so
the two differ everywhere, and each is trained once more by the test.
"""

import math
from pathlib import Path

import pytest

from scratch.front_door.lessons import entries
from tests.front_door.apart import SECONDS, alike, apart, changed
from tests.front_door.command import printed, records, status
from tests.front_door.written_out import (KEEP, LESSONS, RACE, gaps,
                                          train)

TIMES = 0.6
# an odd one: 0 is the default of everything
SEED = 5
EPOCHS = {"linear_regression": 7, KEEP: 3, "logistic_regression": 8,
          "softmax_regression": 2, "breast_cancer": 2,
          "classification_net": 60, "regression_net": 9, "optimizers": 2,
          "small_cnn": 1}
# a column of the table, and where it ends
ENDS = {"lesson": 19, "steps": 25, "gap": 33, "step": 39,
        "loss by hand": 47, "loss by torch": 55, "accuracy by hand": 62,
        "accuracy by torch": 68, "seconds by hand": 74,
        "seconds by torch": 80}


def both(name, label="", **options):
    """By hand and by torch, both trained by the test."""
    return [train(name, label, times=times, **options)
            for times in (1, TIMES)]


def learnt(name, side):
    """Slope and intercept, of a lesson that prints them."""
    if not name.startswith("linear_regression"):
        return {}
    return dict(zip("wb", side.parameters[-1].tolist()))


@pytest.mark.parametrize("name", LESSONS)
def test_the_record(name):
    """--json: all keys, and each side's own numbers."""
    labels = RACE if name == "optimizers" else [""]
    argv = (*name.split(), "--epochs", str(EPOCHS[name]), "--seed",
            str(SEED), "--device", "cpu")
    with apart(TIMES):
        (record,), code = records(*argv)
    assert code == 1
    expected = []
    for label in labels:
        hand, ref = both(name, label, seed=SEED, epochs=EPOCHS[name])
        apart_by = gaps(hand, ref)
        steps = len(apart_by)
        expected.append({
            "run": label or name, "steps": steps, "gap": max(apart_by),
            "step": apart_by.index(max(apart_by)) + 1,
            **{wing: {"loss": side.losses[-1],
                      "seconds": steps * SECONDS[package],
                      **learnt(name, side), "history": side.history}
               for wing, package, side in (("hand", "scratch", hand),
                                           ("torch", "torch_ref", ref))}})
        # Whatever is taken from the wrong side is seen.
        assert hand.losses[-1] != pytest.approx(ref.losses[-1], rel=1e-3)
    alike(record, {
        "lesson": name, "agree": False, "bound": 1e-12,
        "dtype": "float64", "device": "cpu", "seed": SEED,
        "data": "digits" if name == "softmax_regression" else None,
        "backprop": False, "autograd": False, "epochs": EPOCHS[name],
        "lr": LESSONS[name][2], "runs": expected})


def short(loss):
    """A loss in a column of 7 characters."""
    return (f"{loss:.4f}" if 1e-4 <= abs(loss) < 100 else f"{loss:.1e}")


def cells(title, hand, ref):
    """What a row of the table must show, column by column."""
    apart_by = gaps(hand, ref)
    worst = max(apart_by)
    return [title, f"{len(apart_by)}", f"{worst:.1e}",
            f"{apart_by.index(worst) + 1}",
            *[short(side.losses[-1]) for side in (hand, ref)],
            *[f"{side.history[-1]['accuracy']:.3f}" if side.history else ""
              for side in (hand, ref)],
            *[f"{len(apart_by) * seconds:.1f}"
              for seconds in SECONDS.values()]]


def in_columns(row):
    """The cells of a row as it is printed."""
    starts = [0, *ENDS.values()]
    title, *others = [row[a:b] for a, b in zip(starts, starts[1:])]
    return [title.rstrip(), *[cell.strip() for cell in others]]


def test_the_table():
    """Every cell, w and b, in order, and the verdict."""
    names = [name for name in entries() if name != KEEP]
    trainings = {}
    for name in names:
        for label in RACE if name == "optimizers" else [""]:
            trainings[name, label] = both(name, label, seed=SEED, epochs=2)
    with apart(TIMES):
        code, out, err = printed("--epochs", "2", "--seed", str(SEED),
                                 "--no-figure", *names)
    assert (code, err) == (1, "")
    lines = out.splitlines()
    above, head = lines[:2]
    assert in_columns(head) == [
        "lesson", "steps", "gap", "step", *3 * ["hand", "torch"]]
    # Each title stands above the two columns that it names.
    for title, first, last in (("largest gap", 25, 39),
                               ("final loss", 39, 55),
                               ("accuracy", 55, 68), ("seconds", 68, 80)):
        at = above.index(title)
        assert first <= at and at + len(title) <= last
    expected = []
    for (name, label), (hand, ref) in trainings.items():
        if label == "SGD":
            expected.append([name, *9 * [""]])
        expected.append(cells(f"  {label}" if label else name, hand, ref))
    rows = lines[2:2 + len(expected)]
    assert [in_columns(row) for row in rows] == expected
    w, b, v, a = (number for side in trainings["linear_regression", ""]
                  for number in side.parameters[-1].tolist())
    assert lines[2 + len(rows):] == [
        "", f"linear_regression: w = {w:.5g} by hand, {v:.5g} by torch",
        f"linear_regression: b = {b:.5g} by hand, {a:.5g} by torch", "",
        "DISAGREE: " + ", ".join(f"{name} {label}".strip()
                                 for name, label in trainings)]


def test_accuracies_differ():
    """In the table above, some accuracies differ between the sides."""
    for name in "breast_cancer", "softmax_regression":
        hand, ref = both(name, seed=SEED, epochs=2)
        assert abs(hand.history[-1]["accuracy"]
                   - ref.history[-1]["accuracy"]) > 0.001


def test_a_variant_stands_below_its_lesson():
    """--keep-gradients: its name is shortened, its numbers are not."""
    hand, ref = both(KEEP, seed=SEED, epochs=4)
    with apart(TIMES):
        code, out, _ = printed("--keep-gradients", "--epochs", "4",
                               "--seed", str(SEED), "--no-figure")
    lines = out.splitlines()
    assert in_columns(lines[2]) == cells("  --keep-gradients", hand, ref)
    assert lines[4].startswith(f"{KEEP}: w = ")
    assert (code, lines[-1]) == (1, f"DISAGREE: {KEEP}")


@pytest.mark.parametrize("loss, text", [
    (100.0, "1.0e+02"), (99.9, "99.9000"), (-99.9, "-99.9000"),
    (1e-4, "0.0001"), (9.9e-5, "9.9e-05"), (0.0, "0.0e+00"),
    (math.nan, "nan"), (math.inf, "inf"), (-5e300, "-5.0e+300")])
def test_short_losses(loss, text):
    """Four decimals from 1e-4 to 100, else two digits and an exponent."""
    def change(make, lesson, wing, label):
        """A side that ends with that loss."""
        side = make()
        side.training = iter([1.0, loss])
        return side

    with changed(change):
        code, out, _ = printed("regression_net", "--no-figure")
    row = out.splitlines()[2].split()
    assert (code, row[4:6]) == (0, [text, text])


@pytest.mark.parametrize("hand, ref, last", [
    (math.nan, math.nan, "Diverged by hand: regression_net"),
    (math.inf, 1.0, "Diverged by hand: regression_net"),
    (1.0, math.inf, None)])
def test_divergence_is_told(hand, ref, last):
    """What diverged by hand is named, whether or not torch did so too."""
    def change(make, lesson, wing, label):
        """A side that ends with that loss, in one of the lessons."""
        side = make()
        if lesson.name == "regression_net":
            side.training = iter([
                1.0, hand if wing.name == "scratch" else ref])
        return side

    with changed(change):
        _, out, _ = printed("linear_regression", "regression_net",
                            "--epochs", "5", "--no-figure")
    told = [line for line in out.splitlines() if "Diverged" in line]
    assert told == ([last] if last else [])


def test_the_largest_gap_is_not_the_last():
    """Of gaps 1/2, 2/3, 1/3 the second is told, with its step."""
    def change(make, lesson, wing, label):
        """Losses 1, 1, 1 by hand, and others by torch."""
        side = make()
        side.training = iter(3 * [1.0] if wing.name == "scratch"
                             else [2.0, 3.0, 3.645])
        return side

    with changed(change):
        (record,), _ = records("regression_net")
        _, out, _ = printed("regression_net", "--no-figure")
    (run,) = record["runs"]
    assert run["gap"] == pytest.approx(2.645 / 3.645) and run["step"] == 3
    assert out.splitlines()[2].split()[2:4] == ["7.3e-01", "3"]


@pytest.mark.parametrize("options, told", [
    (["--no-figure"], []), ([], ["lessons.png"]),
    (["--figure", "b.pdf"], ["b.pdf"]), (["--json"], ["lessons.png"]),
    (["--quiet", "--figure", "b.svg"], ["b.svg"]),
    (["--figure", "b.pdf", "--animate", "c.gif"], ["b.pdf", "c.gif"])])
def test_what_is_written_is_told(options, told):
    """All that is written is told, unless --json or --quiet says no."""
    code, out, err = printed("regression_net", "--epochs", "1", *options)
    assert (code, err) == (0, "")
    assert sorted(map(str, Path().iterdir())) == told
    silent = {"--json", "--quiet"} & set(options)
    assert [line for line in out.splitlines() if "Wrote" in line] == [
        f"Wrote {name}." for name in told if not silent]
    assert out.startswith("{") == ("--json" in options)
    assert (out == "") == ("--quiet" in options)


def test_all_agree():
    """The verdict names the bound and the dtype."""
    for dtype, bound in ("float64", "1e-12"), ("float32", "2e-03"):
        _, out, _ = printed("regression_net", "--epochs", "2", "--dtype",
                            dtype, "--no-figure")
        assert out.splitlines()[-1] == (
            f"All agree: no gap above {bound} in {dtype}.")
    assert status("regression_net", "--epochs", "2", "--quiet") == 0
