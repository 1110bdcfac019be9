"""The matrix' counts from an engine: three group-by queries, however many rows there are."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import narwhals as nw
import numpy as np
import pandas as pd

from huntbook.compute.axes import Axis, Choice, Side
from huntbook.compute.categories import ranked
from huntbook.compute.engines.keys import category, finite, flagged, only
from huntbook.compute.engines.table import PREFIX, cells, whole_numbers
from huntbook.compute.pairs import Pairs, alike_together, rank_pairs
from huntbook.errors import DataError, OptionError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from huntbook.compute.axes import Order
    from huntbook.compute.engines.table import Table

# More categories than this are not fetched; those are the busiest.
_MOST = 100_000
# More categories than this of flagged rows have no place in any picture.
_MOST_KEPT = 1_000
_ROWS, _WEIGHT, _SIZE, _MISSING, _OTHER, _FLAG = (
    f"{PREFIX}{name}" for name in ("rows", "weight", "size", "missing", "other", "flag")
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Side:
    """One side of the matrix: its axis, and what to group by."""

    table: Table
    axis: Axis
    key: str

    @property
    def shown(self) -> str:
        """The column to group by: the shown value, else null."""
        return f"{self.key}_shown"

    @property
    def keys(self) -> list[str]:
        """The columns to group by; a further one tells the margin from null where both have a place."""
        return [self.shown, *([self._margin] * self._null_is_shown)]

    def of(self, rows: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
        """Return the rows with those columns."""
        value = nw.col(self.key)
        if not self.axis.rest:
            return rows.with_columns(value.alias(self.shown))
        rows = only(self.table, rows, self.key, self.axis.shown, name=self.shown)
        if self._null_is_shown:
            rows = rows.with_columns((nw.col(self.shown).is_null() & ~value.is_null()).alias(self._margin))
        return rows

    def places(self, answer: nw.DataFrame[Any]) -> NDArray[np.int64]:
        """Return the place of each row of an answer."""
        place = {value: at for at, value in enumerate(self.axis.shown)}
        last = len(place)
        values = cells(answer, self.shown)
        outside = cells(answer, self._margin) if self._null_is_shown else [False] * len(values)
        found = [
            last if margin else place.get(value, last) for value, margin in zip(values, outside, strict=True)
        ]
        return np.array(found, dtype=np.int64)

    @property
    def _margin(self) -> str:
        return f"{self.key}_margin"

    @property
    def _null_is_shown(self) -> bool:
        return self.axis.rest > 0 and None in self.axis.shown


class EnginePairCounter:
    """A table whose pairs are counted in its engine, as often as another choice of categories is asked for.

    Parameters
    ----------
    table
        The rows.
    x, y, sum_of, distinct_of
        As for `huntbook.compute.pairs.PairCounter`. Of categories with the same total the lower value is the
        busier one.
    flag
        The flagged rows: a column of booleans or a Narwhals expression.

    Raises
    ------
    DataError
        If a column is missing, can't be categories, or can't be summed.
    OptionError
        If `flag` can't be used in an engine.
    """

    def __init__(
        self,
        table: Table,
        *,
        x: str,
        y: str,
        sum_of: str | None = None,
        distinct_of: str | None = None,
        flag: Any = None,
    ) -> None:
        self._table = table
        self._sum_of, self._distinct_of = sum_of, distinct_of
        self._base = _read(table, x, y, sum_of=sum_of, distinct_of=distinct_of, flag=flag)
        self._flagged = flag is not None
        self._last: tuple[list[list[int]], Pairs] | None = None
        self.x, self.y = (
            _side(table, self._base, f"{PREFIX}{key}", name, summed=sum_of is not None)
            for key, name in (("x", x), ("y", y))
        )

    def count(self, x: Choice, y: Choice) -> Pairs:
        """Count rows, or sum or count distinct values, by pair of the categories that are asked for.

        Raises
        ------
        OptionError
            If the order of first appearance is asked for, or rarity of more categories than are fetched.
        """
        rankings = self._rarest_pairs if x.order == y.order == "rarity" else (None, None)
        axes = [
            self._axis(side, choice, ranking, key=f"{PREFIX}{key}")
            for key, side, choice, ranking in zip("xy", (self.x, self.y), (x, y), rankings, strict=True)
        ]
        return alike_together(self._of_shown(*axes), x, y)

    def _of_shown(self, x: Axis, y: Axis) -> Pairs:
        """Count by pair of places; another order of the same categories asks nothing."""
        orders = [np.argsort(axis.codes) for axis in (x, y)]
        by_code = [axis.reordered(order) for axis, order in zip((x, y), orders, strict=True)]
        codes = [axis.codes.tolist() for axis in by_code]
        if self._last is None or self._last[0] != codes:
            self._last = codes, self._asked(*by_code)
        return replace(self._last[1].reordered(*map(np.argsort, orders)), x=x, y=y)

    def _asked(self, x_axis: Axis, y_axis: Axis) -> Pairs:
        """Ask the engine for the counts by pair of places."""
        x = _Side(table=self._table, axis=x_axis, key=f"{PREFIX}x")
        y = _Side(table=self._table, axis=y_axis, key=f"{PREFIX}y")
        sums = [_WEIGHT, _MISSING] if self._sum_of is not None else []
        sums += [_FLAG] * self._flagged
        query = _counted(
            y.of(x.of(self._base)), [*x.keys, *y.keys], sums, distinct=self._distinct_of is not None
        )
        answer = self._table.fetch(query)
        found = {
            "x_place": x.places(answer),
            "y_place": y.places(answer),
            "rows": whole_numbers(answer, _ROWS),
        }
        rows, skipped, measure = int(found["rows"].sum()), 0, "rows"
        found["value"] = found["rows"]
        if self._sum_of is not None:
            skipped = int(whole_numbers(answer, _MISSING).sum())
            if skipped == rows:
                raise _nothing_to_sum(self._sum_of, rows)
            found["value"], measure = _sums(answer), f"sum of {self._sum_of}"
        elif self._distinct_of is not None:
            found["value"], measure = whole_numbers(answer, _OTHER), f"distinct {self._distinct_of}"
        if self._flagged:
            found["flagged"] = whole_numbers(answer, _FLAG)
        drawn = pd.DataFrame(found).sort_values(["x_place", "y_place"], ignore_index=True)
        return Pairs(x=x_axis, y=y_axis, measure=measure, table=drawn, rows=rows, skipped=skipped)

    def _axis(self, side: Side, choice: Choice, ranking: NDArray[np.intp] | None, *, key: str) -> Axis:
        if choice.order == "appearance":
            raise OptionError(
                f"sort=False asks for the order of first appearance, which rows in {self._table.engine} don't have. "
                "Use 'asc', 'desc' or None for busiest first."
            )
        if choice.order == "rarity" and side.distinct > _MOST:
            raise OptionError(
                f"sort='rarity': {side.column!r} has {side.distinct:,} values in {self._table.engine}, of which the "
                f"{_MOST:,} busiest are known here. Filter the rows first, or use None for busiest first."
            )
        if ranking is None:
            ranking = side.rarest if choice.order == "rarity" else side.used
        return side.axis(choice, ranking=ranking, kept=self._kept(side, choice, key=key))

    def _kept(self, side: Side, choice: Choice, *, key: str) -> NDArray[np.intp]:
        """Return the categories that were pulled in, then those of flagged rows, most flagged first."""
        kept = side.codes_of(choice.kept)
        return pd.unique(np.concatenate([kept, self._most_flagged[key]])) if self._flagged else kept

    @cached_property
    def _most_flagged(self) -> dict[str, NDArray[np.intp]]:
        """The categories of each side that have flagged rows, most flagged first."""
        found = {}
        for side, key in ((self.x, f"{PREFIX}x"), (self.y, f"{PREFIX}y")):
            marked = self._base.filter(nw.col(_FLAG) > 0).group_by(key).agg(nw.len().alias(_ROWS))
            answer = self._table.fetch(marked.sort(_ROWS, key, descending=[True, False]).head(_MOST_KEPT))
            order = np.argsort(-whole_numbers(answer, _ROWS), kind="stable")
            values = cells(answer, key)
            found[key] = side.codes_of([values[at] for at in order])
        return found

    @cached_property
    def _rarest_pairs(self) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """The categories of both sides in order of their rarest pair; then those without a rare one."""
        keys = [f"{PREFIX}x", f"{PREFIX}y"]
        pairs = self._base.group_by(keys).agg(nw.len().alias(_ROWS))
        answer = self._table.fetch(pairs.sort([_ROWS, *keys]).head(_MOST))
        xs, ys = (side.codes_of(cells(answer, key)) for side, key in zip((self.x, self.y), keys, strict=True))
        rarest = rank_pairs(whole_numbers(answer, _ROWS), xs, ys, self.x, self.y)
        return (
            pd.unique(np.concatenate([xs[rarest], self.x.rarest])),
            pd.unique(np.concatenate([ys[rarest], self.y.rarest])),
        )


def count_pairs_in_engine(
    table: Table,
    *,
    x: str,
    y: str,
    sum_of: str | None = None,
    distinct_of: str | None = None,
    order_x: Order = "total",
    order_y: Order = "total",
    max_categories: int = 100,
) -> Pairs:
    """Count as `huntbook.compute.pairs.count_pairs` does, in the engine.

    Parameters
    ----------
    table, x, y, sum_of, distinct_of
        As for `EnginePairCounter`.
    order_x, order_y, max_categories
        As there, but there is no order of first appearance.
    """
    counter = EnginePairCounter(table, x=x, y=y, sum_of=sum_of, distinct_of=distinct_of)
    return counter.count(
        Choice(order=order_x, size=max_categories), Choice(order=order_y, size=max_categories)
    )


class _Listed:
    """Values by their place in a list."""

    def __init__(self, values: list[Any]) -> None:
        self._values = values

    def values(self, codes: NDArray[np.intp]) -> list[Any]:
        """Return the values at some places."""
        return [self._values[code] for code in codes.tolist()]

    def first_rows(self) -> NDArray[np.int64]:
        """Refuse: rows in an engine have no order."""
        raise NotImplementedError


def _read(
    table: Table, x: str, y: str, *, sum_of: str | None, distinct_of: str | None, flag: Any
) -> nw.LazyFrame[Any]:
    """Return the columns that are grouped by and measured, under names of ours."""
    keys = {f"{PREFIX}x": category(table, x, option="x"), f"{PREFIX}y": category(table, y, option="y")}
    columns = [expression.alias(name) for name, expression in keys.items()]
    if sum_of is not None:
        number = finite(table, sum_of, option="value_col")
        columns += [
            number.fill_null(0).alias(_WEIGHT),
            number.fill_null(0).abs().alias(_SIZE),
            number.is_null().cast(nw.Int64).alias(_MISSING),
        ]
    if distinct_of is not None:
        columns.append(category(table, distinct_of, option="dist_count").alias(_OTHER))
    if flag is not None:
        columns.append(flagged(table, flag).cast(nw.Int64).alias(_FLAG))
    return table.lazy.select(*columns)


def _side(table: Table, base: nw.LazyFrame[Any], key: str, name: str, *, summed: bool) -> Side:
    """Fetch the busiest categories of a column; their codes are in order of their values."""
    size = _SIZE if summed else _ROWS
    totals = base.group_by(key).agg(nw.len().alias(_ROWS), *([nw.col(_SIZE).sum()] * summed))
    answer = table.fetch(totals.sort(size, descending=True).head(_MOST))
    distinct = len(answer)
    if distinct == _MOST:
        distinct = int(whole_numbers(table.fetch(totals.select(nw.len().alias(_ROWS))), _ROWS)[0])
    values = cells(answer, key)
    order = np.array(ranked(values), dtype=np.intp)
    return Side(
        name,
        _Listed([values[at] for at in order]),
        rows=whole_numbers(answer, _ROWS)[order],
        totals=np.asarray(answer.get_column(size).to_numpy()).astype(float)[order],
        distinct=distinct,
    )


def _counted(
    rows: nw.LazyFrame[Any], keys: list[str], sums: list[str], *, distinct: bool
) -> nw.LazyFrame[Any]:
    """Count rows by some keys, sum columns and, where asked for, count the distinct values of `_OTHER`."""
    summed = [nw.col(name).sum() for name in sums]
    if not distinct:
        return rows.group_by(keys).agg(nw.len().alias(_ROWS), *summed)
    each = rows.group_by([*keys, _OTHER]).agg(nw.len().alias(_ROWS), *summed)
    return each.group_by(keys).agg(nw.col(_ROWS).sum(), nw.col(_OTHER).count(), *summed)


def _sums(answer: nw.DataFrame[Any]) -> np.ndarray[Any, Any]:
    """Return sums as whole numbers where the engine has them so."""
    values = answer.get_column(_WEIGHT)
    if isinstance(values.dtype, (nw.Float64, nw.Float32)):
        return values.to_numpy()
    exact = [int(value) for value in values.to_list()]
    fits = all(-(2**63) <= value < 2**63 for value in exact)
    return np.array(exact, dtype=np.int64 if fits else np.float64)


def _nothing_to_sum(column: str, rows: int) -> DataError:
    return DataError(
        f"value_col={column!r} holds no finite number in {rows:,} rows, so there is no sum to draw. "
        "Leave value_col out to count rows."
    )
