"""The directive `plot` draws what a lesson's code computes, as a picture.

    ```{plot} optim.picture
    Left, contours of a bowl. Right, the height by step.
    ```

`picture()` of docs/optim.py draws it by matplotlib, in the style of
picture.py. The content is the description for those who cannot see it.
The words in it are of the page's language, if there is a font for them.
"""

import os
from pathlib import Path

import matplotlib.pyplot as plt
from docutils import nodes
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from docs.site import words
from docs.site.experiment import companion
from docs.site.picture import look


class Plot(SphinxDirective):
    """The directive `plot`."""

    required_arguments = 1
    has_content = True

    def run(self):
        topic, name = self.arguments[0].split(".")
        self.env.note_dependency(f"{self.env.srcdir}/{topic}.py")
        text = " ".join(line.strip() for line in self.content)
        # A catalogue has the description, and needs no picture.
        if self.env.app.builder.name == "gettext":
            paragraph = nodes.paragraph(text, text)
            paragraph.line = self.lineno
            return [paragraph]
        path = Path(self.env.doctreedir, "plots", f"{topic}_{name}.svg")
        path.parent.mkdir(exist_ok=True)
        try:
            draw(topic, name, path, self.config.language)
        # Any error must name the page and the line.
        except Exception as error:
            raise self.error(
                f"plot {topic}.{name}: "
                f"{type(error).__name__}: {error}") from error
        page = Path(self.env.doc2path(self.env.docname)).parent
        image = nodes.image(uri=os.path.relpath(path, page), alt=text,
                            classes=["plot"])
        return [nodes.figure("", image)]


def draw(topic: str, name: str, path: Path, language: str = "en") -> None:
    """Write what a function of docs/TOPIC.py draws, as SVG.

    It speaks the language if it can; see look() of picture.py.
    """
    plt.close("all")
    spoken, style = look(language)
    words.use(spoken)
    with plt.rc_context(style):
        getattr(companion(topic), name)()
        plt.savefig(path)
    words.use(language)
    plt.close("all")


def report(app) -> None:
    """Say once if the pictures cannot speak the language of the build."""
    if look(app.config.language)[0] != app.config.language:
        logging.getLogger(__name__).info(
            "pictures in English: this computer has no font for %s",
            app.config.language)


def setup(app):
    """Called by Sphinx."""
    app.add_directive("plot", Plot)
    app.connect("builder-inited", report)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
