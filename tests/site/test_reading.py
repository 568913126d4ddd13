"""Reading a page: offline, at every width, in light and dark, by keys.

A page is opened once for all its checks. They stand in an order: what
leaves the page as it was first, what operates it last.
"""

import re
from pathlib import Path

import pytest

from scratch import CONTENTS
from scratch.front_door.source import ROOT
from tests.site.browser import (LECTURES, PAGES, SITE, By, Keys, press,
                                requests, resize, scheme, visit, wait)
from tests.site.scripts import (
    COLUMNS, CONTRAST, NAMES, OPERATE, ROOTS, SOURCES, SQUEEZED)


@pytest.fixture(scope="module")
def page(browser, request):
    """A page of the site, opened with all its folds open."""
    # What the last page has asked for is not this one's.
    requests(browser)
    browser.get_log("browser")
    visit(browser, request.param)
    browser.execute_script("""
        for (const details of document.querySelectorAll('details'))
            details.open = true;""")
    return request.param


every_page = pytest.mark.parametrize("page", PAGES, indirect=True)
every_lecture = pytest.mark.parametrize("page", LECTURES, indirect=True)


@every_lecture
def test_two_panes_without_a_cut_line(browser, page):
    """From 1100 pixels on: by hand left, by torch right, 72 columns each."""
    for width in 1100, 1920, 1400:
        resize(browser, width)
        rows = browser.execute_script("""
            return [...document.querySelectorAll('.row.two')].map(row => [
                getComputedStyle(row).gridTemplateColumns.split(' ').length,
                Math.max(...[...row.querySelectorAll('pre')].map(
                    pre => pre.scrollWidth - pre.clientWidth)),
                parseFloat(getComputedStyle(
                    row.querySelector('pre')).fontSize)])""")
        by_hand = ROOT / f"scratch/{Path(page).stem}.py"
        assert rows or not by_hand.exists()
        for columns, beyond, size in rows:
            assert columns == 2 and beyond <= 0 and size >= 10.5, width
        assert browser.execute_script(
            "return document.documentElement.scrollWidth") <= width


@every_page
def test_a_phone_does_not_scroll_sideways(browser, page):
    """With all folds open, a page is as wide as a window of 400 pixels."""
    resize(browser, 400, 800)
    width, columns = browser.execute_script("""
        return [document.documentElement.scrollWidth,
                [...document.querySelectorAll('.row.two')].map(
                    row => getComputedStyle(row).gridTemplateColumns)]""")
    squeezed = browser.execute_script(SQUEEZED)
    resize(browser, 1400)
    assert squeezed == []
    assert width <= 400
    assert all(" " not in one for one in columns)


@every_page
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_contrast(browser, page, dark):
    """WCAG AA: at least 4.5 for text, 3 for large text."""
    scheme(browser, dark)
    try:
        assert browser.execute_script(CONTRAST) == {}
        assert browser.execute_script(
            "return document.body.dataset.theme") == "auto"
    finally:
        scheme(browser, dark=False)


@every_lecture
def test_roots(browser, page):
    """A root ends where what stands below it ends."""
    assert browser.execute_script(ROOTS) == 0


@every_lecture
def test_two_columns(browser, page):
    """From 1100 pixels on, text and drawings keep to half of the page."""
    for width in 1100, 1920, 1400:
        resize(browser, width)
        assert browser.execute_script(COLUMNS) == [0, 0, 0, 0], width
        assert browser.execute_script(SQUEEZED) == [], width


@every_lecture
def test_names_in_drawings(browser, page):
    """No name covers another one, and all can be read, on a phone, too."""
    for width in 400, 1100, 1400:
        resize(browser, width)
        # The drawing follows the window a moment later.
        browser.execute_async_script(
            "requestAnimationFrame(() => setTimeout(arguments[0], 50))")
        assert browser.execute_script(NAMES) == [], width


@every_lecture
def test_a_page_says_what_is_still_in_english(browser, page):
    """A Chinese page says how many messages wait; an English one nothing."""
    from docs.site.translate import waiting
    notes = browser.find_elements(By.CSS_SELECTOR, ".waiting")
    left = waiting(Path(page).stem) if "zh_CN" in page else 0
    assert len(notes) == (left != 0)
    if notes:
        assert notes[0].get_attribute("role") == "note"
        english = notes[0].find_element(By.CSS_SELECTOR, "[lang=en]").text
        assert notes[0].text.startswith("\u672c\u9875") and english
        assert left is None or (
            f" {left} " in notes[0].text and english.endswith(f" {left}."))


def test_the_theme_speaks_the_language_of_the_page():
    """What Furo says is in sphinx.po, word for word, and is translated."""
    from docs.site.translate import known
    # The lecture after the front page: its "Previous" leads home.
    names = f"{next(iter(CONTENTS))}.html", "search.html"
    english, chinese = (
        "".join((SITE / folder / name).read_text() for name in names)
        for folder in ("", "zh_CN"))
    for words, translated in known("sphinx").items():
        # The catalogue repeats the authors, who are in conf.py.
        words = re.escape(words.split("%")[0].strip())
        said = rf"""(>|aria-label=")\s*{words}\s*"""
        assert re.search(said, english), words
        assert translated in chinese and not re.search(said, chinese), words
    # The title of the site, from words.po.
    assert "\u624b\u5199\u4e0e torch</title>" in chinese


