"""A state with one wrong entry, as no program would write it."""

import copy
from typing import Any


def changed(content: Any, keys: tuple, value: Any) -> Any:
    """A copy in which content[key]...[key] is the value.

    None: there is no such entry.
    """
    content = found = copy.deepcopy(content)
    *path, last = keys
    for key in path:
        found = found[key]
    if value is None:
        del found[last]
    else:
        found[last] = value
    return content
