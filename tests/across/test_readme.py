"""The README quotes the real code, and its example and commands work."""

import re
import textwrap
from posixpath import join, normpath

import pytest
import torch

from scratch import CONTENTS, data, linear_regression
from scratch.front_door.language import catalogue
from scratch.front_door.lessons import entries
from scratch.front_door.report import AGREE
from scratch.front_door.source import ROOT
from tests.across.rules import WINGS

README = (ROOT / "README.md").read_text()
BLOCKS = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
CHINESE = (ROOT / "docs/README.zh_CN.md").read_text()


def test_it_is_read_in_one_sitting():
    """Under 200 lines; the first code within the first 30."""
    lines = README.splitlines()
    assert len(lines) < 200 and "```python" in lines[:30]


def test_it_shows_the_source():
    """The two loops in the README are those of the functions."""
    for wing, block in zip(WINGS, BLOCKS):
        source = (ROOT / wing / "logistic_regression.py").read_text()
        assert textwrap.indent(block, "    ") in source
        assert block.count("\n") < 15


def test_the_example_prints_what_it_says(capsys):
    """The losses of 1,000 steps differ by rounding error only."""
    assert BLOCKS[2].count("\n") < 15
    exec(BLOCKS[2], {})
    gap = float(capsys.readouterr().out)
    # Losses below 1 in float32: one ulp is at most 6e-8.
    assert gap <= 1.2e-7
    assert float(re.search(r"It prints `(\S+)`", README)[1]) <= 1.2e-7


@pytest.mark.parametrize("wing", WINGS)
def test_swapping_the_import_line_swaps_the_side(wing, capsys):
    """Rule 2: one program, by hand or by torch."""
    exec(f"from {wing} import data, linear_regression as topic\n"
         "x, y = data.line(20, generator=0)\n"
         "model = topic.LinearRegression()\n"
         "for loss in topic.train(model, x, y):\n"
         "    print(loss)\n", {})
    losses = capsys.readouterr().out.split()
    assert len(losses) > 100 and float(losses[-1]) < 1 < float(losses[0])


PAGES = ["README.md", *(
    f"docs/{path.name}" for path in sorted(ROOT.glob("docs/*.md")))]
TESTS = "".join(path.read_text() for path in ROOT.glob("tests/**/*.py"))
DOORS = "".join(path.read_text() for room in ("scratch", "tests")
                for path in ROOT.glob(f"{room}/**/*.py"))
# of pip, sphinx, torchrun and pytest
OTHERS = {"--hypothesis-profile", "--nproc-per-node", "--nnodes",
          "--node-rank", "--master-addr", "--master-port"}


@pytest.mark.parametrize("page", PAGES)
def test_links_and_paths_exist(page):
    """Every relative link, and every path in code quotes."""
    text = (ROOT / page).read_text()
    folder = (ROOT / page).parent
    for link in re.findall(r"\]\(([^)#]+)", text):
        assert link.startswith("http") or (folder / link).exists(), link
    for path in re.findall(
            r"(?<![\w./])((?:scratch|torch_ref|tests|docs)/[\w/.*]*\w\*?)",
            text):
        # TOPIC and NAME are placeholders; an exercise may be asked
        # to write a new file.
        if not re.search("TOPIC|NAME|_build", path):
            assert list(ROOT.glob(path)), path


@pytest.mark.parametrize("page", PAGES)
def test_named_tests_and_options_exist(page):
    """Every test that a page names is defined; every option is taken."""
    text = (ROOT / page).read_text()
    for name in re.findall(r"(?<!/)\b(test_[a-z]\w+)(?![\w.*])", text):
        assert f"def {name}(" in TESTS or name == "test_size", name
    for option in re.findall(r"(?<![\w-])--[a-z][a-z-]+", text):
        assert f'"{option}"' in DOORS or option in OTHERS, option
    for name in re.findall(r"-m scratch ([a-z]\w+)", text):
        assert name in {*CONTENTS, *entries()}, name


def test_the_printed_table_agrees_with_itself():
    """In the README's table both sides have the same numbers.

    tests/front_door/test_table.py compares those by hand with a run.
    """
    table = README.split("hand torch  hand torch\n")[1].split("```")[0]
    rows = re.findall(r"^.{19} +(\d+) (\S+) +(\d+)((?:  \S+){2})(.*)$",
                      table, re.MULTILINE)
    assert len(rows) == 12 and table.count(" by hand, ") == 4
    for steps, gap, step, losses, more in rows:
        hand, by_torch = losses.split()
        accuracy = more.split()[:-2]
        assert float(gap) <= AGREE["float64"] and 1 <= int(step) <= int(steps)
        assert hand == by_torch and accuracy[:1] == accuracy[1:]
    assert (f"All agree: no gap above {AGREE['float64']:.0e} in float64."
            in table)


def line_lesson(seed, lr, keep):
    """What the lesson trains: w and b, and the number of steps."""
    torch.set_default_dtype(torch.float64)
    model = linear_regression.LinearRegression()
    losses = list(linear_regression.train(
        model, *data.line(20, generator=seed), lr, keep_gradients=keep))
    return *(p.item() for p in model.parameters()), len(losses)


