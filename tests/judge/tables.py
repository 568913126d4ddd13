"""What the judge must say of the files in cases/, as tables."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.judge import implementation
from tests.judge.verdict import Verdict

CASES = Path(__file__).parent / "cases"


def judged(file: str, patience: float = 60.0) -> dict[str, Verdict]:
    """The verdicts on all that is in cases/FILE.py, by its name."""
    with implementation.opened(CASES / f"{file}.py", patience) as one:
        return {name: one.judge(name, kinds, "")
                for name, kinds in one.names("", "").items()}


def names(verdict: Verdict) -> str:
    """The names that explain it: one + another | or else these."""
    return " | ".join(" + ".join(one.name for one in chosen)
                      for chosen in verdict.names)


def check(file: str, table: Sequence[Any]) -> None:
    """Each row: name, verdict, the names, a word of what is said."""
    found = judged(file)
    assert {*found} == {name for name, *_ in table}
    for name, status, *more in table:
        explained, words = [*more, "", ""][:2]
        verdict = found[name]
        assert verdict.status == status, verdict
        assert names(verdict) == explained, verdict
        assert words in str(verdict), verdict
