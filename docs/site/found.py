"""`gaps` and `bug`: what the proof finds while the pages are built.

    ```{gaps}
    ```

A table: how far apart the sides of each mirror of the page ever were.

    ```{bug} adam-no-t
    :lesson: optimizers
    :run: Adam
    :epochs: 3
    ```

A bug of the museum: the line, the smallest counterexample, what the
learner would see.

Before the pages are read, `tests.evidence` looks for all of that in
processes of its own. What it found is kept in _build until a source
changes, so that another language need not look again.
"""

import hashlib
import html
import json
import re
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import torch
from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.errors import ExtensionError
from sphinx.util.docutils import SphinxDirective

from docs.site.experiment import Experiment, as_html
from docs.site.mirror import proof_source
from docs.site.panes import difference, plain
from docs.site.words import _
from scratch.front_door import LESSONS
from scratch.front_door.read import ROOT
from tests.bugs import BUGS

# What `look` has found, for the pages of this build.
FOUND: dict[str, dict] = {"gaps": {}, "bugs": {}}
# The blocks of a page, as far as they have to be known beforehand.
BLOCK = re.compile(r"^`{3,}\{(mirror|bug)\} (\S+)\n((?::.*\n)*)", re.M)


def requests(folder: Path) -> dict[str, list]:
    """What all the pages ask for: tests to gauge, bugs to plant."""
    gaps, bugs = set(), set()
    for page in sorted(folder.glob("*.md")):
        for kind, name, lines in BLOCK.findall(page.read_text()):
            options = dict(re.findall(r":(\w+): *(.*)", lines))
            if kind == "bug" and name in BUGS:
                bugs.add(bug_key(name, options))
            for test in tests(page.stem, options.get("proof", "")):
                # One that is not there stops the build at its line.
                with suppress(LookupError, OSError):
                    proof_source(page.stem, test)
                    gaps.add(test)
    return {"gaps": sorted(gaps), "bugs": [
        json.loads(key) for key in sorted(bugs)]}


def tests(topic: str, proofs: str) -> list[str]:
    """The tests of a mirror, as pytest names them."""
    return [proof if "::" in proof else f"test_{topic}.py::{proof}"
            for proof in proofs.split()]


def bug_key(name: str, options: dict) -> str:
    """What `tests.evidence` is asked, as a string."""
    epochs = options.get("epochs")
    return json.dumps([name, options.get("lesson", ""),
                       options.get("run", ""),
                       int(epochs) if epochs else None])


def look(app) -> None:
    """Find it all, or remember it."""
    FOUND.update(gaps={}, bugs={})
    if not sought(app):
        return
    wanted = requests(Path(app.srcdir))
    key = _fingerprint(wanted)
    memory = Path(app.srcdir, "_build/.found.json")
    if memory.exists():
        kept = json.loads(memory.read_text())
        if kept["key"] == key:
            FOUND.update(kept["found"])
            return
    with ThreadPoolExecutor() as pool:
        running = {kind: pool.submit(
            subprocess.run, [sys.executable, "-m", "tests.evidence", kind],
            cwd=ROOT, input=json.dumps(rows), stdout=subprocess.PIPE,
            text=True) for kind, rows in wanted.items()}
    for kind, process in running.items():
        if process.result().returncode != 0:
            raise ExtensionError(f"tests.evidence {kind} failed, see above")
        FOUND[kind] = {
            row if kind == "gaps" else json.dumps(row): found
            for row, found in zip(wanted[kind],
                                  json.loads(process.result().stdout))}
    memory.parent.mkdir(exist_ok=True)
    memory.write_text(json.dumps({"key": key, "found": FOUND}))


def sought(app) -> bool:
    """Whether the pages will show what the proof finds."""
    return app.builder.format == "html" and app.config.lecture_evidence


def _fingerprint(wanted: dict[str, list]) -> str:
    digest = hashlib.sha256(json.dumps(wanted).encode())
    digest.update(f"{torch.__version__} {sys.version}".encode())
    for wing in "scratch", "torch_ref", "tests":
        for path in sorted((ROOT / wing).rglob("*.py")):
            if path.parent.name != "exercises":
                digest.update(path.read_bytes())
    return digest.hexdigest()


class Gaps(SphinxDirective):
    """The table of all mirrors above it."""

    def run(self):
        found = FOUND["gaps"]
        rows = []
        for name, proofs in self.env.metadata[self.env.docname].get(
                "mirrors", []):
            if found:
                best = max((found[test] for test in tests(
                    self.env.docname, " ".join(proofs))),
                    key=lambda one: one["gap"])
                rows.append(_gap_row(name.split(".", 1)[1], best))
        head = "".join(f'<th scope="col">{title}</th>' for title in (
            _("name"), _("largest gap, eps of its scale"), _("by hand"),
            _("by torch"), _("the input that gave it, of all examples")))
        return [nodes.raw("", f'<div class="table-wrapper gaps" '
                          f'tabindex="0"><table class="docutils"><thead>'
                          f'<tr>{head}</tr></thead><tbody>{"".join(rows)}'
                          "</tbody></table></div>", format="html")]