def test_the_printed_lines():
    """w and b in the README are those of the two loops, by hand."""
    for name, lr, keep in (("", 0.02, False),
                           (" --keep-gradients", 0.1, True)):
        w, b, _ = line_lesson(0, lr, keep)
        for letter, value in ("w", w), ("b", b):
            assert (f"linear_regression{name}: {letter} = {value:.5g} by hand,"
                    f" {value:.5g} by torch\n" in README)


def test_kept_gradients_with_other_seeds():
    """With seeds 1 to 9 the loop that keeps gradients ends as printed."""
    words = re.search(r"with seeds 1 to (\d) after (\d+) to (\d+) steps, or "
                      "never", " ".join(README.split()))
    seeds, least, most = map(int, words.groups())
    steps = [line_lesson(seed, 0.1, True)[-1]
             for seed in range(1, seeds + 1)]
    assert min(steps) == least and max(steps) == 1000
    assert max(count for count in steps if count < 1000) == most


def test_the_tree_is_the_house():
    """The tree in the README shows exactly the rooms that exist."""
    tree = re.search(r"```\n(scratch/ .*?)```", README, re.DOTALL)[1]
    folders: list[str] = []
    for line in tree.splitlines():
        indent = len(line) - len(line.lstrip())
        name = line.split()[0].rstrip(",")
        folders[indent // 2:] = [name]
        path = "".join(folders)
        if "TOPIC" not in path:
            assert (ROOT / path).exists(), path
    drawn = set(re.findall(r"^  (\w+)/", tree, re.MULTILINE))
    rooms = {path.name for room in ("scratch", "tests", "docs")
             for path in (ROOT / room).iterdir()
             if path.is_dir() and path.name[0] not in "_."}
    assert drawn == rooms - {"locale"}


def test_it_has_a_line_for_the_lectures():
    """One line installs and builds both languages, and CI runs it."""
    line, = re.findall(r"^\.venv/bin/pip install .*sphinx-build.*",
                       README, re.MULTILINE)
    assert line.count(" && ") == 2 and line.count("sphinx-build -qW") == 2
    assert "'^\\.venv/bin/pip install" in (ROOT / ".ci/run").read_text()


def test_it_has_two_lines_for_ci():
    """.ci/run finds the two lines that it copies."""
    lines = re.findall(r"^python3 -m venv .*", README, re.MULTILINE)
    assert len(lines) == 2
    assert lines[0].endswith(".venv/bin/python -m scratch")
    assert lines[1].endswith(".venv/bin/python -m pytest")
    assert "grep '^python3 -m venv '" in (ROOT / ".ci/run").read_text()


def test_it_names_every_topic():
    """The README lists the topics of scratch.CONTENTS, in that order."""
    order = re.search(r"In this order: (.*?)\.\s", README, re.DOTALL)[1]
    assert re.findall(r"`(\w+)`", order) == list(CONTENTS)


def code(page, told=str):
    """Its blocks of code, without comments on commands and rooms.

    What is printed, told() translates.
    """
    blocks = re.findall(r"^```(\w*)\n(.*?)^```", page, re.DOTALL | re.M)
    return [re.sub(r" +#.*", "", block) if language == "sh"
            else re.findall(r"^ *\S+(?:, \S+)*", block, re.M)
            if block.startswith("scratch/ ") else block if language
            else told(block) for language, block in blocks]


def prose(page):
    """The page without its code."""
    return re.sub(r"^```.*?^```$", "", page, flags=re.DOTALL | re.M)


def test_the_chinese_readme_is_as_short():
    """Under 200 lines, with the same number of headings."""
    assert len(CHINESE.splitlines()) < 200
    assert prose(CHINESE).count("\n## ") == prose(README).count("\n## ")


def test_the_chinese_readme_has_the_same_code():
    """Each block, command and room; what is printed is so in Chinese."""
    english, chinese = code(README, catalogue("zh_CN")), code(CHINESE)
    assert len(english) == len(chinese) > 10
    for ours, theirs in zip(english, chinese):
        assert ours == theirs


def test_the_chinese_readme_has_the_same_links():
    """Both link to the same files, and to each other."""
    english, chinese = (
        sorted(normpath(join(folder, link))
               for link in re.findall(r"\]\(([^)]+)", prose(page)))
        for page, folder in ((README, ""), (CHINESE, "docs")))
    # The picture has its words.
    chinese = [link.replace(".zh_CN.png", ".png") for link in chinese]
    english.remove("docs/README.zh_CN.md")
    chinese.remove("README.md")
    assert english == chinese


def test_the_chinese_readme_has_the_same_numbers():
    """So that a new number of bugs is new on both pages."""
    number = r"\d(?:[\d.,e-]*\d)?"
    english, chinese = (sorted(re.findall(number, prose(page)))
                        for page in (README, CHINESE))
    assert english == chinese
