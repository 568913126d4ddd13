"""The comments on commands, in the page's language.

In the blocks of shell commands; those in Python are code.
"""

import re
from pathlib import Path

from docutils import nodes
from sphinx.transforms import SphinxTransform

from docs.site.words import _

COMMENT = re.compile(r"(?m)(^|  +)# (.+)$")


class Comments(SphinxTransform):
    """Looks each comment up in words.po."""

    default_priority = 400

    def apply(self):
        for block in self.document.findall(nodes.literal_block):
            if block.get("language") == "sh":
                # Pygments colours what is as it was in the source.
                block.rawsource = COMMENT.sub(
                    lambda found: f"{found[1]}# {_(found[2])}",
                    block.astext())
                block[:] = [nodes.Text(block.rawsource)]


def comments(page: Path) -> list[str]:
    """Those of a page's source."""
    return [found[2] for block in re.findall(
        r"(?ms)^```sh\n(.*?)^```", page.read_text(encoding="utf-8"))
        for found in COMMENT.finditer(block)]


def setup(app):
    """Called by Sphinx."""
    app.add_transform(Comments)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
