"""An optimiser is called as its reading says. Runs in the child."""

import sys
from typing import Any

import numpy as np

from tests.judge.objects import Box, Layer, Model, array
from tests.judge.reading import Reading


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
        self.handed: list[tuple[Any, np.ndarray]] = []
        self.missed = False
        self.state: dict[Any, dict[str, Any]] = {}
        self.boxes: list[Any] = []
        if reading.scope in ("objects", "torch"):
            self._objects()
        elif reading.scope in ("object", "all objects"):
            self.boxes = [Box(p) for p in self.params]
        elif reading.scope == "layer":
            self._layers()
        self.makers = self._make_all() if reading.is_class else []

    def _native(self, array: np.ndarray) -> Any:
        """An array of the person's library, with memory of its own."""
        if self.reading.library == "torch":
            return sys.modules["torch"].tensor(array)
        return np.array(array)

    def _objects(self) -> None:
        if self.reading.library == "torch":
            self.boxes = [p.requires_grad_() for p in self.params]
        else:
            self.boxes = [Box(p) for p in self.params]

    def _layers(self) -> None:
        weight, grad, bias, bias_grad = self.reading.layer
        for p in self.params:
            layer = Layer()
            setattr(layer, weight, p)
            setattr(layer, grad, p * 0)
            # A bias that never moves.
            if bias:
                setattr(layer, bias, self._native(np.zeros((1, 1))))
            if bias_grad:
                setattr(layer, bias_grad, self._native(np.zeros((1, 1))))
            self.boxes.append(layer)

    # The person's objects.

    def _make_all(self) -> list[Any]:
        if self.reading.scope in ("objects", "torch"):
            return [self._make(0)]
        if self.reading.scope.startswith("all") or self.reading.shared:
            return [self._make(0)] * len(self.params)
        return [self._make(i) for i in range(len(self.params))]

    def _make(self, i: int) -> Any:
        values = {}
        for name, role in self.reading.build:
            if role in ("params", "model"):
                boxes = self.boxes or self._container(self.params)
                if role == "model":
                    boxes = Model(list(boxes))
                elif self.reading.container == "dict":
                    boxes = {f"W{i}": box
                             for i, box in enumerate(boxes, 1)}
                values[name] = boxes
            elif role == "shape":
                values[name] = np.shape(self.params[i])
            elif role == "betas":
                values[name] = (self.options.get("beta1", 0.9),
                                self.options.get("beta2", 0.999))
            elif role in self.options:
                values[name] = self.options[role]
        made = self.target(**values)
        for role, attribute in self.reading.attributes:
            if role in self.options and hasattr(made, attribute):
                given = dict((r, a) for a, r in self.reading.build)
                if role not in given:
                    setattr(made, attribute, self.options[role])
        return made

    def _set_lr(self, lr: float) -> None:
        attributes = [attribute for option, attribute
                      in self.reading.attributes if option == "lr"]
        for made in self.makers:
            if self.reading.scope == "torch":
                for group in made.param_groups:
                    group["lr"] = lr
            for attribute in attributes:
                if hasattr(made, attribute):
                    setattr(made, attribute, lr)

    # One step.

    def step(self, grads: list[np.ndarray | None],
             lr: float) -> list[np.ndarray]:
        """Call the person's code; return all parameters."""
        self.t += 1
        if lr != self.options["lr"]:
            self.options["lr"] = lr
            self._set_lr(lr)
        native = [None if g is None else self._native(g) for g in grads]
        self.handed = [(mine, g) for mine, g in zip(native, grads)
                       if mine is not None]
        for name in self.reading.before:
            for made in dict.fromkeys(self.makers):
                getattr(made, name)()
        scope = self.reading.scope
        if scope in ("objects", "torch"):
            self._step_objects(native)
        elif scope.startswith("all"):
            self._step_all(native, lr)
        else:
            for i, g in enumerate(native):
                if g is not None:
                    self._step_each(i, g, lr)
        for name in self.reading.after:
            for made in dict.fromkeys(self.makers):
                getattr(made, name)()
        return [array(p) for p in self.params]

    def changed_gradient(self) -> bool:
        """Did the last step write into a gradient?"""
        return any(not np.array_equal(array(mine), g, equal_nan=True)
                   for mine, g in self.handed)

    def _step_objects(self, grads: list[Any]) -> None:
        for box, g in zip(self.boxes, grads):
            box.grad = g
        getattr(self.makers[0], self.reading.method)()
        if self.reading.library != "torch":
            self.params = [box.data for box in self.boxes]

    def _step_all(self, grads: list[Any], lr: float) -> None:
        dict_ = self.reading.container == "dict"
        if self.reading.scope == "all objects":
            for box, g in zip(self.boxes, grads):
                box.grad = g
            self._call(0, self._container(self.boxes), None, lr)
            self.params = [box.data for box in self.boxes]
            return
        params = self._container(self.params)
        given = self._container(grads)
        if dict_:
            given |= {f"d{key}": g for key, g in given.items()}
        result = self._call(0, params, given, lr)
        new = result.get("param", params)
        if "direction" in result:
            minus = 1 if "lr" in self.reading.options() else lr
            new = [p - minus * d for p, d in zip(
                self.params, self._listed(result["direction"]))]
        self.params = self._listed(new)

    def _container(self, items: list[Any]) -> Any:
        if self.reading.container == "dict":
            names = [f"{letter}{layer}" for layer in (1, 2, 3)
                     for letter in ("W", "b")]
            return dict(zip(names, items))
        return list(items)

    def _listed(self, items: Any) -> list[Any]:
        return list(items.values() if isinstance(items, dict) else items)

    def _step_each(self, i: int, g: Any, lr: float) -> None:
        scope = self.reading.scope
        if scope == "object":
            self.boxes[i].grad = g
            self._call(i, self.boxes[i], g, lr)
            self.params[i] = self.boxes[i].data
            return
        if scope == "layer":
            weight, grad = self.reading.layer[:2]
            setattr(self.boxes[i], grad, g)
            self._call(i, None, g, lr)
            self.params[i] = getattr(self.boxes[i], weight)
            return
        result = self._call(i, self.params[i], g, lr)
        if "param" in result:
            self.params[i] = result["param"]
        elif "direction" in result:
            minus = 1 if "lr" in self.reading.options() else lr
            self.params[i] = self.params[i] - minus * result["direction"]

    def _call(self, i: int, param: Any, grad: Any, lr: float) -> Any:
        """Fill the arguments by their roles; return results by theirs."""
        reading = self.reading
        state = self.state.setdefault(i, {})
        values: dict[str, Any] = {}
        for name, role in reading.call:
            if role == "param":
                values[name] = param
            elif role == "grad":
                values[name] = grad
            elif role in ("b", "db"):
                values[name] = self._native(np.zeros((1, 1)))
            elif role == "t":
                values[name] = self.t
            elif role == "key" or role == "layer" and (
                    reading.scope != "layer"):
                values[name] = f"p{i}"
            elif role == "layer":
                values[name] = self.boxes[i]
            elif role == "lr":
                values[name] = lr
            elif role == "betas":
                values[name] = (self.options.get("beta1", 0.9),
                                self.options.get("beta2", 0.999))
            elif role in ("m", "v", "vmax", "config"):
                if role not in state:
                    state[role] = self._first_state(role, i, param)
                if role == "config" and isinstance(state[role], dict):
                    state[role].update({
                        key: self.options[option] for key, option
                        in reading.keys if option in self.options})
                values[name] = state[role]
            elif role in self.options:
                values[name] = self.options[role]
        function = self.target
        if reading.is_class:
            function = getattr(self.makers[i], reading.method)
        result = function(**values)
        if not reading.returns or result is None:
            return {}
        parts = result if (isinstance(result, tuple)
                           and len(reading.returns) > 1) else (result,)
        found = dict(zip(reading.returns, parts))
        state.update({role: value for role, value in found.items()
                      if role in ("m", "v", "vmax", "config")})
        return found

    def _first_state(self, role: str, i: int, param: Any) -> Any:
        kind = self.reading.state
        if kind == "none":
            return None
        if kind == "empty" or role == "config" and kind == "zeros" and (
                not self.reading.scope.startswith("all")
                or self.reading.keys):
            return {}
        if not self.reading.scope.startswith("all"):
            return param * 0 if param is not None else 0.0
        zeros = [p * 0 for p in self.params]
        if kind == "pairs":
            return [(p * 0, p * 0) for p in self.params]
        return self._container(zeros)


def drive(person: Any, name: str, reading: Reading, runs: list[Any],
          mode: str, call: Any) -> list[dict[str, Any]]:
    """Run the person's optimiser: the parameters after each step.

    A run has start, options and steps: (gradients, lr). call(function,
    arguments...) guards the person's code. mode "poison" overwrites
    each gradient after its step; "twin" trains another run between.
    """
    target = person.find(name)
    return [call(_run, target, reading, run, mode) for run in runs]


def _run(target: Any, reading: Reading, run: Any,
         mode: str) -> dict[str, Any]:
    session = Session(target, reading, run.start, dict(run.options))
    twin = (Session(target, reading, run.start, dict(run.options))
            if mode == "twin" else None)
    after, wrote = [], False
    for grads, lr in run.steps:
        after.append(session.step(grads, lr))
        wrote = wrote or session.changed_gradient()
        if mode == "poison":
            for mine, g in session.handed:
                mine[...] = 12345.0
        if twin:
            twin.step([None if g is None else g + 3 for g in grads], lr)
    return {"params": after, "wrote": wrote}
