"""The words in a picture, in the reader's language."""

from functools import cache

from matplotlib.figure import FigureBase
from matplotlib.font_manager import (findSystemFonts, fontManager,
                                     get_font_names)
from matplotlib.text import Text

from scratch.front_door.language import told

# The first that is there draws Chinese words. Of Noto's collections an
# older matplotlib sees the first face alone, the Japanese one.
CHINESE = ("Noto Sans SC", "Noto Sans CJK SC", "Source Han Sans SC",
           "Microsoft YaHei", "PingFang SC", "Hiragino Sans GB",
           "SimHei", "WenQuanYi Micro Hei", "Noto Sans CJK JP")


@cache
def chinese_font() -> str | None:
    """The name of a font with Chinese letters; None if there is none.
    """
    if not set(CHINESE).intersection(get_font_names()):
        # matplotlib keeps a list of the fonts of the day it first ran.
        listed = {font.fname for font in fontManager.ttflist}
        for path in set(findSystemFonts()) - listed:
            try:
                fontManager.addfont(path)
            # It can't read every font, and says so in several ways.
            except Exception:
                continue
    known = get_font_names()
    return next((font for font in CHINESE if font in known), None)


def drawn(text: str) -> str:
    """The text in the language of this process.

    It stays English if the computer has no font for it.
    """
    words = told(text)
    return words if words != text and chinese_font() else text


def translate(picture: FigureBase) -> None:
    """Say all that is written in a picture in that language."""
    for text in picture.findobj(Text):
        words = drawn(text.get_text())
        if not words.isascii():
            text.set_text(words)
            text.set_fontfamily(["DejaVu Sans", chinese_font()])
