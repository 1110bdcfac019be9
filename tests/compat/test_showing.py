"""MSTICPy's functions show their pictures, in a real kernel."""

from __future__ import annotations

import nbformat
import pytest
from nbclient import NotebookClient

from huntbook import samples
from huntbook.compat.trees import plot_process_tree

SETUP = """import huntbook; from huntbook import samples
from huntbook.compat.pictures import display_timeline, plot_matrix
from huntbook.compat.trees import plot_process_tree
flows, events = samples.network_flows(rows=200), samples.processes(hosts=1, hours=0.5, seed=1)"""


@pytest.fixture(scope="module")
def ran():
    """Give a function that runs cells in a kernel and returns the pictures and the texts of each."""

    def run(*sources):
        cells = [nbformat.v4.new_code_cell(source) for source in (SETUP, *sources)]
        notebook = nbformat.v4.new_notebook(cells=cells)
        NotebookClient(notebook, timeout=120, kernel_name="python3").execute()
        found = []
        for cell in notebook.cells[1:]:
            data = [output["data"] for output in cell.outputs if "data" in output]
            texts = [output["text"] for output in cell.outputs if "text" in output]
            found.append((sum("application/vnd.jupyter.widget-view+json" in each for each in data), texts))
        return found

    return run


def test_each_call_shows_its_picture_once(ran):
    """In a loop, before a semicolon, and as what a cell ends with; `hide` leaves it to the cell."""
    shown = ran(
        "for _, group in flows.groupby('Protocol'):\n    display_timeline(group)",
        "display_timeline(flows);",
        "view = plot_matrix(flows, x='SourceIP', y='Protocol')\nview",
        "view",
        "display_timeline(flows, hide=True);",
        "plot_process_tree(events)",
    )
    assert [count for count, _ in shown] == [2, 1, 1, 1, 0, 1]


def test_a_named_variable_holds_what_is_selected(ran):
    """As MSTICPy's `output_var`, in JupyterLab too."""
    shown = ran(
        "view = plot_process_tree(events, output_var='chosen')\nview.nodes = [(view.forest.source_row >= 0).argmax()]",
        "print(len(chosen) == len(view.selected) > 0)",
    )
    assert shown[1][1] == ["True\n"]


@pytest.mark.parametrize("option", ["show_table", "hide_legend"])
def test_options_without_effect_are_taken(option):
    """A notebook that gives them runs on."""
    events = samples.processes(hosts=1, hours=0.5, seed=1)
    drawn = plot_process_tree(events, pid_fmt="guid", **{option: True})
    assert drawn.data.equals(plot_process_tree(events).data)
