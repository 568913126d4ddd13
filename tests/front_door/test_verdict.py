"""The verdict: whatever differs, in whichever run, is found and named."""

import itertools
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.front_door.apart import changed
from tests.front_door.command import printed, records, status
from tests.front_door.written_out import KEEP, LESSONS, RACE

RUNS = [(name, label) for name in LESSONS
        for label in (RACE if name == "optimizers" else ("",))]
# Three steps are enough for a verdict.
STEPS = 3


def one_side(runs, wing, how):
    """Three steps of every training; those of `wing` in `runs` changed."""
    def change(make, lesson, where, label):
        """The side, changed if it is one of them."""
        side = make()
        if (lesson.name, label) in runs and where.name == wing:
            side.training = how(side.training, side.model)
        side.training = itertools.islice(side.training, STEPS)
        return side

    return changed(change)


def scaled(factor, at=1):
    """Multiply the loss of one step, the second of three."""
    def how(training, model):
        """The losses, one of them changed."""
        for step, loss in enumerate(training):
            yield loss * factor if step == at else loss
    return how


def moved(index):
    """Add 1e-6 to one entry of one parameter, after the first step."""
    def how(training, model):
        """The losses, with a parameter changed."""
        first = next(training)
        list(model.parameters())[index].data.view(-1)[-1] += 1e-6
        yield first
        yield from training
    return how


def cut(training, model):
    """End one step early."""
    return itertools.islice(training, STEPS - 1)


def check(name, label, wing, how, agree, *argv):
    """Text, --json, --quiet and exit status all give one verdict."""
    title = f"{name} {label}".strip()
    expected = 0 if agree else 1
    told = "" if agree else f"python -m scratch: DISAGREE: {title}\n"
    argv = (*name.split(), "--epochs", "3", "--no-figure", *argv)
    with one_side({(name, label)}, wing, how):
        (record,), code = records(*argv)
        assert (record["agree"], code) == (agree, expected)
        assert printed(*argv, "--quiet") == (expected, "", told)
        code, out, err = printed(*argv)
    assert (code, err) == (expected, "")
    last = out.splitlines()[-1]
    assert last.startswith("All agree" if agree else "DISAGREE: ")
    assert agree or last == f"DISAGREE: {title}"


@pytest.mark.parametrize("wing", ["scratch", "torch_ref"])
@pytest.mark.parametrize("name, label", RUNS)
def test_each_run_of_each_lesson_counts(name, label, wing):
    """One loss of one run differs by 1e-9: the verdict names that run."""
    check(name, label, wing, scaled(1 + 1e-9), False)


@pytest.mark.parametrize("how, argv, agree", [
    (scaled(1 + 1e-14), [], True), (scaled(1 + 5e-12), [], False),
    # the first step, or the last
    (scaled(1 + 5e-12, 0), [], False), (scaled(1 + 5e-12, 2), [], False),
    # a gap of 2/3, 1, 2 and infinity
    (scaled(3.0), [], False), (scaled(0.0), [], False),
    (scaled(-1.0), [], False), (scaled(math.nan), [], False),
    (scaled(math.inf), [], False), (scaled(-math.inf), [], False),
    (cut, [], False),
    (scaled(1 + 1e-3), ["--dtype", "float32"], True),
    (scaled(1 + 5e-3), ["--dtype", "float32"], False)])
@pytest.mark.parametrize("wing", ["scratch", "torch_ref"])
def test_any_gap_above_the_bound(how, argv, agree, wing):
    """Above 1e-12, or 2e-3 in float32, however large: exit status 1."""
    check("regression_net", "", wing, how, agree, *argv)


@pytest.mark.parametrize("name", LESSONS)
def test_every_parameter_counts(name):
    """Each parameter of a net may be the only one that differs."""
    label = "Adam" if name == "optimizers" else ""
    for index in range(2 * (len(LESSONS[name][0]) - 1)):
        with one_side({(name, label)}, "torch_ref", moved(index)):
            assert status(*name.split(), "--epochs", "3", "--quiet",
                          "--no-figure") == 1, index


@given(st.sets(st.sampled_from([run for run in RUNS if run[0] != KEEP])))
@settings(max_examples=15)
def test_the_runs_that_disagree_are_named(wrong):
    """All of them, in the order of the table, and no other."""
    names = [name for name in LESSONS if name != KEEP]
    order = [f"{name} {label}".strip() for name, label in RUNS
             if (name, label) in wrong]
    with one_side(wrong, "torch_ref", scaled(2.0)):
        code, out, err = printed(*names, "--epochs", "3", "--no-figure",
                                 "--quiet")
    assert (code, out) == (1 if order else 0, "")
    assert err == (f"python -m scratch: DISAGREE: {', '.join(order)}\n"
                   if order else "")
