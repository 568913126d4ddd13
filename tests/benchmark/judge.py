"""CPU time of the judge, from cold, for one implementation each."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from scratch.front_door.source import ROOT
from tests.benchmark.measure import Benchmark, Unavailable

ADAM = """
import numpy as np

class Adam:
    def __init__(self, lr=0.001, b1=0.9, b2=0.999):
        self.lr, self.b1, self.b2 = lr, b1, b2
        self.m, self.v, self.t = 0, 0, 0

    def update(self, w, grad):
        self.t += 1
        self.m = self.b1 * self.m + (1 - self.b1) * grad
        self.v = self.b2 * self.v + (1 - self.b2) * grad ** 2
        m = self.m / (1 - self.b1 ** {power})
        v = self.v / (1 - self.b2 ** {power})
        return w - self.lr * m / (np.sqrt(v) + 1e-8){more}
"""
FILES = {
    "an Adam that is right": ADAM.format(power="self.t", more=""),
    "one with a named bug": ADAM.format(power="1", more=""),
    "one that nothing explains": ADAM.format(power="self.t",
                                             more=" + 1e-3 * m ** 3"),
    "a softmax": "import numpy as np\n\ndef softmax(x):\n"
                 "    z = np.exp(x)\n    return z / z.sum(axis=1)[:, None]\n"}


def cpu_time() -> list[Benchmark]:
    """User and system time of all processes of a command."""
    if not hasattr(os, "wait4"):
        raise Unavailable("needs a system that counts CPU time")
    folder = tempfile.TemporaryDirectory()

    def run(*argv: str) -> float:
        before = os.times()
        subprocess.run([sys.executable, *argv], cwd=ROOT,
                       stdout=subprocess.DEVNULL)
        after = os.times()
        return (after.children_user + after.children_system
                - before.children_user - before.children_system)

    def judge(name: str, text: str) -> Callable[[], float]:
        path = Path(folder.name, f"{len(name)}.py")
        path.write_text(text)

        def case() -> float:
            # The folder lives as long as the case that needs it.
            assert folder.name
            return run("-m", "tests.judge", str(path))

        return case

    cases = {"import torch": lambda: run("-c", "import torch"),
             **{name: judge(name, text) for name, text in FILES.items()}}
    return [Benchmark("the judge, CPU time", cases, "import torch",
                      rounds=5)]
