"""Check the rules of the house, as far as a test can.

The docstrings name the rules by their numbers in docs/rules.md.
test_by_hand.py checks rules 1 and 3, test_to_the_bit.py rule 5,
test_odd_calls.py rule 11; the proofs of the topics check rule 10.
"""

import ast
import io
import re
import subprocess
import tokenize

import pytest

from scratch import CONTENTS
from scratch.front_door.source import ROOT
from tests.across.rules import (WINGS, imports, mirror_differences,
                                public_names, wing_files)


def test_rules_have_numbers():
    """The page numbers its rules, and each rule cited in a test exists."""
    page = (ROOT / "docs/rules.md").read_text()
    numbers = re.findall(r"^(\d+)\. \*\*", page, re.M)
    assert numbers == [str(n) for n in range(1, len(numbers) + 1)]
    for path in (ROOT / "tests").rglob("*.py"):
        cited = re.findall(r"\b[Rr]ules? (\d+)", path.read_text())
        assert set(cited) <= set(numbers), path


def public_files(folder):
    """The names of a folder's public modules."""
    return {path.stem for path in (ROOT / folder).glob("[a-z]*.py")}


def test_one_topic_one_name():
    """Each topic of CONTENTS has its file in each room, and no other."""
    assert public_files("scratch") == set(CONTENTS)
    assert public_files("torch_ref") == set(CONTENTS)
    tests = {path.stem for path in (ROOT / "tests").glob("test_*.py")}
    assert tests == {f"test_{topic}" for topic in CONTENTS}
    for topic in CONTENTS:
        test = (ROOT / f"tests/test_{topic}.py").read_text()
        assert f"import scratch.{topic} as by_hand" in test
        assert f"import torch_ref.{topic} as by_torch" in test
        assert (ROOT / f"docs/{topic}.md").exists()
        assert (ROOT / f"docs/{topic}.py").exists()
        assert (ROOT / f"tests/museum/{topic}.py").exists()
        assert (ROOT / f"tests/exercises/check_{topic}.py").exists()


def test_contents_are_the_reading_order():
    """The lectures' index and the README keep the order of CONTENTS."""
    index = (ROOT / "docs/index.md").read_text()
    rows = re.findall(r"^(\d+)\. \[`(\w+)`\]\(\2\.md\): (.*)$", index, re.M)
    assert rows == [(str(number), *row) for number, row
                    in enumerate(CONTENTS.items(), start=1)]
    toctree = index.split("{toctree}")[1].split()
    assert [page for page in toctree if page in CONTENTS] == list(CONTENTS)
    readme = (ROOT / "README.md").read_text()
    order = re.search(r"In this order: (.*?)\.\s", readme, re.S)[1]
    assert re.findall(r"`(\w+)`", order) == list(CONTENTS)


def test_the_top_level():
    """The top folder has only the rooms, the README and tools' files."""
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, text=True,
                             capture_output=True)
    if tracked.returncode != 0:
        pytest.skip("not a clone")
    top = {name.split("/")[0] for name in tracked.stdout.splitlines()}
    assert {name for name in top if name[0] != "."} == {
        "README.md", "LICENSE", "setup.cfg", "pyproject.toml", "scratch",
        "torch_ref", "tests", "docs"}


def test_no_test_imports_a_test():
    """No test imports a test: what several need is in compare/."""
    for path in (ROOT / "tests").rglob("*.py"):
        for name in imports(ast.parse(path.read_text())):
            if name.startswith("tests"):
                assert ".test_" not in name, (path, name)


def test_what_the_lectures_import():
    """Of tests/, docs/ imports only museum, exercises and judge."""
    for path in (ROOT / "docs").rglob("*.py"):
        for name in imports(ast.parse(path.read_text())):
            if name.split(".")[0] == "tests":
                assert re.match(r"tests\.(museum|exercises|judge)\b", name), (
                    path, name)


@pytest.mark.parametrize("topic", CONTENTS)
def test_wings_mirror_each_other(topic):
    """Rule 2: the same public names, order, parameters and defaults."""
    names = [list(public_names(ast.parse(
        (ROOT / wing / f"{topic}.py").read_text()))) for wing in WINGS]
    assert names[0] == names[1]
    assert [mirror_differences(topic, name) for name in names[0]] == [
        [] for _ in names[0]]


