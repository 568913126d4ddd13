"""What helps a reader along: prefaces, symbols, sources."""

import importlib
import re

import pytest

from scratch import CONTENTS
from scratch.front_door.source import ROOT

pytest.importorskip("sphinx")
pytest.importorskip("myst_parser")

PAGES = {topic: (ROOT / f"docs/{topic}.md").read_text()
         for topic in CONTENTS}
MIRROR = """```{mirror} optim.Adam
:proof: test_defaults
:symbols: m = m exp_avg; v = v; β1 = b1

$$ m $$
```
"""


def test_what_comes_before_a_lecture():
    """Each lecture that a lecture builds on is read earlier."""
    from docs.site.preface import BEFORE
    assert list(BEFORE) == list(CONTENTS)
    order = list(CONTENTS)
    for topic, earlier in BEFORE.items():
        assert [one for one in earlier
                if order.index(one) >= order.index(topic)] == []
    assert [topic for topic in order[1:] if not BEFORE[topic]] == []


def test_minutes():
    """A minute: 200 words, 20 lines of code, 4 formulas; rounded up."""
    from docs.site.preface import minutes
    from scratch.front_door.source import both_sides
    words, formula = "word " * 200, "$$ x $$\n"
    assert minutes(words * 5) == (5, 0)
    assert minutes(words * 4 + formula * 4) == (5, 0)
    assert minutes(words * 5 + formula) == (10, 0)
    assert minutes(f"```{{lecturer}}\n{words * 9}\n```\n") == (0, 0)
    task = f"```{{exercise}} x\n{words * 9}\n```\n"
    assert minutes(words * 5 + "\n" + task * 3) == (5, 30)
    lines = sum(side.text.count("\n") + 1
                for side in both_sides("optim.Adam"))
    few = 5 - lines / 20 - 1 / 4 - 1 / 200
    assert minutes("word " * int(200 * few) + "\n" + MIRROR) == (5, 0)
    assert minutes("word " * int(200 * few + 20) + "\n" + MIRROR) == (10, 0)


@pytest.mark.parametrize("topic", CONTENTS)
def test_a_lecture_takes_a_lesson(topic):
    """At most 45 minutes to read: one lesson at school."""
    from docs.site.preface import minutes
    reading, exercises = minutes(PAGES[topic])
    assert 5 <= reading <= 45 and exercises == 30


@pytest.mark.parametrize("topic", CONTENTS)
def test_every_symbol_has_a_meaning(topic):
    """Each letter of a page is in its table, with names in the code."""
    from docs.site.symbols import letters, symbols
    found = symbols(topic, PAGES[topic])
    assert {one.letter for one in found} == {
        letter for _name, letter, _names in letters(PAGES[topic])}
    assert all(one.meaning and (one.hand or one.torch) for one in found)


def test_every_meaning_is_used():
    """A meaning that no page needs any more is deleted."""
    from docs.site.symbols import letters, meanings
    known, used = meanings(), set()
    for topic, page in PAGES.items():
        for name, letter, _names in letters(page):
            keys = (f"{name} {letter}", f"{topic} {letter}", letter)
            used.add(next(key for key in keys if key in known))
    assert set(known) - used == set()


def test_a_symbol_without_a_meaning():
    """The message names mirror and letter, and says what must be."""
    from docs.site.symbols import symbols
    page = MIRROR.replace("v = v", "q = v")
    with pytest.raises(LookupError, match="optim.Adam: symbol 'q' must"):
        symbols("optim", page)


def test_names_on_both_sides():
    """A name is by hand, by torch or both; a comment's words are none."""
    from docs.site.symbols import as_math, names_in, symbols
    m, v, beta = symbols("optim", MIRROR)
    assert (m.hand, m.torch) == (["m", "exp_avg"], [])
    assert v.meaning != symbols("optim", MIRROR.replace(
        "optim.Adam", "optim.SGD"))[1].meaning
    assert "<msub>" in as_math(beta.letter)
    assert names_in("# a b\nc = 'd'\n") >= {"c", "d"}
    assert not names_in("# a b\nc = 'd'\n") & {"a", "b"}


def test_the_tutorials_have_their_sections():
    """docs/tutorials.md has a section for each tutorial, by its title."""
    from docs.site.preface import TITLES, corrected
    page = (ROOT / "docs/tutorials.md").read_text()
    sections = re.findall(r"^\(tutorial-(\w)\)=\n## .*?: (.*)$", page, re.M)
    assert [letter for letter, _title in sections] == list(TITLES)
    for letter, title in sections:
        assert title.startswith(TITLES[letter])
    named = [row for topic in CONTENTS for row in corrected(topic)]
    assert {letter for letter, _words in named} == set(TITLES)


@pytest.mark.parametrize("text, cited", [
    ("by Polyak (1964) puts", ["Polyak (1964)"]),
    ("(Zeiler,\n2012)", ["Zeiler,\n2012"]),
    ("Ioffe and Szegedy (2015), Ba, Kiros and Hinton (2016)",
     ["Ioffe and Szegedy (2015)", "Ba, Kiros and Hinton (2016)"]),
    ("Rosenbrock's valley (1960) is", ["Rosenbrock's valley (1960)"]),
    ("He et al. (2015); Szegedy \u7b49\uff0c2016\uff09",
     ["He et al. (2015)", "Szegedy \u7b49\uff0c2016"]),
    ("\u5728Polyak\uff081964\uff09\u91cc", ["Polyak\uff081964\uff09"]),
    ("Smith has shown. 2018 was", []), ("The (2015), Smithson (2018)", []),
    ("Polyak (1965)", []), ("Smith (20180)", [])])
def test_citations(text, cited):
    """A first author and a year of docs/references.md, and no others."""
    from docs.site.citations import found
    assert [text[start:end] for start, end, _key in found(text)] == cited


def test_every_entry_can_be_cited():
    """The page of sources is read whole; an entry ends before its link."""
    from docs.site.citations import entries, found, label
    page = (ROOT / "docs/references.md").read_text()
    assert len(entries()) == len(re.findall("^- ", page, re.M))
    assert not [text for text in entries().values()
                if "<" in text or not text.endswith(".")]
    assert len({label(key) for key in entries()}) == len(entries())
    for name, year in entries():
        assert found(f"as {name} ({year}) says")[0][2] == (name, year)


def test_the_numbers_of_the_proof():
    """Two losses are neighbours; the formula of tanh, not ours, is off."""
    page = importlib.import_module("docs.proof")
    assert abs(page.ulps(page.FIRST, page.LAST)) == 1
    assert page.FIRST.item() == pytest.approx(1.435, abs=1e-6)
    assert page.ulps(page.FIRST, page.neighbour(page.FIRST, 3)) == 3
    # Between 1 and 2 an ulp is eps.
    assert page.ulp(page.FIRST) == 2.0 ** -23
    _x, textbook, by_hand, _by_torch = page.errors_of_tanh()
    assert textbook.max() > 1e6 and by_hand.max() < 4
