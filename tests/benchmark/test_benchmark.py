"""The benchmarks run, and their ratios are right."""

import json
import re
import sys
from collections.abc import Iterator

import pytest

import scratch.cnn
import torch_ref.cnn
from tests.benchmark import __main__ as command
from tests.benchmark import peers
from tests.benchmark.measure import Benchmark, Unavailable, ratios, table


def fake(seconds, rounds=5):
    """A benchmark whose cases return given seconds."""
    turns = []

    def case(name):
        def run():
            turns.append(name)
            return seconds[name][sum(t == name for t in turns) - 1]
        return run

    return turns, Benchmark(
        "fake", {name: case(name) for name in seconds}, "a",
        {"b": 0.5}, rounds=rounds, warm_up=False)


def test_ratios_are_taken_round_by_round():
    """Each time is divided by the base's time of the same round."""
    turns, benchmark = fake({"a": [2.0, 4.0, 1.0, 1.0, 1.0],
                             "b": [1.0, 1.0, 2.0, 1.0, 0.5]})
    result = ratios(benchmark)
    assert result == {"a": [1.0] * 5, "b": [0.5, 0.25, 2.0, 1.0, 0.5]}
    rounds = [tuple(turns[i:i + 2]) for i in range(0, 10, 2)]
    assert all(sorted(pair) == ["a", "b"] for pair in rounds)
    line = table(benchmark, result).splitlines()[3]
    assert re.fullmatch(r" +0\.500 +0\.250 +2\.000 +0\.50  b", line)


def test_the_order_is_shuffled():
    """In 30 rounds each case comes first at least once."""
    turns, benchmark = fake({"a": [1.0] * 30, "b": [1.0] * 30}, 30)
    ratios(benchmark)
    assert set(turns[::2]) == {"a", "b"}


def test_command_line(tmp_path, monkeypatch, capsys):
    """It prints tables and the computer, and writes the same as JSON."""
    def unavailable():
        raise Unavailable("needs another computer")

    monkeypatch.setattr(command, "NAMES", {
        "fake": lambda: [fake({"a": [2.0] * 5, "b": [1.0] * 5})[1]],
        "none": unavailable})
    path = tmp_path / "ratios.json"
    monkeypatch.setattr(sys, "argv", ["benchmark", "--json", str(path)])
    command.main()
    out = capsys.readouterr().out
    assert "torch" in out.splitlines()[0] and "0.500" in out
    assert "none: needs another computer" in out
    (record,) = json.loads(path.read_text())["benchmarks"]
    assert record["ratios"]["b"] == {"median": 0.5, "min": 0.5,
                                     "max": 0.5, "aim": 0.5}
    monkeypatch.setattr(sys, "argv", ["benchmark", "fast"])
    with pytest.raises(SystemExit) as stop:
        command.main()
    assert stop.value.code == 2
    assert "'fast', choose from fake, none" in capsys.readouterr().err


def test_the_steps_run():
    """Each model has four cases, and each of them runs."""
    for benchmark in command.NAMES["step"]():
        assert list(benchmark.cases) == [
            "nn.Module, torch.optim", "  foreach=False",
            "  fused=True", "scratch"]
        for case in benchmark.cases.values():
            case()


def test_peers_that_are_not_installed(monkeypatch, capsys):
    """Each is skipped with one line, and the others are measured."""
    monkeypatch.setattr(peers, "STEPS", 1)
    for name in "jax", "tinygrad":
        monkeypatch.setitem(sys.modules, name, None)
    (benchmark,) = peers.cnn_step()
    assert capsys.readouterr().out == ("skipped: JAX is not installed\n"
                                       "skipped: tinygrad is not installed\n")
    assert list(benchmark.cases)[0] == "torch"
    assert benchmark.cases["torch"]() > 0


def test_a_peer_that_does_other_work():
    """A peer must have torch's losses."""
    def late() -> Iterator[float]:
        losses = peers.trained(torch_ref.cnn)
        next(losses)
        return losses

    peers.compare(right=lambda: peers.trained(scratch.cnn))
    with pytest.raises(ArithmeticError, match="by late"):
        peers.compare(late=late)
