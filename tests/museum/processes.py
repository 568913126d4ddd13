"""Each bug is planted in a process of its own.

It is forked after torch and other slow modules are imported, but before
the project is. Where there is no fork it is started afresh.
"""

import gc
import multiprocessing
import os
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from tests.compare.background import X86
from tests.museum.plant import Change, Verdict, prove

# How processes are started. Where there is no fork, as on Windows, each
# imports torch afresh: slower, and nothing else.
START = os.environ.get("TESTS_START_METHOD") or (
    "fork" if hasattr(os, "fork") else "spawn")


def warm_up(exact: bool = True) -> None:
    """Import what every fork needs; if exact, without fused kernels.

    Only x86 has such a mode. Elsewhere the optimisers are compared
    within some eps, and some of their bugs survive.
    """
    if X86 and exact:
        os.environ["ATEN_CPU_CAPABILITY"] = "default"
    import hypothesis.stateful  # noqa: F401
    import matplotlib.figure  # noqa: F401
    import mpmath  # noqa: F401
    import pytest  # noqa: F401
    import sklearn.datasets  # noqa: F401
    import sklearn.linear_model  # noqa: F401
    import torch.utils.data  # noqa: F401
    torch.set_num_threads(1)
    # The first optimiser and the first loader import much of torch.
    torch.optim.SGD([torch.zeros(1)])
    list(torch.utils.data.DataLoader(
        torch.utils.data.TensorDataset(torch.zeros(1))))


# A change or none, the tests to run with it, options for pytest.
Work = tuple[Change | None, list[str], tuple[str, ...]]


def prove_all(work: list[Work]) -> Iterator[Verdict]:
    """The verdict on each, from a fork of its own."""
    warm_up()
    return in_forks([(prove, (bug, tests, *options))
                     for bug, tests, options in work])


def in_forks(work: Sequence[tuple[Callable, tuple]]) -> Iterator[Any]:
    """Yield function(*arguments) for each, from a fork on every core.

    Call `warm_up` first.
    """
    # It imports torch, which `warm_up` must do first.
    from scratch.front_door.device import cores

    # Forks then do not search the imported modules for garbage, which
    # would copy their memory: this is five times as fast.
    gc.freeze()
    context = multiprocessing.get_context(START)
    with context.Pool(cores(), maxtasksperchild=1, initializer=(
            warm_up if START == "spawn" else None)) as pool:
        found = pool.imap(_call, work, chunksize=1)
        for function, arguments in work:
            try:
                yield found.next(timeout=300)
            except multiprocessing.TimeoutError as error:
                # A fork that has died says nothing.
                raise RuntimeError(
                    f"no answer in 300 s from {function.__name__}"
                    f"{arguments}") from error
    gc.unfreeze()


def _call(work: tuple[Callable, tuple]) -> Any:
    function, arguments = work
    return function(*arguments)
