"""What pictures over time have in common as widgets: zoom, and lanes that are sorted, searched and paged."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from huntbook.compute.lanes import lane_order
from huntbook.compute.times import milliseconds, moment, stretch
from huntbook.errors import OptionError
from huntbook.figures.timeline import padded
from huntbook.views.lane_controls import LaneControls
from huntbook.views.pace import Pace
from huntbook.views.view import PlotView

if TYPE_CHECKING:
    from collections.abc import Sequence

    from huntbook.compute.events import Events
    from huntbook.figures.timeline import TimelineFigure
    from huntbook.figures.values import ValuesFigure

HINT = "Drag a box to select; brush the bar below, or Ctrl and the wheel, to zoom."


class TimeView(PlotView):
    """A picture over time that draws the stretch that is seen.

    Parameters
    ----------
    drawn
        The picture; the range of time of its figure is watched.
    every
        What is drawn; the groups of the first, if it has any, can be sorted, searched and paged.
    members
        As for `PlotView`.
    """

    def __init__(
        self, *, drawn: TimelineFigure | ValuesFigure, every: Sequence[Events], **members: Any
    ) -> None:
        self._whole = drawn
        self._main: Any = drawn.built.figure
        self._every = list(every)
        self._events = self._every[0]
        self._asked = self._answered = (0.0, 0.0)
        self._pace = Pace(self._answer)
        for edge in ("start", "end"):
            self._main.x_range.on_change(edge, self._moved)
        super().__init__(**members)
        self._gate.on_drawn = self._pace.drawn
        self._controls: LaneControls | None = None
        if self._events.lanes.distinct > 1:
            self._controls = LaneControls(self, self._events.lanes)
            self.children = (self._controls.bar, self._gate)

    def sort(self, by: str | bool | None) -> None:  # noqa: FBT001 - the words of the option `sort`
        """Put the lanes into another order, and show the first of them.

        Parameters
        ----------
        by
            As the option `sort` of `huntbook.plot.timeline`.

        Examples
        --------
        >>> from huntbook import plot, samples
        >>> view = plot.timeline(samples.network_flows(rows=1_000), group_by="Protocol")
        >>> view.sort("rarity")
        >>> view.lanes["group"].tolist()
        ['UDP', 'TCP']
        """
        self._arrange(order=lane_order(by), page=0)

    def search(self, text: str) -> int:
        """Give lanes only to groups with a text in their name, in any case; all others share the last lane.

        Parameters
        ----------
        text
            The text; empty for all groups.

        Returns
        -------
        int
            How many groups were found.

        Examples
        --------
        >>> from huntbook import plot, samples
        >>> view = plot.timeline(samples.network_flows(rows=1_000), group_by="Protocol")
        >>> view.search("ud")
        1
        """
        self._arrange(search=text, page=0)
        return self._events.lanes.found

    @property
    def page(self) -> int:
        """Which page of lanes is shown, from 0; of `pages`."""
        return self._events.lanes.arrangement.page

    @property
    def pages(self) -> int:
        """How many pages of lanes there are."""
        return self._events.lanes.pages

    def show_page(self, number: int) -> None:
        """Show another page of lanes: the next `max_groups` groups in the order; the nearest that exists."""
        self._arrange(page=number)

    @property
    def lanes(self) -> pd.DataFrame:
        """The lanes from the top: ``group`` and ``rows``; the last is all others, if there are any."""
        lanes = self._events.lanes
        return pd.DataFrame({"group": lanes.labels, "rows": lanes.totals})

    def zoom(self, start: Any, end: Any) -> None:
        """Show the time from `start` to `end`, as the mouse does.

        Parameters
        ----------
        start, end
            Anything that pandas reads as a time; without a zone it is UTC.

        Raises
        ------
        OptionError
            If `end` is not after `start`.
        DataError
            If one of them is no time.

        Examples
        --------
        >>> from huntbook import plot, samples
        >>> view = plot.timeline(samples.network_flows(rows=1_000), group_by="Protocol")
        >>> view.zoom("2024-03-11 01:00", "2024-03-11 05:00")
        """
        low, high = moment(start, option="start"), moment(end, option="end")
        if high <= low:
            raise OptionError(f"end={end!r} is not after start={start!r}. Give the later time as end.")
        self._move(float(milliseconds(low)), float(milliseconds(high)))

    def show_all(self) -> None:
        """Show all time again."""
        start, end = min(each.start for each in self._every), max(each.end for each in self._every)
        self._move(*padded(start, end))

    def _snapshot(self) -> str:
        rows, total, start, end = self._in_sight()
        return (
            f"A snapshot of {rows:,} of {total:,} rows, {stretch(start, end)}, with no kernel behind it: "
            "zooming in draws no further rows."
        )

    def _in_sight(self) -> tuple[int, int, int, int]:
        """Return how many rows are in view, how many there are, and the stretch."""
        raise NotImplementedError

    def _move(self, start: float, end: float) -> None:
        with self._picture.together():
            self._main.x_range.update(start=start, end=end)
            self._seen(start, end)

    def _fit(self, cell: int) -> None:
        with self._picture.together():
            self._whole.fit(cell)

    def _moved(self, _attribute: str, _old: Any, _new: Any) -> None:
        """Answer a hand that turns the wheel or drags; code that moves the range answers itself."""
        seen = self._main.x_range
        if seen.end > seen.start:
            self._asked = seen.start, seen.end
            self._pace.ask()

    def _answer(self) -> bool:
        if self._asked == self._answered:
            return False
        self._seen(*self._asked)
        self._gate.send({"kind": "answer"})
        return True

    def _seen(self, start: float, end: float) -> None:
        self._asked = self._answered = start, end
        with self._picture.together():
            self._show(int(np.floor(start * 1_000)), int(np.ceil(end * 1_000)))

    def _arrange(self, **changes: Any) -> None:
        lanes = self._events.lanes
        self._events.arrange(replace(lanes.arrangement, **changes))
        with self._picture.together():
            self._draw_arranged()
        if self._controls is not None:
            self._controls.show(self._events.lanes)
        self._selection_gone()

    def _show(self, low: int, high: int) -> None:
        """Draw a stretch, in microseconds."""
        raise NotImplementedError

    def _draw_arranged(self) -> None:
        """Draw the lanes as they are arranged now."""
        raise NotImplementedError
