"""Images: the reader by hand reads what torchvision's reads."""

import gzip
import os
import struct
import tempfile
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import example, given
from hypothesis import strategies as st
from torch.utils.data import DataLoader
from torchvision.datasets import MNIST, FashionMNIST
from torchvision.transforms import ToTensor

import scratch.images as by_hand
import torch_ref.images as by_torch
from scratch.tensors import to_numpy
from tests.compare.closeness import same
from tests.compare.draw import FLOATS
from tests.compare.idx_writer import (KINDS, arrays, idx_bytes, write_idx,
                                      write_images)

SIDES = (by_hand, by_torch)
DATA = os.environ.get("SCRATCH_DATA", "data")
IMAGES, LABELS = "train-images-idx3-ubyte", "train-labels-idx1-ubyte"


def read(side, content: bytes, suffix: str):
    """What a side reads from a file with that content."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, f"file-ubyte{suffix}")
        path.write_bytes(gzip.compress(content) if suffix else content)
        tensor = side.read_idx(path)
        # It leaves no unpacked copy next to the file.
        assert list(Path(folder).iterdir()) == [path]
        return tensor


@given(arrays(), st.sampled_from(["", ".gz"]))
@example(np.zeros(1, "u1"), "")
def test_read_idx(array, suffix):
    """An array of any type and shape is read as written, to the bit."""
    tensor = read(by_hand, idx_bytes(array), suffix)
    assert tensor.shape == array.shape
    assert to_numpy(tensor).dtype == array.dtype
    assert to_numpy(tensor).tobytes() == array.tobytes()


@given(arrays(1, 3, 1), st.sampled_from(["", ".gz"]))
def test_read_idx_as_torchvision(array, suffix):
    """The same as torchvision, for what both read: 1 to 3 axes."""
    hand = read(by_hand, idx_bytes(array), suffix)
    ref = read(by_torch, idx_bytes(array), suffix)
    assert hand.dtype == ref.dtype and hand.shape == ref.shape
    assert to_numpy(hand).tobytes() == to_numpy(ref).tobytes()


@given(arrays(1, 3, 1), st.data(), st.sampled_from(["", ".gz"]))
def test_a_file_of_wrong_length(array, data, suffix):
    """Too short or too long: a ValueError that names the file."""
    content = idx_bytes(array)
    cut = data.draw(st.integers(0, len(content) - 1), "cut at")
    more = data.draw(st.binary(min_size=1, max_size=9), "appended")
    for wrong in content[:cut], content + more:
        for side in SIDES:
            with pytest.raises(ValueError, match=f"file-ubyte{suffix}: "):
                read(side, wrong, suffix)


@given(arrays(1, 3, 1), st.data())
def test_a_damaged_archive(array, data):
    """A truncated archive raises; a changed byte raises or does no harm.

    Some bytes of gzip's header, such as the time, carry no data.
    """
    packed = gzip.compress(idx_bytes(array))
    at = data.draw(st.integers(0, len(packed) - 1), "at")
    value = data.draw(st.integers(0, 255), "new byte")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "file-ubyte.gz")
        path.write_bytes(packed[:at])
        for side in SIDES:
            with pytest.raises(ValueError, match="file-ubyte.gz: "):
                side.read_idx(path)
        path.write_bytes(packed[:at] + bytes([value]) + packed[at + 1:])
        for side in SIDES:
            try:
                tensor = side.read_idx(path)
                assert to_numpy(tensor).tobytes() == array.tobytes()
            except ValueError as error:
                assert str(path) in str(error)


@pytest.mark.parametrize("content", [
    b"\0\1\x08\1\0\0\0\1\7", b"\1\0\x08\1\0\0\0\1\7",
    b"\0\0\7\1\0\0\0\1\7", b"\0\0\x08"])
def test_each_byte_of_the_header_counts(content):
    """A header must have two zeros, a known type, at least four bytes."""
    for side in SIDES:
        with pytest.raises(ValueError, match="file-ubyte: ") as error:
            read(side, content, "")
        if side is by_hand:
            assert str(error.value).endswith(repr(content[:4]))


@st.composite
def headers(draw):
    """A valid first four bytes, then any lengths, then a few bytes."""
    axes = draw(st.integers(0, 3) | st.integers(0, 255))
    lengths = st.sampled_from([0, 0, 1, 1, 2, 3, 2 ** 31, 2 ** 32 - 1])
    shape = [draw(lengths) for _ in range(axes)]
    return struct.pack(f">BBBB{axes}I", 0, 0, draw(st.sampled_from(
        list(KINDS))), axes, *shape) + draw(st.binary(max_size=9))


@given(st.binary(max_size=40) | headers())
@example(idx_bytes(np.ones([1] * 64, "u1")))
# NumPy's limit is 64 axes.
@example(b"\0\0\x08" + bytes([65]) + b"\0\0\0\1" * 65 + b"7")
# 0 x huge: an empty array, but no array of NumPy
@example(b"\0\0\x08\3\0\0\0\0" + b"\xff" * 8)
# 2^31 x 2^31 x 4 is 0 in 64 bits
@example(b"\0\0\x08\3\x80\0\0\0\x80\0\0\0\0\0\0\4")
def test_a_foreign_file(content):
    """Any bytes raise ValueError, unless they happen to be an IDX file."""
    for side in SIDES:
        try:
            tensor = read(side, content, "")
        except ValueError as error:
            assert "file-ubyte: " in str(error)
        else:
            assert idx_bytes(to_numpy(tensor)) == content


@pytest.mark.parametrize("dtype", FLOATS)
@pytest.mark.parametrize("name", ["MNIST", "FashionMNIST"])
def test_images(name, dtype, tmp_path):
    """Training and test set: equal to the bit, pixels in [0, 1]."""
    write_images(tmp_path, name)
    function = {"MNIST": "mnist", "FashionMNIST": "fashion_mnist"}[name]
    torch.set_default_dtype(dtype)
    for train, size in (True, 90), (False, 40):
        (x, y), (ref_x, ref_y) = (
            getattr(side, function)(tmp_path, train) for side in SIDES)
        same(x, ref_x)
        same(y, ref_y)
        assert x.shape == (size, 28, 28) and x.dtype == dtype
        assert y.dtype == torch.int64 and y[:3].tolist() == [0, 1, 2]
        assert x.min() == 0 and x.max() == 1


@pytest.mark.parametrize("kind, name", [(MNIST, "mnist"), (
    FashionMNIST, "fashion_mnist")])
@pytest.mark.parametrize("train", [True, False])
def test_as_tutorials_load_them(kind, name, train, tmp_path):
    """To the bit what `MNIST` with `ToTensor` gives, image by image."""
    write_images(tmp_path, kind.__name__)
    dataset = kind(tmp_path, train, ToTensor())
    for side in SIDES:
        for root in tmp_path, str(tmp_path):
            x, y = getattr(side, name)(root, train)
            assert len(x) == len(y) == len(dataset) == (90 if train else 40)
            for image, label, (expected, digit) in zip(x, y, dataset):
                same(image, expected[0])
                assert label == digit


@pytest.mark.parametrize("side", SIDES)
def test_compressed_images(side, tmp_path):
    """Compressed files are read as well; an unpacked one comes first."""
    write_images(tmp_path / "plain")
    write_images(tmp_path / "packed", packed=".gz")
    for train in True, False:
        for a, b in zip(side.mnist(tmp_path / "plain", train),
                        side.mnist(tmp_path / "packed", train)):
            same(a, b)
    folder = tmp_path / "plain" / "MNIST" / "raw"
    (folder / f"{IMAGES}.gz").write_bytes(b"damaged")
    write_idx(folder / f"{LABELS}.gz", np.zeros(90, "u1"))
    assert side.mnist(tmp_path / "plain")[1].max() == 9
    # Some programs unpack a file into a folder of its name.
    (folder / LABELS).unlink()
    (folder / LABELS).mkdir()
    assert side.mnist(tmp_path / "plain")[1].max() == 0


@pytest.mark.parametrize("name, array, words", [
    (LABELS, np.zeros(89, "u1"), r"\(90,\), one .*\(89,\)"),
    (LABELS, np.zeros((90, 1), "u1"), r"\(90, 1\)"),
    (LABELS, np.zeros(90, "i2"), "int16"),
    (LABELS, np.full(90, 10, "u1"), "0 to 9, got 10"),
    (LABELS, np.arange(90).astype("u1"), "0 to 9, got 89"),
    (LABELS, np.zeros((90, 28, 28), "u1"), r"\(90, 28, 28\)"),
    (IMAGES, np.zeros((90, 8, 8), "u1"), r"\(90, 8, 8\)"),
    (IMAGES, np.zeros(90, "u1"), r"\(90,\)"),
    (IMAGES, np.zeros((90, 28, 28), "i1"), "int8"),
    (IMAGES, np.zeros((0, 28, 28), "u1"), "")])
@pytest.mark.parametrize("side", SIDES)
def test_other_data_is_rejected(side, name, array, words, tmp_path):
    """A valid IDX file of other data: a ValueError that names it."""
    write_images(tmp_path)
    write_idx(tmp_path / "MNIST" / "raw" / name, array)
    with pytest.raises(ValueError, match=f"{name}: .*{words}"):
        side.mnist(tmp_path)


@pytest.mark.skipif(not Path(DATA, "MNIST").exists(),
                    reason="needs MNIST in SCRATCH_DATA or ./data")
@pytest.mark.parametrize("train, size", [(True, 60_000),
                                         (False, 10_000)])
def test_all_of_mnist(train, size):
    """All 70,000 images and labels are those that tutorials load.

    Tutorials use `MNIST`, `ToTensor` and `DataLoader`, image by image.
    """
    x, y = by_hand.mnist(DATA, train)
    assert x.shape == (size, 28, 28)
    loader = DataLoader(MNIST(DATA, train, ToTensor()), batch_size=1000)
    for i, (images, labels) in enumerate(loader):
        same(x[1000 * i:1000 * (i + 1)], images[:, 0])
        same(y[1000 * i:1000 * (i + 1)], labels)
    for a, b in zip((x, y), by_torch.mnist(DATA, train)):
        same(a, b)
