"""Whatever a file does: one clear line, nothing lost, nothing left."""

import os
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests.judge import __main__ as command
from tests.judge.verdict import RAISES

SIGMOID = "    return 1 / (1 + np.exp(-x))\n"


def judged(capsys, monkeypatch, *argv):
    """The exit status, standard output and standard error."""
    monkeypatch.setattr(sys, "argv", ["judge", *map(str, argv)])
    try:
        status: Any = command.main()
    except SystemExit as end:
        status = end.code
    out, err = capsys.readouterr()
    return status, out, err


@pytest.mark.parametrize("name, content, says", [
    ("syntax.py", b"def sigmoid(x:\n", "is not Python"),
    ("zero.py", b"def f():\0", "is not Python"),
    ("image.py", bytes(range(256)), "is not Python"),
    ("deep.py", b"x = " + 100_000 * b"(", "is not Python"),
    ("large.py", 10_000_000 * b"#", "at most 1000000 bytes, got 10000000"),
    ("empty.py", b"", "nothing is recognised"),
    ("other.py", b"def f(x):\n    return x\n", "it defines f")])
def test_files_that_cannot_be_judged(name, content, says, tmp_path,
                                     capsys, monkeypatch):
    """One line says why; status 2."""
    path = tmp_path / name
    path.write_bytes(content)
    status, out, err = judged(capsys, monkeypatch, path)
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert says in err and name in err
    assert path.read_bytes() == content


@pytest.mark.parametrize("argv, says", [
    (["missing.py"], "cannot read 'missing.py': No such file"),
    (["."], "is not a file"), (["f.py:tanh"], "has no 'tanh'"),
    (["f.py:sigmoid.x"], "has no 'sigmoid.x'"),
    (["f.py", "--only", "sigmiod"], "did you mean 'sigmoid'?"),
    (["f.py", "--as", "sigmoid"], "--as needs FILE:NAME"),
    (["f.py:sigmoid", "--as", "sigmoit"], "did you mean 'sigmoid'?"),
    (["f.py", "--timeout", "0"], "must be a number above 0, got '0'"),
    (["f.py", "--points", "-1"], "must be a number above 0"),
    (["f.py", "--html", "./f.py"], "'f.py' is a file to judge"),
    (["f.py", "--html", "no/page.html"], "cannot write 'no/page.html'"),
    (["a.py", "--call", "w ="], "--call must be an expression"),
    (["a.py", "--call", "w"], "--call must call something"),
    (["--tests", "t.py"], "--tests and --of need each other"),
    (["--tests", "t.py", "--of", "a.b"], "--of must be module.Name"),
    (["--tests", "t.py", "--of", "a.Adam"], "cannot read 't.py'"),
    ([], "give a FILE, or --tests and --of")])
def test_bad_usage(argv, says, tmp_path, capsys, monkeypatch):
    """One line, status 2."""
    monkeypatch.chdir(tmp_path)
    Path("f.py").write_text(f"import numpy as np\ndef sigmoid(x):\n{SIGMOID}")
    Path("a.py").write_text("def sgd(w, g, lr):\n    return w - lr * g\n")
    status, out, err = judged(capsys, monkeypatch, *argv)
    assert status == 2 and err.count("\n") == 1
    assert says in err


# What sigmoid does before it returns the right value, and what is said.
ENDS = {
    "exit": ("exit(3)", "it calls exit(3)"),
    "os._exit": ("os._exit(5)", "its process ended with status 5"),
    "killed": ("os.kill(os.getpid(), 9)", "its process ended"),
    "no memory": ("np.ones(100 * 2 ** 27)", "MemoryError"),
    "for ever": ("while True: pass", "no answer in 1 s"),
    "asleep": ("time.sleep(1000)", "no answer in 1 s"),
    "reads": ("input()", "EOFError"),
    "raises": ("raise ValueError('a\\nb')", "ValueError: a"),
    "interrupts": ("raise KeyboardInterrupt", "KeyboardInterrupt"),
    "recursion": ("return sigmoid(x)", "RecursionError"),
    "a function": ("return lambda a, b: 0", "float() argument"),
    "a string": ("return 'sigmoid'", "it returns a str"),
    "nothing": ("return None", "it returns None"),
    "closes all": ("os.closerange(0, 100)", "its process ended"),
    "a window": ("import tkinter; tkinter.Tk()", "Error"),
}


