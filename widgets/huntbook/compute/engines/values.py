"""Numbers over time from an engine: each where they are few, else the lowest and the highest of every bin."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import narwhals as nw
import pandas as pd

from huntbook.compute.engines.events import EngineEvents
from huntbook.compute.engines.groups import NUMBER, TIME, read_engine_groups
from huntbook.compute.engines.keys import only
from huntbook.compute.engines.table import PREFIX
from huntbook.compute.engines.timeline import engine_rows
from huntbook.compute.events import BUCKETS, BUDGET
from huntbook.compute.lanes import Arrangement
from huntbook.compute.profile import BINS, Profile
from huntbook.compute.rhythm import find_rhythm
from huntbook.compute.timeline import DEFAULT_TIME
from huntbook.compute.values import BEYOND, FEWEST_BINS, no_values

if TYPE_CHECKING:
    from collections.abc import Sequence

    from huntbook.compute.engines.table import Table
    from huntbook.compute.lanes import LaneOrder
    from huntbook.compute.window import Marks

_EXTREME = f"{PREFIX}extreme"


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineValues:
    """Numbers over time in an engine; `huntbook.compute.values.Values` has its members."""

    frame: Table
    column: str
    time_column: str
    events: EngineEvents
    skipped: int

    @property
    def extremes(self) -> tuple[float, float]:
        """The lowest and the highest number."""
        return self.events.totals.lowest, self.events.totals.highest

    def profile(self) -> Profile:
        """Return the lowest and the highest number of each moment over all time."""
        starts, counts = self.events.overview(BINS)
        counted = self.events.by_bucket
        bins = counted["bin"] // -(-BUCKETS // BINS)
        edges = (
            counted.groupby(bins).agg(low=("low", "min"), high=("high", "max")).reindex(range(len(starts)))
        )
        return Profile(
            starts=starts,
            low=edges["low"].to_numpy(),
            high=edges["high"].to_numpy(),
            rhythm=find_rhythm(starts, counts),
        )

    def marks(self, start: int | None = None, end: int | None = None) -> Marks:
        """Return the flagged and the rare rows of a stretch of time."""
        low = self.events.start if start is None else start
        return self.events.marked_between(low, self.events.end if end is None else end)

    def drawn(self, start: int | None = None, end: int | None = None) -> Marks:
        """Return the rows to draw of a stretch of time, in order of time.

        All rows where they are few; else, of each group and bin, the first with the lowest and with the highest number.
        """
        events = self.events
        low = events.start if start is None else start
        high = events.end if end is None else end
        beyond = int((high - low) * BEYOND)
        low, high = max(low - beyond, events.start), min(high + beyond, events.end)
        if events.count(low, high) <= BUDGET:
            return events.fetch(events.touching(low, high)) if high >= low else events.none()
        return self._outline(low, high)

    def count_chosen(
        self, drawn: Marks, marked: Marks, points: Sequence[int], triangles: Sequence[int]
    ) -> int:
        """Count what is drawn and marked at the places chosen, each once."""
        return len(
            {
                (marks.times[at], marks.lanes[at], marks.numbers[at])
                for marks, chosen in ((drawn, points), (marked, triangles))
                if marks.numbers is not None
                for at in chosen
            }
        )

    def _outline(self, low: int, high: int) -> Marks:
        events = self.events
        bins = max(FEWEST_BINS, BUDGET // (2 * len(events.lanes)))
        width = max(1, -(-(high - low + 1) // bins))
        inside = events.touching(low, high)
        number = nw.col(NUMBER)
        found = events.counts(inside, low, width, asked={"low": number.min(), "high": number.max()})
        found["lane"] = events.lanes_of(found["group"].to_numpy())
        ends = found.groupby(["lane", "bin"]).agg(low=("low", "min"), high=("high", "max")).reset_index()
        # Which rows these are: the first of each group and bin with such a number.
        extremes = sorted({*ends["low"], *ends["high"]})
        known = only(events.rows.table, events.rows.base, NUMBER, extremes, name=_EXTREME)
        first = events.counts(
            inside & ~nw.col(_EXTREME).is_null(),
            low,
            width,
            also_by=[NUMBER],
            asked={"time": nw.col(TIME).min()},
            of=known,
        )
        first["lane"] = events.lanes_of(first["group"].to_numpy())
        times = first.groupby(["lane", "bin", NUMBER])["time"].min().reset_index()
        drawn = pd.concat(
            ends[["lane", "bin", end]].rename(columns={end: NUMBER}).merge(times, on=["lane", "bin", NUMBER])
            for end in ("low", "high")
        )
        drawn = drawn.drop_duplicates().sort_values("time")
        return events.stand_ins(*(drawn[name].to_numpy() for name in ("time", "lane", NUMBER)))


def prepare_engine_values(
    table: Table,
    *,
    value_column: str,
    time_column: str = DEFAULT_TIME,
    source_columns: Sequence[str] | None = None,
    group_by: str | Sequence[str] | None = None,
    order: LaneOrder = "total",
    max_groups: int = 8,
    flag: Any = None,
) -> EngineValues:
    """Ask an engine for what `huntbook.compute.values.prepare_values` reads from a pandas frame.

    Raises
    ------
    DataError
        If a column is missing or not what it is used as, or no row has a time and a finite number.
    OptionError
        If `flag` can't be used in an engine.
    """
    rows, columns = engine_rows(
        table,
        time_column=time_column,
        source_columns=source_columns,
        group_by=group_by,
        flag=flag,
        value_column=value_column,
    )
    groups, totals = read_engine_groups(table, rows.base, columns)
    if not totals.rows:
        raise no_values(time_column, value_column, rows=totals.without_time)
    events = EngineEvents(rows, groups, totals, Arrangement(order=order, size=max_groups))
    return EngineValues(
        frame=table, column=value_column, time_column=time_column, events=events, skipped=totals.without_time
    )
