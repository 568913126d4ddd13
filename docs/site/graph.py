"""Draw a computation for the directive `experiment`: a graph.

    ```{experiment} autograd.walk
    What to look for.
    ```

`walk()` of docs/autograd.py returns a `Graph` instead of an
`Experiment`. It is drawn here, during the build, as SVG. Each part that
comes and goes says at which positions of the slider it is there, and
experiment.js hides it at all others.
"""

import html
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from docs.site.words import _

# A box, the way from one row to the next, and the middle of each column.
WIDTH, HEIGHT, PITCH = 170, 44, 70
COLUMNS = 172, 372
EDGE = 465


@dataclass
class Graph:
    """A computation from the top down, and what flows back up."""

    # the formula of each value, in the order in which they are made
    formulas: list[str]
    # (input, result): numbers of values
    edges: list[tuple[int, int]]
    # the sentence below, for each position
    captions: list[str]
    # for each position: what stands in each box, and beside each edge
    inside: list[list[str]]
    beside: list[list[str]]
    # for each position: the box that is lit, if any
    lit: list[int | None]
    start: int = 0

    def rows(self) -> list[int]:
        """The row of each value: below its inputs, a leaf at its use."""
        rows = [0] * len(self.formulas)
        for i, result in sorted(self.edges, key=lambda edge: edge[1]):
            rows[result] = max(rows[result], rows[i] + 1)
        for i in set(range(len(rows))) - {edge[1] for edge in self.edges}:
            rows[i] = min(rows[result] for leaf, result in self.edges
                          if leaf == i) - 1
        return rows

    def places(self) -> list[tuple[int, int]]:
        """The middle of each box; a leaf stands right of a result."""
        results, rows = {edge[1] for edge in self.edges}, self.rows()
        places = []
        for i, row in enumerate(rows):
            others = [j for j, other in enumerate(rows)
                      if other == row and j != i]
            if len(others) >= len(COLUMNS):
                raise ValueError(f"at most {len(COLUMNS)} values in a row, "
                                 f"got {len(others) + 1}")
            right = others and (i not in results, i) > (
                others[0] not in results, others[0])
            places.append((COLUMNS[bool(right)],
                           row * PITCH + HEIGHT // 2 + 4))
        return places


def as_html(graph: Graph, label: str) -> str:
    """The drawing, its slider, and the sentence below."""
    data = json.dumps({"captions": graph.captions}, ensure_ascii=False,
                      separators=(",", ":")).replace("</", "<\\/")
    return (f'<div class="experiment graph"><script type="application/json">'
            f'{data}</script>{as_svg(graph)}'
            f'<label><span>{html.escape(label)}</span><input type="range" '
            f'min="0" max="{len(graph.captions) - 1}" '
            f'value="{graph.start}"></label>'
            '<output aria-live="off"></output></div>')


def as_svg(graph: Graph) -> str:
    """The drawing alone."""
    name = html.escape(_("Graph of a computation, described by the "
                         "sentence below"))
    height = max(graph.rows()) * PITCH + HEIGHT + 8
    return (f'<svg role="img" aria-label="{name}" '
            f'viewBox="0 0 {EDGE} {height}">{"".join(_parts(graph))}</svg>')


def _parts(graph: Graph) -> Iterator[str]:
    places = graph.places()
    for edge, texts in zip(graph.edges, zip(*graph.beside)):
        (x, y), (end_x, end_y) = (places[i] for i in edge)
        at, anchor = (x + 8, (y + end_y) / 2 + 5), "start"
        top, bottom = y + HEIGHT // 2, end_y - HEIGHT // 2
        end_x += WIDTH // 3 if x > end_x else 0
        line = f"M{x} {top}L{end_x} {bottom}"
        if x > end_x:
            at = (x + end_x) // 2 + 8, at[1] + 7
        elif bottom - top > PITCH:
            # Past the boxes in between, on their left.
            left, out = x - WIDTH // 2, x - WIDTH // 2 - 26
            line = (f"M{left} {y}C{out} {y} {out} {y} {out} {y + 40}"
                    f"V{end_y - 40}"
                    f"C{out} {end_y} {out} {end_y} {left} {end_y}")
            at, anchor = (out - 6, at[1]), "end"
        yield f'<path class="edge" d="{line}"/>'
        yield from _texts(texts, graph.start, *at, anchor, "share")
    for i, ((x, y), formula) in enumerate(zip(places, graph.formulas)):
        box = (f'x="{x - WIDTH // 2}" y="{y - HEIGHT // 2}" '
               f'width="{WIDTH}" height="{HEIGHT}" rx="6"')
        yield f'<rect class="box" {box}/>'
        for n, lit in enumerate(graph.lit):
            if lit == i:
                yield (f'<rect class="lit" {box} '
                       f'{_when(n, n + 1, graph.start)}/>')
        yield (f'<text x="{x}" y="{y - 4}" text-anchor="middle">'
               f"{html.escape(formula)}</text>")
        yield from _texts([row[i] for row in graph.inside], graph.start,
                          x, y + 14, "middle", "arrived")


def _texts(texts: Sequence[str], start: int, x: float, y: float,
           anchor: str, kind: str) -> Iterator[str]:
    """A text for each run of equal ones."""
    first = 0
    for n in range(1, len(texts) + 1):
        if n == len(texts) or texts[n] != texts[first]:
            if texts[first]:
                yield (f'<text class="{kind}" x="{x:g}" y="{y:g}" '
                       f'text-anchor="{anchor}" {_when(first, n, start)}>'
                       f"{html.escape(texts[first])}</text>")
            first = n


def _when(first: int, end: int, start: int) -> str:
    """There from the first position on, until before the end."""
    hidden = "" if first <= start < end else ' visibility="hidden"'
    return f'data-from="{first}" data-to="{end}"{hidden}'
