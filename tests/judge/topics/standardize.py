"""standardize, normalize, StandardScaler: what is subtracted, and what
it is divided by.
"""

import sys
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from tests.judge import roles
from tests.judge.functions import Array, apart, differs, short
from tests.judge.objects import array
from tests.judge.process import Process
from tests.judge.roles import Name
from tests.judge.source import Class, Function, Source
from tests.judge.switchboard import Switch, explain, family
from tests.judge.verdict import (BUG, BUT, CONVENTION, DIFFERENT, EQUAL,
                                 UNREAD, Verdict)

SECOND = ("test xtest testdata testset new xnew other reference train "
          "xtrain traindata ref newdata val xval trainset trainx").split()
FIRST_IS_REFERENCE = "train xtrain traindata trainset trainx".split()
MEANS = "mean mu means m avg xmean meanx mu0 average".split()
STDS = "std sigma stds s sd stddev xstd stdx sigma0 deviation".split()


def scaled(x: Array, r: Array, s: Any) -> Array:
    """(x - mean) / std of the reference, column by column"""
    if s("reference") == "own":
        r = x
    axis: Any = {"rows": 1, "all": None}.get(s("axis"), 0)
    if axis == 1:
        # A row has only itself.
        r = x
    mean = r.mean(axis=axis, keepdims=True)
    if s("reference") == "own mean":
        mean = x.mean(axis=axis, keepdims=True)
    square = r.var(axis=axis, keepdims=True)
    n = r.size if axis is None else r.shape[axis]
    if s("divisor") == "n - 1":
        square = square * n / (n - 1)
    std = np.sqrt(square + s("in the root", 0.0)) + s("plus", 0.0)
    if s("constant") != "blown up":
        std = np.where(std == 0, 1.0, std)
    if s("spread") == "variance":
        std = square
    low = r.min(axis=axis, keepdims=True)
    if s("spread") == "range":
        std = r.max(axis=axis, keepdims=True) - low
        mean = low if s("centre") != "mean" else mean
    if s("spread") == "length":
        return x / np.sqrt((x ** 2).sum(axis=axis, keepdims=True))
    if s("spread") == "none":
        std = 1.0
    return (x - (0.0 if s("centre") == "none" else mean)) / std


SWITCHES = [
    Switch("std-with-n-minus-1", "divisor", "n - 1", "convention",
           "The sample's standard deviation.", "R, pandas, torch.std"),
    Switch("std-by-row", "axis", "rows", "convention",
           "Each row has its own mean: right if a row is a feature."),
    Switch("std-of-all", "axis", "all", "convention",
           "One mean and one standard deviation for all columns."),
    *[Switch("test-data-with-its-own-mean", "reference", how, "bug",
             "Each set gets its own mean.") for how in ("own", "own mean")],
    Switch("constant-column-blown-up", "constant", "blown up", "bug",
           "Every column varies."),
    Switch("divided-by-the-variance", "spread", "variance", "bug",
           "The variance is the spread."),
    Switch("mean-not-subtracted", "centre", "none", "bug",
           "Dividing is enough."),
    Switch("not-divided", "spread", "none", "convention",
           "Only the mean is subtracted."),
    Switch("scaled-to-0-to-1", "spread", "range", "convention",
           "The smallest becomes 0 and the largest 1.",
           "scikit-learn: MinMaxScaler"),
    Switch("scaled-by-the-range", "centre", "mean", "convention",
           "The mean is subtracted, not the smallest."),
    Switch("scaled-to-length-1", "spread", "length", "convention",
           "Divided by the length.", "scikit-learn: normalize"),
    *family([1e-12, 1e-10, 1e-9, 1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3],
            "std-plus-eps", "plus", "convention",
            "A small number keeps the division from 0 / 0."),
    *family([1e-12, 1e-10, 1e-9, 1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3],
            "std-eps-in-the-root", "in the root", "convention",
            "A small number is added to the variance."),
]


