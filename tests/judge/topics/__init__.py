"""What can be judged: each file here is a topic, found by itself."""

import importlib
import pkgutil
from typing import Any


def topics() -> dict[str, Any]:
    """name of a topic -> its module, of every file in this folder."""
    return {one.name: importlib.import_module(f"{__name__}.{one.name}")
            for one in pkgutil.iter_modules(__path__)}
