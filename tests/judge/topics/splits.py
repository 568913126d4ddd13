"""Splits into training and test set, and mini-batches: by properties.

Any order is right, so no formula is.
"""

import ast
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from tests.judge import roles, rows
from tests.judge.process import Process
from tests.judge.roles import Name
from tests.judge.rows import BATCH, ROWS, SEEDS, call_of, sane
from tests.judge.source import Source
from tests.judge.switchboard import Switch
from tests.judge.verdict import (BUG, BUT, CONVENTION, DIFFERENT, EQUAL,
                                 RAISES, Verdict)

# Words of a signature or a body that promise another order.
SHUFFLES = "shuffle permutation randperm choice sample permuted".split()


def _bug(name: str, thought: str, nature: str = "bug") -> Switch:
    return Switch(name, name, True, nature, thought)


LEAK = _bug("test-row-in-training", "Off by one, at the border.")
LOST = _bug("row-lost", "Off by one, at the border.")
PAIRS = _bug("shuffle-x-without-y", "Shuffle the rows of x.")
ORDERED = _bug("split-unshuffled", "The rows come in no particular order.")
ORDERLY = _bug("split-unshuffled", "It has no word of shuffling.",
               "convention")
BATCHES_ONLY = _bug("shuffle-the-batches-only",
                    "Shuffling the batches is enough.")
TAIL = _bug("tail-dropped", "Full batches only.")
TAIL_OPTION = _bug("tail-dropped", "Full batches only: it is an option.",
                   "convention")
AGAIN = _bug("same-order-every-epoch",
             "Seed before shuffling, to be reproducible.")
REPLACED = _bug("drawn-with-replacement",
                "Each batch is drawn from all rows.", "convention")


@dataclass(frozen=True)
class Split:
    """A kind: a split, or mini-batches."""

    name: str
    against: str
    judged_by: ClassVar[str] = __name__


SPLIT = Split("train_test_split", "the properties of a split")
BATCHES = Split("batches", "the properties of mini-batches")


def recognise(name: Name) -> list[Split]:
    """train_test_split, split_data, get_batches, DataLoader."""
    if name.has("norm", "gradient", "descent", "loss", "size", "train_on"):
        return []
    if name.has("traintestsplit", "splitdata", "trainvalsplit",
                "datasplit", "splitdataset", "splittrain", "testsplit"):
        return [SPLIT]
    if name.has("minibatches", "batches", "batchiter", "iterbatch",
                "dataiter", "dataloader", "batchgenerator", "iterminibatch",
                "iteratebatch", "getbatchs", "batchloader"):
        return [BATCHES]
    return []


def judge(source: Source, name: str, kinds: list[Split],
          process: Process) -> Verdict:
    """Call it twice and look where each row has gone."""
    verdict = Verdict(f"{source.path.name}:{name}", kinds[0].against)
    owner = source.classes.get(name)
    found: Any = owner.constructor if owner else source.functions.get(name)
    node = owner.node if owner else found.node
    split = kinds[0] is SPLIT
    call = call_of(owner, found, split)
    if not call:
        verdict.findings = ["no way to call it was found"]
        return verdict
    answers = []
    for one in call.others():
        answers.append((process.ask(
            rows.__name__, name, one, source.library(node)), one))
        if sane(answers[-1][0], split):
            break
    answer, call = next((one for one in answers if sane(one[0], split)),
                        answers[0])
    verdict.read_as = call.told(name)
    if "error" in answer:
        verdict.status = RAISES
        verdict.findings = [f"{answer['error']}{answer['at']}"]
        return verdict
    words = {roles.plain(one) for one in _words(node)}
    if not sane(answer, split):
        verdict.findings = ["it gives no tables of rows"]
        return verdict
    names = {roles.plain(one.name) for one in [
        *(found.arguments if found else []),
        *(owner.methods[call.method].arguments if call.method else [])]}
    if "shuffle" in names and not any(
            "true" in one for one in call.made + call.asked):
        # It was left as it is.
        words -= {*SHUFFLES}
    check = _split if split else _batches
    check(verdict, answer["results"], words, names)
    if answer["wrote"]:
        verdict.notes.append("it writes into its input")
        verdict.status = BUT if verdict.status == EQUAL else verdict.status
    if answer["global"]:
        verdict.notes.append("it draws from the global generator")
    return verdict


