"""Damaged and hostile files are rejected, and they change nothing."""

import os
import pickle
import tempfile
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.compare.resumable import WINGS, Training

both_sides = pytest.mark.parametrize("side", WINGS)


@both_sides
@settings(max_examples=3 * settings().max_examples)
@given(share=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7))
def test_a_wrong_bit_in_a_checkpoint(side, share, bit):
    """After any bit flip, all that was saved is loaded, or nothing is.

    If nothing is, a ValueError names the file. Some bits, such as those
    of a date or of padding, carry no data.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "file")
        saved = Training(side)
        saved.run(path, 1)
        content = bytearray(path.read_bytes())
        content[int(share * len(content))] ^= 1 << bit
        path.write_bytes(content)
        victim = Training(side, seed=1)
        before = victim.everything()
        try:
            assert victim.load(path) == 1
        except ValueError as error:
            assert str(path) in str(error)
            assert victim.everything() == before
        else:
            assert victim.everything() == saved.everything()


class Bomb:
    """An object that ends the process when it is unpickled."""

    def __reduce__(self):
        return os._exit, (3,)


@both_sides
def test_a_strangers_file_runs_no_code(side, tmp_path):
    """A pickle that would end this process is rejected."""
    path = tmp_path / "file"
    array = np.empty(1, dtype=object)
    array[0] = Bomb()
    with path.open("wb") as file:
        np.savez(file, format=array, allow_pickle=True)
    training = Training(side)
    with pytest.raises(ValueError):
        training.load(path)
    torch.save({"format": Bomb()}, path)
    with pytest.raises(ValueError):
        training.load(path)
    path.write_bytes(pickle.dumps(Bomb()))
    with pytest.raises(ValueError):
        training.load(path)
