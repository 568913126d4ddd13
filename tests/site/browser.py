"""Visit the built pages with a browser.

This needs docs/_build (the README has the command), selenium, Chromium
and its driver. If one is missing, the tests that import this module are
skipped, unless SITE names the folder.
"""

import json
import os
import shutil
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from scratch.front_door.source import ROOT

SITE = Path(os.environ.get("SITE") or ROOT / "docs/_build").resolve()
READY = (SITE / "index.html").exists() and shutil.which("chromedriver")
if not READY and "SITE" not in os.environ:
    pytest.skip("no built site or no browser", allow_module_level=True)
if "SITE" not in os.environ:
    pytest.importorskip("selenium")

from selenium.webdriver.common.action_chains import ActionChains  # noqa: E402
from selenium.webdriver.common.by import By  # noqa: E402, F401
from selenium.webdriver.common.keys import Keys  # noqa: E402, F401
from selenium.webdriver.support.ui import WebDriverWait  # noqa: E402

from docs.site.chromium import started  # noqa: E402, F401

FILES = sorted(str(path.relative_to(SITE)) for path in SITE.rglob("*.html"))
LECTURES = [page for page in FILES
            if (ROOT / f"docs/{Path(page).stem}.md").exists()]
# Lectures first: pytest runs the tests that share a page's number in
# their lists one after the other, so that they can share the page.
PAGES = sorted(FILES, key=lambda page: page not in LECTURES)


def visit(browser, page, width=1400, height=1000):
    """Open a page of the site in a window of that size."""
    resize(browser, width, height)
    address = f"{SITE.as_uri()}/{page}"
    browser.get(address)
    # On a busy computer, a script may still see the page before, or a
    # part of this one.
    state = "return [location.pathname, document.readyState]"
    path = urlsplit(address).path
    wait(browser,
         lambda _: browser.execute_script(state) == [path, "complete"])


def scheme(browser, dark):
    """What the reader's system prefers: dark pages or light ones."""
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [
        {"name": "prefers-color-scheme",
         "value": "dark" if dark else "light"}]})


def resize(browser, width, height=1000):
    """Change the size of the window."""
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
        "width": width, "height": height, "deviceScaleFactor": 1,
        "mobile": False})


def requests(browser) -> list[str]:
    """Every address requested since the last call."""
    messages = [json.loads(entry["message"])["message"]
                for entry in browser.get_log("performance")]
    return [message["params"]["request"]["url"] for message in messages
            if message["method"] == "Network.requestWillBeSent"]


def press(browser, *keys):
    """Press keys, one after the other."""
    ActionChains(browser).send_keys(*keys).perform()


def wait(browser, condition, seconds=5):
    """Wait until the condition on the browser is true."""
    WebDriverWait(browser, seconds).until(condition)
