"""Find evidence for the lectures: gaps, losses with bugs, and curves.

    python -m tests.museum.evidence < request.json > found.json

The request is {kind: list}, and so is the answer.

`gaps` finds for each test the largest gap between the two sides, in eps
of its scale, and the example that has it. The request is a list of
tests, as in "test_optim.py::test_random_events[Adam]".

`bugs` finds for each bug the losses of a lesson with and without it.
The request is a list of [bug, lesson, run, epochs].

`curves` finds for each bug a small training that shows it, see
curves.py. The request is a list of bugs.
"""

import functools
import json
import math
import sys
import tempfile
from dataclasses import asdict, dataclass
from typing import Any

from tests.museum import BUGS
from tests.museum.plant import plant, prove
from tests.museum.processes import in_forks, warm_up

# So many curves are one fork's share.
SHARE = 75
GAUGE = ("--hypothesis-profile=gauge", "--hypothesis-seed=0")


@dataclass
class Record:
    """The largest gap of one test so far."""

    # In eps of the scale; by hand and by torch; the input.
    gap: float = 0.0
    entry: tuple[float, float] = (0.0, 0.0)
    input: str = ""
    examples: int = 0
    compared: bool = False


class Gauge:
    """A pytest plugin that records the largest gap of each test."""

    def __init__(self, tests: list[str]):
        self.records = {test: Record() for test in tests}
        # Of the current test, and of the current example.
        self.record = Record()
        self.gap, self.entry = 0.0, (0.0, 0.0)

    def observe(self, hand, by_torch, unit) -> None:
        """Record one comparison of an example."""
        self.record.compared = True
        equal = (hand == by_torch) | (hand.isnan() & by_torch.isnan())
        # In float64, because tests compare booleans and bytes too.
        gaps = (hand.double() - by_torch.double()).abs() / unit.double()
        gaps = gaps.masked_fill(equal, 0).nan_to_num(0, 0, 0)
        gap = gaps.max().item() if gaps.numel() else 0.0
        if gap > self.gap:
            at = int(gaps.argmax())
            self.gap = gap
            self.entry = (hand.reshape(-1)[at].item(),
                          by_torch.reshape(-1)[at].item())

    def pytest_collection_modifyitems(self, items):
        """Measure each example of each property."""
        for item in items:
            handle = getattr(item.obj, "hypothesis", None)
            # The items of a parametrised test share one handle.
            if handle is not None and not hasattr(handle, "measured"):
                handle.inner_test = self._measured(handle.inner_test)
                handle.measured = True

    def _measured(self, inner_test):
        from hypothesis import target

        @functools.wraps(inner_test)
        def test(*args, **options):
            self.gap = 0.0
            drawn: dict[str, Any] = {}
            options = {name: _recorded(value, drawn)
                       for name, value in options.items()}
            inner_test(*args, **options)
            target(self.gap)
            self._keep({**options, **drawn})

        return test

    def pytest_runtest_setup(self, item):
        """Begin a test; without hypothesis it is one example."""
        from tests.compare import closeness
        closeness.OBSERVERS[:] = [self.observe]
        name = item.nodeid.removeprefix("tests/")
        self.record = self.records.get(name) or self.records[
            name.split("[")[0]]
        self.gap = 0.0

    def pytest_runtest_teardown(self, item):
        """Keep what a test without hypothesis has compared."""
        if not hasattr(item.obj, "hypothesis"):
            self._keep(item.callspec.params if hasattr(item, "callspec")
                       else {})

    def _keep(self, values: dict[str, Any]) -> None:
        record = self.record
        record.examples += 1
        if self.gap > record.gap:
            record.gap, record.entry = self.gap, self.entry
            record.input = _spelt(values)


def _recorded(value: Any, drawn: dict[str, Any]) -> Any:
    """A `data` argument that records what is drawn from it."""
    if not type(value).__name__ == "DataObject":
        return value

    class Recorder:
        """Draws as hypothesis does, and records it."""

        def draw(self, strategy, label=None):
            """The same as hypothesis's."""
            found = value.draw(strategy, label)
            drawn[f"{label or 'drawn'} ({len(drawn) + 1})"] = found
            return found

    return Recorder()


