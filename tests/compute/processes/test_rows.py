"""The rows on view of a partly folded tree."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from huntbook.compute.processes import build_process_tree
from huntbook.compute.processes.rows import Rows
from huntbook.simulated.processes import processes


@pytest.fixture(scope="module")
def forest():
    """Give a small fleet's forest."""
    return build_process_tree(processes(hosts=3, hours=0.5, seed=8))


def slow_visible(forest, expanded, kept=None):
    """Ask of every node whether all its ancestors are expanded."""
    return [
        node
        for node in range(len(forest))
        if all(expanded[above] for above in forest.ancestors(node)) and (kept is None or kept[node])
    ]


@given(data=st.data())
def test_visible_rows_are_those_under_expanded_ancestors(forest, data):
    """Whatever is expanded: the fast way and the obvious one agree, also on what is folded below each row."""
    nodes = np.array(data.draw(st.lists(st.integers(0, len(forest) - 1), max_size=40)), dtype=np.int64)
    rows = Rows(forest)
    rows.expand(nodes)
    expanded = np.isin(np.arange(len(forest)), nodes)
    visible = slow_visible(forest, expanded)
    assert rows.visible.tolist() == visible
    below = rows.folded_below(rows.visible)
    for node, folded in zip(visible, below.tolist(), strict=True):
        assert folded == sum(1 for under in forest.descendants(node) if under not in set(visible))


@given(data=st.data())
def test_toggling_looks_at_one_subtree_and_gives_what_all_would(forest, data):
    """Nodes toggled one after the other: the same rows as computed from nothing."""
    rows = Rows(forest)
    for _ in range(data.draw(st.integers(1, 8))):
        rows.toggle(int(rows.visible[data.draw(st.integers(0, len(rows.visible) - 1))]))
    assert rows.visible.tolist() == slow_visible(forest, rows._expanded)


def test_at_first_only_roots_are_visible(forest):
    """Everything is folded until it's opened."""
    assert Rows(forest).visible.tolist() == forest.roots.tolist()


def test_revealing_opens_what_is_above(forest):
    """The deepest process becomes visible; unfolding all shows all."""
    rows, deepest = Rows(forest), int(np.argmax(forest.depth))
    rows.reveal(np.array([deepest]))
    assert deepest in rows.visible
    assert set(forest.path(deepest)) <= set(rows.visible)
    rows.expand_all()
    assert len(rows.visible) == len(forest)


def test_keeping_shows_a_lineage_and_nothing_else(forest):
    """What is above and below stays; None brings everything back."""
    rows, node = Rows(forest), int(np.argmax(forest.depth))
    above = int(forest.parent[node])
    rows.expand_all()
    rows.keep(np.array([above]))
    assert rows.visible.tolist() == sorted(
        {*forest.path(above).tolist(), *forest.descendants(above).tolist()}
    )
    rows.keep(None)
    assert len(rows.visible) == len(forest)


def test_a_line_runs_to_the_last_child_or_out_of_the_window(forest):
    """In any window, each parent's line ends at its last visible child, cut at the window's edges."""
    rows = Rows(forest)
    rows.expand_all()
    for first in range(0, len(forest) - 10, 7):
        branches = rows.branches(first, 10)
        assert (branches.top >= -0.5).all()
        assert (branches.bottom <= 9.5).all()
        assert (branches.top < branches.bottom).all()
        shown = rows.window(first, 10)
        linked = {int(forest.depth[parent]) for parent in forest.parent[shown] if parent >= 0}
        assert linked <= set(branches.depth.tolist())


def test_without_anything_interesting_the_largest_tree_is_opened(forest):
    """The first look shows some of it."""
    rows = Rows(forest)
    first = rows.open_on(np.empty(0, dtype=np.int64))
    assert forest.size[first] == forest.size[forest.roots].max()
    assert len(rows.visible) > len(forest.roots)
