"""Bugs in the image files."""

from tests.museum.plant import Bug

BUGS = [
    Bug("idx-little-endian", "images.read_idx",
        {'np.frombuffer(content[4:start], ">u4")':
         'np.frombuffer(content[4:start], "<u4")'},
        "Four bytes are an integer.", "test_images.py::test_read_idx",
        crash="ValueError"),
    Bug("idx-a-byte-early", "images.read_idx",
        {"offset=start)": "offset=start - 1)[:math.prod(shape)]"},
        "The numbers begin where the header ends, or one before.",
        "test_images.py::test_read_idx", crash="ValueError"),
    Bug("pixels-to-255", "images._load",
        {".div_(255)": ""},
        "A pixel is a number from 0 to 255.",
        "test_images.py::test_images"),
    Bug("pixels-by-256", "images._load",
        {".div_(255)": ".div_(256)"},
        "256 levels, so divide by 256.", "test_images.py::test_images"),
]
