"""The notebooks: their format, their links, and that every cell runs."""

import ast
import json
import linecache
import re
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

import pytest

from scratch import CONTENTS
from scratch.front_door.source import ROOT
from tests.exercises import EXERCISES

pytest.importorskip("sphinx")

from docs.site import cells, notebooks  # noqa: E402
from docs.site.experiment import Experiment  # noqa: E402

# Chinese shares all but the words: one page with its whole catalogue.
WRITTEN = {"en": [], "zh_CN": ["linear_regression"]}


def python(*arguments):
    """Run a module; its exit status, output and errors."""
    done = subprocess.run([sys.executable, "-m", *map(str, arguments)],
                          cwd=ROOT, capture_output=True, text=True,
                          encoding="utf-8")
    return done.returncode, done.stdout, done.stderr


@pytest.fixture(scope="module", params=WRITTEN)
def folder(request):
    """A folder of the project, with the notebooks of a language."""
    build = ROOT / "docs/_build"
    build.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=build) as name:
        status, _output, errors = python(
            "docs.site.notebooks", name, *WRITTEN[request.param],
            "--language", request.param)
        assert status == 0, errors
        yield Path(name)


def loaded(folder):
    """Each notebook, and the Markdown of its page."""
    for path in sorted(folder.glob("*.ipynb")):
        page = (ROOT / f"docs/{path.stem}.md").read_text(encoding="utf-8")
        yield json.loads(path.read_text(encoding="utf-8")), page


def text(notebook, kind):
    """The cells of a kind, as text."""
    return ["".join(cell["source"]) for cell in notebook["cells"]
            if cell["cell_type"] == kind]


def test_every_cell_runs(folder):
    """In order, in a fresh process, and without Jupyter."""
    paths = list(folder.glob("*.ipynb"))
    assert len(paths) in (1, len(CONTENTS))
    status, output, errors = python("docs.site.execute", *paths)
    assert status == 0, errors
    assert output == f"{len(paths)} notebooks, 0 with a fault\n"


def test_the_format(folder):
    """What nbformat 4.5 requires, and what a new notebook has."""
    for notebook, _page in loaded(folder):
        assert notebook["nbformat"], notebook["nbformat_minor"] == (4, 5)
        assert set(notebook["metadata"]["kernelspec"]) >= {
            "name", "display_name"}
        names = [cell["id"] for cell in notebook["cells"]]
        assert len(set(names)) == len(names)
        for cell in notebook["cells"]:
            assert re.fullmatch(r"[a-zA-Z0-9_-]{1,64}", cell["id"])
            more: dict = {}
            if cell["cell_type"] == "code":
                more = {"execution_count": None, "outputs": []}
            assert cell == {**cell, **more, "metadata": {}}
            assert set(cell) == {"cell_type", "id", "metadata", "source",
                                 *more}
            lines = "".join(cell["source"]).splitlines(keepends=True)
            assert lines == cell["source"] and lines


def test_nothing_of_a_page_is_lost(folder):
    """Each directive has its cell, and each role is resolved."""
    for notebook, page in loaded(folder):
        code, prose = (text(notebook, kind) for kind in ("code", "markdown"))
        # No %magic and no !command.
        assert all(ast.parse(cell) for cell in code)
        assert not re.search(r"^`{3,}\{|\}`|^:\w+:", "\n".join(prose), re.M)
        assert len(re.findall("^#", page, re.M)) == len(
            re.findall("^#", "\n".join(prose), re.M))
        asked = Counter(re.findall(r"^`{3}\{([\w-]+)\}", page, re.M))
        for kind, call in {
                "mirror": r"both\(", "experiment": r"draw\(experiment\)$",
                "bug": r"print\(diff\(BUGS", "exercise": r"check\(",
                "literalinclude": r"source\(",
                "plot": r"\w+\.picture\(\)$"}.items():
            found = sum(bool(re.search(f"^{call}", cell, re.M))
                        for cell in code)
            assert found == asked[kind], kind


def test_links_lead_somewhere(folder):
    """To a notebook that is there, or a page of docs/; to a heading."""
    for notebook, page in loaded(folder):
        prose = "\n".join(text(notebook, "markdown"))
        links = re.findall(r"[^`\]]\[([^\]]*)\]\(([^)#]*)(#[^)]*)?\)", prose)
        assert len(links) == len(re.findall(r"\]\(\S+\)", page))
        titles = [title.replace(" ", "-") for title
                  in re.findall("^#+ (.*)", prose, re.M)]
        for shown, file, place in links:
            assert shown and (not file or (folder / file).exists() or (
                file.removesuffix(".ipynb") in CONTENTS)), file
            assert file or place[1:] in titles


def test_a_broken_cell_is_named(tmp_path):
    """A magic; a name that is gone; a glyph; outside the project."""
    first = notebooks.FIRST.format(topic="images", language="en", comment="")
    with tempfile.TemporaryDirectory(dir=ROOT / "docs/_build") as inside:
        broken = {Path(inside, "magic.ipynb"): ["x = 1", "%time x"],
                  Path(inside, "gone.ipynb"): [first, "images.pictur()"],
                  Path(inside, "glyph.ipynb"): [
                      first, "images.plt.title('\ue000').figure.draw_"
                      "without_rendering()"],
                  tmp_path / "outside.ipynb": [first]}
        for path, codes in broken.items():
            path.write_text(notebooks.as_json(
                [("code", code) for code in codes]), encoding="utf-8")
        status, output, errors = python("docs.site.execute", *broken)
    assert status == 1 and output == "4 notebooks, 4 with a fault\n"
    assert re.search(r"magic.ipynb, cell \[2\]:\n%time x\n(.*\n)*"
                     "SyntaxError", errors)
    assert re.search(r"gone.ipynb, cell \[2\]:\n(.*\n)*    images.pictur\(\)"
                     r"\n(.*\n)*.*has no attribute 'pictur'", errors)
    assert "UserWarning: Glyph" in errors
    assert "FileNotFoundError: the notebook must be in a folder" in errors


def as_cell(code):
    """Run code as a cell; the names that it defines."""
    names: dict = {"__name__": "__main__"}
    linecache.cache["a cell"] = (
        len(code), None, code.splitlines(True), "a cell")
    exec(compile(code, "a cell", "exec"), names)
    return names


def test_a_check_in_a_notebook(capsys):
    """It sees whether the cell is as it was, and that it is solved."""
    exercise = EXERCISES["optim-maximize"]
    solution = exercise.solution.read_text(encoding="utf-8")
    for code, said in {
            f"# Mine.\n{notebooks.start(exercise)}": "the cell above is as",
            solution: "Solved. tests/exercises/check_optim.py::"}.items():
        cells.check(exercise.name, as_cell(code)["SGD"])
        assert said in capsys.readouterr().out
    with pytest.raises(LookupError, match="must be defined in a cell"):
        cells.check(exercise.name, len)


def test_an_experiment_is_drawn_at_a_position(capsys):
    """Its sentence is printed; a position that is none is an error."""
    one = Experiment("x", "y", (0, 1), (0, 1), ["a", "b"], start=1,
                     paths={"p": [(0, 0), (1e30, 1)]})
    cells.draw(one)
    cells.draw(one, 0)
    assert capsys.readouterr().out == "b\na\n"
    with pytest.raises(ValueError, match="from 0 to 1, got 2"):
        cells.draw(one, 2)
    cells.plt.close("all")


def test_an_unknown_topic(capsys):
    """The message names the topics."""
    with pytest.raises(SystemExit, match="2"):
        notebooks.main(["x", "optimm"])
    assert "got optimm" in capsys.readouterr().err
