"""One formula with a switch at each place where people go astray.

With no switch thrown the formula is the right one. A bug of the museum
is a switch or several, so two bugs at once are two switches: they
combine, which patches of a line cannot do.
"""

import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Switch:
    """A setting other than the right one, and what it is called."""

    name: str
    # where in the formula, and what stands there
    place: str
    setting: Any
    # "bug", "convention" or "feature"
    nature: str
    # what the programmer thought, or what the convention is
    thought: str
    # whose convention it is
    owner: str = ""
    # what it does to a training
    effect: str = ""
    # where it was seen
    seen: str = ""

    @property
    def title(self) -> str:
        """Its name, with the number if it is one of a family."""
        number = isinstance(self.setting, float)
        return f"{self.name} ({self.setting:g})" if number else self.name


Settings = dict[str, Any]


def family(numbers: Sequence[float], *args: Any,
           **options: Any) -> list[Switch]:
    """A switch for each number: Switch(name, place, number, ...)."""
    name, place, *rest = args
    return [Switch(name, place, float(number), *rest, **options)
            for number in numbers]


def settings(switches: Sequence[Switch]) -> Settings:
    """place -> setting."""
    return {switch.place: switch.setting for switch in switches}


def combinations(table: Sequence[Switch],
                 size: int) -> Iterator[tuple[Switch, ...]]:
    """All sets of `size` switches at different places."""
    for chosen in itertools.combinations(table, size):
        if len({switch.place for switch in chosen}) == size:
            yield chosen


def explain(table: Sequence[Switch], agrees: Callable[[Settings], bool],
            most: int = 3) -> list[tuple[Switch, ...]]:
    """The smallest sets of switches that explain the code.

    agrees(settings): does the formula with these switches give what the
    code gives? Several sets of one size cannot be told apart.
    """
    for size in range(1, most + 1):
        found = [chosen for chosen in combinations(table, size)
                 if agrees(settings(chosen))]
        if found:
            return found
    return []
