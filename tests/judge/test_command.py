"""The judge's command: what it accepts, and signs of life."""

import io
import sys

import pytest

from tests.judge import __main__ as command


@pytest.mark.parametrize("text, call", [
    ("w = Adam(lr).update(w, g), one object a parameter",
     "w = Adam(lr).update(w, g)"),
    ("w, b = f(w, b), lists of pairs (w, b)", "w, b = f(w, b)"),
    ("d = f(g); w <- w - direction", "d = f(g)"),
    ("w = f(w, g)", "w = f(w, g)"), ("no call", "no call")])
def test_a_line_that_is_pasted(text, call):
    """The words behind the call are left out."""
    assert command.expression(text) == call


def test_a_pasted_reading_is_read(tmp_path, monkeypatch, capsys):
    """What stands after "Read as" is an argument of --call."""
    path = tmp_path / "mine.py"
    path.write_text("class Descent:\n    def __init__(self, lr):\n"
                    "        self.lr = lr\n    def update(self, w, g):\n"
                    "        return w - self.lr * g\n")
    argv = ["judge", f"{path}:Descent", "--as", "sgd"]
    said: list[str] = []
    for more in [], ["--call", None]:
        if more:
            line = said[0].split("Read as     ")[1].split("\n")[0]
            assert "one object a parameter" in line
            more = ["--call", line]
        monkeypatch.setattr(sys, "argv", [*argv, *more])
        assert command.main() == 0
        said.append(capsys.readouterr().out)
    assert said[0] == said[1]


def test_options_that_say_nothing_of_a_test(monkeypatch, capsys):
    """They are named, instead of being ignored."""
    monkeypatch.setattr(sys, "argv", [
        "judge", "--tests", "t.py", "--of", "a.Adam", "--html", "x.html"])
    with pytest.raises(SystemExit) as end:
        command.main()
    assert end.value.code == 2
    assert "--tests takes --of, --timeout and" in capsys.readouterr().err


def test_results_that_cannot_be_written(tmp_path, monkeypatch, capsys):
    """The first error is told; there is no traceback."""
    monkeypatch.setattr(sys, "argv", [
        "judge", str(tmp_path / "none.py"), "--gradescope",
        str(tmp_path / "none" / "results.json")])
    assert command.main() == 2
    out, err = capsys.readouterr()
    assert out == "" and err.count("\n") == 1 and "none.py" in err


class Terminal(io.StringIO):
    """What a person looks at."""

    def isatty(self):
        """It is a terminal."""
        return True


@pytest.mark.parametrize("stream, says", [
    (Terminal(), "judging mine.py:relu ..."), (io.StringIO(), "")])
def test_signs_of_life(stream, says, tmp_path, monkeypatch, capsys):
    """On a terminal only, and the line is cleared."""
    path = tmp_path / "mine.py"
    path.write_text("def relu(x):\n    return x * (x > 0)\n")
    monkeypatch.setattr(sys, "argv", ["judge", str(path)])
    monkeypatch.setattr(sys, "stderr", stream)
    assert command.main() == 0
    assert says in stream.getvalue()
    assert stream.getvalue().endswith("\r\033[K" if says else "")
    assert (stream.getvalue() == "") == (says == "")


def test_a_loss_of_which_nothing_is_known(tmp_path, monkeypatch, capsys):
    """Beside other code it is no failure; alone it is not recognised."""
    path = tmp_path / "net.py"
    path.write_text("def loss(a, b):\n    return abs(a - b).mean()\n")
    monkeypatch.setattr(sys, "argv", ["judge", str(path)])
    assert command.main() == 2
    assert "loss is none of the losses" in capsys.readouterr().err
    path.write_text(path.read_text()
                    + "def relu(x):\n    return x * (x > 0)\n"
                    + "def cost(y, p):\n    return ((y - p) ** 2).mean()\n")
    command.main()
    out = capsys.readouterr().out
    assert "net.py:cost\n" in out and "EQUAL to torch's mse_loss" in out
    assert "net.py:loss\n" not in out and "not known: loss" in out
