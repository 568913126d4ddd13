"""The deck: what is on its slides, and how they are shown."""

import re
from pathlib import Path

import pytest

from scratch import CONTENTS
from scratch.front_door.source import ROOT
from tests.site.browser import (LECTURES, By, Keys, press, requests,
                                resize, visit, wait)
from tests.site.scripts import SLIDES

DECKS = [page for page in LECTURES if Path(page).stem in CONTENTS]
TERM = (ROOT / "docs/term.md").read_text()
ELSEWHERE = r"(?i)on the (left|right),|in the picture|the picture.s "
NUMBER = "return document.querySelector('.slide.current').dataset.number"


def opened(browser, address, width=1920, height=1080):
    """Open a page as slides, and wait until they are composed."""
    visit(browser, address, width, height)
    composed(browser)


def composed(browser):
    """Wait until the slides are there."""
    wait(browser, lambda b: b.execute_script(
        "return document.body.dataset.slides"), 20)


@pytest.mark.parametrize("page", DECKS)
def test_every_slide_fits(browser, page):
    """Nothing is cut off, code is readable, nothing of the page is lost.

    At 1920 pixels code has at least 28, on backup slides 20; a topic
    has at most 25 slides before the end, and no boilerplate on them.
    They have one kind of heading, none is empty below, and none speaks
    of what is not on it.
    """
    browser.get_log("browser")
    requests(browser)
    opened(browser, f"{page}?deck")
    assert browser.get_log("browser") == []
    assert all(one.startswith(("file:", "data:"))
               for one in requests(browser))
    # The lecturer's page leads to some of its sections.
    topic = Path(page).stem
    led = set(re.findall(rf"\b{topic}#([\w-]+)", TERM))
    assert led <= set(browser.execute_script("""
        return [...document.querySelectorAll('.slide')].map(
            (slide) => slide.dataset.section)"""))
    slides, lost = browser.execute_async_script(SLIDES)
    assert lost == []
    shown = [slide for slide in slides if not slide["backup"]]
    assert 8 <= len(shown) <= 25
    assert shown[0]["kind"] == "slide title"
    assert shown[-1]["kind"] == "slide end"
    for slide in slides:
        assert slide["beyond"] <= 1 and slide["drawn"], slide
        assert slide["code"] >= (20 if slide["backup"] else 28), slide
        assert slide["text"].strip(), slide
    assert len({slide["head"] for slide in shown[1:-1]}) == 1
    for slide in shown[1:-1]:
        assert slide["filled"] >= 0.6, slide
        assert slide["said"] >= slide["code"], slide
        assert not re.search(ELSEWHERE, slide["text"]), slide
    for slide in shown:
        assert not slide["torn"], slide
        # No statement begins or ends outside the slide.
        assert slide["kind"] != "slide mirror" or not slide["cut"], slide
        for boilerplate in '"""', "def __init__(", "super().__init__(":
            assert boilerplate not in slide["text"], slide


def test_a_slide_fills_every_window(browser):
    """It keeps its form, and nothing is outside."""
    opened(browser, "linear_regression.html?deck#2")
    for width, height in (1366, 768), (1024, 768), (400, 800):
        resize(browser, width, height)
        box = browser.execute_script("""
            dispatchEvent(new Event('resize'));
            const box = document.querySelector(
                '.slide.current').getBoundingClientRect();
            return [box.left, box.right, box.top, box.bottom]""")
        assert -1 <= box[0] and box[1] <= width + 1
        assert -1 <= box[2] and box[3] <= height + 1
        assert (box[1] - box[0]) / (box[3] - box[2]) == pytest.approx(16 / 9)


def test_a_deck_by_its_keys(browser):
    """p, arrows, Home, n, c, ?, Esc; afterwards the page is as before."""
    visit(browser, "linear_regression.html", 1920, 1080)
    body = browser.find_element(By.TAG_NAME, "body")
    before = browser.execute_script("return document.body.innerText")

    def state():
        return (body.get_attribute("class"),
                browser.execute_script(NUMBER))

    press(browser, "p")
    composed(browser)
    assert state() == ("deck", "1")
    press(browser, Keys.ARROW_RIGHT, Keys.ARROW_RIGHT)
    assert state() == ("deck", "3")
    press(browser, Keys.ARROW_LEFT)
    assert state() == ("deck", "2")
    press(browser, Keys.HOME, "n", "c")
    assert state() == ("deck notes clock", "1")
    assert browser.find_element(By.CSS_SELECTOR, ".deck-notes").text
    assert ":" in browser.find_element(By.CSS_SELECTOR, ".deck-clock").text
    press(browser, "?")
    assert browser.find_element(By.CSS_SELECTOR, ".deck-keys").is_displayed()
    press(browser, "?", Keys.ESCAPE)
    assert body.get_attribute("class") == ""
    assert browser.execute_script("return document.body.innerText") == before


