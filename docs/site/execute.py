"""Run notebooks without Jupyter, to see that no cell is broken.

    python -m docs.site.execute docs/_build/notebooks/*.ipynb

Each runs in a process of its own, in its own folder, as a new kernel
would run it: nothing of this project is imported or can be found. The
code cells run one after the other and share their names. What they show
is made and dropped; nothing is written. The exit status is 1 if a cell
fails or warns.
"""

import ast
import contextlib
import io
import json
import linecache
import os
import sys
import traceback
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from scratch.front_door.source import HAND, ROOT, TORCH
from tests.museum.processes import in_forks, warm_up


def run(path: Path) -> str:
    """Run all cells in this process; return the first fault, or "".

    The process is of no further use: the project's modules are gone.
    """
    import matplotlib.pyplot as plt
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    os.chdir(path.parent)
    plt.switch_backend("Agg")
    # As in Jupyter "" stands for the folder.
    sys.path[:] = ["", *(place for place in sys.path
                         if place and Path(place).resolve() != ROOT)]
    for name in list(sys.modules):
        if name.partition(".")[0] in (HAND, TORCH, "docs", "tests"):
            del sys.modules[name]
    names: dict[str, Any] = {"__name__": "__main__"}
    codes = ["".join(cell["source"]) for cell in cells
             if cell["cell_type"] == "code"]
    for n, code in enumerate(codes, start=1):
        place = f"{path.name}[{n}]"
        try:
            # Jupyter would show such a warning below the cell.
            with (contextlib.redirect_stdout(io.StringIO()),
                  warnings.catch_warnings(action="error",
                                          category=UserWarning)):
                _run_cell(code, place, names)
        # Whatever a cell raises is a fault of the notebook.
        except BaseException:
            return f"{path}, cell [{n}]:\n{code}\n{traceback.format_exc()}"
        plt.close("all")
    return ""


def _run_cell(code: str, place: str, names: dict[str, Any]) -> None:
    """Run a cell; show the value of its last line, if it has one."""
    # For tracebacks, and for cells.cell_of.
    linecache.cache[place] = (len(code), None, code.splitlines(True), place)
    tree = ast.parse(code, place)
    last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, place, "exec"), names)
    if isinstance(last, ast.Expr):
        value = eval(compile(ast.Expression(last.value), place, "eval"), names)
        repr(value)
        getattr(value, "_repr_html_", str)()


def main(arguments: Sequence[str]) -> int:
    """Return the exit status; each fault is on stderr."""
    if not arguments or arguments[0].startswith("-"):
        print(__doc__, file=sys.stderr)
        return 2
    warm_up(exact=False)
    faults = 0
    for fault in in_forks([(run, (Path(name).resolve(),))
                           for name in arguments]):
        if fault:
            print(fault, file=sys.stderr)
            faults += 1
    print(f"{len(arguments)} notebooks, {faults} with a fault")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
