"""A column turned into what a colour can say: a few kinds and the rest, or a place on a scale."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    import numpy.typing as npt

    from huntbook.compute.processes.columns import IntArray
    from huntbook.compute.processes.forest import ProcessForest

__all__ = ["MOST_KINDS", "Coloring", "color_by"]

MOST_KINDS = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Coloring:
    """The colour of every node, as numbers.

    Parameters
    ----------
    column
        The column's name.
    kinds
        The commonest values, as text, most common first; empty for a scale.
    counts
        How many processes have each of them.
    rest
        How many other values there are, and how many processes have one of them.
    code
        For each node its kind; `MOST_KINDS` for another value, -1 for none. Empty for a scale.
    place
        For each node its place on the scale, 0 to 1; NaN for no value. Empty for kinds.
    low, high
        The ends of the scale, as text.
    """

    column: str
    kinds: tuple[str, ...] = ()
    counts: tuple[int, ...] = ()
    rest: tuple[int, int] = (0, 0)
    code: IntArray
    place: npt.NDArray[np.float64]
    low: str = ""
    high: str = ""

    @property
    def is_scale(self) -> bool:
        """Whether the column holds numbers or times."""
        return bool(len(self.place))

    def nodes(self, kind: int) -> IntArray:
        """Return the nodes of one kind, or with `MOST_KINDS` those of the rest."""
        return np.flatnonzero(self.code == kind)


def color_by(forest: ProcessForest, column: str) -> Coloring:
    """Prepare a column of the source for colouring.

    Parameters
    ----------
    forest
        The forest.
    column
        Any column of its source: truth values, numbers, times or text with any number of values.

    Raises
    ------
    ColumnNotFoundError
        The source has no such column.
    """
    values = forest.column(column)
    kind = forest.source[column].dtype
    if pd.api.types.is_numeric_dtype(kind) and not pd.api.types.is_bool_dtype(kind):
        return _scale(column, pd.to_numeric(values).to_numpy(dtype=float, na_value=np.nan), values)
    if pd.api.types.is_datetime64_any_dtype(kind):
        times = pd.to_datetime(values, utc=True)
        numbers = np.where(times.isna(), np.nan, times.to_numpy(dtype="datetime64[ns]").astype(np.int64))
        return _scale(column, numbers, values)
    return _kinds(column, values)


def _scale(column: str, numbers: npt.NDArray[np.float64], values: pd.Series) -> Coloring:
    finite = np.isfinite(numbers)
    if not finite.any():
        return _kinds(column, values)
    low, high = float(numbers[finite].min()), float(numbers[finite].max())
    place = np.where(finite, (numbers - low) / ((high - low) or 1.0), np.nan)
    ends = values[finite].min(), values[finite].max()
    return Coloring(
        column=column, code=np.empty(0, dtype=np.int64), place=place, low=str(ends[0]), high=str(ends[1])
    )


def _kinds(column: str, values: pd.Series) -> Coloring:
    text = (
        values.astype("string")
        if isinstance(values.dtype, pd.StringDtype)
        else values.map(str, na_action="ignore")
    )
    codes, uniques = pd.factorize(text)
    counts = np.bincount(codes[codes >= 0], minlength=len(uniques))
    commonest = np.argsort(-counts, kind="stable")[:MOST_KINDS]
    translation = np.full(len(uniques) + 1, MOST_KINDS, dtype=np.int64)
    translation[commonest] = np.arange(len(commonest))
    translation[-1] = -1
    shown = tuple(str(uniques[place]) for place in commonest)
    seen = tuple(int(counts[place]) for place in commonest)
    rest = len(uniques) - len(shown), int(counts.sum()) - sum(seen)
    return Coloring(
        column=column, kinds=shown, counts=seen, rest=rest, code=translation[codes], place=np.empty(0)
    )
