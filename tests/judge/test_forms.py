"""Correct code in any form is never judged to be wrong."""

import pytest

from tests.judge.confusion import Inside
from tests.judge.forms import source
from tests.judge.implementation import File
from tests.judge.source import parse
from tests.judge.verdict import BUT, CONVENTION, EQUAL

# What a reader should be told of code that is right.
HARMLESS = ("cross-entropy-clipped", "cross-entropy-plus-eps",
            "slope-plus-eps", "slope-from-the-output",
            "softmax-of-the-whole-batch")


@pytest.mark.parametrize("seed", range(60))
def test_correct_code_is_equal(seed, tmp_path):
    """EQUAL, with a condition or a harmless convention at most."""
    form, name, text = source(seed)
    path = tmp_path / "mine.py"
    path.write_text(text, encoding="utf-8")
    file = File(parse(path), Inside(path))  # type: ignore
    verdict = file.judge(name, file.names(name, "")[name], "")
    assert verdict.status in (EQUAL, BUT) or (
        verdict.status == CONVENTION and all(
            switch.name in HARMLESS
            for switch in verdict.names[0])), (
        f"{form}\n{text}\n{verdict}")
