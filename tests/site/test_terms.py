"""One English term, one Chinese term: the glossary against all pages."""

import re
from collections.abc import Iterator

import pytest

pytest.importorskip("sphinx")

from docs.site.glossary import PAGE, chinese  # noqa: E402
from docs.site.translate import FOLDER, KEPT, known  # noqa: E402

# Of these, one must not stand for another: a Chinese sentence that has
# the word of one, where the English has only another one, is wrong.
RIVALS = [
    {"gradient", "slope", "derivative"},
    {"training set", "test set", "held-out rows"},
    {"batch", "mini-batch"},
    {"row", "column", "axis"},
    {"step", "epoch", "stride"},
    {"filter", "window", "channel"},
    {"weight", "bias"},
    {"standard deviation", "variance"},
    {"forward pass", "backward pass"},
    {"rounding", "rounding error"},
    {"accuracy", "test accuracy"},
    {"topic", "lesson", "mirror"},
    {"proof", "property", "judge", "referee"},
    {"linear regression", "logistic regression", "softmax regression"},
    {"cross-entropy", "mean squared error"},
    {"hidden layer", "hidden unit"},
    {"label", "prediction", "target"},
    {"logits", "probability"},
    {"momentum", "weight decay", "learning rate"},
]
# English words with a term in them that are not the term.
OTHERS = re.compile(
    # one after the other; an identifier of Adam's; part of a title
    r"\bin a row\b|\bsteps? from 0 to 1\b|\bupdate step\b", re.I)
# A formula, code, a link's target and the numbers on a page.
HIDDEN = re.compile(rf"{KEPT.pattern}|\$[^$]*\$|<[^>]*>|\\\w+")


def plain(text: str) -> str:
    """The words of a message: no code, formulas, links' targets."""
    return OTHERS.sub(" ", HIDDEN.sub(" ", text))


def forms(term: str) -> Iterator[str]:
    """A term as a page may write it: singular, plural, with hyphens."""
    for word in term.split(", "):
        stem = word[:-1] if word.endswith("logits") else word
        for form in {stem, stem + "s", stem + "es",
                     re.sub("y$", "ies", stem), re.sub("is$", "es", stem),
                     re.sub("ix$", "ices", stem)}:
            yield form.replace("-", " ")


def finder() -> tuple[re.Pattern, dict[str, str]]:
    """What finds the terms in English, longest first; form -> term."""
    term_of = {form: term for term in chinese() for form in forms(term)}
    either = "|".join(form.replace(" ", r"[-\s]") for form
                      in sorted(term_of, key=len, reverse=True))
    return re.compile(rf"(?<![\w-])({either})(?![\w-])", re.I), term_of


def in_english(text: str) -> set[str]:
    """The terms of an English message."""
    pattern, term_of = finder()
    return {term_of[re.sub(r"[-\s]", " ", found[0].lower())]
            for found in pattern.finditer(plain(text))}


def words_of(term: str) -> list[str]:
    """The Chinese of a term: one word, or a long and a short form."""
    return chinese()[term].split("、")


def in_chinese(text: str) -> set[str]:
    """The Chinese words in a message; the longest counts."""
    words = {word for term in chinese() for word in words_of(term)}
    return set(re.findall("|".join(map(re.escape, sorted(
        words, key=len, reverse=True))), plain(text)))


def violations(english: str, translation: str) -> Iterator[str]:
    """The terms that a translation has otherwise than the glossary."""
    terms, there = in_english(english), in_chinese(translation)
    for term in sorted(terms):
        if not any(word in translation for word in words_of(term)):
            yield f"{term}: must be {chinese()[term]}"
    own = {word for term in terms for word in words_of(term)}
    for term in sorted(set().union(*RIVALS) - terms):
        rivals = {one for group in RIVALS if term in group
                  for one in group & terms}
        for word in words_of(term):
            if word in there - own and rivals:
                yield (f"{', '.join(sorted(rivals))}: "
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


def test_every_term_is_on_a_page():
    """Each term occurs on some page beside the glossary."""
    on_pages = set().union(*(in_english(english) for name, english, _
                             in catalogues() if name != PAGE))
    assert not chinese().keys() - on_pages


def test_rivals_are_terms():
    """What may not stand for another is in the glossary."""
    assert set().union(*RIVALS) <= chinese().keys()