def test_rule_two_can_fail(monkeypatch):
    """Rule 2: another default or a missing method is found."""
    import torch_ref.losses
    import torch_ref.mlp
    import torch_ref.optim

    def mse_loss(input, target, reduction="sum"):
        """The default differs."""

    monkeypatch.setattr(torch_ref.losses, "mse_loss", mse_loss)
    assert mirror_differences("losses", "mse_loss")

    class SGD:
        """It has no methods."""

    monkeypatch.setattr(torch_ref.optim, "SGD", SGD)
    assert len(mirror_differences("optim", "SGD")) > 3

    # `forward` has another parameter, and `freeze` is new.
    mlp = type("MLP", (torch_ref.mlp.MLP,), {
        "forward": lambda self, x, train: x, "freeze": lambda self: None})
    monkeypatch.setattr(torch_ref.mlp, "MLP", mlp)
    assert len([line for line in mirror_differences("mlp", "MLP")
                if "MLP.__call__" in line or "MLP.freeze" in line]) == 2


def test_public_names():
    """Rule 2: every name that a file defines counts, however it does."""
    tree = ast.parse("import a\nA, B = 1, 2\n_C = 3\nD: int = 4\n"
                     "def f(): x = 1\nclass G: y = 1\ndef _h(): pass")
    assert list(public_names(tree)) == ["A", "B", "D", "f", "G"]


UNWANTED = {"foreach", "fused", "capturable", "differentiable", "maximize",
            "ignore_index", "pos_weight", "size_average", "weight"}


def options(function):
    """The parameters of a function that have a default."""
    named = function.args.posonlyargs + function.args.args
    return {node.arg for node in [
        *named[len(named) - len(function.args.defaults):],
        *function.args.kwonlyargs]}


@pytest.mark.parametrize("wing", WINGS)
def test_options_that_no_lecture_explains(wing):
    """Rule 6: no function has an option that no lecture explains.

    The weight of `normalization` is a layer's, not a class's.
    """
    for path in wing_files(wing):
        unwanted = UNWANTED - ({"weight"} if path.stem == "normalization"
                               else set())
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef):
                assert not options(node) & unwanted, (path, node.name)


def test_rule_six_can_fail():
    """Rule 6: an option counts with or without a star, nothing else."""
    function, = ast.parse("def f(weight, maximize=False, *, fused): 0").body
    assert options(function) & UNWANTED == {"maximize", "fused"}


def test_lines_fit_on_a_projector():
    """Rule 7: 72 columns in both wings, so that two fit side by side."""
    for wing in WINGS:
        for path in (ROOT / wing).rglob("*.py"):
            for line in path.read_text().splitlines():
                assert len(line) <= 72, (path, line)


@pytest.mark.parametrize("room, most", [
    ("scratch", 200), ("torch_ref", 200), ("tests", 300), ("docs", 300)])
def test_files_are_read_in_one_sitting(room, most):
    """Rule 8: no file has more lines than its room allows.

    docs/bugs.md is a table, to look things up in.
    """
    paths = [path for end in ("py", "md", "js", "css")
             for path in (ROOT / room).rglob(f"*.{end}")
             if "_build" not in path.parts and path.name != "bugs.md"]
    lines = {path: len(path.read_text().splitlines()) for path in paths}
    assert lines and {path: n for path, n in lines.items() if n > most} == {}


def comments_after_code(text):
    """Every comment that follows code on its line."""
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    return [token.string for token in tokens
            if token.type == tokenize.COMMENT
            and token.line[:token.start[1]].strip()]


def test_comments_have_lines_of_their_own():
    """Rule 7: no comment follows code on its line."""
    assert comments_after_code("a = 1 #x\n# y\ns = '# z'\n") == ["#x"]
    for wing in WINGS:
        for path in (ROOT / wing).rglob("*.py"):
            assert comments_after_code(path.read_text()) == [], path


def test_numpy_is_called_in_one_place():
    """Only scratch/tensors.py calls `.numpy()`.

    `.numpy()` fails if the tensor requires grad or is on a GPU.
    """
    for path in [*ROOT.glob("scratch/**/*.py"),
                 *ROOT.glob("torch_ref/**/*.py"),
                 *ROOT.glob("tests/**/*.py")]:
        calls = re.findall(r"[\w)\]]\.numpy\(\)", path.read_text())
        allowed = 1 if path == ROOT / "scratch/tensors.py" else 0
        assert len(calls) == allowed, path


def test_public_things_have_docstrings():
    """Rule 9: each public module, class and function has a docstring."""
    for wing in WINGS:
        for path in wing_files(wing):
            tree = ast.parse(path.read_text())
            assert ast.get_docstring(tree), path
            for node in ast.walk(tree):
                if (isinstance(node, (ast.ClassDef, ast.FunctionDef))
                        and (node.name == "__call__"
                             or not node.name.startswith("_"))
                        # Its formula stands above its line.
                        and node.name not in ("update", "lr")):
                    assert ast.get_docstring(node), (path, node.name)
