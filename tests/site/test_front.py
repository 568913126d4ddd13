"""The front page: doors, Adam with a symbol lit, a path of pictures."""

from pathlib import Path

import pytest

from scratch import CONTENTS
from tests.site.browser import (FILES, SITE, By, resize, scheme, visit,
                                wait)

FRONT = [page for page in FILES if Path(page).name == "index.html"]


@pytest.fixture(scope="module", params=FRONT)
def front(browser, request):
    """The front page of each language, opened once."""
    visit(browser, request.param)
    return SITE / request.param


def test_three_doors_that_lead_somewhere(browser, front):
    """Each has a name, is a link as a whole, and its links have an end."""
    doors = browser.find_elements(By.CSS_SELECTOR, ".doors > ul > li")
    assert len(doors) == 3
    for door in doors:
        links = door.find_elements(By.CSS_SELECTOR, "a")
        assert len(links) > 2
        for link in links:
            address, _hash, place = link.get_attribute("href").partition("#")
            name = Path(address.partition("?")[0]).name
            page = (front.parent / name).read_text()
            assert f'id="{place}"' in page or not place
        # Its lower right corner leads where its name leads.
        assert browser.execute_script("""
            const [door] = arguments, box = door.getBoundingClientRect();
            return document.elementFromPoint(box.right - 5, box.bottom - 5)
            """, door) == links[0]


def test_adam_opens_with_one_symbol_lit(browser, front):
    """m is lit in the formula and on the sides; afterwards, again."""
    lit = """
        return [...new Set([...document.querySelectorAll('.mirror .on')].map(
            (one) => one.dataset.sym))]"""
    inside = """
        return ['math', '.pane.hand'].map((where) =>
            document.querySelectorAll(`.mirror ${where} .on`).length)"""
    assert browser.execute_script(lit) == ["m"]
    assert min(browser.execute_script(inside)) > 1
    event = """
        document.querySelector('.mirror math [data-sym="v"]').dispatchEvent(
            new MouseEvent(arguments[0], {bubbles: true}))"""
    browser.execute_script(event, "mouseover")
    assert browser.execute_script(lit) == ["v"]
    browser.execute_script("""
        document.querySelector('.mirror').dispatchEvent(
            new MouseEvent('mouseleave'))""")
    assert browser.execute_script(lit) == ["m"]


PICTURES = """
return [...document.querySelectorAll('.path li')].map((card) => {
    const [one] = card.querySelectorAll('.picture img, .picture svg');
    const loaded = one?.tagName === 'IMG' ? one.naturalWidth > 0
        : Boolean(one?.querySelector('text'));
    const frame = card.querySelector('.picture').getBoundingClientRect();
    return [card.querySelector('.stop').textContent.trim(),
            card.querySelector('a').getAttribute('href'), loaded,
            frame.width > 90 && frame.height > 90,
            one?.tagName === 'svg' || getComputedStyle(one).filter];
})"""


def test_the_path_has_a_picture_of_each_lecture(browser, front):
    """In reading order, numbered, loaded; turned around in the dark."""
    for width in 400, 1100, 1400:
        resize(browser, width)
        cards = browser.execute_script(PICTURES)
        assert [card[:2] for card in cards] == [
            [str(n), f"{topic}.html"]
            for n, topic in enumerate(CONTENTS, start=1)]
        assert all(loaded and large for *_, loaded, large, _ in cards)
    assert {card[-1] for card in cards} == {True, "none"}
    scheme(browser, True)
    try:
        assert {card[-1] for card in browser.execute_script(PICTURES)} == {
            True, "invert(1) hue-rotate(180deg)"}
    finally:
        scheme(browser, False)


def test_the_race_can_be_dragged(browser, front):
    """The slider moves all four, and the sentence below says where."""
    slider = browser.find_element(By.CSS_SELECTOR, ".drag input")
    said = browser.find_element(By.CSS_SELECTOR, ".drag output")
    before = said.text
    assert len(browser.find_elements(By.CSS_SELECTOR, ".drag .dot")) == 4
    browser.execute_script("""
        arguments[0].value = arguments[0].max;
        arguments[0].dispatchEvent(new Event('input'));""", slider)
    wait(browser, lambda _: said.text != before)
