"""What the atlas of conventions computes: each against torch's formula."""

from tests.judge.example import in_words
from tests.judge.implementation import kinds
from tests.judge.optimisers import Run, departs, ladder, simulate


def _table(kind: str, rows: list[tuple[str, str, str]]) -> str:
    """Whose convention, the switch, and the input that tells them apart.

    rows: (whose, the formula in words, the switch's name; "" for torch)
    """
    lines = ["| where | what it does | the input that tells it from torch |",
             "|---|---|---|"]
    for where, what, name in rows:
        told = in_words(name) if name else "equal"
        if not told:
            raise ValueError(f"no example of {name} for {kind}")
        told = told.replace("with the bug", "this one")
        lines.append(f"| {where} | {what} | {told} |")
    return "\n".join(lines)


def adam() -> str:
    """Where epsilon goes, and how large it is."""
    return _table("adam", [
        ("torch; the paper's algorithm 1",
         "`lr m̂ / (sqrt(v̂) + eps)`, eps 1e-8", ""),
        ("Keras, TensorFlow, DirectML; the paper before section 2.1",
         "`(sqrt(v) + eps)` before the correction: \"epsilon hat\"",
         "adam-eps-before-the-correction"),
        ("Keras and several books, the default", "eps 1e-7 for 1e-8",
         "adam-eps-value"),
        ("optax with `eps_root`; several books", "`sqrt(v̂ + eps)`",
         "adam-eps-in-the-root"),
        ("MLX before its PR 1640; ONNX at T = 0", "no correction of m and v",
         "adam-uncorrected"),
        ("DeZero", "t counts the steps without a gradient, too",
         "adam-t-counts-missed-steps")])


def rmsprop() -> str:
    """Epsilon, the start, and where lr goes with momentum."""
    return _table("rmsprop", [
        ("torch", "`lr g / (sqrt(s) + eps)`, s from 0", ""),
        ("TensorFlow 1, optax by default, several books",
         "`sqrt(s + eps)`", "rmsprop-eps-in-the-root"),
        ("TensorFlow 1", "s from 1", "rmsprop-starts-at-ones"),
        ("TensorFlow, Keras", "with momentum, `v <- mu v + lr g / ...`",
         "rmsprop-momentum-holds-the-lr"),
        ("Keras, optax, the slides", "alpha 0.9 for 0.99",
         "rmsprop-alpha-value")])


def momentum() -> str:
    """Where lr goes, and the weight of the gradient."""
    return _table("sgd", [
        ("torch, TensorFlow 1, optax, ONNX",
         "`v <- mu v + g`, `p <- p - lr v`", ""),
        ("Polyak, Keras", "`v <- mu v + lr g`, `p <- p - v`",
         "momentum-holds-the-lr"),
        ("Andrew Ng's course", "`v <- mu v + (1 - mu) g`, from 0",
         "momentum-is-an-average")])


def adagrad() -> str:
    """The start and epsilon."""
    return _table("adagrad", [
        ("torch, ONNX", "`lr g / (sqrt(s) + eps)`, s from 0", ""),
        ("Keras, TensorFlow 1, optax", "s from 0.1",
         "adagrad-starts-at-0.1"),
        ("Keras, optax, several books", "`sqrt(s + eps)`",
         "adagrad-eps-in-the-root"),
        ("Keras, the default", "eps 1e-7 for 1e-10",
         "adagrad-eps-value")])


def decay() -> str:
    """Weight decay in Adam and AdamW."""
    return _table("adamw", [
        ("torch, Keras, optax: AdamW", "`p <- (1 - lr wd) p`, then Adam",
         ""),
        ("the paper, algorithm 2", "`p <- (1 - wd) p`: only the schedule "
         "multiplies wd", "adamw-decay-without-lr"),
        ("torch's Adam", "`g <- g + wd p`: a penalty", "adamw-coupled"),
        ("several implementations", "after the step",
         "adamw-decay-after-the-step")])


def share(name: str) -> float:
    """In which share of the simple runs is a convention seen?"""
    for kind in kinds().values():
        for switch in getattr(kind, "switches", ()):
            if switch.name == name and hasattr(kind, "formula"):
                runs: list[Run] = ladder({"lr"}, False, False)
                thrown = {switch.place: switch.setting}
                differ = [departs(run, simulate(kind, run, thrown),
                                  simulate(kind, run), 1e-4) is not None
                          for run in runs]
                return sum(differ) / len(differ)
    raise ValueError(f"no switch {name}")
