"""A file of tensors: written completely or not at all, and checked.

With `weights_only=True` torch loads tensors and plain values, and runs
no code from the file.
"""

import io
import os
import zipfile
from pathlib import Path
from typing import Any

import torch


def write(path: str | Path, content: dict[str, Any]) -> None:
    """`torch.save` under another name, then rename.

    Even after a crash, `path` is the complete old file or the complete
    new one. A link stays a link: the file that it points to is
    replaced.
    """
    path = Path(path).resolve()
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    # Not straight to the file: torch does not report a full disk.
    packed = io.BytesIO()
    torch.save(content, packed)
    try:
        with part.open("wb") as file:
            file.write(packed.getbuffer())
            # The content must be on the disk before the new name is.
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def read(path: str | Path, format: str) -> dict[str, Any]:
    """Read what `write` wrote, if content["format"] is `format`.

    ValueError, with the path, for a damaged or foreign file.
    """
    content = io.BytesIO(Path(path).read_bytes())
    try:
        # torch.load compares no checksums, and after a wrong bit in the
        # zip's table of contents it can return uninitialised memory.
        # Python's zipfile does compare them, so torch gets its copy.
        checked = io.BytesIO()
        with (zipfile.ZipFile(content) as archive,
              zipfile.ZipFile(checked, "w") as copy):
            for name in archive.namelist():
                copy.writestr(name, archive.read(name))
        checked.seek(0)
        saved = torch.load(checked, weights_only=True)
        if saved["format"] != format:
            raise ValueError
    # A damaged zip can raise a dozen different exceptions.
    except Exception as error:
        raise ValueError(
            f"{path}: must be a {format}, got a damaged or foreign "
            f"file ({type(error).__name__})") from error
    return saved
