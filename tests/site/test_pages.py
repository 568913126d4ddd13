"""The built pages in a browser: offline, at every width, as slides.

Wanted: docs/_build (the README has the line), selenium, Chromium and
its driver. Where one of them is missing these tests are skipped, unless
SITE names the folder.
"""

import json
import os
import shutil
import tempfile
from pathlib import Path

import pytest

from scratch.front_door.source import ROOT

SITE = Path(os.environ.get("SITE") or ROOT / "docs/_build").resolve()
READY = (SITE / "index.html").exists() and shutil.which("chromedriver")
if not READY and "SITE" not in os.environ:
    pytest.skip("no built site or no browser", allow_module_level=True)
if "SITE" not in os.environ:
    pytest.importorskip("selenium")

from selenium import webdriver  # noqa: E402
from selenium.webdriver.common.action_chains import ActionChains  # noqa: E402
from selenium.webdriver.common.by import By  # noqa: E402
from selenium.webdriver.common.keys import Keys  # noqa: E402
from selenium.webdriver.support.ui import WebDriverWait  # noqa: E402

PAGES = sorted(str(path.relative_to(SITE)) for path in SITE.rglob("*.html"))
LECTURES = [page for page in PAGES
            if (ROOT / f"docs/{Path(page).stem}.md").exists()]


@pytest.fixture(scope="module")
def browser():
    """Headless, without a name server: only files can be reached."""
    options = webdriver.ChromeOptions()
    with tempfile.TemporaryDirectory() as profile:
        for argument in (
                "--headless", "--no-sandbox", "--disable-gpu",
                "--disable-quic", "--no-first-run", "--disable-sync",
                "--disable-background-networking", "--hide-scrollbars",
                "--disable-component-update", "--lang=en",
                "--host-resolver-rules=MAP * ~NOTFOUND",
                f"--user-data-dir={profile}"):
            options.add_argument(argument)
        options.set_capability("goog:loggingPrefs", {
            "performance": "ALL", "browser": "ALL"})
        options.binary_location = shutil.which("chromium") or ""
        service = webdriver.ChromeService(shutil.which("chromedriver"))
        driver = webdriver.Chrome(options=options, service=service)
        # The browser's own first page asks for parts of itself.
        driver.get("data:,")
        driver.get_log("performance")
        yield driver
        driver.quit()


def visit(browser, page, width=1400, height=1000, dark=False):
    """Open a page of the site, in a window of that size."""
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
        "width": width, "height": height, "deviceScaleFactor": 1,
        "mobile": False})
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [
        {"name": "prefers-color-scheme",
         "value": "dark" if dark else "light"}]})
    browser.get(f"{SITE.as_uri()}/{page}")


def requests(browser):
    """Every address that was asked for since the last call."""
    messages = [json.loads(entry["message"])["message"]
                for entry in browser.get_log("performance")]
    return [message["params"]["request"]["url"] for message in messages
            if message["method"] == "Network.requestWillBeSent"]


OPERATE = """
for (const details of document.querySelectorAll('details'))
    details.open = true;
for (const slider of document.querySelectorAll('input[type=range]'))
    for (const value of [slider.min, slider.max]) {
        slider.value = value;
        slider.dispatchEvent(new Event('input'));
    }
for (const symbol of document.querySelectorAll('[data-sym]'))
    symbol.dispatchEvent(new MouseEvent('mouseover', {bubbles: true}));
for (const button of document.querySelectorAll('button'))
    button.click();
for (const key of ['p', 'ArrowRight', 'n', 'End', 'Escape', 'p', 'p'])
    dispatchEvent(new KeyboardEvent('keydown', {key, bubbles: true}));
for (let y = 0; y < document.body.scrollHeight; y += 400)
    scrollTo(0, y);
"""


@pytest.mark.parametrize("page", PAGES)
def test_nothing_but_files(browser, page):
    """Visited, scrolled and operated, a page asks for files alone."""
    requests(browser)
    visit(browser, page)
    browser.execute_script(OPERATE)
    # What a script has begun may come a moment later.
    browser.execute_async_script("setTimeout(arguments[0], 100)")
    asked = requests(browser)
    assert asked and all(url.startswith(("file:", "data:"))
                         for url in asked), asked
    complaints = [entry for entry in browser.get_log("browser")
                  if entry["level"] == "SEVERE"]
    assert complaints == []


def test_the_network_would_be_seen(browser):
    """A page with a picture from elsewhere would fail the test above."""
    requests(browser)
    visit(browser, "index.html")
    browser.execute_script(
        "new Image().src = 'https://example.invalid/x.png'")
    browser.execute_async_script("setTimeout(arguments[0], 300)")
    assert "https://example.invalid/x.png" in requests(browser)


