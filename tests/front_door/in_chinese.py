"""Whatever a test sees printed has its Chinese.

Each text that a test prints in English is looked up once more, in
Chinese: what is left of English is a message without a translation.
"""

import re
from functools import cache

import pytest

from scratch.front_door import command_line, options
from scratch.front_door.language import catalogue
from scratch.front_door.lessons import entries
from scratch.front_door.source import ROOT
from tests.judge.implementation import File

# What is not ours to translate.
LEFT_OUT = re.compile("|".join([
    # names and values
    "'[^']*'", '"[^"]*"', "`[^`]*`", r"python -m [\w.]+( cnn)?",
    "pip install", "Ankle boot", "test adam", "torch (nan|inf)",
    rf"({'|'.join(entries())}) \w+",
    # code, and what Python says of it
    r"^读作 .*", r"\w*(Error|Exception|Warning)\b.*",
    "不是 Python 代码：.*", "还没有改对。.* 行：.*",
    # what the system says, or a test in its name
    "no permission", "the disk is gone", "unknown url type", "bytes read",
    "No space left on device"]))
# Two words in a row are English, and so is a verdict in capitals.
WORDS = re.compile(r"(?<![\w./=-])[A-Za-z][a-z]+ [a-z]{2,}(?![\w./(=\[])"
                   r"|\b[A-Z]{4,}\b(?= [a-z])")


@cache
def source() -> frozenset[str]:
    """The lines of code, docstrings and comments, which stay English."""
    paths = [*ROOT.glob("scratch/*.py"), *ROOT.glob("tests/**/test_*.py")]
    return frozenset(
        line.strip(' #"') for path in paths
        for line in path.read_text(encoding="utf-8").splitlines())


def english(text: str) -> list[str]:
    """The lines of a text in which English is left."""
    return [line for line in text.split("\n")
            if WORDS.search(LEFT_OUT.sub("", line.strip()))
            and line.strip("-+ ") not in source()
            and not line.strip().startswith(("- ", "+ "))]


@pytest.fixture(autouse=True)
def in_chinese(monkeypatch):
    """Fail a test that has printed what has no Chinese."""
    left: list[str] = []
    told, judge = command_line.told, File.judge

    def looked_up(text):
        # A message of argparse's comes here before it is wrapped.
        if not text.startswith(("usage: ", "Traceback")) and (
                not text.endswith("(--help says more)\n")):
            left.extend(english(catalogue("zh_CN")(text)))
        return told(text)

    def judged(self, *given):
        verdict = judge(self, *given)
        looked_up(str(verdict))
        return verdict

    for module in command_line, options:
        monkeypatch.setattr(module, "told", looked_up)
    monkeypatch.setattr(File, "judge", judged)
    yield
    assert not left, "\n".join(["English is left:", *left])
