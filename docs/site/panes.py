"""Pieces of source as HTML, for mirrors and bugs."""

import html

from pygments.lexers import PythonLexer
from pygments.token import STANDARD_TYPES, Name, String

from scratch.front_door.source import Excerpt


def code(text: str, symbols: dict[str, str]) -> str:
    """Highlighted source; the names of a symbol get `data-sym`.

    symbols: name -> symbol.
    """
    parts = []
    for kind, value in PythonLexer(
            stripnl=False, ensurenl=False).get_tokens(text):
        name = STANDARD_TYPES.get(kind, "")
        symbol = None
        if kind in Name or kind in String:
            symbol = symbols.get(value.strip("\"'"))
        attributes = f' class="{name}"' if name else ""
        if symbol:
            attributes += f' data-sym="{html.escape(symbol)}"'
        shown = html.escape(value, quote=False)
        parts.append(f"<span{attributes}>{shown}</span>"
                     if attributes else shown)
    # Focusable, so that the keyboard can scroll it.
    return ('<div class="highlight notranslate"><pre tabindex="0">'
            f'{"".join(parts)}</pre></div>')


def pane(side: Excerpt, title: str, kind: str,
         symbols: dict[str, str]) -> str:
    """The source of one side, below its file and line."""
    return (f'<div class="pane {kind}"><p class="place"><strong>{title}'
            f"</strong> <code>{side.place}</code></p>"
            f"{code(side.text, symbols)}</div>")


def difference(text: str) -> str:
    """A diff in two colours, from `tests.museum.plant.diff`."""
    lines = []
    for line in text.split("\n"):
        kind = {"-": "gd", "+": "gi"}.get(line[:1])
        shown = html.escape(line, quote=False)
        lines.append(f'<span class="{kind}">{shown}</span>' if kind
                     else shown)
    return ('<div class="highlight notranslate difference">'
            '<pre tabindex="0">' + "\n".join(lines) + "\n</pre></div>")


def plain(text: str) -> str:
    """Text without highlighting."""
    return ('<div class="highlight notranslate wrapped"><pre tabindex="0">'
            f"{html.escape(text, quote=False)}\n</pre></div>")
