"""What is said of an implementation, in plain words."""

import re
from dataclasses import dataclass, field
from typing import Any

from tests.judge.switchboard import Switch
from tests.museum import BUGS
from tests.museum.plant import diff

EQUAL, BUT, CONVENTION, BUG, DIFFERENT, RAISES, UNREAD = (
    "EQUAL", "EQUAL BUT", "ANOTHER CONVENTION", "A BUG OF THE MUSEUM",
    "DIFFERENT", "RAISES", "NOT READ")
# From the best to the worst.
ORDER = (EQUAL, BUT, CONVENTION, BUG, DIFFERENT, RAISES, UNREAD)
# What a score counts as right.
RIGHT = (EQUAL, BUT)
# A name and its thought, where there are several.
SEVERAL = {"bug": '{} [bug]  "{}"', "convention": '{} [convention]  "{}"',
           "feature": '{} [feature]  "{}"'}


@dataclass
class Verdict:
    """One implementation: the finding and what supports it."""

    # as in "optimizers.py:Adam"
    place: str
    # what it is compared with, as in "torch.optim.Adam"
    against: str = ""
    status: str = UNREAD
    # how it was called
    read_as: str = ""
    # what it has no option for
    not_judged: list[str] = field(default_factory=list)
    # its own options, which were left as they are
    options: list[str] = field(default_factory=list)
    # the smallest counterexample
    example: str = ""
    # the same in numbers: what, input, target, index, yours, torch
    numbers: list[dict[str, Any]] = field(default_factory=list)
    # the sets of switches that explain the difference, the first shown
    names: list[tuple[Switch, ...]] = field(default_factory=list)
    # sentences: what the finding rests on, and what else was noticed
    findings: list[str] = field(default_factory=list)
    # what is said of all that has no name
    rest: str = "and nothing else differs"
    notes: list[str] = field(default_factory=list)
    # the code's and torch's way down a bowl, for a picture
    ways: tuple[list[float], list[float]] | None = None

    # does another convention count as right?
    accepted: bool = False

    @property
    def right(self) -> bool:
        """Equal, with or without a condition."""
        return self.status in RIGHT or (
            self.accepted and self.status == CONVENTION)

    def to_json(self) -> dict[str, Any]:
        """For programs."""
        return {"place": self.place, "against": self.against,
                "status": self.status, "read_as": self.read_as,
                "not_judged": self.not_judged,
                "options_not_judged": self.options,
                "example": self.example, "numbers": self.numbers,
                "names": [[switch.title for switch in chosen]
                          for chosen in self.names],
                "nature": sorted({switch.nature for chosen
                                  in self.names[:1] for switch in chosen}),
                "explanations": [[self._switch(switch) for switch in chosen]
                                 for chosen in self.names],
                "findings": self.findings, "notes": self.notes}

    def _switch(self, switch: Switch) -> dict[str, Any]:
        """All that is known of a switch; "" is what is not."""
        return {"name": switch.name,
                "number": switch.setting if isinstance(
                    switch.setting, float) else None,
                "nature": switch.nature, "thought": switch.thought,
                "owner": switch.owner, "effect": switch.effect,
                "seen": _seen(switch), "patch": self._patch(switch)}

    def __str__(self) -> str:
        """The verdict as it is printed."""
        lines = [self.place]
        if self.read_as:
            lines.append(f"Read as     {self.read_as}")
        if self.not_judged:
            lines.append("Not judged  " + ", ".join(self.not_judged)
                         + ": it has none")
        if self.options:
            lines.append("Not judged  other values of "
                         + ", ".join(self.options))
        lines.append(self._head())
        if self.example:
            lines.append(f"  {self.example}")
        lines += self._named()
        lines += [f"  {finding}" for finding in self.findings]
        lines += [f"Note        {note}" for note in self.notes]
        return "\n".join(lines)

    def _patch(self, switch: Switch) -> str:
        """The museum's bug as a diff of the project's own line, or ""."""
        bug = BUGS.get(switch.name)
        if bug is None or isinstance(switch.setting, float) or (
                "optim" not in bug.topic and bug.where.split(".")[-1]
                not in re.findall(r"\w+", self.against)):
            # Another number, or a line of another function.
            return ""
        return diff(bug)

    def _head(self) -> str:
        if self.status in (UNREAD, RAISES):
            return self.status
        if self.status == EQUAL:
            return f"EQUAL to {self.against}"
        if self.status == BUT:
            return f"EQUAL to {self.against}, BUT"
        if self.example and "DIFFERENT" not in self.example and (
                "EQUAL" in self.example):
            # Only how the slope is asked is another convention.
            return f"EQUAL to {self.against}, in another convention"
        return f"DIFFERENT from {self.against}"

    def _named(self) -> list[str]:
        """The names; those that cannot be told apart together."""
        if not self.names:
            return []
        lines = []
        chosen = self.names[0]
        word = {BUG: "A BUG OF THE MUSEUM", CONVENTION:
                "ANOTHER CONVENTION"}.get(self.status, "")
        if word:
            both = {2: "TWO AT ONCE", 3: "THREE AT ONCE"}.get(len(chosen))
            lines.append(", ".join(filter(
                None, [word, both, self.rest])) + ":")
        for switch in chosen:
            shape = '{}  "{}"' if len(chosen) == 1 else SEVERAL[switch.nature]
            lines.append("  " + shape.format(switch.title, switch.thought))
            lines += [f"    {label}: {text}" for label, text in (
                ("whose", switch.owner), ("effect", switch.effect),
                ("seen in", _seen(switch))) if text]
            patch = self._patch(switch)
            if patch:
                bug = BUGS[switch.name]
                lines.append(f"    in scratch/{bug.topic}.py it is")
                lines += [f"      {line}" for line in patch.splitlines()]
        others = [" + ".join(switch.title for switch in other)
                  for other in self.names[1:4]]
        if others:
            lines.append("  cannot be told apart from: "
                         + ", ".join(others))
        return lines


def _seen(switch: Switch) -> str:
    """Where it was seen, by the switch or by the museum."""
    bug = BUGS.get(switch.name)
    return switch.seen or (bug.seen if bug else "")
