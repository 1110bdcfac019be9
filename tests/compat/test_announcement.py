"""The announced snippets, as printed, in a real kernel without MSTICPy, on real recordings."""

from __future__ import annotations

import importlib.util
import json

import nbformat
import pytest
from nbclient import NotebookClient

NOTEBOOK = "tests/compat/announcement.ipynb"
# The announcement itself lies beside the checkout, as the recordings do.
SLIPS = {'parent_id="ppid",': "...", '"DestinationIP"],': '"DestinationIP"]'}


@pytest.fixture(scope="module")
def announcement(repository):
    """Give the announcement's lines, or skip and say so."""
    folder = repository.parent / "shared" / "seed"
    if not folder.is_dir():
        pytest.skip("the announcement is not here: expected the folder ../shared/seed beside the checkout")
    text = "\n".join(file.read_text("utf-8") for file in sorted(folder.iterdir()))
    return [line.strip() for line in text.splitlines() if line.strip()]


@pytest.fixture(scope="module")
def cells(repository):
    """Give the notebook's cells."""
    return json.loads((repository / NOTEBOOK).read_text("utf-8"))["cells"]


def test_the_notebook_runs_to_its_end(repository, shared_data, tmp_path, monkeypatch):
    """Every snippet of the announcement works here, unchanged, with the real package absent."""
    if importlib.util.find_spec("msticpy") is not None:
        pytest.skip("MSTICPy is installed here, so its names would not be ours")
    monkeypatch.setenv("MSTICPYCONFIG", str(tmp_path / "msticpyconfig.yaml"))
    notebook = nbformat.read(repository / NOTEBOOK, as_version=4)
    NotebookClient(notebook, timeout=60, resources={"metadata": {"path": str(shared_data)}}).execute()
    shown = [
        output.get("data", {}).get("text/plain", "")
        for cell in notebook.cells
        if cell.cell_type == "code"
        for output in cell.outputs
    ]
    assert [
        view
        for view in ("MpConfigEdit", "MatrixView", "ProcessTreeView", "TimelineView", "Read ")
        if not any(view in text for text in shown)
    ] == []


def test_the_cells_are_as_printed(announcement, cells):
    """Each line of a cell that says so stands in the announcement, letter for letter, one after the other."""
    printed = [cell for cell in cells if "as-printed" in cell["metadata"].get("tags", [])]
    assert len(printed) == 5
    for cell in printed:
        lines = [line.strip() for line in cell["source"]]
        assert any(announcement[at : at + len(lines)] == lines for at in range(len(announcement))), lines


def test_the_mended_cells_differ_in_one_line_each(announcement, cells):
    """The two slips of the print are all that was mended."""
    mended = [cell for cell in cells if "mended" in cell["metadata"].get("tags", [])]
    for cell in mended:
        lines = [line.strip() for line in cell["source"]]
        lines = [line if line in announcement else _slip(line) for line in lines]
        assert any(announcement[at : at + len(lines)] == lines for at in range(len(announcement))), lines
    assert len(mended) == 2


def _slip(line: str) -> str:
    return next(line.replace(right, wrong) for right, wrong in SLIPS.items() if right in line)
