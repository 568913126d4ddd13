"""One browser for all tests of the pages."""

import pytest


@pytest.fixture(scope="session")
def browser():
    """Headless; the requests and errors of each page are logged."""
    # Here, for importing it skips where there is no browser.
    from tests.site.browser import started
    with started() as driver:
        yield driver
