"""A file of tensors: written whole or not at all, read with suspicion.

`weights_only=True` lets the file hold tensors and plain values, and
refuses to run any code that it brings.
"""

import io
import os
import zipfile
from pathlib import Path
from typing import Any

import torch


def write(path: str | Path, content: dict[str, Any]) -> None:
    """`torch.save` beside the path, then rename.

    Whoever looks finds the old file or the new one, even after a crash.
    A link stays one: the file that it leads to is replaced.
    """
    path = Path(path).resolve()
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    # Not to the file at once: on a full disk torch would not say so.
    packed = io.BytesIO()
    torch.save(content, packed)
    try:
        with part.open("wb") as file:
            file.write(packed.getbuffer())
            # on the disk before the name is
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def read(path: str | Path, format: str) -> dict[str, Any]:
    """What `write` wrote, if content["format"] is `format`.

    ValueError, with the path, for a damaged or foreign file.
    """
    content = io.BytesIO(Path(path).read_bytes())
    try:
        # torch.load compares no checksums, and a wrong bit in the zip's
        # table of contents makes it return memory that it never wrote.
        # Python's zipfile compares them: torch gets what that has read.
        checked = io.BytesIO()
        with (zipfile.ZipFile(content) as archive,
              zipfile.ZipFile(checked, "w") as copy):
            for name in archive.namelist():
                copy.writestr(name, archive.read(name))
        checked.seek(0)
        saved = torch.load(checked, weights_only=True)
        if saved["format"] != format:
            raise ValueError
    # A damaged zip fails in a dozen ways, each with its own exception.
    except Exception as error:
        raise ValueError(
            f"{path}: wanted a {format}, given a file that is damaged "
            f"or foreign ({type(error).__name__})") from error
    return saved
