"""The words of the slides, which deck.js and compose.js show.

The slides themselves are composed in the browser, from the page.
"""

import json

from docs.site.words import _
from scratch import CONTENTS


def is_lecture(page: str) -> bool:
    """Whether a page can be shown as slides: those of the topics."""
    return page in CONTENTS


def words() -> str:
    """JSON for the page, in its language."""
    return json.dumps({
        "gap": _("largest gap between the two: {gap} eps"),
        "largest": _("Largest gap between the two sides, in eps:"),
        "bug": _("The bug"),
        "expect": _("What would you expect to see?"),
        "end": _("Behind this slide: the rest of the page."),
        "keys": {
            "ArrowRight": _("forward"),
            "ArrowLeft": _("back"),
            "Home": _("first slide"),
            "End": _("last slide"),
            "o": _("overview"),
            "s": _("speaker's window: notes, next slide, time"),
            "n": _("notes below the slide"),
            "c": _("clock"),
            "r": _("clock back to 0"),
            "?": _("these keys"),
            "Escape": _("back to the page"),
        }}, ensure_ascii=False).replace("</", "<\\/")
