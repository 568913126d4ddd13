"""One browser for all tests of the pages."""

import pytest


@pytest.fixture(scope="session")
def browser():
    """Headless; the requests and errors of each page are logged."""
    # Imported here: without a browser the import skips the test.
    from tests.site.browser import started
    with started() as driver:
        yield driver
