"""Activations and losses in the forms in which people write them.

cases/functions.txt has a line for each: its name, the verdict, and the
names that explain it, which are those of the first explanation.
"""

import functools
import re

import pytest

from tests.judge import tables, verdict

STATUS = {"EQUAL": verdict.EQUAL, "BUT": verdict.BUT,
          "CONVENTION": verdict.CONVENTION, "BUG": verdict.BUG,
          "DIFFERENT": verdict.DIFFERENT, "RAISES": verdict.RAISES,
          "UNREAD": verdict.UNREAD}


def table():
    """file, name, status, names: of every line."""
    file = ""
    for line in (tables.CASES / "functions.txt").read_text().splitlines():
        if line.startswith(" "):
            name, status, *rest = line.split(maxsplit=2)
            yield file, name, STATUS[status], "".join(rest)
        elif line:
            file = line


TABLE = list(table())


@functools.cache
def judged(file):
    """The verdicts on all that is in a file, by its name."""
    return tables.judged(file, 10.0)


@pytest.mark.parametrize("file, name, status, names", TABLE,
                         ids=[f"{file}-{name}" for file, name, *_ in TABLE])
def test_the_verdict_is_right(file, name, status, names):
    """The status, and the names of what differs."""
    found = judged(file)[name]
    assert found.status == status, found
    titles = [" + ".join(switch.title for switch in chosen)
              for chosen in found.names]
    assert " | ".join(titles[:2]) == names, found


@pytest.mark.parametrize("file", sorted({file for file, *_ in TABLE}))
def test_every_case_has_its_line(file):
    """Nothing in a file of cases is judged and not checked."""
    assert [*judged(file)] == [name for one, name, *_ in TABLE
                               if one == file]


def test_what_is_printed_is_true_of_value_and_slope():
    """Value and slope are told apart, and the slope from its own value.
    """
    text = str(judged("functions_plain")["relu_everywhere"])
    assert "value  EQUAL to torch.relu" in text
    assert re.search(r"slope  DIFFERENT: x = -\d+: yours 1, torch 0. Nor is "
                     r"it the slope of your own relu_everywhere: that is 0",
                     text)
    text = str(judged("losses_plain")["mse_of_the_sum"])
    assert "It is 6 times that" in text
    assert "the gradient of the sum" in text
