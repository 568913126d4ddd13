"""What an initialiser draws: measured, and compared with a formula.

A formula gives the standard deviation for a layer from m to n features;
each switch is a place where people go astray.
"""

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from tests.judge.functions import Array
from tests.judge.switchboard import Settings, Switch

# Inputs and outputs of the layers that are asked for.
SIZES = ((300, 700), (900, 250))
# The standard deviation of N(0, 1) within two of its own.
CUT = 0.8796256610342398


def scale(m: float, n: float, s: Settings, he: bool) -> float:
    """The variance of the weight of a layer from m to n features."""
    if he:
        fan = {"out": n, "mean": (m + n) / 2}.get(s.get("fan", ""), m)
        return (1 if "gain" in s else 2) / fan
    right = {"in": 1 / m, "out": 1 / n, "no 2": 1 / (m + n),
             "3": 3 / (m + n),
             "no brackets": 2 / m + n}.get(s.get("fan", ""), 2 / (m + n))
    return 2 * right if "gain" in s else right


@dataclass(frozen=True)
class Init:
    """A kind: whose scale, and which distribution if the name says so."""

    name: str
    against: str
    he: bool
    # "uniform", "normal" or "" for either
    family: str = ""
    judged_by: ClassVar[str] = "tests.judge.topics.init"
    # over the activation that may be in its name
    prevails: ClassVar[bool] = True


KINDS = {f"{word}{'_' * bool(family)}{family}": Init(
    f"{word}{'_' * bool(family)}{family}",
    f"torch.nn.init.{word}_{family or 'normal'}_", word == "kaiming", family)
    for word in ("xavier", "kaiming") for family in ("uniform", "normal", "")}

BOTH = [
    Switch("std-without-root", "root", "none", "bug",
           "N(0, variance), as the paper writes it."),
    Switch("std-is-the-bound", "bound", "std", "bug",
           "U(-std, std) has the standard deviation std."),
    Switch("normal-of-the-bound", "bound", "sqrt 3", "bug",
           "The 6 of the uniform one is a 6 here, too."),
    Switch("rand-for-randn", "centre", "positive", "bug",
           "rand draws random numbers: from U(0, 1), never below 0."),
    Switch("truncated-normal", "cut", "corrected", "convention",
           "No weight is further than two standard deviations from 0.",
           "Keras"),
    Switch("truncated-normal-uncorrected", "cut", "plain", "convention",
           "Cutting the tails off leaves 0.88 of the standard deviation.",
           "TensorFlow 1's truncated_normal"),
    Switch("another-distribution", "family", "other", "bug",
           "Uniform or normal, the scale is what counts.")]
HE = BOTH + [
    Switch("kaiming-by-fan-out", "fan", "out", "convention",
           "The number of units, so that the gradient keeps its size.",
           "torch's mode='fan_out'"),
    Switch("mean-of-the-fans", "fan", "mean", "convention",
           "Half of the signal, half of the gradient.",
           "VarianceScaling(2, 'fan_avg') of Keras"),
    Switch("kaiming-without-gain", "gain", "none", "bug",
           "relu halves nothing; this is LeCun's.")]
XAVIER = BOTH + [
    Switch("xavier-by-fan-in", "fan", "in", "convention",
           "The signal only: 1 / fan_in, LeCun's.",
           "Caffe and Andrew Ng's course"),
    Switch("xavier-by-fan-out", "fan", "out", "bug",
           "The number of units that the layer has."),
    Switch("xavier-without-the-2", "fan", "no 2", "bug",
           "One over the sum of the fans."),
    Switch("xavier-3-for-2", "fan", "3", "bug",
           "There was a 3 in the formula."),
    Switch("xavier-without-brackets", "fan", "no brackets", "bug",
           "2 over fan_in + fan_out."),
    Switch("gain-of-relu", "gain", "relu", "convention",
           "Xavier's scale times sqrt(2), for relu.",
           "torch's gain=calculate_gain('relu')")]


@dataclass(frozen=True)
class Sample:
    """What was drawn for a layer from m to n features."""

    m: int
    n: int
    std: float
    # relative, six standard errors
    error: float
    # the mean in standard deviations
    mean: float
    family: str

    @classmethod
    def of(cls, draws: Array, m: int, n: int) -> "Sample":
        """The distribution is told by how far its ends are."""
        x = draws.ravel().astype(float)
        std, mean = float(x.std()), float(x.mean())
        if not std > 0:
            return cls(m, n, std if std == std else math.inf, 0.0, 0.0,
                       "constant")
        z = (x - mean) / std
        # The variance of n squares is (kurtosis - 1) / n.
        error = 3 * math.sqrt(((z ** 4).mean() - 1) / len(x))
        far = float(np.abs(z).max())
        family = ("uniform" if far < 1.8 else "normal" if far > 3.5
                  else "truncated" if 2.2 < far < 2.35 else "other")
        return cls(m, n, std, float(error), mean / std, family)

    def right(self, kind: Init) -> float:
        """What torch's standard deviation is."""
        return math.sqrt(scale(self.m, self.n, {}, kind.he))

    def agrees(self, kind: Init, s: Settings) -> bool:
        """Is it what the formula with these switches gives?"""
        family = self.family
        if (family == "truncated") != ("cut" in s) or family in (
                "constant", "other"):
            return False
        plain = "normal" if family == "truncated" else family
        if ("family" in s) != (bool(kind.family) and plain != kind.family
                               and "centre" not in s):
            return False
        bound = s.get("bound")
        if (bound, family) in (("std", "normal"), ("sqrt 3", "uniform")):
            return False
        v = scale(self.m, self.n, s, kind.he)
        std = v if "root" in s else math.sqrt(v)
        std *= {"std": 1 / math.sqrt(3), "sqrt 3": math.sqrt(3)}.get(
            bound or "", 1.0) * (CUT if s.get("cut") == "plain" else 1.0)
        if "centre" in s:
            # U(0, 1) has the mean 1/2 and the variance 1/12.
            if family != "uniform" or abs(self.mean - math.sqrt(3)) > 0.05:
                return False
            std /= math.sqrt(12)
        elif abs(self.mean) > 6 / math.sqrt(self.m * self.n):
            return False
        return abs(self.std / std - 1) < self.error
