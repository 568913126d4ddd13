"""The directive `session`: one lecture of 90 minutes, on docs/term.md.

    ```{session} optim
    :slides: optim#momentum-on-a-bowl, optim#the-first-steps-of-adam
    :play: Momentum overshoots = data=parabola&opt=SGD
    :plant: adam-no-t, momentum-damped
    :homework: optim-maximize, optim-clip-grad-norm
    What to ask, as Markdown.
    ```

The argument names the topics. Every name is checked, and the rest is
found by itself: addresses, commands, what people get wrong.
"""

import html
import re
from pathlib import Path

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.util.docutils import SphinxDirective

from docs.site import translate
from docs.site.mirror import MUSEUM
from docs.site.preface import minutes
from docs.site.words import _, thought
from scratch import CONTENTS
from tests.exercises import EXERCISES
from tests.museum import BUGS, ROOMS
from tests.museum.plant import Bug

# How many bugs are named as what people get wrong.
WRONG = 5
# How many bugs an exam of a topic has.
EXAM = 2


class Session(SphinxDirective):
    """The directive `session`."""

    required_arguments = 1
    final_argument_whitespace = True
    has_content = True
    option_spec = dict.fromkeys(
        ("slides", "play", "plant", "homework"), directives.unchanged)

    def run(self):
        topics = self.arguments[0].split()
        try:
            rows = self._rows(topics)
        except LookupError as error:
            raise self.error(f"session: {error.args[0]}") from error
        ask = nodes.container()
        self.state.nested_parse(self.content, self.content_offset, ask)
        rows.insert(2, (_("Ask"), ask.children))
        return [nodes.field_list("", *(nodes.field(
            "", nodes.field_name("", title), nodes.field_body("", *body))
            for title, body in rows if body), classes=["session"])]

    def _rows(self, topics: list[str]) -> list[tuple[str, list]]:
        """Title and content of each row, but for the questions."""
        pages = {}
        for topic in topics:
            _known("a topic", topic, CONTENTS)
            path = Path(self.env.srcdir, f"{topic}.md")
            self.env.note_dependency(str(path))
            pages[topic] = path.read_text()
        plant = [BUGS[_known("a bug", name, BUGS)]
                 for name in self._names("plant")]
        homework = [_known("an exercise", name, EXERCISES)
                    for name in self._names("homework")]
        return [(title, [nodes.raw("", text, format="html")] if text else [])
                for title, text in (
            (_("Read"), _each(
                reading(topic, page) for topic, page in pages.items())),
            (_("Show"), _each(
                slides(topic, page, self._names("slides"),
                       translate.known(topic) if self.env.config.language
                       == translate.LANGUAGE else {})
                for topic, page in pages.items())),
            (_("Find the bug"), _each(map(dojo, topics))),
            (_("Show a bug"), _each(map(planted, plant))),
            (_("Play"), _each(map(play, self._names("play", "\n")))),
            (_("Often wrong"), _each(map(in_public, often_wrong(topics)))),
            (_("Homework"), _each(map(task, homework))),
            (_("Exam"), _each(map(exam, topics))))]

    def _names(self, option: str, mark: str = ",") -> list[str]:
        return [name.strip() for name in
                self.options.get(option, "").split(mark) if name.strip()]


def _known(what: str, name: str, names) -> str:
    if name not in names:
        raise LookupError(f"{name!r} is not {what}")
    return name


def _each(lines) -> str:
    """A list with a line for each, or nothing."""
    found = "\n".join(f"<li>{line}</li>" for line in lines)
    return f"<ul>{found}</ul>" if found else ""


def reading(topic: str, page: str) -> str:
    """A link to a page, and how long it takes to read."""
    time = _("{n} minutes to read").format(n=minutes(page)[0])
    return f'<a href="{topic}.html"><code>{topic}</code></a>, {time}'


def slides(topic: str, page: str, wanted: list[str],
           translations: dict[str, str]) -> str:
    """The address of a deck, and of the slides not to leave out.

    Raises LookupError for a section that the page does not have.
    """
    sections = {nodes.make_id(title.replace("`", "")): title for title in
                re.findall(r"^## (.+)$", page, re.M)}
    links = []
    for address in wanted:
        where, _hash, section = address.partition("#")
        if where != topic:
            continue
        title = sections[_known(f"a section of {topic}", section, sections)]
        title = translations.get(title, title)
        title = re.sub("`(.+?)`", r"<code>\1</code>", html.escape(title))
        links.append(
            f'<a href="{topic}.html?deck#{section}">{title}</a>')
    deck = f'<a href="{topic}.html?deck"><code>{topic}.html?deck</code></a>'
    above = _("above all")
    return f"{deck}, {above} {', '.join(links)}" if links else deck


def planted(bug: Bug) -> str:
    """The command that plants a bug, and a link to its card."""
    return (f'<code>python -m tests.museum {bug.name}</code>: '
            f'<a href="{_card(bug)}">{html.escape(thought(bug))}</a>')


def dojo(topic: str) -> str:
    """The command that plants a bug without naming it."""
    return (f"<code>python -m tests.dojo start --topic {topic} --seed 1 "
            f"--folder dojo/{topic}</code>")


def exam(topic: str) -> str:
    """The command that writes an exam."""
    return (f"<code>python -m tests.dojo exam --topic {topic} --count {EXAM} "
            f"--seed N --folder exam/{topic}</code>")


def play(line: str) -> str:
    """A link to a state of the playground: WORDS = STATE."""
    words, _equals, state = line.partition(" = ")
    return (f'<a href="playground.html#{html.escape(state)}">'
            f"{html.escape(_(words))}</a>")


def often_wrong(topics: list[str]) -> list[Bug]:
    """Bugs of the topics that were seen in public code, a few of each."""
    seen = [[bug for bug in ROOMS.get(topic, []) if bug.seen]
            for topic in topics]
    return [bug for bugs in seen for bug in bugs[:WRONG // len(topics) + 1]
            ][:WRONG]


def in_public(bug: Bug) -> str:
    """What was thought, and where it was seen."""
    return (f'<a href="{_card(bug)}"><q>{html.escape(thought(bug))}</q></a> '
            f"{html.escape(_(bug.seen))}")


def task(name: str) -> str:
    """A link to an exercise, and the command that checks it."""
    exercise = EXERCISES[name]
    return (f'<a href="{exercise.topic}.html#{name}">{name}</a>: '
            f"<code>python -m pytest tests/{exercise.proof}</code>")


def _card(bug: Bug) -> str:
    return f"{MUSEUM}.html#{bug.name}"


def setup(app):
    """Called by Sphinx."""
    app.add_directive("session", Session)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
