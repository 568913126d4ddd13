"""Writing a file: complete, or not at all."""

import contextlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path


@contextlib.contextmanager
def replacing(path: str | Path) -> Iterator[Path]:
    """Yield a path to write to; at the end it replaces `path`.

    At every moment `path` is the complete old file or the complete new
    one; after an error it is the old one. A link stays a link: the
    file that it points to is replaced. The permissions stay, too.
    Raises OSError if `path` is no regular file.
    """
    path = Path(path).resolve()
    if path.exists() and not path.is_file():
        raise OSError(f"{path} must be a regular file")
    # A folder of our own: any name that `path` can have is free in it.
    # Next to `path`, so that a rename is enough.
    with tempfile.TemporaryDirectory(".part", ".", path.parent) as own:
        part = Path(own, path.name)
        yield part
        # The content must be on the disk before the new name is.
        with part.open("rb+") as file:
            os.fsync(file.fileno())
        if path.exists():
            part.chmod(path.stat().st_mode)
        part.replace(path)
