"""Correct activations and losses in many forms, drawn from a seed."""

import random
import re

from tests.judge.forms import block
from tests.judge.forms_formulas import (ACTIVATIONS, BY_TORCH, LABEL_SLOPES,
                                        LOSSES, PICK, UP, X, Y, Table)


class Form:
    """One drawing of an activation or a loss."""

    def __init__(self, seed: int, table: Table, torch: bool = False):
        self.random = random.Random(seed)
        self.kind = self.random.choice([kind for kind in table if not torch
                                        or kind in BY_TORCH])
        self.names, values, slopes = table[self.kind]
        if torch:
            values = BY_TORCH[self.kind]
        self.x = self.one(*X.get(self.kind, "x z inputs input Z").split())
        self.y = self.one(*[y for y in Y.split() if y != self.x])
        self.d = self.one(*UP)
        self._value = self.one(*values)
        if f"[{PICK}]" in self._value:
            slopes = LABEL_SLOPES[self.kind]
        self._slope = self.one(*slopes)
        self.matrix = self.kind.endswith("softmax")

    def one(self, *choices: str) -> str:
        """One of them."""
        return self.random.choice(choices)

    def title(self, upper: bool) -> str:
        """A name, as classes or functions have it."""
        return self.one(*[one for one in self.names
                          if one[0].isupper() == upper])

    def lines(self, text: str, x: str = "", y: str = "") -> list[str]:
        """The formula, with names: the last line returns it."""
        names = {"x": x or self.x, "y": y or self.y, "d": self.d}
        if names["x"] in ("z", "p"):
            text = re.sub(r"\b([zp])\b", r"\1_", text)
        text = re.sub(r"(?<![\w.])[xyd]\b", lambda at: names[at[0]], text)
        *before, last = text.split("; ")
        if self.random.random() < 0.2:
            return before + [f"result = {last}", "return result"]
        return before + [f"return {last}"]

    def value(self, x: str = "", y: str = "") -> list[str]:
        """The lines of the value."""
        return self.lines(self._value, x, y)

    def slope(self, x: str = "", y: str = "",
              upstream: bool = False) -> list[str]:
        """The lines of the slope."""
        text = self._slope
        if upstream and not self.matrix:
            *before, last = text.split("; ")
            last = self.one(f"d * ({last})", f"({last}) * d")
            text = "; ".join([*before, last])
        return self.lines(text, x, y)

    def pair(self) -> str:
        """The prediction and the target, in some order."""
        pair = [self.x, self.y]
        return ", ".join(pair[::-1] if self.random.random() < 0.5 else pair)


def activation_alone(seed: int) -> tuple[str, list[str]]:
    """A function."""
    form = Form(seed, ACTIVATIONS)
    name = form.title(False)
    return name, block(f"def {name}({form.x}):", form.value())


def activation_prime(seed: int) -> tuple[str, list[str]]:
    """A function, and its slope by the input or with what comes after."""
    form = Form(seed, ACTIVATIONS)
    name = form.title(False)
    up = form.matrix or form.random.random() < 0.3
    other = f"{name}_backward" if up else form.one(
        f"{name}_prime", f"{name}_derivative", f"d_{name}", f"{name}_grad")
    taken = f"{form.d}, {form.x}" if up else form.x
    return name, [*block(f"def {name}({form.x}):", form.value()), "", "",
                  *block(f"def {other}({taken}):", form.slope(upstream=up))]


def activation_flag(seed: int) -> tuple[str, list[str]]:
    """A function that gives its slope if it is asked to."""
    form = Form(seed, {kind: one for kind, one in ACTIVATIONS.items()
                       if "softmax" not in kind})
    name = form.title(False)
    flag = form.one("derivative", "deriv", "prime", "derive")
    return name, block(f"def {name}({form.x}, {flag}=False):", [
        *block(f"if {flag}:", form.slope()), *form.value()])


