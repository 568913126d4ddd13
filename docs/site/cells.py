"""What the cells of a notebook call; notebooks.py writes the cells.

Here is what the pages do with JavaScript: `both` shows the two sides of
a name, `draw` an experiment. `check` tells whether an exercise is
solved. A notebook needs no other package than the pages do.
"""

import ast
import html
import inspect
import linecache
import math
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from textwrap import dedent

import matplotlib.pyplot as plt
import torch
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from docs.site import words
from docs.site.experiment import Experiment
from docs.site.graph import Graph, as_svg
from docs.site.picture import GREY, HAND, look, named
from docs.site.words import _
from scratch.front_door.source import ROOT, Excerpt, both_sides, excerpt
from tests.exercises import EXERCISES
from tests.exercises.attempt import start

# One beside the other where there is room for 72 columns twice.
ROW = ("display: grid; gap: 1em; "
       "grid-template-columns: repeat(auto-fit, minmax(min(38em, 100%), 1fr))")
PANE = ("margin: 0; padding: 0.5em; overflow-x: auto; line-height: 1.35; "
        "font-family: monospace; font-size: 0.85em; color: #000; "
        "background: #fafafa; "
        "border: 1px solid #ccc")
# What blocks.css and lecture.css say of a graph.
GRAPH = f"""<style>
.by-hand-graph {{ background: #fff; color: #222; }}
.by-hand-graph svg {{ max-width: 465px; font: 15px sans-serif; }}
.by-hand-graph .box {{ fill: #f2f2f2; stroke: {GREY}; }}
.by-hand-graph .edge {{ fill: none; stroke: {GREY}; }}
.by-hand-graph .lit {{ fill: none; stroke: {HAND}; stroke-width: 3; }}
.by-hand-graph .arrived {{ fill: {HAND}; font: 600 14px sans-serif; }}
</style>"""


def begin(language: str = "en") -> None:
    """The settings of the pages: float64, one thread, their pictures.

    Without a Chinese font what the cells show is in English.
    """
    torch.set_default_dtype(torch.float64)
    torch.set_num_threads(1)
    spoken, style = look(language)
    plt.rcParams.update(style)
    words.use(spoken)


class Panes:
    """Sources for a notebook to show: HTML, and text where there is none.
    """

    def __init__(self, *panes: tuple[str, Excerpt]):
        self.panes = panes

    def __repr__(self) -> str:
        return "\n\n\n".join(f"{title}  {source.place}\n\n{source.text}"
                             for title, source in self.panes)

    def _repr_html_(self) -> str:
        style = HtmlFormatter(noclasses=True, nobackground=True,
                              style="a11y-high-contrast-light",
                              prestyles=PANE)
        panes = "".join(
            f"<div><b>{title}</b> <code>{source.place}</code>"
            f"{highlight(dedent(source.text), PythonLexer(), style)}</div>"
            for title, source in self.panes)
        return f'<div style="{ROW}">{panes}</div>'


def both(name: str) -> Panes:
    """A name by hand and by torch, as in both("optim.Adam")."""
    hand, torch_ = both_sides(name)
    return Panes((_("by hand"), hand), (_("by torch"), torch_))


def source(path: str, name: str) -> Panes:
    """A name of one file, as in source("docs/autograd.py", "neuron")."""
    return Panes(("", excerpt(path, name)))


class Drawing:
    """A graph for a notebook to show."""

    def __init__(self, shown: Graph):
        self.shown = shown

    def __repr__(self) -> str:
        return self.shown.captions[self.shown.start]

    def _repr_html_(self) -> str:
        return (f'{GRAPH}<div class="by-hand-graph">{as_svg(self.shown)}'
                f"<p>{html.escape(repr(self))}</p></div>")


def draw(experiment: Experiment | Graph,
         position: int | None = None) -> Drawing | None:
    """Draw what a page draws at a position of the slider.

    The position is from 0 to len(experiment.captions) - 1; without one,
    it is where the slider stands at first. Raises ValueError for any
    other.
    """
    last = len(experiment.captions) - 1
    n = experiment.start if position is None else position
    if not 0 <= n <= last:
        raise ValueError(f"position must be from 0 to {last}, got {n}")
    if isinstance(experiment, Graph):
        return Drawing(replace(experiment, start=n))
    _figure, axes = plt.subplots()
    for contour in experiment.contours:
        axes.plot(*_columns(contour), color="#bbbbbb", linewidth=0.8)
    for name, points in experiment.points.items():
        axes.plot(*_columns(points), ".", label=name)
    for name, path in experiment.paths.items():
        line, = axes.plot(*_columns(path[:n + 1]), label=name)
        axes.plot(*_columns(path[:n + 1][-1:]), "o", color=line.get_color())
    for name, frames in experiment.lines.items():
        axes.plot(*_columns(frames[n]), label=name)
    axes.set(xlim=experiment.x, ylim=experiment.y,
             xlabel=experiment.x_label, ylabel=experiment.y_label)
    named(axes)
    print(experiment.captions[n])
    return None


def _columns(points) -> tuple[list[float], list[float]]:
    """The x and the y of points; NaN for what is nowhere near."""
    def near(value: float) -> float:
        return value if abs(value) < 1e30 else math.nan

    return ([near(point[0]) for point in points],
            [near(point[1]) for point in points])


def check(name: str, attempt) -> None:
    """Print whether the exercise is solved by a cell.

    attempt: a function or class that the cell defines. The whole cell
    is put into scratch/TOPIC.py, in a process of its own; no file
    changes.
    """
    text = cell_of(attempt)
    if _tree(text) == _tree(start(EXERCISES[name])):
        print(_("Not solved yet: the cell above is as it was."))
        return
    done = subprocess.run(
        [sys.executable, "-m", "tests.exercises.attempt", name], cwd=ROOT,
        input=text, capture_output=True, text=True, encoding="utf-8")
    if done.returncode not in (0, 1):
        raise RuntimeError(done.stderr)
    proof = f"tests/{EXERCISES[name].proof}"
    print(_("Not solved yet. {proof} fails:").format(proof=proof)
          if done.returncode else
          _("Solved. {proof} passes.").format(proof=proof))
    print(done.stdout.strip())


def _tree(text: str) -> str:
    """What the text defines, whatever its comments are."""
    return ast.dump(ast.parse(text))


def cell_of(attempt) -> str:
    """The whole text of the cell that defines a function or class.

    Raises LookupError if no cell is known to define it.
    """
    for function in _functions(attempt):
        code = getattr(inspect.unwrap(function), "__code__", None)
        lines = linecache.getlines(code.co_filename) if code else []
        if lines:
            return "".join(lines)
    raise LookupError(f"{attempt!r} must be defined in a cell")


def _functions(attempt) -> Iterator:
    """The function itself, or the methods that a class defines."""
    if not isinstance(attempt, type):
        yield attempt
        return
    for member in vars(attempt).values():
        member = getattr(member, "fget", None) or getattr(
            member, "__func__", member)
        # A dataclass has methods that no cell defines.
        if callable(member) and getattr(
                member, "__module__", "") == attempt.__module__:
            yield member
