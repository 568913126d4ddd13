"""A person's batch_norm or layer_norm, run in the child."""

import importlib
from typing import Any

import numpy as np

from tests.judge import roles
from tests.judge.functions import Array
from tests.judge.objects import array

ROLES = {role: names.split() for role, names in {
    "x": "x input inputs inp data batch z xs",
    "weight": "weight gamma g scale w gain a2",
    "bias": "bias beta b shift offset b2",
    "mean": "runningmean movingmean rm runmean mean mu",
    "var": "runningvar movingvar rv runvar runningvariance movingvariance",
    "eps": "eps epsilon e", "momentum": "momentum mom alpha decay",
    "training": "training train istraining mode",
    "size": "numfeatures features dim d size hiddensize nfeatures dmodel "
            "normalizedshape ndim c channels numchannels hidden shape n "
            "normshape parametersshape"}.items()}


def drive(person: Any, name: str, form: dict[str, Any], library: str,
          given: dict[str, Any], guard: Any) -> Any:
    """What it returns in training and in evaluation, and its state.

    With `gradient` in form: do the running tensors require one?
    """
    return guard(_run, person.find(name), form, library, given)


def _run(target: Any, form: dict[str, Any], library: str,
         arrays: dict[str, Any]) -> Any:
    torch: Any = (importlib.import_module("torch") if library == "torch"
                  else None)
    if torch:
        torch.set_default_dtype(torch.float64)

    def native(value: Array) -> Any:
        return torch.tensor(value) if torch else value.copy()

    given = {role: native(value) if isinstance(value, np.ndarray) else value
             for role, value in arrays.items()}
    call, made = target, None
    if form["class"]:
        made = target(*[given[role] for role in form["build"]])
        for role in ("weight", "bias"):
            name = next((one for one in vars(made) | dict(getattr(
                made, "_parameters", {})) if roles.plain(one)
                in ROLES[role]), "")
            if name:
                own = getattr(made, name)
                (own.data if torch else own)[...] = given[role].reshape(
                    own.shape)
        call = made if callable(made) else made.forward

    def one(x: Array, training: bool) -> list[Any]:
        given.update(x=native(x), training=training)
        if form.get("gradient"):
            given["x"].requires_grad_()
        result = call(*[given[role] for role in form["call"]])
        parts = list(result) if isinstance(result, tuple | list) else [result]
        state = [part for part in parts[1:] if np.size(array(part)) == 3]
        if len(state) > 1 and not made:
            given.update(mean=state[0], var=state[1])
        return [array(parts[0])]

    found = one(arrays["x"], True)
    if not form["running"]:
        return found
    state = [given["mean"], given["var"]]
    if made:
        everything = vars(made) | dict(getattr(made, "_buffers", {}))
        state = [next(value for key, value in everything.items()
                      if roles.plain(key) in ROLES[role]
                      and roles.plain(key) != "mean")
                 for role in ("mean", "var")]
        if "training" not in form["call"]:
            if hasattr(made, "eval"):
                made.eval()
            else:
                made.training = made.train = False
    if form.get("gradient"):
        return [getattr(value, "requires_grad", False) for value in state]
    kept = [array(value).reshape(3).copy() for value in state]
    return [*found, *kept, *one(arrays["new"], False)]
