"""What an exercise is: a solution as a patch, and its check."""

from dataclasses import dataclass

from tests.museum.plant import Patch


@dataclass(frozen=True)
class Exercise(Patch):
    """A change of the code, with the check that it passes."""

    @property
    def proof(self) -> str:
        """"topic-the-name" is checked by test_the_name."""
        topic, _, what = self.name.partition("-")
        return (f"exercises/check_{topic}.py::"
                f"test_{what.replace('-', '_')}")
