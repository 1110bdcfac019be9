"""A frame of another library than pandas, that is asked for small results and never collected."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import narwhals as nw
import numpy as np
import pandas as pd

from huntbook.compute.conditions import Among, Either, Every, Overlaps, Within, expression
from huntbook.compute.frames import empty_frame, kind_of, require_frame
from huntbook.errors import ColumnNotFoundError, DataError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from huntbook.compute.conditions import Condition

_NAMES = {
    "polars": "Polars",
    "pyarrow": "PyArrow",
    "duckdb": "DuckDB",
    "dask": "Dask",
    "pyspark": "PySpark",
    "ibis": "Ibis",
}
# DuckDB's type of a time with zone and nanoseconds, as pandas writes it to Parquet.
_FINE_ZONED = "TIMESTAMPTZ_NS"
# Names of the columns that queries add; no column of a user's is called so.
PREFIX = "_huntbook_"
_ROWS = f"{PREFIX}rows"


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A frame of another library.

    Parameters
    ----------
    lazy
        The frame as a query to go on with.
    schema
        The type of each column.
    eager
        Whether the caller's frame holds its rows in memory.
    """

    lazy: nw.LazyFrame[Any]
    schema: dict[str, Any]
    eager: bool

    @property
    def engine(self) -> str:
        """The library's name."""
        return _engine(self.lazy)

    def require(self, column: Any, *, option: str) -> str:
        """Return the name of a column that is there; `option` is the name of the option that asked for it."""
        if not isinstance(column, str) or column not in self.schema:
            raise ColumnNotFoundError.named(str(column), option=option, columns=self.schema)
        if self.lazy.implementation.is_spark_like() and set(column) & set(".`"):
            plain = column.replace(".", "_").replace("`", "_")
            raise DataError(
                f"{option}={column!r}: Spark takes a dot or a backtick in a column's name for a part of a column. "
                f"Rename it in the query: frame.withColumnRenamed({column!r}, {plain!r})."
            )
        return column

    def fetch(self, query: nw.LazyFrame[Any]) -> nw.DataFrame[Any]:
        """Run a query whose answer is small.

        Raises
        ------
        DataError
            If the engine can't answer; the engine's own error is the cause.
        """
        try:
            if query.implementation.is_polars():
                return query.collect("polars", engine="streaming")
            return query.collect()
        except Exception as error:
            raise _no_answer(self.engine, error) from error

    def where(self, condition: Condition) -> Any:
        """Return the rows that fulfil a condition, in the caller's own kind of frame; lazily where that is."""
        floats = [name for name, kind in self.schema.items() if isinstance(kind, (nw.Float64, nw.Float32))]
        found = self.lazy.filter(expression(self._localized(condition), floats=floats))
        return nw.to_native(found.collect() if self.eager else found)

    def literals(self, values: Iterable[Any]) -> list[Any]:
        """Return values as the engine takes them: Spark reads times without a zone by its session's zone."""
        if not self.lazy.implementation.is_pyspark():
            return list(values)
        return [self._in_session(value) for value in values]

    def _in_session(self, value: Any) -> Any:
        if not isinstance(value, dt.datetime) or value.tzinfo is not None:
            return value
        native: Any = self.lazy.to_native()
        zone = native.sparkSession.conf.get("spark.sql.session.timeZone")
        return pd.Timestamp(value).tz_localize(zone, ambiguous=True, nonexistent="shift_forward")

    def _localized(self, condition: Condition) -> Condition:
        """Return a condition with its values as the engine takes them."""
        if not self.lazy.implementation.is_pyspark():
            return condition
        match condition:
            case Among():
                return replace(condition, values=tuple(self.literals(condition.values)))
            case Within() | Overlaps():
                start, end = self.literals((condition.start, condition.end))
                return replace(condition, start=start, end=end)
            case Every() | Either():
                return replace(condition, parts=tuple(map(self._localized, condition.parts)))
        return condition


