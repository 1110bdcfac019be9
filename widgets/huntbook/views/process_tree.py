"""The process tree as a widget: a window of rows over any number of processes, searched and filtered in the kernel."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ipywidgets
import numpy as np
from bokeh.events import DoubleTap, Tap

from huntbook.compute.processes.coloring import color_by
from huntbook.compute.processes.filters import condition_of, filter_text
from huntbook.compute.processes.rows import Rows
from huntbook.compute.processes.words import say_process, say_rows
from huntbook.figures.process_tree import draw_tree
from huntbook.figures.tree_rows import INDENT, Marks, TreeLook, indent
from huntbook.views.tree_controls import TreeControls
from huntbook.views.view import PlotView

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from huntbook.compute.conditions import Condition, DialectName
    from huntbook.compute.processes import ProcessForest
    from huntbook.compute.processes.columns import IntArray

__all__ = ["ProcessTreeView"]

_KEYS = (
    "ArrowUp",
    "ArrowDown",
    "ArrowLeft",
    "ArrowRight",
    "PageUp",
    "PageDown",
    "Home",
    "End",
    "Enter",
    " ",
    "n",
    "N",
    "Escape",
)
_HINT = "Click a process to select it, the triangle to open it; arrow keys, Page Up and Page Down move, n finds the next."


class ProcessTreeView(PlotView):
    """A process tree; `PlotView` has its members.

    Parameters
    ----------
    forest
        The processes.
    look
        How to draw them.
    marks
        Which processes are flagged and which are rare.
    color
        The column that colours them; None for the accent.
    sentence
        What is shown, in words.
    """

    def __init__(
        self, forest: ProcessForest, *, look: TreeLook, marks: Marks, color: str | None, sentence: str
    ) -> None:
        self.forest = forest
        self._rows_shown = Rows(forest)
        self._look = look
        self._marks = marks
        self._coloring = None if color is None else color_by(forest, color)
        self._chosen: IntArray = np.empty(0, dtype=np.int64)
        self._found: IntArray = np.empty(0, dtype=np.int64)
        self._first = 0
        self._drawn = draw_tree(forest, look, marks)
        # A document hears of events only from models that ask for them before it takes them in.
        for part in (self._drawn.tree, self._drawn.times):
            part.on_event(Tap, self._tapped)
            part.on_event(DoubleTap, self._double_tapped)
        self._focus(self._rows_shown.open_on(_interesting(marks)))
        self._controls = TreeControls(self, forest, self._coloring)
        super().__init__(
            figure=self._drawn.layout,
            sources=(),
            frame=forest.source,
            summary=sentence,
            restyle=self._restyle,
        )
        self._gate.key_names = list(_KEYS)
        self._gate.on_input = self._input
        title = ipywidgets.HTML(f'<div style="font-size:13px;line-height:1.4">{_escaped(sentence)}</div>')
        self._gate.layout.flex = "1 1 auto"
        self._gate.layout.min_width = "0"
        picture = ipywidgets.HBox([self._gate, self._controls.scroll])
        self.children = (title, self._controls.bar, self._controls.legend, picture)
        self._show()

    @property
    def data(self) -> pd.DataFrame:
        """The visible rows of the window, as `ProcessForest.to_frame` gives them."""
        return self.forest.to_frame(self._window())

    @property
    def nodes(self) -> IntArray:
        """The selected nodes of the forest; set them to select from code."""
        return self._chosen

    @nodes.setter
    def nodes(self, nodes: Sequence[int] | IntArray) -> None:
        self._select(np.unique(np.asarray(nodes, dtype=np.int64)))
        if len(self._chosen):
            self.show_node(int(self._chosen[0]))

    def lineage(self) -> pd.DataFrame:
        """Return the rows of the selected processes, of all that is above them and of all that is below."""
        return self.forest.rows(self._lineage(self._chosen))

    def where(self, dialect: DialectName = "kql", *, lineage: bool = False) -> str:
        """Return the selection as a filter.

        Parameters
        ----------
        dialect
            ``kql`` (a ``| where`` line), ``sql`` or ``spark`` (a condition), or ``pandas`` (for `DataFrame.query`).
        lineage
            Take in what is above and below the selected processes.
        """
        nodes = self._lineage(self._chosen) if lineage else self._chosen
        return filter_text(self.forest, nodes, dialect)

    def show_node(self, node: int) -> None:
        """Unfold the tree down to a node and bring it into the window."""
        self._rows_shown.reveal(np.array([node]))
        self._focus(node)
        self._show()

    def expand(self, node: int | None = None) -> None:
        """Unfold everything, or everything below a node."""
        self._fold(node, expanded=True)

    def collapse(self, node: int | None = None) -> None:
        """Fold everything, or everything below a node."""
        self._fold(node, expanded=False)

    def search(self, what: str | Callable[[pd.DataFrame], Any]) -> int:
        """Find text in names and command lines of every process, folded away or not, and go to the first.

        Parameters
        ----------
        what
            Text, or a function of the forest's frame; as in `ProcessForest.find`.

        Returns
        -------
        int
            How many were found.
        """
        self._found = self.forest.find(what) if what else np.empty(0, dtype=np.int64)
        self.next_found(0)
        return len(self._found)

    def next_found(self, step: int = 1) -> None:
        """Go to the next process found, or with -1 to the one before; 0 stays at or after where it is."""
        found = self._found
        if not len(found):
            self._controls.say_found(0, 0)
            return
        here = int(self._chosen[0]) if len(self._chosen) else -1
        if step < 0:
            place = int(np.searchsorted(found, here)) - 1
        else:
            place = int(np.searchsorted(found, here, side="right" if step else "left"))
        place %= len(found)
        self._controls.say_found(place + 1, len(found))
        self._select(found[place : place + 1])
        self.show_node(int(found[place]))

    def keep(self, nodes: Sequence[int] | IntArray | None) -> None:
        """Show only nodes with what is above and below them; None shows everything again."""
        self._rows_shown.keep(None if nodes is None else np.asarray(nodes, dtype=np.int64))
        self._first = 0
        if len(self._chosen):
            self._focus(int(self._chosen[0]))
        self._show()

    def keep_lineage(self, *, on: bool) -> None:
        """Show only the lineage of the selection, or everything again."""
        self.keep(self._chosen if on and len(self._chosen) else None)

    def color(self, column: str | None) -> None:
        """Colour the processes by a column of the source; None for one colour."""
        self._coloring = None if column is None else color_by(self.forest, column)
        self._controls.show_legend(self._coloring)
        self._show()

    def keep_kind(self, kind: int | None) -> None:
        """Show only processes of one colour of the legend, with what is above them; None shows everything again."""
        if kind is None or self._coloring is None:
            self.keep(None)
            return
        self._rows_shown.keep(self._coloring.nodes(kind), below=False)
        self._first = 0
        self._show()

    def scroll_to(self, row: int) -> None:
        """Bring a row of the folded tree to the top of the window."""
        self._first = row
        self._show()

    @property
    def rows_visible(self) -> int:
        """How many rows the tree has as it is folded and filtered now."""
        return len(self._rows_shown.visible)

    def _window(self) -> IntArray:
        return self._rows_shown.window(self._first, self._look.rows)

    def _lineage(self, nodes: IntArray) -> IntArray:
        forest = self.forest
        parts = [forest.path(node) for node in nodes.tolist()] + [
            forest.descendants(node) for node in nodes.tolist()
        ]
        return np.unique(np.concatenate(parts)) if parts else nodes

    def _focus(self, node: int) -> None:
        """Move the window so that a node is in its upper third, unless it's inside already."""
        row = self._rows_shown.row_of(node)
        if not self._first + 1 <= row < self._first + self._look.rows - 2:
            self._first = row - self._look.rows // 3

    def _show(self) -> None:
        last = max(self.rows_visible - self._look.rows, 0)
        self._first = min(max(self._first, 0), last)
        with self._picture.together():
            self._drawn.show(self._rows_shown, self._first, chosen=self._chosen, coloring=self._coloring)
        self._controls.show_place(self._first, last, rows=len(self._window()))
        self._gate.status = self._status()
        self._gate.words = say_rows(
            self._rows_shown, self._window(), chosen=self._chosen,
            flagged=self._marks.flagged, rare=self._marks.rare, hexadecimal=self._look.hexadecimal,
        )  # fmt: skip

    def _fit(self, cell: int) -> None:
        with self._picture.together():
            self._drawn.fit(cell)
            self._drawn.show(self._rows_shown, self._first, chosen=self._chosen, coloring=self._coloring)

    def _restyle(self, theme: Any) -> None:
        self._drawn.restyle(theme)
        self._controls.restyle(theme)
        self._drawn.show(self._rows_shown, self._first, chosen=self._chosen, coloring=self._coloring)

    def _fold(self, node: int | None, *, expanded: bool) -> None:
        if node is None:
            self._rows_shown.expand_all(expanded=expanded)
        else:
            self._rows_shown.expand_below(node, expanded=expanded)
        if len(self._chosen):
            self._focus(int(self._chosen[0]))
        self._show()

    def _select(self, nodes: IntArray) -> None:
        if np.array_equal(nodes, self._chosen):
            return
        self._chosen = nodes
        self._rows = None
        self._selection_told()

    def _tapped(self, event: Any) -> None:
        row = round(event.y)
        window = self._window()
        if not 0 <= row < len(window):
            return
        node = int(window[row])
        dot = float(indent(self.forest.depth[node : node + 1], self._drawn.look)[0])
        if event.model is self._drawn.tree and abs(event.x - dot) < INDENT / 2 and self.forest.size[node] > 1:
            self._toggle(node)
            return
        more = bool(event.modifiers and (event.modifiers.get("shift") or event.modifiers.get("ctrl")))
        self._select(np.setxor1d(self._chosen, [node]) if more else np.array([node]))
        self._show()

    def _double_tapped(self, event: Any) -> None:
        row = round(event.y)
        if 0 <= row < len(self._window()):
            self._toggle(int(self._window()[row]))

    def _toggle(self, node: int) -> None:
        self._rows_shown.toggle(node)
        self._show()

    def _input(self, kind: str, told: Any) -> None:
        if kind == "wheel":
            self.scroll_to(self._first + int(told))
        elif told in {"n", "N"}:
            self.next_found(1 if told == "n" else -1)
        elif told == "Escape":
            self._select(np.empty(0, dtype=np.int64))
            self._show()
        else:
            self._move(str(told))

    def _move(self, key: str) -> None:
        rows = self._rows_shown
        node = int(self._chosen[-1]) if len(self._chosen) else int(self._window()[0])
        row, page = rows.row_of(node), self._look.rows - 1
        steps = {
            "ArrowUp": -1,
            "ArrowDown": 1,
            "PageUp": -page,
            "PageDown": page,
            "Home": -row,
            "End": self.rows_visible,
        }
        if key in {"Enter", " "} or (key == "ArrowRight" and not rows.is_expanded(np.array([node]))[0]):
            self._toggle(node)
            return
        if key == "ArrowLeft" and rows.is_expanded(np.array([node]))[0]:
            self._toggle(node)
            return
        if key == "ArrowLeft":
            target = int(self.forest.parent[node])
            target = node if target < 0 else target
        else:
            place = row + steps.get(key, 1) if len(self._chosen) else row
            target = int(rows.visible[min(max(place, 0), self.rows_visible - 1)])
        self._select(np.array([target]))
        self._focus(target)
        self._show()

    def _positions(self) -> NDArray[np.intp]:
        rows = self.forest.source_row[self._chosen]
        return np.sort(rows[rows >= 0]).astype(np.intp)

    def _condition(self) -> Condition:
        return condition_of(self.forest, self._chosen)

    def _selection_told(self) -> None:
        self._gate.status = self._status()
        if self._trait_notifiers.get("selected"):
            self.notify_change(
                {"name": "selected", "owner": self, "type": "change", "old": None, "new": self.selected}
            )

    def _status(self) -> str:
        folded = len(self.forest) - self.rows_visible
        rest = f" {folded:,} of {len(self.forest):,} processes are {'filtered or ' if self._rows_shown.filtered else ''}folded away."
        if not len(self._chosen):
            return _HINT + (rest if folded else "")
        if len(self._chosen) > 1:
            return f"{len(self._chosen):,} processes selected; view.selected holds their rows.{rest if folded else ''}"
        said = say_process(self._rows_shown, int(self._chosen[0]), hexadecimal=self._look.hexadecimal)
        return said + (rest if folded else "")

    def _snapshot(self) -> str:
        shown = len(self._window())
        return (
            f"A snapshot of {shown:,} of {len(self.forest):,} processes, with no kernel behind it: "
            "it unfolds, searches and scrolls no further."
        )


def _interesting(marks: Marks) -> IntArray:
    """Return what to open on: what is flagged, else what is rare, else nothing in particular."""
    flagged = np.flatnonzero(marks.flagged)
    return flagged if len(flagged) else np.flatnonzero(marks.rare)


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
