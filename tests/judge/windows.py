"""Convolution and pooling as formulas with switches.

Each switch is a place where people go astray. Images are (n, c, h, w),
kernels (o, c, kh, kw).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from tests.judge.functions import Array
from tests.judge.switchboard import Settings, Switch

Given = dict[str, Any]
BUG, CONVENTION = "bug", "convention"


@dataclass(frozen=True)
class Windows:
    """A kind: a convolution, or a pooling."""

    name: str
    against: str
    # (given, settings) -> the output; dx, and for a convolution dw, db
    value: Callable[[Given, Settings], Array]
    gradient: Callable[[Given, Settings], dict[str, Array]]
    # places in the one, and in the other
    values: tuple[Switch, ...]
    slopes: tuple[Switch, ...]
    judged_by: ClassVar[str] = "tests.judge.topics.convolution"

    @property
    def switches(self) -> tuple[Switch, ...]:
        """Where one can go astray, forward and back."""
        return self.values + self.slopes

    def told(self, thrown: Settings) -> str:
        """The first input on which a switch shows."""
        for given in probes(self.name):
            found = told(given, "value", self.value(given, thrown),
                         self.value(given, {}))
            for name, right in self.gradient(given, {}).items():
                found = found or told(given, name, self.gradient(
                    given, thrown)[name], right)
            if found:
                return found
        return ""


def probes(name: str) -> list[Given]:
    """From an image of nine pixels to two of three channels."""
    random = np.random.default_rng(0)
    found = []
    for n, c, o, h, w in ((1, 1, 1, 3, 3), (1, 1, 1, 6, 6), (2, 3, 2, 5, 6)):
        k = 2 if h == 3 else 3
        for stride, padding in ((1, 0), (2, 0), (2, 1), (1, 1)):
            x = random.permutation(n * c * h * w).reshape(n, c, h, w) - 4.0
            if name != "conv2d":
                # windows of negative numbers, and ties
                x = np.floor(x / 2) - (padding > 0) * 99.0
            given = {"input": x, "stride": stride, "padding": padding,
                     "kernel": k, "weight": np.round(
                         random.normal(0, 3, (o, c, k, k))),
                     "bias": np.arange(1.0, o + 1)}
            shape = KINDS[name].value(given, {}).shape
            found.append({**given, "upstream": np.round(
                random.normal(0, 3, shape))})
    return found


def differ(yours: Any, right: Array, close: float) -> bool:
    """Another shape, or another number."""
    return np.shape(yours) != right.shape or not bool(
        np.allclose(yours, right, close, close))


def told(given: Given, what: str, yours: Any, right: Array,
         close: float = 1e-9) -> str:
    """As in: image 3 x 3, kernel 2 x 2, stride 2: ..., or ""."""
    if not differ(yours, right, close):
        return ""
    n, c, h, w = given["input"].shape
    size = f"{h} x {w}" if n * c == 1 else f"{n} x {c} x {h} x {w}"
    where = (f"{what} of input {size}, kernel {given['kernel']} x "
             f"{given['kernel']}, stride {given['stride']}, padding "
             f"{given['padding']}")
    if np.shape(yours) != right.shape:
        return (f"{where}: shape yours {np.shape(yours)}, torch "
                f"{right.shape}")
    at = tuple(map(int, np.argwhere(~np.isclose(
        yours, right, close, close))[0]))
    return f"{where}, entry {at}: yours {yours[at]:.5g}, torch {right[at]:.5g}"


def _padded(given: Given, s: Settings, fill: float) -> Array:
    before = after = given["padding"]
    if s.get("padding") == "one side":
        before, after = 0, 2 * after
    if s.get("padding") == "none":
        before = after = 0
    if s.get("size") == "ceil":
        # room for the window that is cut off
        after += given["stride"] - 1
    return np.pad(given["input"], ((0, 0), (0, 0), (before, after),
                                   (before, after)), constant_values=fill)


def _windows(given: Given, s: Settings, fill: float = 0.0) -> Array:
    """(n, c, h', w', k, k)"""
    k, stride = given["kernel"], given["stride"]
    every = sliding_window_view(_padded(given, s, fill), (k, k), (2, 3))
    found = every[:, :, ::stride, ::stride]
    if s.get("stride") == "rows":
        found = every[:, :, ::stride]
    if s.get("stride") == "not times":
        found = every[:, :, :found.shape[2], :found.shape[3]]
    if s.get("size") == "no plus 1":
        found = found[:, :, :-1, :-1]
    return found


def conv2d(given: Given, s: Settings) -> Array:
    """b + the sum of w x over each window"""
    w, b, windows = given["weight"], given["bias"], _windows(given, s)
    if s.get("kernel") == "flipped":
        w = w[:, :, ::-1, ::-1]
    if s.get("kernel") == "one":
        w = np.broadcast_to(w[:, :1], w.shape)
    if s.get("kernel") == "transposed":
        w = w.swapaxes(2, 3)
    if s.get("order") == "channels last":
        windows = windows.transpose(0, 2, 3, 4, 5, 1).reshape(
            *windows.transpose(0, 2, 3, 1, 4, 5).shape).transpose(
                0, 3, 1, 2, 4, 5)
    z = np.einsum("ncijuv,ocuv->nijo", windows, w)
    if s.get("bias") != "none":
        z = z + b * (w[0].size if s.get("bias") == "products" else 1)
    n, h, j, o = z.shape
    return (z.reshape(n, o, h, j) if s.get("result") == "reshape"
            else z.transpose(0, 3, 1, 2))


def max_pool2d(given: Given, s: Settings) -> Array:
    """the maximum of each window"""
    fill = 0.0 if s.get("fill") == "0" else -np.inf
    return _windows(given, s, fill).max((4, 5))


def avg_pool2d(given: Given, s: Settings) -> Array:
    """the mean of each window"""
    total, k = _windows(given, s).sum((4, 5)), given["kernel"]
    if s.get("divisor") == "inside":
        ones = {**given, "input": np.ones_like(given["input"])}
        return total / _windows(ones, s).sum((4, 5))
    return total / (k if s.get("divisor") == "k" else k * k)


def _scatter(given: Given, s: Settings, gradient: Callable,
             fill: float = 0.0) -> Array:
    """dx, from gradient(window, i, j) of each window."""
    k, stride, p = given["kernel"], given["stride"], given["padding"]
    x = _padded(given, {}, fill)
    dx = np.zeros_like(x)
    for i in range(given["upstream"].shape[2]):
        for j in range(given["upstream"].shape[3]):
            place = (..., slice(i * stride, i * stride + k),
                     slice(j * stride, j * stride + k))
            part = gradient(x[place], i, j)
            dx[place] = part if s.get("add") == "overwrite" else (
                dx[place] + part)
    h, w = given["input"].shape[2:]
    start = 0 if s.get("crop") == "end" else p
    return dx[..., start:start + h, start:start + w]


def conv2d_gradients(given: Given, s: Settings) -> dict[str, Array]:
    """A window's dx is G w, its dw is G x."""
    w, g, n = given["weight"], given["upstream"], len(given["input"])
    if s.get("kernel") == "flipped on the way back":
        w = w[:, :, ::-1, ::-1]
    dx = _scatter(given, s, lambda window, i, j: np.einsum(
        "no,ocuv->ncuv", g[:, :, i, j], w))
    dw = np.einsum("noij,ncijuv->ocuv", g, _windows(given, {}))
    db = g.sum(0) if s.get("db") == "pixel" else g.sum((0, 2, 3))
    how = s.get("mean")
    return {"dx": dx, "dw": dw / n if how in ("dw", "both") else dw,
            "db": db / n if how in ("db", "both") else db}


