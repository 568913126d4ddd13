"""Files: the formats of figures, and data that is looked up."""

import argparse
import contextlib
import io
import os
import shlex
import tempfile
from collections.abc import Callable
from pathlib import Path

from torch import Tensor

from scratch.front_door.command_line import DataError, reading, say

FOLDERS = {"mnist": "MNIST", "fashion": "FashionMNIST"}
FILES = [f"{part}-{what}-ubyte" for part in ("train", "t10k")
         for what in ("images-idx3", "labels-idx1")]


def picture_formats() -> list[str]:
    """The file name extensions that a figure may have."""
    from matplotlib.figure import Figure

    # pgf needs a TeX installation
    return sorted(set(Figure().canvas.get_supported_filetypes())
                  - {"pgf"})


def check_format(parser: argparse.ArgumentParser, path: Path) -> None:
    """A usage error unless matplotlib can write this format."""
    endings = picture_formats()
    if path.suffix[1:].lower() not in endings:
        parser.error(f"--figure must end in one of "
                     f"{', '.join(endings)}, got {str(path)!r}")


def find_data(args: argparse.Namespace) -> None:
    """Raise DataError unless the files of --data exist.

    With --download, download what is missing.
    """
    if args.data == "digits":
        return
    folder = args.data_dir / FOLDERS[args.data] / "raw"
    # a broken link exists, too
    near = next(path for path in [folder, *folder.parents]
                if os.path.lexists(path))
    if not near.is_dir():
        args.parser.error("--data-dir: must be a folder: "
                          f"{str(near)!r}")
    if not os.access(near, os.X_OK):
        raise DataError(f"--data-dir: cannot read {str(near)!r}")
    missing = [name for name in FILES
               if not (folder / name).is_file()
               and not (folder / f"{name}.gz").is_file()]
    for name in missing:
        if os.path.lexists(folder / name):
            raise DataError(f"{folder / name}: must be a file")
    if missing and args.download:
        if not args.quiet:
            say(f"downloading {args.data} into {folder}")
        download(args.data, folder, near, missing)
    elif missing:
        again = shlex.join([*args.parser.prog.split(), *args.argv,
                            "--download"])
        raise DataError(
            f"--data {args.data}: {', '.join(missing)} not found in "
            f"{folder}; to download: {again}")


def download(name: str, folder: Path, near: Path,
             missing: list[str]) -> None:
    """Download the missing files of a data set, all of them or none.

    They are downloaded into a temporary folder in `near`, on the disk
    of `folder`. DataError, with the addresses that were tried, if that
    fails.
    """
    from torchvision import datasets
    kind = getattr(datasets, FOLDERS[name])
    try:
        with tempfile.TemporaryDirectory(".part", dir=near) as part:
            for packed, md5 in kind.resources:
                if packed.removesuffix(".gz") in missing:
                    _fetch(kind.mirrors, packed, md5, part)
            folder.mkdir(parents=True, exist_ok=True)
            for file in missing:
                Path(part, file).replace(folder / file)
    except OSError as error:
        raise DataError(f"--download: cannot write into {near}: "
                        f"{error.strerror or error}") from error


def read_images(read: Callable[..., tuple[Tensor, Tensor]], root: Path,
                ) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """x_train, x_test, y_train, y_test, by `mnist` of either wing.

    DataError for a file that is damaged, or that cannot be read.
    """
    try:
        with reading(root):
            x, y = read(root)
            x_test, y_test = read(root, train=False)
    except ValueError as error:
        raise DataError(str(error)) from error
    return x, x_test, y, y_test


def _fetch(mirrors: list[str], packed: str, md5: str | None,
           folder: str) -> None:
    from torchvision.datasets.utils import download_and_extract_archive
    log, failures = io.StringIO(), []
    for mirror in mirrors:
        try:
            with (contextlib.redirect_stdout(log),
                  contextlib.redirect_stderr(log)):
                download_and_extract_archive(
                    f"{mirror}{packed}", folder, filename=packed,
                    md5=md5)
            return
        except Exception as error:
            # a network or a server can fail in many ways
            failures.append(f"{mirror}: {' '.join(str(error).split())}")
    raise DataError(f"--download: could not download {packed} from "
                    f"{'; '.join(failures)}")