@pytest.mark.parametrize("page", PAGES)
def test_a_phone_does_not_scroll_sideways(browser, page):
    """At 400 pixels the page is as wide as the window, folds open."""
    visit(browser, page, 400, 800)
    width = browser.execute_script("""
        for (const details of document.querySelectorAll('details'))
            details.open = true;
        return document.documentElement.scrollWidth""")
    assert width <= 400
    columns = browser.execute_script("""
        return [...document.querySelectorAll('.row.two')].map(
            row => getComputedStyle(row).gridTemplateColumns)""")
    assert all(" " not in one for one in columns)


@pytest.mark.parametrize("width", [1100, 1400, 1920])
@pytest.mark.parametrize("page", LECTURES)
def test_two_panes_without_a_cut_line(browser, page, width):
    """By hand on the left, by torch on the right, 72 columns each."""
    visit(browser, page, width)
    rows = browser.execute_script("""
        return [...document.querySelectorAll('.row.two')].map(row => [
            getComputedStyle(row).gridTemplateColumns.split(' ').length,
            Math.max(...[...row.querySelectorAll('pre')].map(
                pre => pre.scrollWidth - pre.clientWidth)),
            parseFloat(getComputedStyle(row.querySelector('pre')).fontSize)
        ])""")
    for columns, beyond, size in rows:
        assert columns == 2 and beyond <= 0 and size >= 10.5
    assert browser.execute_script(
        "return document.documentElement.scrollWidth") <= width


CONTRAST = """
const parse = (text) => (text.match(/[\\d.]+/g) || [0, 0, 0, 0]).map(Number);
const light = ([r, g, b]) => [r, g, b].map((v) => v / 255).map(
    (v) => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
function behind(element) {
    for (let at = element; at; at = at.parentElement) {
        const colour = parse(getComputedStyle(at).backgroundColor);
        if (colour.length < 4 || colour[3] > 0.99) return colour;
    }
    return [255, 255, 255];
}
for (const details of document.querySelectorAll('details'))
    details.open = true;
const found = {};
const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.textContent.trim() || !element.checkVisibility(
            {opacityProperty: true, visibilityProperty: true})) continue;
    if (element.matches('script, style, .headerlink')) continue;
    const style = getComputedStyle(element), svg = element.closest('svg');
    const colour = parse(svg ? style.fill : style.color);
    const [a, b] = [light(colour), light(behind(element))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    const size = parseFloat(style.fontSize);
    const large = size >= 24 || (size >= 18.5 && style.fontWeight >= 700);
    if (ratio < (large ? 3 : 4.5))
        found[`${element.tagName}.${element.getAttribute('class')}`] =
            `${ratio.toFixed(2)} ${walker.currentNode.textContent.trim()}`;
}
return found;
"""


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("page", PAGES)
def test_contrast(browser, page, dark):
    """WCAG AA: 4.5 for text, 3 for large text, in light and in dark."""
    visit(browser, page, dark=dark)
    assert browser.execute_script(CONTRAST) == {}


