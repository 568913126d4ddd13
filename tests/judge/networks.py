"""The readings of code that is handed layers, or a whole network."""

import ast
from collections.abc import Iterator
from dataclasses import replace

from tests.judge import roles
from tests.judge.objects import GRADIENTS
from tests.judge.reading import Reading
from tests.judge.source import Class, Function

# The attributes of a layer.
WEIGHT = "weights w weight kernel weightmatrix".split()
WEIGHT_GRAD = ("dweights dw gradweights weightsgrad weightgrad gradw "
               "dweight wgrad gradweight weightsgradient weightgradient "
               "weightgradients dkernel nablaw deltaw gradientweights "
               "gradientw").split()
BIAS = "biases b bias".split()
BIAS_GRAD = ("dbiases db gradbias biasgrad dbias gradb biasesgrad bgrad "
             "gradbiases biasgradient nablab deltab gradientbias "
             "gradientbiases gradientb").split()


def readings(base: Reading, found: Function,
             owner: Class | None) -> Iterator[Reading]:
    """Layers with weights and their gradients; a network with both.

    owner: the class whose method it is.
    """
    methods = [*owner.methods.values()] if owner else [found]
    taken = {role for _, role in base.call}
    names = {"layer", "l", "lyr"} | {
        name for name, role in base.call if role == "layer"}
    for method in methods:
        names |= _loops_over(method)
    used = {roles.plain(attribute): attribute for method in methods
            for name in names for attribute in method.attributes(name)}
    for layer in _layers(used):
        if "layer" in taken:
            for shared in True, False:
                yield replace(base, scope="layer", shared=shared,
                              layer=layer)
        else:
            yield replace(base, scope="layers", layer=layer)
    if "model" in taken | base.builds() and any(
            isinstance(node, ast.Attribute) and node.attr in GRADIENTS
            for method in methods for node in ast.walk(method.node)):
        for container in "dict", "list":
            yield replace(base, scope="network", container=container)


def _loops_over(found: Function) -> set[str]:
    """The variables of loops over layers."""
    return {one.id for node in ast.walk(found.node)
            if isinstance(node, ast.For | ast.comprehension)
            and "layers" in ast.unparse(node.iter)
            for one in ast.walk(node.target) if isinstance(one, ast.Name)}


def _layers(used: dict[str, str]) -> Iterator[tuple[str, ...]]:
    """Where a layer has its weight, its gradient, its bias, its gradient.

    "params.W" is layer.params["W"], "params.0" is layer.params[0].
    """
    def pick(choices: list[str]) -> str:
        return next((used[one] for one in choices if one in used), "")

    weight, grad = pick(WEIGHT), pick(WEIGHT_GRAD)
    if weight and grad:
        yield weight, grad, pick(BIAS), pick(BIAS_GRAD)
    holder, slopes = pick(["params", "parameters"]), pick(
        ["grads", "gradients", "grad"])
    if holder and slopes:
        for keys in "Wb", "01":
            yield tuple(f"{place}.{key}" for key in keys
                        for place in (holder, slopes))
