"""A headless Chromium, for the tests of the pages and for their PDF."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

from selenium import webdriver


@contextmanager
def started() -> Iterator[webdriver.Chrome]:
    """A headless browser without a name server: it reaches only files."""
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
        try:
            # Its first page requests parts of the browser itself.
            driver.get("data:,")
            driver.get_log("performance")
            yield driver
        finally:
            driver.quit()
