"""How a file is written: whole, or not at all."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path


@contextlib.contextmanager
def replacing(path: str | Path) -> Iterator[Path]:
    """A path to write to, which takes the place of `path` at the end.

    Whoever looks finds the old file or the new one, whole. After an
    error the old file is still there. A link stays a link: the file
    that it points to is replaced.
    """
    # Beside the path, with its ending, which may tell the format.
    path = Path(path).resolve()
    part = path.with_name(f".{path.stem}.{os.getpid()}{path.suffix}")
    try:
        yield part
        # on the disk before the name is
        with part.open("rb+") as file:
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
