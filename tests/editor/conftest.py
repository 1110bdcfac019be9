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
