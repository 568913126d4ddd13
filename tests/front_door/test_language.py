"""What is printed, in the reader's language."""

import io
import json
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scratch import CONTENTS
from scratch.front_door import language
from scratch.front_door.catalogue import Catalogue
from scratch.front_door.language import LOCALE, read, told, use, wanted
from scratch.front_door.source import ROOT
from scratch.front_door.wrapping import width, wrapped
from tests.front_door.command import printed

CHINESE = "--language", "zh_CN"
SMALL = Catalogue({
    "the loss": "损失", "rows": "行", "the mean": "均值", "step": "步",
    "cannot read {0}: {1}": "读不了 {0}：{1}",
    "{0} must be {1}, got {2}": "{0} 必须是 {1}，实际是 {2}",
    "{0} of {1}": "{1} 中的 {0}", "no such file": "没有这个文件",
    "The loss falls.": "损失下降。", "Note        {0}": "说明        {0}",
    ", as always": "，和往常一样", "(wrong)": "（错）",
    " (line {0}: {1})": "（第 {0} 行：{1}）",
    # of a page, and a formula
    "{n} steps": "{n} 步", r", \frac{1}{2}": r"，\frac{1}{2}"})


@pytest.fixture(autouse=True)
def english():
    """Whatever a test speaks, the next one speaks English."""
    yield
    use("en")


@pytest.mark.parametrize("text, translated", [
    ("the loss", "损失"),
    ("  the loss\n\n- the loss", "  损失\n\n- the loss"),
    ("loss", "loss"),
    # a value may be a message, a name stays
    ("cannot read 'x.py': no such file", "读不了 'x.py'：没有这个文件"),
    ("python -m scratch: cannot read 'x': no such file",
     "python -m scratch：读不了 'x'：没有这个文件"),
    ("python -m scratch: 'x' must be 0, got 3",
     "python -m scratch：'x' 必须是 0，实际是 3"),
    ("lr must be 0, got {1}", "lr 必须是 0，实际是 {1}"),
    ("3 of 5", "5 中的 3"),
    # no blank between two words of Chinese
    ("3 of the loss", "损失中的 3"),
    # messages in a row, and the end of a line
    ("a, rows, the mean:", "a，行，均值："),
    # names behind a message have its commas, code has its own
    ("the loss, a, b", "损失，a，b"),
    ("a, b = f(a, b), as always", "a, b = f(a, b)，和往常一样"),
    ("a, b = f(a, b), the mean", "a, b = f(a, b)，均值"),
    ("3 of 5, b 4", "5 中的 3，b 4"),
    ("a, b, c: the mean", "a、b、c：均值"),
    # names, even if they are words of ours
    ("'x' must be rows, loss, got 3", "'x' 必须是 rows、loss，实际是 3"),
    ("rows, a", "rows, a"),
    # what Python says, and a message of ours that is raised
    ("the loss: TypeError: f(): rows must be 0, got the mean, in f",
     "损失：TypeError: f(): rows must be 0, got the mean, in f"),
    ("TypeError: f(): rows (line 3: f(a, b))",
     "TypeError: f(): rows（第 3 行：f(a, b)）"),
    ("TypeError: f() (line 3: if a:)", "TypeError: f()（第 3 行：if a:）"),
    ("ValueError: lr must be 0, got 3", "ValueError: lr 必须是 0，实际是 3"),
    # a name that is a word of ours, too
    ("step must be 0, got rows", "step 必须是 0，实际是 rows"),
    ("The loss falls. The loss falls.", "损失下降。损失下降。"),
    ('"The loss falls."', "“损失下降。”"),
    ("Note        the loss, as always", "说明        损失，和往常一样"),
    ("4     9  (wrong)", "4     9   （错）"),
    # a text keeps its start, the heads of a table keep their end
    ("rows        the mean", "行          均值"),
    ("rows        the mean      step", "行              均值        步"),
    ("{0}", "{0}"), ("{n} steps", "{n} steps"),
    (r"a, \frac{1}{2}", r"a, \frac{1}{2}")])
def test_a_line_is_looked_up(text, translated):
    """By its pattern; what has no message stays as it is."""
    assert SMALL(text) == translated


def test_columns_stay():
    """Right of the heads of a table, whatever they say."""
    head = "lesson              steps     gap  step    the mean"
    one = Catalogue({"lesson": "示例", "steps": "步数", "gap": "差距",
                     "step": "步", "the mean": "均值"})(head)
    assert width(one) == len(head)
    for english, chinese in (("steps", "步数"), ("gap", "差距")):
        end = head.index(english) + len(english)
        assert width(one[:one.index(chinese) + len(chinese)]) == end


@given(st.text("中文，。（）”ab  ", max_size=60), st.integers(6, 30))
def test_wrapped(text, columns):
    """All of the text; no line too wide, none begins with a full stop."""
    lines = wrapped(text, columns)
    assert "".join("".join(lines).split()) == "".join(text.split())
    for line in lines:
        # A word or a row of full stops may be longer.
        assert width(line) <= columns or " " not in line.strip()
    for line in lines[1:]:
        # Unless a blank stands before it.
        assert line[:1] not in "，。）”" or f" {line[:1]}" in text


