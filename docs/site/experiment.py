"""`experiment`: what a lesson's own code did, to be dragged through.

    ```{experiment} linear_regression.turning
    What to look for.
    ```

`turning()` of docs/linear_regression.py runs at the build and returns
an `Experiment`; the page holds it as JSON, drawn by experiment.js.
"""

import html
import importlib
import json
import math
from dataclasses import asdict, dataclass, field
from typing import Any

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from docs.site.fault import fault
from docs.site.words import _

Point = tuple[float, float]


@dataclass
class Experiment:
    """A picture for each position of a slider."""

    # what the axes show, and from where to where
    x_label: str
    y_label: str
    x: Point
    y: Point
    # the sentence for each position
    captions: list[str]
    # grow: at position n the first n + 1 points, and a dot at the last
    paths: dict[str, list[Point]] = field(default_factory=dict)
    # move: at position n the n-th line
    lines: dict[str, list[list[Point]]] = field(default_factory=dict)
    # stay as they are
    points: dict[str, list[Point]] = field(default_factory=dict)
    contours: list[list[Point]] = field(default_factory=list)
    # where the slider stands at first
    start: int = 0

    def __post_init__(self):
        for name, frames in self.lines.items():
            if len(frames) != len(self.captions):
                raise ValueError(f"{name}: wanted {len(self.captions)} "
                                 f"lines, given {len(frames)}")
        if not 0 <= self.start < len(self.captions):
            raise ValueError(f"start: wanted 0 to {len(self.captions) - 1}"
                             f", given {self.start}")


def as_html(experiment: Experiment, label: str) -> str:
    """A drawing, its slider, and the sentence below."""
    name = _("A drawing: {y} against {x}. The sentence below it says what "
             "it shows.").format(x=experiment.x_label, y=experiment.y_label)
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
    """As JSON has it: no coordinate finer than the drawing can show.

    A coordinate that is no number, or far outside, is None.
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
    """docs/TOPIC.py, what the page of the topic computes."""
    return importlib.import_module(f"docs.{topic}")


class Drag(SphinxDirective):
    """A drawing and a slider."""

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
        # Whatever it is, the page and the line have to be named.
        except Exception as error:
            raise fault(
                self, f"experiment {topic}.{name}: "
                f"{type(error).__name__}: {error}") from error
        label = self.options.get("label", _("step"))
        box += nodes.raw("", as_html(experiment, label), format="html")
        return [box]


def setup(app):
    """Called by Sphinx."""
    app.add_directive("experiment", Drag)
    return {"parallel_read_safe": False, "parallel_write_safe": True}
