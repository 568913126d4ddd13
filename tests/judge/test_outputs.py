"""The verdicts for programs and for the projector."""

import json
import math
import sys

import pytest

from tests.judge import __main__ as command

CODE = """
import numpy as np


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def sgd(w, g, lr):
    return w + lr * g
"""


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    """Judge CODE with more options: the exit status and the output."""
    path = tmp_path / "mine <1>.py"
    path.write_text(CODE)

    def judge(*argv):
        monkeypatch.setattr(sys, "argv", ["judge", str(path), *map(
            str, argv)])
        return command.main(), *capsys.readouterr()

    return judge


def test_json(run):
    """One entry an implementation; the text says the same."""
    status, out, err = run("--json")
    assert (status, err) == (1, "")
    right, wrong = sorted(json.loads(out), key=lambda one: one["place"],
                          reverse=True)
    assert right["place"] == "mine <1>.py:sigmoid"
    assert right["status"] == "EQUAL" and right["names"] == []
    assert wrong["place"] == "mine <1>.py:sgd"
    assert wrong["names"][0] == ["sgd-ascent"] and wrong["nature"] == ["bug"]
    _, text, _ = run()
    assert wrong["example"] in text and wrong["read_as"] in text


def test_json_of_a_function(tmp_path, monkeypatch, capsys):
    """The example in numbers, and what is known of each name."""
    path = tmp_path / "mine.py"
    path.write_text("import numpy as np\n"
                    "def softplus(x, beta=1):\n"
                    "    return np.log(1 + np.exp(x))\n"
                    "def mse(y, p, weight=1):\n"
                    "    return 0.5 * np.mean((y - p) ** 2)\n")
    monkeypatch.setattr(sys, "argv", ["judge", str(path), "--json"])
    assert command.main() == 1
    first, second = json.loads(capsys.readouterr().out)
    (number,) = first["numbers"]
    row, column = number["index"]
    x = number["input"][row][column]
    assert number["what"] == "value" and number["torch"] == pytest.approx(
        math.log1p(math.exp(x)), rel=1e-14, abs=0)
    assert number["yours"] == pytest.approx(
        math.log(1 + math.exp(x)), rel=1e-14, abs=0) != number["torch"]
    ((bug,),) = first["explanations"]
    assert bug["name"] == "softplus-textbook" and bug["nature"] == "bug"
    assert bug["patch"].count("\n+") and bug["seen"]
    (number,) = second["numbers"]
    assert number["yours"] * 2 == number["torch"] and number["target"]
    ((half,),) = second["explanations"]
    assert half["owner"] == "many books" and half["number"] is None
    assert second["options_not_judged"] == ["weight"]


def test_gradescope(run, tmp_path):
    """As its autograders want it: a score, a status and an output."""
    path = tmp_path / "results.json"
    status, out, _ = run("--gradescope", path, "--points", "2.5")
    found = json.loads(path.read_text(encoding="utf-8"))
    tests = {one["name"]: one for one in found["tests"]}
    right, wrong = (tests[f"mine <1>.py:{name}"]
                    for name in ("sigmoid", "sgd"))
    assert (right["score"], right["max_score"]) == (2.5, 2.5)
    assert (wrong["score"], wrong["max_score"]) == (0, 2.5)
    assert right["status"] == "passed" and wrong["status"] == "failed"
    assert wrong["output"] in out and "sgd-ascent" in wrong["output"]


def test_a_page(run, tmp_path):
    """Names are escaped; it needs no network; the paths are drawn."""
    path = tmp_path / "page.html"
    run("--html", path)
    page = path.read_text(encoding="utf-8")
    assert "mine &lt;1&gt;.py:sgd" in page and "<1>" not in page
    assert "http" not in page.replace("http://www.w3.org", "")
    assert page.count("<section") == 2
    assert page.count("<svg") == 1 and "torch" in page


def test_only(run):
    """--only judges one name, and so does FILE:NAME."""
    status, out, _ = run("--only", "sigmoid")
    assert status == 0 and "sgd" not in out


def test_call_and_kind(run, tmp_path, monkeypatch, capsys):
    """--as says what it is, --call how it is called."""
    path = tmp_path / "odd.py"
    path.write_text("class Descent:\n    def go(self, eta, a, b):\n"
                    "        return a - eta * b\n"
                    "def squash(x):\n    return x * (x > 0)\n")
    for argv, status, says in (
            (["odd.py:Descent", "--as", "sgd", "--call",
              "w = Descent().go(lr, w, grad)"], 0, "EQUAL to torch"),
            (["odd.py:Descent", "--as", "sgd", "--call",
              "w = Descent().go(lr, grad, w)"], 2, "nothing of the old"),
            (["odd.py:squash", "--as", "relu"], 0, "EQUAL to torch")):
        monkeypatch.chdir(tmp_path)
        monkeypatch.setattr(sys, "argv", ["judge", *argv])
        assert command.main() == status
        assert says in capsys.readouterr().out


def test_an_adapter(tmp_path, monkeypatch, capsys):
    """It is judged instead of what it calls."""
    path = tmp_path / "odd.py"
    path.write_text(
        "class SGD:\n    def go(self, a, b, eta, odd):\n"
        "        return [p - eta * g for p, g in zip(a, b)]\n"
        "def judge_sgd(params, grads, lr, t, state):\n"
        "    return SGD().go(params, grads, lr, t)\n")
    monkeypatch.setattr(sys, "argv", ["judge", str(path)])
    assert command.main() == 0
    out = capsys.readouterr().out
    assert "odd.py:judge_sgd" in out and "odd.py:SGD" not in out
