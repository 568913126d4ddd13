"""What an exercise is: a solution, its topic, and its check."""

from dataclasses import dataclass
from pathlib import Path

from scratch.front_door.source import ROOT
from tests.exercises.merge import merged
from tests.museum.plant import Change


@dataclass(frozen=True)
class Exercise(Change):
    """A task whose solution passes a check.

    "topic-the-name" is solved by tests/exercises/topic/the_name.py.
    """

    @property
    def _stem(self) -> str:
        return self.name.partition("-")[2].replace("-", "_")

    @property
    def proof(self) -> str:
        """The check, for pytest."""
        return f"exercises/check_{self.topic}.py::test_{self._stem}"

    @property
    def solution(self) -> Path:
        """The file that solves it."""
        return ROOT / f"tests/exercises/{self.topic}/{self._stem}.py"

    def source(self) -> str:
        """The topic's file with the solution in it."""
        return merged(self.path.read_text(encoding="utf-8"),
                      self.solution.read_text(encoding="utf-8"),
                      f"scratch.{self.topic}")
