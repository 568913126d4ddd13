"""--device: which one is used, on every kind of computer."""

import itertools

import pytest
import torch

from scratch.front_door.device import find_device, good_at_bf16
from scratch.front_door.options import Parser

# the command line's choices, dtype, processes, GPUs, whether a Mac
CASES = [*itertools.product(
    ["auto", "cpu", "cuda", "mps"], ["float32", "float64"], [1, 2],
    [0, 1, 2], [False, True])]


@pytest.mark.parametrize("name, dtype, processes, gpus, mac", CASES)
def test_every_kind_of_computer(name, dtype, processes, gpus, mac,
                                monkeypatch, capsys):
    """auto: a GPU if it fits; a device that is named, or one line."""
    monkeypatch.setattr(torch.cuda, "is_available", lambda: gpus > 0)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: gpus)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: mac)
    there = ["cpu"] + ["cuda"] * (gpus > 0) + ["mps"] * mac
    fits = mac and dtype == "float32" and processes == 1
    found = name if name != "auto" else (
        "cuda" if gpus else "mps" if fits else "cpu")
    words = None
    if found not in there:
        words = (f"--device must be one of {', '.join(there)} on this "
                 f"computer, got {found}")
    elif found == "mps" and dtype == "float64":
        words = "--device: mps has no float64, add --dtype float32"
    elif found == "cuda" and processes > gpus:
        words = ("--device cuda needs a GPU for each process, got "
                 f"{processes} processes and {gpus} GPUs")
    parser = Parser(prog="test")
    # one process is the default
    more = [processes] if processes > 1 else []
    if words is None:
        assert find_device(name, dtype, parser, *more) == found
        return
    with pytest.raises(SystemExit) as stop:
        find_device(name, dtype, parser, *more)
    assert stop.value.code == 2
    assert capsys.readouterr().err == f"test: {words} (--help says more)\n"


@pytest.mark.parametrize("device", ["cpu", "cuda", "cuda:1", "mps"])
@pytest.mark.parametrize("avx, amx, gpu", [
    *itertools.product([False, True], repeat=3)])
def test_bfloat16(device, avx, amx, gpu, monkeypatch):
    """Only where a processor or a GPU computes in it."""
    def supported(including_emulation=True):
        """Emulated, every GPU can."""
        return gpu or including_emulation

    monkeypatch.setattr(torch.cuda, "is_bf16_supported", supported)
    monkeypatch.setattr(torch.cpu, "_is_avx512_bf16_supported", lambda: avx)
    monkeypatch.setattr(torch.cpu, "_is_amx_tile_supported", lambda: amx)
    expected = {"cpu": avx or amx, "mps": False}.get(device, gpu)
    assert good_at_bf16(device) is expected