def test_an_address_is_a_slide(browser):
    """?deck#3 opens the third, #SECTION its first; the address follows."""
    opened(browser, "linear_regression.html?deck#3")
    assert browser.execute_script(NUMBER) == "3"
    press(browser, Keys.ARROW_RIGHT)
    assert browser.current_url.endswith("?deck#4")
    browser.execute_script("location.hash = '#exercises'")
    wait(browser, lambda b: b.execute_script(
        "return document.querySelector('.slide.current').dataset.section")
        == "exercises")


def test_a_bug_answers_when_asked(browser):
    """First the thought and the question, by a key what is seen."""
    opened(browser, "linear_regression.html?deck#break-it")

    def seen(selector):
        return browser.execute_script(f"""
            const one = document.querySelector('.slide.current {selector}');
            return Boolean(one) && one.checkVisibility(
                {{visibilityProperty: true}})""")

    assert seen("blockquote") and seen(".expect")
    assert not seen(".step") and not seen(".difference")
    number = browser.execute_script(NUMBER)
    press(browser, Keys.ARROW_RIGHT)
    assert seen(".step") and not seen(".expect")
    press(browser, Keys.ARROW_RIGHT)
    assert seen(".difference")
    assert browser.execute_script(NUMBER) == number
    press(browser, Keys.ARROW_LEFT, Keys.ARROW_LEFT)
    assert not seen(".step")


def test_a_drawing_is_dragged_on_its_slide(browser):
    """Arrows on its slider move the copy, not the deck."""
    opened(browser, "linear_regression.html?deck#drag-it")
    number = browser.execute_script(NUMBER)
    slider = browser.find_element(
        By.CSS_SELECTOR, ".slide.current input[type=range]")
    caption = browser.find_element(By.CSS_SELECTOR, ".slide.current output")
    slider.send_keys(Keys.HOME)
    before = caption.text
    slider.send_keys(Keys.ARROW_RIGHT)
    assert before and caption.text != before
    assert browser.execute_script(NUMBER) == number


def test_overview(browser):
    """`o` shows every slide; the arrows and Enter, or a click, choose."""
    opened(browser, "linear_regression.html?deck")
    press(browser, "o", Keys.ARROW_RIGHT, Keys.ARROW_RIGHT)
    slides = browser.find_elements(By.CSS_SELECTOR, ".slide")
    assert all(slide.is_displayed() for slide in slides[:9])
    press(browser, Keys.ENTER)
    assert browser.execute_script(NUMBER) == "3"
    press(browser, "o")
    slides[4].click()
    assert browser.execute_script(NUMBER) == "5"
    assert not slides[3].is_displayed() and slides[4].is_displayed()


def test_the_speaker_s_window(browser):
    """It follows the deck and leads it, and shows notes and time."""
    opened(browser, "linear_regression.html?deck")
    deck = browser.current_window_handle
    try:
        press(browser, "s")
        wait(browser, lambda b: len(b.window_handles) == 2)
        speaker = next(window for window in browser.window_handles
                       if window != deck)
        browser.switch_to.window(speaker)
        composed(browser)
        browser.switch_to.window(deck)
        press(browser, Keys.ARROW_RIGHT)
        browser.switch_to.window(speaker)
        wait(browser, lambda b: b.execute_script(NUMBER) == "2")
        for selector in ".slide.next", ".deck-notes", ".deck-clock":
            assert browser.find_element(
                By.CSS_SELECTOR, selector).is_displayed()
        ends = browser.execute_script("""
            const box = (kind) => document.querySelector(
                `.slide.${kind}`).getBoundingClientRect();
            return [box('current').right, box('next').left,
                    box('next').right, innerWidth]""")
        assert ends == sorted(ends)
        press(browser, Keys.ARROW_RIGHT)
        browser.switch_to.window(deck)
        wait(browser, lambda b: b.execute_script(NUMBER) == "3")
        # Loaded again, it asks where the deck is.
        browser.switch_to.window(speaker)
        browser.refresh()
        composed(browser)
        wait(browser, lambda b: b.execute_script(NUMBER) == "3")
    finally:
        for window in browser.window_handles:
            if window != deck:
                browser.switch_to.window(window)
                browser.close()
        browser.switch_to.window(deck)


def test_a_deck_by_a_finger(browser):
    """Buttons and a swipe go forward and back; a button ends the deck."""
    visit(browser, "linear_regression.html", 1920, 1080)
    browser.find_element(By.ID, "deck-button").click()
    composed(browser)
    back, on, _keys, out = browser.find_elements(
        By.CSS_SELECTOR, ".deck-bar button")
    on.click()
    on.click()
    assert browser.execute_script(NUMBER) == "3"
    back.click()
    assert browser.execute_script(NUMBER) == "2"
    browser.execute_script("""
        const slide = document.querySelector('.slide.current');
        const touch = (clientX) => new Touch(
            {identifier: 0, target: slide, clientX, clientY: 500});
        slide.dispatchEvent(new TouchEvent('touchstart', {
            bubbles: true, touches: [touch(900)]}));
        slide.dispatchEvent(new TouchEvent('touchend', {
            bubbles: true, changedTouches: [touch(500)]}));""")
    assert browser.execute_script(NUMBER) == "3"
    out.click()
    assert not browser.find_elements(By.CSS_SELECTOR, "body.deck")