@dataclass(frozen=True)
class Standardize:
    """The kind; how it is read, judged and named."""

    name: str
    against: str
    judged_by: ClassVar[str] = __name__


KIND = Standardize("standardize", "(x - mean) / std of the training set")


def recognise(name: Name) -> list[Standardize]:
    """standardize, zscore, StandardScaler, but not BatchNorm."""
    if name.has("batch", "layer", "group", "instance", "weight", "inverse",
                "unnormal", "denormal", "gradient", "text", "url"):
        return []
    if name.has("standardi", "zscore", "standardscal",
                "normalizefeatures", "featurenormali") or name.is_word(
            "normalize", "normalise", "normalizer", "scaler"):
        return [KIND]
    return []


def tables() -> list[tuple[str, Array, Array]]:
    """A name, a training set and a test set each."""
    random = np.random.default_rng(0)
    constant = random.normal(2, 3, (5, 3))
    constant[:, 1] = 7
    return [("ordinary", np.array([[1.0, 10], [2, 30], [3, 20], [6, 60]]),
             np.array([[2.0, 20], [4, 80]])),
            ("ordinary", random.normal(3, 2, (6, 3)),
             random.normal(1, 5, (4, 3))),
            ("a constant column", constant, random.normal(2, 3, (4, 3)))]


# Runs in the child.

def drive(person: Any, name: str, form: tuple[Any, ...], library: str,
          some: list[Any], guard: Any) -> list[Any]:
    """The training and the test set, standardised."""
    return [guard(_scale, person.find(name), form, library, *one)
            for one in some]


def _scale(target: Any, form: tuple[Any, ...], library: str, train: Array,
           test: Array) -> dict[str, Any]:
    def native(value: Array) -> Any:
        return (sys.modules["torch"].tensor(value) if library == "torch"
                else value.copy())

    x, t = native(train), native(test)
    how, *rest = form
    if how == "class":
        # The names of fit, of transform, and of both at once.
        fit, transform, both = rest
        made = target()
        if fit:
            getattr(made, fit)(x)
            z = getattr(made, transform)(x)
        else:
            z = getattr(made, both)(x)
        found = [z, getattr(made, transform)(t) if transform else None]
    elif how == "two":
        order = rest[0]
        result = target(*[{"train": x, "test": t}[one] for one in order])
        if isinstance(result, tuple | list) and len(result) >= 2:
            found = [result[order.index("train")],
                     result[order.index("test")]]
        else:
            found = [None, result]
    elif how == "given":
        mean, std = train.mean(axis=0), train.std(axis=0)
        std[std == 0] = 1
        found = [target(x, native(mean), native(std)),
                 target(t, native(mean), native(std))]
    else:
        result = target(x)
        found = [result[0] if isinstance(result, tuple) else result, None]
    return {"found": [None if one is None else array(one) for one in found],
            "wrote": not (np.array_equal(array(x), train)
                          and np.array_equal(array(t), test))}


# Runs in the judge.

def _forms(found: Function | Class) -> list[tuple[Any, ...]]:
    if isinstance(found, Class):
        methods = found.methods

        def pick(*names: str) -> str:
            return next((one for one in names if one in methods), "")

        fit = pick("fit", "train", "compute")
        transform = pick("transform", "apply", "__call__", "normalize",
                         "standardize", "scale", "forward")
        both = pick("fit_transform")
        return ([("class", fit, transform, both)]
                if fit and transform or both else [])
    needed = [one for one in found.arguments if not one.default]
    names = [roles.plain(one.name) for one in needed]
    if len(names) == 1:
        return [("one",)]
    if len(names) == 3 and names[1] in MEANS and names[2] in STDS:
        return [("given",)]
    if len(names) == 2 and names[1] in SECOND:
        return [("two", ("train", "test") if names[0] in FIRST_IS_REFERENCE
                 else ("test", "train") if names[1] not in (
                     "test", "xtest", "testdata", "testset", "val", "xval")
                 else ("train", "test"))]
    if len(found.arguments) > 1 and roles.plain(
            found.arguments[1].name) in ("axis", "dim", "eps", "epsilon"):
        return [("one",)]
    return []


