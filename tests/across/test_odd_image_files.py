"""Archives, folders, links and old copies: both sides read the same."""

import gzip
import os
import tempfile

import numpy as np
import pytest
import torch
from torchvision.datasets import MNIST

import scratch.images
import torch_ref.images
from tests.compare.closeness import same
from tests.compare.idx_writer import write_idx, write_images

LABELS = "train-labels-idx1-ubyte"
SIDES = (scratch.images, torch_ref.images)


@pytest.mark.parametrize("packed, as_unpacked", [
    (gzip.compress(b"\0\0\x08\1\0\0") + gzip.compress(b"\0\1\7"), True),
    (gzip.compress(b"\0\0\x08\1\0\0\0\1\7") + bytes(9), True),
    (gzip.compress(b"\0\0\x08\1\0\0\0\1\7") + b"more", False),
    (gzip.compress(b""), False), (b"", False)],
    ids=["two members", "zeros behind", "bytes behind", "empty", "no bytes"])
@pytest.mark.parametrize("name", ["a.gz", "a.tar.gz", "a.gz.gz", "a b.1.gz"])
@pytest.mark.parametrize("side", SIDES)
def test_odd_archives(side, name, packed, as_unpacked, tmp_path):
    """What counts is the last ending, .gz, and what gunzip unpacks."""
    path = tmp_path / name
    path.write_bytes(packed)
    if as_unpacked:
        assert side.read_idx(path).tolist() == [7]
    else:
        with pytest.raises(ValueError, match=f"{name}: "):
            side.read_idx(path)
    # Any other ending is that of an unpacked file.
    other = path.rename(tmp_path / "a.GZ")
    with pytest.raises(ValueError, match="a.GZ: "):
        side.read_idx(other)


@pytest.mark.parametrize("side", SIDES)
def test_a_missing_file(side, tmp_path):
    """FileNotFoundError names the file, if it is missing or a folder."""
    for none in tmp_path / "none", tmp_path / "none.gz":
        with pytest.raises(FileNotFoundError, match=none.name):
            side.read_idx(none)
    for function in side.mnist, side.fashion_mnist:
        for root in tmp_path, tmp_path / "none", "~":
            with pytest.raises(FileNotFoundError, match="train-images.*gz"):
                function(root)
            with pytest.raises(FileNotFoundError, match="t10k-images"):
                function(root, train=False)
        for root in None, b"data", 3:
            with pytest.raises(TypeError):
                function(root)
    write_images(tmp_path)
    folder = tmp_path / "MNIST" / "raw"
    (folder / LABELS).unlink()
    for hurdle in (folder / LABELS).mkdir, lambda: (
            folder / f"{LABELS}.gz").symlink_to("none"):
        hurdle()
        with pytest.raises(FileNotFoundError, match=f"{LABELS}: no such"):
            side.mnist(tmp_path)


@pytest.mark.parametrize("suffix", ["", ".gz"])
@pytest.mark.parametrize("side", SIDES)
def test_a_file_that_cannot_be_read(side, suffix, tmp_path):
    """OSError names the file: nothing is known about its content."""
    folder = tmp_path / f"folder{suffix}"
    folder.mkdir()
    with pytest.raises(OSError, match=f"folder{suffix}"):
        side.read_idx(folder)
    path = tmp_path / f"file{suffix}"
    path.touch(mode=0)
    if not os.access(path, os.R_OK):
        with pytest.raises(PermissionError, match=f"file{suffix}"):
            side.read_idx(path)


@pytest.mark.parametrize("side", SIDES)
def test_unpacked_files_need_no_temporary_folder(side, tmp_path, monkeypatch):
    """No temporary folder is writable: unpacked files are read anyway."""
    write_images(tmp_path)
    write_images(tmp_path / "packed", packed=".gz")
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "none"))
    assert len(side.mnist(tmp_path)[0]) == 90
    if side is torch_ref.images:
        # Not the archive is to blame.
        with pytest.raises(OSError, match="none"):
            side.mnist(tmp_path / "packed")


@pytest.mark.parametrize("damaged", [False, True])
@pytest.mark.parametrize("side", SIDES)
def test_copies_of_an_old_torchvision_are_ignored(side, damaged, tmp_path):
    """MNIST/raw counts: `MNIST` itself would read MNIST/processed."""
    write_images(tmp_path)
    expected = [side.mnist(tmp_path, train) for train in (True, False)]
    folder = tmp_path / "MNIST" / "processed"
    folder.mkdir()
    for name in "training.pt", "test.pt":
        torch.save((torch.zeros(7, 28, 28, dtype=torch.uint8),
                    torch.zeros(7, dtype=torch.int64)), folder / name)
        if damaged:
            (folder / name).write_bytes(b"damaged")
    if not damaged:
        assert len(MNIST(tmp_path)) == 7
    for train, tables in zip((True, False), expected):
        for a, b in zip(side.mnist(tmp_path, train), tables):
            same(a, b)


@pytest.mark.parametrize("shape", [(), (1, 1, 1, 2), (0,), (2, 0)])
def test_what_torchvision_does_not_read(shape, tmp_path):
    """Rule 11, an exception: 0 or 4 axes and empty arrays, by hand only.

    If this fails, torchvision reads them now: delete the exception.
    """
    path = tmp_path / "file"
    array = np.ones(shape, "u1")
    write_idx(path, array)
    assert scratch.images.read_idx(path).tolist() == array.tolist()
    with pytest.raises(ValueError, match="file: must be a valid IDX"):
        torch_ref.images.read_idx(path)


@pytest.mark.parametrize("side", SIDES)
def test_no_image(side, tmp_path, monkeypatch):
    """Files of 0 images are rejected, even once torchvision reads them."""
    write_images(tmp_path)
    monkeypatch.setattr(side, "read_idx", lambda path: torch.zeros(
        0, 28, 28, dtype=torch.uint8))
    with pytest.raises(ValueError, match="n at least 1, .*got .0, 28, 28"):
        side.mnist(tmp_path)
