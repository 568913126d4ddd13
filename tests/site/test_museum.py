"""The museum in a browser: cards, search, addresses."""

import re

import pytest

from tests.museum import BUGS, ROOMS
from tests.site.browser import By, press, visit, wait

SHOWN = """
    return [...document.querySelectorAll('.exhibit')].filter(
        (card) => card.checkVisibility()).map((card) => card.id)"""


@pytest.mark.parametrize("folder", ["", "zh_CN/"])
def test_the_museum(browser, folder):
    """All cards by topic; the search and the buttons; an address."""
    def found():
        shown = browser.execute_script(SHOWN)
        output = browser.find_element(By.CSS_SELECTOR, "[aria-live=polite]")
        assert str(len(shown)) in output.text
        assert str(len(BUGS)) in output.text
        return shown

    def chip(value):
        browser.find_element(
            By.CSS_SELECTOR, f".chips [data-value={value}]").click()

    from docs.site.translate import known
    visit(browser, f"{folder}bugs.html")
    assert found() == list(BUGS)
    chinese = known("museum") if folder else {}
    thoughts = {name: chinese.get(bug.thought, bug.thought)
                for name, bug in BUGS.items()}
    assert browser.execute_script("""
        return [...document.querySelectorAll('.exhibit q')].map(
            thought => thought.textContent)""") == list(thoughts.values())
    assert browser.execute_script("""
        return Object.fromEntries(
            [...document.querySelectorAll('.room')].map(room => [
                room.id, room.querySelectorAll('.exhibit').length]))""") == {
        topic: len(bugs) for topic, bugs in ROOMS.items()}
    counts = browser.find_elements(By.CSS_SELECTOR, ".figures strong")
    assert [count.text for count in counts][:4] == [
        "300", "79", str(sum("convention" in one.get_attribute("class")
                             for one in browser.find_elements(
                                 By.CSS_SELECTOR, ".exhibit"))), "19"]

    field = browser.find_element(By.CSS_SELECTOR, ".museum-search input")
    field.send_keys("eps")
    shown = found()
    assert "adam-eps-in-the-root" in shown
    assert shown == [name for name, bug in BUGS.items() if re.search(
        r"\beps", f"{name} {thoughts[name]} {bug.seen}", re.IGNORECASE)]
    # a letter in the field, not the key for slides
    press(browser, "p")
    assert field.get_attribute("value") == "epsp" and found() == []
    if chinese:
        # "learning rate", inside a sentence
        field.clear()
        field.send_keys("\u5b66\u4e60\u7387")
        assert {"lr-captured-at-the-start", "sgd-lr-twice"} <= set(found())
        assert "adam-no-t" not in found()
    field.clear()
    field.send_keys("Keras OPTIM")
    chip("convention")
    assert "adam-eps-1e-7" in found() and len(found()) < 10
    # of bug and convention, only one is pressed
    chip("bug")
    assert not set(found()) & {"adam-eps-1e-7"}
    field.clear()
    chip("bug")
    chip("images")
    assert found() == [bug.name for bug in ROOMS["images"]]
    assert [room.get_attribute("id") for room in browser.find_elements(
        By.CSS_SELECTOR, ".room") if room.is_displayed()] == ["images"]

    # The address shows a card that the search hides.
    browser.execute_script("location.hash = '#adam-no-t'")
    wait(browser, lambda b: len(found()) == len(BUGS))
    card = browser.find_element(By.ID, "adam-no-t")
    assert card.get_attribute("open") and 0 <= card.rect["y"] \
        - browser.execute_script("return scrollY") < 200
    visit(browser, f"{folder}bugs.html?again#kernel-flipped-on-the-way-back")
    wait(browser, lambda b: b.execute_script("return scrollY") > 1000)
    assert browser.find_element(
        By.ID, "kernel-flipped-on-the-way-back").get_attribute("open")
    # From a lecture to the card, and back.
    card = browser.find_element(By.ID, "kernel-flipped-on-the-way-back")
    card.find_element(By.CSS_SELECTOR, ".see a").click()
    wait(browser, lambda b: "convolution.html" in b.current_url)
    box = browser.find_element(By.ID, "bug-kernel-flipped-on-the-way-back")
    assert box.get_attribute("open")
    box.find_element(By.CSS_SELECTOR, ".place a").click()
    wait(browser, lambda b: "bugs.html" in b.current_url)
