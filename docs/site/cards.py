"""The museum's page: a card for each bug, by topic, with a search.

docs/bugs.md is a table, and stays one for those who read the file. Here
its rows become cards. What the table measured is taken from it, how
many examples catch a bug; the rest from tests/museum. museum.js
searches, museum.css lays out.
"""

import html
import re
import statistics
from pathlib import Path

from docutils import nodes
from sphinx import addnodes
from sphinx.transforms import SphinxTransform

from docs.site import evidence
from docs.site.found import Later
from docs.site.mirror import MUSEUM
from docs.site.panes import difference
from docs.site.sketch import sketch
from docs.site.translate import owner
from docs.site.words import _, in_a_row, said, thought
from scratch.front_door.source import ROOT
from tests.judge.example import convention, family, in_words
from tests.museum import BUGS, ROOMS
from tests.museum.plant import Bug, diff

# How many paragraphs of the page stand above the cards.
INTRODUCTION = 2
REPOSITORY = re.compile(r"([\w.-]+/[\w.-]*\w)|#(\d+)")


class Cards(SphinxTransform):
    """Put cards in the place of the table."""

    # before the titles are collected
    default_priority = 400

    def apply(self, **options):
        """Change the page of the museum, and no other."""
        if self.env.docname != MUSEUM:
            return
        table = next(self.document.findall(nodes.table), None)
        # Its cells are no messages: the thoughts have a catalogue.
        if table and self.app.builder.name == "gettext":
            table.parent.remove(table)
        if table is None or self.app.builder.format != "html":
            return
        for room in "museum", "judge":
            for path in (ROOT / "tests" / room).glob("*.py"):
                self.env.note_dependency(str(path))
        for path in Path(self.env.srcdir).glob("*.md"):
            self.env.note_dependency(str(path))
        page, examples = table.parent, measured(table)
        places = Places(Path(self.env.srcdir))
        story = [node for node in page.children
                 if isinstance(node, nodes.paragraph)][INTRODUCTION:]
        for node in [table, *story]:
            page.remove(node)
        about = _("What the numbers mean, and what the museum leaves out")
        page += [nodes.raw("", figures(examples) + search(), format="html"),
                 nodes.raw("", f'<details class="about"><summary>{about}'
                           "</summary>", format="html"),
                 *story, nodes.raw("", "</details>", format="html")]
        for topic, bugs in ROOMS.items():
            section = nodes.section(ids=[topic], classes=["room"])
            section += nodes.title("", "", nodes.literal(topic, topic))
            section += lecture(topic, len(bugs), self.env.docname)
            section += nodes.raw("", '<div class="exhibits">', format="html")
            for bug in bugs:
                section += card(
                    bug, topic, examples[bug.name], places,
                    evidence.sought(self.app))
            section += nodes.raw("", "</div>", format="html")
            page += section


class Places:
    """Where the lectures show a name and a bug."""

    def __init__(self, folder: Path):
        # "optim.Adam" -> page; name of a bug -> page
        self.mirrors: dict[str, str] = {}
        self.boxes: dict[str, str] = {}
        for page, kind, name, _options in evidence.blocks(folder):
            if kind == "mirror":
                self.mirrors[name] = page
            # The page of a topic before another.
            elif name in BUGS and (name not in self.boxes or page in ROOMS):
                self.boxes[name] = page

    def address(self, bug: Bug, topic: str) -> str:
        """Its mirror, or the page of its topic."""
        name = ".".join(bug.where.split(".")[:2])
        return (f"{self.mirrors[name]}.html#{name}" if name in self.mirrors
                else f"{topic}.html")


def measured(table: nodes.table) -> dict[str, str]:
    """The last cell of each row, by the bug in its first."""
    rows = [[cell.astext() for cell in row.findall(nodes.entry)]
            for row in table.findall(nodes.row)]
    return {row[0]: row[-1] for row in rows[1:]}


def lecture(topic: str, count: int, docname: str) -> nodes.paragraph:
    """How many bugs a topic has, and a link to its page."""
    title = addnodes.pending_xref(
        "", nodes.inline(topic, topic), refdomain="std", reftype="doc",
        reftarget=f"/{topic}", refexplicit=False, refwarn=True,
        refdoc=docname)
    number = nodes.inline("", _("{n} cards").format(n=count),
                          classes=["count"])
    return nodes.paragraph("", "", number, nodes.Text(" "), title,
                           classes=["lecture-of"])


def figures(examples: dict[str, str]) -> str:
    """The museum in numbers."""
    drawn = [int(n) for n in examples.values() if n.isdigit()]
    seen, conventions = (sum(map(bool, column)) for column in zip(*(
        (bug.seen, convention(bug.name)) for bug in BUGS.values())))
    rows = [(len(BUGS), _("bugs, planted one by one, and every one caught")),
            (seen, _("of them seen in public")),
            (conventions, _("are somebody's convention")),
            (len(ROOMS), _("topics")),
            (f"{statistics.median(drawn):.0f}",
             _("random examples until a test fails, in the median"))]
    return '<ul class="figures">' + "".join(
        f"<li><strong>{n}</strong> {words}</li>" for n, words in rows
    ) + "</ul>"


