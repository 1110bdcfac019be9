"""The timeline as a widget: zooming asks the kernel for the events of the stretch that is seen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from bokeh.events import RangesUpdate

from huntbook.compute.times import milliseconds, moment
from huntbook.errors import OptionError
from huntbook.figures.timeline import draw_timeline, padded
from huntbook.views.view import PlotView

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from huntbook.compute.events import Events, Window
    from huntbook.figures.lanes import LaneLook
    from huntbook.figures.timeline import Series

HINT = "Drag a box to select; brush the bar below, or Ctrl and the wheel, to zoom."


class TimeView(PlotView):
    """A picture over time that draws the stretch that is seen.

    Parameters
    ----------
    main
        The figure of which the range of time is watched.
    events
        What is drawn; their first and last time are all time.
    members
        As for `PlotView`.
    """

    def __init__(self, *, main: Any, events: Events, **members: Any) -> None:
        self._main = main
        self._events = events
        # Before the figure joins a document: Bokeh subscribes then.
        main.on_event(RangesUpdate, self._ranges_updated)
        super().__init__(**members)

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
        self._move(*padded(self._events.start, self._events.end))

    def _move(self, start: float, end: float) -> None:
        self._main.x_range.update(start=start, end=end)
        self._seen(start, end)

    def _ranges_updated(self, event: Any) -> None:
        if event.x0 is not None and event.x1 is not None and event.x1 > event.x0:
            self._seen(event.x0, event.x1)

    def _seen(self, start: float, end: float) -> None:
        self._show(int(np.floor(start * 1_000)), int(np.ceil(end * 1_000)))

    def _show(self, low: int, high: int) -> None:
        """Draw a stretch, in microseconds."""
        raise NotImplementedError


class TimelineView(TimeView):
    """A timeline; `PlotView` and `TimeView` have its members.

    Parameters
    ----------
    frame
        The rows that have a time, in the order of the series' events.
    series, overlay
        What to draw.
    look
        How to draw them.
    sentence
        What is shown, in words.
    """

    def __init__(
        self,
        frame: pd.DataFrame,
        *,
        series: Series,
        overlay: Series | None,
        look: LaneLook,
        sentence: str,
    ) -> None:
        self._window = series.events.window()
        self._drawn = draw_timeline(series, self._window, look, sentence=sentence, overlay=overlay)
        super().__init__(
            main=self._drawn.built.figure,
            events=series.events,
            figure=self._drawn.layout,
            sources=self._drawn.main.sources,
            frame=frame,
            summary=sentence,
            restyle=self._drawn.restyle,
        )

    @property
    def data(self) -> pd.DataFrame:
        """What is drawn: ``lane``, ``start``, ``end``, ``rows`` and ``kind`` (density, event or marked)."""
        return _data(self._events, self._window)

    def _show(self, low: int, high: int) -> None:
        window = self._events.window(low, high)
        if (window.start, window.end) == (self._window.start, self._window.end):
            return
        self._window = window
        self._drawn.main.show(window)
        if self._drawn.overlay is not None:
            self._drawn.overlay.show(self._drawn.overlay.series.events.window(low, high))
        self._gate.status = self._status()

    def _positions(self) -> NDArray[np.intp]:
        cells, singles, marked = self._indices()
        return np.union1d(
            self._events.in_cells(self._window, cells),
            np.concatenate([self._window.singles.positions[singles], self._window.marked.positions[marked]]),
        ).astype(np.intp)

    def _status(self) -> str:
        if any(self._indices()):
            rows = len(self._positions())
            return f"{rows:,} of {len(self._events):,} events selected; view.selected holds them."
        if self._window.rows == len(self._events):
            return HINT
        how = "each drawn" if len(self._window.cells) == 0 else "drawn as density"
        return f"In view: {self._window.rows:,} of {len(self._events):,} events, {how}. {HINT}"


def _data(events: Events, window: Window) -> pd.DataFrame:
    """Return what is drawn as a frame: ``lane``, ``start``, ``end``, ``rows``, and ``kind`` of mark."""
    labels = np.array(events.lanes.labels, dtype=object)
    cells = window.cells
    start = window.origin + cells["bin"].to_numpy() * window.width
    parts = [
        (
            labels[cells["lane"]],
            start,
            np.minimum(start + window.width, window.stop + 1),
            cells["rows"].to_numpy(),
            "density",
        )
    ]
    for marks, kind in ((window.singles, "event"), (window.marked, "marked")):
        parts.append((labels[marks.lanes], marks.times, marks.times, np.ones(len(marks), int), kind))
    return pd.concat(
        [
            pd.DataFrame(
                {
                    "lane": lane,
                    "start": pd.to_datetime(begin, unit="us", utc=True),
                    "end": pd.to_datetime(end, unit="us", utc=True),
                    "rows": rows,
                    "kind": kind,
                }
            )
            for lane, begin, end, rows, kind in parts
        ],
        ignore_index=True,
    )
