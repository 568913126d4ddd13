"""Each test of the front door runs in an empty folder."""

import pytest


@pytest.fixture(autouse=True)
def an_empty_folder(tmp_path, monkeypatch):
    """It is not told of any data, either."""
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.delenv("SCRATCH_DATA", raising=False)


@pytest.fixture
def one_thread(monkeypatch):
    """On a busy computer two threads take many times as long as one."""
    monkeypatch.setattr("scratch.front_door.cnn.run.use_all_cores",
                        lambda processes: None)
