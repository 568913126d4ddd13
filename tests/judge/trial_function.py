"""One call of an activation or a loss: run and compared."""

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from tests.judge import layouts
from tests.judge.calls import Call
from tests.judge.functions import CLOSE, Array, Function, differs
from tests.judge.losses import REDUCTIONS, SAME_AS
from tests.judge.process import Process
from tests.judge.roles import Name
from tests.judge.switchboard import Settings

DRIVER = "tests.judge.evaluate"
# Regions whose difference is no news: nobody's relu has torch's slope
# at NaN.
QUIET = ("NaN", "infinite")
PLAIN = ("ordinary", "at 0")
# Half of the digits of float32.
SINGLE = 3e-5


@dataclass
class Seen:
    """An input, and what the person's code made of it."""

    region: str
    given: dict[str, Array]
    value: Array
    slope: Any = None


@dataclass
class Trial:
    """One call of one implementation as one kind."""

    kind: Function
    call: Call
    layout: str
    process: Process
    name: str
    seen: list[Seen] = field(default_factory=list)
    base: Settings = field(default_factory=dict)
    # what it writes into: "input", "upstream", "target"
    wrote: set[str] = field(default_factory=set)
    # where it raises, and what
    raised: dict[str, str] = field(default_factory=dict)
    close: float = CLOSE
    # Does the same input give another value?
    again: bool = False
    # Is the slope a matrix for each sample?
    jacobian: bool = False

    def run(self) -> str:
        """Evaluate it on all inputs. An error, or ""."""
        self.close = self.kind.close
        flat = [(region, layouts.ready(self.layout, {
            "upstream": np.ones_like(given["input"]), **given}))
                for region, inputs in self.kind.probes().items()
                for given in inputs]
        # The first input once more: is the answer the same?
        error = self.evaluate([*flat, (flat[0])])
        if error:
            return error
        self.again = not np.array_equal(
            self.seen[0].value, self.seen.pop().value, equal_nan=True)
        self._choose_reduction()
        first = self.seen[0]
        expected = np.shape(self.value(first.given, {}))
        if first.value.shape != expected:
            return (f"the result has shape {first.value.shape}, not "
                    f"{expected}")
        if any(one.slope is not None and one.slope.shape
               != one.given["input"].shape for one in self.seen):
            return "the slope has another shape than the input"
        if any(one.slope is None for one in self.seen):
            for one in self.seen:
                one.slope = None
        self._slope_reduction()
        return ""

    def evaluate(self, flat: list[tuple[str, dict[str, Array]]]) -> str:
        """Fill `seen`. An error that hides an ordinary input, or ""."""
        pieces = [layouts.hand(self.layout, given) for _, given in flat]
        answers = self.process.ask(DRIVER, self.name, self.call, [
            one for several in pieces for one in several])
        if isinstance(answers, dict):
            return f"{answers['error']}{answers['at']}"
        replies = iter(answers)
        for (region, given), several in zip(flat, pieces):
            here = [next(replies) for _ in several]
            bad = next((one for one in here if "error" in one), None)
            if bad is not None:
                if region in PLAIN:
                    return f"{bad['error']}{bad['at']}"
                self.raised.setdefault(region, bad["error"])
                continue
            if any(one["value"].dtype == np.float32 for one in here):
                self.close = SINGLE
            value = layouts.back(self.layout, [one["value"]
                                               for one in here], given)
            slope = None
            if all(one["slope"] for one in here):
                bad = next((one["slope"] for one in here
                            if "error" in one["slope"]), None)
                if bad is not None:
                    return str(bad["error"])
                slope = self._shaped([one["slope"]["value"]
                                      for one in here], given)
            self.wrote |= {name for one in here for name in one["wrote"]}
            self.seen.append(Seen(region, given, value, slope))
        return ""

    def _shaped(self, slopes: list[Array], given: dict[str, Array]) -> Any:
        x = given["input"]
        slope = layouts.back(self.layout, slopes, given)
        if slope.shape == (*x.shape, x.shape[1]):
            # A Jacobian for each row, which is symmetric for softmax.
            self.jacobian = True
            return np.einsum("nij,nj->ni", slope, given["upstream"])
        return slope

    @property
    def has_slope(self) -> bool:
        """Was a slope asked for, and given?"""
        return any(one.slope is not None for one in self.seen)

    @property
    def upstream(self) -> bool:
        """Does the slope get the gradient of what comes after?"""
        slope = self.call.slope
        if self.call.made == "engine":
            return False
        return self.call.autograd or self.jacobian or slope is not None and (
            "upstream" in slope.order)

    def _choose_reduction(self) -> None:
        """The reduction that the shape and the numbers fit best."""
        if not self.kind.loss:
            return
        fits: list[Any] = []
        means = Name(self.name).has("mean", "mse")
        for how in REDUCTIONS:
            if means and how in ("sum", "rows"):
                # A sum that calls itself a mean is a bug.
                continue
            self.base = {"reduction": how}
            if any(np.shape(self.value(one.given, {})) != one.value.shape
                   for one in self.seen):
                continue
            wrong = len(self.wrong({}, regions=PLAIN))
            # On ties, and where all differ: the first, the mean.
            fits.append((bool(wrong) and not self._constant_ratio(),
                         wrong, len(fits), how))
        self.base = {"reduction": min(fits)[-1] if fits else "mean"}

    def _slope_reduction(self) -> None:
        """Losses that are not reduced: their sum or mean is trained."""
        if not (self.kind.loss and self.has_slope):
            return
        base = self.base
        for how in SAME_AS.get(base["reduction"], []):
            self.base = {**base, "slope reduction": how}
            if not self.wrong({}, "slope", PLAIN):
                return
        self.base = base

    def _constant_ratio(self) -> bool:
        """Is the value a fixed multiple: half, or in bits?"""
        ratios = set()
        for one in self.seen:
            if one.region in PLAIN:
                with np.errstate(all="ignore"):
                    ratio = one.value / self.value(one.given, {})
                ratios |= {round(float(r), 6) for r in np.ravel(ratio)
                           if np.isfinite(r)}
        return len(ratios) == 1

    def _s(self, settings: Settings) -> Any:
        thrown = {**self.base, **settings}
        return lambda place, right=None: thrown.get(place, right)

    def value(self, given: dict[str, Array], settings: Settings) -> Array:
        """The formula's value."""
        with np.errstate(all="ignore"):
            return self.kind.value(given, self._s(settings))

    def slope(self, given: dict[str, Array], settings: Settings) -> Array:
        """The formula's slope, with upstream if the call has one."""
        if not self.upstream:
            given = {**given, "upstream": np.ones_like(given["input"])}
        with np.errstate(all="ignore"):
            slope = self.kind.slope(given, self._s(settings))
            if self.kind.loss or "softmax" in self.kind.name or (
                    settings.get("upstream") == "forgotten"):
                return slope
            return slope * given["upstream"]

    def wrong(self, settings: Settings, what: str = "value",
              regions: Any = None, stop: bool = False,
              close: float = 0.0, absolute: float = 0.0) -> list[int]:
        """The inputs where value or slope differ from the formula's."""
        found = []
        formula = self.value if what == "value" else self.slope
        noise = self.kind.noise(self._s(settings))
        if self.close == SINGLE:
            noise = max(noise, 1e-7)
        if what == "slope":
            # A slope's own 1 - s cancels in every book.
            noise = max(noise, 1e-6 * self.close
                        if self.close < SINGLE else 1e-6)
            # The 1e-12 in torch's divisor is a float32.
            close = close or 10 * self.close
        for i, one in enumerate(self.seen):
            if regions is not None and one.region not in regions:
                continue
            if differs(getattr(one, what), formula(one.given, settings),
                       close or self.close,
                       max(absolute, noise)) is not None:
                found.append(i)
                if stop:
                    break
        return found

    def reductions(self, settings: Settings) -> list[str]:
        """How it reduces a table of several columns; [] if not known."""
        if self.kind.wide is None or self.layout in self.kind.spare:
            return []
        given = self.kind.wide()
        given["upstream"] = np.ones_like(given["input"])
        found = self.moved([given])
        fits = []
        for how in REDUCTIONS:
            right = self.value(given, {**settings, "reduction": how})
            if found and found[0].shape == right.shape and differs(
                    found[0], right, self.close) is None:
                fits.append(how)
        return fits

    def moved(self, shifts: list[dict[str, Array]]) -> list[Array] | None:
        """The person's own value of other inputs, for a slope."""
        other = replace(self, call=replace(
            self.call, slope=None, autograd=False, second=False), seen=[],
            raised={})
        if other.evaluate([("shifted", one) for one in shifts]) or (
                len(other.seen) != len(shifts)):
            return None
        return [one.value for one in other.seen]
