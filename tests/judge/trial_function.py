"""One call of an activation or a loss: run, compared and explained."""

import time
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from tests.judge.calls import Call
from tests.judge.functions import (ABSOLUTE, CLOSE, Array, Function,
                                   differs, tell)
from tests.judge.losses import REDUCTIONS
from tests.judge.process import Process
from tests.judge.switchboard import Settings, Switch, explain
from tests.judge.verdict import (BUG, BUT, CONVENTION, DIFFERENT, EQUAL,
                                 Verdict)

DRIVER = "tests.judge.evaluate"
PATIENCE = 6.0
# Regions whose difference is no news: nobody's relu has torch's slope
# at NaN.
QUIET = ("NaN", "infinite")


@dataclass
class Trial:
    """One call of one implementation as one kind."""

    kind: Function
    call: Call
    process: Process
    name: str
    # region, input, value, slope or None
    seen: list[tuple[str, dict[str, Array], Array, Any]] = field(
        default_factory=list)
    base: Settings = field(default_factory=dict)
    wrote: bool = False
    failed: str = ""

    def run(self) -> str:
        """Evaluate it on all inputs. An error, or ""."""
        probes = self.kind.probes()
        flat = [(region, self._ready(given)) for region, inputs
                in probes.items() for given in inputs]
        answers = self.process.ask(DRIVER, self.name, self.call,
                                   [given for _, given in flat])
        if isinstance(answers, dict):
            return f"{answers['error']} ({answers['at']})"
        for (region, given), answer in zip(flat, answers):
            if "error" in answer:
                if region in ("ordinary", "at 0"):
                    return f"{answer['error']} ({answer['at']})"
                self.failed = f"raises {region}: {answer['error']}"
                continue
            slope = answer["slope"]
            if slope is not None:
                if "error" in slope:
                    return slope["error"]
                slope = self._shaped(slope["value"], given)
            value = answer["value"]
            if value.ndim and "flat" in self.call.order[0]:
                value = value.reshape(given["input"].shape) \
                    if value.size == given["input"].size else value
            self.wrote = self.wrote or answer["wrote"]
            self.seen.append((region, given, value, slope))
        self._choose_reduction()
        first = self.seen[0]
        expected = self._value(first[1], {})
        if first[2].shape != np.shape(expected):
            return (f"the result has shape {first[2].shape}, not "
                    f"{np.shape(expected)}")
        if any(slope is not None and slope.shape != given["input"].shape
               for _, given, _, slope in self.seen):
            return "the slope has another shape than the input"
        return ""

    def _ready(self, given: dict[str, Array]) -> dict[str, Array]:
        given = {"upstream": np.ones_like(given["input"]), **given}
        if "flat input" in self.call.order:
            given |= {f"flat {name}": given[name].ravel()
                      for name in ("input", "target")}
        return given

    def _shaped(self, slope: Array, given: dict[str, Array]) -> Array:
        same = slope.size == given["input"].size
        return slope.reshape(given["input"].shape) if same else slope

    def _choose_reduction(self) -> None:
        """The reduction that the shape and the numbers fit best."""
        if not self.kind.loss:
            return
        some = [one for one in self.seen if one[0] == "ordinary"]
        fits: list[Any] = []
        for how in REDUCTIONS:
            shapes = [np.shape(self.kind.value(
                given, lambda place, right=None, how=how:
                how if place == "reduction" else right))
                for _, given, _, _ in some]
            if shapes != [value.shape for _, _, value, _ in some]:
                continue
            self.base = {"reduction": how}
            wrong = self._wrong({}, False)
            # On ties, and where all differ: the first, the mean.
            ratio = self._constant_ratio(some)
            fits.append((bool(wrong) and not ratio, len(wrong),
                         len(fits), how))
        if fits:
            self.base = {"reduction": min(fits)[-1]}

    def _constant_ratio(self, some: Any) -> bool:
        """Is the value a fixed multiple: half, or in bits?"""
        ratios = set()
        for _, given, value, _ in some:
            with np.errstate(all="ignore"):
                ratio = value / self._value(given, {})
            ratios |= {round(float(r), 6) for r in np.ravel(ratio)
                       if np.isfinite(r)}
        return len(ratios) == 1

    def _s(self, settings: Settings) -> Any:
        thrown = {**self.base, **settings}
        return lambda place, right=None: thrown.get(place, right)

    def _value(self, given: dict[str, Array], settings: Settings) -> Array:
        with np.errstate(all="ignore"):
            return self.kind.value(given, self._s(settings))

    def _slope(self, given: dict[str, Array], settings: Settings) -> Array:
        """With the upstream gradient, if the call has one."""
        with np.errstate(all="ignore"):
            slope = self.kind.slope(given, self._s(settings))
        if self.kind.loss or self.kind.name in ("softmax", "log_softmax"):
            return slope
        return slope * given["upstream"] if self._upstream() else slope

    def _upstream(self) -> bool:
        return self.call.autograd or self.call.slope is not None and (
            "upstream" in self.call.slope.order)

    def _wrong(self, settings: Settings, slopes: bool,
               regions: Any = None, only_slopes: bool = False,
               close: float = CLOSE, absolute: float = 1e-300,
               stop: bool = False) -> list[int]:
        """The inputs where value or slope differ."""
        found = []
        for i, (region, given, value, slope) in enumerate(self.seen):
            if regions is not None and region not in regions:
                continue
            bad = (not only_slopes and differs(
                value, self._value(given, settings), close,
                absolute) is not None)
            if not bad and slopes and slope is not None:
                # A slope's own 1 - s cancels in every book.
                bad = differs(slope, self._slope(given, settings), close,
                              max(absolute, 1e-15)) is not None
            if bad:
                found.append(i)
                if stop:
                    break
        return found

    @property
    def has_slope(self) -> bool:
        """Was a slope asked for, and given?"""
        return any(slope is not None for *_, slope in self.seen)

    def score(self) -> int:
        """How many inputs differ: the best call has the fewest."""
        return len(self._wrong({}, True))

    def verdict(self, place: str) -> Verdict:
        """What equals, what does not, and what it is called."""
        found = Verdict(place, self.kind.against, EQUAL,
                        read_as=self._read_as())
        has_slope = self.has_slope
        if not has_slope:
            found.notes.append("no slope was found: only the value is "
                               "judged")
        if self.wrote:
            found.notes.append("it writes into its input")
            found.status = BUT
        if self.failed:
            found.notes.append(self.failed)
        wrong = self._wrong({}, True)
        if not wrong:
            what = "value and slope" if has_slope else "value"
            found.findings.append(
                f"{what} in {len(self.seen)} inputs, to rounding")
            self._from_output(found)
            return found
        if {self.seen[i][0] for i in wrong} <= set(QUIET):
            found.findings.append(f"on finite numbers ({len(self.seen)} "
                                  "inputs)")
            found.status = BUT
            self._example(found, wrong[0])
            self._from_output(found)
            return found
        self._example(found, wrong[0])
        self._name(found, wrong)
        self._from_output(found)
        return found

    def _from_output(self, found: Verdict) -> None:
        """Is the slope asked with the output, where the input fits?"""
        slope = self.call.slope
        if slope is None or "output" not in slope.order:
            return
        found.notes.append("the slope is computed from the output, not "
                           "from the input: slope-from-the-output")
        if found.status == EQUAL:
            found.status = CONVENTION
            found.names = [(Switch(
                "slope-from-the-output", "argument", "output",
                "convention", "The slope is asked with the output, "
                "because it is known by then."),)]

    def _read_as(self) -> str:
        said = str(self.call).replace("flat ", "")
        how = self.base.get("reduction")
        if how:
            said += {"mean": ", the mean over all", "sum": ", the sum",
                     "none": ", one loss an entry",
                     "rows": ", one sum a row",
                     "row means": ", one mean a row",
                     "per row": ", the sum divided by the rows",
                     "column means": ", one mean a column"}[how]
        return said

    def _example(self, found: Verdict, i: int) -> None:
        _, given, value, slope = self.seen[i]
        right = self._value(given, {})
        where = differs(value, right)
        if where is not None:
            found.example = tell(given, value, right, where, "value")
            return
        right = self._slope(given, {})
        where = differs(slope, right, CLOSE, 1e-15)
        if where is not None:
            found.example = tell(given, slope, right, where, "slope")

    def _name(self, found: Verdict, wrong: list[int]) -> None:
        has_slope = self.has_slope
        order = wrong + [i for i in range(len(self.seen))
                         if i not in wrong]
        self.seen = [self.seen[i] for i in order]
        loud = {region for region, *_ in self.seen} - set(QUIET)
        end = time.monotonic() + PATIENCE
        for regions, slopes in ((None, has_slope), (loud, has_slope),
                                (None, False), (loud, False)):
            def agrees(settings: Settings) -> bool:
                return time.monotonic() < end and not self._wrong(
                    settings, slopes, regions, stop=True)
            if not slopes and not self._wrong({}, False, regions):
                # Only the slope differs, and has no name.
                continue
            found.names = explain(self.kind.switches, agrees)
            if found.names:
                if has_slope and not slopes:
                    found.findings.append(
                        "the slope differs, too, and has no name")
                break
        if found.names:
            found.names.sort(key=lambda chosen: sum(
                switch.nature == "bug" for switch in chosen))
            natures = {switch.nature for switch in found.names[0]}
            found.status = (BUG if "bug" in natures else CONVENTION
                            if "convention" in natures else BUT)
            return
        found.status = DIFFERENT
        if not self._wrong({}, has_slope, None, close=1e-7,
                           absolute=ABSOLUTE):
            found.status = BUT
            found.findings.append("it loses digits: equal to 1e-12 of 1")
        elif not self._wrong({}, has_slope, {"ordinary", "at 0"}):
            bad = sorted({self.seen[i][0] for i in self._wrong(
                {}, has_slope)})
            found.findings.append("equal for ordinary numbers; differs "
                                  f"{', '.join(bad)}")
        if has_slope and not self._wrong({}, False):
            found.findings.insert(0, "the value is equal; only the slope "
                                     "differs")
        self._ratio(found)

    def _ratio(self, found: Verdict) -> None:
        """A fixed ratio is a diagnosis."""
        for what, k, right in (("value", 2, self._value),
                               ("slope", 3, self._slope)):
            ratios = set()
            one: Any
            for one in self.seen[:8]:
                if one[k] is None or np.shape(one[k]) != np.shape(
                        right(one[1], {})):
                    break
                with np.errstate(all="ignore"):
                    ratio = one[k] / right(one[1], {})
                ratios |= {round(float(r), 7) for r in np.ravel(ratio)
                           if np.isfinite(r)}
            if len(ratios) == 1 and ratios != {1.0}:
                found.findings.append(
                    f"the {what} is {ratios.pop():g} times torch's")
