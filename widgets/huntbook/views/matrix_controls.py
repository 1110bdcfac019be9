"""The quiet row above a matrix: search in both sides, their orders and their pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ipywidgets

from huntbook.compute.labels import shorten

if TYPE_CHECKING:
    import pandas as pd

    from huntbook.compute.axes import Axis, Choice, Order
    from huntbook.compute.pairs import Pairs
    from huntbook.views.matrix import MatrixView

ORDERS: dict[str, Order] = {
    "most rows": "total",
    "fewest rows": "rarity",
    "similarity": "similarity",
    "name": "ascending",
    "name, backwards": "descending",
    "first seen": "appearance",
}
# Of what the search finds, so many are offered by name; all of it at once up to as many as fit.
_OFFERED, _LONGEST, _ALL = 5, 32, 50


class MatrixControls:
    """Widgets that call the view.

    Parameters
    ----------
    view
        The view to call.
    pairs, choices
        What it shows at first, and what was asked for.
    """

    def __init__(self, view: MatrixView, pairs: Pairs, choices: tuple[Choice, Choice]) -> None:
        self._view = view
        self._quiet = False
        self.text = ipywidgets.Text(
            placeholder="Search both sides",
            continuous_update=False,
            layout=ipywidgets.Layout(width="180px"),
        )
        self.text.observe(lambda change: self._search(change["new"]), "value")
        self.sides = (_SideControls(view, "x", "across"), _SideControls(view, "y", "down"))
        self.reset = _button("Reset", "What was shown at first")
        self.reset.on_click(lambda _: self._reset())
        self.found = ipywidgets.HBox([], layout=_row())
        bar = ipywidgets.HBox([self.text, *(side.box for side in self.sides), self.reset], layout=_row())
        bar.add_class("huntbook-controls")
        self.rows = (bar, self.found)
        self.show(pairs, choices)

    def show(self, pairs: Pairs, choices: tuple[Choice, Choice]) -> None:
        """Say which orders and pages are shown, and offer the pages that there are."""
        for side, axis, choice in zip(self.sides, (pairs.x, pairs.y), choices, strict=True):
            side.show(axis, choice)

    def _search(self, text: str) -> None:
        found = self._view.find(text)
        if not text:
            self.found.children = ()
            return
        offers = [self._offer(row) for row in found.head(_OFFERED).to_dict("records")]
        words = f"{len(found):,} found" if len(found) else "nothing found"
        if _OFFERED < len(found) <= _ALL:
            every = _button("Show all of them", "Give each of them a place")
            every.on_click(lambda _: self._pull(found))
            offers.append(every)
        elif len(found) > _ALL:
            words += f", the {_OFFERED} busiest"
        self.found.children = (ipywidgets.Label(words), *offers)

    def _offer(self, row: dict[Any, Any]) -> ipywidgets.Button:
        rows = f"{row['rows']:,} {'row' if row['rows'] == 1 else 'rows'}"
        place = "" if row["shown"] else ", not shown yet"
        side = "across" if row["axis"] == "x" else "down"
        button = _button(
            f"{shorten(row['label'], _LONGEST)} ({rows})",
            f"{row['label']}: {rows} {side}{place}. Show and select it.",
        )
        button.on_click(lambda _: self._view.show(**{row["axis"]: [row["value"]]}))
        return button

    def _pull(self, found: pd.DataFrame) -> None:
        across, down = (found["value"][found["axis"] == name].tolist() for name in "xy")
        self._view.show(x=across or None, y=down or None)

    def _reset(self) -> None:
        self.text.value = ""
        self._view.reset()


class _SideControls:
    """The order of one side, and its pages where it has several."""

    def __init__(self, view: MatrixView, name: str, words: str) -> None:
        self._quiet = False
        self._page = 0
        self.order = ipywidgets.Dropdown(
            options=list(ORDERS),
            description=f"{words.capitalize()} by",
            layout=ipywidgets.Layout(width="204px"),
        )
        # Below each other in a narrow cell, both lists begin at the same place.
        self.order.style.description_width = "64px"
        self.order.observe(lambda change: self._told(view, name, change["new"]), "value")
        self.before = _button("Previous", f"The categories before, {words}")
        self.after = _button("Next", f"The next categories, {words}")
        self.before.on_click(lambda _: view.show_page(**{name: self._page - 1}))
        self.after.on_click(lambda _: view.show_page(**{name: self._page + 1}))
        self.place = ipywidgets.Label("")
        self.pages = ipywidgets.HBox([self.before, self.place, self.after], layout=_row())
        # One box: a narrow cell breaks the row between the sides, not between a list and its pages.
        self.box = ipywidgets.HBox([self.order, self.pages], layout=_row())
        self.box.add_class("huntbook-side")

    def show(self, axis: Axis, choice: Choice) -> None:
        """Say what is shown."""
        self._quiet = True
        self.order.value = next(words for words, order in ORDERS.items() if order == choice.order)
        self._quiet = False
        self._page = axis.page
        self.place.value = f"page {axis.page + 1:,} of {axis.pages:,}"
        self.before.disabled, self.after.disabled = axis.page == 0, axis.page + 1 == axis.pages
        self.pages.layout.display = None if axis.pages > 1 else "none"

    def _told(self, view: MatrixView, name: str, words: str) -> None:
        if not self._quiet:
            view.sort(**{name: ORDERS[words]})


def _button(text: str, tooltip: str) -> ipywidgets.Button:
    return ipywidgets.Button(description=text, tooltip=tooltip, layout=ipywidgets.Layout(width="auto"))


def _row() -> ipywidgets.Layout:
    return ipywidgets.Layout(flex_flow="row wrap", align_items="center")
