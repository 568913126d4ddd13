"""The build of the lectures: an error names page and line."""

import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ET

import pytest

from scratch.front_door.source import ROOT

pytest.importorskip("sphinx")
pytest.importorskip("myst_parser")
pytest.importorskip("furo")
pytest.importorskip("ziamath")

DOCS = ROOT / "docs"
MIRROR = """# x

```{mirror} %s
:proof: %s
:symbols: %s

$$ %s $$
```
"""
# page -> its text, what the message says, the line it names
FAULTS = {
    "formula": ("# x\n\n$$ \\nosuch{x} $$\n", r"formula.*nosuch", 3),
    "inline": ("# x\n\ny\n\n{math}`\\nosuch`\n", r"formula.*nosuch", 5),
    "name": (MIRROR % ("optim.Adm", "test_defaults", "", "x"),
             "no 'Adm'; did you mean 'Adam'", 3),
    "topic": (MIRROR % ("optm.Adam", "test_defaults", "", "x"),
              "no topic 'optm'; did you mean 'optim'", 3),
    "proof": (MIRROR % ("optim.Adam", "test_nothing", "", "x"),
              "tests/test_optim.py has no 'test_nothing'", 3),
    "macro": (MIRROR % ("optim.Adam", "test_defaults", "", "\\hatt x"),
              "formula.*hatt", 3),
    "brace": ("# x\n\n$$ w^{T + b $$\n",
              "formula.*must have as many { as }, got 1 and 0", 3),
    "unproved": ("# x\n\n```{mirror} optim.Adam\n$$ x $$\n```\n",
                 "mirror optim.Adam: :proof: must name a test, got none", 3),
    "lesson": ("# x\n\n```{bug} adam-no-t\n:lesson: optimisers\n```\n",
               "must be one of .*, got 'optimisers'", 3),
    "symbol": (MIRROR % ("optim.Adam", "test_defaults", "q = lr", "x"),
               "symbol 'q' must be in the formula", 3),
    "light": (MIRROR % ("optim.Adam", "test_defaults", "x = nosuch", "x"),
              "symbol 'x' must be in the code", 3),
    "losses": (MIRROR % ("losses.mse_loss", "test_mse_loss", "", "x"),
               "no mirror for accuracy of scratch/losses.py", 1),
    "figure": ("# x\n\n![](nosuch.png)\n", "nosuch.png", 3),
    "plot": ("# x\n\n```{plot} optim.nosuch\nx\n```\n",
             "plot optim.nosuch: AttributeError", 3),
    "reference": ("# x\n\n[y](nosuch.md)\n", "nosuch", 3),
    "number": ("# x\n\n{number}`nosuch:.2f`\n", "number 'nosuch:.2f'", 3),
    "experiment": ("# x\n\n```{experiment} linear_regression.nosuch\ny\n"
                   "```\n", "experiment linear_regression.nosuch", 3),
    "bug": ("# x\n\n```{bug} nosuch\n```\n",
            "must be one of tests/museum, got 'nosuch'", 3),
    "path": ("# x\n\n```{path}\n1. [`name`](name.md): y\n```\n",
             "path: name must have a picture, got none", 4),
    "exercise": ("# x\n\n```{exercise} nosuch\ny\n```\n", "'nosuch'", 3),
}


@pytest.mark.parametrize("formula, spaces", [
    ("|x|", [("|", "0", "0"), ("|", "0", "0")]),
    ("1/x", [("/", "0", "0")]),
    (r"\log p", [("\u2061", "0", "0.1667em")]),
    (r"\log(p)", [("\u2061", "0", "0")]),
    (r"\log\,p", [("\u2061", "0", "0")]),
    (r"\max_j x_j", [("max", "0", "0.1667em")]),
    (r"= \max(x, 0)", [("max", "0", "0")]),
    (r"2 \max x", [("max", "0.1667em", "0.1667em")])])
def test_a_formula_is_spaced_like_a_textbook(formula, spaces):
    """A bar and a slash have no space, log p a thin one, log(p) none."""
    from docutils import nodes

    from docs.site.mathml import converted
    root = ET.fromstring(converted(nodes.math(formula, formula), False))
    assert [(one.text, one.get("lspace"), one.get("rspace"))
            for one in root.iter("mo") if one.get("lspace")] == spaces


def build(folder, *options):
    """Exit status and messages of a build without the proofs."""
    result = subprocess.run(
        [sys.executable, "-m", "sphinx", "-q", "-W", "-c", str(DOCS),
         "-D", "lecture_evidence=0", *options, str(folder),
         str(folder / "_build")], capture_output=True, text=True,
        cwd=ROOT, env={**os.environ, "PYTHONWARNINGS": ""})
    return result.returncode, result.stdout + result.stderr


