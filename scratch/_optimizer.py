"""What all optimisers share: parameters, options and state."""

from collections.abc import Iterable
from numbers import Real
from typing import Any

from torch import Tensor

from scratch._checks import is_dense

# What a schedule notes beside the options, as in torch.
SCHEDULED = ("initial_lr", "max_lr", "min_lr")
# Options for which True is a mistake; for others it is a flag.
NUMBERS = ("lr", "momentum", "dampening", "weight_decay", "alpha",
           "betas", "eps", "lr_decay", *SCHEDULED)


class Optimizer:
    """The base class: a subclass defines `update`, one formula.

    params: a list of different leaf tensors, real numbers. options:
    at least 0, betas two numbers in [0, 1), dampening any number.
    Raises TypeError or ValueError otherwise. The options are stored in
    `param_groups[0]` and may be changed between steps, as in torch:
    `optimizer.param_groups[0]["lr"] = 0.1`.

    `state[i]` is what `update` remembers of the i-th parameter.
    """

    # The names in `state[i]`, and the option that each is for, if any.
    remembers: dict[str, str] = {}
    # As in torch: it never climbs, and what tells Adam from AdamW.
    kind = {"maximize": False, "decoupled_weight_decay": False}
    stepped_since_schedule = False

    def __init__(self, params: Iterable[Tensor], **options: Any):
        if isinstance(params, Tensor):
            raise TypeError("params must be a list, got one tensor")
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
        self.param_groups = [_checked(options)]
        self.state: list[dict[str, Any]] = [{} for _ in self.params]

    def update(self, p: Tensor, g: Tensor, state: dict[str, Any],
               *args: Any, **options: Any) -> None:
        """Update p in place from its gradient g: one step.

        state: a dict that `update` may read and change. It lasts from
        one step to the next.
        """
        raise NotImplementedError

    def step(self) -> None:
        """Update every parameter that has a gradient.

        Raises TypeError or ValueError, and changes nothing, if an
        option was changed to what the constructor rejects.
        """
        options = {name: value for name, value in _checked(
            self.param_groups[0]).items() if name not in SCHEDULED}
        self.stepped_since_schedule = True
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
        group = {**self.kind, **_checked(self.param_groups[0]),
                 "params": list(range(len(self.params)))}
        return {"state": state, "param_groups": [group]}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Restore a copy of a `state_dict`, ours or torch's.

        Raises ValueError, or TypeError for an option, and changes
        nothing, if it is the state of another optimiser or of other
        parameters.
        """
        group = self._group(state_dict.get("param_groups", []))
        options = _checked({name: group[name] for name in [
            *self.param_groups[0], *SCHEDULED] if name in group})
        saved = state_dict.get("state")
        numbers = range(len(self.params))
        if saved is None or not saved.keys() <= set(numbers):
            raise ValueError(
                "state_dict: the state must be that of parameters "
                f"{list(numbers)}, got {saved and list(saved)}")
        state = [self._entries(p, saved.get(i, {}), options)
                 for i, p in enumerate(self.params)]
        self.state, self.param_groups = state, [options]

    def _group(self, groups: list[dict[str, Any]]) -> dict[str, Any]:
        """The only group of a `state_dict`, if it is one of ours."""
        if len(groups) != 1:
            raise ValueError("state_dict: the number of groups must be "
                             f"1, got {len(groups)}")
        group, options = groups[0], self.param_groups[0]
        numbers = list(range(len(self.params)))
        if list(group.get("params", [])) != numbers:
            raise ValueError(f"state_dict: params must be {numbers}, "
                             f"got {group.get('params')}")
        if not options.keys() <= group.keys():
            raise ValueError("state_dict: the options must be "
                             f"{sorted(options)}, got {list(group)}")
        for name, value in self.kind.items():
            if name not in options and group.get(name, value) != value:
                raise ValueError(f"state_dict: {name} must be {value}, "
                                 f"got {group[name]}")
        return group

    def _entries(self, p: Tensor, saved: dict[str, Any],
                 options: dict[str, Any]) -> dict[str, Any]:
        """A copy of what is remembered of p: all of it, or nothing."""
        names = self.remembers
        needed = [name for name, option in names.items()
                  if not option or options[option]]
        # Adagrad remembers a sum even before the first step.
        if names and (saved or "sum" in names) and not (
                set(needed) <= saved.keys() <= names.keys()):
            raise ValueError("state_dict: a parameter's state must be "
                             f"{needed}, got {list(saved)}")
        return {name: _like(p, name, value)
                for name, value in saved.items()}


def _checked(options: dict[str, Any]) -> dict[str, Any]:
    return {name: check_option(name, value)
            for name, value in options.items()}


def check_option(name: str, value: Any) -> Any:
    """The option, in Python's own numbers, which a file can hold.

    Raises TypeError or ValueError for a value without meaning.
    """
    # A flag, such as `nesterov`.
    if isinstance(value, bool) and name not in NUMBERS:
        return value
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
    return tuple(map(float, value)) if name == "betas" else float(value)


def _like(p: Tensor, name: str, value: Any) -> Any:
    """A saved entry of state, copied to the dtype and device of p."""
    if name == "step":
        # In torch it is a tensor.
        if isinstance(value, Tensor) and value.numel() == 1:
            value = value.item()
        # NaN fails the comparison.
        if not (isinstance(value, int | float) and value >= 0
                and value % 1 == 0):
            raise ValueError("state_dict: step must be an integer of "
                             f"at least 0, got {value}")
        return int(value)
    if not is_dense(value):
        raise ValueError(f"state_dict: {name} must be a dense tensor, "
                         f"got a {type(value).__name__}")
    if not value.is_floating_point():
        raise ValueError(f"state_dict: {name} must be real, got dtype "
                         f"{value.dtype}")
    if value.shape != p.shape:
        raise ValueError(
            f"state_dict: {name} must have shape {tuple(p.shape)}, "
            f"got {tuple(value.shape)}")
    return value.detach().to(p).clone()
