"""Every bug of the museum has an example in words, and its nature."""

import re

import pytest
import torch

from scratch.front_door.language import catalogue
from tests.compare.background import X86
from tests.judge.confusion import bugs
from tests.judge.example import (FAMILIES, RUN, convention, family,
                                 in_words)
from tests.museum import BUGS

BOTH = re.compile(r"with the bug (.*?), (?:torch|without it) (.*?)$")


@pytest.mark.parametrize("bug", BUGS.values(), ids=lambda bug: bug.name)
def test_an_example_in_words(bug):
    """What the bug gives is not what is right."""
    told = in_words(bug.name, bug.where)
    assert told, "no example"
    wrong, right = BOTH.search(told).groups()
    # Elsewhere the last bit of a float32 may be another one.
    assert wrong != right or not X86 and "float32" in told, told
    assert "Error" not in wrong or wrong == bug.crash, told


@pytest.mark.parametrize("bug", BUGS.values(), ids=lambda bug: bug.name)
def test_an_example_in_chinese(bug):
    """No word of its English is left."""
    told = catalogue("zh_CN")(in_words(bug.name, bug.where))
    assert not re.findall(r"\b(the|of|with|without|then|at|after|in|is|to|"
                          r"start|gradient|row|rows|torch,)\b", told)


@pytest.mark.parametrize("name", RUN)
def test_the_pages_say_the_same(name):
    """They are built with another default dtype than the tests have."""
    told = in_words(name)
    torch.set_default_dtype(torch.float64)
    assert in_words(name) == told


def test_what_is_run_is_a_bug_of_the_museum():
    """No example is left over."""
    assert RUN.keys() | FAMILIES.keys() <= BUGS.keys()


@pytest.mark.parametrize("name, whose", [
    ("adam-eps-1e-7", "a convention of Keras, TensorFlow: 1e-7"),
    ("adam-no-t", ""), ("log-of-p-plus-1e-12", "a convention"),
    ("relu-passes-at-0", "a convention"), ("order-of-a-search", ""),
    ("exponential-from-1", "a convention"), ("cosine-not-halved", ""),
    ("tail-dropped", "")])
def test_bug_or_convention(name, whose):
    """With its owner; one of a family is what its family is."""
    assert convention(name) == whose


def test_families():
    """Those in which a number is wrong."""
    assert [bug.name for bug in bugs() if family(bug.name)] == [
        "log-of-p-plus-1e-12", "cross-entropy-plus-eps",
        "cross-entropy-clipped", "adam-eps-1e-7",
        "adagrad-starts-at-0.1"]
