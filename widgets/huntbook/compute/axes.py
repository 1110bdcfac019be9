"""The sides of a matrix: which categories get a place of their own, and in what order."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, Protocol

import numpy as np

from huntbook.compute.categories import ranked
from huntbook.compute.conditions import Among, Condition, Everything
from huntbook.compute.labels import category_labels

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

Order = Literal["total", "rarity", "similarity", "ascending", "descending", "appearance"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Which categories of a side are asked for.

    Parameters
    ----------
    order
        ``total`` busiest first, ``rarity`` fewest rows first, ``similarity`` those beside each other that
        meet the same on the other side, ``ascending`` or ``descending`` by value with null last,
        ``appearance`` by first row.
    size
        How many categories get a place.
    page
        Which of the categories, `size` at a time from 0. By rarity the rarest are first, else the busiest:
        the other orders are those within a page.
    kept
        Values that have a place on every page.
    """

    order: Order = "total"
    size: int = 100
    page: int = 0
    kept: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Axis:
    """The categories drawn along one side, in drawn order.

    Parameters
    ----------
    column
        The column's name.
    shown, labels
        The drawn categories and their text, without the margin.
    distinct
        How many categories the column holds in all.
    codes
        The codes of the drawn categories.
    order
        In which order they were asked for.
    page, pages
        Which page of the categories is drawn, from 0, and how many there are.
    """

    column: str
    shown: list[Any]
    labels: list[str]
    distinct: int
    codes: NDArray[np.intp]
    order: Order = "total"
    page: int = 0
    pages: int = 1

    @property
    def rest(self) -> int:
        """How many categories share the margin place; 0 when there is no margin."""
        return self.distinct - len(self.shown)

    @property
    def places(self) -> int:
        """How many places there are along the side, with the margin."""
        return len(self.shown) + (self.rest > 0)

    @property
    def place_labels(self) -> list[str]:
        """The text of every place, with the margin's."""
        return [*self.labels, f"{self.rest:,} more"] if self.rest else self.labels

    @property
    def place_values(self) -> list[Any]:
        """The value of every place; the margin's is its label."""
        return [*self.shown, f"{self.rest:,} more"] if self.rest else self.shown

    def condition(self, places: Iterable[int]) -> Condition:
        """Return which rows are at some of the places; the margin's are those with none of the drawn values."""
        wanted = set(places)
        if len(wanted) == self.places:
            return Everything()
        margin = bool(self.rest) and len(self.shown) in wanted
        values = [value for at, value in enumerate(self.shown) if (at in wanted) != margin]
        return Among(self.column, tuple(values), negated=margin)

    def reordered(self, places: NDArray[np.intp]) -> Axis:
        """Return the axis with its categories in another order."""
        return replace(
            self,
            shown=[self.shown[at] for at in places],
            labels=[self.labels[at] for at in places],
            codes=self.codes[places],
        )


class Values(Protocol):
    """Where the values of categories come from, by their codes."""

    def values(self, codes: NDArray[np.intp]) -> list[Any]:
        """Return the values behind `codes`, None for null."""

    def first_rows(self) -> NDArray[np.int64]:
        """Return the position of the first row of each category."""


class Side:
    """All categories of a column, to choose from.

    Parameters
    ----------
    column
        The column's name.
    source
        The categories' values.
    rows
        How many rows each category has; 0 for a category that no row has.
    totals
        What makes a category busy: its rows, or the sum of absolute values.
    distinct
        How many categories there are in all, where only the busiest are given; None for those with rows.
    """

    def __init__(
        self,
        column: str,
        source: Values,
        *,
        rows: NDArray[np.int64],
        totals: NDArray[Any],
        distinct: int | None = None,
    ) -> None:
        self.column = column
        self.rows = rows
        self._source = source
        self._totals = totals
        self._given = distinct

    @property
    def distinct(self) -> int:
        """How many categories there are in all."""
        return len(self.used) if self._given is None else self._given

    @cached_property
    def used(self) -> NDArray[np.intp]:
        """The categories that have rows, the busiest first."""
        used = np.flatnonzero(self.rows)
        # lexsort: by total, then by rows, then by code, so that ties fall the same way each time.
        return used[np.lexsort((used, -self.rows[used], -self._totals[used].astype(float)))]

    @cached_property
    def rarest(self) -> NDArray[np.intp]:
        """The categories that have rows, those with the fewest first."""
        return self.used[::-1][np.argsort(self.rows[self.used[::-1]], kind="stable")]

    @cached_property
    def labels(self) -> dict[int, str]:
        """The text of each category that has rows, by its code."""
        return dict(zip(self.used.tolist(), category_labels(self.values(self.used)), strict=True))

    def labels_of(self, codes: NDArray[np.intp]) -> list[str]:
        """Return the text of some categories."""
        return [self.labels[code] for code in codes.tolist()]

    def values(self, codes: NDArray[np.intp]) -> list[Any]:
        """Return the values of some categories."""
        return self._source.values(codes)

    def find(self, text: str) -> NDArray[np.intp]:
        """Return the categories with a text in their label, in any case; the busiest first."""
        wanted = text.casefold()
        return np.array(
            [code for code, label in self.labels.items() if wanted in label.casefold()], dtype=np.intp
        )

    def codes_of(self, values: Sequence[Any]) -> NDArray[np.intp]:
        """Return the codes of some values; those that no row has are left out."""
        if not values:
            return np.empty(0, dtype=np.intp)
        known = {
            (_kind(value), value): code for value, code in zip(self.values(self.used), self.used, strict=True)
        }
        found = [known[_kind(value), value] for value in values if (_kind(value), value) in known]
        return np.array(found, dtype=np.intp)

    def axis(self, choice: Choice, *, ranking: NDArray[np.intp], kept: NDArray[np.intp]) -> Axis:
        """Choose and order the categories that get a place.

        Parameters
        ----------
        choice
            What is asked for; its `kept` are given as codes.
        ranking
            All categories that have rows, in the order in which they get places.
        kept
            Categories that have a place on every page, as far as there are places.
        """
        kept = kept[: choice.size]
        others = ranking[~np.isin(ranking, kept)] if len(kept) else ranking
        step = choice.size - len(kept)
        pages = max(1, -(-len(others) // step)) if step else 1
        page = min(max(choice.page, 0), pages - 1)
        chosen = others[page * step : (page + 1) * step]
        if len(kept):
            chosen = ranking[np.isin(ranking, np.concatenate([kept, chosen]))]
        chosen = self._ordered(chosen, choice.order)
        shown = self.values(chosen)
        return Axis(
            column=self.column,
            shown=shown,
            labels=category_labels(shown),
            distinct=self.distinct,
            codes=chosen,
            order=choice.order,
            page=page,
            pages=pages,
        )

    def _ordered(self, codes: NDArray[np.intp], order: Order) -> NDArray[np.intp]:
        if order == "appearance":
            return codes[np.argsort(self._source.first_rows()[codes], kind="stable")]
        if order in {"ascending", "descending"}:
            places = ranked(self.values(codes), descending=order == "descending")
            return codes[np.array(places, dtype=np.intp)]
        return codes


def _kind(value: Any) -> str:
    """Tell 1, True and 1.0 apart, and take a time for a time whoever made it."""
    return type(value).__name__.replace("Timestamp", "datetime")
