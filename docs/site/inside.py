"""Torch's own code for a mirror, by name, from the installed torch.

Nothing of it is in this repository: a build takes it, with its place,
from the torch that it finds. A name is of one of three kinds:

- Python that runs when the side by torch is called;
- a reference, torch's own description in Python of a C++ kernel, in
  torch._refs or torch._decomp, from which torch.compile works;
- "derivatives NAME", a line of derivatives.yaml, from which torch
  generates its C++ for autograd.
"""

import inspect
import pkgutil
import re
import textwrap
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import FunctionType

import torch

from docs.site import gist
from docs.site.words import _
from scratch.front_door.source import Excerpt

LICENCE = "https://github.com/pytorch/pytorch/blob/main/LICENSE"
DERIVATIVES = "torchgen/packaged/autograd/derivatives.yaml"
ROOT = Path(torch.__file__).parents[1]

# Mirror -> names in torch. "+option": the formula has it switched on.
INSIDE = {
    "tensors.dot": ["torch._refs.dot"],
    "tensors.lerp": ["torch._refs.lerp"],
    "activations.relu": ["torch._refs.nn.functional.relu"],
    "activations.sigmoid": ["torch._refs.sigmoid"],
    "activations.softplus": ["torch._refs.nn.functional.softplus +beta"],
    "activations.softmax": ["torch._decomp.decompositions._softmax"],
    "activations.log_softmax": ["torch._decomp.decompositions._log_softmax"],
    "losses.mse_loss": ["torch._decomp.decompositions.mse_loss"],
    "losses.binary_cross_entropy": [
        "torch._decomp.decompositions.binary_cross_entropy"],
    "losses.binary_cross_entropy_with_logits": [
        "torch._decomp.decompositions.binary_cross_entropy_with_logits"],
    "losses.nll_loss": ["torch._decomp.decompositions._nll_loss_forward"],
    "losses.cross_entropy": [
        "torch._decomp.decompositions._log_softmax",
        "torch._decomp.decompositions._nll_loss_forward"],
    "optim.SGD": ["torch.optim.sgd._single_tensor_sgd"],
    "optim.RMSprop": [
        "torch.optim.rmsprop._single_tensor_rmsprop +centered"],
    "optim.Adagrad": ["torch.optim.adagrad._single_tensor_adagrad"],
    "optim.Adam": ["torch.optim.adam._single_tensor_adam"],
    "optim.AdamW": [
        "torch.optim.adam._single_tensor_adam +decoupled_weight_decay"],
    "lr_scheduler.StepLR": ["torch.optim.lr_scheduler.StepLR.get_lr"],
    "lr_scheduler.MultiStepLR": [
        "torch.optim.lr_scheduler.MultiStepLR.get_lr"],
    "lr_scheduler.ExponentialLR": [
        "torch.optim.lr_scheduler.ExponentialLR.get_lr"],
    "lr_scheduler.LinearLR": ["torch.optim.lr_scheduler.LinearLR.get_lr"],
    "lr_scheduler.CosineAnnealingLR": [
        "torch.optim.lr_scheduler.CosineAnnealingLR.get_lr"],
    "lr_scheduler.OneCycleLR": [
        "torch.optim.lr_scheduler.OneCycleLR.get_lr",
        "torch.optim.lr_scheduler.OneCycleLR._annealing_cos"],
    "lr_scheduler.SequentialLR": [
        "torch.optim.lr_scheduler.SequentialLR.step"],
    "init.calculate_gain": ["torch.nn.init.calculate_gain +nonlinearity"],
    "init.xavier_uniform_": ["torch.nn.init.xavier_uniform_"],
    "init.xavier_normal_": ["torch.nn.init.xavier_normal_"],
    "init.kaiming_uniform_": ["torch.nn.init.kaiming_uniform_"],
    "init.kaiming_normal_": ["torch.nn.init.kaiming_normal_"],
    "normalization.batch_norm": [
        "torch._decomp.decompositions.native_batch_norm_helper"],
    "normalization.layer_norm": [
        "torch._refs.native_layer_norm", "torch._refs._normalize"],
    "normalization.batch_norm_gradients": [
        "torch._decomp.decompositions.native_batch_norm_backward"],
    "normalization.layer_norm_gradients": [
        "torch._decomp.decompositions.native_layer_norm_backward"],
    "dropout.dropout": ["torch._refs.nn.functional.dropout"],
    "autograd.Value.__matmul__": ["derivatives mm"],
    "backprop.linear_input_gradient": ["derivatives mm"],
    "backprop.linear_parameter_gradients": ["derivatives addmm"],
    "backprop.relu_gradient": [
        "derivatives relu",
        "torch._decomp.decompositions.threshold_backward"],
    "backprop.mse_loss_gradient": [
        "torch._decomp.decompositions.mse_loss_backward"],
    "backprop.cross_entropy_gradient": [
        "torch._decomp.decompositions._nll_loss_backward",
        "torch._decomp.decompositions._log_softmax_backward_data"],
    "linear_regression.LinearRegression": ["torch.nn.Linear.forward"],
    "softmax_regression.SoftmaxRegression": ["torch.nn.Linear.forward"],
    "logistic_regression.LogisticRegression": ["torch.nn.Linear.forward"],
    "mlp.MLP": ["torch.nn.Linear.forward"],
    "mlp.sequential": ["torch.nn.Sequential.forward"],
}


