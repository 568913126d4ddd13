"""The lecturer's page: a term from all topics, with addresses that lead
somewhere. That its slides are there, test_deck.py tests."""

import re

import pytest

pytest.importorskip("sphinx")

from docs.site import term  # noqa: E402
from scratch import CONTENTS  # noqa: E402
from scratch.front_door.source import ROOT  # noqa: E402
from tests.dojo import rounds  # noqa: E402
from tests.museum import ROOMS  # noqa: E402

PAGE = (ROOT / "docs/term.md").read_text()
SESSIONS = [line.split() for line in re.findall(r"\{session\} (.+)", PAGE)]


def test_twelve_lectures_have_each_topic_once():
    """No topic is left out, and none is taught twice."""
    assert len(SESSIONS) == 12
    assert sorted(sum(SESSIONS, [])) == sorted(CONTENTS)


def test_an_exam_has_enough_bugs():
    """The command of each topic finds as many as it says."""
    for topic in CONTENTS:
        assert len(rounds.choices(topic, None)) >= term.EXAM, topic


def test_often_wrong_is_what_was_seen_in_public():
    """A few bugs, of each topic that has some."""
    for topics in SESSIONS:
        bugs = term.often_wrong(topics)
        assert all(bug.seen for bug in bugs) and len(bugs) <= term.WRONG
        assert {topic for topic in topics
                if any(bug.seen for bug in ROOMS.get(topic, []))} == {
            topic for topic in topics
            if any(bug in ROOMS.get(topic, []) for bug in bugs)}


def test_a_section_that_is_not_there():
    """The build names it; one that is there has its translated title."""
    page = "# Optimisers\n\n## Momentum on a bowl\n"
    assert '?deck#momentum-on-a-bowl">x</a>' in term.slides(
        "optim", page, ["optim#momentum-on-a-bowl", "mlp#elsewhere"],
        {"Momentum on a bowl": "x"})
    with pytest.raises(LookupError, match="'nowhere' is not a section"):
        term.slides("optim", page, ["optim#nowhere"], {})
