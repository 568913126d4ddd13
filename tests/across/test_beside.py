"""Long rooms run beside the other tests.

In a run of everything, tests/conftest.py leaves the tests of these rooms
to the processes that are started here.
"""

import pytest

from tests.compare.background import Background

ROOMS = {"front_door": ["tests/front_door"],
         "judge": ["tests/judge", "tests/dojo"]}
BACKGROUND = [Background(
    f"test_rooms_beside_the_others[{name}]",
    ["pytest", "-q", "-p", "no:cacheprovider", "-rs", *rooms])
    for name, rooms in ROOMS.items()]


@pytest.mark.parametrize("process", BACKGROUND, ids=ROOMS)
def test_rooms_beside_the_others(process):
    """All tests of these rooms pass; the output shows what does not."""
    status, output = process.wait()
    assert status == 0, output
