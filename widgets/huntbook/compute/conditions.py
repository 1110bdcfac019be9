"""Which rows: a small immutable language that every picture's selection is said in.

A condition is written as KQL, SQL or a pandas query, and run on any engine that narwhals knows;
each gives the same rows.
"""

from __future__ import annotations

import operator
from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, get_args

import numpy as np
import pandas as pd

from huntbook.compute.dialects import DIALECTS, Dialect
from huntbook.errors import OptionError

if TYPE_CHECKING:
    from collections.abc import Collection

    import narwhals as nw

__all__ = [
    "Among",
    "Condition",
    "DialectName",
    "Either",
    "Every",
    "Everything",
    "Nothing",
    "Overlaps",
    "Within",
    "expression",
    "write",
]

DialectName = Literal["kql", "sql", "spark", "pandas"]


@dataclass(frozen=True, slots=True)
class Among:
    """The cell is one of some values.

    Parameters
    ----------
    column
        The column's name.
    values
        Values of the column's own type, each kept once; None stands for null, and so do NaN and NaT.
    negated
        The cell is none of them instead; then null is a value like others.
    """

    column: str
    values: tuple[Any, ...]
    negated: bool = False

    def __post_init__(self) -> None:
        plain = [None if pd.isna(value) is True else _plain(value) for value in self.values]
        object.__setattr__(self, "values", tuple(dict.fromkeys(plain)))

    @property
    def present(self) -> list[Any]:
        """The values that are not null."""
        return [value for value in self.values if value is not None]

    @property
    def with_null(self) -> bool:
        """Whether null is one of the values."""
        return None in self.values


@dataclass(frozen=True, slots=True)
class Within:
    """The cell lies between two numbers or times, both included; a null never does.

    Parameters
    ----------
    column
        The column's name.
    start, end
        Of the column's own type; times have a zone where the column has one.
    """

    column: str
    start: Any
    end: Any


@dataclass(frozen=True, slots=True)
class Overlaps:
    """A span of time touches another, both ends included.

    A span without an end, or with one before its start, is an instant at its start; one without a
    start never overlaps.

    Parameters
    ----------
    start_column, end_column
        The columns that hold when the row's span began and ended.
    start, end
        The other span.
    """

    start_column: str
    end_column: str
    start: Any
    end: Any


@dataclass(frozen=True, slots=True)
class Every:
    """All of the conditions hold; with none of them, each row does."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Either:
    """At least one of the conditions holds; with none of them, no row does."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Nothing:
    """No row."""


@dataclass(frozen=True, slots=True)
class Everything:
    """Each row."""


Condition: TypeAlias = Among | Within | Overlaps | Every | Either | Nothing | Everything


def write(condition: Condition, dialect: DialectName) -> str:
    """Return a condition as text.

    Parameters
    ----------
    condition
        Which rows.
    dialect
        ``kql``: a ``| where ...`` line to put below a table's name. ``sql``: what stands after WHERE in
        DuckDB, PostgreSQL and most others. ``spark``: the same for Spark SQL, which takes a name in double
        quotes for a text. ``pandas``: for `DataFrame.query`.

    Returns
    -------
    str
        One line; every value in it is a literal, whatever it holds.

    Raises
    ------
    OptionError
        An unknown dialect, or a name or a value that the dialect can't express.

    Examples
    --------
    >>> selected = Every((Among("Computer", ("DC01", None)), Within("Port", 1, 1023)))
    >>> print(write(selected, "kql"))
    | where (Computer == "DC01" or isempty(Computer)) and Port between (1 .. 1023)
    >>> print(write(selected, "sql"))
    (Computer = 'DC01' OR Computer IS NULL) AND Port BETWEEN 1 AND 1023
    """
    if dialect not in get_args(DialectName):
        raise OptionError.unknown(dialect, option="dialect", known=get_args(DialectName))
    said = DIALECTS[dialect]
    return said.start + _text(condition, said)


