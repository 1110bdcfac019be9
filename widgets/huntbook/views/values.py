"""Numbers over time as a widget."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from huntbook.compute.selection import Clock, any_of, where_marks
from huntbook.figures.sentences import describe_rhythm
from huntbook.figures.theme import THEMES
from huntbook.figures.values import describe_values, draw_values
from huntbook.views.time_view import HINT, TimeView

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from huntbook.compute.conditions import Condition, DialectName
    from huntbook.compute.values import NumberSource
    from huntbook.figures.lanes import LaneLook


class ValuesView(TimeView):
    """Numbers over time; `PlotView` and `TimeView` have its members.

    Parameters
    ----------
    values
        The numbers.
    look, kinds, color
        How to draw them.
    """

    def __init__(
        self, values: NumberSource, *, look: LaneLook, kinds: Sequence[str], color: str | None
    ) -> None:
        self._series = values
        self._stretch: tuple[int | None, int | None] = (None, None)
        self._shown = values.drawn()
        self._in_view = len(values.events)
        self._marked = values.marks()
        profile = values.profile()
        self._rhythm = describe_rhythm(profile.rhythm, what="value")
        sentence = describe_values(values)
        self._drawn = drawn = draw_values(
            values,
            self._shown,
            self._marked,
            look,
            profile=profile,
            kinds=kinds,
            sentence=sentence,
            color=color,
        )
        super().__init__(
            drawn=drawn,
            every=[values.events],
            figure=self._drawn.layout,
            sources=[self._drawn.points, self._drawn.marked],
            frame=values.frame,
            summary=self._summary(sentence),
            restyle=self._drawn.restyle,
        )

    @property
    def data(self) -> pd.DataFrame:
        """What is drawn: ``time``, ``value`` and ``group``, a row a point."""
        labels = np.array(self._series.events.lanes.labels, dtype=object)
        return pd.DataFrame(
            {
                "time": pd.to_datetime(self._shown.times, unit="us", utc=True),
                "value": self._shown.numbers,
                "group": labels[self._shown.lanes],
            }
        )

    def _show(self, low: int, high: int) -> None:
        self._stretch = low, high
        shown = self._series.drawn(low, high)
        marked = self._series.marks(low, high)
        if np.array_equal(shown.times, self._shown.times) and np.array_equal(
            marked.times, self._marked.times
        ):
            return
        self._shown, self._marked = shown, marked
        self._in_view = self._series.events.count(low, high)
        self._drawn.show(shown, marked)
        self._gate.status = self._status()

    def _draw_arranged(self) -> None:
        self._shown, self._marked = self._series.drawn(*self._stretch), self._series.marks(*self._stretch)
        sentence = describe_values(self._series)
        self._drawn.arrange(self._shown, self._marked, sentence=sentence)
        self._drawn.restyle(THEMES[self.theme])
        self._describe(self._summary(sentence))

    def _summary(self, sentence: str) -> str:
        return f"{sentence}; {self._rhythm}" if self._rhythm else sentence

    def where(self, dialect: DialectName = "kql") -> str:
        """Return the selection as a filter by group, time and number; see `PlotView.where`."""
        Clock.of(self._series.frame, self._series.time_column).require(dialect)
        return super().where(dialect)

    def _condition(self) -> Condition:
        points, marked = self._indices()
        clock = Clock.of(self._series.frame, self._series.time_column)
        return any_of(
            [
                where_marks(marks.take(chosen), self._events.lanes, clock, number=self._series.column)
                for marks, chosen in ((self._shown, points), (self._marked, marked))
            ]
        )

    def _in_sight(self) -> tuple[int, int, int, int]:
        low, high = self._stretch
        start = self._events.start if low is None else max(low, self._events.start)
        end = self._events.end if high is None else min(high, self._events.end)
        return self._in_view, len(self._events), start, end

    def _positions(self) -> NDArray[np.intp]:
        points, marked = self._indices()
        chosen = self._shown.positions[points], self._marked.positions[marked]
        return np.union1d(*chosen).astype(np.intp)

    def _status(self) -> str:
        total = len(self._series.events)
        if any(self._indices()):
            rows = self._series.count_chosen(self._shown, self._marked, *self._indices())
            return f"{rows:,} of {total:,} values selected; view.selected holds them."
        outline = len(self._shown) < self._in_view
        how = "drawn by the lowest and the highest of each moment" if outline else "each drawn"
        return f"In view: {self._in_view:,} of {total:,} values, {how}. {HINT}"
