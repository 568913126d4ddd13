"""Pieces of source as HTML, for mirrors and bugs."""

import ast
import html
import re
import textwrap
from collections.abc import Iterable, Sequence

from pygments.lexers import PythonLexer
from pygments.token import STANDARD_TYPES, Name, String

from docs.site.words import _
from scratch.front_door.source import Excerpt


def code(text: str, symbols: dict[str, str]) -> str:
    """Highlighted source; the names of a symbol get `data-sym`.

    symbols: name -> symbol. Lines that are not what the formula says,
    docstrings and constructors, are put into `.fold`.
    """
    lines = [""]
    for kind, value in PythonLexer(
            stripnl=False, ensurenl=False).get_tokens(text):
        name = STANDARD_TYPES.get(kind, "")
        symbol = None
        if kind in Name or kind in String:
            symbol = symbols.get(value.strip("\"'"))
        attributes = f' class="{name}"' if name else ""
        if symbol:
            attributes += f' data-sym="{html.escape(symbol)}"'
        # No span goes over the end of a line.
        for i, part in enumerate(value.split("\n")):
            if i:
                lines[-1] += "\n"
                lines.append("")
            shown = html.escape(part, quote=False)
            lines[-1] += (f"<span{attributes}>{shown}</span>"
                          if attributes and part else shown)
    for first, last in folds(text, lines):
        lines[first] = '<span class="fold">' + lines[first]
        lines[last] += "</span>"
    # Focusable, so that the keyboard can scroll it.
    return ('<div class="highlight notranslate"><pre tabindex="0">'
            f'{"".join(lines)}</pre></div>')


def folds(text: str, lines: Sequence[str]) -> list[tuple[int, int]]:
    """First and last line, from 0, of what is folded at first.

    These are the docstrings; and the constructor, if the other lines
    have every symbol that it has, and compute something.
    """
    source = text.split("\n")

    def place(node: ast.stmt) -> range:
        last = node.end_lineno or node.lineno
        while last < len(source) and not source[last].strip():
            last += 1
        return range(node.lineno - 1, last)

    functions = [node for node in ast.walk(ast.parse(textwrap.dedent(text)))
                 if isinstance(node, ast.ClassDef | ast.FunctionDef)]
    found = [place(node.body[0]) for node in functions
             if ast.get_docstring(node) is not None and len(node.body) > 1]
    for node in functions:
        if node.name != "__init__":
            continue
        maker = place(node)
        others = [i for i in range(len(lines))
                  if not any(i in one for one in [maker, *found])]
        has_all = _letters(lines[i] for i in others) == _letters(lines)
        if has_all and any("return" in source[i] or "sub_" in source[i]
                           for i in others):
            found = [maker, *(one for one in found if one[0] not in maker)]
    return sorted((one[0], one[-1]) for one in found)


def _letters(lines: Iterable[str]) -> set[str]:
    return set(re.findall('data-sym="([^"]*)"', "".join(lines)))


def pane(side: Excerpt, title: str, kind: str,
         symbols: dict[str, str]) -> str:
    """The source of one side, below its file and line."""
    shown = code(side.text, symbols)
    button = ""
    if 'class="fold"' in shown:
        words = _("all lines")
        # light.js shows it, and folds.
        button = (' <button type="button" class="unfold" hidden>'
                  f"{words}</button>")
    return (f'<div class="pane {kind}"><p class="place"><strong>{title}'
            f"</strong> <code>{side.place}</code>{button}</p>"
            f"{shown}</div>")


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
