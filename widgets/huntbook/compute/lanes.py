"""Which lane of a timeline each row is in: a lane a group, the smaller groups in one lane together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd

from huntbook.compute.categories import Categories, categories, code_type
from huntbook.compute.frames import require_column
from huntbook.compute.labels import category_labels

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

LaneOrder = Literal["total", "rarity", "ascending", "descending", "first", "last"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lanes:
    """The lanes of a timeline from the top.

    Parameters
    ----------
    column
        What the rows are grouped by, in words; empty when they are not.
    labels
        The lanes' names; the last is "n more" if `rest` is not 0.
    totals
        Number of rows in each lane.
    distinct
        How many groups there are in all.
    rest
        How many groups share the last lane.
    codes
        One lane number a row.
    groups, group_totals
        One group number a row, and how many rows each group has.
    """

    column: str
    labels: list[str]
    totals: NDArray[np.int64]
    distinct: int
    rest: int
    codes: NDArray[np.unsignedinteger[Any]]
    groups: NDArray[np.unsignedinteger[Any]]
    group_totals: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.labels)


def assign_lanes(
    frame: pd.DataFrame,
    times: NDArray[np.int64],
    *,
    group_by: str | Sequence[str] | None,
    order: LaneOrder,
    max_groups: int,
) -> Lanes:
    """Give each row of `frame` a lane.

    Parameters
    ----------
    frame, times
        The rows and their times.
    group_by
        One column, several (a lane a combination), or None for one lane.
    order
        Of the lanes from the top: ``total`` busiest first, ``rarity`` quietest first, ``ascending`` and
        ``descending`` by name, ``first`` and ``last`` by the time of the first or last row.
    max_groups
        How many groups get a lane of their own: the first of that order among the busiest, or among the
        quietest for ``rarity``.
    """
    found, column = _groups(frame, group_by)
    counts = found.counts()
    used = np.flatnonzero(counts)
    size = counts[used] if order == "rarity" else -counts[used]
    chosen = used[np.lexsort((used, size))][:max_groups]
    chosen = _ordered(found, chosen, times, order)
    place = np.full(len(found), len(chosen), dtype=np.int64)
    place[chosen] = np.arange(len(chosen))
    rest = len(used) - len(chosen)
    labels = category_labels(found.values(chosen))
    totals = counts[chosen]
    if rest:
        labels = [*labels, f"{rest:,} more"]
        totals = np.append(totals, counts.sum() - totals.sum())
    return Lanes(
        column=column,
        labels=labels,
        totals=totals,
        distinct=len(used),
        rest=rest,
        codes=place.astype(code_type(len(labels) + 1))[found.codes],
        groups=found.codes,
        group_totals=counts,
    )


def _groups(frame: pd.DataFrame, group_by: str | Sequence[str] | None) -> tuple[Categories, str]:
    if group_by is None:
        return Categories(
            codes=np.zeros(len(frame), dtype=np.uint8), uniques=np.array(["all"], dtype=object)
        ), ""
    names = [group_by] if isinstance(group_by, str) else list(group_by)
    parts = [categories(require_column(frame, name, option="group_by"), option="group_by") for name in names]
    if len(parts) == 1:
        return parts[0], names[0]
    return _combined(parts), ", ".join(names)


def _combined(parts: list[Categories]) -> Categories:
    """Make a category of each combination that occurs, named by its parts."""
    keys = np.zeros(len(parts[0].codes), dtype=np.int64)
    for part in parts:
        keys = keys * len(part) + part.codes
    codes, uniques = pd.factorize(keys)
    _, first = np.unique(codes, return_index=True)
    columns = [_labels_at(part, part.codes[first]) for part in parts]
    names = np.empty(len(uniques), dtype=object)
    names[:] = [", ".join(labels) for labels in zip(*columns, strict=True)]
    return Categories(codes=codes.astype(code_type(len(uniques))), uniques=names)


def _labels_at(part: Categories, codes: NDArray[Any]) -> list[str]:
    """Return a label a code, the same for the same code."""
    distinct, place = np.unique(codes, return_inverse=True)
    labels = category_labels(part.values(distinct.astype(np.intp)))
    return [labels[at] for at in place]


def _ordered(
    found: Categories, chosen: NDArray[np.intp], times: NDArray[np.int64], order: LaneOrder
) -> NDArray[np.intp]:
    if order in {"total", "rarity"}:
        return chosen
    if order in {"ascending", "descending"}:
        labels = np.array([str(value) for value in found.values(chosen)])
        ranked = np.argsort(labels, kind="stable")
        return chosen[ranked if order == "ascending" else ranked[::-1]]
    edge = np.full(len(found), np.iinfo(np.int64).max)
    np.minimum.at(edge, found.codes, times if order == "first" else -times)
    return chosen[np.argsort(edge[chosen], kind="stable")]