def judge(source: Source, name: str, kinds: list[Standardize],
          process: Process) -> Verdict:
    """Run it on three tables; search the switches that explain it."""
    verdict = Verdict(f"{source.path.name}:{name}", kinds[0].against)
    found = source.classes.get(name) or source.functions.get(name)
    forms = _forms(found) if found else []
    if not forms:
        verdict.findings = ["no way to call it was found"]
        return verdict
    form, some = forms[0], tables()
    answers = process.ask(__name__, name, form, source.library(found.node),
                          [one[1:] for one in some])
    errors = [one for one in answers if "error" in one] \
        if isinstance(answers, list) else [answers]
    if errors:
        verdict.findings = [f"{errors[0]['error']}{errors[0]['at']}"]
        return verdict
    verdict.read_as = _read(name, form)
    return _compared(verdict, name, form, some, answers)


def _read(name: str, form: tuple[Any, ...]) -> str:
    if form[0] == "class":
        return f"{name}().{form[1] or form[3]}(train), .{form[2]}(test)"
    return {"one": f"{name}(x)", "given": f"{name}(x, mean, std)",
            "two": f"{name}({', '.join(form[-1])})"}[form[0]]


def _compared(verdict: Verdict, name: str, form: tuple[Any, ...],
              some: list[Any], answers: list[Any]) -> Verdict:
    parts = [(region, x, train, mine)
             for (region, train, test), answer in zip(some, answers)
             for x, mine in zip((train, test), answer["found"])
             if mine is not None]

    def wrong(settings: dict[str, Any]) -> list[int]:
        bad = []
        for i, (_, x, train, mine) in enumerate(parts):
            with np.errstate(all="ignore"):
                right = scaled(x, train, lambda place, right=None:
                               settings.get(place, right))
            if differs(mine, right, 1e-9, 1e-12) is not None:
                bad.append(i)
        return bad

    bad = wrong({})
    verdict.status = EQUAL if not bad else DIFFERENT
    if form[0] == "one":
        verdict.not_judged = ["a test set by the training set's mean"]
    if bad:
        verdict.names = explain(SWITCHES, lambda one: not wrong(one), 3)
        verdict.names.sort(key=lambda chosen: sum(
            switch.nature == "bug" for switch in chosen))
        _, x, train, mine = parts[bad[0]]
        right = scaled(x, train, lambda place, right=None: right)
        verdict.example = _example(x, mine, right)
        natures = {switch.nature for chosen in verdict.names[:1]
                   for switch in chosen}
        if natures:
            verdict.status = BUG if "bug" in natures else CONVENTION
        elif Name(name).has("normali"):
            # It may be another one: of text, or of images.
            verdict.status = UNREAD
            verdict.findings = ["it standardises nothing"]
        elif {parts[i][0] for i in bad} == {"a constant column"}:
            verdict.findings = ["equal if no column is constant"]
    if any(answer["wrote"] for answer in answers):
        verdict.notes.append("it writes into its input")
        verdict.status = BUT if verdict.status == EQUAL else verdict.status
    return verdict


def _example(x: Array, mine: Array, right: Array) -> str:
    where = differs(mine, right, 1e-9, 1e-12)
    if where is None or where.shape != mine.shape:
        return f"yours has shape {mine.shape}, not {right.shape}"
    i, j = (int(axis[0]) for axis in np.nonzero(where))
    texts = apart(float(mine[i, j]), float(right[i, j]))
    column = ", ".join(short(one) for one in x[:, j])
    return (f"{short(x[i, j])} in a column of {column}: yours {texts[0]}, "
            f"right {texts[1]}")
