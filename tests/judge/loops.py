"""A person's whole training: x = adam(gradient, x, steps). In the child.
"""

from typing import Any

import numpy as np

from tests.judge.objects import array
from tests.judge.reading import Reading
from tests.judge.sessions import Session


class Stops(Exception):
    """The training ends before its last step."""


class Loop(Session):
    """For t steps it is called afresh, and told to make t steps.

    The function that it is handed gives back the gradients of the run.
    """

    def __init__(self, target: Any, reading: Reading,
                 start: list[np.ndarray], options: dict[str, Any]):
        super().__init__(target, reading, start, options)
        self.can_set_lr = ""
        # for each parameter: its gradients, and where it has been
        self.slopes: list[list[Any]] = [[] for _ in start]
        self.path = [[one] for one in start]

    def step(self, grads: list[np.ndarray | None],
             lr: float) -> list[np.ndarray]:
        """Train again from the start, one step further."""
        self.t += 1
        for i, g in enumerate(grads):
            self.slopes[i].append(g)
            self.path[i].append(self._train(i))
        self.params = [path[-1] for path in self.path]
        return [array(p) for p in self.params]

    def _train(self, i: int) -> np.ndarray:
        self.asked = 0
        if self.reading.is_class:
            self.makers = self._make_all()
        result = self._call(i, self._native(self.path[i][0]), None)
        end = array(_last(result.get("param"), self.path[i][0].shape))
        stands = self.reading.stops and np.array_equal(
            end, self.path[i][-1])
        if self.asked < self.t or stands:
            raise Stops("it stops before the last step")
        return end

    def _value(self, role: str, i: int, param: Any, grad: Any) -> Any:
        if role == "count":
            return self.t
        if role == "callback":
            return lambda *_values, **_options: None
        if role == "height":
            # It falls with each step: nothing has converged.
            return lambda *_values, **_options: -float(self.asked)
        if role != "slope":
            return super()._value(role, i, param, grad)

        def slope(x: Any, *_rest: Any, **_options: Any) -> Any:
            step = min(self.asked, self.t - 1)
            if self.asked < self.t and not np.array_equal(
                    array(x), self.path[i][step], equal_nan=True):
                raise ValueError("the gradient is asked for at another "
                                 "point, which is no argument")
            self.asked += 1
            return self._native(self.slopes[i][step])
        return slope


def _last(found: Any, shape: tuple[int, ...]) -> Any:
    """The last point, where all that it passed are returned."""
    points = isinstance(found, list) or np.ndim(found) > len(shape)
    return found[-1] if points and len(found) and np.shape(
        found[-1]) == shape else found
