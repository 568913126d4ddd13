"""What the page on the judge computes: the trial of the graders."""

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
        formula = getattr(kind, "value", None)
        told = (formula.__doc__ or "").split("\n")[0] if formula else ""
        names = len({switch.name for switch in
                     getattr(kind, "switches", ())})
        rows.append(_row(f"`{kind.name}`", f"`{told}`" if told else "",
                         _(kind.against), names or ""))
    return "\n".join(rows)


def _row(*cells) -> str:
    return f"| {' | '.join(map(str, cells))} |"
