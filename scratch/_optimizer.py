"""What all optimisers share: parameters, options and state."""

from collections.abc import Iterable
from numbers import Real
from typing import Any

from torch import Tensor

# Options for which True is a mistake; for others it is a flag.
NUMBERS = ("lr", "momentum", "dampening", "weight_decay", "alpha",
           "eps", "lr_decay")


class Optimizer:
    """The base class: a subclass defines `update`, one formula.

    params: a list of different leaf tensors, real numbers. options:
    at least 0, betas two numbers in [0, 1), dampening any number.
    Raises TypeError or ValueError otherwise. The options are stored in
    `param_groups[0]` and may be changed between steps, as in torch:
    `optimizer.param_groups[0]["lr"] = 0.1`.

    `state[i]` is what `update` remembers of the i-th parameter.
    """

    def __init__(self, params: Iterable[Tensor], **options: Any):
        if isinstance(params, Tensor):
            raise TypeError("params must be a list of tensors, got "
                            "one tensor")
        self.params = list(params)
        if not self.params:
            raise ValueError("params must contain at least one "
                             "tensor, got an empty list")
        for p in self.params:
            if not isinstance(p, Tensor):
                raise TypeError("params must contain tensors only, "
                                f"got a {type(p).__name__}")
            # The square of a complex g is not |g|^2.
            if p.is_complex():
                raise TypeError("params must be real, got dtype "
                                f"{p.dtype}")
            if not p.is_leaf:
                raise ValueError("params must be leaf tensors, got "
                                 "the result of a computation")
        # Each would be updated twice, from two states.
        if len(set(map(id, self.params))) < len(self.params):
            raise ValueError("params must be different tensors, got "
                             "the same one twice")
        for name, value in options.items():
            check_option(name, value)
        self.param_groups = [options]
        self.state: list[dict[str, Any]] = [{} for _ in self.params]

    def update(self, p: Tensor, g: Tensor, state: dict[str, Any],
               *args: Any, **options: Any) -> None:
        """Update p in place from its gradient g: one step.

        state: a dict that `update` may read and change. It lasts from
        one step to the next.
        """
        raise NotImplementedError

    def step(self) -> None:
        """Update every parameter that has a gradient."""
        options = self.param_groups[0]
        for p, state in zip(self.params, self.state):
            if p.grad is not None:
                self.update(p.data, p.grad, state, **options)

    def zero_grad(self) -> None:
        """Set every gradient to None."""
        for p in self.params:
            p.grad = None

    def state_dict(self) -> dict[str, Any]:
        """State and options, in torch's layout."""
        state = {i: dict(s) for i, s in enumerate(self.state) if s}
        indices = list(range(len(self.params)))
        group = {**self.param_groups[0], "params": indices}
        return {"state": state, "param_groups": [group]}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Restore a copy of a `state_dict`, ours or torch's.

        Raises ValueError, and changes nothing, if the number or the
        shapes of the parameters or the names of the options differ.
        Adam and AdamW have the same options: each loads the other.
        """
        options = self.param_groups[0]
        if len(state_dict["param_groups"]) != 1:
            raise ValueError(
                "state_dict must have one group of parameters, got "
                f"{len(state_dict['param_groups'])}")
        group = state_dict["param_groups"][0]
        if len(group["params"]) != len(self.params):
            raise ValueError(
                "state_dict: the number of parameters must be "
                f"{len(self.params)}, got {len(group['params'])}")
        if not options.keys() <= group.keys():
            raise ValueError(
                f"state_dict: the options must be {sorted(options)}, "
                f"got {sorted(group)}")
        state: list[dict[str, Any]] = [{} for _ in self.params]
        for i, saved in state_dict["state"].items():
            for name, value in saved.items():
                state[i][name] = _like(self.params[i], name, value)
        self.state = state
        self.param_groups = [{name: group[name] for name in options}]


def check_option(name: str, value: Any) -> None:
    """Raise TypeError or ValueError for an option without meaning."""
    # A flag, such as `nesterov`.
    if isinstance(value, bool) and name not in NUMBERS:
        return
    if name == "betas" and not (isinstance(value, tuple | list)
                                and len(value) == 2):
        raise ValueError(f"betas must be two numbers, got {value}")
    for number in value if name == "betas" else [value]:
        if isinstance(number, bool) or not isinstance(number, Real):
            raise TypeError(f"{name} must be a number, got {value!r}")
        # NaN fails both comparisons.
        if name == "betas" and not 0 <= float(number) < 1:
            raise ValueError(f"betas must be in [0, 1), got {value}")
        # Torch accepts any dampening.
        if name != "dampening" and not 0 <= float(number):
            raise ValueError(f"{name} must be at least 0, got {value}")


def _like(p: Tensor, name: str, value: Any) -> Any:
    """A saved entry of state, copied to the dtype and device of p."""
    if name == "step":
        # In torch it is a tensor.
        return int(value)
    if value.shape != p.shape:
        raise ValueError(
            f"state_dict: {name} must have shape {tuple(p.shape)}, "
            f"got {tuple(value.shape)}")
    return value.to(p).clone()
