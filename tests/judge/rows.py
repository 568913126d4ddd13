"""Splits and mini-batches: how they are called, and what comes back.

Row i of x is i, i + 1/4, i + 1/2; its label is i: every row that comes
back tells where it was.
"""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from tests.judge import roles
from tests.judge.functions import Array
from tests.judge.objects import array
from tests.judge.source import Argument

ROWS, BATCH, FRACTION = 23, 5, 0.3
GENERATORS = ("generator", "gen", "rng")
SEEDS = "seed randomstate rng generator randomseed gen".split()
DATA = ("x data dataset inputs features xtrain images samples xs input "
        "examples tensors arrays").split()
LABELS = "y labels target targets ytrain label t ys yy".split()
SIZES = "batchsize bs size minibatchsize batch mbsize n k".split()
FRACTIONS = ("testsize ratio testratio splitratio fraction split test "
             "testfraction trainsize trainratio p frac valsize valratio "
             "percent testpercent trainfrac trainfraction").split()


@dataclass(frozen=True)
class Call:
    """What the function or the constructor gets, and then a method."""

    made: tuple[str, ...]
    # "" to iterate over what was made
    method: str = ""
    asked: tuple[str, ...] = ()
    # each column is a sample
    columns: bool = False

    def others(self) -> Iterator["Call"]:
        """If it makes no sense: a list of pairs, or columns."""
        yield self
        if "y" in self.made + self.asked:
            yield replace(self, columns=True)
        else:
            yield replace(self, made=tuple(
                "pairs" if one == "x" else one for one in self.made))

    def told(self, name: str) -> str:
        """As in batches(x, y, size)."""
        text = f"{name}({', '.join(self.made)})"
        if self.method == "__call__":
            text += f"({', '.join(self.asked)})"
        elif self.method == "__getitem__":
            text += "[i]"
        elif self.method:
            text += f".{self.method}({', '.join(self.asked)})"
        return text + (", each column is a sample" if self.columns else "")


# Runs in the child.

def drive(person: Any, name: str, call: "Call", library: str,
          guard: Any) -> Any:
    """What comes back, twice, and what else it changed."""
    return guard(_run, person.find(name), call, library)


def _run(target: Any, call: "Call", library: str) -> Any:
    import random
    import sys
    torch: Any = sys.modules.get("torch")
    x = np.arange(ROWS)[:, None] + np.array([0.0, 0.25, 0.5])
    y = np.arange(ROWS)
    if call.columns:
        x, y = x.T, y[None]
    given: dict[str, Any] = {"x": x, "y": y}
    if library == "torch":
        given = {name: torch.tensor(one) for name, one in given.items()}
    before = {name: array(one) for name, one in given.items()}
    given |= {"pairs": [*zip(given["x"], given["y"])], "size": BATCH,
              "fraction": FRACTION, "true": True, "seed": 0,
              "generator": torch.Generator().manual_seed(0)
              if library == "torch" else np.random.default_rng(0)}
    states: list[Any] = [random.getstate, np.random.get_state]
    if torch:
        states.append(torch.get_rng_state)
    first = [str(state()) for state in states]

    def called(function: Any, roles_: tuple[str, ...]) -> Any:
        options = {name: given[role] for name, _, role in (
            one.partition("=") for one in roles_ if "=" in one)}
        return function(*[given[role] for role in roles_
                          if "=" not in role], **options)

    results = []
    made: Any = None
    for _ in range(2):
        # An iterator is made again, an object is asked again.
        if made is None or not isinstance(target, type):
            made = called(target, call.made)
        again = made
        if call.method == "__getitem__":
            again = [made[i] for i in range(len(made))]
        elif call.method:
            again = called(getattr(made, call.method), call.asked)
        results.append(_flat(itertools.islice(again, 4 * ROWS),
                             call.columns))
    return {"results": results,
            "wrote": [name for name, one in before.items()
                      if not np.array_equal(array(given[name]), one)],
            "global": [str(state()) for state in states] != first}


def _arrays(item: Any) -> list[Array]:
    """The tables and labels of a batch; rows, or pairs, become such."""
    if not isinstance(item, tuple | list) or not len(item):
        return [array(item)]
    if isinstance(item[0], tuple | list) and len(item[0]) == 2:
        return [np.stack([array(one) for one in side])
                for side in zip(*item)]
    if isinstance(item, list) and np.ndim(item[0]) == 1 and {
            np.shape(one) for one in item} == {(3,)}:
        return [np.stack([array(one) for one in item])]
    return [array(one) for one in item] if np.ndim(item[0]) else [
        array(item)]


def _flat(items: Any, columns: bool) -> list[list[Array]]:
    """Each item as a list of arrays, with samples in rows."""
    found = [_arrays(item) for item in items]
    if columns:
        found = [[one[0] if len(one) == 1 else one.T if one.ndim > 1
                  else one for one in item] for item in found]
    return found


# Runs in the judge.

def _roles(arguments: list[Argument], split: bool,
           several: bool = False) -> tuple[str, ...] | None:
    """What each argument gets; the options at the end may be left out.

    several: *tensors come first. None: an argument is not known.
    """
    found: list[str] = ["x", "y"] if several else []
    for one in arguments:
        short = roles.plain(one.name)
        numbers = FRACTIONS if split else SIZES
        prefix = f"{one.name}=" if one.keyword_only else ""
        if short in DATA and "x" not in found:
            found.append("x")
        elif short in LABELS and "y" not in found:
            found.append("y")
        elif short in numbers and {"size", "fraction"}.isdisjoint(found):
            found.append(prefix + ("fraction" if split else "size"))
        elif short == "shuffle":
            found.append(prefix + "true")
        elif short in SEEDS and (several or not one.default):
            found.append(prefix + ("generator" if short in GENERATORS
                                   else "seed"))
        elif one.default and several:
            continue
        elif one.default:
            break
        else:
            return None
    return tuple(found)


def call_of(owner: Any, found: Any, split: bool) -> Call | None:
    """How it is called: at once, or an object and then its method."""
    made = _roles(found.arguments if found else [], split, bool(
        found and getattr(found.node.args, "vararg", None)))
    if made is None or owner is None:
        return Call(made) if made and "x" in made else None
    if "x" in made:
        ways = {"__iter__", "__getitem__"} & {*owner.methods}
        return Call(made, "" if "__iter__" in ways else "__getitem__") \
            if ways else None
    for method in "__call__", *owner.methods:
        if method in owner.methods and (
                method == "__call__" or "batch" in roles.plain(method)):
            asked = _roles(owner.methods[method].arguments, split)
            if asked and "x" in asked:
                return Call(made, method, asked)
    return None


def sane(answer: Any, split: bool) -> bool:
    """Are there tables of rows in what came back?"""
    if "error" in answer:
        return False
    tables = [item[0] for item in answer["results"][0] if item]
    return bool(tables) and (
        split or all(np.ndim(one) == 2 for one in tables)) and all(
            one.shape[1] == 3 for one in tables if np.ndim(one) == 2)
