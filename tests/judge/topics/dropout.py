"""Dropout: the fraction, the scale and the places of what is dropped.

No two generators give the same mask, so its properties are judged, on
60,000 ones with p = 1/4: the fraction that is kept, to six standard
errors, what it is multiplied by, whether each entry and each call has
its own draw; then evaluation and the gradient, where the code has them.
Whether the draws of neighbours depend on each other in a finer way, and
what a model does with the layer, can't be judged.
"""

import importlib
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from tests.judge import roles
from tests.judge.objects import array
from tests.judge.process import Process
from tests.judge.roles import Name
from tests.judge.source import Argument, Source
from tests.judge.switchboard import Switch
from tests.judge.verdict import (BUG, CONVENTION, DIFFERENT, EQUAL, RAISES,
                                 Verdict)

P, SHAPE = 0.25, (300, 200)
# six standard errors of the fraction that is kept
ERROR = 6 * (P * (1 - P) / (SHAPE[0] * SHAPE[1])) ** 0.5
ROLES = {
    "x": "x input inputs a h z data tensor activations hidden values",
    "p": ("p rate prob drop dropout dropoutrate droprate dropoutprob "
          "dropprob dropoutratio ratio probability pdrop droppingrate"),
    "keep": "keepprob keep pkeep keepprobability keepratio keeprate",
    "training": ("training train istraining istrain trainflg trainflag "
                 "trainmode trainingmode"),
    "generator": "generator rng"}
METHODS = "forward __call__ call apply".split()
SWITCHES = {one.name: one for one in (
    Switch("dropout-p-keeps", "kept", "p", "bug",
           "p is the probability to keep, as TensorFlow's keep_prob was."),
    Switch("dropout-not-scaled", "scale", "1", "bug",
           "To drop is to set to 0; the rest stays as it is."),
    Switch("dropout-scaled-at-evaluation", "scale", "later", "convention",
           "The trained weights are multiplied by 1 - p.",
           "the paper of Srivastava et al."),
    Switch("dropout-divided-by-p", "scale", "p", "bug",
           "What is lost is p; with p = 1/2 it works."),
    Switch("dropout-one-mask-for-the-batch", "mask", "columns", "bug",
           "A unit is dropped, so it is dropped in every row."),
    Switch("dropout-whole-rows", "mask", "rows", "bug",
           "A row of the batch is dropped, or kept."),
    Switch("dropout-seeded-anew", "draw", "same", "bug",
           "With a seed, each call gives the same."),
    Switch("dropout-scaled-twice", "evaluation", "1 - p", "bug",
           "The library scales in training, the paper at evaluation."),
    Switch("dropout-active-at-evaluation", "evaluation", "mask", "bug",
           "eval() of the model switches it off."),
    Switch("dropout-gradient-not-masked", "gradient", "plain", "bug",
           "Dropout belongs to the forward pass."),
    Switch("dropout-new-mask-in-backward", "gradient", "redrawn", "bug",
           "The backward pass calls dropout, too."),
    Switch("dropout-in-place", "input", "changed", "bug",
           "It saves memory; nobody needs the input again."))}

# What shows a bug, if the fraction and the scale do not.
SEEN = {
    "dropout-one-mask-for-the-batch":
        "drops the same in all rows; torch draws for each entry",
    "dropout-whole-rows":
        "drops a row as a whole; torch draws for each entry",
    "dropout-seeded-anew":
        "drops the same in two calls; torch draws for each call",
    "dropout-scaled-twice":
        "multiplies by 1 - p in evaluation; torch returns the input",
    "dropout-active-at-evaluation":
        "drops in evaluation, too; torch returns the input",
    "dropout-gradient-not-masked":
        "drops, and the gradient there is not 0; torch's is 0",
    "dropout-new-mask-in-backward":
        "drops other entries of the gradient; torch drops the same",
    "dropout-in-place":
        "changes the input; torch leaves it as it is"}