def max_pool2d_gradient(given: Given, s: Settings) -> dict[str, Array]:
    """A window's G goes to its largest entry."""
    def part(window: Array, i: int, j: int) -> Array:
        flat, ties = window.reshape(*window.shape[:2], -1), s.get("ties")
        at = (flat.shape[2] - 1 - flat[..., ::-1].argmax(2)
              if ties == "last" else flat.argmax(2))
        mask = np.arange(flat.shape[2]) == at[..., None]
        if ties in ("all", "share"):
            mask = flat == flat.max(2, keepdims=True)
        if ties == "share":
            mask = mask / mask.sum(2, keepdims=True)
        return (mask * given["upstream"][:, :, i, j, None]).reshape(
            window.shape)

    return {"dx": _scatter(given, s, part, -np.inf)}


def avg_pool2d_gradient(given: Given, s: Settings) -> dict[str, Array]:
    """A window's entries share its G."""
    g = given["upstream"] / given["kernel"] ** 2
    return {"dx": _scatter(given, s, lambda window, i, j: np.broadcast_to(
        g[:, :, i, j, None, None], window.shape))}


ANY = (
    Switch("padding-on-one-side", "padding", "one side", BUG,
           "The image must grow by 2 padding; where does not matter."),
    Switch("padding-ignored", "padding", "none", BUG,
           "There is an argument for it."),
    Switch("stride-in-one-axis", "stride", "rows", BUG,
           "The stride is for the rows."),
    Switch("window-moves-by-1", "stride", "not times", BUG,
           "Output i is the window at row i."),
    Switch("windows-without-plus-1", "size", "no plus 1", BUG,
           "How often does the stride fit into what is left?"),
    Switch("output-rounded-up", "size", "ceil", CONVENTION,
           "A window that is cut off counts, too.",
           "Caffe's pooling, torch's ceil_mode"))
