"""Long rooms run beside the other tests, on another core.

In a run of everything, tests/conftest.py leaves the tests of these rooms
to the process that is started here.
"""

from tests.compare.background import Background

ROOMS = ("tests/front_door", "tests/judge", "tests/dojo")
BACKGROUND = Background(
    "test_rooms_beside_the_others",
    ["pytest", "-q", "-p", "no:cacheprovider", "-rs", *ROOMS])


def test_rooms_beside_the_others():
    """All tests of these rooms pass; the output shows what does not."""
    status, output = BACKGROUND.wait()
    assert status == 0, output