@every_lecture
def test_symbols_light_up(browser, page):
    """Focus on a symbol highlights the same quantity in the code."""
    pairs = browser.execute_script("""
        return [...document.querySelectorAll('.mirror')].flatMap(mirror =>
            [...mirror.querySelectorAll('math [data-sym]')].map(
                symbol => {
            const lit = (from) => {
                from.dispatchEvent(new FocusEvent('focusin',
                                                  {bubbles: true}));
                return [...mirror.querySelectorAll('.on')];
            };
            const on = lit(symbol), code = on.find(
                e => e.closest('pre') && e.checkVisibility());
            const back = code ? lit(code) : [];
            const same = `math [data-sym="${symbol.dataset.sym}"]`;
            return [symbol.dataset.sym, on.length, Boolean(code),
                    back.includes(symbol), mirror.querySelectorAll(
                        `${same}[tabindex="0"]`).length];
        }))""")
    assert pairs or "data-sym" not in browser.page_source
    for symbol, count, code, back, stops in pairs:
        assert count >= 2 and code and back and stops == 1, symbol


@every_lecture
def test_the_button_shows_all_lines(browser, page):
    """A mirror opens on its formula's lines; the rest is one press away."""
    for button in browser.find_elements(By.CSS_SELECTOR, ".row .unfold"):
        lines = """
            const [button] = arguments, pane = button.closest('.pane');
            button.click();
            return [button.getAttribute('aria-pressed'),
                    pane.querySelector('pre').innerText.split('\\n').length,
                    [...pane.querySelectorAll('.fold')].filter(
                        fold => fold.checkVisibility()).length]"""
        pressed, every, unfolded = browser.execute_script(lines, button)
        assert pressed == "true" and unfolded
        pressed, few, unfolded = browser.execute_script(lines, button)
        assert pressed == "false" and 0 < few < every and not unfolded


@every_lecture
def test_a_lecture_has_a_preface(browser, page):
    """Below its question: time, what comes before, symbols; links work."""
    prefaces = browser.find_elements(By.CSS_SELECTOR, "h1 ~ .preface")
    assert len(prefaces) == (Path(page).stem in CONTENTS)
    for preface in prefaces:
        rows = preface.find_elements(By.TAG_NAME, "dt")
        assert len(rows) >= 2 and "<" not in preface.text
        for link in preface.find_elements(By.TAG_NAME, "a"):
            name, _hash, label = link.get_dom_attribute("href").partition("#")
            target = (SITE / Path(page).parent / name).read_text()
            assert not label or f'id="{label}"' in target


@every_lecture
def test_citations_show_their_sources(browser, page):
    """On focus, within the window, until Escape; the link has an end."""
    entries = (SITE / Path(page).parent / "references.html").read_text()
    for width in 400, 1400:
        resize(browser, width)
        for target, inside, closed in browser.execute_script(SOURCES):
            assert inside and closed, (width, target)
            assert f'<li id="{target[1:]}">' in entries


@every_page
def test_nothing_but_files(browser, page):
    """A page requests only files, whatever its reader does."""
    browser.execute_script(OPERATE)
    # A script may start a request a moment later.
    browser.execute_async_script("setTimeout(arguments[0], 100)")
    asked = requests(browser)
    assert asked and all(url.startswith(("file:", "data:"))
                         for url in asked), asked
    complaints = [entry for entry in browser.get_log("browser")
                  if entry["level"] == "SEVERE"]
    assert complaints == []


@every_lecture
def test_the_other_language_is_a_click_away(browser, page):
    """The link leads to the same page in the other language."""
    other = browser.find_element(By.CSS_SELECTOR, ".lecture-bar a")
    # By the keyboard: the page may still be scrolling.
    other.send_keys(Keys.ENTER)
    assert Path(browser.current_url).name == Path(page).name
    assert ("/zh_CN/" in browser.current_url) == ("zh_CN" not in page)
    assert browser.find_element(By.TAG_NAME, "h1").text
    hand = browser.find_elements(By.CSS_SELECTOR, ".pane.hand strong")
    assert not hand or hand[0].text == (
        "by hand" if "zh_CN" in page else "\u624b\u5199")


def test_a_formula_stays_in_view(browser):
    """Above the window it stands at its top, while a symbol is lit."""
    visit(browser, "optim.html")
    lens = browser.find_element(By.CSS_SELECTOR, ".lens")

    def light(where):
        browser.execute_script("""
            const pane = document.querySelector('.mirror .pane.hand');
            pane.scrollIntoView({behavior: 'instant', block: arguments[0]});
            pane.querySelector('[data-sym="v"]').dispatchEvent(
                new MouseEvent('mouseover', {bubbles: true}));""", where)
        return lens.is_displayed()

    assert not light("center")
    assert light("start")
    assert {one.get_attribute("data-sym") for one in lens.find_elements(
        By.CSS_SELECTOR, ".on")} == {"v"}
    browser.execute_script("""
        document.querySelector('.mirror').dispatchEvent(
            new MouseEvent('mouseleave'));""")
    assert not lens.is_displayed()


def test_a_request_to_the_network_is_logged(browser):
    """The test above would fail for a picture from elsewhere."""
    requests(browser)
    visit(browser, "index.html")
    browser.execute_script(
        "new Image().src = 'https://example.invalid/x.png'")
    browser.execute_async_script("setTimeout(arguments[0], 300)")
    assert "https://example.invalid/x.png" in requests(browser)


def test_the_drawer_by_the_keyboard(browser):
    """Tab reaches its switch, Space opens it and shows its links."""
    visit(browser, "optim.html", 1100)
    link = browser.find_element(By.CSS_SELECTOR, ".sidebar-tree a")
    assert not link.is_displayed()
    for _ in range(5):
        press(browser, Keys.TAB)
        if browser.switch_to.active_element.get_attribute(
                "id") == "__navigation":
            break
    press(browser, Keys.SPACE)
    wait(browser, lambda _: link.is_displayed())
