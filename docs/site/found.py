"""The directives `gaps` and `bug` show what the tests have found.

    ```{gaps}
    ```

This is a table of the largest gap between the sides of each mirror.

    ```{bug} adam-no-t
    :lesson: optimizers
    :run: Adam
    :epochs: 3
    ```

This shows a bug of the museum: the changed lines, the smallest
example, and what the learner would see. The options follow the
name, one per line.
"""

import html
import re
import tempfile

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.util.docutils import SphinxDirective

from docs.site import evidence
from docs.site.experiment import Experiment, as_html
from docs.site.mirror import MUSEUM
from docs.site.panes import difference, plain
from docs.site.words import _, in_a_row, labelled, said, thought
from scratch.front_door.lessons import entries
from tests.judge.example import in_words
from tests.museum import BUGS
from tests.museum.curves import upper_end
from tests.museum.plant import Bug, diff


class Later(nodes.Element):
    """A node whose HTML is written once the results are there.

    `write` is a function of a module; it is called with `arguments`.
    """


def visit(translator, node: Later) -> None:
    """Write the HTML: the results are there, see evidence.complete."""
    translator.body.append(node["write"](*node["arguments"]))
    raise nodes.SkipNode


def skip(translator, node: Later) -> None:
    """Write nothing: a catalogue has no messages from here."""
    raise nodes.SkipNode


class Gaps(SphinxDirective):
    """The directive `gaps`: a table of the mirrors above it."""

    def run(self):
        if not evidence.sought(self.env.app):
            return []
        docname = self.env.docname
        # One row for all names with the same tests.
        names: dict[str, list[str]] = {}
        for name, proofs in self.env.metadata[docname].get("mirrors", []):
            names.setdefault(" ".join(proofs), []).append(
                name.split(".", 1)[1])
        return [Later(write=gap_rows, arguments=[docname, names])]


def gap_rows(topic: str, mirrors: dict[str, list[str]]) -> str:
    """The table: a row for each set of tests, with the names they prove."""
    head = "".join(f'<th scope="col">{title}</th>' for title in (
        _("name"), _("largest gap, in eps"), _("by hand"),
        _("by torch"), _("for the input")))
    rows = [_gap_row(names, max(
        (evidence.found("gaps", test)
         for test in evidence.tests(topic, proofs)),
        key=lambda one: (one["gap"], one["compared"])))
        for proofs, names in mirrors.items()]
    unit = _("The gap is the largest difference between the two sides that "
             "the tests found, relative to the largest value that entered "
             "the computation, in eps of its type (float32 or float64). "
             "Here torch may fuse a product and a sum into one rounding. "
             "Where it does not, more rows are 0.")
    return (f"<p>{unit}</p>"
            '<div class="table-wrapper gaps" tabindex="0"><table '
            f'class="docutils"><thead><tr>{head}</tr></thead><tbody>'
            f'{"".join(rows)}</tbody></table></div>')


def _gap_row(names: list[str], found: dict) -> str:
    number = _("one example")
    if found["examples"] > 1:
        number = _("largest of {n} examples").format(n=found["examples"])
    if found["gap"] == 0:
        gap = "0" if found["compared"] else _(
            "none: the test compares something else")
        cells = ["", "", number]
    else:
        gap = f"{found['gap']:.2g}"
        cells = [*(f"<code>{value!r}</code>" for value in found["entry"]),
                 f"<details><summary>{number}</summary>"
                 f"{plain(found['input'])}</details>"]
    held = ", ".join(f"<code>{html.escape(name)}</code>" for name in names)
    return (f'<tr><th scope="row">{held}</th><td>{gap}</td>' + "".join(
                f"<td>{cell}</td>" for cell in cells) + "</tr>")


class BugBox(SphinxDirective):
    """The directive `bug`: one bug of the museum."""

    required_arguments = 1
    has_content = True
    option_spec = {"lesson": directives.unchanged,
                   "run": directives.unchanged,
                   "epochs": directives.positive_int}

    def run(self):
        name = self.arguments[0]
        if name not in BUGS:
            raise self.error(
                f"bug: the name must be one of tests/museum, "
                f"got {name!r}")
        self._check_lesson()
        words = nodes.container(classes=["words"])
        self.state.nested_parse(self.content, self.content_offset, words)
        return [nodes.raw("", top(BUGS[name], self.env.docname),
                          format="html"), words,
                nodes.raw("", caught(BUGS[name]), format="html"),
                *self._story(name), nodes.raw("", "</details>",
                                              format="html")]

    def _story(self, name: str) -> list[nodes.Element]:
        """What the learner sees, if the bug has a lesson."""
        lesson = self.options.get("lesson", "")
        if not lesson or not evidence.sought(self.env.app):
            return []
        key = evidence.bug_key(name, self.options)
        if key not in evidence.WANTED["bugs"]:
            raise self.error(
                f"bug {name}: the options must follow the name, one per "
                "line")
        return [Later(write=bug_story, arguments=[key, lesson])]

    def _check_lesson(self) -> None:
        """Raise unless :lesson: has a run :run:."""
        lesson, run = (self.options.get(option, "")
                       for option in ("lesson", "run"))
        runs = {"": ("",), "checkpoint": ("",), **{
            name: entry.load().labels
            for name, entry in entries().items()}}
        if lesson not in runs or run not in runs[lesson]:
            raise self.error(
                f"bug: lesson and run must be one of {runs}, got "
                f"{lesson!r} and {run!r}")


