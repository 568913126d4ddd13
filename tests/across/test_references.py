"""Rule 9: the sources in the docstrings are those of the page."""

import re

import pytest

from scratch import CONTENTS
from scratch.front_door.source import ROOT

ENTRY = re.compile(r"^- ([^(]+) \((\d{4})\)\..*?<(\S+)>\..*?Used in (.*?)\.\n"
                   r"(?=- |\Z)", re.M | re.S)
PAGE = (ROOT / "docs/references.md").read_text()
ENTRIES = ENTRY.findall(PAGE)
# Surname (year), or (Surname, year), or Surname et al. (year).
CITATION = re.compile(
    r"([A-Z][A-Za-z]+)(?: et al\.|'s \w+|,? [A-Za-z, ]+ and [A-Z]\w+"
    r"| and [A-Z]\w+)?,? \(?((?:19|20)\d{2})\b")


def texts(topic):
    """What a reader of the topic sees: both sides, lecture, exercises."""
    paths = [ROOT / f"{wing}/{topic}.py" for wing in ("scratch", "torch_ref")]
    paths += [ROOT / f"docs/{topic}.md", ROOT / f"docs/{topic}.py",
              *sorted((ROOT / f"tests/exercises/{topic}").glob("*.py"))]
    return "\n".join(path.read_text() for path in paths if path.exists())


def test_the_page_can_be_read():
    """Every item is an entry, in alphabetical order."""
    assert len(ENTRIES) == len(re.findall("^- ", PAGE, re.M)) > 15
    names = [(authors, year) for authors, year, _, _ in ENTRIES]
    assert names == sorted(names)
    links = [link for _, _, link, _ in ENTRIES]
    assert len(set(links)) == len(links)
    assert all(link.startswith("https://") for link in links)


@pytest.mark.parametrize("wing", ["scratch", "torch_ref"])
def test_every_link_is_on_the_page(wing):
    """Each link in a topic's code is on the page, with the topic's name."""
    for topic in CONTENTS:
        path = ROOT / f"{wing}/{topic}.py"
        source = path.read_text() if path.exists() else ""
        for link in re.findall(r"https?://[^\s,]+", source):
            used = [where for _, _, known, where in ENTRIES
                    if known == link]
            assert used and f"`{topic}`" in used[0], (topic, link)


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry[0])
def test_every_entry_is_cited(entry):
    """Each topic that an entry names cites its first author and year."""
    authors, year, _, where = entry
    first = re.split(r"[, ]", authors)[0]
    topics = re.findall(r"`(\w+)`", where)
    assert topics and set(topics) <= set(CONTENTS)
    for topic in topics:
        assert re.search(rf"{first}\b([^.]|et al\.){{0,80}}{year}",
                         texts(topic)), (topic, first)


@pytest.mark.parametrize("topic", CONTENTS)
def test_every_citation_is_on_the_page(topic):
    """Each name with a year, in code or lecture, has an entry."""
    known = {(re.split(r"[, ]", authors)[0], year)
             for authors, year, _, _ in ENTRIES}
    for name, year in CITATION.findall(texts(topic)):
        if (name, year) not in known:
            # "(LeCun, Bottou, 1998)" may be matched at its second name.
            assert any(year == other and re.search(
                rf"{first}[^.]{{0,80}}{name}", texts(topic), re.S)
                for first, other in known), (topic, name, year)


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry[0])
def test_a_name_in_the_code_has_its_link(entry):
    """If a docstring names a source, the file contains its link."""
    authors, year, link, _ = entry
    first = re.split(r"[, ]", authors)[0]
    for wing in "scratch", "torch_ref":
        for path in (ROOT / wing).glob("*.py"):
            source = path.read_text()
            if re.search(rf"{first}\b([^.]|et al\.){{0,80}}{year}", source):
                assert link in source, (path, first)
