"""batch_norm and layer_norm in the forms in which people write them."""

from pathlib import Path

import pytest

from tests.judge import implementation
from tests.judge.verdict import (BUG, CONVENTION, EQUAL, RAISES, UNREAD)

CASES = Path(__file__).parent / "cases"
# file: name, verdict, the names that explain it
TABLE = {
    "normalization": [
        ("layer_norm", EQUAL),
        ("layer_norm_of_std", BUG, "eps-outside-the-root"),
        ("layer_norm_of_a_batch", BUG, "layer-norm-over-the-batch"),
        ("batchnorm_plain", CONVENTION, "eps-of-its-own"),
        ("batch_norm", EQUAL),
        ("batch_norm_of_the_book", BUG, "running-variance-of-the-batch + "
         "momentum-the-other-way-round"),
        ("BatchNormAlways", BUG, "evaluation-with-batch-statistics"),
        ("layer_norm_raises", RAISES), ("layer_norm_of_anything", UNREAD)],
    "normalization_torch": [
        ("LayerNorm", EQUAL),
        ("LayerNormOfASample", BUG,
         "variance-of-a-sample + eps-outside-the-root"),
        ("BatchNorm1", BUG, "running-variance-of-the-batch")],
}


@pytest.mark.parametrize("file", TABLE)
def test_each_case_gets_its_verdict(file):
    """The verdict, and the names that explain it."""
    with implementation.opened(CASES / f"{file}.py", 60.0) as one:
        found = {name: one.judge(name, kinds, "")
                 for name, kinds in one.names("", "").items()}
    assert [*found] == [*dict.fromkeys(
        sorted((name for name, *_ in TABLE[file]), key=[*found].index))]
    for name, status, *names in TABLE[file]:
        verdict = found[name]
        assert verdict.status == status, verdict
        assert " | ".join(" + ".join(one.name for one in chosen)
                          for chosen in verdict.names) == "".join(names), (
            verdict)
