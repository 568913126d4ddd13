"""Each test of the front door runs in an empty folder."""

import pytest


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
    monkeypatch.setattr("scratch.front_door.cnn.run.use_all_cores",
                        lambda processes: None)