@pytest.mark.parametrize("argv", [
    ["--help"], ["cnn", "--help"], ["--list"],
    ["optimizers", "--epochs", "1", "--no-figure"],
    ["cnn", "--no-figure", "--batch-size", "360"]])
def test_eighty_columns_are_enough(argv, monkeypatch):
    """Full-width letters count double."""
    monkeypatch.setenv("COLUMNS", "80")
    code, out, err = printed(*argv, *CHINESE)
    assert (code, err) == (0, "") and not out.isascii()
    assert [line for line in out.splitlines() if width(line) > 80] == []


@pytest.mark.parametrize("environment, found", [
    ({}, "en"), ({"LANG": "zh_CN.UTF-8"}, "zh_CN"),
    ({"LANG": "zh_CN"}, "zh_CN"),
    ({"LANG": "zh_CN.UTF-8", "LC_ALL": "C"}, "en"),
    ({"LANG": "C", "LC_MESSAGES": "zh_CN.UTF-8"}, "zh_CN"),
    ({"LANG": "zh_TW.UTF-8"}, "en"), ({"LANG": "de_DE.UTF-8"}, "en"),
    ({"LANG": "zh_CN.UTF-8", "TERM": "linux"}, "en")])
def test_the_language_of_the_terminal(environment, found, monkeypatch):
    """POSIX's variables in their order; the console has no such letters."""
    for name in "LC_ALL", "LC_MESSAGES", "LANG", "TERM":
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert wanted() == found
    assert wanted("en") == "en"


@pytest.mark.parametrize("encoding, found", [
    ("utf-8", "zh_CN"), ("gbk", "zh_CN"), ("ascii", "en"), ("cp1252", "en")])
def test_a_terminal_that_cannot_show_it(encoding, found, monkeypatch):
    """English, even if Chinese is asked for."""
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(
        io.BytesIO(), encoding))
    assert wanted("zh_CN") == found


def test_without_a_catalogue_english(monkeypatch, tmp_path):
    """An installed package has none: nothing fails."""
    monkeypatch.setattr(language, "LOCALE", tmp_path)
    language.catalogue.cache_clear()
    use("zh_CN")
    assert told("Wrote x.") == "Wrote x."
    language.catalogue.cache_clear()


@pytest.mark.parametrize("path", sorted(LOCALE.glob("*/*/*.po")),
                         ids=lambda path: path.stem)
def test_a_catalogue_is_read_as_babel_reads_it(path):
    """The referee is the library that writes it."""
    pofile = pytest.importorskip("babel.messages.pofile")
    with path.open("rb") as file:
        assert read(path) == {
            message.id: message.string for message in pofile.read_po(file)
            if message.id and message.string and not message.fuzzy}


@pytest.mark.parametrize("argv, status", [
    (["--lr", "0"], 2), (["--langauge", "zh_CN"], 2), (["--list"], 0),
    (["--data", "mnist", "--data-dir", "nowhere"], 3)])
def test_the_exit_status_knows_no_language(argv, status):
    """It is the same; what is printed is not."""
    said = [printed(*argv, *language) for language in ((), CHINESE)]
    assert [code for code, *_ in said] == [status, status]
    assert said[0][1:] != said[1][1:]


def test_json_knows_no_language():
    """--json prints the same bytes, but for the seconds."""
    def record(*argv):
        code, out, err = printed("regression_net", "--epochs", "1", "--json",
                                 "--no-figure", *argv)
        found = json.loads(out)
        for run in found["runs"]:
            for side in "hand", "torch":
                del run[side]["seconds"]
        return code, found, err

    assert record() == record(*CHINESE)


def test_code_knows_no_language():
    """--read prints the source as it is."""
    assert printed("--read", "losses") == printed("--read", "losses",
                                                  *CHINESE)


def test_topics_keep_their_names():
    """They are what a reader types."""
    _, out, _ = printed("--list", *CHINESE)
    names = [line.split()[0] for line in out.splitlines()
             if line[0] != " "]
    assert names == list(CONTENTS)
    *_, err = printed("--read", "nope", *CHINESE)
    assert "、".join(CONTENTS) in err


def test_the_language_of_a_command(monkeypatch):
    """LANG is enough; --language is heard before any other option fails."""
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    *_, err = printed("--lr", "0")
    assert "--lr" in err and "\uff0c" in err
    *_, err = printed("--lr", "0", "--language=en")
    assert err.isascii()
    # Another language: the terminal's says what is wrong.
    *_, err = printed("--language", "fr")
    assert "fr" in err and "\uff1a" in err
    monkeypatch.setenv("LC_ALL", "C")
    assert printed("--lr", "0", "--lang", "zh_CN") == printed(
        "--lr", "0", *CHINESE)
    assert printed("--lr", "0", *CHINESE) == printed(
        "--language=zh_CN", "--lr", "0")
    done = subprocess.run(
        [sys.executable, "-m", "tests.judge", *CHINESE, "nowhere.py"],
        cwd=ROOT, capture_output=True, encoding="utf-8")
    assert done.returncode == 2 and "\uff1a" in done.stderr
