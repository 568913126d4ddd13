"""The directive `experiment` draws what a lesson's code computes.

The drawing has a slider.

    ```{experiment} linear_regression.turning
    What to look for.
    ```

`turning()` of docs/linear_regression.py runs during the build and
returns an `Experiment`. The page contains it as JSON; experiment.js
draws it. Or it returns a `Graph`, which graph.py draws.
"""

import html
import importlib
import json
import math
from dataclasses import asdict, dataclass, field
from typing import Any

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from docs.site import graph
from docs.site.words import _

Point = tuple[float, float]


@dataclass
class Experiment:
    """A drawing for each position of a slider."""

    # the axes: labels and limits
    x_label: str
    y_label: str
    x: Point
    y: Point
    # the sentence below, for each position
    captions: list[str]
    # at position n the first n + 1 points, with a dot at the last
    paths: dict[str, list[Point]] = field(default_factory=dict)
    # at position n the n-th line
    lines: dict[str, list[list[Point]]] = field(default_factory=dict)
    # the same at every position
    points: dict[str, list[Point]] = field(default_factory=dict)
    contours: list[list[Point]] = field(default_factory=list)
    # the position of the slider at first
    start: int = 0

    def __post_init__(self):
        for name, frames in self.lines.items():
            if len(frames) != len(self.captions):
                raise ValueError(
                    f"lines[{name!r}] must have {len(self.captions)} "
                    f"lines, one for each caption, got {len(frames)}")
        if not 0 <= self.start < len(self.captions):
            raise ValueError(
                f"start must be from 0 to {len(self.captions) - 1}, "
                f"got {self.start}")


def as_html(experiment: Experiment, label: str) -> str:
    """The drawing, its slider, and the sentence below."""
    name = _("Drawing of {y} against {x}, described by the sentence "
             "below").format(x=experiment.x_label, y=experiment.y_label)
    data = json.dumps(_short(experiment), separators=(",", ":"),
                      ensure_ascii=False).replace("</", "<\\/")
    label, name = html.escape(label), html.escape(name)
    last = len(experiment.captions) - 1
    return (f'<div class="experiment"><script type="application/json">'
            f'{data}</script><svg role="img" aria-label="{name}"></svg>'
            f'<label><span>{label}</span><input type="range" min="0" '
            f'max="{last}" value="{experiment.start}"></label>'
            '<output aria-live="off"></output></div>')


def _short(experiment: Experiment) -> dict[str, Any]:
    """Prepare it for JSON, rounded to what the drawing can show.

    A coordinate that is NaN or far outside becomes None.
    """
    digits = [max(0, math.ceil(-math.log10(abs(b - a) / 2000)))
              for a, b in (experiment.x, experiment.y)]

    def point(value):
        if isinstance(value[0], list | tuple):
            return [point(inner) for inner in value]
        return [round(v, n) if abs(v) < 1e30 else None
                for v, n in zip(value, digits)]

    def each(value):
        if isinstance(value, dict):
            return {name: each(inner) for name, inner in value.items()}
        return point(value) if value else value

    data = asdict(experiment)
    for name in "paths", "lines", "points", "contours":
        data[name] = each(data[name])
    return data


def companion(topic: str):
    """The module docs/TOPIC.py, which computes for the page."""
    return importlib.import_module(f"docs.{topic}")


class Drag(SphinxDirective):
    """The directive `experiment`."""

    required_arguments = 1
    has_content = True
    option_spec = {"label": str}

    def run(self):
        topic, name = self.arguments[0].split(".")
        self.env.note_dependency(f"{self.env.srcdir}/{topic}.py")
        box = nodes.container(classes=["drag"])
        self.state.nested_parse(self.content, self.content_offset, box)
        if self.env.app.builder.format != "html":
            return [box]
        try:
            experiment = getattr(companion(topic), name)()
            draw = (graph.as_html if isinstance(experiment, graph.Graph)
                    else as_html)
        # Any error must name the page and the line.
        except Exception as error:
            raise self.error(
                f"experiment {topic}.{name}: "
                f"{type(error).__name__}: {error}") from error
        label = _(self.options.get("label", "step"))
        box += nodes.raw("", draw(experiment, label), format="html")
        return [box]


def setup(app):
    """Called by Sphinx."""
    app.add_directive("experiment", Drag)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