def _spelt(values: dict[str, Any]) -> str:
    import torch
    torch.set_printoptions(linewidth=60, threshold=100, precision=4)
    return "\n".join(
        f"{name} = {value!r}" for name, value in values.items()
        if type(value).__name__ != "Recorder")


def gaps(tests: list[str]) -> dict[str, dict[str, Any]]:
    """The largest gap of each test, as JSON."""
    gauge = Gauge(tests)
    verdict = prove(None, tests, *GAUGE, plugins=[gauge])
    if verdict.caught or not all(record.examples for record
                                 in gauge.records.values()):
        raise RuntimeError(f"{tests}: {verdict.output}")
    return {test: asdict(record)
            for test, record in gauge.records.items()}


def bug(name: str, lesson: str, run: str,
        epochs: int | None) -> dict[str, Any]:
    """A lesson's losses and gaps with a bug; for a process of its own."""
    plant(BUGS[name])
    return losses(lesson, run, epochs)


def losses(lesson: str, label: str, epochs: int | None) -> dict[str, Any]:
    """A lesson's losses and gaps, by hand (with the bug) and by torch."""
    import torch
    torch.set_default_dtype(torch.float64)
    from scratch.front_door.lesson import Options
    from scratch.front_door.lessons import entries
    runs = ([_resumed()] if lesson == "checkpoint"
            else entries()[lesson].load()(Options(epochs=epochs)).runs)
    run = next(run for run in runs if run.label == label)
    stopped = ""
    try:
        for _ in run:
            pass
    # A bug may also end the training: the learner sees that too.
    except Exception as error:
        stopped = f"{type(error).__name__}: {error}"
    # The run ends when one side stops; let the other go on.
    for side in run.hand, run.torch:
        side.losses.extend(side.training)
    return {"with": _finite(run.hand.losses),
            "without": _finite(run.torch.losses),
            "gaps": _finite(run.gaps), "stopped": stopped}


def _resumed():
    """Adam on a parabola, stopped after epoch 4 of 8 and resumed."""
    import torch

    from scratch.data import parabola
    from scratch.front_door.gap import Run, Side
    from scratch.front_door.lesson import HAND, TORCH
    x, y = parabola(100, generator=0)

    def training(wing, side):
        with tempfile.TemporaryDirectory() as folder:
            for epochs in 4, 8:
                side.model = wing.mlp.MLP([1, 10, 1])
                optimizer = wing.optim.Adam(side.model.parameters(),
                                            lr=0.01)
                yield from wing.checkpoint.train(
                    f"{folder}/run", optimizer, side.model,
                    wing.losses.mse_loss, x, y, epochs, 20,
                    torch.Generator().manual_seed(0))

    run = Run("", Side(None, iter(())), Side(None, iter(())))
    for wing, side in (HAND, run.hand), (TORCH, run.torch):
        side.training = training(wing, side)
    return run


def _finite(values: list[float]) -> list[float | None]:
    return [value if math.isfinite(value) else None for value in values]


def curves(names: list[str]) -> list[dict[str, Any]]:
    """The curve of each bug; {} for a bug that no training shows."""
    from tests.museum.curves import curve
    found = [curve(name) for name in names]
    for one in found:
        for side in {"with", "without"} & one.keys():
            # enough for a drawing
            one[side] = _finite([float(f"{loss:.4g}")
                                 for loss in one[side]])
    return found


def main() -> int:
    """Read the request, search, and write what was found."""
    request = json.load(sys.stdin)
    # Torch without fused kernels: some bugs change only the last bit.
    # The gaps are those of torch as it is.
    warm_up(exact="gaps" not in request)
    found: dict[str, list] = {}
    if "gaps" in request:
        tests = request["gaps"]
        # One fork per file, which imports and collects it once.
        files = sorted({test.split("::")[0] for test in tests})
        of = {test: record for part in in_forks([
            (gaps, ([test for test in tests
                     if test.startswith(f"{file}::")],))
            for file in files]) for test, record in part.items()}
        found["gaps"] = [of[test] for test in tests]
    if "bugs" in request:
        found["bugs"] = list(in_forks([
            (bug, tuple(row)) for row in request["bugs"]]))
    if "curves" in request:
        names = request["curves"]
        found["curves"] = [one for part in in_forks([
            (curves, (names[i:i + SHARE],))
            for i in range(0, len(names), SHARE)]) for one in part]
    json.dump(found, sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main())
