"""Writing a file: complete, or not at all."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path


@contextlib.contextmanager
def replacing(path: str | Path) -> Iterator[Path]:
    """Yield a path to write to; at the end it replaces `path`.

    At every moment `path` is the complete old file or the complete new
    one; after an error it is the old one. A link stays a link: the
    file that it points to is replaced.
    """
    # In the same folder, so that a rename is enough; with the same
    # suffix, which may decide the format.
    path = Path(path).resolve()
    part = path.with_name(f".{path.stem}.{os.getpid()}{path.suffix}")
    try:
        yield part
        # The content must be on the disk before the new name is.
        with part.open("rb+") as file:
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
