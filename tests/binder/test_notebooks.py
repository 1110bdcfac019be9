"""The notebooks that a visitor of Binder opens run from top to bottom in a clean kernel."""

from __future__ import annotations

import os
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

FOLDER = Path(__file__).resolve().parents[2] / "binder"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
# What a notebook needs beside huntbook.
NEEDS = {"your-own-data.ipynb": ("polars", "duckdb", "pyarrow")}


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_the_notebook_runs(path, settings_file):
    """No cell fails, with no settings, no account and the folder as it is."""
    for name in NEEDS.get(path.name, ()):
        pytest.importorskip(name, reason="installed by the extra `demo`")
    before = {file.name for file in FOLDER.iterdir()}
    notebook = nbformat.read(path, as_version=4)
    NotebookClient(notebook, timeout=100, resources={"metadata": {"path": str(FOLDER)}}).execute()
    assert {file.name for file in FOLDER.iterdir()} == before
    assert os.environ["MSTICPYCONFIG"] == str(settings_file)


def test_the_start_page_names_every_notebook():
    """Nobody has to guess which notebook comes next."""
    text = (FOLDER / "demo.ipynb").read_text("utf-8")
    assert [path.name for path in NOTEBOOKS if path.name != "demo.ipynb" and path.name not in text] == []
