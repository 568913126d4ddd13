"""Files: the formats of figures, and data that is looked up."""

import argparse
import contextlib
import io
import shlex
import shutil
import sys
import tempfile
import zlib
from pathlib import Path

from scratch.front_door.command_line import DataError

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


def find_data(args: argparse.Namespace, packed: bool) -> None:
    """Raise DataError unless the files of --data exist.

    With --download, download what is missing. `packed`: accept files
    that are still compressed, as `.gz`.
    """
    if args.data == "digits":
        return
    if args.data_dir.exists() and not args.data_dir.is_dir():
        args.parser.error("--data-dir must be a folder, got the file "
                          f"{str(args.data_dir)!r}")
    folder = args.data_dir / FOLDERS[args.data] / "raw"
    missing = _missing(folder, packed)
    if missing and args.download:
        download(args.data, args.data_dir)
    elif missing:
        again = shlex.join([*args.parser.prog.split(), *args.argv,
                            "--download"])
        raise DataError(
            f"--data {args.data}: {', '.join(missing)} not found in "
            f"{folder}; to download: {again}")


def download(name: str, root: Path) -> None:
    """Download a data set through torchvision, all of it or nothing.

    DataError, with the addresses that were tried, if that fails.
    """
    from torchvision import datasets
    kind = getattr(datasets, FOLDERS[name])
    target = root / FOLDERS[name] / "raw"
    # the nearest folder that exists: on the same disk as the target
    near = next(folder for folder in [root, *root.absolute().parents]
                if folder.is_dir())
    log = io.StringIO()
    try:
        with tempfile.TemporaryDirectory(".part", dir=near) as part:
            raw = Path(part, FOLDERS[name], "raw")
            raw.mkdir(parents=True)
            # Do not download again what is already there.
            for path in target.glob("*.gz"):
                shutil.copy(path, raw)
            print(f"downloading {name} into {target}", file=sys.stderr)
            with (contextlib.redirect_stdout(log),
                  contextlib.redirect_stderr(log)):
                kind(part, download=True)
            target.mkdir(parents=True, exist_ok=True)
            for path in raw.iterdir():
                path.replace(target / path.name)
    except (EOFError, OSError, RuntimeError, zlib.error) as error:
        reason = " ".join(str(error).split())
        raise DataError(f"--download: could not download {name} from "
                        f"{' or '.join(kind.mirrors)}: {reason}"
                        ) from error


def _missing(folder: Path, packed: bool) -> list[str]:
    return [name for name in FILES
            if not (folder / name).is_file()
            and not (packed and (folder / f"{name}.gz").is_file())]