def _words(node: ast.AST) -> set[str]:
    return {getattr(one, "attr", getattr(one, "id", getattr(
        one, "arg", None))) or "" for one in ast.walk(node)}


def _settle(verdict: Verdict, names: list[Switch], example: str) -> None:
    """The names that were found, bugs first, are the verdict."""
    verdict.status, verdict.example = EQUAL, example
    if names:
        names.sort(key=lambda one: one.nature != "bug")
        verdict.names = [tuple(names)]
        verdict.status = BUG if names[0].nature == "bug" else CONVENTION


def _split(verdict: Verdict, results: list[Any], words: set[str],
           names: set[str]) -> None:
    """Every row once, pairs kept, another order."""
    arrays = [one for item in results[0] for one in item]
    tables = [one for one in arrays if one.ndim == 2]
    labels = [one.ravel() for one in arrays if one.ndim == 1]
    if len(tables) < 2:
        verdict.status = DIFFERENT
        verdict.findings = ["it does not return two tables"]
        return
    tables.sort(key=len, reverse=True)
    labels.sort(key=len, reverse=True)
    rows = [one[:, 0].astype(int) for one in tables]
    all_rows = np.concatenate(rows)
    both = set(rows[0]) & set(rows[1])
    lost = set(range(ROWS)) - set(all_rows)
    found, example = [], ""
    if both:
        found.append(LEAK)
        example = f"{ROWS} rows: row {min(both)} is in both sets"
    if lost:
        found.append(LOST)
        example = f"{ROWS} rows: row {min(lost)} is in no set"
    if labels and any(len(a) != len(b) or (a != b).any()
                      for a, b in zip(rows, labels)):
        found.append(PAIRS)
        example = (f"row {rows[0][0]} comes with the label of row "
                   f"{labels[0][0]}")
    if (np.diff(all_rows) == 1).all() or all(
            (np.diff(one) == 1).all() for one in rows):
        promised = words & {*SHUFFLES}
        found.append(ORDERED if promised else ORDERLY)
        example = example or "the rows come in the order they had"
    _settle(verdict, found, example)


def _batches(verdict: Verdict, results: list[Any], words: set[str],
             names: set[str]) -> None:
    """Every row once, pairs kept, each epoch in another order."""
    epochs = []
    found, example = [], ""
    for result in results:
        batches = [[one for one in item if np.ndim(one)] for item in result]
        epochs.append([item[0][:, 0].astype(int) for item in batches
                       if item and item[0].ndim == 2])
        for item in batches:
            if len(item) > 1 and len(item[0]) == len(item[1]) and (
                    item[0][:, 0] != item[1].ravel()).any() and (
                        PAIRS not in found):
                found.append(PAIRS)
                example = (f"row {item[0][0, 0]:g} comes with the label of "
                           f"row {item[1].ravel()[0]}")
    first = np.concatenate(epochs[0]) if epochs[0] else np.zeros(0, int)
    lost = set(range(ROWS)) - set(first)
    text = f"{ROWS} rows in batches of {BATCH}"
    if len(first) > len(set(first)):
        found.append(REPLACED)
        example = example or f"{text}: a row comes twice"
    elif lost:
        whole = len(lost) == ROWS % BATCH
        option = any("drop" in one for one in names | words)
        found.append((TAIL_OPTION if option else TAIL) if whole else LOST)
        example = example or f"{text}: {len(lost)} rows never come"
    in_order = all((np.diff(one) == 1).all() for one in epochs[0])
    if words & {*SHUFFLES} and in_order and len(epochs[0]) > 1:
        starts = [one[0] for one in epochs[0]]
        if starts != sorted(starts):
            found.append(BATCHES_ONLY)
            example = example or f"a batch is {list(map(int, epochs[0][0]))}"
    elif in_order:
        verdict.notes.append("the rows come in order: it has no shuffling")
    same = len(epochs) > 1 and len(epochs[0]) == len(epochs[1]) and all(
        np.array_equal(a, b) for a, b in zip(*epochs))
    if same and not in_order and not names & {*SEEDS}:
        found.append(AGAIN)
        example = example or "the second epoch has the order of the first"
    _settle(verdict, found, example)