@dataclass(frozen=True)
class Dropout:
    """The only kind."""

    name: str = "dropout"
    against: str = "torch.nn.functional.dropout"
    judged_by: ClassVar[str] = __name__


KIND = Dropout()


def recognise(name: Name) -> list[Dropout]:
    """dropout, Dropout, dropout_layer, dropout_forward."""
    others = name.is_word("net", "mlp", "model", "2d", "dropout2d", "cnn")
    return [KIND] if name.has("dropout") and not (
        others or name.is_helper) else []


# Runs in the child.

def drive(person: Any, name: str, call: tuple[str, ...], method: str,
          build: tuple[str, ...], library: str, guard: Any) -> Any:
    """Its outputs for ones: twice, in evaluation, and the gradient."""
    return guard(_run, person.find(name), call, method, build, library)


def _run(target: Any, call: tuple[str, ...], method: str,
         build: tuple[str, ...], library: str) -> Any:
    torch: Any = (importlib.import_module("torch") if library == "torch"
                  else None)
    np.random.seed(0)
    if torch:
        torch.manual_seed(0)
    given: dict[str, Any] = {
        "p": P, "keep": 1 - P, "training": True,
        "generator": torch.Generator() if torch else
        np.random.default_rng(0)}
    made = target(*[given[role] for role in build]) if method else target
    run = getattr(made, method) if method else made

    def ones() -> Any:
        return torch.ones(SHAPE) if torch else np.ones(SHAPE)

    def once(x: Any = None, **options: Any) -> Any:
        given["x"] = ones() if x is None else x
        result = run(*[{**given, **options}[role] for role in call])
        # Its mask may come second.
        return result[0] if isinstance(result, tuple) else result

    found: dict[str, Any] = {"first": array(once())}
    found["changed"] = bool((array(given["x"]) != 1).any())
    if method and hasattr(made, "backward"):
        found["second"] = array(once())
        found["gradient"] = array(made.backward(ones()))
    elif torch and not found["changed"]:
        x = ones().requires_grad_()
        result = once(x)
        found["second"] = array(result.detach())
        if result.requires_grad:
            result.sum().backward()
            found["gradient"] = array(x.grad)
    else:
        found["second"] = array(once())
    if "p" in call:
        try:
            found["all"] = array(once(p=1.0))
        except ZeroDivisionError:
            found["all"] = np.full(SHAPE, np.nan)
    if "training" in call:
        found["evaluation"] = array(once(training=False))
    elif method and hasattr(made, "eval"):
        made.eval()
        found["evaluation"] = array(once())
    elif method and hasattr(made, "training"):
        made.training = False
        found["evaluation"] = array(once())
    return found


# Runs in the judge.

def _call(arguments: list[Argument]) -> tuple[str, ...] | None:
    """What each argument gets; options of other names are left out."""
    found: list[str] = []
    for one in arguments:
        short = roles.plain(one.name)
        role = next((role for role, names in ROLES.items()
                     if short in names.split()), "")
        if not role and one.default:
            break
        if not role:
            return None
        found.append(role)
    return tuple(found)


def judge(source: Source, name: str, kinds: list[Dropout],
          process: Process) -> Verdict:
    """Draw, measure, and name what is not as it should be."""
    verdict = Verdict(f"{source.path.name}:{name}", kinds[0].against)
    target, _, method = name.partition(".")
    owner, found = source.classes.get(target), source.functions.get(name)
    build: tuple[str, ...] | None = ()
    if owner:
        method = method or next(
            (one for one in METHODS if one in owner.methods), "")
        found = owner.methods.get(method)
        build = (_call(owner.constructor.arguments) if owner.constructor
                 else ())
    call = _call(found.arguments) if found else None
    if call is None or build is None or "x" not in call or not {
            "p", "keep"} & {*call, *build}:
        verdict.findings = ["no way to call it was found"]
        return verdict
    node: Any = owner or found
    answer = process.ask(__name__, target, call, method, build,
                         source.library(node.node))
    asked = ", ".join(call)
    verdict.read_as = (f"{target}({', '.join(build)}).{method}({asked})"
                       if method else f"{name}({asked})")
    if "error" in answer:
        verdict.status = RAISES
        verdict.findings = [f"{answer['error']}{answer['at']}"]
        return verdict
    verdict.not_judged = [words for key, words in (
        ("evaluation", "evaluation"), ("gradient", "the gradient"))
        if key not in answer]
    _tell(verdict, answer)
    return verdict


