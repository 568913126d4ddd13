"""Search without a server, in both languages."""

import re
from functools import cache
from pathlib import Path

import pytest

from tests.site.browser import LECTURES, SITE, By, visit, wait

CHINESE = [page for page in LECTURES if page.startswith("zh_CN")]
# The pages that a query finds, best first.
ASK = """
return arguments[0].map((query) => Search._performSearch(
    ...Search._parseQuery(query)).map((one) => one[0]).reverse());
"""
BLOCKS = "h1, h2, h3, p, li, td, th, dt, summary, figcaption"
# What code writes on every page, what no reader would look for, the
# results of tests, and the museum's cards, which have a search of theirs.
LEFT_OUT = (".waiting, [role=tooltip], .headerlink, math, svg, pre, form, "
            "button, .proof, .bug, .exhibit, .gaps, p:has(+ .gaps)")


@pytest.mark.parametrize("page, word, lecture", [
    ("search.html", "momentum", "linear_regression"),
    ("search.html", "Rosenbrock", "optim"),
    ("zh_CN/search.html", "momentum", "optim"),
    # two characters, and more than two
    ("zh_CN/search.html", "\u56de\u5f52", "linear_regression"),
    # in the text, not in a title
    ("zh_CN/search.html", "\u635f\u5931", "linear_regression"),
    ("zh_CN/search.html", "\u7ebf\u6027\u56de\u5f52",
     "linear_regression")])
def test_search_from_disk(browser, page, word, lecture):
    """Search finds a word of a lecture."""
    visit(browser, f"{page}?q={word}")
    # The results appear one after the other.
    wait(browser, lambda b: b.find_elements(
        By.CSS_SELECTOR, f"ul.search li a[href*='{lecture}.html']"), 10)


@pytest.fixture(scope="module")
def ask(browser):
    """The answers of the Chinese search page to many queries."""
    visit(browser, "zh_CN/search.html")
    wait(browser, lambda b: b.execute_script("return Search.hasIndex()"))
    return lambda queries: browser.execute_script(ASK, queries)


@cache
def sentences(page):
    """What a Chinese page says, without formulas."""
    bs4 = pytest.importorskip("bs4")
    text = bs4.BeautifulSoup((SITE / page).read_text(), "html.parser")
    article = text.find("article")
    for one in article.select(LEFT_OUT):
        one.replace_with("\n" if one.name == "math" else "")
    for block in article.select(BLOCKS):
        block.append("\n")
    return sorted({one for one in re.split(
        r"[\n\u3002\uff1b\uff1f]", article.text)
        if re.search(r"[\u4e00-\u9fff]{4}", one)})


@pytest.mark.parametrize("page", CHINESE)
def test_every_sentence_is_found(ask, page):
    """Also one with a link, a name of code, a number or one letter."""
    said = sentences(page)
    assert said or page.endswith("references.html")
    for sentence, found in zip(said, ask(said), strict=True):
        assert Path(page).stem in found, sentence


@pytest.mark.parametrize("query, first", [
    ("\u6743\u91cd\u8870\u51cf", "optim"),
    ("\u6279\u91cf\u5f52\u4e00\u5316", "normalization"),
    ("\u53cd\u5411\u4f20\u64ad", "backprop"),
    ("\u5b66\u4e60\u7387", "lr_scheduler"),
    ("\u5377\u79ef\u6838", "convolution"),
    ("Adam \u4f18\u5316\u5668", "optim"),
    ("\u6d4b\u8bd5\u96c6", ""),
    # one character
    ("\u8f6e", "")])
def test_a_term_finds_its_pages(ask, query, first):
    """All that have it, no other, and its lecture near the top."""
    (found,) = ask([query])
    have = {Path(page).stem for page in CHINESE
            if all(word in (SITE / page).read_text()
                   for word in query.split())}
    assert set(found) <= have
    said = {Path(page).stem for page in CHINESE
            if any(query in one for one in sentences(page))}
    assert said <= set(found) and len(found) >= 2
    assert not first or first in list(dict.fromkeys(found))[:3]
