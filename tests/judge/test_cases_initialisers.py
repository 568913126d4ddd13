"""Initialisers in the forms in which people write them."""

import math

import numpy as np
import pytest

from tests.judge.initialisers import HE, KINDS, SIZES, XAVIER, Sample, scale
from tests.judge.switchboard import combinations, settings
from tests.judge.tables import check
from tests.judge.verdict import (BUG, CONVENTION, DIFFERENT, EQUAL, RAISES,
                                 UNREAD)

# file: name, verdict, the names that explain it, a word of what is said
TABLE = {
    "initialisers": [
        ("xavier", EQUAL), ("glorot_normal", EQUAL),
        ("he_init", EQUAL, "", "first axis"),
        ("he_of_torchs_shape", EQUAL, "", "second axis"),
        ("initialize_parameters_he", EQUAL), ("HeUniform", EQUAL),
        ("GlorotUniform", EQUAL), ("kaiming", EQUAL),
        ("he_normal_cut", CONVENTION, "truncated-normal"),
        ("he_normal_cut_short", CONVENTION, "truncated-normal-uncorrected"),
        ("xavier_init", CONVENTION, "xavier-by-fan-in"),
        ("xavier_without_root", BUG, "std-without-root"),
        ("xavier_without_brackets", BUG, "xavier-without-brackets"),
        ("xavier_uniform_of_std", BUG, "std-is-the-bound"),
        ("xavier_of_one", BUG, "xavier-without-the-2"),
        ("xavier_normal_of_bound", BUG, "normal-of-the-bound"),
        ("he_of_units", CONVENTION, "kaiming-by-fan-out"),
        ("he_of_lecun", BUG, "kaiming-without-gain"),
        ("he_never_negative", BUG, "rand-for-randn"),
        ("he_fixed", DIFFERENT, "", "the fans do not enter"),
        ("he_zeros", DIFFERENT, "", "every weight is the same"),
        ("he_doubled", DIFFERENT, "", "it is 2 times torch's"),
        ("he_normal_by_limit", BUG, "another-distribution"),
        ("he_both", BUG, "std-is-the-bound + kaiming-without-gain"),
        ("he_mean", CONVENTION, "mean-of-the-fans"),
        ("xavier_for_relu", CONVENTION, "gain-of-relu"),
        ("xavier_of_units", BUG, "xavier-by-fan-out"),
        ("he_raises", RAISES, "", "TypeError"),
        ("he_of_anything", UNREAD, "", "no way to call it")],
    "initialisers_torch": [
        ("xavier_uniform_", EQUAL), ("kaiming_normal_", EQUAL),
        ("he_of_variance", BUG, "std-without-root")],
}


@pytest.mark.parametrize("file", TABLE)
def test_each_case_gets_its_verdict(file):
    """The verdict, the names, and a word of what is said."""
    check(file, TABLE[file])


def drawn(family, std, m, n, seed):
    """m x n draws of mean 0."""
    rng = np.random.default_rng(seed)
    if family == "uniform":
        return std * math.sqrt(3) * rng.uniform(-1, 1, (m, n))
    return std * rng.normal(size=(m, n))


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_no_false_alarm(kind):
    """Correct weights are equal, whatever the seed: 6 of them.

    No single switch gives the same distribution.
    """
    for family in [kind.family] if kind.family else ["uniform", "normal"]:
        for seed in range(6):
            samples = [Sample.of(drawn(family, scale(m, n, {}, kind.he) ** .5,
                                       m, n, seed), m, n) for m, n in SIZES]
            assert all(one.agrees(kind, {}) for one in samples)
            for chosen in combinations(HE if kind.he else XAVIER, 1):
                assert not all(one.agrees(kind, settings(chosen))
                               for one in samples), chosen