def _tell(verdict: Verdict, answer: dict[str, Any]) -> None:
    first, second = answer["first"], answer["second"]
    names: list[str] = []
    if first.shape != SHAPE:
        verdict.status, verdict.findings = DIFFERENT, [
            f"for {SHAPE} it returns {first.shape}"]
        return
    kept = first != 0
    fraction = kept.mean().item()
    scales = np.unique(first[kept].astype(float).round(4))
    scale = float(scales[0]) if len(scales) == 1 else float("nan")
    for one, other, word in ((kept[:1], kept, "dropout-one-mask-for-the-"
                              "batch"), (kept[:, :1], kept,
                                         "dropout-whole-rows")):
        if (one == other).all() and 0 < fraction < 1:
            names.append(word)
    # A mask of 200 or 300 draws: its fraction is not known as well.
    error = ERROR * (300 ** 0.5 if names else 1)
    keep = 1 - P
    if abs(fraction - P) < error:
        names, keep = ["dropout-p-keeps", *names], P
    elif abs(fraction - keep) >= error:
        verdict.findings.append(f"p = {P}: it keeps {fraction:.3f} of all")
    evaluation = answer.get("evaluation")
    at_rest = None if evaluation is None else (
        evaluation.flat[0] if (evaluation == evaluation.flat[0]).all()
        else float("nan"))
    if abs(scale - 1) < 1e-3:
        later = at_rest is not None and abs(at_rest - keep) < 1e-3
        names.append("dropout-scaled-at-evaluation" if later
                     else "dropout-not-scaled")
        at_rest = 1.0 if later else at_rest
    elif abs(scale * (1 - keep) - 1) < 1e-3:
        names.append("dropout-divided-by-p")
    elif not abs(scale * keep - 1) < 1e-3:
        verdict.findings.append(f"what is kept is multiplied by {scale:.4g}")
    if at_rest is not None and not abs(at_rest - 1) < 1e-3:
        names.append("dropout-scaled-twice" if abs(at_rest - keep) < 1e-3
                     else "dropout-active-at-evaluation")
    if (first == second).all() and 0 < fraction < 1:
        names.append("dropout-seeded-anew")
    gradient = answer.get("gradient")
    if gradient is not None and ((gradient != 0) != (second != 0)).any():
        names.append("dropout-gradient-not-masked" if gradient.all()
                     else "dropout-new-mask-in-backward")
    if "all" in answer and np.isnan(answer["all"]).any():
        verdict.notes.append("p = 1: 0 / 0 is NaN; torch returns 0")
    if answer["changed"]:
        names.append("dropout-in-place")
    chosen = [SWITCHES[name] for name in names]
    verdict.names = [tuple(chosen)] if chosen else []
    verdict.status = EQUAL if not chosen else BUG if any(
        one.nature == "bug" for one in chosen) else CONVENTION
    if verdict.findings:
        verdict.status = DIFFERENT
    if verdict.status != EQUAL:
        verdict.example = next(
            (f"p = {P}, ones: {SEEN[name]}" for name in names[:1]
             if name in SEEN),
            f"p = {P}, ones: keeps {fraction:.3f}, times {scale:.4g}; "
            f"torch keeps {1 - P}, times {1 / (1 - P):.4g}")
