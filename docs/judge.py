"""What the page on the judge computes: the trial of the graders."""

from tests.judge.graders import plain, trial
from tests.judge.implementation import kinds


def graders() -> str:
    """A row for each recipe: how many implementations it catches."""
    rows = ["| recipe | catches | epsilon in the root | no power of t |",
            "|---|---:|---|---|"]
    for what, caught, count, passed in trial(kinds()["adam"]):
        rows.append(f"| {what} | {caught} of {count} | "
                    + " | ".join("passes" if name in passed else "caught"
                                 for name in ("adam-eps-in-the-root",
                                              "adam-no-t")) + " |")
    return "\n".join(rows)


def count() -> int:
    """The implementations in the trial."""
    return len(plain(kinds()["adam"]))


def topics() -> str:
    """What can be judged, and how many names each has."""
    rows = ["| kind | against | names |", "|---|---|---:|"]
    for kind in kinds().values():
        names = len({switch.name for switch in
                     getattr(kind, "switches", ())})
        rows.append(f"| `{kind.name}` | {kind.against} | {names} |")
    return "\n".join(rows)
