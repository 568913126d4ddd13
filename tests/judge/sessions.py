"""An optimiser is called as its reading says. Runs in the child."""

import re
from importlib import import_module
from typing import Any

import numpy as np

from tests.judge import makers, roles
from tests.judge.objects import (Box, Model, Network, array, assignable,
                                 container, layers, listed, put, take)
from tests.judge.reading import Reading

STATES = ("m", "v", "vmax", "more", "config")


class Session:
    """The parameters of one run, and the person's objects.

    start: NumPy arrays. options: option -> number. `step` takes one
    gradient or None for each, and lr; it returns the parameters.
    """

    def __init__(self, target: Any, reading: Reading,
                 start: list[np.ndarray], options: dict[str, Any]):
        self.target, self.reading, self.options = target, reading, options
        self.t = reading.first_t - 1
        self.params = [self._native(one) for one in start]
        # how often each parameter was updated
        self.counts = [self.t] * len(start)
        self.handed: list[tuple[Any, np.ndarray]] = []
        self.state: dict[Any, dict[str, Any]] = {}
        self.boxes: list[Any] = []
        if reading.scope in ("layer", "layers"):
            self.boxes = layers(self.params, reading.layer,
                                lambda: self._native(np.zeros((1, 1))))
        elif "object" in reading.scope or reading.scope == "torch":
            self.boxes = (
                [assignable(p.requires_grad_()) for p in self.params]
                if reading.library == "torch"
                else [Box(p) for p in self.params])
        if reading.scope == "network":
            self.network = Network(self._container(self.params))
        self.makers = self._make_all() if reading.is_class else []
        self.can_set_lr = makers.can_set_lr(
            self.makers, reading, options.get("lr"))

    def _native(self, array: np.ndarray) -> Any:
        """An array of the person's library, with memory of its own."""
        if self.reading.library == "torch":
            return import_module("torch").tensor(array)
        return np.array(array)

    def _zero(self, param: Any) -> Any:
        return (param.detach() if hasattr(param, "detach") else param) * 0

    def _make_all(self) -> list[Any]:
        reading, number = self.reading, len(self.params)
        boxes: Any = self.boxes
        if reading.scope == "all":
            boxes = self._container(self.params)
        elif reading.scope == "network":
            boxes = self.network
        elif reading.container == "dict":
            boxes = {f"W{i}": box for i, box in enumerate(boxes, 1)}

        self.given = boxes

        def make(i: int) -> Any:
            return makers.make(self.target, reading, self.options,
                               self.params[i], boxes or self.params)
        if reading.shared or reading.scope not in ("each", "object",
                                                   "layer"):
            return [make(0)] * number
        return [make(i) for i in range(number)]

    def _distinct(self) -> list[Any]:
        return [*{id(made): made for made in self.makers}.values()]

    # One step.

    def step(self, grads: list[np.ndarray | None],
             lr: float) -> list[np.ndarray]:
        """Call the person's code; return all parameters."""
        self.t += 1
        if lr != self.options["lr"]:
            for made in self._distinct():
                makers.set_lr(made, self.options["lr"], lr)
            self.options["lr"] = lr
        native = [None if g is None else self._native(g) for g in grads]
        self.handed = [(mine, g) for mine, g in zip(native, grads)
                       if mine is not None]
        able = [made for made, g in zip(self.makers, grads)
                if g is not None or self.reading.shared]
        self._each_maker(able, self.reading.before)
        scope = self.reading.scope
        if scope in ("objects", "torch"):
            self._fill(native)
            self._method(0)(*[lambda: import_module("torch").tensor(0.0)
                              for _ in self.reading.call])
        elif scope == "all objects":
            self._fill(native)
            self._call(0, self._container(self.boxes), None)
        elif scope == "layers":
            self._fill(native, self.reading.layer[1])
            self._call(0, self.boxes, None)
        elif scope == "network":
            self.network.grads = self._container(native)
            self._call(0, None, None)
            self.params = listed(self.network.params)[:len(native)]
        elif scope == "all":
            self._step_all(native, lr)
        else:
            for i, g in enumerate(native):
                if g is not None:
                    self.counts[i] += 1
                    self._step_each(i, g, lr)
        self._each_maker(able, self.reading.after)
        if scope.startswith("layer"):
            self.params = [take(box, self.reading.layer[0])
                           for box in self.boxes]
        elif self.boxes:
            self.params = [box.data for box in self.boxes]
        return [array(p) for p in self.params]

    @staticmethod
    def _each_maker(able: list[Any], methods: tuple[str, ...]) -> None:
        for name in methods:
            for made in {id(made): made for made in able}.values():
                getattr(made, name)()

    def _fill(self, grads: list[Any], name: str = "grad") -> None:
        for box, g in zip(self.boxes, grads):
            put(box, name, g)

    def changed_gradient(self) -> bool:
        """Did the last step write into a gradient? Zeros are allowed."""
        return any(not np.array_equal(array(mine), g, equal_nan=True)
                   and array(mine).any() for mine, g in self.handed)

    def _step_all(self, grads: list[Any], lr: float) -> None:
        params = self._container(self.params)
        given = self._container(grads)
        result = self._call(0, params, given)
        if ("params" in self.reading.builds()
                and "param" not in self.reading.takes()):
            params = self._kept()
        new = listed(result.get("param", params))
        if "direction" in result:
            new = [self._moved(p, d, lr) for p, d in zip(
                self.params, listed(result["direction"]))]
        self.params = new[:len(self.params)]

    def _kept(self) -> Any:
        """The parameters that the person's object was made with."""
        name = next(name for name, role in self.reading.build
                    if role == "params")
        kept = getattr(self.makers[0], name, None)
        return kept if isinstance(kept, list | dict) else self.given

    def _container(self, items: list[Any]) -> Any:
        return container(self.reading.container, items,
                         lambda: self._native(np.zeros((1, 1))))

    def _moved(self, param: Any, direction: Any, lr: float) -> Any:
        sign = -1 if "-" in self.reading.moves else 1
        return param + sign * (lr if "lr" in self.reading.moves else 1
                               ) * direction

    def _step_each(self, i: int, g: Any, lr: float) -> None:
        scope = self.reading.scope
        if scope == "object":
            self.boxes[i].grad = g
            self._call(i, self.boxes[i], g)
            return
        if scope == "layer":
            put(self.boxes[i], self.reading.layer[1], g)
            self._call(i, None, g)
            return
        result = self._call(i, self.params[i], g)
        if "param" in result:
            self.params[i] = result["param"]
        elif "direction" in result:
            self.params[i] = self._moved(self.params[i],
                                         result["direction"], lr)

    def _value(self, role: str, i: int, param: Any, grad: Any) -> Any:
        """What stands for a role; NotImplemented leaves the default."""
        reading = self.reading
        if role == "param":
            return param
        if role == "grad":
            return grad
        if role == "layers":
            return self.boxes
        if role == "model":
            return (self.network if reading.scope == "network"
                    else Model(self.boxes, self.boxes))
        if role == "pairs":
            pairs = list(zip(param, grad))
            return ([pair[::-1] for pair in pairs]
                    if reading.container == "grads first" else pairs)
        if role in ("b", "db"):
            biases = [self._native(np.zeros((1, 1))) for _ in self.params]
            return biases if reading.scope == "all" else biases[0]
        if role in ("one", "off"):
            return 1 if role == "one" else 0.0
        if role == "t":
            return (self.counts[i] if reading.scope in ("each", "object")
                    else self.t)
        if role == "layer" and reading.scope == "layer":
            return self.boxes[i]
        if role in ("key", "layer"):
            return f"p{i}"
        if role == "betas":
            return makers.betas(self.options)
        if role == "hyper":
            return self._options(self.state[i].setdefault("hyper", {
                "t": reading.first_t}))
        if role in STATES:
            found = self._state(role, i, param)
            return (self._options(found) if role == "config"
                    and "hyper" not in reading.takes() else found)
        return self.options.get(role, NotImplemented)

    def _state(self, role: str, i: int, param: Any) -> Any:
        state = self.state[i]
        if role not in state:
            state[role] = self._first_state(role, i)
        return state[role]

    def _options(self, place: Any) -> Any:
        """Options in a dict."""
        if isinstance(place, dict):
            place.update({key: self.options[option] for key, option
                          in self.reading.keys if option in self.options})
        return place

    def _method(self, i: int) -> Any:
        if self.reading.is_class:
            return getattr(self.makers[i], self.reading.method)
        return self.target

    def _call(self, i: int, param: Any, grad: Any) -> Any:
        """Fill the arguments by their roles; return results by theirs."""
        reading = self.reading
        state = self.state.setdefault(i, {})
        values = {name: self._value(role, i, param, grad)
                  for name, role in reading.call}
        result = self._method(i)(**{
            name: value for name, value in values.items()
            if value is not NotImplemented})
        if not reading.returns or result is None:
            return {}
        several = (isinstance(result, tuple | list)
                   and len(reading.returns) > 1)
        found = dict(zip(reading.returns, result if several
                         else (result,)))
        state.update({role: value for role, value in found.items()
                      if role in STATES})
        return found

    def _first_state(self, role: str, i: int) -> Any:
        kind, reading = self.reading.state, self.reading
        if kind == "none":
            return None
        several = reading.scope.startswith("all")
        if kind == "made":
            return getattr(self.makers[i], reading.maker)(
                self._container(self.params) if several
                else self.params[i])
        zeros = [self._zero(p) for p in self.params]
        if kind == "tuple":
            return tuple(0 if roles.value(name, "t") else
                         self._container(zeros) if several else zeros[i]
                         for name in reading.filled)
        if kind == "filled":
            return {name: 0 if roles.value(name, "t") else
                    self._container(zeros) if several else zeros[i]
                    for name in reading.filled}
        if kind == "empty" or role == "config" and kind == "zeros" and (
                not several or reading.keys
                and "hyper" not in reading.takes()):
            return {}
        name = next(name for name, one in reading.call if one == role)
        if "b" in reading.takes() and not several and re.search(
                "b(ias)?$", name.lower()):
            # The velocity of a bias that never moves.
            return self._native(np.zeros((1, 1)))
        if not several:
            return zeros[i]
        if kind == "pairs":
            return [(p, self._zero(p)) for p in zeros]
        return self._container(zeros)