@pytest.fixture(scope="module")
def messages(tmp_path_factory):
    """What a build of one page for each fault says."""
    folder = tmp_path_factory.mktemp("faults")
    for page, (text, _, _) in FAULTS.items():
        (folder / f"{page}.md").write_text(text)
    toctree = "\n".join(FAULTS)
    (folder / "index.md").write_text(
        f"# All\n\n```{{toctree}}\n{toctree}\n```\n")
    status, output = build(folder, "--keep-going")
    assert status == 1
    return output


@pytest.mark.parametrize("page", FAULTS)
def test_a_fault_is_named(messages, page):
    """The message names page and line, and says what must be."""
    _, words, line = FAULTS[page]
    # A message may have several lines; it begins with a path.
    said = re.split(r"\n(?=/)", messages)
    assert any(re.search(words, one) and f"/{page}.md:{line}:" in one
               for one in said), messages


def test_one_fault_stops_the_build(tmp_path):
    """One error stops the build; without it, page and font are written."""
    (tmp_path / "index.md").write_text("# x\n\n$$ \\nosuch{x} $$\n")
    status, output = build(tmp_path)
    assert status != 0 and "index.md:3" in output, output
    (tmp_path / "index.md").write_text("# x\n\n$$ \\log x^2 $$\n")
    status, output = build(tmp_path)
    assert (status, output) == (0, "")
    page = (tmp_path / "_build/index.html").read_text()
    assert "<msup>" in page and "MathJax" not in page
    font = tmp_path / "_build/_static/stix-two-math.woff2"
    assert 50_000 < font.stat().st_size < 500_000


def test_the_catalogues_are_up_to_date():
    """The pages' messages are all there; no shown translation is broken.

    If this fails, run python -m docs.site.translate
    """
    from docs.site.translate import TRANSLATED, faults, known
    found = list(faults())
    assert found == [], "\n".join(found)
    # Options of directives are messages, too.
    assert {"hidden units", "Momentum overshoots"} <= set(known("words"))
    assert set(TRANSLATED) >= {
        "index", "tensors", "activations", "losses", "optim", "data",
        "images", "linear_regression", "logistic_regression"}


CATALOGUE = """
msgid "old"
msgstr "o"

msgid "each step is {n} long"
msgstr "l {n}"

msgid "step {n}"
msgstr "s"

#, fuzzy
msgid "code `x`"
msgstr "c"

msgid "same"
msgstr "s"

msgid "x \\\\text{ if } y"
msgstr "x \\\\text{w} y"

msgid "empty"
msgstr ""
"""


@pytest.fixture
def catalogue(tmp_path, monkeypatch):
    """A catalogue `a` of its own, for pages that have changed."""
    from docs.site import translate
    monkeypatch.setattr(translate, "FOLDER", tmp_path)
    monkeypatch.setattr(translate, "templates", lambda: {
        "a": ["new", "each step is {m} long", "step {n}", "code `x`",
              "same", r"x \text{ if } y", "empty"]})
    path = tmp_path / "a.po"
    path.write_text(translate.HEADER + CATALOGUE)
    return path


def test_faults_of_a_catalogue(catalogue):
    """Missing, stale and broken messages are listed; fuzzy ones wait."""
    from docs.site import translate
    broken = ("a.po: broken: translation must keep ['{n}'], got [] "
              "for 'step {n}'")
    assert list(translate.faults()) == [
        "a.po: missing: 'new'",
        "a.po: missing: 'each step is {m} long'",
        "a.po: stale: 'old'",
        "a.po: stale: 'each step is {n} long'",
        broken]
    translate.update()
    assert list(translate.faults()) == [broken]


def test_a_changed_message_keeps_its_translation(catalogue):
    """The translation is fuzzy and waits until someone deletes the mark."""
    from docs.site import translate
    assert translate.waiting("b") is None
    translate.update()
    text = catalogue.read_text()
    assert """
#, fuzzy, python-brace-format
msgid "each step is {m} long"
msgstr "l {n}"
""" in text
    assert "old" not in text and '\nmsgid "new"\nmsgstr ""\n' in text
    # new, each step, code, empty
    assert translate.waiting("a") == 4
    assert list(translate.report())[1:] == [
        "a                             3          4",
        "all                           3          4"]
    translate.update()
    assert catalogue.read_text() == text
    catalogue.write_text(text.replace("#, fuzzy, ", "#, ")
                         .replace('"l {n}"', '"l {m}"'))
    assert translate.waiting("a") == 3
