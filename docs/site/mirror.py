"""The directive `mirror` shows a name by hand and by torch, and its proof.

    ```{mirror} optim.Adam
    :proof: test_random_events
    :symbols: m = m exp_avg; η = lr

    $$ ... $$
    ```

All code is taken by name from its file, and torch's own code for the
same thing from the installed torch, see inside.py. A note names the bugs
of the museum that are planted in the code. The build stops if a
name or a test does not exist, if a symbol is not in the formula or not
in the code, or if a page has no mirror for a public name of its topic.
"""

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.util.docutils import SphinxDirective
from sphinx.util.logging import getLogger

from docs.site import inside, mathml, panes
from docs.site.words import _, in_a_row, labelled
from scratch.front_door.source import (HAND, ROOT, TORCH, both_sides, excerpt,
                                       public_names)
from tests.museum import BUGS
from tests.museum.plant import Bug

log = getLogger(__name__)

# The page that has a card for each bug, see cards.py.
MUSEUM = "bugs"
# How many bugs a note names; a link to the others follows.
SHOWN = 4


class Mirror(SphinxDirective):
    """The directive `mirror`."""

    required_arguments = 1
    has_content = True
    option_spec = {"proof": directives.unchanged,
                   # light.js lights the first symbol of the formula
                   "lit": directives.flag,
                   "symbols": directives.unchanged}

    def run(self):
        name = self.arguments[0]
        topic = name.split(".")[0]
        tests = self.options.get("proof", "").split()
        if not tests:
            raise self.error(
                f"mirror {name}: :proof: must name a test, "
                "got none")
        try:
            hand, torch = both_sides(name)
            proofs = [proof_source(topic, test) for test in tests]
        except (LookupError, OSError) as error:
            raise self.error(f"mirror {name}: {error}") from error
        for side in hand, torch, *proofs:
            self.env.note_dependency(str(ROOT / side.path))
        mirrors = self.env.metadata[self.env.docname].setdefault(
            "mirrors", [])
        above = {_function(test) for _name, known in mirrors
                 for test in known}
        mirrors.append((name, tests))
        letters = self._symbols()
        box = nodes.container(classes=["mirror"], ids=[name])
        if "lit" in self.options:
            box["classes"].append("lit")
        self.state.nested_parse(self.content, self.content_offset, box)
        if bugs := planted_in(name):
            self.env.note_dependency(str(ROOT / f"tests/museum/{topic}.py"))
            box += nodes.raw("", breaks(bugs), format="html")
        names = {n: letter for letter, ns in letters.items() for n in ns}
        inner = self._inside(name, names)
        row = (panes.pane(hand, _("by hand"), "hand", names)
               + '<div class="stack">'
               + panes.pane(torch, _("by torch"), "torch", names,
                            wrapper=bool(inner))
               + inner + "</div>")
        # print.css leaves out what stands above, for another name.
        kinds = ["proof again" if _function(test) in above else "proof"
                 for test in tests]
        proof = [panes.pane(side, _("the proof"), kind, names)
                 for side, kind in zip(proofs, kinds)]
        self._check_symbols(name, letters, box, row)
        title = labelled(_("The proof"), _(", ").join(
            side.place for side in proofs))
        box += nodes.raw("", f'<div class="row two">{row}</div>',
                         format="html")
        box += nodes.raw(
            "", f'<details class="proof"><summary>{title}'
            f'</summary>{"".join(proof)}</details>', format="html")
        return [box]

    def _inside(self, name: str, names: dict[str, str]) -> str:
        """Torch's own code, if there is any and this torch has it."""
        found, missing = inside.views(name)
        for one in missing:
            log.info("mirror %s: torch %s has no %s", name,
                     inside.version(), one)
        title = _("inside torch")
        return "".join(
            panes.pane(view.source, title, "inside", names,
                       inside.folded(view, names), note=inside.note(view))
            for view in found)

    def _symbols(self) -> dict[str, list[str]]:
        """The option :symbols:, as symbol -> names."""
        pairs = [pair.partition("=") for pair in
                 self.options.get("symbols", "").split(";") if pair.strip()]
        return {letter.strip(): names.split()
                for letter, _equals, names in pairs}

    def _check_symbols(self, name, letters, box, row) -> None:
        """Raise unless each symbol is in the formula and in the code.

        Any of the panes will do: torch's own code has no name for the
        η of a wrapper, a wrapper none for the m of Adam.
        """
        formulas = ""
        for kind, block in (nodes.math_block, True), (nodes.math, False):
            for node in box.findall(kind):
                node["symbols"] = tuple(letters)
                try:
                    formulas += mathml.converted(node, block)
                except ValueError as error:
                    raise self.error(f"mirror {name}: {error}") from error
        for letter in letters:
            for what, where in (formulas, "formula"), (row, "code"):
                if f'data-sym="{letter}"' not in what:
                    raise self.error(
                        f"mirror {name}: symbol {letter!r} must be "
                        f"in the {where}")


def planted_in(name: str) -> list[Bug]:
    """The museum's bugs in a function, or in a class and its methods."""
    return [bug for bug in BUGS.values()
            if f"{bug.where}.".startswith(f"{name}.")]


def breaks(bugs: list[Bug]) -> str:
    """A note with links to the bugs' cards in the museum, at most SHOWN."""
    links = [f'<a href="{MUSEUM}.html#{bug.name}">{bug.name}</a>'
             for bug in bugs[:SHOWN]]
    if len(bugs) > SHOWN:
        more = _("and {n} more").format(n=len(bugs) - SHOWN)
        links.append(f'<a href="{MUSEUM}.html#{bugs[0].topic}">{more}</a>')
    words = in_a_row([_("Where this breaks:"), _(", ").join(links)])
    return f'<div class="breaks">{words}</div>'


def proof_source(topic: str, proof: str):
    """Return the source of a test.

    proof: "test_x", of the topic's tests, or "test_file.py::test_x"
    """
    file, _colons, name = _function(proof).rpartition("::")
    return excerpt(f"tests/{file or f'test_{topic}.py'}", name)


def _function(proof: str) -> str:
    """A proof without the parameters of its test."""
    return proof.split("[")[0]


def check_all(app, env) -> None:
    """Warn of each public name of a topic that has no mirror."""
    for topic in sorted(env.found_docs):
        path = next((f"{wing}/{topic}.py" for wing in (HAND, TORCH)
                     if (ROOT / f"{wing}/{topic}.py").exists()), None)
        if path is None:
            continue
        shown = {name for name, _proofs
                 in env.metadata[topic].get("mirrors", [])}
        for name in public_names(path):
            if f"{topic}.{name}" not in shown:
                log.warning("no mirror for %s of %s", name, path,
                            location=(topic, 1))


def setup(app):
    """Called by Sphinx."""
    app.add_directive("mirror", Mirror)
    app.connect("env-check-consistency", check_all)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
