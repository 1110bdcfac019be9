"""The timeline as a widget: zooming asks the kernel for the events of the stretch that is seen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from huntbook.compute.conditions import write
from huntbook.compute.profile import profile_events
from huntbook.compute.selection import Clock, any_of, where_cells, where_marks
from huntbook.errors import OptionError
from huntbook.figures.sentences import describe_rhythm, describe_timelines
from huntbook.figures.timeline import draw_timeline
from huntbook.views.time_view import HINT, TimeView

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from huntbook.compute.conditions import Condition, DialectName
    from huntbook.compute.events import Events
    from huntbook.compute.timeline import Timeline
    from huntbook.compute.window import Window
    from huntbook.figures.lanes import LaneLook
    from huntbook.figures.timeline import Series


class TimelineView(TimeView):
    """A timeline; `PlotView` and `TimeView` have its members.

    Parameters
    ----------
    timelines
        The events of each series.
    every
        How to draw each series.
    look
        How to draw the picture.
    overlay
        Whether the last series is laid over the others.
    """

    def __init__(
        self, timelines: Sequence[Timeline], every: Sequence[Series], look: LaneLook, *, overlay: bool
    ) -> None:
        self._timelines = list(timelines)
        self._overlay = overlay
        self._windows = [series.events.window() for series in every]
        profile = profile_events([series.events for series in every])
        self._rhythm = describe_rhythm(profile.rhythm)
        sentence = describe_timelines(timelines, overlay=overlay)
        self._drawn = drawn = draw_timeline(every, self._windows, look, sentence=sentence, profile=profile)
        super().__init__(
            drawn=drawn,
            every=[series.events for series in every],
            figure=self._drawn.layout,
            sources=[source for layers in self._drawn.layers for source in layers.sources],
            frame=timelines[0].frame,
            summary=self._summary(sentence),
            restyle=self._drawn.restyle,
        )

    @property
    def data(self) -> pd.DataFrame:
        """What is drawn: ``lane``, ``start``, ``end``, ``rows`` and ``kind`` (density, event or marked)."""
        parts = [_data(each, window) for each, window in zip(self._every, self._windows, strict=True)]
        return pd.concat(parts, ignore_index=True)

    @property
    def selected_overlay(self) -> Any:
        """The rows of `overlay_data` behind the selected marks."""
        if not self._overlay:
            raise OptionError("This timeline has no overlay. Draw it with overlay_data=<frame>.")
        return self._rows_of(len(self._timelines) - 1)

    def where(self, dialect: DialectName = "kql", *, series: str | None = None) -> str:
        """Return the selection as a filter, to go on with where the data lies.

        Rows at the same time in the same lane are one place in the picture, and come together.

        Parameters
        ----------
        dialect
            ``kql`` (a ``where`` line), ``sql`` (what stands after WHERE) or ``pandas`` (for
            `DataFrame.query`).
        series
            Of several series the one whose rows are meant; ``overlay`` is that of `overlay_data`.

        Raises
        ------
        OptionError
            An unknown dialect or series, or a column's name that the dialect can't express.

        Examples
        --------
        >>> from huntbook import plot, samples
        >>> view = plot.timeline(samples.network_flows(rows=1_000), group_by="Protocol")
        >>> view.where("sql")  # nothing is selected
        '1 = 0'
        """
        at = self._series_at(series)
        timeline = self._timelines[at]
        Clock.of(timeline.frame, timeline.time_column).require(dialect)
        return write(self._condition_of(at), dialect)

    def _selected_rows(self) -> Any:
        main = len(self._timelines) - self._overlay
        if main == 1:
            return super()._selected_rows()
        return {self._timelines[at].name: self._rows_of(at) for at in range(main)}

    def _rows_of(self, series: int) -> Any:
        frame = self._timelines[series].frame
        return self._rows_in(frame, lambda: self._positions_of(series), lambda: self._condition_of(series))

    def _summary(self, sentence: str) -> str:
        return f"{sentence}; {self._rhythm}" if self._rhythm else sentence

    def _show(self, low: int, high: int) -> None:
        windows = [events.window(low, high) for events in self._every]
        if all(
            (new.start, new.end) == (old.start, old.end)
            for new, old in zip(windows, self._windows, strict=True)
        ):
            return
        self._windows = windows
        for layers, window in zip(self._drawn.layers, windows, strict=True):
            layers.show(window)
        self._gate.status = self._status()

    def _draw_arranged(self) -> None:
        seen = self._windows[0]
        self._windows[0] = self._events.window(seen.start, seen.end)
        sentence = describe_timelines(self._timelines, overlay=self._overlay)
        self._drawn.arrange(self._windows, sentence=sentence)
        self._describe(self._summary(sentence))

    def _series_at(self, name: str | None) -> int:
        names = [each.name for each in self._timelines]
        if name is None and len(names) - self._overlay > 1:
            raise OptionError(f"series=None: there are several. Give one of {', '.join(map(repr, names))}.")
        if name is not None and name not in names:
            raise OptionError.unknown(name, option="series", known=names)
        return 0 if name is None else names.index(name)

    def _condition(self) -> Condition:
        return self._condition_of(0)

    def _condition_of(self, series: int) -> Condition:
        cells, singles, marked = self._indices()[3 * series : 3 * series + 3]
        timeline, window = self._timelines[series], self._windows[series]
        lanes, clock = timeline.events.lanes, Clock.of(timeline.frame, timeline.time_column)
        return any_of(
            [
                where_cells(window, cells, lanes, clock),
                where_marks(window.singles.take(singles), lanes, clock),
                where_marks(window.marked.take(marked), lanes, clock),
            ]
        )

    def _positions(self) -> NDArray[np.intp]:
        return self._positions_of(0)

    def _positions_of(self, series: int) -> NDArray[np.intp]:
        return self._every[series].chosen(self._windows[series], *self._chosen_of(series))

    def _chosen_of(self, series: int) -> list[list[int]]:
        """Return the selected cells, singles and marked events of a series."""
        return self._indices()[3 * series : 3 * series + 3]

    def _in_sight(self) -> tuple[int, int, int, int]:
        windows = self._windows
        start, end = min(each.start for each in windows), max(each.end for each in windows)
        return sum(each.rows for each in windows), sum(map(len, self._every)), start, end

    def _status(self) -> str:
        total = sum(len(events) for events in self._every)
        if any(self._indices()):
            rows = [
                events.count_chosen(window, *self._chosen_of(at))
                for at, (events, window) in enumerate(zip(self._every, self._windows, strict=True))
            ]
            where = "view.selected holds them"
            if self._overlay and rows[-1]:
                where = "view.selected and view.selected_overlay hold them"
            return f"{sum(rows):,} of {total:,} events selected; {where}."
        inside = sum(window.rows for window in self._windows)
        if inside == total:
            return HINT
        how = "drawn as density" if any(len(window.cells) for window in self._windows) else "each drawn"
        return f"In view: {inside:,} of {total:,} events, {how}. {HINT}"


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