def activation_class(seed: int) -> tuple[str, list[str]]:
    """A class that keeps its input for backward(dout)."""
    form = Form(seed, ACTIVATIONS)
    name = form.title(True)
    kept = form.one("self.x", "self.input", "self.inputs", "self.cache")
    forward = form.one("forward", "__call__")
    return name, block(f"class {name}:", [
        *block(f"def {forward}(self, {form.x}):",
               [f"{kept} = {form.x}", *form.value()]), "",
        *block(f"def backward(self, {form.d}):",
               [f"x = {kept}", *form.slope("x", upstream=True)])])


def methods(name: str, static: bool, taken: str,
            found: dict[str, list[str]]) -> list[str]:
    """A class with these methods."""
    mark, own = (["@staticmethod"], "") if static else ([], "self, ")
    lines = [line for method, body in found.items() for line in (
        *mark, *block(f"def {method}({own}{taken}):", body), "")]
    return block(f"class {name}:", lines[:-1])


def activation_methods(seed: int) -> tuple[str, list[str]]:
    """A class with a value and a slope, both of the input; maybe static.
    """
    form = Form(seed, {kind: one for kind, one in ACTIVATIONS.items()
                       if "softmax" not in kind})
    name = form.title(True)
    static = form.random.random() < 0.5
    first = form.one("forward", "fn", "activate") if static else form.one(
        "__call__", "forward", "activate")
    other = form.one("gradient", "derivative", "prime", "grad")
    return name, methods(name, static, form.x, {
        first: form.value(), other: form.slope()})


def by_torch(seed: int) -> tuple[str, list[str]]:
    """A function of tensors: its slope is by autograd."""
    form = Form(seed, {**ACTIVATIONS, **LOSSES}, torch=True)
    name = form.title(False)
    taken = form.pair() if form.kind in LOSSES else form.x
    return name, block(f"def {name}({taken}):", form.value())


def loss_functions(seed: int) -> tuple[str, list[str]]:
    """A function of prediction and target, maybe with its slope."""
    form = Form(seed, LOSSES)
    name, pair = form.title(False), form.pair()
    lines = block(f"def {name}({pair}):", form.value())
    if form.random.random() < 0.7:
        other = name + form.one("_grad", "_prime", "_derivative",
                                "_gradient")
        lines += ["", "", *block(f"def {other}({pair}):", form.slope())]
    return name, lines


def loss_class(seed: int) -> tuple[str, list[str]]:
    """A class that keeps both for backward()."""
    form = Form(seed, LOSSES)
    name, pair = form.title(True), form.pair()
    forward = form.one("forward", "__call__", "loss")
    keep = [f"self.{one} = {one}" for one in pair.split(", ")]
    return name, block(f"class {name}:", [
        *block(f"def {forward}(self, {pair}):", keep + form.value()), "",
        *block("def backward(self):",
               form.slope(f"self.{form.x}", f"self.{form.y}"))])


def loss_methods(seed: int) -> tuple[str, list[str]]:
    """A class with a value and a gradient; maybe static."""
    form = Form(seed, LOSSES)
    name, pair = form.title(True), form.pair()
    static = form.random.random() < 0.5
    first = form.one("loss", "forward", "fn" if static else "__call__")
    other = form.one("gradient", "grad", "derivative", "backward")
    return name, methods(name, static, pair, {
        first: form.value(), other: form.slope()})


def of_the_output(seed: int) -> tuple[str, list[str]]:
    """A network's methods; the slope is that of the output."""
    form = Form(seed, {kind: ACTIVATIONS[kind]
                       for kind in ("sigmoid", "tanh")})
    name = form.title(False)
    s = form.one("s", "out", "a", "output", "y")
    slope = f"{s} * (1 - {s})" if form.kind == "sigmoid" else form.one(
        f"1 - {s} ** 2", f"1.0 - {s} * {s}", f"1 - np.square({s})")
    other = name + form.one("_derivative", "_prime", "_grad")
    if form.random.random() < 0.5:
        return name, [*block(f"def {name}({form.x}):", form.value()), "",
                      "", *block(f"def {other}({s}):",
                                 [f"return {slope}"])]
    return f"NeuralNetwork.{name}", methods(
        "NeuralNetwork", False, "x", {name: form.value("x")})[:] + [
            "", f"    def {other}(self, {s}):", f"        return {slope}"]


