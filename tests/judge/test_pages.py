"""README's verdict is what the judge says of an example of the page."""

import os
import re
import subprocess
import sys

from scratch.front_door.source import ROOT


def test_the_verdict_in_the_readme(tmp_path):
    """The code is that of docs/judge.md; nothing is left out."""
    page = (ROOT / "docs/judge.md").read_text(encoding="utf-8")
    code = re.search(r"```\{verdict\} relu.py\n(.*?)```", page,
                     re.DOTALL)[1]
    path = tmp_path / "relu.py"
    path.write_text(code, encoding="utf-8")
    done = subprocess.run([sys.executable, "-m", "tests.judge", path],
                          cwd=ROOT, capture_output=True, text=True,
                          encoding="utf-8")
    assert done.returncode == 1, done.stderr
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert f"```\n{done.stdout}```" in readme


def test_a_console_that_is_not_utf8(tmp_path):
    """What it cannot encode is replaced, as by `python -m scratch`."""
    path = tmp_path / "my 亚当.py"
    path.write_text("def sgd(w, g, lr):\n    return w + lr * g\n",
                    encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "tests.judge", path], cwd=ROOT,
        capture_output=True, env={**os.environ,
                                  "PYTHONIOENCODING": "ascii"})
    assert done.returncode == 1, done.stderr
    assert b"sgd-ascent" in done.stdout
