"""What the person's code is handed: boxes, layers, models, dicts."""

import re
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

# Other names of .data and .grad, and what is zero until it is set.
DATA = {"value", "val", "values", "tensor", "array", "_data", "w",
        "weight", "param", "_value"}
GRAD = {"gradient", "_grad", "g", "dw", "grads", "derivative", "diff",
        "_gradient", "d"}
STATE = {"velocity", "momentum", "m", "v", "s", "cache", "acc",
         "exp_avg", "exp_avg_sq", "vel", "h", "sum_sq"}


class Gradient(np.ndarray):
    """An array that has .data, as in `p.grad.data`."""

    @property
    def data(self) -> Any:
        """The numbers, without a copy."""
        return self.view(np.ndarray)

    @data.setter
    def data(self, new: Any) -> None:
        self[...] = new


class Box:
    """An object with .data and .grad, as small engines have them."""

    def __init__(self, data: Any, grad: Any = None):
        self.data, self.grad = data, grad
        self.requires_grad = self.trainable = True

    def __setattr__(self, name: str, new: Any) -> None:
        name = ("data" if name in DATA else "grad" if name in GRAD
                else name)
        if name == "grad" and type(new) is np.ndarray:
            new = new.view(Gradient)
        self.__dict__[name] = new

    def __getattr__(self, name: str) -> Any:
        if name in DATA | GRAD:
            return self.__dict__["data" if name in DATA else "grad"]
        if name in STATE:
            self.__dict__[name] = 0 * self.__dict__["data"]
            return self.__dict__[name]
        raise AttributeError(f"'Box' object has no attribute {name!r}")

    def zero_grad(self) -> None:
        """Forget the gradient."""
        self.grad = None

    def update(self, new: Any) -> "Box":
        """As in p.update(p.value - lr * p.grad)."""
        self.data = new.data if isinstance(new, Box) else new
        return self

    assign = set_data = update
    shape = property(lambda self: np.shape(self.data))
    size = property(lambda self: np.size(self.data))
    ndim = property(lambda self: np.ndim(self.data))
    dtype = property(lambda self: self.data.dtype)


def assignable(tensor: Any) -> Any:
    """With the methods that tensors of small engines have besides."""
    tensor.assign = lambda new: tensor.data.copy_(new)
    tensor.realize = lambda: tensor
    return tensor


class Layer:
    """Whatever the person's code sets on it."""

    def __getattr__(self, name: str) -> Any:
        # set_weights(w, b) under any name of that kind
        names = self.__dict__.get("_names")
        if names and re.fullmatch(r"(set|update)_\w+", name):
            def set_(w: Any = None, b: Any = None) -> None:
                setattr(self, names[0], w)
                if names[1]:
                    setattr(self, names[1], b)
            return set_
        raise AttributeError(f"'Layer' object has no attribute {name!r}")


def layers(params: list[Any], names: tuple[str, ...],
           no_bias: Callable[[], Any]) -> list[Layer]:
    """One a parameter, with a bias that never moves.

    names: of the weight, its gradient, the bias, its gradient.
    """
    found = []
    for p in params:
        layer = Layer()
        layer.__dict__["_names"] = names[0], names[2]
        put(layer, names[0], p)
        put(layer, names[1], p * 0)
        for name in names[2:]:
            if name:
                put(layer, name, no_bias())
        found.append(layer)
    return found


def put(layer: Any, name: str, value: Any) -> None:
    """Set "weights", or the entry "W" of "params.W"."""
    holder, _, key = name.partition(".")
    if not key:
        setattr(layer, name, value)
    elif key.isdigit():
        place = layer.__dict__.setdefault(holder, Called([None, None]))
        place[int(key)] = value
    else:
        layer.__dict__.setdefault(holder, Named())[key] = value


def take(layer: Any, name: str) -> Any:
    """What `put` has set, or the person's code since."""
    holder, _, key = name.partition(".")
    found = getattr(layer, holder)
    return found if not key else found[
        int(key) if key.isdigit() else key]


