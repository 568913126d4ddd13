"""The right implementation, and wrong ones, with torch's interface.

For other people's tests: does a test notice that Adam is not Adam?
"""

import sys
from collections.abc import Callable
from typing import Any

import numpy as np

from tests.judge.functions import Function
from tests.judge.optimisers import Optimiser
from tests.judge.switchboard import Settings, Switch


def impostors(kind: Any) -> list[Switch]:
    """One switch of each name: the bugs and conventions of a kind."""
    found: dict[str, Switch] = {}
    for switch in kind.switches:
        if switch.nature in ("bug", "convention"):
            found.setdefault(switch.name, switch)
    return list(found.values())


def implementation(kind: Any, settings: Settings) -> Any:
    """A class for an optimiser, a function for the others."""
    return (_optimiser(kind, settings) if isinstance(kind, Optimiser)
            else _function(kind, settings))


def _optimiser(kind: Optimiser, settings: Settings) -> type:
    """As torch's: Adam(params, lr=..., betas=...), step, zero_grad."""
    def s(place: str, right: Any = None) -> Any:
        return settings.get(place, right)

    defaults = {name: value for name, value in kind.defaults.items()
                if name not in ("beta1", "beta2", "decoupled")}
    if "beta1" in kind.defaults:
        defaults["betas"] = kind.defaults["beta1"], kind.defaults["beta2"]

    class Impostor:
        """Parameters are objects with .data and .grad."""

        def __init__(self, params: Any, lr: float = defaults["lr"],
                     **options: Any):
            unknown = options.keys() - defaults.keys()
            if unknown:
                raise TypeError(f"no option {sorted(unknown)}")
            self.params = list(params)
            self.defaults = {**defaults, **options, "lr": lr}
            self.param_groups = [{**self.defaults, "params": self.params}]
            self.state: list[dict[str, Any]] = [{} for _ in self.params]
            self.calls = self.steps = 0

        def step(self, closure: Any = None) -> Any:
            """Update every parameter that has a gradient."""
            loss = closure() if closure else None
            self.steps += 1
            for i, p in enumerate(self.params):
                if p.grad is not None:
                    self.calls += 1
                    self._update(p, self.state[i])
            return loss

        def _update(self, p: Any, state: dict[str, Any]) -> None:
            group = {**kind.defaults, **self.param_groups[0]}
            if "betas" in group:
                group["beta1"], group["beta2"] = group["betas"]
            options: dict[str, Any] = {
                name: value if isinstance(value, bool)
                else np.float64(value) for name, value in group.items()
                if name not in ("params", "betas")}
            options |= {"calls": self.calls, "step": self.steps}
            data, g = _array(p.data), _array(p.grad)
            with np.errstate(all="ignore"):
                new = kind.formula(data.astype(float), g.astype(float),
                                   state, options, s)
            p.data[...] = _like(new, p.data)

        def zero_grad(self, set_to_none: bool = True) -> None:
            """As torch's."""
            for p in self.params:
                p.grad = None

        def state_dict(self) -> dict[str, Any]:
            """A copy of everything."""
            return {"state": [dict(one) for one in self.state],
                    "options": dict(self.param_groups[0]),
                    "count": (self.calls, self.steps)}

        def load_state_dict(self, saved: dict[str, Any]) -> None:
            """Restore it."""
            self.state = [dict(one) for one in saved["state"]]
            self.param_groups = [{**saved["options"],
                                  "params": self.params}]
            self.calls, self.steps = saved["count"]

    Impostor.__name__ = Impostor.__qualname__ = kind.name
    return Impostor


def _function(kind: Function, settings: Settings) -> Callable[..., Any]:
    """f(x), or loss(input, target); for NumPy and for torch."""
    def s(place: str, right: Any = None) -> Any:
        return settings.get(place, right)

    def value(x: Any, *rest: Any, **options: Any) -> Any:
        """The value; under autograd with the slope of the formula."""
        if _is_tensor(x):
            return _by_autograd(kind, s)(x, *rest)
        return kind.value(_given(x, rest, None), s)

    value.__name__ = kind.name
    return value


def _given(x: Any, rest: Any, upstream: Any) -> dict[str, Any]:
    given = {"input": np.asarray(x, float)}
    given["upstream"] = (np.ones_like(given["input"])
                         if upstream is None else upstream)
    targets = [one for one in rest if not isinstance(one, int | str)]
    if targets:
        target = np.asarray(_array(targets[0]))
        if target.ndim < given["input"].ndim:
            # labels
            target = np.eye(given["input"].shape[-1])[target.astype(int)]
        given["target"] = target.astype(float)
    return given


def _by_autograd(kind: Function, s: Any) -> Any:
    import torch

    class Formula(torch.autograd.Function):
        """Value and slope of the switchboard."""

        @staticmethod
        def forward(context: Any, x: Any, *rest: Any) -> Any:
            """The value."""
            context.saved, context.like = (_array(x), rest), x
            with np.errstate(all="ignore"):
                found = kind.value(_given(_array(x), rest, None), s)
            return torch.as_tensor(found).to(x)

        @staticmethod
        def backward(context: Any, upstream: Any) -> Any:
            """The slope, times the upstream gradient."""
            x, rest = context.saved
            above = _array(upstream)
            if s("upstream") == "forgotten":
                above = np.ones_like(above)
            with np.errstate(all="ignore"):
                slope = kind.slope(_given(x, rest, above), s)
            if kind.name not in ("softmax", "log_softmax"):
                slope = slope * above
            found = torch.as_tensor(slope).to(context.like)
            return (found, *[None for _ in rest])

    return Formula.apply


def _is_tensor(x: Any) -> bool:
    torch = sys.modules.get("torch")
    return torch is not None and isinstance(x, torch.Tensor)


def _array(x: Any) -> Any:
    return (x.detach().numpy(force=True) if hasattr(x, "detach")
            else np.asarray(x))


def _like(new: Any, old: Any) -> Any:
    if _is_tensor(old):
        return sys.modules["torch"].as_tensor(new).to(old)
    return new