@pytest.mark.parametrize("name", ENDS)
def test_code_that_does_not_return(name, tmp_path, capsys, monkeypatch):
    """It is stopped, and its own line is shown."""
    does, says = ENDS[name]
    path = tmp_path / "f.py"
    path.write_text("import os, sys, time\nimport numpy as np\n\n\n"
                    f"def sigmoid(x):\n    {does}\n{SIGMOID}")
    start = time.monotonic()
    status, out, err = judged(capsys, monkeypatch, path, "--timeout", "1")
    assert time.monotonic() - start < 8
    assert (status, err) == (1, "")
    assert RAISES in out and says in out
    assert os.listdir(tmp_path) == ["f.py"]


# What sigmoid does beside the right value.
HARMLESS = {
    "fork": "os.fork()",
    "stays behind": "subprocess.Popen(['sleep', '1000'])",
    "changes directory": "os.chdir('/')",
    "prints": "print('x\\n' * 100_000)",
    "prints below": "os.write(1, b'x' * 1000)",
    "global seed": "np.random.seed(0)",
    "strict": "np.seterr(all='raise')",
    "warnings": "import warnings; warnings.simplefilter('error')",
    "patches numpy": "np.array_equal = lambda *a, **b: False",
    "patches pickle": "import pickle; pickle.dumps = None",
    "a thread": "threading.Thread(target=time.sleep, args=(99,)).start()",
    "ignores signals": "signal.signal(signal.SIGTERM, signal.SIG_IGN)",
    "writes": "open('here.txt', 'w').write('x')",
    "writes beside": "open(__file__ + '.log', 'w').write('x')",
    "removes itself": "os.path.exists(__file__) and os.remove(__file__)",
    "no stdout": "sys.stdout = None",
}


@pytest.mark.parametrize("name", HARMLESS)
def test_code_that_does_more(name, tmp_path, capsys, monkeypatch):
    """It is judged all the same; nothing is left behind."""
    path = tmp_path / "f.py"
    text = ("import os, signal, subprocess, sys, threading, time\n"
            "import numpy as np\n\n\n"
            f"def sigmoid(x):\n    {HARMLESS[name]}\n"
            "    with np.errstate(all='ignore'):\n    " + SIGMOID
            + "\n\n\ndef tanh(x):\n    return np.tanh(x)\n")
    path.write_text(text)
    here = os.getcwd()
    status, out, err = judged(capsys, monkeypatch, path)
    assert (status, err) == (0, "") and "EQUAL to torch.sigmoid" in out
    assert os.listdir(tmp_path) == ["f.py"] and path.read_text() == text
    assert os.getcwd() == here
    # What one prints is not said of the next.
    assert out.count("it prints") == (name == "prints")


def test_only_what_is_needed_is_run(tmp_path, capsys, monkeypatch):
    """Trainings, missing imports and broken neighbours do not matter."""
    path = tmp_path / "f.py"
    path.write_text(
        "import no_such_module\nfrom nowhere import Base, decorate\n"
        "import numpy as np\ndata = no_such_module.load()\n"
        "input('press a key')\nwhile True:\n    pass\n"
        "class Net(Base):\n    pass\n@decorate\ndef f(x):\n    pass\n"
        "for step in range(10 ** 9):\n    print(step)\n"
        "one = 1\ndef sigmoid(x):\n    return one / (one + np.exp(-x))\n")
    status, out, err = judged(capsys, monkeypatch, path)
    assert (status, err) == (0, "") and "EQUAL to torch.sigmoid" in out
    path.write_text("from nowhere import exp\n"
                    "def sigmoid(x):\n    return 1 / (1 + exp(-x))\n")
    status, out, err = judged(capsys, monkeypatch, path)
    assert status == 1 and "needs nowhere.exp" in out


def test_no_process_is_left(tmp_path, capsys, monkeypatch):
    """What the code has started ends with it."""
    path, later = tmp_path / "f.py", tmp_path / "later.py"
    later.write_text("import pathlib, time\ntime.sleep(3)\n"
                     "pathlib.Path(__file__ + '.mark').touch()\n")
    path.write_text(
        "import subprocess, sys\nimport numpy as np\ndef sigmoid(x):\n"
        f"    subprocess.Popen([sys.executable, {str(later)!r}])\n"
        + SIGMOID)
    assert judged(capsys, monkeypatch, path)[0] == 0
    time.sleep(4)
    assert sorted(os.listdir(tmp_path)) == ["f.py", "later.py"]
