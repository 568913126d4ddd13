"""An engine against torch: one operation at a time, then expressions.

The product comes first; then each other one is tried by its help: alone,
times another number (does it use what arrives?), and times its own input
(does it add to what has arrived?). What is found is thrown in the
reference before the next is tried, so two bugs get two names.
"""

import itertools
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from tests.judge.engine_bugs import (ANEW, AVERAGED, FORWARDS, ORDER, SHARE,
                                     SPREAD, SWITCHES, TWICE, of_all)
from tests.judge.engines import (COMPOSED, NUMBERS, OF_ARRAYS, OPERATIONS,
                                 Expression, computed, told)
from tests.judge.expressions import (ADDED, BROADCAST, SHARED, alone,
                                     randomly, repeated)
from tests.judge.functions import apart, differs
from tests.judge.switchboard import Settings, Switch, settings
from tests.judge.verdict import (BUG, CONVENTION, DIFFERENT, EQUAL, RAISES,
                                 Verdict)

E = Expression


class Trial:
    """Runs expressions, and keeps what was found so far."""

    def __init__(self, verdict: Verdict, form: dict[str, Any],
                 names: list[str], run: Callable[..., Any]):
        self.verdict, self.form, self.names = verdict, form, names
        self.run = run
        self.close = (1e-4, 1e-5) if form["float32"] else (1e-9, 1e-12)
        self.thrown: Settings = {}
        # with the example of each
        self.found: list[tuple[Switch, str]] = []
        # gradient-overwritten and upstream-forgotten: in which ones
        self.inside: dict[str, list[str]] = {}
        # without a name; and did nothing but raise?
        self.unnamed: list[str] = []
        self.raised = False
        # wrong where a value is used twice, and only there
        self.twice: list[str] = []

    def differs(self, one: Expression, answer: dict[str, Any],
                thrown: Settings | None = None) -> str:
        """In words where it differs from torch; "" if nowhere."""
        thrown = self.thrown if thrown is None else thrown
        if "error" in answer:
            return f"{told(one)}: {answer['error']}{answer['at']}"
        with np.errstate(all="ignore"):
            value, slopes = computed(one, thrown)
        pairs = [("L", answer["value"], value), *(
            (f"dL/d{letter}", mine, slope) for letter, mine, slope in zip(
                "abc", answer["gradients"], slopes))]
        for what, mine, right in pairs:
            if mine.size == right.size == 1:
                mine, right = mine.reshape(()), right.reshape(())
            where = differs(mine, right, *self.close)
            if where is None:
                continue
            if mine.shape != right.shape:
                return (f"{told(one)}: {what} of yours has shape "
                        f"{mine.shape}, torch {right.shape}")
            index = tuple(int(axis[0]) for axis in np.nonzero(where)
                          ) if mine.ndim else ()
            texts = apart(float(mine[index]), float(right[index]))
            place = f"[{', '.join(map(str, index))}]" if index else ""
            return (f"{told(one)}: {what + place} yours {texts[0]}, "
                    f"torch {texts[1]}")
        return ""

    def compare(self) -> None:
        """All of it, into the verdict."""
        if self._arrives():
            for name in self.names.copy():
                self._alone(name)
            whole = not self.unnamed and self._shared()
            if not self.unnamed and self.form["arrays"]:
                self._broadcast()
            if whole:
                self._random()
                self._large()
            elif self.found:
                self.verdict.rest = "and nothing else differs in single steps"
        self._settle()

    def _alone(self, name: str) -> None:
        if name == "max0" and "max" in self.names:
            self.names.remove(name)
            return
        some = [one for one in alone(name)
                if all(step in self.names for step, *_ in one.steps)]
        answers = self.run(some)
        bad = [(one, answer) for one, answer in zip(some, answers)
               if self.differs(one, answer)]
        if not bad:
            return
        text = self.differs(*bad[0])
        if len(bad) == len(some) and all("forward" in answer
                                         for _, answer in bad):
            self.names.remove(name)
            if name[::-1] in self.names or not (
                    name in (*NUMBERS, *OF_ARRAYS) or "." in name
                    or name == "pow-1"):
                self.unnamed.append(text)
                self.raised = True
            elif name != "max" or "max0" not in self.names:
                # It is called in another way, or not at all.
                self.verdict.not_judged.append(
                    OPERATIONS[name].text.format("a", "b"))
            return
        for chosen in self._candidates(name):
            thrown = {**self.thrown, **settings(chosen)}
            if not any(self.differs(one, answer, thrown)
                       for one, answer in zip(some, answers)):
                break
        else:
            self.names.remove(name)
            if all(repeated(one) for one, _ in bad):
                self.twice.append(text)
                return
            self.unnamed.append(text)
            self.raised = self.raised or "error" in bad[0][1]
            return
        for switch in chosen:
            if switch.nature == "composed":
                continue
            if switch.name in ("gradient-overwritten", "upstream-forgotten"):
                self.inside.setdefault(switch.name, []).append(
                    OPERATIONS[name].text.format("a", "b"))
            self.found.append((switch, text))
        self.thrown = thrown

    def _candidates(self, name: str) -> list[tuple[Switch, ...]]:
        made = ([Switch("", f"{name} made of", COMPOSED[name], "composed",
                        "")] if name in COMPOSED else [])
        slopes = [one for one in SWITCHES if one.place == name]
        single = [*made, *slopes, *of_all(name)]
        return [*((one,) for one in single), *(
            pair for pair in itertools.combinations(single, 2)
            if pair[0].place != pair[1].place)]

    def _arrives(self) -> bool:
        """Does the gradient come further than one step?"""
        chain = E((2, 3, 5), (("mul", 0, 1), ("mul", 3, 2)))
        answer = self.run([chain])[0]
        if "error" in answer:
            self.unnamed, self.raised = [self.differs(chain, answer)], True
            return False
        a, b, c = (float(one.sum()) for one in answer["gradients"])
        if (a, b, c) == (0, 0, 6):
            self.found.append((FORWARDS, self.differs(chain, answer)))
            self.verdict.findings.append(
                "or backward() goes one step, and no further")
            self.verdict.rest = "and nothing else was compared"
        return (a, b, c) != (0, 0, 6)

    def _shared(self) -> bool:
        """Values that are used twice; True if all is right."""
        bad = self._bad(ADDED if self.form["arrays"] else ADDED[:2])
        if bad and "error" not in bad[0][2] and (
                bad[0][2]["gradients"][1] != 1).any():
            # Nobody but a is used twice, and b is wrong.
            self.found.append((SHARE, bad[0][1]))
            return False
        bad = self._bad(SHARED)
        if not bad:
            self.unnamed += self.twice[:1]
            return not self.twice
        signs: set[bool] = set()
        for one, text, answer in bad:
            if "error" in answer:
                self.raised, signs = True, set()
                break
            for mine, right in zip(answer["gradients"],
                                   computed(one, self.thrown)[1]):
                if differs(mine.sum(), right.sum(), *self.close) is not None:
                    signs.add(bool(mine.sum() > right.sum()))
        if len(signs) == 1:
            self.found.append((TWICE if signs.pop() else ORDER, bad[0][1]))
        else:
            self.unnamed.append(text)
        return False

    def _bad(self, some: Sequence[Expression]) -> list[Any]:
        """Those that differ, in words, and the answers."""
        texts = [(one, self.differs(one, answer), answer)
                 for one, answer in zip(some, self.run(list(some)))]
        return [found for found in texts if found[1]]

    def _broadcast(self) -> None:
        """Are the gradients of copies summed?"""
        some = [E(pair, ((name, *order), ("sum", 2))) for pair in BROADCAST
                for name in ("add", "mul") for order in ((0, 1), (1, 0))]
        bad = self._bad(some)
        able = [found for found in bad if "forward" not in found[2]]
        if len(bad) - len(able) == len(some):
            self.verdict.not_judged.append("broadcasting")
        lost = [found for found in able if "error" in found[2] or any(
            np.shape(leaf) != mine.shape for leaf, mine in zip(
                found[0].leaves, found[2]["gradients"]))]
        if lost:
            self.found.append((SPREAD, lost[0][1]))
        elif able:
            one, text, answer = able[0]
            mine, right = answer["gradients"], computed(one, self.thrown)[1]
            size = max(slope.size for slope in right)
            if all(differs(a * size / a.size, b, *self.close) is None
                   for a, b in zip(mine, right)):
                self.found.append((AVERAGED, text))
            else:
                self.unnamed.append(text)
        if able and len(bad) < len(some):
            shapes = {" and ".join(str(np.shape(leaf)) for leaf in
                                   one.leaves): None for one, *_ in able}
            self.verdict.findings.append("with the shapes "
                                         + "; ".join(shapes))

    def _random(self) -> None:
        """Whatever was not thought of."""
        names = [name for name in self.names
                 if name not in (*OF_ARRAYS, "pow3", "exp")]
        some = randomly(names, self.form["arrays"], self.thrown)
        bad = self._bad(some)
        if bad and self.found:
            self.verdict.rest = "but more differs where steps are combined"
        elif bad:
            self.unnamed.append(min((text for _, text, _ in bad), key=len))
        elif not self.found:
            self.verdict.findings.append(
                f"{len(self.names)} operations alone, and {len(some)} random "
                "expressions of up to 7, in float"
                + ("32, to 4 digits" if self.form["float32"] else "64"))

    def _large(self) -> None:
        """What overflows, though its result is a small number."""
        some = [E((x,), ((name, 0),)) for name in ("tanh", "sigmoid")
                if name in self.names for x in (800, -800)]
        self.verdict.notes += [f"where numbers are large: {text}"
                               for _, text, _ in self._bad(some)]

    def _settle(self) -> None:
        verdict = self.verdict
        names: dict[str, Switch] = {}
        for switch, text in sorted(self.found, key=lambda pair: pair[
                0].nature == "convention"):
            verdict.example = verdict.example or text
            inside = self.inside.get(switch.name, [])
            where = (" In every operation." if len(inside) == len(self.names)
                     else f" In {', '.join(inside)}." if inside else "")
            names.setdefault(switch.name, replace(
                switch, thought=switch.thought + where))
        verdict.status = EQUAL
        if names:
            natures = {switch.nature for switch in names.values()}
            verdict.names = [tuple(names.values())]
            verdict.status = BUG if "bug" in natures else CONVENTION
        if self.unnamed:
            if names:
                verdict.rest = "but more differs"
                verdict.findings.append(self.unnamed[0])
            else:
                verdict.status = RAISES if self.raised else DIFFERENT
                verdict.example = self.unnamed[0]
                verdict.findings += self.unnamed[1:3]


