"""From "who is my parent" to a depth-first walk: depths, subtree sizes and places, with arrays and no recursion."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from huntbook.compute.processes.sorting import stable_order

if TYPE_CHECKING:
    import numpy.typing as npt

    from huntbook.compute.processes.columns import IntArray

__all__ = ["Walk", "cut_cycles", "depth_first"]


@dataclass(frozen=True, slots=True)
class Walk:
    """A depth-first walk of a forest.

    Parameters
    ----------
    place
        Where each node stands in the walk.
    depth
        How many ancestors each node has.
    size
        How many nodes its subtree has, itself included.
    """

    place: IntArray
    depth: npt.NDArray[np.int32]
    size: IntArray


def cut_cycles(parent: IntArray, rank: IntArray) -> IntArray:
    """Return the nodes whose link to their parent must be cut so that no node is its own ancestor.

    Parameters
    ----------
    parent
        Position of each node's parent; -1 for roots.
    rank
        Distinct numbers; in each cycle the node with the smallest loses its parent.
    """
    jump = parent.copy()
    steps = max(len(parent), 1).bit_length()
    for _ in range(steps):
        if not (jump >= 0).any():
            return np.empty(0, dtype=np.int64)
        jump = np.where(jump >= 0, jump[jump], -1)
    # After more steps than there are nodes, only nodes on a cycle are ever landed on.
    on_cycle = np.unique(jump[jump >= 0])
    smallest, jump = rank.copy(), parent.copy()
    for _ in range(steps if len(on_cycle) else 0):
        smallest[on_cycle] = np.minimum(smallest[on_cycle], smallest[jump[on_cycle]])
        jump[on_cycle] = jump[jump[on_cycle]]
    return np.asarray(on_cycle[smallest[on_cycle] == rank[on_cycle]], dtype=np.int64)


def depth_first(parent: IntArray, rank: IntArray) -> Walk:
    """Order a forest without cycles so that every subtree is one slice.

    Parameters
    ----------
    parent
        Position of each node's parent; -1 for roots.
    rank
        Roots stand in ascending order of this; siblings in the order of their positions.
    """
    count = len(parent)
    depth = _depths(parent)
    by_depth = stable_order(depth)
    bounds = np.searchsorted(depth[by_depth], np.arange(int(depth.max(initial=0)) + 2))
    size = np.ones(count, dtype=np.int64)
    for level in range(len(bounds) - 2, 0, -1):
        nodes = by_depth[bounds[level] : bounds[level + 1]]
        size += _totals(parent[nodes], size[nodes], count) if len(nodes) > count // 8 else 0
        if len(nodes) <= count // 8:
            np.add.at(size, parent[nodes], size[nodes])
    place = _nodes_before(parent, rank, size)
    for level in range(1, len(bounds) - 1):
        nodes = by_depth[bounds[level] : bounds[level + 1]]
        place[nodes] += place[parent[nodes]] + 1
    return Walk(place, depth, size)


def _totals(parent: IntArray, size: IntArray, count: int) -> IntArray:
    return np.bincount(parent, weights=size, minlength=count).astype(np.int64)


def _depths(parent: IntArray) -> npt.NDArray[np.int32]:
    """Count ancestors by jumping twice as far each time, so that a deep chain costs few rounds."""
    depth = (parent >= 0).astype(np.int32)
    jump = parent
    while (rooted := jump >= 0).any():
        depth = depth + np.where(rooted, depth[jump], 0).astype(np.int32)
        jump = np.where(rooted, jump[jump], -1)
    return depth


def _nodes_before(parent: IntArray, rank: IntArray, size: IntArray) -> IntArray:
    """Count for each node the nodes in the subtrees of its elder siblings."""
    order = stable_order(parent)
    roots = int(np.count_nonzero(parent < 0))
    order[:roots] = order[:roots][np.argsort(rank[order[:roots]], kind="stable")]
    before = np.cumsum(size[order]) - size[order]
    new = np.ones(len(order), dtype=np.bool_)
    new[1:] = parent[order][1:] != parent[order][:-1]
    first = np.maximum.accumulate(np.where(new, np.arange(len(order)), 0))
    result = np.empty(len(order), dtype=np.int64)
    result[order] = before - before[first]
    return result
