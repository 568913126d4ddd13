"""Paths to write to: checked before the training, not after it."""

import argparse
import os
import sys
import tempfile
from pathlib import Path


def check_outputs(args: argparse.Namespace, *options: str) -> None:
    """A usage error unless each option names a file of its own.

    It must be writable, and neither another output nor a file of the
    data nor standard output, by whatever name or link.
    """
    error = args.parser.error
    given = [name for name in options if getattr(args, name)]
    for i, option in enumerate(given):
        path = getattr(args, option)
        try:
            _try_to_write(path)
        except OSError as why:
            error(f"--{option}: cannot write {str(path)!r}: "
                  f"{why.strerror or why}")
        for other in given[:i]:
            check_different(args, other, option)
        if any(same_file(path, file)
               for file in args.data_dir.glob("*/raw/*")):
            error(f"--{option} must not be a file of the data, got "
                  f"{str(path)!r}")
        if _is_standard_output(path):
            error(f"--{option} must not be standard output, got "
                  f"{str(path)!r}")


def check_different(args: argparse.Namespace, one: str,
                    other: str) -> None:
    """A usage error if both options lead to the same file."""
    a, b = getattr(args, one), getattr(args, other)
    if a and b and same_file(a, b):
        args.parser.error(
            f"--{one} and --{other} must be different files, got "
            f"{str(a)!r} and {str(b)!r}")


def same_file(a: Path, b: Path) -> bool:
    """Whether two names lead to one file, which need not exist yet."""
    a, b = a.resolve(), b.resolve()
    if a.exists() and b.exists():
        # Hard links, too.
        return a.samefile(b)
    if not a.parent.samefile(b.parent):
        return False
    return a.name == b.name or (a.name.lower() == b.name.lower()
                                and _ignores_case(a.parent))


def _ignores_case(folder: Path) -> bool:
    with tempfile.NamedTemporaryFile(dir=folder, prefix="aA") as file:
        path = Path(file.name)
        return path.with_name(path.name.swapcase()).exists()


def _is_standard_output(path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(sys.stdout.fileno()),
                                path.stat())
    except OSError:
        # No such file yet, or a stand-in without a descriptor.
        return False


def _try_to_write(path: Path) -> None:
    if path.is_dir():
        raise IsADirectoryError(21, "it is a directory")
    if path.exists() and not path.is_file():
        raise OSError(22, "it is not a regular file")
    with tempfile.TemporaryFile(dir=path.resolve().parent):
        pass
    if path.exists():
        with path.open("r+b"):
            pass