class Called(list):
    """A list that may be called: net.params and net.params()."""

    def __call__(self) -> "Called":
        return self


class Model:
    """Its parameters, under the names that people use."""

    def __init__(self, params: Iterable[Any], layers: Any = ()):
        self.params = self.parameters = Called(params)
        self.trainable_params = self.parameters
        self.get_parameters = self.get_params = self.parameters
        self.layers = Called(layers)
        self.parametric_layers = self.trainable_layers = self.layers

    def named_parameters(self) -> Any:
        """Pairs of name and parameter."""
        return [(f"p{i}", one) for i, one in enumerate(self.params)]

    def __iter__(self) -> Any:
        return iter(self.params)

    def params_and_grads(self) -> Any:
        """Pairs of arrays."""
        return [(one.data, one.grad) for one in self.params]

    parameters_and_gradients = params_and_grads
    get_params_and_grads = params_and_grads


# What the parameters and the gradients of a network are called.
PARAMETERS = {"params", "parameters", "weights", "get_params",
              "get_parameters", "trainable_params"}
GRADIENTS = {"grads", "gradients", "get_grads", "get_gradients",
             "param_grads"}


class Network:
    """It has all parameters in one container, all gradients in another.
    """

    def __init__(self, params: Any):
        self.params, self.grads = params, params

    def __setattr__(self, name: str, new: Any) -> None:
        name = ("params" if name in PARAMETERS else "grads"
                if name in GRADIENTS else name)
        # They may be called, too.
        self.__dict__[name] = Called(new) if type(new) is list else new

    def __getattr__(self, name: str) -> Any:
        if name in PARAMETERS | GRADIENTS:
            return self.__dict__["params" if name in PARAMETERS
                                 else "grads"]
        raise AttributeError(f"'Model' object has no attribute {name!r}")

    def set_params(self, new: Any) -> None:
        """As in network.set_params(params)."""
        self.params = new

    set_parameters = update_params = set_weights = set_params


class Named(dict):
    """W1, b1, W2, ...: found as dW1, w1 and weights_1, too."""

    def __call__(self) -> "Named":
        return self

    @staticmethod
    def standard(key: Any) -> Any:
        """The name that is in the dict."""
        found = re.fullmatch(
            r"(?:d|grad_?|delta_?|[vsm]_?d?|nabla_?)?"
            r"(w|weights?|b|bias(?:es)?)_?(\d*)", str(key), re.I)
        if not found:
            return key
        return ("b" if found[1].lower()[0] == "b" else "W") + found[2]

    def __missing__(self, key: Any) -> Any:
        name = self.standard(key)
        if name == key or name not in self:
            raise KeyError(key)
        return self[name]

    def __setitem__(self, key: Any, value: Any) -> None:
        name = self.standard(key)
        super().__setitem__(name if key not in self and name in self
                            else key, value)


def container(kind: str, items: list[Any],
              no_bias: Callable[[], Any]) -> Any:
    """A list, a dict W1, b1, ..., or a layer's pairs or dicts.

    Where there are layers, each has a bias.
    """
    whole = [*items, *[no_bias() for _ in range(len(items) % 2)]]
    if kind == "dict":
        return Named(zip(_names(), whole))
    pairs = [whole[i:i + 2] for i in range(0, len(whole), 2)]
    if kind == "pairs":
        return [tuple(pair) for pair in pairs]
    if kind == "dicts":
        return [Named(W=w, b=b) for w, b in pairs]
    return list(items)


def listed(items: Any) -> list[Any]:
    """The values of what `container` makes."""
    if isinstance(items, dict):
        return [items[name] if name in items else value
                for name, value in zip(_names(), items.values())]
    return [value for one in items for value in (
        one if isinstance(one, tuple | list) else one.values()
        if isinstance(one, dict) else [one])]


def _names() -> list[str]:
    return [f"{letter}{layer}" for layer in range(1, 9)
            for letter in ("W", "b")]


def array(value: Any) -> np.ndarray:
    """A NumPy array: a copy."""
    if hasattr(value, "detach"):
        value = value.numpy(force=True)
    return np.array(value)
