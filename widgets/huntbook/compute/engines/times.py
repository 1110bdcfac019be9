"""Columns of times in an engine as whole microseconds of UTC: each engine has its own way."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import narwhals as nw

from huntbook.compute.times import NO_TIME, microseconds
from huntbook.errors import DataError

if TYPE_CHECKING:
    import pandas as pd

    from huntbook.compute.engines.table import Table

_EPOCH = dt.datetime(1970, 1, 1)  # noqa: DTZ001 - without a zone for columns without one
_FIRST = dt.datetime(1, 1, 1)  # noqa: DTZ001 - the same
_LAST = dt.datetime(9999, 12, 31, 23, 59, 59)  # noqa: DTZ001 - the same
_MICROSECOND = dt.timedelta(microseconds=1)


def with_microseconds(table: Table, column: str, *, name: str, option: str) -> nw.LazyFrame[Any]:
    """Return the frame with a column more: times as microseconds since 1970 in UTC, null where there is none.

    Parameters
    ----------
    table, column
        The frame and its column of times; without a zone they are UTC.
    name
        What the new column is called.
    option
        The name of the option that asked for the column, for the error's message.

    Raises
    ------
    DataError
        If the column holds no times.
    """
    kind = table.schema[column]
    lazy = table.lazy
    if lazy.implementation.is_dask():
        return _dask(lazy, column, name=name, option=option)
    if not isinstance(kind, (nw.Datetime, nw.Date)):
        raise DataError(
            f"{option}={column!r} holds {kind} values in {table.engine}, not times. "
            "Convert the column in the query, so that the engine has times to count by."
        )
    if lazy.implementation.is_duckdb():
        return _duckdb(lazy, column, kind, name=name)
    if lazy.implementation.is_ibis():
        return _ibis(lazy, column, name=name)
    if lazy.implementation.is_spark_like():
        return _spark(lazy, column, name=name)
    return lazy.with_columns(nw.col(column).dt.timestamp("us").alias(name))


def between(table: Table, column: str, name: str, *, start: int, end: int) -> nw.Expr:
    """Return the condition that a time is from `start` to `end`, both included, in microseconds.

    Parameters
    ----------
    table, column, name
        The frame, its column of times, and the same as microseconds. The column itself is compared where the engine
        can leave out parts of a file by it.
    start, end
        The stretch.
    """
    kind = table.schema[column]
    by_number = table.lazy.implementation.is_spark_like() or table.lazy.implementation.is_dask()
    if by_number or not isinstance(kind, nw.Datetime):
        return (nw.col(name) >= start) & (nw.col(name) <= end)
    # Half open, so that what is finer than a microsecond is taken in.
    return (nw.col(column) >= _literal(start, kind)) & (nw.col(column) < _literal(end, kind) + _MICROSECOND)


def _literal(time: int, kind: nw.Datetime) -> dt.datetime:
    try:
        moment = min(_EPOCH + time * _MICROSECOND, _LAST)
    except OverflowError:
        moment = _LAST if time > 0 else _FIRST
    return moment if kind.time_zone is None else moment.replace(tzinfo=dt.UTC)


def _query(native: Any) -> nw.LazyFrame[Any]:
    lazy: nw.LazyFrame[Any] = nw.from_native(native)
    return lazy


def _duckdb(lazy: Any, column: str, kind: Any, *, name: str) -> nw.LazyFrame[Any]:
    import duckdb  # noqa: PLC0415 - the frame's own library is loaded already

    cell = duckdb.ColumnExpression(column)
    if isinstance(kind, nw.Date):
        cell = cell.cast("TIMESTAMP")
    if isinstance(kind, nw.Datetime) and kind.time_unit == "ns":
        # epoch_us rounds; we cut.
        number = duckdb.FunctionExpression("epoch_ns", cell) // duckdb.ConstantExpression(1_000)
    else:
        number = duckdb.FunctionExpression("epoch_us", cell)
    return _query(lazy.to_native().select(duckdb.StarExpression(), number.alias(name)))


def _ibis(lazy: Any, column: str, *, name: str) -> nw.LazyFrame[Any]:
    frame = lazy.to_native()
    cell = frame[column].cast("timestamp") if frame[column].type().is_date() else frame[column]
    seconds = cell.truncate("s").epoch_seconds().cast("int64")
    return _query(frame.mutate((seconds * 1_000_000 + cell.microsecond().cast("int64")).name(name)))


def _spark(lazy: Any, column: str, *, name: str) -> nw.LazyFrame[Any]:
    from pyspark.sql import functions  # noqa: PLC0415 - the frame's own library is loaded already

    frame = lazy.to_native()
    cell = functions.col(f"`{column.replace('`', '``')}`")
    if dict(frame.dtypes)[column] != "timestamp":
        # Without a zone it is UTC, whatever the session's zone is.
        parts = [getattr(functions, part)(cell) for part in ("year", "month", "day", "hour", "minute")]
        seconds = functions.extract(functions.lit("SECOND"), cell)
        cell = functions.make_timestamp(*parts, seconds, functions.lit("UTC"))
    return _query(frame.withColumn(name, functions.unix_micros(cell)))


def _dask(lazy: Any, column: str, *, name: str, option: str) -> nw.LazyFrame[Any]:
    frame = lazy.to_native()
    times = frame[column].map_partitions(_dask_part, option=option, meta=(name, "int64"))
    return _query(frame.assign(**{name: times})).with_columns(
        nw.when(nw.col(name) != NO_TIME).then(nw.col(name)).alias(name)
    )


def _dask_part(values: pd.Series[Any], option: str) -> pd.Series[Any]:
    import pandas as pd  # noqa: PLC0415 - runs in a worker

    return pd.Series(microseconds(values, option=option), index=values.index)
