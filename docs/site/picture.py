"""How the pictures of docs/*.py look: colours, fonts, named lines.

A picture has no legend. `named` writes each line's label beside it, as
experiment.js does in the drawings.
"""

from collections.abc import Sequence
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from cycler import cycler
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from scratch.front_door.pictures import chinese_font

# The same colours as in lecture.css and blocks.css: one for each side,
# the others for everything else.
HAND, TORCH, GREY = "#a34e00", "#1f5fa8", "#5a5a5a"
COLOURS = "#a3195b", "#00707a", "#6a3fb5", "#7d5f00", GREY
# A picture is shown as wide as a column of text, or a little wider.
STYLE: Any = {
    "axes.labelcolor": "#333333",
    "axes.edgecolor": "#767676",
    "axes.prop_cycle": cycler(color=COLOURS),
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlelocation": "left",
    "axes.titlesize": "medium",
    "figure.constrained_layout.use": True,
    "figure.constrained_layout.w_pad": 0.1,
    "figure.figsize": (7.6, 3.6),
    "font.size": 12.5,
    "savefig.transparent": True,
    "xtick.color": "#767676",
    "xtick.labelcolor": "#333333",
    "xtick.labelsize": "small",
    "ytick.color": "#767676",
    "ytick.labelcolor": "#333333",
    "ytick.labelsize": "small",
}


def look(language: str) -> tuple[str, Any]:
    """The language that pictures can be drawn in, and their style.

    It is the given one, or English if the computer has no font for it.
    """
    if language == "en":
        return "en", STYLE
    font = chinese_font()
    if not font:
        return "en", STYLE
    return language, STYLE | {"font.family": ["DejaVu Sans", font]}


def named(*all_axes: Axes) -> None:
    """Write each label beside its line, and the y axis's above it."""
    for axes in all_axes:
        axes.set_title(axes.get_ylabel(), loc="left", color="#333333")
        axes.set_ylabel("")
    plt.gcf().draw_without_rendering()
    for axes in all_axes:
        lines = [_seen(axes, line) for line in axes.lines]
        taken: list[Bbox] = []
        for line, seen in zip(axes.lines, lines):
            label = str(line.get_label())
            if label.startswith("_") or not len(seen):
                continue
            # A light grey is too light for text.
            colour = GREY if _grey(line.get_color()) else line.get_color()
            text = axes.text(0, 0, label, color=colour, size="small",
                             weight="bold")
            taken.append(_place(axes, text, seen, lines, taken))


def _grey(colour) -> bool:
    red, green, blue = to_rgb(colour)
    return red == green == blue


def _seen(axes: Axes, line) -> np.ndarray:
    """Points along a line, in pixels, where it is inside the axes."""
    points = line.get_transform().transform(line.get_xydata())
    points = points[np.isfinite(points).all(axis=1)]
    if line.get_linestyle() != "None" and len(points) > 1:
        ends = [np.linspace(a, b, min(200, 2 + int(np.hypot(*(b - a)) / 6)))
                for a, b in zip(points, points[1:])]
        points = np.concatenate(ends)
    box = axes.bbox
    return points[(points[:, 0] >= box.x0 - 1) & (points[:, 0] <= box.x1 + 1)
                  & (points[:, 1] >= box.y0 - 1)
                  & (points[:, 1] <= box.y1 + 1)]


def _place(axes: Axes, text: Text, seen: np.ndarray,
           lines: Sequence[np.ndarray], taken: Sequence[Bbox]) -> Bbox:
    """Move the text beside its line, to where it covers least."""
    box = axes.bbox
    size = text.get_window_extent()
    width, height = size.width, size.height
    costs = []
    for part in 1, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1:
        x, y = seen[int((len(seen) - 1) * part)]
        for dx in 8, -width / 2, -width - 8:
            for k in (0, 1, -1, 2, -2, 3, -3):
                left = min(max(x + dx, box.x0 + 4), box.x1 - width)
                low = min(max(y + k * height - height / 2, box.y0 + 2),
                          box.y1 - height)
                here = Bbox.from_bounds(left - 3, low - 2, width + 6,
                                        height + 4)
                cost = 5 * (1 - part) + abs(dx + width / 2) / 40
                cost += 1.5 * abs(k) + 1000 * sum(
                    here.overlaps(other) for other in taken)
                middle = (left + width / 2, low + height / 2)
                nearest = min(_distance(middle, line) for line in lines
                              if len(line))
                # A name that is nearer to another line would mislead.
                cost += 8 * (nearest < _distance(middle, seen) - 1)
                cost += 2 * sum(here.count_contains(line)
                                for line in lines if len(line))
                costs.append((cost, left, low))
    _cost, left, low = min(costs)
    # Relative to the axes: the picture may be enlarged later.
    text.set(x=(left - box.x0) / box.width, y=(low - box.y0) / box.height,
             va="bottom", transform=axes.transAxes)
    return Bbox.from_bounds(left - 3, low, width + 6, height)


def _distance(point, line: np.ndarray) -> float:
    return float(np.hypot(*(line - point).T).min())
