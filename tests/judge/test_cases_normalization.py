"""batch_norm and layer_norm in the forms in which people write them."""

import pytest

from tests.judge.tables import judged, names
from tests.judge.verdict import (BUG, BUT, CONVENTION, EQUAL, RAISES,
                                 UNREAD)

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
        ("batchnorm_of_eps", BUT), ("batch_norm_of_images", EQUAL),
        ("batch_norm_that_keeps_rows", BUT),
        ("batch_norm_per_pixel", BUG, "statistics-per-pixel"),
        ("LayerNormOfAnInt", EQUAL), ("layer_norm_of_axis_1", BUT),
        ("layer_norm_raises", RAISES), ("layer_norm_of_anything", UNREAD)],
    "normalization_torch": [
        ("LayerNorm", EQUAL),
        ("LayerNormOfASample", BUG,
         "variance-of-a-sample + eps-outside-the-root"),
        ("BatchNorm1", BUG, "running-variance-of-the-batch"),
        ("layer_norm", EQUAL),
        ("layer_norm_of_the_last", BUG, "layer-norm-over-one-axis"),
        ("batch_norm_of_the_book", EQUAL),
        ("batch_norm_per_image", BUG, "statistics-per-image"),
        ("BatchNormKeeping", BUG, "running-statistics-with-gradient"),
        ("BatchNormWriting", EQUAL)],
}
# what is said of what was not judged, or is equal only elsewhere
ALONE = "judged on (n, c) only: on "
SAID = {
    "normalization": {
        "batch_norm": [ALONE + "images (n, c, h, w) it raises ValueError"],
        "batch_norm_of_images": [],
        "batchnorm_of_eps": ["not on images (n, c, h, w): y: yours"],
        "batch_norm_that_keeps_rows": [
            "with running statistics it does not take images"],
        "layer_norm_of_axis_1": ["not on four axes: y: yours"],
        "layer_norm_raises": ["AttributeError: 'numpy.ndarray' object has "
                              "no attribute 'means' (line "]},
    "normalization_torch": {
        "BatchNormWriting": [ALONE, "not judged where the input requires"],
        "batch_norm_of_the_book": []}}


@pytest.mark.parametrize("file", TABLE)
def test_each_case_gets_its_verdict(file):
    """The verdict, the names that explain it, what was not judged."""
    found = judged(file)
    assert [*found] == [*dict.fromkeys(
        sorted((name for name, *_ in TABLE[file]), key=[*found].index))]
    for name, status, *explained in TABLE[file]:
        verdict = found[name]
        assert verdict.status == status, verdict
        assert names(verdict) == "".join(explained), verdict
        assert status in str(verdict) or status in (BUT, CONVENTION)
        words = SAID[file].get(name)
        if words is not None:
            said = verdict.notes + verdict.findings
            assert len(said) == len(words), verdict
            assert all(text.startswith(part)
                       for part, text in zip(words, said)), verdict
