"""A file of tensors: written completely or not at all, and checked.

With `weights_only=True` torch loads tensors and plain values, and runs
no code from the file.
"""

import io
import os
import tempfile
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import torch


def write(path: str | Path, content: dict[str, Any]) -> None:
    """`torch.save` into a folder of its own, then rename.

    Even after a crash, `path` is the complete old file or the complete
    new one. A link stays a link: the file that it points to is
    replaced. The permissions stay, too. Raises OSError if `path` is no
    regular file.
    """
    path = Path(path).resolve()
    if path.exists() and not path.is_file():
        raise OSError(f"{path} must be a regular file")
    # Not straight to the file: torch does not report a full disk.
    packed = io.BytesIO()
    torch.save(_plain(content), packed)
    with tempfile.TemporaryDirectory(".part", ".", path.parent) as own:
        part = Path(own, path.name)
        with part.open("wb") as file:
            file.write(packed.getbuffer())
            # The content must be on the disk before the new name is.
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            part.chmod(path.stat().st_mode)
        part.replace(path)


def _plain(content: Any) -> Any:
    """NumPy's numbers become Python's: `read` accepts no others."""
    if type(content) is dict:
        return {key: _plain(value) for key, value in content.items()}
    if type(content) in (list, tuple):
        return type(content)(map(_plain, content))
    return (content.item() if isinstance(content, np.generic)
            else content)


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
        # What was on a GPU comes to the CPU: there may be no GPU here.
        saved = torch.load(checked, "cpu", weights_only=True)
        if saved["format"] != format:
            raise ValueError
    # A damaged zip can raise a dozen different exceptions.
    except Exception as error:
        raise ValueError(
            f"{path}: must be a {format}, got a damaged or foreign "
            f"file ({type(error).__name__})") from error
    return saved
