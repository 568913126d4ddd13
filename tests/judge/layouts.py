"""How arrays are handed over: rows, columns, one sample, one number.

A kind's formula has samples in rows. A person's code may have them in
columns, or may be written for one sample; then it is called so, and its
results are put together again.
"""

from collections.abc import Callable

import numpy as np

Array = np.ndarray
Given = dict[str, Array]
# name: what is said of it
TOLD = {"": "", "columns": "each column is a sample",
        "flat": "flat vectors", "row": "one sample at a time",
        "a row": "one sample at a time, as one row",
        "number": "one number at a time",
        "labels in a column": "labels in a column",
        "square": "as many samples as classes"}


def _each(change: Callable[[Array], Array]) -> Callable[[Given], Given]:
    return lambda given: {name: change(value) if value.ndim else value
                          for name, value in given.items()}


def ready(layout: str, given: Given) -> Given:
    """The input, cut where a call works for square tables only."""
    n = min(given["input"].shape)
    return {name: value[:n, :n] if value.ndim > 1 else value
            for name, value in given.items()} if layout == "square" \
        else given


def hand(layout: str, given: Given) -> list[Given]:
    """What one input becomes: what each of the calls gets."""
    x = given["input"]
    whole = {**given, "count": np.array(len(x)),
             "classes": np.array(x.shape[-1])}
    if layout == "columns":
        return [_each(lambda value: value.T)(whole)]
    if layout == "flat":
        return [{**_each(np.ravel)(whole), "count": np.array(x.size)}]
    if layout == "labels in a column":
        return [{**whole, "labels": given["labels"].reshape(-1, 1)}]
    single = {"count": np.array(1)}
    if layout == "row":
        return [{**{name: value[i] if value.ndim else value
                    for name, value in whole.items()}, **single}
                for i in range(len(x))]
    if layout == "a row":
        return [{**{name: value[i:i + 1] if name != "target" else value[i]
                    for name, value in given.items() if value.ndim},
                 **single, "classes": whole["classes"]}
                for i in range(len(x))]
    if layout == "number":
        return [{**{name: np.array(value.flat[i]) if value.ndim else value
                    for name, value in whole.items() if name != "labels"},
                 **single} for i in range(x.size)]
    return [whole]


def back(layout: str, results: list[Array], given: Given) -> Array:
    """The results of the calls as one array with samples in rows."""
    shape = given["input"].shape
    if layout in ("row", "a row", "number"):
        if len({one.shape for one in results}) > 1:
            return np.empty((0, 0, 0, 0))
        whole = np.stack(results)
        if layout == "a row" and whole.ndim > 1 and whole.shape[1] == 1:
            whole = whole[:, 0]
    else:
        whole = results[0]
        if layout == "columns" and whole.ndim in (1, 2):
            whole = whole.T
    if whole.size == given["input"].size:
        # A vector of as many entries is the same answer.
        return whole.reshape(shape)
    if whole.size == len(given["input"]):
        return whole.ravel()
    if whole.size == 1 and layout not in ("row", "a row", "number"):
        return whole.reshape(())
    return whole
