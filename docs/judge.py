"""What the page on the judge computes: the trial of the graders."""

from typing import Any

from docs.site.words import _
from tests.judge.graders import plain, trial
from tests.judge.implementation import kinds


def graders() -> str:
    """A row for each recipe: how many implementations it catches."""
    rows = [_row(_("recipe"), _("catches"), _("epsilon in the root"),
                 _("no power of t")), "|---|---:|---|---|"]
    for what, caught, count, passed in trial(kinds()["adam"]):
        rows.append(_row(
            _(what), _("{caught} of {count}").format(caught=caught,
                                                     count=count),
            *(_("passes") if name in passed else _("caught")
              for name in ("adam-eps-in-the-root", "adam-no-t"))))
    return "\n".join(rows)


def count() -> int:
    """The implementations in the trial."""
    return len(plain(kinds()["adam"]))


def topics() -> str:
    """What can be judged: the formula, and how many names each has."""
    rows = [_row(_("kind"), _("formula"), _("against"), _("names")),
            "|---|---|---|---:|"]
    for kind in kinds().values():
        told = formula(kind)
        names = len({switch.name for switch in
                     getattr(kind, "switches", ())})
        rows.append(_row(f"`{kind.name}`", f"`{_(told)}`" if told else "",
                         _(kind.against), names or ""))
    return "\n".join(rows)


def formula(kind: Any) -> str:
    """What a kind computes, in a line; "" if it has no formula."""
    value = getattr(kind, "value", None)
    return (value.__doc__ or "").split("\n")[0] if value else ""


def _row(*cells) -> str:
    return f"| {' | '.join(map(str, cells))} |"
