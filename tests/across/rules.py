"""Rules 1 and 2: what a file may import, and what mirrors what."""

import ast
import importlib
import inspect
import re
import typing

import torch

from scratch.front_door.source import ROOT

WINGS = ("scratch", "torch_ref")
# The front door is the only place that may import both wings.
DOOR = ("scratch/__main__.py", "scratch/front_door/")
# All that scratch/ takes from torch and NumPy: torch.NAME, np.NAME, and
# x.NAME of a tensor. A name of torch's that is missing here is rejected.
ALLOWED = set("""
    abs argmax exp expm1 frexp log log1p max mean min prod sign sqrt sum
    where
    add_ cat clamp clamp_ copy_ div_ fill_ index_add_ mul_ scatter_ sub_
    all any is_complex is_floating_point isfinite isnan numel
    arange as_tensor empty empty_like linspace new_full new_zeros ones
    ones_like tensor zeros zeros_like
    Generator Tensor bernoulli_ manual_seed normal_ rand randn random_
    randperm uniform_
    T expand flatten flip index_select indices itemsize masked_fill permute
    reshape split stack sum_to_size unflatten unfold values view
    array clone cpu device dim dtype from_numpy frombuffer
    get_default_dtype item load long name ndarray numpy savez shape size
    to tolist type
    bfloat16 bool float16 float32 float64 int16 int64 uint8
    backward data detach enable_grad grad inference_mode
    is_autocast_enabled is_leaf is_meta layout requires_grad
    requires_grad_ strided
    __init__ __name__ __new__ _version""".split())
# What the topic `init` calls by its own name: nobody draws by hand.
DRAWS = {"normal_", "uniform_"}
MODULES = {"torch", "np"}
# What these import can't reach torch.
STANDARD = """collections contextlib copy dataclasses errno functools gzip
    io itertools json math numbers os pathlib scratch stat tempfile typing
    warnings zipfile zlib""".split()
IMPORTS = {"import torch", "from torch import Tensor",
           "import numpy as np", "from operator import index",
           "from sklearn.datasets import load_digits",
           "from sklearn.datasets import load_breast_cancer"}
# What could reach torch by a name that is computed.
COMPUTED = set("""
    __builtins__ __import__ compile eval exec getattr globals locals
    vars""".split())


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


def wrong_imports(tree):
    """Every import by which scratch/ could reach more than ALLOWED."""
    for node in ast.walk(tree):
        if not isinstance(node, (ast.Import, ast.ImportFrom)):
            continue
        start = ("" if isinstance(node, ast.Import) else
                 f"from {'.' * node.level}{node.module or ''} ")
        for alias in node.names:
            line = f"{start}import {ast.unparse(alias)}"
            root, *rest = re.split(r"[ .]", line)[1:]
            if line not in IMPORTS and (
                    root not in STANDARD or "front_door" in rest):
                yield line


def not_by_hand(tree):
    """Every name of torch's, or of NumPy's, that is not in ALLOWED.

    A module's name must be followed by a dot, so that it has no other
    name. A function must not call torch's function of its own name; a
    method may, because it has a slope to add.
    """
    parents = {child: node for node in ast.walk(tree)
               for child in ast.iter_child_nodes(node)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            known = (hasattr(torch, node.attr)
                     or hasattr(torch.Tensor, node.attr)
                     or getattr(node.value, "id", None) in MODULES)
            if known and node.attr not in ALLOWED:
                yield node.attr
        elif isinstance(node, ast.Name):
            if node.id in COMPUTED or node.id in MODULES and not isinstance(
                    parents[node], ast.Attribute):
                yield node.id
        elif (isinstance(node, ast.FunctionDef)
              and not isinstance(parents[node], ast.ClassDef)):
            yield from (inner.attr for inner in ast.walk(node)
                        if isinstance(inner, ast.Attribute)
                        and inner.attr == node.name not in DRAWS
                        and hasattr(torch.Tensor, node.name))


def breaks_rule_one(source, wing):
    """What a file of that wing must not use."""
    tree = ast.parse(source)
    if wing == "scratch":
        return [*not_by_hand(tree), *wrong_imports(tree)]
    computed = {node.id for node in ast.walk(tree)
                if isinstance(node, ast.Name)} & COMPUTED
    return [*computed, *(name for name in imports(tree) if name.split(
        ".")[0] in ("", "scratch", "tests", "importlib"))]


def public_names(tree):
    """Functions, classes and constants, in order of definition."""
    for node in tree.body:
        targets = getattr(node, "targets", [getattr(node, "target", None)])
        names = [getattr(node, "name", None), *(
            name.id for target in targets if target
            for name in ast.walk(target) if isinstance(name, ast.Name))]
        yield from (name for name in names
                    if name and not name.startswith("_"))


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
        found += [f"{name}.{method}: missing by hand"
                  for method in vars(ref) if not method.startswith("_")
                  and method != "forward" and not hasattr(hand, method)
                  and method not in typing.get_type_hints(hand)]
        for method in dir(hand):
            if method.startswith("_") and method != "__call__" or (
                    method in ("update", "lr")):
                continue
            # nn.Module's __call__ calls forward.
            other = getattr(ref, "forward" if method == "__call__"
                            else method, None)
            ours, theirs = map(arguments, (getattr(hand, method), other))
            if theirs and ours != theirs[:len(ours)] or any(
                    # Torch's own methods have more options.
                    "=" not in extra
                    for extra in (theirs or ())[len(ours):]):
                found.append(f"{name}.{method}: {ours}, {theirs}")
    return found


def arguments(function):
    """The parameters of a function, in order, without annotations."""
    if not callable(function):
        return ["missing"]
    if isinstance(function, type(torch.Tensor.exp)):
        # Python does not know the parameters of what is written in C.
        return None
    return [str(parameter.replace(annotation=parameter.empty))
            for parameter in inspect.signature(function).parameters.values()]