SLIDES = """
const done = arguments[0], slides = [];
const press = (key) => dispatchEvent(
    new KeyboardEvent('keydown', {key, bubbles: true}));
const article = document.querySelector('article');
const counter = document.querySelector('.deck-counter');
// Each paragraph, formula, figure, row of a table, and piece of code.
const WANTED = 'p, li, div.math, img, tbody > tr, pre, .experiment';
const blocks = [...article.querySelectorAll(WANTED)].filter(
    (e) => !e.closest('.lecturer, td'));
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
for (;;) {
    const seen = [...article.querySelectorAll('*')].filter(
        (e) => e.checkVisibility() && !e.closest('svg, pre, .lecturer'));
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
@pytest.mark.parametrize("page", LECTURES)
def test_every_slide_fits(browser, page, width, height):
    """Nothing is cut off or left out; at 1920 code is 20 pixels high."""
    visit(browser, f"{page}?deck", width, height)
    WebDriverWait(browser, 5).until(lambda b: b.find_elements(
        By.CSS_SELECTOR, "body.deck"))
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
    # A proof of several names is shown once.
    missing = [text for number, text, known in blocks
               if number not in seen and not known]
    assert missing == []


def test_a_deck_by_its_keys(browser):
    """p, arrows, n, Esc; the page comes back as it was."""
    visit(browser, "linear_regression.html", 1920, 1080)
    body = browser.find_element(By.TAG_NAME, "body")

    def press(*keys):
        ActionChains(browser).send_keys(*keys).perform()

    def state():
        return (body.get_attribute("class"), browser.execute_script(
            "return document.querySelector('.deck-counter').textContent"))

    before = browser.execute_script("return document.body.innerText")
    press("p")
    assert state()[0] == "deck" and state()[1].startswith("1 / ")
    press(Keys.ARROW_RIGHT, Keys.ARROW_RIGHT)
    assert state()[1].startswith("3 / ")
    press(Keys.ARROW_LEFT)
    assert state()[1].startswith("2 / ")
    press(Keys.HOME, "n")
    assert state()[0] == "deck notes"
    notes = browser.find_element(By.CSS_SELECTOR, ".lecturer:not(.off)")
    assert notes.is_displayed() and notes.text
    press(Keys.ESCAPE)
    assert state()[0] == ""
    assert browser.execute_script("return document.body.innerText") == before


@pytest.mark.parametrize("page", LECTURES)
def test_symbols_light_up(browser, page):
    """Each symbol of a formula lights the same quantity in the code."""
    visit(browser, page)
    pairs = browser.execute_script("""
        return [...document.querySelectorAll('.mirror')].flatMap(mirror =>
            [...mirror.querySelectorAll('math [data-sym]')].map(
                symbol => {
            const lit = (from) => {
                from.dispatchEvent(new FocusEvent('focusin',
                                                  {bubbles: true}));
                return [...mirror.querySelectorAll('.on')];
            };
            const on = lit(symbol), code = on.find(e => e.closest('pre'));
            const back = code ? lit(code) : [];
            const same = `math [data-sym="${symbol.dataset.sym}"]`;
            return [symbol.dataset.sym, on.length, Boolean(code),
                    back.includes(symbol), mirror.querySelectorAll(
                        `${same}[tabindex="0"]`).length];
        }))""")
    assert pairs or "data-sym" not in browser.page_source
    for symbol, count, code, back, stops in pairs:
        assert count >= 2 and code and back and stops == 1, symbol


def test_an_experiment_by_the_keyboard(browser):
    """Tab reaches the slider, arrows move it, the sentence changes."""
    visit(browser, "linear_regression.html")
    browser.execute_script("document.querySelector('.gaps').focus()")
    slider = browser.find_element(By.CSS_SELECTOR,
                                  ".drag input[type=range]")
    for _ in range(20):
        ActionChains(browser).send_keys(Keys.TAB).perform()
        if browser.switch_to.active_element == slider:
            break
    assert browser.switch_to.active_element == slider
    caption = browser.find_element(By.CSS_SELECTOR, ".drag output")
    slider.send_keys(Keys.HOME)
    before = caption.text
    slider.send_keys(Keys.ARROW_RIGHT)
    assert before and caption.text != before
    assert slider.get_attribute("aria-valuetext") == caption.text


def test_the_drawer_by_the_keyboard(browser):
    """Tab reaches its switch, Space opens it, then its links."""
    visit(browser, "optim.html", 1100)
    link = browser.find_element(By.CSS_SELECTOR, ".sidebar-tree a")
    assert not link.is_displayed()
    for _ in range(5):
        ActionChains(browser).send_keys(Keys.TAB).perform()
        if browser.switch_to.active_element.get_attribute(
                "id") == "__navigation":
            break
    ActionChains(browser).send_keys(Keys.SPACE).perform()
    WebDriverWait(browser, 5).until(lambda _: link.is_displayed())


def test_a_deck_by_a_finger(browser):
    """The buttons turn the slides, and lead out."""
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


@pytest.mark.parametrize("page, word, lecture", [
    ("search.html", "momentum", "linear_regression"),
    ("search.html", "Rosenbrock", "optim"),
    ("zh_CN/search.html", "momentum", "optim"),
    # two characters, and a run of them
    ("zh_CN/search.html", "\u52a8\u91cf", "linear_regression"),
    ("zh_CN/search.html", "\u7ebf\u6027\u56de\u5f52",
     "linear_regression")])
def test_search_from_disk(browser, page, word, lecture):
    """A word that a lecture holds is found without a server."""
    visit(browser, f"{page}?q={word}")
    # The results come one after the other.
    WebDriverWait(browser, 10).until(lambda b: b.find_elements(
        By.CSS_SELECTOR, f"ul.search li a[href*='{lecture}.html']"))


@pytest.mark.parametrize("page", LECTURES)
def test_the_other_language_is_a_click_away(browser, page):
    """The link leads to the same page, and back."""
    visit(browser, page)
    other = browser.find_element(By.CSS_SELECTOR, ".lecture-bar a")
    other.click()
    assert Path(browser.current_url).name == Path(page).name
    assert ("/zh_CN/" in browser.current_url) == ("zh_CN" not in page)
    assert browser.find_element(By.TAG_NAME, "h1").text
    hand = browser.find_elements(By.CSS_SELECTOR, ".pane.hand strong")
    assert not hand or hand[0].text == (
        "by hand" if "zh_CN" in page else "\u624b\u5199")
