"""Checks of what torch accepts without a word, and should not."""

from collections.abc import Iterable
from numbers import Real
from operator import index
from typing import Any

from torch import Tensor

# Options for which True is a mistake; for others it is a flag.
NUMBERS = ("lr", "momentum", "dampening", "weight_decay", "alpha",
           "eps", "lr_decay")


def checked(params: Iterable[Tensor],
            options: dict[str, Any]) -> list[Tensor]:
    """The parameters, as a list.

    Raises TypeError or ValueError as the optimisers by hand do.
    """
    if isinstance(params, Tensor):
        raise TypeError("params must be a list of tensors, got one "
                        "tensor")
    params = list(params)
    for p in params:
        if not isinstance(p, Tensor):
            raise TypeError("params must contain tensors only, got a "
                            f"{type(p).__name__}")
        if p.is_complex():
            raise TypeError(f"params must be real, got dtype {p.dtype}")
    # Torch only warns.
    if len(set(map(id, params))) < len(params):
        raise ValueError("params must be different tensors, got the "
                         "same one twice")
    for name, value in options.items():
        check_option(name, value)
    return params


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


def check_whole(name: str, value: Any, least: int) -> int:
    """The integer. Raise TypeError, or ValueError below `least`.

    True is not an integer, one of NumPy's is: it has `__index__`.
    """
    try:
        whole = index(value)
    except TypeError:
        whole = None
    if whole is None or isinstance(value, bool):
        raise TypeError(f"{name} must be an integer, got {value!r}")
    if whole < least:
        raise ValueError(
            f"{name} must be at least {least}, got {value}")
    return whole
