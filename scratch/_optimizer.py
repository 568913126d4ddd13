"""The machine around an optimiser's formula: what all of them share."""

from collections.abc import Callable, Iterable
from typing import Any

from torch import Tensor


class Optimizer:
    """Parameters, options, and a state for each parameter.

    params: a list of leaf tensors, else TypeError or ValueError.
    options: numbers >= 0 and betas in [0, 1), else ValueError. They
    are kept in `param_groups[0]` and may be changed between steps, as
    in torch: `optimizer.param_groups[0]["lr"] = 0.1`.

    `state[i]` belongs to the i-th parameter. A subclass gives
    `update(p, g, state, **options)`, which changes p in place.
    """

    update: Callable[..., None]

    def __init__(self, params: Iterable[Tensor], **options: Any):
        if isinstance(params, Tensor):
            raise TypeError("params: wanted a list of tensors, given "
                            "one tensor")
        self.params = list(params)
        if not self.params:
            raise ValueError("params: wanted a list of tensors, given "
                             "an empty list")
        for p in self.params:
            if not isinstance(p, Tensor):
                raise TypeError("params: wanted a list of tensors, "
                                f"given a {type(p).__name__} in it")
            if not p.is_leaf:
                raise ValueError("params: wanted leaf tensors, given "
                                 "the result of a computation")
        for name, value in options.items():
            if name == "betas":
                if not all(0.0 <= beta < 1.0 for beta in value):
                    raise ValueError("betas: wanted numbers in [0, 1), "
                                     f"given {value}")
            # Torch lets any dampening pass.
            elif name != "dampening" and not 0.0 <= value:
                raise ValueError(
                    f"{name}: wanted a number >= 0, given {value}")
        self.param_groups = [options]
        self.state: list[dict[str, Any]] = [{} for _ in self.params]

    def step(self) -> None:
        """Update every parameter that has a gradient."""
        options = self.param_groups[0]
        for p, state in zip(self.params, self.state):
            if p.grad is not None:
                self.update(p.data, p.grad, state, **options)

    def zero_grad(self) -> None:
        """Forget all gradients."""
        for p in self.params:
            p.grad = None

    def state_dict(self) -> dict[str, Any]:
        """State and options, in torch's own layout."""
        state = {i: dict(s) for i, s in enumerate(self.state) if s}
        indices = list(range(len(self.params)))
        group = {**self.param_groups[0], "params": indices}
        return {"state": state, "param_groups": [group]}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Take over a `state_dict`, our own or torch's.

        ValueError, and nothing changed, if it was made for other
        parameters or by another optimiser.
        """
        options = self.param_groups[0]
        group = state_dict["param_groups"][0]
        if len(group["params"]) != len(self.params):
            raise ValueError(
                f"state_dict: wanted {len(self.params)} parameters, "
                f"given {len(group['params'])}")
        if not options.keys() <= group.keys():
            raise ValueError(
                f"state_dict: wanted the options {sorted(options)}, "
                f"given {sorted(group)}")
        state: list[dict[str, Any]] = [{} for _ in self.params]
        for i, saved in state_dict["state"].items():
            for name, value in saved.items():
                state[i][name] = _like(self.params[i], name, value)
        self.state = state
        self.param_groups = [{name: group[name] for name in options}]


def _like(p: Tensor, name: str, value: Any) -> Any:
    """One entry of a saved state, for the parameter p."""
    if name == "step":
        # torch's is a tensor
        return int(value)
    if value.shape != p.shape:
        raise ValueError(
            f"state_dict: wanted {name} of shape {tuple(p.shape)}, "
            f"given {tuple(value.shape)}")
    return value.to(p).clone()
