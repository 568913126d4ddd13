"""The verdicts for programs: Gradescope's results, and a page."""

import html
import json
from pathlib import Path
from typing import Any

from scratch.front_door.command_line import writing
from tests.judge.verdict import Verdict


def write(path: Path, text: str) -> None:
    """Write a whole file. Raises WriteError."""
    with writing(path):
        path.write_text(text, encoding="utf-8")


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


def page(verdicts: list[Verdict]) -> str:
    """A page for a lecture: each verdict in large type."""
    parts = []
    for verdict in verdicts:
        word = "right" if verdict.right else "wrong"
        parts.append(f'<section class="{word}"><h2>'
                     f"{html.escape(verdict.place)}</h2>"
                     f"<pre>{html.escape(str(verdict))}</pre></section>")
    return f"""<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Verdicts</title>
<style>
body {{ font: 18px/1.5 sans-serif; max-width: 60em; margin: 2em auto }}
pre {{ white-space: pre-wrap; font-size: 16px }}
section {{ border-left: .4em solid; padding-left: 1em }}
.right {{ border-color: #2a7 }} .wrong {{ border-color: #c43 }}
</style>
{"".join(parts)}
</html>
"""
