"""The matrix' counts from an engine: three group-by queries, however many rows there are."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import narwhals as nw
import numpy as np
import pandas as pd

from huntbook.compute.axes import Axis, Choice, Side
from huntbook.compute.categories import ranked
from huntbook.compute.engines.keys import among, category, finite, flagged
from huntbook.compute.engines.table import PREFIX, cells, whole_numbers
from huntbook.compute.pairs import Pairs, alike_together, rank_pairs
from huntbook.errors import DataError, OptionError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from huntbook.compute.axes import Order
    from huntbook.compute.engines.table import Table

# More categories than this are not fetched; those are the busiest.
_MOST = 100_000
# Where there can't be more pairs than this all are fetched, once: that is quicker than to look each row up among the
# shown categories, and another page or order asks nothing.
_MOST_PAIRS = 4_000_000
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
    def margin(self) -> str:
        """The column that says which rows are in the margin."""
        return f"{self.key}_margin"

    def keys(self) -> list[nw.Expr]:
        """Return the columns to group by: the shown value or null, and whether it is in the margin."""
        value = nw.col(self.key)
        if not self.axis.rest:
            return [value.alias(f"{self.key}_shown")]
        shown = among(self.table, self.key, self.axis.shown)
        return [nw.when(shown).then(value).alias(f"{self.key}_shown"), (~shown).alias(self.margin)]

    def places(self, answer: nw.DataFrame[Any]) -> np.ndarray[Any, np.dtype[np.int64]]:
        """Return the place of each row of an answer."""
        place = {value: at for at, value in enumerate(self.axis.shown)}
        last = len(place)
        values = cells(answer, f"{self.key}_shown")
        outside = cells(answer, self.margin) if self.axis.rest else [False] * len(values)
        found = [last if margin else place[value] for value, margin in zip(values, outside, strict=True)]
        return np.array(found, dtype=np.int64)


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
        rankings = self._rarest_pairs() if x.order == y.order == "rarity" else (None, None)
        sides = [
            _Side(
                table=self._table,
                axis=self._axis(side, choice, ranking, key=f"{PREFIX}{key}"),
                key=f"{PREFIX}{key}",
            )
            for key, side, choice, ranking in zip("xy", (self.x, self.y), (x, y), rankings, strict=True)
        ]
        if self._keeps_pairs:
            return alike_together(self._from_all_pairs(*(side.axis for side in sides)), x, y)
        pairs = _pairs(
            self._table,
            self._base,
            sides,
            sum_of=self._sum_of,
            distinct_of=self._distinct_of,
            with_flags=self._flagged,
        )
        return alike_together(pairs, x, y)

    @property
    def _keeps_pairs(self) -> bool:
        known = max(self.x.distinct, self.y.distinct) < _MOST
        if self._distinct_of is not None or self._flagged:
            return False
        return known and self.x.distinct * self.y.distinct <= _MOST_PAIRS

    @cached_property
    def _all_pairs(self) -> pd.DataFrame:
        """Every pair that occurs: the codes ``x`` and ``y``, ``rows``, ``value`` and ``missing``."""
        sums = [nw.len().alias(_ROWS)]
        if self._sum_of is not None:
            sums += [nw.col(_WEIGHT).sum(), nw.col(_MISSING).sum()]
        answer = self._table.fetch(self._base.group_by(f"{PREFIX}x", f"{PREFIX}y").agg(*sums))
        rows = whole_numbers(answer, _ROWS)
        found: dict[str, Any] = {
            key: side.codes_of(cells(answer, f"{PREFIX}{key}"))
            for key, side in (("x", self.x), ("y", self.y))
        }
        summed = self._sum_of is not None
        found |= {"rows": rows, "value": _sums(answer) if summed else rows}
        found["missing"] = whole_numbers(answer, _MISSING) if summed else np.zeros(len(rows), dtype=np.int64)
        return pd.DataFrame(found)

    def _from_all_pairs(self, x: Axis, y: Axis) -> Pairs:
        """Add up what has one place."""
        placed = self._all_pairs.assign(x_place=0, y_place=0)
        for key, side, axis in (("x", self.x, x), ("y", self.y, y)):
            place = np.full(side.distinct, len(axis.shown))
            place[side.codes_of(axis.shown)] = np.arange(len(axis.shown))
            placed[f"{key}_place"] = place[placed[key]]
        table = placed.groupby(["x_place", "y_place"])[["rows", "value", "missing"]].sum().reset_index()
        rows, skipped = int(table["rows"].sum()), int(table["missing"].sum())
        measure = "rows" if self._sum_of is None else f"sum of {self._sum_of}"
        if self._sum_of is not None and skipped == rows:
            raise _nothing_to_sum(self._sum_of, rows)
        return Pairs(
            x=x, y=y, measure=measure, table=table.drop(columns="missing"), rows=rows, skipped=skipped
        )

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
        if not self._flagged:
            return kept
        marked = self._base.filter(nw.col(_FLAG) > 0).group_by(key).agg(nw.len().alias(_ROWS))
        answer = self._table.fetch(marked.sort(_ROWS, descending=True).head(choice.size))
        most = np.argsort(-whole_numbers(answer, _ROWS), kind="stable")
        values = cells(answer, key)
        return pd.unique(np.concatenate([kept, side.codes_of([values[at] for at in most])]))

    def _rarest_pairs(self) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Return the categories of both sides in order of their rarest pair; then those without a rare one."""
        if self._keeps_pairs:
            every = self._all_pairs
            return self._ranking(*(every[name].to_numpy() for name in ("rows", "x", "y")))
        keys = [f"{PREFIX}x", f"{PREFIX}y"]
        pairs = self._base.group_by(keys).agg(nw.len().alias(_ROWS))
        answer = self._table.fetch(pairs.sort([_ROWS, *keys]).head(_MOST))
        xs, ys = (side.codes_of(cells(answer, key)) for side, key in zip((self.x, self.y), keys, strict=True))
        return self._ranking(whole_numbers(answer, _ROWS), xs, ys)

    def _ranking(
        self, rows: NDArray[np.int64], xs: NDArray[np.intp], ys: NDArray[np.intp]
    ) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        rarest = rank_pairs(rows, xs, ys, self.x, self.y)
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


