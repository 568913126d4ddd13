"""The directives `verdict` and `computed`.

    ```{verdict} my_adam.py
    import numpy as np
    ...
    ```

This shows the code and what the judge says of it during the build. The
argument is the name of the file.

    ```{computed} graders
    ```

This is what `graders()` of docs/TOPIC.py returns, as Markdown.
"""

import contextlib
import io
import tempfile
from pathlib import Path

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.util.docutils import SphinxDirective

from docs.site.experiment import companion
from docs.site.fault import fault
from docs.site.panes import code, plain
from scratch.front_door.source import ROOT
from tests.judge.__main__ import main


class Judged(SphinxDirective):
    """The directive `verdict`."""

    required_arguments = 1
    has_content = True

    def run(self):
        # The judge is a part of the page's sources.
        for path in sorted((ROOT / "tests/judge").rglob("*.py")):
            self.env.note_dependency(str(path))
        text = "\n".join(self.content) + "\n"
        if self.env.app.builder.name == "gettext":
            return []
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, self.arguments[0])
            path.write_text(text, encoding="utf-8")
            said, failed = io.StringIO(), io.StringIO()
            # In this process: another would import torch once more.
            with (contextlib.redirect_stdout(said),
                  contextlib.redirect_stderr(failed)):
                status = main([str(path)])
        if status not in (0, 1):
            raise fault(self, f"verdict: {failed.getvalue().strip()}")
        return [nodes.raw(
            "", f'<div class="verdict">{code(text.rstrip(), {})}'
            f"{plain(said.getvalue().rstrip())}</div>", format="html")]


class Computed(SphinxDirective):
    """The directive `computed`."""

    required_arguments = 1

    def run(self):
        name, docname = self.arguments[0], self.env.docname
        self.env.note_dependency(f"{self.env.srcdir}/{docname}.py")
        if self.env.app.builder.name == "gettext":
            return []
        try:
            text = getattr(companion(docname), name)()
        # Any error must name the page and the line.
        except Exception as error:
            raise fault(self, f"computed {name!r}: "
                        f"{type(error).__name__}: {error}") from error
        box = nodes.container(classes=["computed"])
        self.state.nested_parse(
            StringList(text.splitlines(), name), self.content_offset, box)
        return [box]


def setup(app):
    """Called by Sphinx."""
    app.add_directive("verdict", Judged)
    app.add_directive("computed", Computed)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
