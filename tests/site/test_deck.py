"""The deck: a page as slides, by keys and by the buttons."""

import pytest

from tests.site.browser import LECTURES, By, Keys, press, visit, wait

SLIDES = """
const done = arguments[0], slides = [];
const press = (key) => dispatchEvent(
    new KeyboardEvent('keydown', {key, bubbles: true}));
const article = document.querySelector('article');
const counter = document.querySelector('.deck-counter');
// Paragraphs, formulas, figures, rows of tables, pieces of code.
const WANTED = 'p, li, div.math, img, tbody > tr, pre, .experiment';
const blocks = [...article.querySelectorAll(WANTED)].filter(
    (e) => !e.closest('.lecturer, .preface, td'));
const proofs = new Map();
for (const pane of article.querySelectorAll('.proof > .pane')) {
    const place = pane.querySelector('.place').textContent;
    proofs.set(place, proofs.get(place) || pane);
}
const again = (e) => {
    const pane = e.closest('.proof > .pane');
    return Boolean(pane) && proofs.get(
        pane.querySelector('.place').textContent) !== pane;
};
// What is hidden has nothing inside that is seen.
const visible = (e) => [...e.children].filter(
    (one) => one.checkVisibility() && !one.matches('svg, pre, .lecturer'))
    .flatMap((one) => [one, ...visible(one)]);
for (;;) {
    const seen = visible(article);
    const pres = [...article.querySelectorAll('pre')].filter(
        (pre) => pre.checkVisibility());
    const line = pres.length
        ? parseFloat(getComputedStyle(pres[0]).lineHeight) : 1;
    slides.push({
        at: counter.textContent,
        bottom: Math.max(...seen.map((e) => e.getBoundingClientRect().bottom)),
        right: Math.max(...seen.map((e) => e.getBoundingClientRect().right)),
        beyond: Math.max(0, ...pres.map((p) => p.scrollWidth - p.clientWidth),
                         line % 1),
        code: Math.min(99, ...pres.map(
            (pre) => parseFloat(getComputedStyle(pre).fontSize)
                * (pre.currentCSSZoom || 1))),
        seen: blocks.flatMap((e, i) => e.checkVisibility() ? [i] : []),
        lines: pres.map((pre) => [
            blocks.indexOf(pre), Math.round(pre.scrollTop / line),
            Math.round(pre.clientHeight / line),
            Math.round(pre.scrollHeight / line)]),
    });
    const [at, all] = counter.textContent.split(' / ');
    if (at === all) break;
    press('ArrowRight');
}
done([slides, blocks.map(
    (e, i) => [i, e.textContent.slice(0, 60), again(e)])]);
"""


@pytest.mark.parametrize("width, height", [(1920, 1080), (1366, 768)])
@pytest.mark.parametrize("page", [
    page for page in LECTURES if not page.endswith("bugs.html")])
def test_every_slide_fits(browser, page, width, height):
    """Nothing is cut off or left out; code is at least 20 pixels at 1920."""
    visit(browser, f"{page}?deck", width, height)
    wait(browser, lambda b: b.find_elements(By.CSS_SELECTOR, "body.deck"))
    slides, blocks = browser.execute_async_script(SLIDES)
    shown: dict[int, set[int]] = {}
    seen = set()
    for slide in slides:
        assert slide["bottom"] <= height and slide["right"] <= width, slide
        assert slide["beyond"] <= 0, slide
        assert slide["code"] >= 20 * width / 1920 - 0.01, slide
        seen.update(slide["seen"])
        for number, first, lines, _ in slide["lines"]:
            shown.setdefault(number, set()).update(
                range(first, first + lines))
    for slide in slides:
        for number, _, _, all_lines in slide["lines"]:
            assert shown[number] >= set(range(all_lines)), slide
    # A proof that several names share is shown once.
    missing = [text for number, text, known in blocks
               if number not in seen and not known]
    assert missing == []


def test_a_deck_by_its_keys(browser):
    """p, arrows, Home, n, Esc; afterwards the page is as before."""
    visit(browser, "linear_regression.html", 1920, 1080)
    body = browser.find_element(By.TAG_NAME, "body")

    def state():
        return (body.get_attribute("class"), browser.execute_script(
            "return document.querySelector('.deck-counter').textContent"))

    before = browser.execute_script("return document.body.innerText")
    press(browser, "p")
    assert state()[0] == "deck" and state()[1].startswith("1 / ")
    press(browser, Keys.ARROW_RIGHT, Keys.ARROW_RIGHT)
    assert state()[1].startswith("3 / ")
    press(browser, Keys.ARROW_LEFT)
    assert state()[1].startswith("2 / ")
    press(browser, Keys.HOME, "n")
    assert state()[0] == "deck notes"
    notes = browser.find_element(By.CSS_SELECTOR, ".lecturer:not(.off)")
    assert notes.is_displayed() and notes.text
    press(browser, Keys.ESCAPE)
    assert state()[0] == ""
    assert browser.execute_script("return document.body.innerText") == before


def test_a_deck_by_a_finger(browser):
    """Buttons go forward and back, and close the deck."""
    visit(browser, "linear_regression.html", 1920, 1080)
    browser.find_element(By.ID, "deck-button").click()
    back, on, out = browser.find_elements(By.CSS_SELECTOR,
                                          ".deck-bar button")
    counter = browser.find_element(By.CSS_SELECTOR, ".deck-counter")
    on.click()
    on.click()
    assert counter.text.startswith("3 / ")
    back.click()
    assert counter.text.startswith("2 / ")
    out.click()
    assert not browser.find_elements(By.CSS_SELECTOR, "body.deck")