def _pairs(
    table: Table,
    base: nw.LazyFrame[Any],
    sides: list[_Side],
    *,
    sum_of: str | None,
    distinct_of: str | None,
    with_flags: bool,
) -> Pairs:
    """Count by pair of places."""
    x, y = sides
    expressions = [*x.keys(), *y.keys()]
    placed = base.with_columns(*expressions)
    keys = [key for side in sides for key in ([f"{side.key}_shown"] + [side.margin] * (side.axis.rest > 0))]
    counts = [nw.len().alias(_ROWS)]
    if sum_of is not None:
        counts += [nw.col(_WEIGHT).sum(), nw.col(_MISSING).sum()]
    if with_flags:
        counts.append(nw.col(_FLAG).sum())
    answer = table.fetch(placed.group_by(keys).agg(*counts))
    found = {"x_place": x.places(answer), "y_place": y.places(answer), "rows": whole_numbers(answer, _ROWS)}
    rows, skipped, measure = int(found["rows"].sum()), 0, "rows"
    values = found["rows"]
    if sum_of is not None:
        skipped = int(whole_numbers(answer, _MISSING).sum())
        if skipped == rows:
            raise _nothing_to_sum(sum_of, rows)
        values, measure = _sums(answer), f"sum of {sum_of}"
    elif distinct_of is not None:
        each = placed.filter(~nw.col(_OTHER).is_null()).group_by([*keys, _OTHER]).agg(nw.len().alias(_ROWS))
        distinct = table.fetch(each.group_by(keys).agg(nw.len().alias(_ROWS)))
        number = dict(
            zip(
                zip(x.places(distinct), y.places(distinct), strict=True),
                whole_numbers(distinct, _ROWS),
                strict=True,
            )
        )
        at = zip(found["x_place"], found["y_place"], strict=True)
        values, measure = (
            np.array([number.get(pair, 0) for pair in at], dtype=np.int64),
            f"distinct {distinct_of}",
        )
    found["value"] = values
    if with_flags:
        found["flagged"] = whole_numbers(answer, _FLAG)
    drawn = pd.DataFrame(found).sort_values(["x_place", "y_place"], ignore_index=True)
    return Pairs(x=x.axis, y=y.axis, measure=measure, table=drawn, rows=rows, skipped=skipped)


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
