"""The rules of the house: who imports whom, mirrors, 72 columns."""

import ast
import importlib
import inspect
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
WINGS = ("scratch", "torch_ref")
# The front door is the one place that knows both wings.
DOOR = ("scratch/__main__.py", "scratch/front_door/")
# Fused functions, and modules, that would do a lesson's work for it.
FORBIDDEN = set("""
    nn optim functional utils special addcdiv addcdiv_ addcmul addcmul_
    addmm baddbmm bce_loss binary_cross_entropy_with_logits celu
    cross_entropy_loss cosine_similarity cov dist elu erf expit gelu glu
    hardshrink hardtanh kaiming_uniform_ leaky_relu linear log_sigmoid
    logaddexp logaddexp2 logcumsumexp logit logsigmoid logsumexp
    normalize rmsprop selu silu softmin std std_mean var var_mean
    xavier_uniform_ xlogy""".split())
# Torch's names for what the lessons write: not to be asked of torch.
LESSONS = {"sigmoid", "sigmoid_", "relu", "relu_", "tanh", "tanh_",
           "softplus", "softmax", "log_softmax", "mse_loss", "nll_loss",
           "binary_cross_entropy", "cross_entropy", "lerp", "lerp_",
           "threshold"}


def wing_files(wing):
    return [path for path in sorted((ROOT / wing).rglob("*.py"))
            if not str(path.relative_to(ROOT)).startswith(DOOR)]


