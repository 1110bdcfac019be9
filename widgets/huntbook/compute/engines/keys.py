"""Categories in an engine: which values make a group, and how many rows each has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import narwhals as nw

from huntbook.compute.engines.table import PREFIX
from huntbook.errors import DataError, OptionError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from huntbook.compute.engines.table import Table

_NO_CATEGORIES = (nw.List, nw.Array, nw.Struct)
# Between the texts of several columns; no name holds it.
_BETWEEN, _NULL = "\x1f", "\x00"
_LISTED = f"{PREFIX}listed"


def category(table: Table, column: str, *, option: str) -> nw.Expr:
    """Return a column as categories: NaN is null, a categorical is its text.

    Raises
    ------
    DataError
        If the column holds values that can't be categories, such as lists.
    """
    kind = table.schema[table.require(column, option=option)]
    if isinstance(kind, _NO_CATEGORIES):
        raise DataError(
            f"{option}={column!r} holds {kind} values, which can't be categories. "
            "Turn them into text in the query, or make one row an element."
        )
    value = nw.col(column)
    if isinstance(kind, (nw.Float64, nw.Float32)):
        return nw.when(~value.is_nan()).then(value)
    if isinstance(kind, (nw.Categorical, nw.Enum)):
        return value.cast(nw.String)
    return value


def combined(table: Table, columns: Sequence[str], *, option: str) -> nw.Expr:
    """Return several columns as one text a row, different for different combinations."""
    parts = [category(table, column, option=option).cast(nw.String).fill_null(_NULL) for column in columns]
    return nw.concat_str(parts, separator=_BETWEEN)


def among(table: Table, column: str, values: Sequence[Any]) -> nw.Expr:
    """Return the condition that a cell is one of some values; None among them is null. It is never null itself."""
    cell = nw.col(column)
    present = table.literals(value for value in values if value is not None)
    if not present:
        return cell.is_null() if len(values) else cell.is_null() & ~cell.is_null()
    found = cell.is_in(present).fill_null(value=False)
    return found if len(present) == len(values) else found | cell.is_null()


def only(
    table: Table, rows: nw.LazyFrame[Any], column: str, values: Sequence[Any], *, name: str
) -> nw.LazyFrame[Any]:
    """Return the rows with a column more: the cell where it is one of some values, else null."""
    present = table.literals(value for value in values if value is not None)
    if present and rows.implementation.is_duckdb():
        return rows.join(
            _listed_by_duckdb(rows, column, present, name=name), how="left", left_on=column, right_on=_LISTED
        )
    return rows.with_columns(nw.when(among(table, column, values)).then(nw.col(column)).alias(name))


def _listed_by_duckdb(
    rows: nw.LazyFrame[Any], column: str, values: list[Any], *, name: str
) -> nw.LazyFrame[Any]:
    """Return values as a frame: DuckDB looks cells up in a table by hash, in a list one by one."""
    import duckdb  # noqa: PLC0415 - the frame's own library is loaded already

    native: Any = rows.to_native()
    kind = native.types[native.columns.index(column)]
    # Made of the relation itself, because frames of different connections don't join; none of its rows is read.
    row = native.filter(duckdb.ConstantExpression(value=False)).aggregate("count(*)")
    listed = row.select(
        duckdb.FunctionExpression("unnest", duckdb.ConstantExpression(values)).cast(kind).alias(_LISTED)
    )
    frame: nw.LazyFrame[Any] = nw.from_native(listed).lazy()
    return frame.with_columns(nw.col(_LISTED).alias(name))


def finite(table: Table, column: str, *, option: str) -> nw.Expr:
    """Return a column of numbers, null where it holds no finite number; booleans count as 0 and 1.

    Raises
    ------
    DataError
        If the column is not numeric.
    """
    kind = table.schema[table.require(column, option=option)]
    value = nw.col(column)
    if isinstance(kind, nw.Boolean):
        return nw.when(~value.is_null()).then(value.fill_null(value=False).cast(nw.Int64))
    if isinstance(kind, nw.Decimal):
        return value.cast(nw.Float64)
    if not kind.is_numeric():
        raise DataError(_not_numeric(column, kind, option=option))
    if isinstance(kind, (nw.Float64, nw.Float32)):
        return nw.when(value.is_finite()).then(value.cast(nw.Float64))
    # Polars sums small integers within their own width; Dask does not, and can't cast a column with nulls.
    return value if table.lazy.implementation.is_dask() else value.cast(nw.Int64)


def _not_numeric(column: str, kind: Any, *, option: str) -> str:
    return (
        f"{option}={column!r} holds {kind} values, which are no numbers. "
        "Convert the column in the query, or name a numeric one."
    )


def flagged(table: Table, flag: Any) -> nw.Expr:
    """Return the condition that a row is flagged; never null.

    Raises
    ------
    OptionError
        If `flag` is neither a column of booleans nor a Narwhals expression.
    """
    if isinstance(flag, nw.Expr):
        return flag.fill_null(value=False)
    if isinstance(flag, str) and isinstance(table.schema.get(flag), nw.Boolean):
        return nw.col(flag).fill_null(value=False)
    raise OptionError(
        f"flag={flag!r} can't be used with {table.engine}. "
        "Give the name of a column of booleans, or a Narwhals expression such as narwhals.col('Port') == 8443."
    )
