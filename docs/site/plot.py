"""The directive `plot` draws what a lesson's code computes, as a picture.

    ```{plot} optim.picture
    Left, contours of a bowl. Right, the height by step.
    ```

`picture()` of docs/optim.py draws it by matplotlib, in the style of
picture.py. The content is the description for those who cannot see it.
"""

import os
from pathlib import Path

import matplotlib.pyplot as plt
from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from docs.site.experiment import companion
from docs.site.picture import STYLE


class Plot(SphinxDirective):
    """The directive `plot`."""

    required_arguments = 1
    has_content = True

    def run(self):
        topic, name = self.arguments[0].split(".")
        self.env.note_dependency(f"{self.env.srcdir}/{topic}.py")
        words = " ".join(line.strip() for line in self.content)
        # A catalogue has the description, and needs no picture.
        if self.env.app.builder.name == "gettext":
            paragraph = nodes.paragraph(words, words)
            paragraph.line = self.lineno
            return [paragraph]
        path = Path(self.env.doctreedir, "plots", f"{topic}_{name}.svg")
        path.parent.mkdir(exist_ok=True)
        try:
            draw(topic, name, path)
        # Any error must name the page and the line.
        except Exception as error:
            raise self.error(
                f"plot {topic}.{name}: "
                f"{type(error).__name__}: {error}") from error
        page = Path(self.env.doc2path(self.env.docname)).parent
        image = nodes.image(uri=os.path.relpath(path, page), alt=words,
                            classes=["plot"])
        return [nodes.figure("", image)]


def draw(topic: str, name: str, path: Path) -> None:
    """Write what a function of docs/TOPIC.py draws, as SVG."""
    plt.close("all")
    with plt.rc_context(STYLE):
        getattr(companion(topic), name)()
        plt.savefig(path)
    plt.close("all")


def setup(app):
    """Called by Sphinx."""
    app.add_directive("plot", Plot)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
