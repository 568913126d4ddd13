"""Writing a tensor as an IDX file."""

from pathlib import Path

import numpy as np
from torch import Tensor

from scratch.images import _TYPES
from scratch.tensors import to_numpy


def write_idx(path: str | Path, input: Tensor) -> None:
    """Write the tensor as an IDX file, not packed."""
    array = to_numpy(input)
    big_endian = array.dtype.newbyteorder(">")
    kind = next(byte for byte, name in _TYPES.items()
                if np.dtype(name) == big_endian)
    # 0, 0, the type, the number of axes
    header = bytes([0, 0, kind, array.ndim])
    lengths = np.array(array.shape, ">u4").tobytes()
    numbers = array.astype(big_endian).tobytes()
    Path(path).write_bytes(header + lengths + numbers)
