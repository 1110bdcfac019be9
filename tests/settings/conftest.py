"""What the tests of the settings share."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from huntbook.settings.document import read, save


@pytest.fixture(autouse=True)
def places(tmp_path, monkeypatch):
    """Give a home, a site folder, a folder of the system and a project of this test's own; Jupyter looks nowhere else."""
    folders = {name: tmp_path / name for name in ("home", "system", "own", "project")}
    for folder in folders.values():
        folder.mkdir()
    monkeypatch.setenv("JUPYTER_NO_CONFIG", "")
    monkeypatch.setenv("JUPYTER_CONFIG_DIR", str(folders["own"]))
    monkeypatch.setenv("JUPYTER_CONFIG_PATH", str(folders["system"]))
    monkeypatch.setattr("jupyter_core.paths.SYSTEM_CONFIG_PATH", [])
    monkeypatch.setattr("jupyter_core.paths.ENV_CONFIG_PATH", [])
    monkeypatch.setenv("HOME", str(folders["home"]))
    monkeypatch.setenv("MSTICPYCONFIG", str(folders["home"] / "msticpyconfig.yaml"))
    monkeypatch.chdir(folders["project"])
    return SimpleNamespace(
        user=folders["home"] / "msticpyconfig.yaml",
        system=folders["system"] / "huntbook.yaml",
        own=folders["own"] / "huntbook.yaml",
        project=folders["project"] / "msticpyconfig.yaml",
    )


@pytest.fixture
def change():
    """Give a way to save values of the section Azure into a file."""

    def write(path, **values):
        return save(path, {"Azure": values}, expected_revision=read(path).revision, origin="cli")

    return write
