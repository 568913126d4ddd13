"""Solutions of the exercises of docs/images.md."""

from tests.exercises.exercise import Exercise

SOLUTIONS = [
    Exercise(
        "images-write-idx", "images", {
            "from torch import Tensor\n":
            "from torch import Tensor\n"
            "\n"
            "from scratch.tensors import to_numpy\n",
            "def mnist(root":
            "def write_idx(path: str | Path, input: Tensor) -> None:\n"
            '    """The tensor as an IDX file."""\n'
            "    array = to_numpy(input)\n"
            '    big_endian = array.dtype.newbyteorder(">")\n'
            "    kind = next(byte for byte, name in _TYPES.items()\n"
            "                if np.dtype(name) == big_endian)\n"
            "    # two zeros, the type, how many axes, their lengths\n"
            "    header = bytes([0, 0, kind, array.ndim])\n"
            '    lengths = np.array(array.shape, ">u4").tobytes()\n'
            "    numbers = array.astype(big_endian).tobytes()\n"
            "    Path(path).write_bytes(header + lengths + numbers)\n"
            "\n\n"
            "def mnist(root",
        }),
    Exercise(
        "images-shrink", "images", {
            "def mnist(root":
            "def shrink(images: Tensor, factor: int) -> Tensor:\n"
            '    """The mean of each block of factor x factor pixels."""\n'
            "    n, height, width = images.shape\n"
            "    rows, columns = height // factor, width // factor\n"
            "    images = images[:, :rows * factor, :columns * factor]\n"
            "    # row = factor (row // factor) + row % factor\n"
            "    blocks = images.reshape(n, rows, factor, columns, factor)\n"
            "    return blocks.mean(dim=(2, 4))\n"
            "\n\n"
            "def mnist(root",
        }),
    Exercise(
        "images-to-bytes", "images", {
            "def mnist(root":
            "def to_bytes(images: Tensor) -> Tensor:\n"
            '    """From [0, 1] to 256 levels, dtype uint8."""\n'
            "    # floor(255.999 x): 1 has a level, and no more\n"
            "    return (255.999 * images).to(torch.uint8)\n"
            "\n\n"
            "def mnist(root",
        }),
]
