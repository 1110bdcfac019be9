"""The quiet row above a timeline: search, order and page of its lanes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ipywidgets

from huntbook.compute.labels import shorten

if TYPE_CHECKING:
    from huntbook.compute.lanes import LaneOrder, Lanes
    from huntbook.views.time_view import TimeView

ORDERS: dict[str, LaneOrder] = {
    "most events": "total",
    "fewest events": "rarity",
    "name": "ascending",
    "name, backwards": "descending",
    "first seen": "first",
    "last seen": "last",
}


# So much of a column's name is read in the search field.
_LONGEST = 20


class LaneControls:
    """Widgets that call the view.

    Parameters
    ----------
    view
        The view to call.
    lanes
        Its lanes from the start.
    """

    def __init__(self, view: TimeView, lanes: Lanes) -> None:
        self._quiet = False
        fits = ipywidgets.Layout(width="auto")
        self.text = ipywidgets.Text(
            placeholder=f"Search {shorten(lanes.column, _LONGEST)}",
            continuous_update=False,
            layout=ipywidgets.Layout(width="220px"),
        )
        self.order = ipywidgets.Dropdown(
            options=list(ORDERS), description="Order by", layout=ipywidgets.Layout(width="220px")
        )
        self.order.style.description_width = "initial"
        self.before = ipywidgets.Button(description="Previous", layout=fits, tooltip="The groups before")
        self.after = ipywidgets.Button(description="Next", layout=fits, tooltip="The next groups")
        self.place = ipywidgets.Label("")
        self.text.observe(lambda change: self._told(view.search, change["new"]), "value")
        self.order.observe(lambda change: self._told(view.sort, ORDERS[change["new"]]), "value")
        self.before.on_click(lambda _: view.show_page(view.page - 1))
        self.after.on_click(lambda _: view.show_page(view.page + 1))
        pages = ipywidgets.HBox(
            [self.before, self.place, self.after], layout=ipywidgets.Layout(align_items="center")
        )
        self.bar = ipywidgets.HBox(
            [self.text, self.order, pages],
            layout=ipywidgets.Layout(flex_flow="row wrap", align_items="center"),
        )
        self.bar.add_class("huntbook-controls")
        self.show(lanes)

    def show(self, lanes: Lanes) -> None:
        """Say which lanes are shown, and offer the pages that there are."""
        arrangement = lanes.arrangement
        self._quiet = True
        self.text.value = arrangement.search
        self.order.value = next(words for words, order in ORDERS.items() if order == arrangement.order)
        self._quiet = False
        first = arrangement.page * arrangement.size
        last = min(first + arrangement.size, lanes.found)
        self.place.value = f"{first + 1:,} to {last:,} of {lanes.found:,}"
        if lanes.pages == 1:
            counts = {0: "nothing found", 1: "1 group"}
            self.place.value = counts.get(lanes.found, f"{lanes.found:,} groups")
        self.before.disabled, self.after.disabled = first == 0, last == lanes.found
        for button in (self.before, self.after):
            button.layout.display = None if lanes.pages > 1 else "none"

    def _told(self, act: Any, value: str) -> None:
        if not self._quiet:
            act(value)