def with_a_cache(seed: int) -> tuple[str, list[str]]:
    """A value and what the way back needs."""
    form = Form(seed, {kind: one for kind, one in ACTIVATIONS.items()
                       if "softmax" not in kind})
    name = form.title(False)
    x = form.one("Z", "z", "x")
    value = form.value(x)
    kept = form.one(x, f"({x},)")
    lines = [*value[:-1], value[-1].replace("return", "A =", 1),
             f"return A, {kept}"]
    if value[-1] == "return result":
        lines = [*value[:-1], f"return result, {kept}"]
    taken = form.one("dA, cache", "dout, cache")
    form.d = taken.split(",")[0]
    back = "x = cache" if kept == x else "x, = cache"
    return name, [*block(f"def {name}({x}):", lines), "", "", *block(
        f"def {name}_backward({taken}):",
        [back, *form.slope("x", upstream=True)])]


def in_columns(seed: int) -> tuple[str, list[str]]:
    """A softmax or a loss, with a column for each sample."""
    form = Form(seed, {kind: one for kind, one in
                       {**ACTIVATIONS, **LOSSES}.items()
                       if kind in ("softmax", "log_softmax", "ce")})
    while PICK in form._value or "reshape" in form._value or (
            "[:, None]" in form._value):
        seed += 10 ** 6
        form = Form(seed, {form.kind: {**ACTIVATIONS,
                                       **LOSSES}[form.kind]})
    name = form.title(False)
    form._value = form._value.replace("axis=1", "axis=0").replace(
        "axis=-1", "axis=0").replace("shape[0]", "shape[1]").replace(
            "len(x)", "x.shape[1]")
    taken = form.pair() if form.kind == "ce" else form.x
    return name, block(f"def {name}({taken}):", form.value())


def of_one_sample(seed: int) -> tuple[str, list[str]]:
    """A softmax of one vector."""
    form = Form(seed, {"softmax": ACTIVATIONS["softmax"]})
    form._value = form.one(
        "e = np.exp(x - np.max(x)); e / np.sum(e)",
        "e = np.exp(x - max(x)); e / e.sum()",
        "x = x - x.max(); np.exp(x) / np.exp(x).sum()")
    name = form.title(False)
    lines = block(f"def {name}({form.x}):", form.value())
    if form.random.random() < 0.5:
        lines += ["", "", *block(f"def {name}_grad({form.x}):", [
            f"p = {name}({form.x})", form.one(
                "return np.diag(p) - np.outer(p, p)",
                "return np.diagflat(p) - p[:, None] * p[None, :]")])]
    return name, lines


def autograd_function(seed: int) -> tuple[str, list[str]]:
    """torch.autograd.Function, which keeps its output."""
    form = Form(seed, {kind: ACTIVATIONS[kind]
                       for kind in ("sigmoid", "tanh", "relu")}, True)
    name, x, d = form.title(True), form.x, form.d
    slope = {"sigmoid": "y * (1 - y)", "tanh": "(1 - y ** 2)",
             "relu": "(y > 0)"}[form.kind]
    out = form.lines(form._value)[-2:]
    return name, block(f"class {name}(torch.autograd.Function):", [
        "@staticmethod", *block(f"def forward(ctx, {x}):", [
            out[0].replace("result =", "y =").replace("return", "y ="),
            "ctx.save_for_backward(y)", "return y"]), "",
        "@staticmethod", *block(f"def backward(ctx, {d}):", [
            "y, = ctx.saved_tensors", f"return {d} * {slope}"])])


def value_and_slope(seed: int) -> tuple[str, list[str]]:
    """A loss that gives its gradient, too."""
    form = Form(seed, LOSSES)
    name, pair = form.title(False), form.pair()
    *before, last = form.value()
    *more, slope = form.slope()
    return name, block(f"def {name}({pair}):", [
        *before, last.replace("return", "loss =", 1), *more,
        slope.replace("return", "gradient =", 1),
        "return loss, gradient"])


FORMS = [activation_alone, activation_prime, activation_flag,
         activation_class, activation_methods, by_torch, loss_functions,
         loss_class, loss_methods, of_the_output, with_a_cache, in_columns,
         of_one_sample, autograd_function, value_and_slope]