def again(verdict: Verdict, answers: dict[str, Any]) -> None:
    """A second graph, the same graph a second time, a long one."""
    other, same, chain = (answers[name] for name in (
        "other_graph", "same_graph", "long_chain"))
    if answers["shared_memory"] == [1.0]:
        verdict.notes.append("a.grad and b.grad of a + b are one array: who "
                             "changes one in place changes both")
    if isinstance(chain, dict) and "RecursionError" in chain["error"]:
        verdict.notes.append("a chain of 2000 operations ends in a "
                             "RecursionError")
    if verdict.status not in (EQUAL, CONVENTION):
        return
    if other == [5.0]:
        verdict.names = [(*(verdict.names or [()])[0], ANEW)]
        verdict.status = CONVENTION
        verdict.example = verdict.example or (
            "a = 2, backward from a * 3, then from a * 5: dL/da yours 5, "
            "torch 3 + 5")
    elif other != [8.0]:
        verdict.status = DIFFERENT
        said = (other["error"] if isinstance(other, dict)
                else f"dL/da yours {other[0]:g}, torch 8")
        verdict.example = ("a = 2, backward from a * 3, then from a * 5: "
                           + said)
    elif same == [45.0]:
        verdict.notes.append(
            "a second backward() through one graph starts from what the "
            "first one left inside; torch refuses it without retain_graph")
