"""The quiet row above a process tree, its legend and its scroll bar."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ipywidgets

from huntbook.compute.processes.coloring import MOST_KINDS, Coloring
from huntbook.figures.process_tree import ROW_HEIGHT
from huntbook.figures.theme import LIGHT, Theme
from huntbook.figures.tree_rows import kind_colors

if TYPE_CHECKING:
    from huntbook.compute.processes import ProcessForest
    from huntbook.views.process_tree import ProcessTreeView

__all__ = ["TreeControls"]

_NO_COLOR = "one colour"


class TreeControls:
    """Widgets that call the view.

    Parameters
    ----------
    view
        The view to call.
    forest
        Its processes.
    coloring
        What colours them from the start.
    """

    def __init__(self, view: ProcessTreeView, forest: ProcessForest, coloring: Coloring | None) -> None:
        self._view = view
        self._quiet = False
        self._theme: Theme = LIGHT
        self._coloring: Coloring | None = None
        wide = ipywidgets.Layout(width="auto")
        self.text = ipywidgets.Text(
            placeholder="Search names and command lines",
            continuous_update=False,
            layout=ipywidgets.Layout(width="240px"),
        )
        self.text.observe(lambda change: view.search(change["new"]), "value")
        before = ipywidgets.Button(description="Previous", layout=wide, tooltip="The match before (Shift+N)")
        after = ipywidgets.Button(description="Next", layout=wide, tooltip="The next match (N)")
        before.on_click(lambda _: view.next_found(-1))
        after.on_click(lambda _: view.next_found(1))
        self.found = ipywidgets.Label("")
        columns = [_NO_COLOR, *dict.fromkeys(str(name) for name in forest.source.columns)]
        self.colors = ipywidgets.Dropdown(
            options=columns,
            value=coloring.column if coloring else _NO_COLOR,
            description="Colour by",
            layout=ipywidgets.Layout(width="240px"),
        )
        self.colors.style.description_width = "initial"
        self.colors.observe(
            lambda change: view.color(None if change["new"] == _NO_COLOR else change["new"]), "value"
        )
        self.only = ipywidgets.ToggleButton(
            description="Lineage only", layout=wide, tooltip="Show only what is above and below the selection"
        )
        self.only.observe(lambda change: view.keep_lineage(on=change["new"]), "value")
        unfold = ipywidgets.Button(description="Expand all", layout=wide)
        fold = ipywidgets.Button(description="Collapse all", layout=wide)
        unfold.on_click(lambda _: view.expand())
        fold.on_click(lambda _: view.collapse())
        wraps = ipywidgets.Layout(flex_flow="row wrap", align_items="center")
        search = ipywidgets.HBox([self.text, before, after, self.found], layout=wraps)
        folds = ipywidgets.HBox([self.only, unfold, fold], layout=wraps)
        self.bar = ipywidgets.HBox([search, folds, self.colors], layout=wraps)
        self.bar.add_class("huntbook-controls")
        self.legend = ipywidgets.HBox([], layout=ipywidgets.Layout(flex_flow="row wrap"))
        self.scroll = ipywidgets.IntSlider(
            orientation="vertical",
            readout=False,
            min=0,
            max=1,
            layout=ipywidgets.Layout(width="28px", margin="46px 0 0 0"),
        )
        self.scroll.observe(self._scrolled, "value")
        self.show_legend(coloring)

    def say_found(self, place: int, count: int) -> None:
        """Say which of the processes found is shown."""
        self.found.value = (
            f"{place:,} of {count:,}" if count else ("nothing found" if self.text.value else "")
        )

    def show_place(self, first: int, last: int, *, rows: int) -> None:
        """Move the scroll bar beside so many rows; it counts from the bottom."""
        self._quiet = True
        with self.scroll.hold_sync():
            self.scroll.max = max(last, 1)
            self.scroll.value = self.scroll.max - min(first, last)
        self.scroll.layout.visibility = "visible" if last else "hidden"
        self.scroll.layout.height = f"{ROW_HEIGHT * rows}px"
        self._quiet = False

    def restyle(self, theme: Theme) -> None:
        """Take the colours of `theme`."""
        self._theme = theme
        self.show_legend(self._coloring)

    def show_legend(self, coloring: Coloring | None) -> None:
        """Show the colours of a column: buttons that filter, or the ends of a scale."""
        self._coloring = coloring
        if coloring is None:
            self.legend.children = ()
        elif coloring.is_scale:
            self.legend.children = (
                ipywidgets.Label(
                    f"{coloring.column}: from {coloring.low} (pale) to {coloring.high} (strong)"
                ),
            )
        else:
            colors = kind_colors(self._theme)
            kinds = [
                (place, f"{name} ({count:,})")
                for place, (name, count) in enumerate(zip(coloring.kinds, coloring.counts, strict=True))
            ]
            if coloring.rest[0]:
                kinds.append((MOST_KINDS, f"{coloring.rest[0]:,} others ({coloring.rest[1]:,})"))
            self.legend.children = tuple(self._chip(place, text, colors[place]) for place, text in kinds)

    def _chip(self, kind: int, text: str, color: str) -> ipywidgets.HBox:
        button = ipywidgets.ToggleButton(
            description=text[:40], tooltip=f"Show only {text}", layout=ipywidgets.Layout(width="auto")
        )

        def chosen(change: dict[str, Any]) -> None:
            if change["new"]:
                for chip in self.legend.children:
                    other = chip.children[1]
                    if other is not button:
                        other.value = False
                self._view.keep_kind(kind)
            elif not any(chip.children[1].value for chip in self.legend.children):
                self._view.keep_kind(None)

        button.observe(chosen, "value")
        dot = ipywidgets.HTML(f'<span style="color:{color};font-size:16px" aria-hidden="true">&#9679;</span>')
        return ipywidgets.HBox([dot, button], layout=ipywidgets.Layout(margin="0 10px 0 0"))

    def _scrolled(self, change: dict[str, Any]) -> None:
        if not self._quiet:
            self._view.scroll_to(self.scroll.max - int(change["new"]))
