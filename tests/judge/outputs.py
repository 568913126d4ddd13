"""The verdicts for programs: Gradescope's results, and a page."""

import html
import json
import math
from pathlib import Path
from typing import Any

from scratch._files import replacing
from scratch.front_door.command_line import writing
from scratch.front_door.language import spoken, told
from tests.judge.verdict import CONVENTION, Verdict


def write(path: Path, text: str) -> None:
    """Write a whole file. Raises WriteError."""
    with writing(path), replacing(path) as part:
        part.write_text(text, encoding="utf-8")


def gradescope(verdicts: list[Verdict], points: float) -> str:
    """One test an implementation, its verdict as the output.

    https://gradescope-autograders.readthedocs.io/en/latest/specs/
    """
    tests: list[dict[str, Any]] = [{
        "name": verdict.place, "max_score": points,
        "score": points if verdict.right else 0.0,
        "status": "passed" if verdict.right else "failed",
        "output": str(verdict), "output_format": "text"}
        for verdict in verdicts]
    return json.dumps({"tests": tests, "output_format": "text"},
                      indent=2, ensure_ascii=False) + "\n"


def failed(why: str, points: float) -> str:
    """Gradescope's results where nothing could be judged."""
    return json.dumps({"tests": [{
        "name": "the judge", "max_score": points, "score": 0.0,
        "status": "failed", "output": why, "output_format": "text"}],
        "output_format": "text"}, indent=2, ensure_ascii=False) + "\n"


def picture(mine: list[float], right: list[float]) -> str:
    """Two ways down a bowl, from 1 to the bottom at 0."""
    width, height, shown = 640, 240, 1.2
    caption = told(f"The parameter in {len(mine)} steps down the bowl "
                   "p\u00b2/2, from 1: yours thin, torch broad.")
    lines = []
    for way, style in ((right, "stroke:#1f5fa8;stroke-width:6;opacity:.4"),
                       (mine, "stroke:#c43;stroke-width:2")):
        points = [(0, 1.0), *enumerate(way, start=1)]
        path = " ".join(
            f"{x * width / len(way):.1f},"
            f"{height / 2 * (1 - max(-shown, min(shown, y)) / shown):.1f}"
            for x, y in points if math.isfinite(y))
        lines.append(f'<polyline points="{path}" style="fill:none;{style}"/>')
    return (f'<figure><svg viewBox="0 0 {width} {height}" role="img" '
            f'width="{width}"><line x1="0" x2="{width}" y1="{height / 2}" '
            f'y2="{height / 2}" stroke="#999"/>{"".join(lines)}</svg>'
            f"<figcaption>{caption}</figcaption></figure>")


def _seen(verdict: Verdict) -> bool:
    """Do the two ways part by a hundredth, so that a picture shows it?"""
    return bool(verdict.ways) and any(
        not abs(a - b) < 1e-2 for a, b in zip(*verdict.ways))


def page(verdicts: list[Verdict]) -> str:
    """A page for a lecture: each verdict in large type."""
    parts = []
    for verdict in verdicts:
        word = ("right" if verdict.right else
                "other" if verdict.status == CONVENTION else "wrong")
        text = told(str(verdict).removeprefix(verdict.place).strip())
        parts.append(f'<section class="{word}"><h2>'
                     f"{html.escape(verdict.place)}</h2>"
                     f"<pre>{html.escape(text)}</pre>"
                     f"{picture(*verdict.ways) if _seen(verdict) else ''}"
                     "</section>")
    right = sum(verdict.right for verdict in verdicts)
    return f"""<!doctype html>
<html lang="{spoken().replace("_", "-")}"><meta charset="utf-8">
<title>{told("Verdicts")}</title>
<style>
body {{ font: 18px/1.5 sans-serif; max-width: 60em; margin: 2em auto }}
pre {{ white-space: pre-wrap; font-size: 16px }}
section {{ border-left: .4em solid; padding-left: 1em }}
.right {{ border-color: #2a7 }} .other {{ border-color: #c80 }}
.wrong {{ border-color: #c43 }}
</style>
<h1>{told(f"{right} of {len(verdicts)} equal")}</h1>
{"".join(parts)}
</html>
"""
