"""Which processes are on view: what is expanded, what is filtered away, and the stretch of rows in the window."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    from huntbook.compute.processes.columns import IntArray
    from huntbook.compute.processes.forest import ProcessForest

    BoolArray = npt.NDArray[np.bool_]

__all__ = ["Branches", "Rows"]

# Rows that a first look shows of the largest tree.
_FIRST_LOOK = 200


@dataclass(frozen=True, slots=True)
class Branches:
    """The connectors in a window: from row to row down, and across to each row. Row -0.5 is above the window.

    Parameters
    ----------
    depth
        Depth of the parent, where the line runs down.
    top, bottom
        Rows between which it runs.
    """

    depth: IntArray
    top: npt.NDArray[np.float64]
    bottom: npt.NDArray[np.float64]


class Rows:
    """The rows of a tree that is partly folded. A row is one visible node.

    Parameters
    ----------
    forest
        The forest.
    """

    def __init__(self, forest: ProcessForest) -> None:
        self.forest = forest
        self._expanded: BoolArray = np.zeros(len(forest), dtype=np.bool_)
        self._kept: BoolArray | None = None
        self._visible: IntArray | None = None

    @property
    def visible(self) -> IntArray:
        """The visible nodes, top to bottom."""
        if self._visible is None:
            self._visible = self._compute(0, len(self.forest))
        return self._visible

    @property
    def filtered(self) -> bool:
        """Whether a filter hides nodes."""
        return self._kept is not None

    def _compute(self, first: int, after: int) -> IntArray:
        """Return the visible ones of the nodes from `first` up to `after`, if all above `first` are expanded."""
        size = self.forest.size[first:after]
        closed = np.flatnonzero(~self._expanded[first:after] & (size > 1))
        # Every folded subtree is a slice: count how many of them each node lies in.
        change = np.zeros(after - first + 1, dtype=np.int32)
        change[closed + 1] += 1
        np.subtract.at(change, closed + size[closed], 1)
        shown = np.cumsum(change[:-1]) == 0
        if self._kept is not None:
            shown &= self._kept[first:after]
        return np.flatnonzero(shown) + first

    def toggle(self, node: int) -> None:
        """Expand a visible node, or fold it; only its own subtree is looked at."""
        visible, after = self.visible, node + int(self.forest.size[node])
        row, end = np.searchsorted(visible, [node, after])
        self._expanded[node] = not self._expanded[node]
        below = self._compute(node + 1, after) if self._expanded[node] else visible[:0]
        self._visible = np.concatenate([visible[: row + 1], below, visible[end:]])

    def is_expanded(self, nodes: IntArray) -> BoolArray:
        """Return whether each node is expanded and has something to show below."""
        return np.asarray(self._expanded[nodes] & (self.forest.size[nodes] > 1), dtype=np.bool_)

    def expand(self, nodes: IntArray, *, expanded: bool = True) -> None:
        """Expand nodes, or fold them."""
        self._expanded[nodes] = expanded
        self._visible = None

    def expand_below(self, node: int, *, expanded: bool = True) -> None:
        """Expand a node and everything below it, or fold them."""
        self._expanded[node : node + int(self.forest.size[node])] = expanded
        self._visible = None

    def expand_all(self, *, expanded: bool = True) -> None:
        """Expand every node, or fold every node."""
        self._expanded[:] = expanded
        self._visible = None

    def reveal(self, nodes: IntArray) -> None:
        """Expand what is above nodes, so that they are visible unless a filter hides them."""
        above = np.unique(self.forest.parent[nodes])
        while len(above := above[above >= 0]):
            self._expanded[above] = True
            above = np.unique(self.forest.parent[above])
        self._visible = None

    def keep(self, nodes: IntArray | None, *, below: bool = True) -> None:
        """Show only nodes with what is above them (and, with `below`, under them); None shows all again."""
        self._visible = None
        if nodes is None:
            self._kept = None
            return
        forest = self.forest
        kept = np.zeros(len(forest), dtype=np.bool_)
        if below:
            change = np.zeros(len(forest) + 1, dtype=np.int32)
            np.add.at(change, nodes, 1)
            np.subtract.at(change, nodes + forest.size[nodes], 1)
            kept |= np.cumsum(change[:-1]) > 0
        above = np.unique(nodes)
        while len(above):
            kept[above] = True
            above = np.unique(forest.parent[above])
            above = above[above >= 0]
        self._kept = kept
        self.reveal(nodes)

    def row_of(self, node: int) -> int:
        """Return the row of a node, or of what it's folded into."""
        return max(int(np.searchsorted(self.visible, node, side="right")) - 1, 0)

    def window(self, first: int, count: int) -> IntArray:
        """Return the nodes of `count` rows from row `first` on."""
        return self.visible[first : first + count]

    def folded_below(self, nodes: IntArray) -> IntArray:
        """Return for each node how many processes below it are not visible."""
        after = np.searchsorted(self.visible, nodes + self.forest.size[nodes])
        here = np.searchsorted(self.visible, nodes, side="right")
        return np.asarray(self.forest.size[nodes] - 1 - (after - here), dtype=np.int64)

    def branches(self, first: int, count: int) -> Branches:
        """Return the lines down from parents in and above a window of rows."""
        forest, visible = self.forest, self.visible
        nodes = self.window(first, count)
        parents = np.unique(forest.parent[nodes])
        # A line also runs through the window from a parent above it to a child below it.
        through = forest.ancestors(int(nodes[0])) if len(nodes) else parents
        parents = np.union1d(parents[parents >= 0], through)
        lines = []
        for parent in parents.tolist():
            row = int(np.searchsorted(visible, parent))
            after = int(np.searchsorted(visible, parent + int(forest.size[parent])))
            below = np.flatnonzero(forest.parent[visible[row + 1 : after]] == parent)
            if not len(below) or (last := row + 1 + int(below[-1])) < first:
                continue
            lines.append(
                (
                    int(forest.depth[parent]),
                    max(row - first, -0.5),
                    min(last - first, len(nodes) - 0.5),
                )
            )
        depth, top, bottom = zip(*lines, strict=True) if lines else ((), (), ())
        return Branches(
            np.array(depth, dtype=np.int64), np.array(top, dtype=float), np.array(bottom, dtype=float)
        )

    def open_on(self, interesting: IntArray) -> int:
        """Expand down to the interesting nodes, or into the largest tree if there are none; return the first node."""
        if len(interesting):
            self.reveal(interesting)
            return int(interesting[0])
        forest = self.forest
        roots = forest.roots
        largest = int(roots[np.argmax(forest.size[roots])])
        below = np.arange(largest, largest + int(forest.size[largest]))
        for depth in range(int(forest.depth.max(initial=0))):
            level = below[forest.depth[below] == depth]
            if not len(level) or len(self.visible) - len(roots) > _FIRST_LOOK:
                break
            self.expand(level)
        return largest
