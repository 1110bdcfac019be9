"""What the editor's tests share."""

from __future__ import annotations

import pytest

from huntbook.settings.document import read, save


@pytest.fixture
def file(tmp_path, monkeypatch):
    path = tmp_path / "msticpyconfig.yaml"
    path.write_text("# mine\nAzure:\n  cloud: usgov # Arlington\n")
    monkeypatch.setenv("MSTICPYCONFIG", str(path))
    return path


@pytest.fixture
def elsewhere(file):
    """Give a way to save from somewhere else."""

    def change(**values):
        save(file, {"Azure": values}, expected_revision=read(file).revision, origin="sidebar")

    return change


@pytest.fixture(autouse=True)
def site(tmp_path, monkeypatch):
    """Give the place of a site file, the only one that is looked at."""
    folder = tmp_path / "site"
    folder.mkdir()
    monkeypatch.setenv("JUPYTER_CONFIG_PATH", str(folder))
    monkeypatch.setenv("JUPYTER_CONFIG_DIR", str(tmp_path / "own"))
    monkeypatch.setattr("jupyter_core.paths.SYSTEM_CONFIG_PATH", [])
    monkeypatch.setattr("jupyter_core.paths.ENV_CONFIG_PATH", [])
    return folder / "huntbook.yaml"