def search() -> str:
    """The field and the buttons; museum.js shows them, and filters."""
    rows = [[("nature", "bug", _("bug")),
             ("nature", "convention", _("convention")),
             ("seen", "seen", _("seen in public"))],
            [("topic", topic, topic) for topic in ROOMS]]
    # museum.js adds how many cards each button shows.
    chips = ["".join(
        f'<button type="button" aria-pressed="false" data-key="{key}" '
        f'data-value="{value}">{words}</button>'
        for key, value, words in row) for row in rows]
    label, kind, topic = _("Search the cards"), _("kind"), _("topic")
    found = _("{n} of {all} cards")
    return (
        '<form class="museum-search" role="search" hidden>'
        f'<p class="field"><label>{label} '
        '<input type="search" autocomplete="off" spellcheck="false">'
        f'</label> <output aria-live="polite" data-found="{found}">'
        "</output></p>"
        f'<p class="chips" role="group" aria-label="{kind}">{chips[0]}</p>'
        f'<p class="chips" role="group" aria-label="{topic}">{chips[1]}'
        "</p></form>")


def card(bug: Bug, topic: str, examples: str, places: Places,
         shown: bool) -> list[nodes.Node]:
    """One bug; `shown`: with what the tests find during the build."""
    words = said(in_words(bug.name, bug.where))
    page = places.boxes.get(bug.name, "")
    box = f"{page}.html#bug-{bug.name}" if page else ""
    return [
        nodes.raw("", front(bug) + '<div class="opened"><div class="what">'
                  + change(bug, places.address(bug, topic), words),
                  format="html"),
        *[Later(write=drawn, arguments=[bug.name])] * shown,
        nodes.raw("", '</div><div class="facts">'
                  + facts(bug, examples, box) + "</div></div></details>",
                  format="html")]


def front(bug: Bug) -> str:
    """What a closed card shows: the name, the thought, what it is."""
    whose = convention(bug.name)
    kinds = ["exhibit", *["convention"] * bool(whose),
             *["seen"] * bool(bug.seen)]
    nature = _("convention") if whose else _("bug")
    public = _("seen in public")
    tags = [f'<span class="nature">{nature}</span>',
            *[f'<span class="public">{public}</span>'] * bool(bug.seen)]
    return (f'<details class="{" ".join(kinds)}" id="{bug.name}">'
            f'<summary><code class="find">{bug.name}</code>'
            f'<q class="find">{html.escape(thought(bug))}</q>'
            f'<span class="tags">{"".join(tags)}</span></summary>')


def change(bug: Bug, address: str, words: str) -> str:
    """Where it was planted, the changed lines, an example in words."""
    where = bug.where.partition(".")[2]
    name = f" <code>{where}</code>" if where else ""
    shown = (f'<p class="place"><a href="{address}"><code>scratch/'
             f"{bug.topic}.py</code>{name}</a></p>{difference(diff(bug))}")
    return shown + _part(_("The smallest example, in words"),
                         html.escape(words))


def facts(bug: Bug, examples: str, box: str) -> str:
    """Whose it is, where it was seen, what catches it, its addresses."""
    whose, home = convention(bug.name), f"{MUSEUM}.html#{bug.name}"
    parts = [
        _part(_("Convention"), _owner(bug)) if whose else "",
        _part(_("Seen in"), linked(_(bug.seen)), "find") if bug.seen else "",
        _part(_("Caught by"), f"<code>tests/{html.escape(bug.proof)}"
              f"</code><br>{_counted(examples)}"),
        _part(_("Plant it"),
              f"<code>python -m tests.museum {bug.name}</code>"),
        _part(_("Its address"), f'<a href="#{bug.name}">{home}</a>'),
        _part(_("In a lecture"), f'<a href="{box}">{box}</a>', "see")
        if box else ""]
    return "".join(parts)


def _part(title: str, words: str, kind: str = "") -> str:
    return (f'<p class="part"><strong>{title}</strong> '
            f'<span class="{kind}">{words}</span></p>')


def _owner(bug: Bug) -> str:
    """Whose it is; for whom it is a bug."""
    parts = []
    if whose := owner(bug):
        shown = f'<span class="find">{html.escape(_(whose))}</span>'
        parts.append(_("{owner}.").format(owner=shown))
    parts.append(_("It is a bug for those who mean torch's formula."))
    if family(bug.name):
        parts.append(_("One of a family: the judge names any size."))
    return in_a_row(parts)


def _counted(examples: str) -> str:
    """A cell of the table, as a sentence."""
    if examples == "no draw":
        return _("A test with fixed input.")
    if examples == "pinned":
        return _("Random examples rarely find it; the test pins one.")
    return _("Random examples until one fails: {n}, the median of 11 "
             "runs.").format(n=examples)


def linked(seen: str) -> str:
    """Where it was seen, with links to repositories and threads."""
    repository = ""

    def link(match: re.Match) -> str:
        nonlocal repository
        repository = match[1] or repository
        if not repository:
            return match[0]
        thread = f"/issues/{match[2]}" if match[2] else ""
        return (f'<a href="https://github.com/{repository}{thread}">'
                f"{match[0]}</a>")

    return REPOSITORY.sub(link, html.escape(seen, quote=False))


def drawn(name: str) -> str:
    """The curve with the bug and without."""
    return sketch(evidence.found("curves", name))


def setup(app):
    """Called by Sphinx."""
    app.add_transform(Cards)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