def open_frame(frame: Any) -> pd.DataFrame | Table:
    """Return a pandas frame as it is, and a frame of any other library that Narwhals knows as a `Table`.

    Raises
    ------
    DataError
        If it is no frame, or has no rows.
    """
    if isinstance(frame, pd.DataFrame):
        return require_frame(frame)
    try:
        known = nw.from_native(nw.to_native(frame, pass_through=True))
    except TypeError as error:
        raise DataError(
            f"frame is a {kind_of(frame)}; pictures are drawn from a pandas DataFrame, a Polars DataFrame or LazyFrame, "
            "a PyArrow Table, a DuckDB relation, or a Dask, PySpark or Ibis frame. Make one of these first."
        ) from error
    if isinstance(known, nw.DataFrame) and known.implementation.is_pandas():
        return require_frame(known.to_native())
    lazy = _plain(known.lazy())
    try:
        schema = dict(lazy.collect_schema())
    except Exception as error:
        raise _no_answer(_engine(lazy), error) from error
    table = Table(lazy=lazy, schema=schema, eager=isinstance(known, nw.DataFrame))
    if not table.schema or _is_empty(table):
        raise empty_frame(rows=0, columns=len(table.schema))
    return table


def whole_numbers(frame: nw.DataFrame[Any], column: str) -> NDArray[np.int64]:
    """Return a column of an answer that holds whole numbers and no null."""
    return np.asarray(frame.get_column(column).to_numpy()).astype(np.int64)


def cells(frame: nw.DataFrame[Any], column: str) -> list[Any]:
    """Return a column of an answer as Python objects: None for null, times with a zone in UTC."""
    return [_cell(value) for value in frame.get_column(column).to_list()]


def _is_empty(table: Table) -> bool:
    parts = [table.lazy]
    if table.lazy.implementation.is_dask():
        # One by one: Dask reads all of its parts to give the first row of them.
        native: Any = table.lazy.select(nw.col(next(iter(table.schema)))).to_native()
        parts = [nw.from_native(native.partitions[at]).lazy() for at in range(native.npartitions)]
    found = (table.fetch(part.head(1).select(nw.len().alias(_ROWS))) for part in parts)
    return not any(whole_numbers(answer, _ROWS)[0] for answer in found)


def _engine(lazy: nw.LazyFrame[Any]) -> str:
    name = str(lazy.implementation.value)
    return _NAMES.get(name, name)


def _no_answer(engine: str, error: Exception) -> DataError:
    """Return the error for a query that the engine failed at, in its own first words."""
    reason = (str(error).strip() or type(error).__name__).splitlines()[0]
    return DataError(
        f"{engine} can't answer what the picture asks: {reason.rstrip('.')}. "
        "Check that the frame itself can be read, for example by asking for its first rows."
    )


def _cell(value: Any) -> Any:
    if value is None or value is pd.NA or value != value:  # noqa: PLR0124 - only NaN and NaT differ from themselves
        return None
    if isinstance(value, dt.datetime) and value.tzinfo is not None:
        return value.astimezone(dt.UTC)
    return value


def _plain(lazy: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """Take columns of types that Narwhals can't ask about as their nearest kin."""
    native: Any = lazy.to_native()
    if lazy.implementation.is_dask():
        # A categorical's codes differ from part to part.
        kinds = {name: object for name, kind in native.dtypes.items() if str(kind) == "category"}
        native = native.astype(kinds) if kinds else native
    if lazy.implementation.is_duckdb():
        fine = [
            name for name, kind in zip(native.columns, native.types, strict=True) if str(kind) == _FINE_ZONED
        ]
        quoted = ['"' + name.replace('"', '""') + '"' for name in fine]
        kin = ", ".join(f"CAST({name} AS TIMESTAMP WITH TIME ZONE) AS {name}" for name in quoted)
        native = native.project(f"* REPLACE ({kin})") if fine else native
    plain: nw.LazyFrame[Any] = nw.from_native(native).lazy()
    return plain
