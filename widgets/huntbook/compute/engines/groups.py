"""The groups of a timeline in an engine: which there are, how many rows each has, and when."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import narwhals as nw
import numpy as np

from huntbook.compute.categories import ranked
from huntbook.compute.engines.keys import category, combined
from huntbook.compute.engines.table import PREFIX, cells, whole_numbers
from huntbook.compute.lanes import Groups

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from huntbook.compute.engines.table import Table

TIME, END, KEY, FLAG, SIZE, NUMBER, ROWS = (
    f"{PREFIX}{name}" for name in ("time", "end", "key", "flag", "size", "number", "rows")
)
_ALL, _GROUPS, _FIRST, _LAST, _END, _FLAGGED, _LARGEST, _LOWEST, _HIGHEST = (
    f"{PREFIX}{name}"
    for name in ("all", "groups", "first", "last", "ended", "flagged", "largest", "lowest", "highest")
)
# More groups than this are not fetched; those are the busiest.
_MOST = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """What is known of all rows.

    Parameters
    ----------
    rows, flagged
        How many rows have a time, and how many of them are flagged.
    without_time
        How many have none.
    start, end
        The first start, and the last end.
    last_start
        The last start.
    largest
        The largest absolute value of the sizes' column; 0 without one.
    lowest, highest
        Of the numbers; 0 without them.
    """

    rows: int
    flagged: int
    without_time: int
    start: int
    end: int
    last_start: int
    largest: float
    lowest: float
    highest: float


class EngineGroups(Groups):
    """The groups of an engine's rows; `Groups` has its members.

    Parameters
    ----------
    columns
        What the rows are grouped by.
    answer
        A row a group; see `read_engine_groups`.
    rows, distinct
        How many rows and groups there are in all; more than in `answer` where groups are very many.
    """

    def __init__(
        self, columns: tuple[str, ...], answer: nw.DataFrame[Any], *, rows: int, distinct: int
    ) -> None:
        literals = cells(answer, KEY)
        # An engine's rows have no order: by key, so that groups alike in size are in the same order each time.
        order = ranked(literals)
        answer = answer[order]
        super().__init__(
            columns=columns,
            codes=np.empty(0, dtype=np.uint8),
            totals=whole_numbers(answer, ROWS),
            parts=[],
            cells=[],
        )
        self.literals = [literals[at] for at in order]
        alone = len(columns) == 1
        self._values = (
            [self.literals] if alone else [cells(answer, f"{KEY}{at}") for at in range(len(columns))]
        )
        self._edges = whole_numbers(answer, _FIRST), whole_numbers(answer, _LAST)
        # The last end of each group, where rows have ends.
        self.ends = whole_numbers(answer, _END) if _END in answer.columns else None
        self._of = {literal: at for at, literal in enumerate(self.literals)}
        self._rows, self._distinct = rows, distinct

    @property
    def rows(self) -> int:
        """How many rows there are in all."""
        return self._rows

    @property
    def distinct(self) -> int:
        """How many groups there are in all."""
        return self._distinct

    def keys(self, chosen: NDArray[np.intp]) -> list[tuple[Any, ...]]:
        """Return the values of each of some groups."""
        return [tuple(values[at] for values in self._values) for at in chosen]

    def edges(self, times: NDArray[np.int64], *, last: bool) -> NDArray[np.int64]:  # noqa: ARG002 - they are known
        """Return the first time of each group, or the last."""
        return self._edges[1 if last else 0]

    def codes_of(self, literals: list[Any]) -> NDArray[np.intp]:
        """Return the group of each of some literals; -1 for one that is not known."""
        return np.array([self._of.get(literal, -1) for literal in literals], dtype=np.intp)


def group_columns(table: Table, names: Sequence[str]) -> list[nw.Expr]:
    """Return the columns that say which group a row is in: the key; of several columns, the value of each too."""
    values = [category(table, name, option="group_by") for name in names] or [nw.lit(0)]
    if len(values) == 1:
        return [values[0].alias(KEY)]
    parts = [value.alias(f"{KEY}{at}") for at, value in enumerate(values)]
    return [combined(table, names, option="group_by").alias(KEY), *parts]


def read_engine_groups(
    table: Table, base: nw.LazyFrame[Any], columns: tuple[str, ...]
) -> tuple[EngineGroups, Totals]:
    """Count the rows of each group, in one query.

    Parameters
    ----------
    table, base
        The frame, and its rows with `TIME`, `KEY` and, where asked for, `END`, `FLAG`, `SIZE` and `NUMBER`.
    columns
        What the rows are grouped by.
    """
    known = set(base.collect_schema().names())
    wanted = [total for total in _TOTALS if total.column in known]
    keys = [KEY, *(f"{KEY}{at}" for at in range(len(columns)))] if len(columns) > 1 else [KEY]
    counted = base.group_by(keys).agg(nw.len().alias(_ALL), *(total.of_rows() for total in wanted))
    answer = table.fetch(counted.sort(ROWS, descending=True).head(_MOST))
    over = [nw.col(_ALL).sum(), *(total.of_groups() for total in wanted)]
    over.append((nw.col(ROWS) > 0).cast(nw.Int64).sum().alias(_GROUPS))
    summed = answer.select(*over) if len(answer) < _MOST else table.fetch(counted.select(*over))
    totals = _totals(summed)
    distinct = int(whole_numbers(summed, _GROUPS)[0])
    return EngineGroups(columns, answer.filter(nw.col(ROWS) > 0), rows=totals.rows, distinct=distinct), totals


def fewest_rows(
    table: Table, base: nw.LazyFrame[Any], *, below: int, most: int
) -> tuple[list[Any], NDArray[np.int64]]:
    """Return the keys of the smallest groups and their rows, where there are too many groups to fetch all.

    Parameters
    ----------
    table, base
        The frame, and its rows.
    below
        How many rows those groups have at most.
    most
        How many groups are wanted; one more is returned where there are more.
    """
    counted = base.filter(~nw.col(TIME).is_null()).group_by(KEY).agg(nw.len().alias(ROWS))
    answer = table.fetch(counted.filter(nw.col(ROWS) <= below).sort(ROWS).head(most + 1))
    return cells(answer, KEY), whole_numbers(answer, ROWS)


@dataclass(frozen=True, slots=True)
class _Total:
    """An aggregate over the rows of a group, and then over the groups."""

    column: str
    name: str
    of: str
    over: str

    def of_rows(self) -> nw.Expr:
        aggregate: nw.Expr = getattr(nw.col(self.column), self.of)()
        return aggregate.alias(self.name)

    def of_groups(self) -> nw.Expr:
        aggregate: nw.Expr = getattr(nw.col(self.name), self.over)()
        return aggregate


_TOTALS = (
    _Total(TIME, ROWS, "count", "sum"),
    _Total(TIME, _FIRST, "min", "min"),
    _Total(TIME, _LAST, "max", "max"),
    _Total(END, _END, "max", "max"),
    _Total(FLAG, _FLAGGED, "sum", "sum"),
    _Total(SIZE, _LARGEST, "max", "max"),
    _Total(NUMBER, _LOWEST, "min", "min"),
    _Total(NUMBER, _HIGHEST, "max", "max"),
)


def _totals(summed: nw.DataFrame[Any]) -> Totals:
    known = {name: summed.get_column(name).to_list()[0] for name in summed.columns}

    def number(name: str) -> int:
        value = known.get(name)
        return 0 if value is None or value != value else int(value)  # noqa: PLR0124 - Dask's null is NaN

    return Totals(
        rows=number(ROWS),
        flagged=number(_FLAGGED),
        without_time=number(_ALL) - number(ROWS),
        start=number(_FIRST),
        end=max(number(_LAST), number(_END) if _END in known else number(_LAST)),
        last_start=number(_LAST),
        largest=float(known.get(_LARGEST) or 0),
        lowest=float(known.get(_LOWEST) or 0),
        highest=float(known.get(_HIGHEST) or 0),
    )
