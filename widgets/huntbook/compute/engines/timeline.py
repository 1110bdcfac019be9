"""From an engine's frame to what a timeline draws."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import narwhals as nw

from huntbook.compute.engines.events import EngineEvents, Rows
from huntbook.compute.engines.groups import END, FLAG, NUMBER, SIZE, TIME, group_columns, read_engine_groups
from huntbook.compute.engines.keys import finite, flagged
from huntbook.compute.engines.times import between, with_microseconds
from huntbook.compute.lanes import Arrangement
from huntbook.compute.timeline import DEFAULT_TIME, Timeline, no_times

if TYPE_CHECKING:
    from collections.abc import Sequence

    from huntbook.compute.engines.table import Table
    from huntbook.compute.lanes import LaneOrder


def prepare_engine_timeline(
    table: Table,
    *,
    time_column: str = DEFAULT_TIME,
    end_time_column: str | None = None,
    source_columns: Sequence[str] | None = None,
    group_by: str | Sequence[str] | None = None,
    order: LaneOrder = "total",
    max_groups: int = 50,
    flag: Any = None,
    size_column: str | None = None,
    name: str = "",
) -> Timeline:
    """Ask an engine for what `huntbook.compute.timeline.prepare_timeline` reads from a pandas frame.

    Parameters
    ----------
    table
        The rows.
    time_column, end_time_column, source_columns, group_by, order, max_groups, size_column, name
        As there.
    flag
        The flagged rows: a column of booleans or a Narwhals expression.

    Raises
    ------
    DataError
        If a column is missing or not what it is used as, or no row has a time.
    OptionError
        If `flag` can't be used in an engine.
    """
    rows, columns = engine_rows(
        table,
        time_column=time_column,
        end_time_column=end_time_column,
        source_columns=source_columns,
        group_by=group_by,
        flag=flag,
        size_column=size_column,
    )
    groups, totals = read_engine_groups(table, rows.base, columns)
    if not totals.rows:
        raise no_times(time_column, rows=totals.without_time)
    events = EngineEvents(rows, groups, totals, Arrangement(order=order, size=max_groups))
    if name and group_by is None:
        events.lanes.labels[:] = [name]
    return Timeline(
        frame=table,
        events=events,
        without_time=totals.without_time,
        name=name,
        time_column=time_column,
        end_time_column=end_time_column,
    )


def engine_rows(
    table: Table,
    *,
    time_column: str,
    end_time_column: str | None = None,
    source_columns: Sequence[str] | None = None,
    group_by: str | Sequence[str] | None = None,
    flag: Any = None,
    size_column: str | None = None,
    value_column: str | None = None,
) -> tuple[Rows, tuple[str, ...]]:
    """Return an engine's rows ready to be counted, and the columns that they are grouped by.

    Parameters
    ----------
    table, time_column, end_time_column, source_columns, group_by, flag, size_column
        As for `prepare_engine_timeline`.
    value_column
        A column of numbers; rows without a finite one count as rows without a time.
    """
    time = table.require(time_column, option="time_column")
    details = tuple(table.require(name, option="source_columns") for name in source_columns or ())
    names = [group_by] if isinstance(group_by, str) else list(group_by or ())
    columns = [*group_columns(table, names)]
    if flag is not None:
        columns.append(flagged(table, flag).cast(nw.Int64).alias(FLAG))
    if size_column is not None:
        columns.append(finite(table, size_column, option="size").abs().alias(SIZE))
    if value_column is not None:
        columns.append(finite(table, value_column, option="value_column").cast(nw.Float64).alias(NUMBER))
    base = with_microseconds(table, time, name=TIME, option="time_column")
    if end_time_column is not None:
        end = table.require(end_time_column, option="end_time_column")
        base = with_microseconds(replace(table, lazy=base), end, name=END, option="end_time_column")
        late = (nw.col(END) >= nw.col(TIME)).fill_null(value=False)
        base = base.with_columns(nw.when(late).then(nw.col(END)).otherwise(nw.col(TIME)).alias(END))
    base = base.with_columns(*columns)
    if value_column is not None:
        base = base.with_columns(nw.when(~nw.col(NUMBER).is_null()).then(nw.col(TIME)).alias(TIME))
    if flag is not None:
        base = base.with_columns(nw.when(~nw.col(TIME).is_null()).then(nw.col(FLAG)).otherwise(0).alias(FLAG))

    def within(start: int, stop: int) -> nw.Expr:
        return between(table, time, TIME, start=start, end=stop)

    return Rows(table=table, base=base, within=within, details=details), tuple(names)