@dataclass(frozen=True)
class View:
    """Torch's code for a mirror: where it is, and of which kind."""

    # as in "torch.optim.adam._single_tensor_adam"
    name: str
    # "runs", "reference" or "derivative"
    kind: str
    source: Excerpt
    # what the formula has switched on
    switched_on: tuple[str, ...]


def views(mirror: str) -> tuple[list[View], list[str]]:
    """Torch's code for a mirror, and the names that this torch lacks."""
    found, missing = [], []
    for entry in INSIDE.get(mirror, []):
        name, *on = re.split(r" \+", entry)
        try:
            source = (derivative(name.split()[1])
                      if name.startswith("derivatives ") else python(name))
        except (LookupError, OSError):
            missing.append(name)
        else:
            found.append(View(name, kind(name), source, tuple(on)))
    return found, missing


def kind(name: str) -> str:
    """Of which kind a name is, see the top of this file."""
    if name.startswith("derivatives "):
        return "derivative"
    return ("reference" if name.startswith(("torch._refs", "torch._decomp"))
            else "runs")


def note(view: View) -> str:
    """HTML: of which torch it is, its licence, and of which kind."""
    kinds = {"runs": _("runs in each call"),
             "reference": _("torch's own description of its C++"),
             "derivative": _("torch generates its C++ from this")}
    licence = _("licence")
    return (f' <span class="origin">torch {version()} \u00b7 '
            f'<a href="{LICENCE}">{licence}</a> \u00b7 '
            f"{kinds[view.kind]}</span>")


def folded(view: View, names: dict[str, str]) -> list[int]:
    """The lines, from 0, that a reader does not need at first.

    names: name -> symbol
    """
    if view.kind == "derivative":
        # How a result changes with its arguments, for forward mode.
        return [i for i, line in enumerate(view.source.text.split("\n"))
                if line.startswith("  result")]
    return gist.folded(view.source.text, names, view.switched_on)


def version() -> str:
    """As in "2.14.1"; which build it is does not matter here."""
    return torch.__version__.partition("+")[0]


@cache
def python(name: str) -> Excerpt:
    """The source of a function of torch.

    Raises LookupError if torch has no such name, OSError if the
    installed torch has no source.
    """
    lines, first = inspect.getsourcelines(function(name))
    file = inspect.getsourcefile(function(name)) or ""
    return Excerpt(Path(file).relative_to(ROOT).as_posix(), first,
                   textwrap.dedent("".join(lines)).rstrip())


def function(name: str) -> FunctionType:
    """A function of torch, without what its decorators make of it.

    Raises LookupError if torch has no such name.
    """
    try:
        return inspect.unwrap(pkgutil.resolve_name(name))
    except (ImportError, AttributeError) as error:
        raise LookupError(f"torch has no {name!r}") from error


@cache
def derivative(name: str) -> Excerpt:
    """What derivatives.yaml says about an operation of torch.

    Raises LookupError if it says nothing.
    """
    lines = (ROOT / DERIVATIVES).read_text(encoding="utf-8").splitlines()
    for i, line in enumerate(lines):
        if line.startswith(f"- name: {name}("):
            last = next((k for k in range(i, len(lines))
                         if not lines[k].strip()), len(lines))
            return Excerpt(DERIVATIVES, i + 1, "\n".join(lines[i:last]))
    raise LookupError(f"derivatives.yaml has no {name!r}")
