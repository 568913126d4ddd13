"""Each test of the front door runs in an empty folder."""

from pathlib import Path

import pytest
from matplotlib.figure import Figure

from tests.compare.idx_writer import write_images
from tests.front_door.command import printed


@pytest.fixture(autouse=True)
def an_empty_folder(tmp_path, monkeypatch):
    """Work in an empty folder, without SCRATCH_DATA."""
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.delenv("SCRATCH_DATA", raising=False)


@pytest.fixture
def one_thread(monkeypatch):
    """Use one thread: on a busy computer, two are many times slower."""
    for name in "run", "by_hand":
        monkeypatch.setattr(f"scratch.front_door.cnn.{name}.use_all_cores",
                            lambda processes=1: None)


@pytest.fixture
def drawn(monkeypatch):
    """draw(...): what a call draws, by lesson: (above, below)."""
    canvases: list[Figure] = []

    def savefig(self, path, **options):
        """Keep the figure instead of writing it."""
        canvases.append(self)
        Path(path).touch()

    monkeypatch.setattr(Figure, "savefig", savefig)

    def draw(*argv):
        """The panels of each lesson that is trained."""
        printed(*argv, "--quiet", "--figure", "a.png")
        canvas = canvases.pop()
        return {block.get_suptitle(): block.axes
                for block in canvas.subfigs if block.axes}

    return draw


@pytest.fixture(scope="session")
def folder(tmp_path_factory):
    """MNIST and Fashion-MNIST, 150 images each, and 40 for the test."""
    root = tmp_path_factory.mktemp("images")
    for name in "MNIST", "FashionMNIST":
        write_images(root, name, train=150)
    return root
