"""Pieces of source as HTML, for mirrors and bugs."""

import ast
import html
import re
import textwrap
from collections.abc import Collection, Iterable, Iterator, Sequence

from pygments.lexers import PythonLexer
from pygments.token import STANDARD_TYPES, Name, String

from docs.site.words import _
from scratch.front_door.source import Excerpt

# A line that computes: it returns, or changes a tensor in place.
COMPUTES = re.compile(r"return|[a-z]_\(")


def code(text: str, symbols: dict[str, str],
         away: Collection[int] | None = None,
         wrapper: bool = False) -> str:
    """Highlighted source; the names of a symbol get `data-sym`.

    Each line is a child of <pre>, `.line`, and ends with its newline.
    What is left out of a line is `.away`.

    symbols: name -> symbol. away: the lines, from 0, that are `.fold`,
    too; without it, those of `folds`. wrapper: see `folds`.
    """
    lines, arguments = [""], _arguments(text)
    column = 0
    for kind, value in PythonLexer(
            stripnl=False, ensurenl=False).get_tokens(text):
        name = STANDARD_TYPES.get(kind, "")
        symbol = None
        if kind in Name or kind in String:
            symbol = symbols.get(value.strip("\"'"))
        if (len(lines) - 1, column) in arguments:
            symbol = None
        # What torch tells its type checker, and the spaces before it.
        if away is not None and re.match("# (type|pyrefly):", value):
            name += " away"
            spaces = len(lines[-1]) - len(lines[-1].rstrip(" "))
            lines[-1] = lines[-1].rstrip(" ")
            value = " " * spaces + value
            column -= spaces
        attributes = f' class="{name}"' if name else ""
        if symbol:
            attributes += f' data-sym="{html.escape(symbol)}"'
        # No span goes over the end of a line.
        for i, part in enumerate(value.split("\n")):
            if i:
                lines[-1] += "\n"
                lines.append("")
                column = 0
            column += len(part)
            shown = html.escape(part, quote=False)
            lines[-1] += (f"<span{attributes}>{shown}</span>"
                          if attributes and part else shown)
    source = text.split("\n")
    if away is None:
        away = folds(text, lines, wrapper)
        first = [_indent(line) for line in source]
    else:
        first = indents(source, away)
    # Focusable, so that the keyboard can scroll it.
    return ('<div class="highlight notranslate"><pre tabindex="0">'
            f'{"".join(_lines(lines, away, first))}</pre></div>')


def _arguments(text: str) -> set[tuple[int, int]]:
    """Where a call names its arguments: alpha in f(alpha=lr) is no symbol.

    Line and column, from 0. None in what is not Python.
    """
    indent = _indent(text)
    source = textwrap.dedent(text)
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return set()
    lines = source.split("\n")
    return {(one.lineno - 1, indent + len(lines[one.lineno - 1].encode()[
                :one.col_offset].decode()))
            for one in ast.walk(tree)
            if isinstance(one, ast.keyword) and one.arg}


def _lines(lines: Sequence[str], away: Collection[int],
           indents: Sequence[int]) -> Iterator[str]:
    """Each line in `.line`; `.cut` where a fold begins.

    indents: how far each line is in, while the others are folded
    """
    for i, line in enumerate(lines):
        body = line.removesuffix("\n")
        end = line[len(body):]
        indent = _indent(body)
        if i not in away and i + 1 in away:
            body += '<span class="cut"></span>'
        if spaces := " " * (indent - indents[i]):
            body = f'<span class="away">{spaces}</span>{body[len(spaces):]}'
        style = (f' style="--indent:{indent}ch;--first:{indents[i]}ch"'
                 if indent else "")
        kind = "line fold" if i in away else "line"
        yield f'<span class="{kind}"{style}>{body}{end}</span>'


def indents(source: Sequence[str], away: Collection[int]) -> list[int]:
    """How far each line is in, if a folded header takes its indent along.

    Of code in which each level is four spaces.
    """
    found = []
    # The indents of the headers and brackets in view around a line.
    around: list[int] = []
    for i, line in enumerate(source):
        indent = _indent(line)
        if i in away:
            found.append(indent)
            continue
        around = [one for one in around if one < indent]
        found.append(min(indent, 4 * len(around)))
        if line.partition("  #")[0].endswith((":", "(", "[", "{")):
            around.append(indent)
    return found


def folds(text: str, lines: Sequence[str],
          wrapper: bool = False) -> set[int]:
    """The lines, from 0, that are folded at first.

    These are the docstrings; and attributes of a class and its
    constructor, if the other lines have every symbol that these have,
    and compute something. The constructor of a wrapper always is.
    """
    source = text.split("\n")

    def place(node: ast.stmt) -> set[int]:
        last = node.end_lineno or node.lineno
        while last < len(source) and not source[last].strip():
            last += 1
        return set(range(node.lineno - 1, last))

    functions = [node for node in ast.walk(ast.parse(textwrap.dedent(text)))
                 if isinstance(node, ast.ClassDef | ast.FunctionDef)]
    found: set[int] = set()
    for node in functions:
        if ast.get_docstring(node) is not None and len(node.body) > 1:
            found |= place(node.body[0])
    made = [one for node in functions if isinstance(node, ast.ClassDef)
            for one in node.body if isinstance(
                one, ast.Assign | ast.AnnAssign)
            or getattr(one, "name", "") == "__init__"]
    for one in made:
        others = {*range(len(lines))} - place(one) - found
        has_all = _letters(lines[i] for i in others) == _letters(lines)
        if (has_all and any(COMPUTES.search(source[i]) for i in others)
                or wrapper and isinstance(one, ast.FunctionDef)):
            found |= place(one)
    return found


def _indent(line: str) -> int:
    """How many spaces a line begins with."""
    return len(line) - len(line.lstrip(" "))


def _letters(lines: Iterable[str]) -> set[str]:
    return set(re.findall('data-sym="([^"]*)"', "".join(lines)))


def pane(side: Excerpt, title: str, kind: str, symbols: dict[str, str],
         away: Collection[int] | None = None, wrapper: bool = False,
         note: str = "") -> str:
    """The source of one side, below its file and line.

    away, wrapper: see `code`. note: HTML, what else to say of it.
    """
    shown = code(side.text, symbols, away, wrapper)
    button = ""
    if 'class="line fold"' in shown:
        words = _("all lines")
        # light.js shows it, and folds.
        button = ('<button type="button" class="unfold" hidden>'
                  f"{words}</button> ")
    return (f'<div class="pane {kind}"><p class="place">{button}'
            f"<strong>{title}</strong> <code>{side.place}</code>{note}</p>"
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
