"""Search without a server, in both languages."""

import pytest

from tests.site.browser import By, visit, wait


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