def _gap_row(name: str, found: dict) -> str:
    number = _("examples: {n}").format(n=found["examples"])
    if found["gap"] == 0:
        gap = _("0, to the last bit") if found["compared"] else _(
            "not a number: the test asks for more")
        cells = ["", "", number]
    else:
        gap = f"{found['gap']:.2g}"
        cells = [*(f"<code>{value!r}</code>" for value in found["entry"]),
                 f"<details><summary>{number}</summary>"
                 f"{plain(found['input'])}</details>"]
    return (f'<tr><th scope="row"><code>{html.escape(name)}</code></th>'
            f"<td>{gap}</td>" + "".join(
                f"<td>{cell}</td>" for cell in cells) + "</tr>")


class BugBox(SphinxDirective):
    """One bug of the museum."""

    required_arguments = 1
    has_content = True
    option_spec = {"lesson": directives.unchanged,
                   "run": directives.unchanged,
                   "epochs": directives.positive_int}

    def run(self):
        name = self.arguments[0]
        if name not in BUGS:
            raise self.error(f"bug: no bug {name!r} in tests/bugs.py")
        words = nodes.container(classes=["words"])
        self.state.nested_parse(self.content, self.content_offset, words)
        if not sought(self.env.app):
            return [words]
        found = FOUND["bugs"].get(
            bug_key(name, self.options))
        if found is None:
            raise self.error(f"bug {name}: its block wants the form "
                             "```{bug} NAME, then options, one a line")
        seen = (f' {_("Seen in")} {html.escape(found["seen"])}.'
                if found["seen"] else "")
        top = (f'<details class="bug" name="{self.env.docname}">'
               f"<summary><code>{name}</code>: "
               f"{html.escape(found['thought'])}</summary>"
               f'<p class="place"><code>{found["path"]}</code>, '
               f"<code>{found['where']}</code>.{seen}</p>"
               + difference(found["diff"]))
        bottom = (f"<p>{_('Caught by')} <code>"
                  f"{html.escape(found['test'])}</code>. "
                  f"{_('The smallest counterexample:')}</p>"
                  + plain(_cut(found["example"])))
        if found.get("stopped"):
            bottom += (f"<p>{_('The training ends:')} <code>"
                       f"{html.escape(found['stopped'])}</code></p>")
        if found.get("with"):
            lesson = self.options["lesson"]
            command = (f" <code>python -m scratch {lesson}</code>"
                       if lesson in LESSONS else "")
            bottom += (f"<p>{_('What the learner sees:')}{command}</p>"
                       + as_html(curves(found), _("step"), _(
                           "The loss with the bug and without it.")))
        return [nodes.raw("", top, format="html"), words,
                nodes.raw("", f"{bottom}</details>", format="html")]


def _cut(text: str) -> str:
    """Of a long counterexample as much as can be read."""
    # Addresses and temporary files are others in every build.
    text = re.sub(r" at 0x[0-9a-f]+", "", text)
    text = re.sub(r"(<module '[\w.]+') \([^)]*\)", r"\1", text)
    text = re.sub(rf"{tempfile.gettempdir()}/[\w-]+/", "", text)
    lines = [line if len(line) <= 160 else f"{line[:160]} \u2026"
             for line in text.split("\n")]
    return "\n".join(lines if len(lines) <= 40
                     else [*lines[:40], "\u2026"])


def curves(found: dict) -> Experiment:
    """The losses with the bug and without, and the gap, by steps."""
    right, wrong = found["without"], found["with"]
    steps = max(len(right), len(wrong))
    every = max(1, steps // 100)
    finite = [loss for loss in right if loss is not None]
    top = 1.3 * max(finite[:1] + finite[len(finite) // 10:])

    def path(losses):
        return [(float(i + 1), loss if loss is not None else 1e30)
                for i, loss in enumerate(losses)][::every]

    captions = []
    for i in range(0, steps, every):
        captions.append(_("step {n}: loss {wrong} with the bug, {right} "
                          "without, gap {gap}").format(
            n=i + 1, wrong=_spelt(wrong, i), right=_spelt(right, i),
            # Where one of them has ended there is none.
            gap=_spelt(found["gaps"][:min(len(right), len(wrong))], i)))
    return Experiment(
        _("step"), _("loss"), (1.0, float(steps)), (0.0, top), captions,
        paths={_("with the bug"): path(wrong),
               _("without"): path(right)}, start=len(captions) - 1)


def _spelt(values: list, i: int) -> str:
    """A number; a dash where the training is over."""
    if i >= len(values):
        return "\u2013"
    return "NaN" if values[i] is None else f"{values[i]:.3g}"


def setup(app):
    """Called by Sphinx."""
    # -D lecture_evidence=0 for a quick look at the words
    app.add_config_value("lecture_evidence", True, "html", [bool])
    app.add_directive("gaps", Gaps)
    app.add_directive("bug", BugBox)
    app.connect("builder-inited", look)
    return {"parallel_read_safe": False, "parallel_write_safe": True}
