"""MSTICPy's functions for process trees, on ours."""

from __future__ import annotations

import pandas as pd
import pytest

from huntbook import plot, samples
from huntbook.compat.trees import build_and_show_process_tree, build_process_tree, plot_process_tree
from huntbook.compute.processes import build_process_tree as build_forest
from huntbook.compute.processes.compat import get_process, get_process_key, get_summary_info


@pytest.fixture(scope="module")
def events():
    """Give simulated process events."""
    return samples.processes(hosts=2, hours=1.0, seed=1)


def test_the_frame_has_a_row_a_process_of_the_forest(events):
    """Its columns are MSTICPy's, its links ours."""
    tree, forest = build_process_tree(events), build_forest(events)
    assert (len(tree), int(tree["IsRoot"].sum())) == (len(forest), len(forest.roots))
    assert tree.index.name == "proc_key"


def test_show_summary_prints_the_totals(events, capsys):
    """The words are MSTICPy's."""
    tree = build_process_tree(events, show_summary=True)
    assert capsys.readouterr().out == f"{get_summary_info(tree)}\n"


@pytest.mark.parametrize("draw", [build_and_show_process_tree, plot_process_tree])
def test_a_picture_of_events_and_of_their_tree_is_the_same(events, draw):
    """Notebooks draw either; both show the same processes."""
    expected = plot.process_tree(events, legend_col="SubjectUserName")
    for frame in (events, build_process_tree(events)):
        drawn = draw(frame, legend_col="SubjectUserName")
        assert len(drawn.forest) == len(expected.forest)
        pd.testing.assert_series_equal(drawn.data["name"], expected.data["name"])


def test_a_process_is_found_by_its_key_and_the_key_by_its_index(events):
    """`source_index` is text in the frame, and taken as a number too."""
    tree = build_process_tree(events)
    key = get_process_key(tree, 3)
    assert key == get_process_key(tree, "3") == tree.index[tree["source_index"] == "3"][0]
    pd.testing.assert_series_equal(get_process(tree, key), tree.loc[key])
