"""The note of a mirror, "Where this breaks". No browser."""

import re

import pytest

pytest.importorskip("sphinx")

from docs.site.mirror import SHOWN, breaks, planted_in  # noqa: E402


def test_bugs_of_a_name():
    """Those of Adam are those of its methods, not those of AdamW."""
    names = {bug.name for bug in planted_in("optim.Adam")}
    assert "adam-no-t" in names
    assert not names & {bug.name for bug in planted_in("optim.AdamW")}
    assert planted_in("optim") and not planted_in("optim.Ada")


def test_a_note_names_a_few():
    """Each name leads to its card, the count of the others to the topic."""
    bugs = planted_in("optim.Adam")
    note = breaks(bugs)
    assert re.findall(r'href="bugs.html#([^"]+)"', note) == [
        *(bug.name for bug in bugs[:SHOWN]), "optim"]
    assert f"{len(bugs) - SHOWN} more" in note
    assert "more" not in breaks(bugs[:SHOWN])
