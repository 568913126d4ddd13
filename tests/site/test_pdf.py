"""Pages and decks as PDF: whole lines, working links, a slide a page."""

import re

import pytest

from docs.site import pdf
from tests.site.browser import SITE, resize

PAGES = ["optim", "index", "zh_CN/linear_regression"]
# A4 on its side, without the margins of print.css: 273 by 183 mm.
PAPER = 1032, 692

CUT = """
const seen = [...document.querySelectorAll('article *')].filter(
    (e) => e.checkVisibility() && !e.closest('svg, math'));
const wide = (e) => e.scrollWidth > e.clientWidth + 1 && e.clientWidth > 0;
const name = (e) => `${e.tagName}.${e.className}: `
    + e.textContent.trim().slice(0, 40);
return {
    beyond: seen.filter((e) => e.getBoundingClientRect().right
        > document.documentElement.clientWidth + 1).map(name),
    cut: seen.filter((e) => e.matches('pre, .table-wrapper, div.math')
        && wide(e)).map(name),
    folded: [...document.querySelectorAll('.row .fold')].filter(
        (e) => !e.checkVisibility() && e.textContent.trim()
            && !e.closest('.inside')).length,
    proofs: [...document.querySelectorAll('.proof > .pane')].filter(
        (e) => e.checkVisibility()).map(
            (e) => e.querySelector('.place').textContent),
    buttons: seen.filter((e) => e.matches('button, input')).map(name),
    paper: getComputedStyle(document.body).backgroundColor,
};
"""


def split(page):
    """The folder of a page's language, and the page's name."""
    folder, _slash, name = page.rpartition("/")
    return SITE / folder, name


@pytest.fixture(scope="module", params=PAGES)
def printed(browser, request):
    """A page's site and name, its PDF, and what print media shows."""
    site, name = split(request.param)
    made = pdf.page(browser, site, name)
    resize(browser, *PAPER)
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {
        "media": "print", "features": [
            {"name": "prefers-color-scheme", "value": "dark"}]})
    try:
        return site, name, made, browser.execute_script(CUT)
    finally:
        browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {
            "media": "", "features": []})


def test_nothing_is_cut_on_paper(printed):
    """No line is cut, no fold is closed, no button is printed."""
    shown = printed[3]
    assert shown["beyond"] == [] and shown["cut"] == []
    assert shown["folded"] == 0 and shown["buttons"] == []
    assert shown["paper"] in ("rgb(255, 255, 255)", "rgba(0, 0, 0, 0)")


def test_a_proof_is_printed_once(printed):
    """Names share proofs: paper has each of them, and none twice."""
    proofs = printed[3]["proofs"]
    assert proofs and len(proofs) == len(set(proofs))


def test_sheets_and_links(printed):
    """A4 sheets; links lead into the file, to other PDFs, to the web."""
    site, _name, made, _shown = printed
    assert made.startswith(b"%PDF") and 3 < pdf.sheets(made) < 40
    boxes = set(re.findall(rb"/MediaBox \[([^]]*)\]", made))
    assert len(boxes) == 1
    size = [float(number) for number in boxes.pop().split()][2:]
    assert size == pytest.approx([841.9, 595.3], abs=1)
    assert b"/Dest" in made and b"/Outlines" in made
    assert b"file:" not in made
    # The font is in the file, Chinese too.
    assert b"/FontFile2" in made or b"/FontFile3" in made


@pytest.mark.parametrize("page", ["optim", "zh_CN/tensors"])
def test_a_slide_a_page(browser, page):
    """A deck has as many pages as slides, each as large as a slide."""
    made = pdf.deck(browser, *split(page))
    slides = int(browser.execute_script(
        "return document.body.dataset.slides"))
    assert pdf.sheets(made) == slides > 3
    for box in re.findall(rb"/MediaBox \[([^]]*)\]", made):
        assert [float(v) for v in box.split()][2:] == pytest.approx(
            [1440, 810], abs=1)


def test_links_of_a_pdf(tmp_path):
    """A link to a page leads to its PDF; no byte of the PDF moves."""
    start = tmp_path.as_uri().encode()
    for address, relative in {
            start + b"/losses.html#adam": b"losses.pdf",
            start + b"/_static/x.png": b"../_static/x.png",
            start + b"/zh_CN/losses.html": b"../zh_CN/losses.html",
            b"https://arxiv.org/a": b"https://arxiv.org/a"}.items():
        made = pdf.linked(b"<< /URI (" + address + b") >>", tmp_path)
        assert len(made) == len(address) + len(b"<< /URI () >>")
        assert made.split() == [b"<<", b"/URI", b"(" + relative + b")",
                                b">>"]


def test_what_is_missing_is_said(tmp_path, capsys):
    """A folder without a site, or an unknown page: a line on stderr."""
    assert pdf.main([str(tmp_path)]) == 1
    assert "must be a built site" in capsys.readouterr().err
    assert pdf.main([str(SITE), "optimm"]) == 1
    assert "got 'optimm'" in capsys.readouterr().err
    assert pdf.main([]) == 2
