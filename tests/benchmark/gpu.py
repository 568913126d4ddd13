"""Time an epoch of the CNN on a GPU: eager, compiled, as a CUDA graph.

At this size a GPU waits for Python to launch its kernels. A CUDA graph
records a step once and replays it; torch.compile fuses kernels. The
lower bound is the time that large matrix products take for as many FLOPs.
"""

import math
from collections.abc import Callable
from pathlib import Path

import torch
import torch.nn.functional as F
from torch.optim.lr_scheduler import OneCycleLR

from scratch.front_door.cnn.images import read, side
from tests.benchmark.measure import Benchmark, Unavailable
from tests.benchmark.real_data import FOLDER, images
from torch_ref.cnn import CNN, RECIPES, Training

FAST = RECIPES["fast"]
SIZE = side("mnist", FAST)
# Products and sums for one image; backward takes twice those of forward.
FLOPS = 3 * 2 * (SIZE ** 2 * 16 * 25 + (SIZE // 2) ** 2 * 32 * 400
                 + (SIZE // 4) ** 2 * 32 * 10)


def _finished(work: Callable[[], None]) -> Callable[[], None]:
    def run() -> None:
        work()
        torch.cuda.synchronize()
    return run


def _eager(x, y, wrap: Callable) -> Callable[[], None]:
    model = wrap(CNN(0.25, 0.39, size=SIZE).to("cuda"))

    def epoch() -> None:
        for _ in Training(model, x, y, FAST, bf16=True):
            pass
    return epoch


def _graphed(x, y) -> Callable[[], None]:
    """Record whole steps as one graph, from selecting rows to the update.

    It skips the last batch, which is smaller.
    """
    model = CNN(0.25, 0.39, size=SIZE).to("cuda")
    model.to(memory_format=torch.channels_last)
    optimizer = torch.optim.Adam(
        model.parameters(), torch.tensor(FAST.lr, device="cuda"),
        FAST.betas, fused=True, capturable=True)
    rows = torch.arange(FAST.batch_size, device="cuda")

    def step() -> None:
        with torch.autocast("cuda", torch.bfloat16, cache_enabled=False):
            logits = model(x.index_select(0, rows))
        F.cross_entropy(logits.float(), y.index_select(0, rows),
                        label_smoothing=FAST.label_smoothing).backward()
        optimizer.step()

    # Before a capture, some steps must run on a stream of their own.
    stream = torch.cuda.Stream()
    stream.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(stream):
        for _ in range(3):
            optimizer.zero_grad()
            step()
    torch.cuda.current_stream().wait_stream(stream)
    optimizer.zero_grad()
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        step()

    def epoch() -> None:
        order = torch.randperm(len(x), device="cuda")
        scheduler = OneCycleLR(optimizer, FAST.lr,
                               math.ceil(len(x) / FAST.batch_size),
                               cycle_momentum=False)
        for some in order.split(FAST.batch_size):
            if len(some) == FAST.batch_size:
                rows.copy_(some)
                graph.replay()
                scheduler.step()
    return epoch


def _roofline(n: int) -> Callable[[], None]:
    """The FLOPs of an epoch, as products of large bfloat16 matrices."""
    size = 8192
    a = torch.randn(size, size, device="cuda", dtype=torch.bfloat16)
    times = max(1, round(n * FLOPS / (2 * size ** 3)))

    def multiply() -> None:
        for _ in range(times):
            a @ a
    return multiply


def benchmarks() -> list[Benchmark]:
    """An epoch in each way; raises Unavailable without a CUDA GPU."""
    if not torch.cuda.is_available():
        raise Unavailable("needs a CUDA GPU")
    _, y, _, _ = images()
    x, y = read("mnist", Path(FOLDER), 0, SIZE)[0].to("cuda"), y.to("cuda")
    return [Benchmark("an epoch of the CNN on the GPU", {
        "eager": _finished(_eager(x, y, lambda model: model)),
        "torch.compile": _finished(_eager(x, y, torch.compile)),
        "CUDA graph": _finished(_graphed(x, y)),
        "its FLOPs as matrix products": _finished(_roofline(len(x)))},
        "eager", rounds=7)]
