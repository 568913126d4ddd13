"""Write the pages and the decks of a built site as PDF, by Chromium.

    python -m docs.site.pdf docs/_build
    python -m docs.site.pdf docs/_build optim cnn

The files are in docs/_build/pdf: NAME.pdf for each page, and for each
lecture NAME-slides.pdf, one slide a page. static/print.css says how a
page looks on paper. Links within a page lead to the place in the same
file, links to another page to its PDF.
"""

import base64
import importlib.util
import re
import shutil
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from scratch import CONTENTS
from scratch.front_door.source import ROOT

# A slide, in CSS pixels.
WIDTH, HEIGHT = 1920, 1080


def names(site: Path) -> list[str]:
    """The pages of a built site that have a source, lectures first.

    Raises ValueError if the folder has no built site.
    """
    pages = [path.stem for path in sorted(site.glob("*.html"))
             if (ROOT / f"docs/{path.stem}.md").exists()]
    if not pages:
        raise ValueError(
            f"{site} must be a built site, got no page: build it with\n"
            f"sphinx-build -qWj auto docs {site}")
    return [*(name for name in CONTENTS if name in pages),
            *(name for name in pages if name not in CONTENTS)]


def page(browser, site: Path, name: str) -> bytes:
    """One page as PDF, of the size and the margins of print.css."""
    browser.get((site / f"{name}.html").as_uri())
    _wait(browser, "document.fonts.status === 'loaded'")
    return linked(_printed(browser, generateDocumentOutline=True), site)


def deck(browser, site: Path, name: str) -> bytes:
    """One page's slides as PDF, a slide a page."""
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
        "width": WIDTH, "height": HEIGHT, "deviceScaleFactor": 1,
        "mobile": False})
    try:
        browser.get(f"{(site / f'{name}.html').as_uri()}?deck")
        _wait(browser, "document.body.dataset.slides")
        return linked(_printed(browser), site)
    finally:
        browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def _wait(browser, condition: str, seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not browser.execute_script(f"return Boolean({condition})"):
        if time.monotonic() > end:
            raise TimeoutError(
                f"{browser.current_url}: {condition} must become true "
                f"within {seconds} seconds")
        time.sleep(0.05)


def _printed(browser, **options) -> bytes:
    answer = browser.execute_cdp_cmd("Page.printToPDF", {
        "preferCSSPageSize": True, "printBackground": True,
        "generateTaggedPDF": True, **options})
    return base64.b64decode(answer["data"])


def linked(pdf: bytes, site: Path) -> bytes:
    """Let links to other pages of the site lead to their PDF.

    Chromium writes where the page was when it was printed. A relative
    address is relative to the PDF. Spaces fill what is shorter, since a
    PDF lists at which byte each of its objects begins.
    """
    def relative(match: re.Match[bytes]) -> bytes:
        path, _mark, _place = match[1].partition(b"#")
        to = (path.removesuffix(b".html") + b".pdf"
              if path.endswith(b".html") and b"/" not in path
              else b"../" + path)
        return (b"/URI (" + to + b")").ljust(len(match[0]))

    start = re.escape(site.as_uri().encode() + b"/")
    return re.sub(rb"/URI \(" + start + rb"([^)]*)\)", relative, pdf)


def write(site: Path, only: Sequence[str] = ()) -> None:
    """Write all files, or those of the pages named; a line for each.

    Raises ValueError if there is no built site or no such page.
    """
    from docs.site.chromium import started
    site = site.resolve()
    chosen = known = names(site)
    if only:
        for name in only:
            if name not in known:
                raise ValueError(f"page must be one of {', '.join(known)}, "
                                 f"got {name!r}")
        chosen = [name for name in known if name in only]
    folder = site / "pdf"
    folder.mkdir(exist_ok=True)
    with started() as browser:
        for name in chosen:
            _save(folder / f"{name}.pdf", page, browser, site, name)
            if name in CONTENTS:
                _save(folder / f"{name}-slides.pdf", deck, browser, site,
                      name)


def _save(path: Path, make, *arguments) -> None:
    start = time.perf_counter()
    pdf = make(*arguments)
    path.write_bytes(pdf)
    print(f"{path.name:32}{sheets(pdf):4} pages {len(pdf) // 1024:6} KB"
          f"{time.perf_counter() - start:6.1f} s", flush=True)


def sheets(pdf: bytes) -> int:
    """How many pages a PDF of Chromium has."""
    return len(re.findall(rb"/Type /Page\b", pdf))


def main(arguments: Sequence[str]) -> int:
    """Return the exit status; what is missing is named on stderr."""
    if not arguments or arguments[0].startswith("-"):
        print(__doc__, file=sys.stderr)
        return 2
    missing = [
        *(name for name in ("chromium", "chromedriver")
          if not shutil.which(name)),
        *(["selenium"] if not importlib.util.find_spec("selenium") else [])]
    if missing:
        print(f"pdf: {', '.join(missing)} must be installed", file=sys.stderr)
        return 1
    try:
        write(Path(arguments[0]), arguments[1:])
    except (ValueError, TimeoutError) as error:
        print(f"pdf: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
