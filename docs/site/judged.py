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

import subprocess
import sys
import tempfile
from pathlib import Path

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.util.docutils import SphinxDirective

from docs.site.experiment import companion
from docs.site.panes import code, plain
from scratch.front_door.source import ROOT


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
            # A fresh process: hypothesis draws other numbers where other
            # modules are imported, and the reader has none of them.
            done = subprocess.run(
                [sys.executable, "-m", "tests.judge", path,
                 "--language", self.config.language], cwd=ROOT,
                capture_output=True, text=True, encoding="utf-8")
        if done.returncode not in (0, 1):
            raise self.error(f"verdict: {done.stderr.strip()}")
        return [nodes.raw(
            "", f'<div class="verdict">{code(text.rstrip(), {})}'
            f"{plain(done.stdout.rstrip())}</div>", format="html")]


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
            raise self.error(
                f"computed {name!r}: "
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
