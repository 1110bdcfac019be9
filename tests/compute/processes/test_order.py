"""Depth-first walks by arrays."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from huntbook.compute.processes.order import cut_cycles, depth_first
from huntbook.compute.processes.sorting import stable_order


@st.composite
def forests(draw):
    """Draw parents that may stand before or after their children, without cycles."""
    count = draw(st.integers(1, 30))
    parent = [draw(st.integers(-1, node - 1)) for node in range(count)]
    moved = draw(st.permutations(range(count)))
    result = np.empty(count, dtype=np.int64)
    for node, above in enumerate(parent):
        result[moved[node]] = moved[above] if above >= 0 else -1
    return result


def slow_walk(parent):
    """Visit the forest recursively; return the nodes in order."""
    found = []

    def visit(node):
        found.append(node)
        for child in np.flatnonzero(parent == node):
            visit(child)

    for root in np.flatnonzero(parent < 0):
        visit(root)
    return found


@given(forests())
def test_the_walk_is_the_recursive_one(parent):
    """Places, depths and sizes are those of a plain recursive walk."""
    walk = depth_first(parent, np.arange(len(parent)))
    order = slow_walk(parent)
    assert np.argsort(walk.place).tolist() == order
    for node in range(len(parent)):
        below = [n for n in range(len(parent)) if n == node or node in ancestors(parent, n)]
        assert walk.size[node] == len(below)
        assert walk.depth[node] == len(ancestors(parent, node))


def ancestors(parent, node):
    """Return the nodes above."""
    found = []
    while parent[node] >= 0:
        node = parent[node]
        found.append(node)
    return found


@given(st.lists(st.integers(-1, 19), min_size=20, max_size=20))
def test_after_cutting_no_node_is_its_own_ancestor(parents):
    """Whatever points where: one link a cycle goes, and every node then reaches a root."""
    parent = np.array(parents)
    cycles = {frozenset(c) for n in range(20) if (c := cycle_through(parents, n))}
    cut = cut_cycles(parent, np.arange(20))
    assert sorted(cut.tolist()) == sorted(min(cycle) for cycle in cycles)
    parent[cut] = -1
    assert (cut_cycles(parent, np.arange(20)).tolist()) == []


def cycle_through(parents, node):
    """Return the nodes of the cycle that `node` is on, or nothing."""
    seen = [node]
    while (node := parents[node]) >= 0 and node not in seen:
        seen.append(node)
    return seen if node == seen[0] else []


def test_a_chain_of_a_hundred_thousand_needs_no_recursion():
    """Deep records of forks and execs don't end in a recursion error."""
    walk = depth_first(np.arange(-1, 99_999), np.arange(100_000))
    assert (walk.depth[-1], walk.size[0]) == (99_999, 100_000)


@given(st.lists(st.integers(-1, 2**40), max_size=30))
def test_sorting_by_digits_is_stable_sorting(codes):
    """The same order as numpy's stable sort, for any width."""
    assert (
        stable_order(np.array(codes, dtype=np.int64)).tolist()
        == np.argsort(np.array(codes, dtype=np.int64), kind="stable").tolist()
    )