def imports(tree):
    """Every module that the file names in an import."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""
            yield from (f"{node.module}.{alias.name}"
                        for alias in node.names)


def fused(tree):
    """Every attribute that is torch's own form of a lesson.

    `torch.sigmoid`, `x.sigmoid()`, `torch.nn`: all attributes; a name
    imported from a sibling of the wing is none.
    """
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            if node.attr in FORBIDDEN | LESSONS:
                yield node.attr
        elif isinstance(node, ast.Call):
            # getattr(torch, "sigmoid")
            for arg in node.args:
                if (isinstance(arg, ast.Constant)
                        and arg.value in FORBIDDEN | LESSONS):
                    yield arg.value


def breaks_rule_one(source, wing):
    """What a file of that wing must not name, and names."""
    tree = ast.parse(source)
    other = WINGS[1 - WINGS.index(wing)]
    found = [name for name in imports(tree)
             if name.split(".")[0] == other]
    if wing == "scratch":
        found += [name for name in imports(tree) if re.match(
            r"torch\.(nn|optim|utils|special|func|_\w+)\b", name)
            or name.startswith("torchvision")]
        found += fused(tree)
    return found


@pytest.mark.parametrize("path", [
    path for wing in WINGS for path in wing_files(wing)],
    ids=lambda path: str(path.relative_to(ROOT)))
def test_wings_stand_alone(path):
    """Rule 1: no wing imports the other; by hand is by hand."""
    wing = path.relative_to(ROOT).parts[0]
    assert breaks_rule_one(path.read_text(), wing) == []


@pytest.mark.parametrize("source", [
    "import torch_ref.optim", "from torch_ref import optim",
    "from torch import nn", "import torch.nn.functional as F",
    "from torch.optim import SGD", "from torch.utils.data import Dataset",
    "import torch\ny = torch.sigmoid(x)", "y = x.softmax(1)",
    "y = torch.nn.functional.relu(x)", "y = x.logsumexp(0)",
    "y = torch.optim.SGD([x])", "y = getattr(torch, 'sigmoid')(x)",
    "p.addcdiv_(m, d, value=-1)", "y = torch.special.expit(x)",
    "from torch._C._nn import softplus", "import torchvision"])
def test_rule_one_can_fail(source):
    """Each of these lines in scratch/ would be found."""
    assert breaks_rule_one(source, "scratch")


def test_rule_one_holds_the_other_wing_too():
    """torch_ref may use torch.nn, and may not use scratch."""
    assert not breaks_rule_one("from torch import nn", "torch_ref")
    assert breaks_rule_one("from scratch.optim import SGD", "torch_ref")


TOPICS = [path.stem for path in sorted((ROOT / "scratch").glob("*.py"))
          if not path.stem.startswith("_")]


def test_topics_have_their_files():
    """One topic: wings, tests and docs have a file of its name."""
    assert len(TOPICS) == 12
    for topic in TOPICS:
        assert (ROOT / f"torch_ref/{topic}.py").exists()
        test = (ROOT / f"tests/test_{topic}.py").read_text()
        assert f"import scratch.{topic} as by_hand" in test
        assert f"import torch_ref.{topic} as by_torch" in test
        assert f"`{topic}`" in (ROOT / "docs/index.md").read_text()
        assert (ROOT / f"docs/{topic}.md").exists()
    # cnn will be the only one without a side by hand
    extra = {path.stem for path in (ROOT / "torch_ref").glob("*.py")
             if not path.stem.startswith("_")} - set(TOPICS)
    assert extra <= {"cnn"}


def public_names(tree):
    """Functions, classes and constants, in the order of the file."""
    for node in tree.body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            names = [node.name]
        elif isinstance(node, ast.Assign):
            names = [t.id for t in node.targets if isinstance(t, ast.Name)]
        else:
            names = []
        yield from (name for name in names if not name.startswith("_"))


def signature(function):
    """Parameters, kinds, defaults and annotations, as one string."""
    # a function as a default has an address
    text = re.sub(" at 0x[0-9a-f]+", "", str(inspect.signature(function)))
    for wing in WINGS:
        text = text.replace(f"{wing}._optimizer.", "").replace(
            f"{wing}.", "")
    return text.replace("torch.optim.optimizer.Optimizer", "Optimizer")


def mirror_faults(topic, name):
    """In what the two things of one name differ."""
    hand, ref = (getattr(importlib.import_module(f"{wing}.{topic}"), name)
                 for wing in WINGS)
    if not callable(hand):
        return [] if type(hand) is type(ref) else [f"{name}: its type"]
    faults = []
    if signature(hand) != signature(ref):
        faults.append(f"{name}: {signature(hand)}, {signature(ref)}")
    if not (hand.__doc__ and ref.__doc__):
        faults.append(f"{name}: a docstring is missing")
    if inspect.isclass(hand):
        for method in dir(hand):
            if method.startswith("_") or method == "update":
                continue
            if not hasattr(ref, method):
                faults.append(f"{name}.{method}: no twin")
    return faults


@pytest.mark.parametrize("topic", TOPICS)
def test_wings_mirror_each_other(topic):
    """Rule 2: the same public names in the same order, with the same
    parameters, defaults and types, all with docstrings."""
    names = [list(public_names(ast.parse(
        (ROOT / wing / f"{topic}.py").read_text()))) for wing in WINGS]
    assert names[0] == names[1]
    assert [mirror_faults(topic, name) for name in names[0]] == [
        [] for _ in names[0]]


def test_rule_two_can_fail(monkeypatch):
    """Another default, another order of parameters, a lost method."""
    import torch_ref.losses
    import torch_ref.optim

    def mse_loss(input, target, reduction="sum"):
        """Another default."""

    monkeypatch.setattr(torch_ref.losses, "mse_loss", mse_loss)
    assert mirror_faults("losses", "mse_loss")

    class SGD:
        """No methods at all."""

    monkeypatch.setattr(torch_ref.optim, "SGD", SGD)
    assert len(mirror_faults("optim", "SGD")) > 3


def test_lines_fit_on_a_projector():
    """Rule 7: 72 columns in both wings; rule 8: read in one sitting."""
    for wing in WINGS:
        for path in (ROOT / wing).rglob("*.py"):
            lines = path.read_text().splitlines()
            assert max(map(len, lines), default=0) <= 72, path
            assert len(lines) <= 170, path


def test_comments_have_lines_of_their_own():
    """Rule 7: no comment behind code."""
    for wing in WINGS:
        for path in (ROOT / wing).rglob("*.py"):
            for line in path.read_text().splitlines():
                assert not re.search(r"[^\s#].*  # ", line), (path, line)


def test_numpy_is_called_in_one_place():
    """`.numpy()` fails where a tensor requires grad or is on a GPU."""
    for path in [*ROOT.glob("scratch/**/*.py"),
                 *ROOT.glob("torch_ref/**/*.py"),
                 *ROOT.glob("tests/**/*.py")]:
        calls = re.findall(r"[\w)\]]\.numpy\(\)", path.read_text())
        allowed = 1 if path == ROOT / "scratch/tensors.py" else 0
        assert len(calls) == allowed, path


def test_public_things_have_docstrings():
    """Every public module, class, function and method says what it is."""
    for wing in WINGS:
        for path in wing_files(wing):
            tree = ast.parse(path.read_text())
            assert ast.get_docstring(tree), path
            for node in ast.walk(tree):
                if (isinstance(node, (ast.ClassDef, ast.FunctionDef))
                        and not node.name.startswith("_")
                        # the formula stands above each of its lines
                        and node.name not in ("update", "evaluate")):
                    assert ast.get_docstring(node), (path, node.name)


README = (ROOT / "README.md").read_text()
BLOCKS = re.findall(r"```python\n(.*?)```", README, re.DOTALL)


def test_readme_shows_the_source():
    """The two sides in the README are the functions themselves."""
    for wing, block in zip(WINGS, BLOCKS):
        source = (ROOT / wing / "linear_regression.py").read_text()
        assert block in source


@pytest.mark.parametrize("swap", [False, True])
def test_readme_example_runs_on_either_side(swap, capsys):
    """Also with the commented import lines in place of the others."""
    example = BLOCKS[2]
    if swap:
        example = re.sub(r"^from .*\n", "", example, flags=re.MULTILINE)
        example = example.replace("# from", "from")
    exec(example, {})
    assert capsys.readouterr().out.count("\n") > 100


def test_readme_has_a_line_for_the_lectures():
    """One line installs, and builds both languages; CI runs it."""
    line, = re.findall(r"^\.venv/bin/pip install .*sphinx-build.*",
                       README, re.MULTILINE)
    assert line.count(" && ") == 2 and line.count("sphinx-build -qW") == 2
    assert "'^\\.venv/bin/pip install" in (ROOT / ".ci/run").read_text()


def test_readme_has_two_lines_for_ci():
    """What .ci/run looks for is there, and is what it says."""
    lines = re.findall(r"^python3 -m venv .*", README, re.MULTILINE)
    assert len(lines) == 2
    assert lines[0].endswith(".venv/bin/python -m scratch")
    assert lines[1].endswith(".venv/bin/python -m pytest")
    assert "grep '^python3 -m venv '" in (ROOT / ".ci/run").read_text()
