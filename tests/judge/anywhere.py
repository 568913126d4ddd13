"""Where people go astray in any optimiser, whatever its formula."""

from typing import Any

import numpy as np

from tests.judge.switchboard import Switch, family

BUG, CONVENTION, FEATURE = "bug", "convention", "feature"
SWITCHES = [
    Switch("missing-gradient-is-zero", "missing", "zero", CONVENTION,
           "A parameter without a gradient has the gradient 0.",
           effect="momentum moves it all the same"),
    Switch("missing-gradient-ends-the-step", "missing", "stop", BUG,
           "No gradient, nothing to do: return.",
           effect="the parameters behind it do not move"),
    Switch("missing-gradient-skips-the-step", "missing", "skip", BUG,
           "All gradients are there, or none is.",
           effect="while one of them is missing, no parameter moves"),
    Switch("state-by-shape", "states", "by shape", BUG,
           "One state is enough for arrays of one shape."),
    Switch("lr-over-root-of-t", "lr schedule", "root", CONVENTION,
           "lr / sqrt(t), as in proofs of convergence."),
    Switch("lr-over-t", "lr schedule", "t", CONVENTION,
           "lr / t, as Robbins and Monro have it."),
    *family([0.01], "weight-decay-value", "weight_decay value", CONVENTION,
            "The number is in the formula."),
    *family([1.0], "gradient-clipped", "clip", FEATURE,
            "Large gradients are cut off."),
    *family([1.0], "gradient-clipped-by-norm", "clip norm", FEATURE,
            "Long gradients are shortened."),
]


def present(grads: list[Any], params: list[Any], s: Any) -> list[Any]:
    """The gradients, None where a parameter is left out."""
    how = s("missing")
    absent = [i for i, g in enumerate(grads) if g is None]
    if not absent or how is None:
        return grads
    if how == "zero":
        return [0 * p if g is None else g for p, g in zip(params, grads)]
    last = absent[0] if how == "stop" else 0
    return [g if i < last else None for i, g in enumerate(grads)]


def states(params: list[Any], s: Any) -> list[dict[str, Any]]:
    """A dict for each parameter, or one for each shape."""
    if s("states") is None:
        return [{} for _ in params]
    known: dict[Any, dict[str, Any]] = {}
    return [known.setdefault(p.shape, {}) for p in params]


def scheduled(lr: float, t: int, s: Any) -> float:
    """lr, or what becomes of it."""
    how = s("lr schedule")
    return lr / {"root": np.sqrt(t), "t": t}.get(how, 1)


def clip(g: Any, s: Any) -> Any:
    """The gradient, cut off or shortened."""
    most, longest = s("clip"), s("clip norm")
    if most:
        return np.clip(g, -most, most)
    if longest:
        norm = np.sqrt((g * g).sum())
        return g * (longest / norm) if norm > longest else g
    return g


def square(g: Any, how: str) -> Any:
    """g^2, element-wise or of the whole parameter."""
    if how == "norm":
        return (g * g).sum() + 0 * g
    if how == "mean":
        return (g * g).mean() + 0 * g
    return g * g