def expression(condition: Condition, *, floats: Collection[str] = ()) -> nw.Expr:
    """Return a condition as a narwhals expression, to filter a frame of any engine with.

    Parameters
    ----------
    condition
        Which rows.
    floats
        The columns of floating-point numbers: their NaN is taken as null, which outside pandas is
        not the same.
    """
    import narwhals as nw  # noqa: PLC0415 - pandas frames are filtered without it

    # An expression without a column can't filter; this one reads any column and holds for each row.
    rows = nw.nth(0).is_null() | ~nw.nth(0).is_null()
    match condition:
        case Among():
            rows = _among_expression(condition, nan=condition.column in floats)
        case Within(column, start, end):
            rows = (nw.col(column) >= start) & (nw.col(column) <= end)
        case Overlaps(start_column, end_column, start, end):
            began = nw.col(start_column)
            rows = (began <= end) & ((began >= start) | (nw.col(end_column) >= start))
        case Every(parts):
            rows = reduce(operator.and_, [expression(part, floats=floats) for part in parts] or [rows])
        case Either(parts):
            rows = reduce(operator.or_, [expression(part, floats=floats) for part in parts] or [~rows])
        case Nothing():
            rows = ~rows
    return rows


def _among_expression(condition: Among, *, nan: bool) -> nw.Expr:
    import narwhals as nw  # noqa: PLC0415 - pandas frames are filtered without it

    cell = nw.col(condition.column)
    null = cell.is_null() | cell.is_nan() if nan else cell.is_null()
    # An empty list has no type, which PyArrow asks for.
    found = cell.is_in(condition.present) & ~null if condition.present else null & ~null
    wanted = found | null if condition.with_null else found
    return ~wanted if condition.negated else wanted


def _text(condition: Condition, said: Dialect) -> str:
    text = said.everything
    match condition:
        case Among():
            text = _among_text(condition, said)
        case Within(column, start, end):
            text = said.within.format(
                said.name(column), said.literal(_plain(start)), said.literal(_plain(end))
            )
        case Overlaps():
            text = _overlaps_text(condition, said)
        case Every(parts):
            text = _joined(parts, said, said.both) or said.everything
        case Either(parts):
            text = _joined(parts, said, said.either) or said.nothing
        case Nothing():
            text = said.nothing
    return text


def _among_text(condition: Among, said: Dialect) -> str:
    name = said.name(condition.column)
    present, with_null = condition.present, condition.with_null
    if condition.negated:
        tests = [said.present.format(name)] if with_null else []
        tests += [said.others(name, present, not with_null)] if present else []
        return said.both.join(tests) or said.everything
    tests = [said.members(name, present)] if present else []
    tests += [said.null.format(name)] if with_null else []
    text = said.either.join(tests) or said.nothing
    return f"({text})" if len(tests) > 1 else text


def _overlaps_text(condition: Overlaps, said: Dialect) -> str:
    began, ended = said.name(condition.start_column), said.name(condition.end_column)
    start, end = said.literal(_plain(condition.start)), said.literal(_plain(condition.end))
    late = said.either.join((f"{began} >= {start}", f"{ended} >= {start}"))
    return f"{began} <= {end}{said.both}({late})"


def _joined(parts: tuple[Condition, ...], said: Dialect, word: str) -> str:
    if len(parts) == 1:
        return _text(parts[0], said)
    return word.join(f"({_text(part, said)})" if _is_compound(part) else _text(part, said) for part in parts)


def _is_compound(part: Condition) -> bool:
    """Tell whether a condition is written as several tests without brackets around them."""
    if isinstance(part, Among):
        return part.negated and part.with_null and len(part.values) > 1
    return isinstance(part, (Every, Either, Overlaps))


def _plain(value: Any) -> Any:
    """Return a number of numpy as Python's own; times keep their nanoseconds."""
    if isinstance(value, np.datetime64):
        return pd.Timestamp(value)
    return value.item() if hasattr(value, "item") else value
