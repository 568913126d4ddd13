"""A person's file: what in it can be judged, and the verdict on each."""

import ast
import contextlib
import importlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from scratch.front_door.command_line import DataError, nearest
from tests.judge.process import Process, Stopped
from tests.judge.roles import Name, plain
from tests.judge.source import Source, parse
from tests.judge.topics import topics
from tests.judge.verdict import RAISES, Verdict

# A slope is judged together with its value.
SLOPES = ("prime derivative deriv grad gradient backward backprop bwd "
          "dx delta").split()


class File:
    """A parsed file and the process that runs it."""

    def __init__(self, source: Source, process: Process):
        self.source, self.process = source, process

    def defined(self) -> list[str]:
        """The classes and functions in it."""
        return [*self.source.classes, *self.source.functions]

    def names(self, name: str, kind: str) -> dict[str, list[Any]]:
        """name -> the kinds that it may be; of all, or of one name."""
        if name and kind:
            known = kinds()
            kind = ALIASES.get(kind.lower(), kind)
            if kind.lower() not in known:
                raise DataError(f"no kind {kind!r}; "
                                f"{nearest(kind, known)}")
            return {name: [known[kind.lower()]]} if self._has(name) else {}
        if name:
            found = self._recognise(name) if self._has(name) else []
            return {name: found} if found else {}
        found_all = {}
        for one in self.defined():
            if not one.startswith("_"):
                found_all[one] = [
                    kind for kind in self._recognise(one) if not (
                        hasattr(kind, "loss") and _is_slope(one))]
        for owner in self.source.classes.values():
            # A network with methods relu and softmax; not sigmoid.forward
            if recognise(owner.name):
                continue
            judged = {one for kind in self._recognise(owner.name)
                      for one in kind.methods}
            for method in owner.methods:
                if not (method.startswith("_") or _is_slope(method)
                        or method in judged):
                    found_all[f"{owner.name}.{method}"] = [
                        kind for kind in recognise(method)
                        if hasattr(kind, "loss")]
        used = self._adapted()
        return {one: found for one, found in found_all.items()
                if found and one not in used}

    def _recognise(self, name: str) -> list[Any]:
        """The kinds that its name may mean, or what a class has."""
        owner = self.source.classes.get(name)
        return recognise(name) or [
            kind for topic in topics().values()
            if owner and hasattr(topic, "recognise_class")
            for kind in topic.recognise_class(owner)]

    def unknown(self) -> list[str]:
        """Definitions that are nothing to the judge, by their names."""
        known = {one.split(".")[0] for one in self.names("", "")}
        used = self._adapted()
        return [one for one in self.defined()
                if one not in known | used and not one.startswith("_")
                and not _is_slope(one) and one not in self.bases()]

    def bases(self) -> set[str]:
        """The classes that others inherit from."""
        return {base for one in self.source.classes.values()
                for base in one.bases}

    def _has(self, name: str) -> bool:
        owner, _, method = name.partition(".")
        return (owner in self.defined() and (
            not method or owner in self.source.classes
            and method in self.source.classes[owner].methods))

    def _adapted(self) -> set[str]:
        """What an adapter calls: the adapter is judged instead."""
        return {node.id for name, found in self.source.functions.items()
                if name.startswith("judge_")
                for node in ast.walk(found.node)
                if isinstance(node, ast.Name)}

    def judge(self, name: str, found: list[Any], call: str) -> Verdict:
        """The verdict on one definition."""
        module = importlib.import_module(found[0].judged_by)
        options = {"expression": call} if call else {}
        self.process.printed = 0, ""
        if call and not hasattr(found[0], "formula"):
            raise DataError("--call is for optimisers, and "
                            f"{name} is none; write an adapter instead")
        try:
            verdict = module.judge(self.source, name, found, self.process,
                                   **options)
        except Stopped as stopped:
            verdict = Verdict(f"{self.source.path.name}:{name}",
                              found[0].against, RAISES,
                              findings=[str(stopped)])
        lines, first = self.process.printed
        if lines:
            verdict.notes.append(f"it prints {lines:,} lines, the first: "
                                 f"{first.splitlines()[0][:60]!r}")
        return verdict


def _is_slope(name: str) -> bool:
    parts = Name(name.split(".")[-1]).parts
    return any(part in SLOPES for part in parts) and not any(
        "descent" in part or part == "adagrad" for part in parts)


def recognise(name: str) -> list[Any]:
    """The kinds that a name may mean, of every topic."""
    text = name.split(".")[-1].removeprefix("judge_")
    if plain(text).startswith("test"):
        return []
    found = [kind for topic in topics().values()
             for kind in topic.recognise(Name(text))]
    # xavier_relu is no relu: it says what it is for.
    return [kind for kind in found
            if getattr(kind, "prevails", False)] or found


# torch's own names, for --as.
ALIASES = {"mse_loss": "mse", "binary_cross_entropy": "bce",
           "binary_cross_entropy_with_logits": "bce_logits",
           "cross_entropy": "ce_logits", "nll_loss": "nll"}


def kinds() -> dict[str, Any]:
    """Every kind by its name, in lower case."""
    found: dict[str, Any] = {}
    for topic in topics().values():
        for value in vars(topic).values():
            for kind in (value.values() if isinstance(value, dict)
                         else [value]):
                if (hasattr(kind, "judged_by")
                        and not isinstance(kind, type)):
                    found.setdefault(kind.name.lower(), kind)
    return found


@contextlib.contextmanager
def opened(path: Path, timeout: float) -> Iterator[File]:
    """Parse it and start its process. Raises DataError."""
    source = parse(path)
    with Process(path.resolve(), source.uses_torch, timeout) as process:
        process.start()
        yield File(source, process)
