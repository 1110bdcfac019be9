"""Which lane of a timeline each group is in: a lane a group, page by page, and one lane for all the others."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd

from huntbook.compute.categories import Categories, blocks, categories, code_type
from huntbook.compute.frames import require_column
from huntbook.compute.labels import category_labels
from huntbook.errors import OptionError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

LaneOrder = Literal["total", "rarity", "ascending", "descending", "first", "last"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrangement:
    """Which groups have a lane of their own.

    Parameters
    ----------
    order
        Of the groups: ``total`` busiest first, ``rarity`` quietest first, ``ascending`` and ``descending``
        by name (numbers by size), ``first`` the first seen first, ``last`` the last seen first.
    search
        Only groups with this text in their name, in any case; empty for all.
    page, size
        Of the groups in that order, the `size` of this page, counted from 0, have lanes of their own.
    """

    order: LaneOrder = "total"
    search: str = ""
    page: int = 0
    size: int = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Lanes:
    """The lanes of a timeline from the top.

    Parameters
    ----------
    columns
        What the rows are grouped by; none when they are not.
    labels
        The lanes' names; the last is "n more" if `rest` is not 0.
    keys
        For each lane but that of the rest, the group's value in each of `columns`, None for null.
    totals
        Number of rows in each lane.
    distinct
        How many groups there are in all.
    rest
        How many groups share the last lane.
    found
        How many groups the search found.
    arrangement
        What they were arranged by; its page is one that exists.
    """

    columns: tuple[str, ...]
    labels: list[str]
    keys: list[tuple[Any, ...]]
    totals: NDArray[np.int64]
    distinct: int
    rest: int
    found: int
    arrangement: Arrangement

    def __len__(self) -> int:
        return len(self.labels)

    @property
    def column(self) -> str:
        """What the rows are grouped by, in words; empty when they are not."""
        return ", ".join(self.columns)

    @property
    def pages(self) -> int:
        """How many pages the groups found have, at least 1."""
        return max(1, -(-self.found // self.arrangement.size))


class Groups:
    """The groups of a frame's rows.

    Parameters
    ----------
    columns
        What the rows are grouped by.
    codes
        One group number a row.
    totals
        How many rows each group has; 0 for a category that no row has.
    parts
        The values of each column by its own code.
    cells
        For each group, the code of its value in each of `parts`.
    """

    def __init__(
        self,
        *,
        columns: tuple[str, ...],
        codes: NDArray[np.unsignedinteger[Any]],
        totals: NDArray[np.int64],
        parts: list[Categories],
        cells: list[NDArray[Any]],
    ) -> None:
        self.columns = columns
        self.codes = codes
        self.totals = totals
        self._parts = parts
        self._cells = cells
        self._known_edges: dict[bool, tuple[NDArray[np.int64], NDArray[np.int64]]] = {}

    @property
    def rows(self) -> int:
        """How many rows there are in all."""
        return int(self.totals.sum())

    @property
    def distinct(self) -> int:
        """How many groups have rows."""
        return len(self.used)

    @cached_property
    def used(self) -> NDArray[np.intp]:
        """The groups that have rows."""
        return np.flatnonzero(self.totals)

    def keys(self, chosen: NDArray[np.intp]) -> list[tuple[Any, ...]]:
        """Return the values of each of some groups."""
        columns = [
            part.values(cells[chosen].astype(np.intp))
            for part, cells in zip(self._parts, self._cells, strict=True)
        ]
        return list(zip(*columns, strict=True)) if columns else [()] * len(chosen)

    def edges(self, times: NDArray[np.int64], *, last: bool) -> NDArray[np.int64]:
        """Return the first time of each group, or the last; for the same times as before without another pass."""
        known = self._known_edges.get(last)
        if known is not None and known[0] is times:
            return known[1]
        edge = np.full(len(self.totals), np.iinfo(np.int64).min if last else np.iinfo(np.int64).max)
        for rows in blocks(len(times)):
            (np.maximum if last else np.minimum).at(edge, self.codes[rows].astype(np.intp), times[rows])
        self._known_edges[last] = times, edge
        return edge


def lane_order(sort: Any) -> LaneOrder:
    """Return the order that a value of the option `sort` asks for."""
    if sort is None or isinstance(sort, bool):
        orders: dict[bool | None, LaneOrder] = {None: "total", True: "ascending", False: "first"}
        return orders[sort]
    word = sort.lower() if isinstance(sort, str) else ""
    words: dict[str, LaneOrder] = {
        "asc": "ascending",
        "desc": "descending",
        "total": "total",
        "rarity": "rarity",
        "first": "first",
        "last": "last",
    }
    for start, order in words.items():
        if word.startswith(start):
            return order
    raise OptionError.unknown(sort, option="sort", known=[*words, True, False, None])


def read_groups(frame: pd.DataFrame, group_by: str | Sequence[str] | None) -> Groups:
    """Read which group each row of `frame` is in.

    Parameters
    ----------
    frame
        The rows.
    group_by
        One column, several (a group a combination), or None for one group.
    """
    if group_by is None:
        rows = len(frame)
        return Groups(
            columns=(), codes=np.zeros(rows, dtype=np.uint8), totals=np.array([rows]), parts=[], cells=[]
        )
    names = [group_by] if isinstance(group_by, str) else list(group_by)
    parts = [categories(require_column(frame, name, option="group_by"), option="group_by") for name in names]
    if len(parts) == 1:
        only = parts[0]
        codes, totals, cells = only.codes, only.counts(), [np.arange(len(only))]
    else:
        codes, totals, cells = _combined(parts)
    return Groups(columns=tuple(map(str, names)), codes=codes, totals=totals, parts=parts, cells=cells)


def arrange(
    groups: Groups, times: NDArray[np.int64], arrangement: Arrangement
) -> tuple[Lanes, NDArray[np.unsignedinteger[Any]]]:
    """Choose which groups have a lane of their own, and return the lanes and the lane of each group.

    Parameters
    ----------
    groups, times
        The rows' groups and times.
    arrangement
        Order, search and page.
    """
    ranked = _ranked(groups, times, arrangement.order)
    if arrangement.search:
        wanted = arrangement.search.casefold()
        hits = [wanted in label.casefold() for label in group_labels(groups.keys(ranked))]
        ranked = ranked[np.array(hits, dtype=bool)]
    last_page = max(0, -(-len(ranked) // arrangement.size) - 1)
    page = min(max(arrangement.page, 0), last_page)
    chosen = ranked[page * arrangement.size :][: arrangement.size]
    lanes = make_lanes(
        groups.columns,
        groups.keys(chosen),
        groups.totals[chosen],
        rows=groups.rows,
        distinct=groups.distinct,
        found=len(ranked),
        arrangement=Arrangement(
            order=arrangement.order, search=arrangement.search, page=page, size=arrangement.size
        ),
    )
    place = np.full(len(groups.totals), len(chosen), dtype=code_type(len(chosen) + 2))
    place[chosen] = np.arange(len(chosen))
    return lanes, place


def make_lanes(
    columns: tuple[str, ...],
    keys: list[tuple[Any, ...]],
    totals: NDArray[np.int64],
    *,
    rows: int,
    distinct: int,
    found: int,
    arrangement: Arrangement,
) -> Lanes:
    """Build the lanes of the chosen groups, with one more for all other rows.

    Parameters
    ----------
    columns, keys, totals, found, arrangement
        As for `Lanes`, of the chosen groups.
    rows, distinct
        How many rows and groups there are in all.
    """
    labels = group_labels(keys)
    rest = distinct - len(keys)
    if rest:
        labels = [*labels, f"{rest:,} more"]
        totals = np.append(totals, rows - totals.sum())
    return Lanes(
        columns=columns,
        labels=labels,
        keys=keys,
        totals=totals,
        distinct=distinct,
        rest=rest,
        found=found,
        arrangement=arrangement,
    )


def group_labels(keys: list[tuple[Any, ...]]) -> list[str]:
    """Return the name of each group: the labels of its values."""
    if not keys or not keys[0]:
        return ["all"] * len(keys)
    return [", ".join(labels) for labels in zip(*map(_part_labels, zip(*keys, strict=True)), strict=True)]


def order_by_name(keys: list[tuple[Any, ...]]) -> NDArray[np.intp]:
    """Return the places of groups in order of their names; numbers and times by size, null first."""
    ranks = [_name_ranks(values) for values in zip(*keys, strict=True)]
    return np.lexsort(ranks[::-1]) if ranks else np.arange(len(keys))


def _name_ranks(values: tuple[Any, ...]) -> NDArray[np.intp]:
    present = [value for value in values if value is not None]
    try:
        distinct = sorted(set(present))
    except TypeError:  # of several types
        distinct = []
    if not distinct or len({isinstance(value, str) for value in distinct}) > 1:
        labels = category_labels(list(values))
        return np.unique(np.array(labels, dtype=object), return_inverse=True)[1]
    rank = {value: at for at, value in enumerate(distinct)}
    return np.array([-1 if value is None else rank[value] for value in values])


def _part_labels(values: tuple[Any, ...]) -> list[str]:
    """Return a label a value, the same for the same value."""
    distinct = list({(type(value), value): value for value in values}.values())
    named = dict(zip(((type(value), value) for value in distinct), category_labels(distinct), strict=True))
    return [named[type(value), value] for value in values]


def _ranked(groups: Groups, times: NDArray[np.int64], order: LaneOrder) -> NDArray[np.intp]:
    """Return the groups that have rows, in their order."""
    used = groups.used
    if order in {"ascending", "descending"}:
        ranked = used[order_by_name(groups.keys(used))]
        return ranked if order == "ascending" else ranked[::-1]
    if order in {"total", "rarity"}:
        size = groups.totals[used] if order == "rarity" else -groups.totals[used]
    else:
        edges = groups.edges(times, last=order == "last")[used]
        size = edges if order == "first" else -edges
    return used[np.argsort(size, kind="stable")]


def _combined(
    parts: list[Categories],
) -> tuple[NDArray[np.unsignedinteger[Any]], NDArray[np.int64], list[NDArray[Any]]]:
    """Make a group of each combination that occurs: its codes, totals, and the parts' codes."""
    keys = np.zeros(len(parts[0].codes), dtype=np.int64)
    for part in parts:
        keys = keys * len(part) + part.codes
    codes, uniques = pd.factorize(keys)
    _, first = np.unique(codes, return_index=True)
    totals = np.bincount(codes, minlength=len(uniques))
    return codes.astype(code_type(len(uniques))), totals, [part.codes[first] for part in parts]
