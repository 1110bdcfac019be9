"""Events in lanes over time, counted in an engine.

A first query counts by group, a second by lane and bucket of time. What is wide is answered from the buckets in
memory; what is narrow, and single events, by a small query of its own.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import narwhals as nw
import numpy as np
import pandas as pd

from huntbook.compute.engines.groups import END, FLAG, KEY, NUMBER, ROWS, SIZE, TIME, fewest_rows
from huntbook.compute.engines.keys import among, only
from huntbook.compute.engines.table import PREFIX, cells, whole_numbers
from huntbook.compute.events import BUCKETS, BUDGET, MOST_RARE, RARE, Events
from huntbook.compute.lanes import arrange
from huntbook.compute.sizes import LARGEST_MARK, diameters
from huntbook.compute.window import Marks, Window, no_cells, sparse

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

    from huntbook.compute.engines.groups import EngineGroups, Totals
    from huntbook.compute.engines.table import Table
    from huntbook.compute.lanes import Arrangement

_BIN, _SHOWN, _REST, _RARE = (f"{PREFIX}{name}" for name in ("bin", "shown", "rest", "rare"))
# With at most this many groups the buckets are kept by group, so that another page of lanes asks nothing.
_KEPT_GROUPS = 250
_TOO_MANY = "zoom in to see"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """An engine's rows, ready to be counted.

    Parameters
    ----------
    table
        The frame.
    base
        Its rows with `TIME`, `KEY` and, where asked for, `END`, `FLAG`, `SIZE` and `NUMBER`.
    within
        From two moments to the condition that a row began between them, both included.
    details
        The columns that tooltips show.
    """

    table: Table
    base: nw.LazyFrame[Any]
    within: Callable[[int, int], nw.Expr]
    details: tuple[str, ...]


class EngineEvents(Events):
    """Rows of an engine with a time and a lane; `Events` has its members.

    Parameters
    ----------
    rows
        The rows.
    groups, totals
        Their groups, and what is known of all of them.
    arrangement
        Which groups have a lane of their own.
    """

    def __init__(self, rows: Rows, groups: EngineGroups, totals: Totals, arrangement: Arrangement) -> None:
        self.rows = rows
        self.groups: EngineGroups = groups
        self.totals = totals
        self.start, self.end = totals.start, totals.end
        self._last_start = totals.last_start
        self._width = max(1, -(-(self._last_start - self.start + 1) // BUCKETS))
        schema = set(rows.base.collect_schema().names())
        self.spans, self._sized, self._numbered = END in schema, SIZE in schema, NUMBER in schema
        self._flags = FLAG in schema
        self.arrange(arrangement)

    def __len__(self) -> int:
        return self.totals.rows

    def arrange(self, arrangement: Arrangement) -> None:
        """Put the events into the lanes of another arrangement."""
        self.lanes, self._place = arrange(self.groups, np.empty(0, dtype=np.int64), arrangement)
        self.__dict__.pop("_cumulative", None)

    @property
    def flagged_total(self) -> int:
        """How many events are flagged."""
        return self.totals.flagged

    @cached_property
    def _rare(self) -> tuple[list[Any], int]:
        """The keys of the rare groups, and how many events they have."""
        if len(self) <= BUDGET:
            return [], 0
        literals, rows = self.groups.literals, self.groups.totals
        if self.groups.distinct > len(rows):
            literals, rows = fewest_rows(self.rows.table, self.rows.base, below=RARE, most=MOST_RARE)
        fitting = [limit for limit in range(1, RARE + 1) if rows[rows <= limit].sum() <= MOST_RARE]
        chosen = np.flatnonzero(rows <= max(fitting, default=0))
        return [literals[at] for at in chosen], int(rows[chosen].sum())

    @property
    def rare_total(self) -> int:
        """How many events are rare."""
        return self._rare[1]

    def window(self, start: int | None = None, end: int | None = None) -> Window:
        """Return what to draw of the time from `start` to `end`, in microseconds; the default is all."""
        low = self.start if start is None else start
        high = self.end if end is None else end
        marked = self.marked_between(low, high)
        low, high = max(low, self.start), min(high, self.end)
        rows = self.count(low, high)
        if rows <= BUDGET:
            counts, origin, width, stop = no_cells(), low, 1, high
            singles = self._unmarked(self.touching(low, high)) if rows else self.none()
        else:
            counts, origin, width, stop = self._cells(low, high)
            singles = self.none()
        return Window(
            start=low,
            end=high,
            rows=rows,
            cells=counts,
            origin=origin,
            width=width,
            stop=stop,
            singles=singles,
            marked=marked,
        )

    def count(self, low: int, high: int) -> int:
        """Count the events from `low` to `high`, exactly."""
        low, high = max(low, self.start), min(high, self.end)
        if high < low:
            return 0
        if low == self.start and high == self.end:
            return len(self)
        first, last = self._bucket(low), self._bucket(high)
        if self.spans or last - first < 2:  # noqa: PLR2004 - no whole bucket between
            return self._counted(self.touching(low, high))
        whole = int(self._bucket_starts[last] - self._bucket_starts[first + 1])
        left = self.rows.within(low, self.start + (first + 1) * self._width - 1)
        return whole + self._counted(left | self.rows.within(self.start + last * self._width, high))

    def touching(self, low: int, high: int) -> nw.Expr:
        """Return the condition that an event is in view of a stretch."""
        if self.spans:
            return (nw.col(TIME) <= high) & (nw.col(END) >= low)
        return self.rows.within(low, high)

    def marked_between(self, low: int, high: int) -> Marks:
        """Return the flagged and the rare events of a stretch; of too many, the first of each lane and bin."""
        total = self.flagged_total + self.rare_total
        if not total:
            return self.none()
        if total <= BUDGET:
            # So few are fetched once.
            marks, groups = self._marked_rows
            marks = replace(marks, lanes=self.lanes_of(groups))
            ends = marks.times if marks.ends is None else marks.ends
            return marks.take(np.flatnonzero((marks.times <= high) & (ends >= low)))
        inside = self.touching(low, high)
        width = max(1, -(-(high - low + 1) // self._bins))
        asked = {"first": nw.col(TIME).min()}
        if self._numbered:
            asked["number"] = nw.col(NUMBER).max()
        first = self.counts(inside, low, width, asked=asked, of=self._marked)
        if first["rows"].sum() <= BUDGET:
            return self._fetched(inside, of=self._marked)[0]
        numbers = first["number"].to_numpy() if self._numbered else None
        return self.stand_ins(first["first"].to_numpy(), self.lanes_of(first["group"].to_numpy()), numbers)

    def count_chosen(
        self, window: Window, cells: Sequence[int], singles: Sequence[int], marked: Sequence[int]
    ) -> int:
        """Count the events behind the given rows of the cells, the singles and the marked of a window."""
        counted = window.cells.iloc[list(cells)]
        inside = set(zip(counted["lane"], counted["bin"], strict=True))
        bins = (window.marked.times[list(marked)] - window.origin) // window.width
        places = zip(window.marked.lanes[list(marked)], bins, strict=True)
        return int(counted["rows"].sum()) + len(singles) + sum(place not in inside for place in places)

    def _unmarked(self, condition: nw.Expr) -> Marks:
        if self.flagged_total or self.rare_total:
            rare = among(self.rows.table, KEY, self._rare[0])
            condition &= ~((nw.col(FLAG) > 0) | rare if self._flags else rare)
        return self.fetch(condition)

    def fetch(self, condition: nw.Expr) -> Marks:
        """Return what is drawn of the events that fulfil a condition, in order of time."""
        return self._fetched(condition)[0]

    def none(self) -> Marks:
        """Return no events."""
        nothing = np.empty(0)
        return Marks(
            times=nothing.astype(np.int64),
            lanes=nothing.astype(np.uint16),
            ends=nothing.astype(np.int64) if self.spans else None,
            sizes=nothing.astype(np.float32) if self._sized else None,
            numbers=nothing if self._numbered else None,
            details=pd.DataFrame(columns=list(self.rows.details), dtype=object),
            positions=nothing.astype(np.intp),
        )

    def extents(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the first start and the last end of each lane."""
        unused = np.empty(0, dtype=np.int64)
        first = np.full(len(self.lanes), self.end)
        last = np.full(len(self.lanes), self.start)
        np.minimum.at(first, self._place, self.groups.edges(unused, last=False))
        ends = self.groups.edges(unused, last=True) if self.groups.ends is None else self.groups.ends
        np.maximum.at(last, self._place, ends)
        return first, last

    def lanes_of(self, groups: NDArray[np.intp]) -> NDArray[np.uint16]:
        """Return the lane of each of some groups; -1 is any group that is not known."""
        place = np.append(self._place, len(self.lanes.keys))
        return place[groups].astype(np.uint16)

    def counts(
        self,
        condition: nw.Expr | None,
        origin: int,
        width: int,
        *,
        also_by: Sequence[str] = (),
        asked: Mapping[str, nw.Expr] | None = None,
        of: nw.LazyFrame[Any] | None = None,
    ) -> pd.DataFrame:
        """Count events by group and bin of time, in the engine.

        Parameters
        ----------
        condition
            Which events; None for all.
        origin, width
            Bin n covers `width` microseconds from ``origin + n * width``.
        also_by
            Further columns to count by.
        asked
            What else to say of each group and bin: aggregates of `TIME` and `NUMBER`, by their names.
        of
            The rows to choose from; None for all.

        Returns
        -------
        pandas.DataFrame
            ``group`` (-1 for all groups that have no lane of their own, where they are very many), ``bin``, ``rows``,
            and what was asked for.
        """
        rows = self._timed(condition, of)
        columns = {_SHOWN: nw.col(KEY), _BIN: (nw.col(TIME) - origin) // width}
        if self._many_groups:
            literals = [self.groups.literals[at] for at in self._chosen]
            rows = only(self.rows.table, rows, KEY, literals, name=_SHOWN)
            rest = nw.col(_SHOWN).is_null() & ~nw.col(KEY).is_null()
            columns |= {_SHOWN: nw.col(_SHOWN), _REST: rest.cast(nw.Int64)}
        used = [*also_by, *([TIME] if asked else []), *([NUMBER] if self._numbered and asked else [])]
        binned = rows.select(*(value.alias(name) for name, value in columns.items()), *dict.fromkeys(used))
        sums = [nw.len().alias(ROWS), *(value.alias(name) for name, value in (asked or {}).items())]
        answer = self.rows.table.fetch(binned.group_by(*columns, *also_by).agg(*sums))
        groups = self.groups.codes_of(cells(answer, _SHOWN))
        if self._many_groups:
            groups = np.where(whole_numbers(answer, _REST) > 0, -1, groups)
        found = {"group": groups, "bin": whole_numbers(answer, _BIN), "rows": whole_numbers(answer, ROWS)}
        for name in (*also_by, *(asked or ())):
            found[name] = np.asarray(answer.get_column(name).to_numpy())
        return pd.DataFrame(found)

    @property
    def _many_groups(self) -> bool:
        return self.groups.distinct > _KEPT_GROUPS

    @property
    def _chosen(self) -> NDArray[np.intp]:
        """The groups that have a lane of their own, in order of the lanes."""
        own = np.flatnonzero(self._place < len(self.lanes.keys))
        return own[np.argsort(self._place[own])]

    @cached_property
    def by_bucket(self) -> pd.DataFrame:
        """All events by group and bucket, as `counts` returns them; with numbers their ``low`` and ``high`` too."""
        number = nw.col(NUMBER)
        asked = {"low": number.min(), "high": number.max()} if self._numbered else None
        return self.counts(None, self.start, self._width, asked=asked)

    @cached_property
    def _cumulative(self) -> NDArray[np.int64]:
        """By lane, the number of events before each bucket."""
        if self._many_groups:
            self.__dict__.pop("by_bucket", None)
        counted = self.by_bucket
        counts = np.zeros((len(self.lanes), BUCKETS), dtype=np.int64)
        lanes = self.lanes_of(counted["group"].to_numpy())
        np.add.at(counts, (lanes, counted["bin"].to_numpy()), counted["rows"].to_numpy())
        return np.pad(np.cumsum(counts, axis=1), ((0, 0), (1, 0)))

    def _fine_cells(self, low: int, high: int, width: int) -> pd.DataFrame:
        counted = self.counts(self.rows.within(low, high), low, width)
        counts = np.zeros((len(self.lanes), self._bins), dtype=np.int64)
        lanes = self.lanes_of(counted["group"].to_numpy())
        np.add.at(counts, (lanes, counted["bin"].to_numpy()), counted["rows"].to_numpy())
        return sparse(counts)

    def _counted(self, condition: nw.Expr) -> int:
        rows = self._timed(condition).select(nw.len().alias(ROWS))
        return int(whole_numbers(self.rows.table.fetch(rows), ROWS)[0])

    def _timed(self, condition: nw.Expr | None, of: nw.LazyFrame[Any] | None = None) -> nw.LazyFrame[Any]:
        """Return the rows that have a time and fulfil a condition."""
        present = ~nw.col(TIME).is_null()
        rows = self.rows.base if of is None else of
        return rows.filter(present if condition is None else present & condition)

    @cached_property
    def _marked(self) -> nw.LazyFrame[Any]:
        """The flagged and the rare events alone."""
        literals = self._rare[0]
        rows = only(self.rows.table, self.rows.base, KEY, literals, name=_RARE)
        marked = ~nw.col(_RARE).is_null()
        if None in literals:
            marked |= nw.col(KEY).is_null()
        if self._flags:
            marked |= nw.col(FLAG) > 0
        return rows.filter(marked)

    @cached_property
    def _marked_rows(self) -> tuple[Marks, NDArray[np.intp]]:
        """The flagged and the rare events where they are few, and their groups."""
        return self._fetched(None, of=self._marked)

    def _fetched(
        self, condition: nw.Expr | None, *, of: nw.LazyFrame[Any] | None = None
    ) -> tuple[Marks, NDArray[np.intp]]:
        wanted = [TIME, KEY, *([END] * self.spans), *([SIZE] * self._sized), *([NUMBER] * self._numbered)]
        answer = self.rows.table.fetch(self._timed(condition, of).select(*wanted, *self.rows.details))
        groups = self.groups.codes_of(cells(answer, KEY))
        details = {name: pd.Series(cells(answer, name), dtype=object) for name in self.rows.details}
        marks = Marks(
            times=whole_numbers(answer, TIME),
            lanes=self.lanes_of(groups),
            ends=whole_numbers(answer, END) if self.spans else None,
            sizes=self._diameters(answer) if self._sized else None,
            numbers=np.asarray(answer.get_column(NUMBER).to_numpy(), dtype=float) if self._numbered else None,
            details=pd.DataFrame(details, index=range(len(answer))),
            positions=np.full(len(answer), -1),
        )
        order = np.argsort(marks.times, kind="stable")
        return marks.take(order), groups[order]

    def _diameters(self, answer: nw.DataFrame[Any]) -> NDArray[np.float32]:
        """Return diameters on the scale of all rows."""
        sizes = np.nan_to_num(np.asarray(answer.get_column(SIZE).to_numpy(), dtype=float))
        return diameters(np.append(sizes, self.totals.largest), largest=LARGEST_MARK)[:-1]

    def stand_ins(
        self, times: NDArray[Any], lanes: NDArray[np.uint16], numbers: NDArray[Any] | None
    ) -> Marks:
        """Return marks of which only time, lane and number are known, because each stands for several events."""
        times = times.astype(np.int64)
        return Marks(
            times=times,
            lanes=lanes,
            ends=times if self.spans else None,
            sizes=np.full(len(times), LARGEST_MARK, dtype=np.float32) if self._sized else None,
            numbers=None if numbers is None else numbers.astype(float),
            details=pd.DataFrame(dict.fromkeys(self.rows.details, _TOO_MANY), index=range(len(times))),
            positions=np.full(len(times), -1),
        )