def top(bug: Bug, page: str) -> str:
    """The head of a box, where the bug was planted, what it changes."""
    where = _("{place}.").format(place=_(", ").join(
        f"<code>{one}</code>"
        for one in (f"scratch/{bug.topic}.py", bug.where)))
    seen = [_("Seen in {place}.").format(place=html.escape(_(bug.seen)))
            ] if bug.seen else []
    card = (f'<a href="{MUSEUM}.html#{bug.name}">'
            f'{_("Its card in the museum")}</a>')
    title = labelled(f"<code>{bug.name}</code>", html.escape(thought(bug)))
    return (f'<details class="bug" id="bug-{bug.name}" name="{page}">'
            f'<summary>{title}</summary><p class="place">'
            f"{in_a_row([where, *seen, card])}</p>" + difference(diff(bug)))


def caught(bug: Bug) -> str:
    """The test that catches it, and an example."""
    says = _("Caught by {test}. The smallest example:").format(
        test=f"<code>{html.escape(bug.proof)}</code>")
    return f"<p>{says}</p>{plain(said(in_words(bug.name, bug.where)))}"


def bug_story(key: str, lesson: str) -> str:
    """What the learner would see in a lesson."""
    found, story = evidence.found("bugs", key), ""
    if found["stopped"]:
        ends = _("Training stops:")
        story += (f"<p>{ends} <code>{html.escape(cut(found['stopped']))}"
                  "</code></p>")
    if found["with"]:
        sees = _("What the learner sees:")
        command = (f"<code>python -m scratch {lesson}</code>"
                   if lesson in entries() else "")
        story += (f"<p>{in_a_row([sees, command])}</p>"
                  + as_html(curves(found), _("step")))
    return story


def cut(text: str) -> str:
    """At most 40 lines of an error, of at most 160 characters."""
    # Addresses and temporary files differ from build to build.
    text = re.sub(r" at 0x[0-9a-f]+", "", text)
    text = re.sub(r"(<module '[\w.]+') \([^)]*\)", r"\1", text)
    text = re.sub(rf"{tempfile.gettempdir()}/[\w-]+/", "", text)
    lines = [line if len(line) <= 160 else f"{line[:160]} \u2026"
             for line in text.split("\n")]
    return "\n".join(lines if len(lines) <= 40
                     else [*lines[:40], "\u2026"])


def curves(found: dict) -> Experiment:
    """The losses with the bug and without, and their gap, step by step."""
    right, wrong = found["without"], found["with"]
    steps, both = max(len(right), len(wrong)), min(len(right), len(wrong))
    # At most 100 steps, the last one included.
    shown = sorted({*range(0, steps, -(-steps // 99)), steps - 1})
    high = upper_end([loss for loss in right if loss is not None])

    def path(losses):
        return [(float(i + 1), losses[i] if losses[i] is not None else 1e30)
                for i in shown if i < len(losses)]

    captions = []
    for i in shown:
        captions.append(_("step {n}: loss {wrong} with the bug, {right} "
                          "without, gap {gap}").format(
            n=i + 1, wrong=_spelt(wrong, i), right=_spelt(right, i),
            # There is no gap after one of them has ended.
            gap=_spelt(found["gaps"][:both], i)))
    return Experiment(
        _("step"), _("loss"), (1.0, float(steps)), (0.0, high), captions,
        paths={_("with the bug"): path(wrong),
               _("without"): path(right)},
        # at the last step that both have
        start=len([i for i in shown if i < both]) - 1)


def _spelt(values: list, i: int) -> str:
    """Entry i as text; a dash if training has ended before it."""
    if i >= len(values):
        return "\u2013"
    return _("not finite") if values[i] is None else f"{values[i]:.4g}"


def setup(app):
    """Called by Sphinx."""
    app.add_node(Later, html=(visit, None), gettext=(skip, None))
    app.add_directive("gaps", Gaps)
    app.add_directive("bug", BugBox)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
