"""One English term, one Chinese term: the glossary against all pages."""

import re
from collections.abc import Iterator
from functools import cache

import pytest

pytest.importorskip("sphinx")

from docs.site.glossary import PAGE, chinese  # noqa: E402
from docs.site.translate import FOLDER, KEPT, known  # noqa: E402

# Of these, one must not stand for another: a Chinese sentence that has
# the word of one, where the English has only another one, is wrong.
RIVALS = [
    {"gradient", "slope"},
    {"test set", "held-out rows"},
    {"weight", "bias"},
    {"forward pass", "backward pass"},
    {"judge", "referee"},
    {"linear regression", "logistic regression", "softmax regression"},
    {"hidden layer", "hidden unit"},
    {"logits", "probability"},
    {"dropout", "weight decay"},
]
# A sentence may do without these, which are words of every day, too.
EVERYDAY = {"row", "column", "axis", "step", "state", "topic", "weight"}
# English words with a term in them that are not the term.
OTHERS = re.compile("|".join([
    "museum of bugs", "with the bug and", "what has the bug",
    # to judge
    "judge (your|this|a)", "to judge",
    "in a row", "drawn by hand", "filters written by hand",
    "mirror each other", "without a network",
    # a step that is a jump: of a function, of a schedule
    "a step from 0 to 1", "steps, warm-up",
    # a bias of statistics is 偏差
    "no bias to correct", "bias is gone",
    # names that torch gives
    "channels last",
    # the system, not a part of an image
    "windows and macs",
]), re.I)
# Code, formulas, links' targets, tags, sums such as `1 - momentum`.
HIDDEN = re.compile(rf"{KEPT.pattern}|\$[^$]*\$|<[^>]*>|\\\w+"
                    r"|\w+=\S*|(?<!\w)[-+*/=] ?\w+")


def plain(text: str) -> str:
    """The words of a message: no code, formulas, links' targets."""
    return OTHERS.sub(" ", HIDDEN.sub(" ", text))


@cache
def pairs() -> dict[str, list[str]]:
    """English term -> its Chinese: one word, or a long and a short one.

    "by hand, by torch" are two terms with a word each.
    """
    found: dict[str, list[str]] = {}
    for term, word in chinese().items():
        terms, words = term.split(", "), word.split("、")
        found |= zip(terms, ([one] for one in words)) if (
            len(terms) > 1) else {term: words}
    return found


def forms(term: str) -> set[str]:
    """A term as a page may write it: singular and plural."""
    return {term, term + "s", term + "es", re.sub("s$", "", term),
            re.sub("y$", "ies", term), re.sub("is$", "es", term),
            re.sub("ix$", "ices", term)}


@cache
def finder() -> tuple[re.Pattern, dict[str, str]]:
    """What finds the terms in English, longest first; form -> term."""
    term_of = {form.replace("-", " "): term for term in pairs()
               for form in forms(term)}
    either = "|".join(form.replace(" ", r"[-\s]") for form
                      in sorted(term_of, key=len, reverse=True))
    return re.compile(rf"(?<![\w-])({either})(?![\w-])", re.I), term_of


def in_english(text: str) -> set[str]:
    """The terms of an English message."""
    pattern, term_of = finder()
    return {term_of[re.sub(r"[-\s]", " ", found[0].lower())]
            for found in pattern.finditer(plain(text))}


@cache
def words() -> re.Pattern:
    """What finds the Chinese words, longest first."""
    found = {word for words in pairs().values() for word in words}
    return re.compile("|".join(map(re.escape, sorted(
        found, key=len, reverse=True))))


def violations(english: str, translation: str) -> Iterator[str]:
    """The terms that a translation has otherwise than the glossary."""
    terms = in_english(english)
    own = {word for term in terms for word in pairs()[term]}
    there = set(words().findall(translation))
    others = set(words().findall(plain(translation))) - own
    # A term that stands in the translation as well is a name.
    for term in sorted(terms - EVERYDAY - in_english(translation)):
        mine = pairs()[term]
        # 权重 is not there if 权重衰减 is, which is another term's.
        if not any(word in found for word in mine for found in there
                   if found in mine or found not in own):
            yield f"{term}: must be {mine[0]}"
    for group in RIVALS:
        for term in sorted(group - terms if group & terms else ()):
            for word in others & set(pairs()[term]):
                yield (f"{', '.join(sorted(group & terms))}: "
                       f"must not be {word} ({term})")


def catalogues() -> list[tuple[str, str, str]]:
    """Each translated message: catalogue, English, Chinese."""
    return [(path.stem, *pair) for path in sorted(FOLDER.glob("*.po"))
            for pair in known(path.stem).items()]


def test_terms_are_those_of_the_glossary():
    """Every page has the Chinese term of each English one."""
    found = [f"{name}: {line}\n  {english}\n  {translation}"
             for name, english, translation in catalogues()
             for line in violations(english, translation)]
    assert not found, "\n".join([f"{len(found)} violations", *found])


@pytest.mark.parametrize("english, translation, expected", [
    ("The learning rate falls.", "学习率下降。", []),
    ("The learning rate falls.", "步长下降。",
     ["learning rate: must be 学习率"]),
    ("Learning-rate warm-up", "学习率预热", []),
    ("Two matrices", "两个方阵", ["matrix: must be 矩阵"]),
    ("training/test settings", "训练和测试时的设置", []),
    ("No weight decay.", "没有权重衰减。", []),
    ("A hidden layer and layers", "隐藏层与单元", ["layer: must be 层"]),
    ("`momentum` and {math}`x` [y](loss.md)", "`momentum` 与", []),
    ("By torch", "手写", ["by torch: must be torch"]),
    ("The gradient is 0.", "梯度即斜率为 0。",
     ["gradient: must not be 斜率 (slope)"]),
])
def test_violations(english, translation, expected):
    """A wrong word is found, and a part of a longer one is not."""
    assert list(violations(english, translation)) == expected


def test_every_term_is_on_a_page():
    """Each term occurs on some page beside the glossary."""
    on_pages = set().union(*(in_english(english) for name, english, _
                             in catalogues() if name != PAGE))
    assert not pairs().keys() - on_pages


def test_rivals_are_terms():
    """What may not stand for another is in the glossary."""
    assert set().union(*RIVALS) <= pairs().keys()
