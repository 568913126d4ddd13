"""Rules 1 and 2: what a file may import, and what mirrors what."""

import ast
import importlib
import inspect
import re

from scratch.front_door.source import ROOT

WINGS = ("scratch", "torch_ref")
# The front door is the only place that may import both wings.
DOOR = ("scratch/__main__.py", "scratch/front_door/")
# Fused functions and modules that would do the lesson's work.
FORBIDDEN = set("""
    nn optim functional utils special addcdiv addcdiv_ addcmul addcmul_
    addmm avg_pool1d baddbmm batch_norm bce_loss
    binary_cross_entropy_with_logits celu conv1d conv2d conv3d
    convolution cross_entropy_loss cosine_similarity cov dist dropout
    dropout_ elu erf expit gelu glu group_norm hardshrink hardtanh
    instance_norm kaiming_uniform_ layer_norm leaky_relu linear
    log_sigmoid logaddexp logaddexp2 logcumsumexp logit logsigmoid
    logsumexp max_pool1d max_pool2d max_pool3d normalize rmsprop
    rms_norm selu silu softmin std std_mean var var_mean xavier_uniform_
    xlogy""".split())
# What the lessons write themselves: torch's must not be called.
LESSONS = {"sigmoid", "sigmoid_", "relu", "relu_", "tanh", "tanh_",
           "softplus", "softmax", "log_softmax", "mse_loss", "nll_loss",
           "binary_cross_entropy", "cross_entropy", "lerp", "lerp_",
           "threshold"}


def wing_files(wing):
    """The Python files of a wing, without the front door."""
    return [path for path in sorted((ROOT / wing).rglob("*.py"))
            if not str(path.relative_to(ROOT)).startswith(DOOR)]


def imports(tree):
    """Every module that the file imports."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""
            yield from (f"{node.module}.{alias.name}"
                        for alias in node.names)


def fused(tree):
    """Every attribute that is torch's version of what a lesson writes.

    `torch.sigmoid`, `x.sigmoid()` and `torch.nn` are attributes; a name
    imported from another topic of the wing is not.
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
    """The forbidden names that a file of that wing uses."""
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


def public_names(tree):
    """Functions, classes and constants, in order of definition."""
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
    # The default of a parameter may be a function: drop its address.
    text = re.sub(" at 0x[0-9a-f]+", "", str(inspect.signature(function)))
    for wing in WINGS:
        text = text.replace(f"{wing}._optimizer.", "").replace(
            f"{wing}.", "")
    return text.replace("torch.optim.optimizer.Optimizer", "Optimizer")


def mirror_differences(topic, name):
    """How the two definitions of one name differ."""
    hand, ref = (getattr(importlib.import_module(f"{wing}.{topic}"), name)
                 for wing in WINGS)
    if not callable(hand):
        return [] if type(hand) is type(ref) else [f"{name}: types differ"]
    found = []
    if signature(hand) != signature(ref):
        found.append(f"{name}: {signature(hand)}, {signature(ref)}")
    if not (hand.__doc__ and ref.__doc__):
        found.append(f"{name}: a docstring is missing")
    if inspect.isclass(hand):
        for method in dir(hand):
            if method.startswith("_") or method == "update":
                continue
            if not hasattr(ref, method):
                found.append(f"{name}.{method}: missing by torch")
    return found
