"""Dropout in the forms in which people write it."""

from tests.judge.tables import check
from tests.judge.verdict import (BUG, CONVENTION, DIFFERENT, EQUAL, RAISES,
                                 UNREAD)

# name, verdict, the names that explain it, a word of what is said
TABLE = [
    ("dropout", EQUAL, "", "evaluation"),
    ("dropout_at_1", EQUAL, "", "p = 1: 0 / 0 is NaN"),
    ("dropout_layer", EQUAL),
    # The counterexample shows what differs.
    ("dropout_detached", BUG, "dropout-gradient-not-masked",
     "gradient there is not 0"),
    ("dropout_redrawn", BUG, "dropout-new-mask-in-backward",
     "other entries of the gradient"),
    ("dropout_in_place", BUG, "dropout-in-place", "changes the input"),
    ("dropout_forward", EQUAL),
    ("Dropout", CONVENTION, "dropout-scaled-at-evaluation"),
    ("DropoutUnmasked", BUG, "dropout-gradient-not-masked"),
    ("DropoutAlways", BUG, "dropout-active-at-evaluation",
     "in evaluation, too"),
    ("dropout_of_keep", BUG, "dropout-p-keeps", "keeps 0.2"),
    ("dropout_unscaled", BUG, "dropout-not-scaled"),
    ("dropout_by_p", BUG, "dropout-divided-by-p"),
    ("dropout_of_units", BUG, "dropout-one-mask-for-the-batch",
     "the same in all rows"),
    ("dropout_of_rows", BUG, "dropout-whole-rows", "a row as a whole"),
    ("dropout_seeded", BUG, "dropout-seeded-anew", "in two calls"),
    ("dropout_scaled_twice", BUG, "dropout-scaled-twice",
     "by 1 - p in evaluation"),
    ("dropout_halved", DIFFERENT, "", "it keeps 0.87"),
    ("dropout_raises", RAISES, "", "AttributeError"),
    ("dropout_of_anything", UNREAD, "", "no way to call it")]


def test_each_case_gets_its_verdict():
    """The verdict, the names, and a word of what is said."""
    check("dropout", TABLE)
