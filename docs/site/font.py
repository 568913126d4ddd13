"""Add the font of the formulas, STIX Two Math (SIL Open Font License).

The package ziamath contains it; it takes 1 MB. The pages get only the
glyphs that formulas use, as a woff2 file.
"""

import logging
from pathlib import Path

import ziamath
from fontTools import subset
from fontTools.ttLib import TTFont

SOURCE = Path(ziamath.__file__).parent / "fonts/STIXTwoMath-Regular.ttf"
# Letters, Greek, accents, arrows, operators, brackets, italics.
UNICODES = [*range(0x20, 0x100), *range(0x2C6, 0x2DD),
            *range(0x300, 0x3D7), *range(0x2000, 0x2072),
            0x210E, 0x2113, 0x211D, *range(0x2190, 0x2300),
            *range(0x2308, 0x230C), 0x27E8, 0x27E9,
            *range(0x1D400, 0x1D468), *range(0x1D6E2, 0x1D71C)]


def write(app, error) -> None:
    """Write the smaller font after the pages."""
    if error is not None or app.builder.format != "html":
        return
    # It logs every table that it drops.
    logging.getLogger("fontTools").setLevel(logging.WARNING)
    font = TTFont(SOURCE)
    options = subset.Options(flavor="woff2", layout_features=["*"],
                             notdef_outline=True)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=UNICODES)
    subsetter.subset(font)
    font.flavor = "woff2"
    font.save(Path(app.outdir, "_static/stix-two-math.woff2"))


def setup(app):
    """Called by Sphinx."""
    app.connect("build-finished", write)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
