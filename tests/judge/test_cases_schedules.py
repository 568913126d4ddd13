"""Schedules in the forms in which people write them."""

import functools
import subprocess
import sys

import pytest
import torch

import torch_ref.lr_scheduler
import torch_ref.optim
from scratch.front_door.source import ROOT
from tests.judge import tables
from tests.judge.example import in_words
from tests.judge.topics import lr_scheduler as topic
from tests.judge.verdict import (BUG, CONVENTION, DIFFERENT, EQUAL, RAISES)

CASES = tables.CASES / "schedules.py"
TABLE = {
    "step_decay": (CONVENTION, "schedule-counts-from-1"),
    "step_decay_from_0": (EQUAL, ""),
    "step_decay_once": (BUG, "step-lr-drops-once"),
    "step_decay_times": (BUG, "step-lr-gamma-times-k"),
    "exponential_decay": (CONVENTION, "step-lr-continuous"),
    "exp_decay": (EQUAL, ""),
    "exp_decay_base_e": (CONVENTION, "exponential-to-base-e"),
    "exponential_decay_from_1": (CONVENTION, "schedule-counts-from-1"),
    "cosine_annealing": (EQUAL, ""),
    "cosine_decay": (CONVENTION, "cosine-stays-down"),
    "cosine_decay_floor": (CONVENTION, "cosine-minimum-is-a-floor"),
    "cosine_lr_not_halved": (BUG, "cosine-not-halved"),
    "cosine_lr_whole": (BUG, "cosine-a-whole-period"),
    "cosine_lr_min_ignored": (BUG, "cosine-minimum-ignored"),
    "cosine_schedule_on_top": (BUG, "cosine-minimum-on-top"),
    "warmup": (CONVENTION, "warm-up-starts-at-0"),
    "linear_warmup": (EQUAL, ""),
    "warmup_from_0": (CONVENTION, "warm-up-starts-at-0"),
    "warmup_for_ever": (BUG, "warm-up-never-ends"),
    "warmup_in_integers": (BUG, "warm-up-in-whole-numbers"),
    "StepDecay": (EQUAL, ""),
    "StepLR": (EQUAL, ""),
    "StepLRCompounded": (BUG, "step-lr-compounded-twice"),
    "ExponentialDecay": (EQUAL, ""),
    "CosineSchedule": (EQUAL, ""),
    "CosineLR": (EQUAL, ""),
    "WarmupLR": (CONVENTION, "warm-up-starts-at-0"),
    "one_cycle": (EQUAL, ""),
    "one_cycle_triangle": (CONVENTION, "one-cycle-is-a-triangle"),
    "one_cycle_late": (CONVENTION, "one-cycle-peak-a-step-late"),
    "step_decay_that_raises": (RAISES, ""),
    "step_decay_of_its_own": (DIFFERENT, ""),
}


@functools.cache
def judged():
    """The verdicts on all that is in the file, by its name."""
    return tables.judged("schedules", 10.0)


@pytest.mark.parametrize("name", TABLE)
def test_the_verdict_is_right(name):
    """The status, and the name of what differs."""
    found = judged()[name]
    status, title = TABLE[name]
    assert found.status == status, found
    assert " + ".join(switch.title for switch in (
        found.names or [()])[0]) == title, found


def test_every_case_has_its_line():
    """All of the file is judged, and nothing else."""
    assert set(judged()) == set(TABLE)


@pytest.mark.parametrize("kind, name, options", [
    (topic.STEP, "StepLR", {"gamma": 0.5, "step_size": 4}),
    (topic.EXPONENTIAL, "ExponentialLR", {"gamma": 0.9}),
    (topic.COSINE, "CosineAnnealingLR", {"T_max": 9, "eta_min": 0.01})])
def test_the_formulas_are_torchs(kind, name, options):
    """With no switch thrown each formula is torch's schedule."""
    close(kind, name, options, {"lr0": 0.1, **options})


def test_the_other_formulas_are_torchs():
    """Where the options have other names, too."""
    close(topic.LINEAR, "LinearLR",
          {"start_factor": 1 / 6, "total_iters": 5},
          {"lr0": 0.1, "warm": 6})
    close(topic.ONE_CYCLE, "OneCycleLR",
          {"max_lr": 0.1, "total_steps": 25}, {"lr0": 0.1, "T_max": 25})


def close(kind, name, options, roles):
    """25 learning rates."""
    optimizer = torch_ref.optim.SGD([torch.ones(1, requires_grad=True)],
                                    0.1)
    scheduler = getattr(torch_ref.lr_scheduler, name)(optimizer, **options)
    for t in range(25):
        mine = kind.value(t, roles, lambda place, right=None: right)
        assert mine == pytest.approx(scheduler.get_last_lr()[0], abs=1e-12)
        optimizer.step()
        scheduler.step()


def test_no_two_names_are_one():
    """Each switch changes some learning rate, and no two the same ones."""
    options = {"lr0": 0.1, "gamma": 0.4, "step_size": 3, "T_max": 10,
               "eta_min": 0.04, "warm": 5}
    for kind in vars(topic).values():
        if not isinstance(kind, topic.Schedule):
            continue
        courses = [[kind.value(t, options, lambda place, right=None:
                               thrown.get(place, right)) for t in range(10)]
                   + [kind.value(17, options, lambda place, right=None:
                                 thrown.get(place, right))]
                   for thrown in ({}, *({one.place: one.setting}
                                        for one in kind.switches))]
        rounded = {tuple(round(lr, 12) for lr in one) for one in courses}
        assert len(rounded) == len(courses), kind.name


def test_each_name_has_an_example():
    """The museum shows it of a bug that is a switch."""
    for kind in vars(topic).values():
        for switch in getattr(kind, "switches", ()):
            told = kind.told({switch.place: switch.setting})
            assert "yours" in told and "t = " in told, switch
    assert in_words("cosine-not-halved") == (
        "lr0 0.1, T_max 10, eta_min 0.01, t = 0: with the bug 0.19, "
        "torch 0.1")


def test_what_is_printed():
    """The options, t, both numbers, and the name, at the command line."""
    result = subprocess.run(
        [sys.executable, "-m", "tests.judge", f"{CASES}:step_decay"],
        cwd=ROOT, capture_output=True, text=True)
    assert "t = 9: yours 0.05, torch 0.1" in result.stdout, result
    assert "schedule-counts-from-1" in result.stdout