OVERWRITE = (
    Switch("windows-overwrite", "add", "overwrite", BUG,
           "The gradient goes back to where the pixel came from."),
    Switch("crop-at-one-end", "crop", "end", BUG, "Cut off what is too much."))
CONV = ANY[:-1] + (
    Switch("kernel-flipped", "kernel", "flipped", CONVENTION,
           "A convolution flips its kernel: else it is a correlation.",
           "SciPy and Theano"),
    Switch("one-kernel-for-all-channels", "kernel", "one", BUG,
           "A filter is a little square that slides over every channel."),
    Switch("kernel-transposed", "kernel", "transposed", BUG,
           "Rows and columns are a matter of taste."),
    Switch("patches-channels-last", "order", "channels last", BUG,
           "A patch is c kh kw numbers, in whatever order."),
    Switch("reshape-for-permute", "result", "reshape", BUG,
           "The shape is right, so the numbers are."),
    Switch("bias-in-every-product", "bias", "products", BUG,
           "w x + b, summed over the window."),
    Switch("bias-forgotten", "bias", "none", BUG,
           "There is an argument for it."))
CONV_SLOPES = OVERWRITE + (
    Switch("kernel-flipped-on-the-way-back", "kernel",
           "flipped on the way back", BUG,
           "The way back is a convolution with the flipped kernel."),
    Switch("dw-averaged", "mean", "dw", BUG,
           "The gradient of a batch is the mean over its images."),
    Switch("db-averaged", "mean", "db", BUG,
           "The gradient of a batch is the mean over its images."),
    Switch("dw-and-db-averaged", "mean", "both", CONVENTION,
           "The loss is a sum over the batch; the mean is taken here."),
    Switch("bias-per-pixel", "db", "pixel", BUG,
           "Each output has its own bias, as in a dense layer."))
MAX = ANY + (
    Switch("max-pool-padded-with-0", "fill", "0", BUG, "Padding is zeros."),)
MAX_SLOPES = OVERWRITE + (
    Switch("tie-to-the-last", "ties", "last", BUG,
           ">= keeps the largest just as > does."),
    Switch("ties-share", "ties", "share", CONVENTION,
           "Equal entries share the gradient.",
           "TensorFlow's reduce_max, torch's amax"),
    Switch("every-tie-gets-all", "ties", "all", BUG,
           "The gradient goes where the entry equals the maximum."))
AVG = ANY + (
    Switch("average-of-the-pixels-inside", "divisor", "inside", CONVENTION,
           "The padding is no pixel, so it does not count.",
           "TensorFlow, Keras and ONNX"),
    Switch("average-over-one-axis", "divisor", "k", BUG,
           "A window of kernel_size entries."))
KINDS = {value.__name__: Windows(
    value.__name__, f"torch.nn.functional.{value.__name__}", value, gradient,
    *switches) for value, gradient, *switches in (
        (conv2d, conv2d_gradients, CONV, CONV_SLOPES),
        (max_pool2d, max_pool2d_gradient, MAX, MAX_SLOPES),
        (avg_pool2d, avg_pool2d_gradient, AVG, OVERWRITE))}
