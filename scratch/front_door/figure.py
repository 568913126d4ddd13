"""The figure: two panels per lesson, on screen or in a file."""

import contextlib
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from matplotlib.animation import PillowWriter
from matplotlib.figure import Figure as Canvas

from scratch._files import replacing
from scratch.front_door.command_line import writing
from scratch.front_door.lesson import Lesson
from scratch.front_door.pictures import drawn, translate
from scratch.front_door.report import AGREE
from scratch.front_door.wrapping import wrapped

# In all: drawing a frame takes up to half a second.
FRAMES = 60


class Figure:
    """Above: what was learnt. Below: the gap per step, log axis."""

    def __init__(self, lessons: list[Lesson], dtype: str,
                 show: bool = False):
        self.bound, self.show = AGREE[dtype], show
        self.frames = max(4, FRAMES // len(lessons))
        self.writer: PillowWriter | None = None
        # at most 4 columns, as equal as can be
        rows = math.ceil(len(lessons) / 4)
        columns = math.ceil(len(lessons) / rows)
        options: dict[str, Any] = {
            "figsize": (4.2 * columns, 4.8 * rows),
            "layout": "constrained"}
        if show:
            # Windows need pyplot; files do not.
            from matplotlib import pyplot
            self.canvas: Canvas = pyplot.figure(**options)
        else:
            self.canvas = Canvas(**options)
        blocks = self.canvas.subfigures(rows, columns, squeeze=False)
        self.panels = {
            lesson.name: block.subplots(2, 1, height_ratios=[3, 1])
            for lesson, block in zip(lessons, blocks.flat)}
        caption = drawn("broad: by hand; dashed: by torch. Below: the "
                        "gap at each step, 0 at the bottom; red: the "
                        "bound")
        self.canvas.supxlabel("\n".join(wrapped(caption, 60 * columns)),
                              fontsize="medium")
        for lesson, block in zip(lessons, blocks.flat):
            block.suptitle(lesson.name, weight="bold")
            self.draw(lesson)

    def draw(self, lesson: Lesson) -> None:
        """Draw the current state of one lesson."""
        above, below = self.panels[lesson.name]
        above.clear()
        below.clear()
        lesson.draw(above)
        for run in lesson.runs:
            # A log axis cannot show a gap of 0: draw it at the bottom.
            gaps = [min(max(gap, 1e-18), 50 * self.bound)
                    for gap in run.gaps]
            below.plot(range(1, len(gaps) + 1), gaps, ".", markersize=2)
        below.axhline(self.bound, color="C3", linewidth=1)
        below.set(yscale="log", ylim=(3e-19, 100 * self.bound),
                  xlabel="step", ylabel="gap")

    def frame(self, lesson: Lesson) -> None:
        """Draw one lesson anew, on screen and into the GIF."""
        self.draw(lesson)
        translate(self.canvas)
        if self.show:
            from matplotlib import pyplot
            pyplot.pause(0.001)
        if self.writer:
            self.writer.grab_frame()

    def save(self, path: Path) -> None:
        """Write the figure to a file."""
        translate(self.canvas)
        with writing(path), replacing(path) as part:
            self.canvas.savefig(part, dpi=110)

    @contextlib.contextmanager
    def recording(self, path: Path) -> Iterator[None]:
        """Write every frame to a GIF."""
        with writing(path), replacing(path) as part:
            self.writer = PillowWriter(fps=8)
            with self.writer.saving(self.canvas, str(part), dpi=60):
                translate(self.canvas)
                # Without any frame the writer fails at the end.
                self.writer.grab_frame()
                yield
