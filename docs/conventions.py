"""What the atlas of conventions computes: each against torch's formula."""

from docs.site.words import _, said
from tests.judge.example import in_words
from tests.judge.implementation import kinds
from tests.judge.optimisers import Run, departs, ladder, simulate


def _table(kind: str, rows: list[tuple[str, str, str]]) -> str:
    """Whose convention, the switch, and the input that tells them apart.

    rows: (whose, the formula in words, the switch's name; "" for torch)
    """
    titles = (_("where"), _("what it does"),
              _("the input that tells it from torch"))
    lines = [f"| {' | '.join(titles)} |", "|---|---|---|"]
    for where, what, name in rows:
        told = in_words(name) if name else _("equal")
        if not told:
            raise ValueError(f"no example of {name} for {kind}")
        told = said(told).replace(_("with the bug"), _("this one"))
        lines.append(f"| {where} | {what} | {told} |")
    return "\n".join(lines)


def adam() -> str:
    """Where epsilon goes, and how large it is."""
    return _table("adam", [
        (_("torch; the paper's algorithm 1"),
         "`lr m̂ / (sqrt(v̂) + eps)`, eps 1e-8", ""),
        (_("Keras, TensorFlow, DirectML; the paper before section 2.1"),
         _("`(sqrt(v) + eps)` before the correction: \"epsilon hat\""),
         "adam-eps-before-the-correction"),
        (_("Keras and several books, the default"),
         _("eps 1e-7 for 1e-8"), "adam-eps-value"),
        (_("optax with `eps_root`; several books"), "`sqrt(v̂ + eps)`",
         "adam-eps-in-the-root"),
        (_("MLX before its PR 1640; ONNX at T = 0"),
         _("no correction of m and v"), "adam-uncorrected"),
        ("DeZero", _("t counts the steps without a gradient, too"),
         "adam-t-counts-missed-steps")])


def rmsprop() -> str:
    """Epsilon, the start, and where lr goes with momentum."""
    return _table("rmsprop", [
        ("torch", _("`lr g / (sqrt(s) + eps)`, s from 0"), ""),
        (_("TensorFlow 1, optax by default, several books"),
         "`sqrt(s + eps)`", "rmsprop-eps-in-the-root"),
        ("TensorFlow 1", _("s from 1"), "rmsprop-starts-at-ones"),
        (_("TensorFlow, Keras"),
         _("with momentum, `v <- mu v + lr g / ...`"),
         "rmsprop-momentum-holds-the-lr"),
        (_("Keras, optax, the slides"), _("alpha 0.9 for 0.99"),
         "rmsprop-alpha-value")])


def momentum() -> str:
    """Where lr goes, and the weight of the gradient."""
    return _table("sgd", [
        (_("torch, TensorFlow 1, optax, ONNX"),
         _("`v <- mu v + g`, `p <- p - lr v`"), ""),
        (_("Polyak, Keras"), _("`v <- mu v + lr g`, `p <- p - v`"),
         "momentum-holds-the-lr"),
        (_("Andrew Ng's course"),
         _("`v <- mu v + (1 - mu) g`, from 0"),
         "momentum-is-an-average")])


def adagrad() -> str:
    """The start and epsilon."""
    return _table("adagrad", [
        (_("torch, ONNX"), _("`lr g / (sqrt(s) + eps)`, s from 0"), ""),
        (_("Keras, TensorFlow 1, optax"), _("s from 0.1"),
         "adagrad-starts-at-0.1"),
        (_("Keras, optax, several books"), "`sqrt(s + eps)`",
         "adagrad-eps-in-the-root"),
        (_("Keras, the default"), _("eps 1e-7 for 1e-10"),
         "adagrad-eps-value")])


def decay() -> str:
    """Weight decay in Adam and AdamW."""
    return _table("adamw", [
        (_("torch, Keras, optax: AdamW"),
         _("`p <- (1 - lr wd) p`, then Adam"), ""),
        (_("the paper, algorithm 2"),
         _("`p <- (1 - wd) p`: only the schedule multiplies wd"),
         "adamw-decay-without-lr"),
        (_("torch's Adam"), _("`g <- g + wd p`: a penalty"),
         "adamw-coupled"),
        (_("several implementations"), _("after the step"),
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
