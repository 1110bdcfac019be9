"""Columns of security data, as they really arrive, turned into integer arrays.

Every value that isn't there becomes -1, or `NAT` for times. A value that can't be read is an error that names
the column and the first bad row; nothing is dropped in silence.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import pandas as pd

from huntbook.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy.typing as npt

__all__ = [
    "NAT",
    "NOTHING",
    "Coded",
    "IntArray",
    "Vocabulary",
    "encode",
    "encode_text",
    "process_ids",
    "times",
]

IntArray: TypeAlias = "npt.NDArray[np.int64]"
CodeArray: TypeAlias = "npt.NDArray[np.int32]"

NAT = int(np.iinfo(np.int64).min)
NOTHING = frozenset({"", "-", "n/a", "na", "nan", "none", "null", "<na>"})
# Recorders write the beginning of their calendar (1601, 1970 or the year 1) where they don't know a time.
_EARLIEST = pd.Timestamp("1980-01-01")
_ZERO_TEXT = r"(?:0001|1601)-"


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The distinct texts behind the codes of one or more columns."""

    texts: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.texts)


@dataclass(frozen=True, slots=True)
class Coded:
    """Columns as codes into one vocabulary; -1 where a cell holds nothing."""

    codes: tuple[CodeArray, ...]
    vocabulary: Vocabulary


def encode(columns: Sequence[pd.Series], normalise: Callable[[str], str]) -> Coded:
    """Code columns of few distinct values; cells that are equal after `normalise` share a code.

    Parameters
    ----------
    columns
        The columns that are to share one vocabulary. The text kept for a code is the first one seen.
    normalise
        From a cell's text to what is compared; an empty answer means that the cell holds nothing.
    """
    known: dict[str, int] = {}
    texts: list[str] = []
    coded = []
    for column in columns:
        codes, uniques = pd.factorize(column)
        translation = np.full(len(uniques) + 1, -1, dtype=np.int32)
        for place, unique in enumerate(uniques):
            text = _cell_text(unique)
            compared = normalise(text)
            if not compared or compared.lower() in NOTHING:
                continue
            if compared not in known:
                known[compared] = len(texts)
                texts.append(text)
            translation[place] = known[compared]
        coded.append(translation[codes])
    return Coded(tuple(coded), Vocabulary(tuple(texts)))


def encode_text(columns: Sequence[pd.Series]) -> tuple[CodeArray, ...]:
    """Code columns of many distinct long texts, such as command lines.

    Case, outer space and doubled percent signs make no difference: some recorders escape them on one side only.
    """
    every = pd.concat([_as_text(column) for column in columns], ignore_index=True)
    folded = every.str.strip().str.lower().str.replace("%%", "%", regex=False)
    codes, uniques = pd.factorize(folded)
    nothing = np.append(np.isin(np.asarray(uniques, dtype=object), sorted(NOTHING)), True)
    codes = np.where(nothing[codes], -1, codes).astype(np.int32)
    return tuple(np.split(codes, np.cumsum([len(column) for column in columns])[:-1]))


def process_ids(column: pd.Series) -> IntArray:
    """Read process ids given as whole numbers, floats, decimal or hex text, or a mix; -1 where there is none.

    Parameters
    ----------
    column
        The column; its name and the number of the first bad row appear in the error.

    Raises
    ------
    DataError
        A cell that is no process id.
    """
    if pd.api.types.is_integer_dtype(column.dtype):
        return np.asarray(np.maximum(column.to_numpy(dtype=np.int64, na_value=-1), -1), dtype=np.int64)
    codes, uniques = pd.factorize(column)
    values = np.full(len(uniques) + 1, -1, dtype=np.int64)
    for place, unique in enumerate(uniques):
        try:
            values[place] = _process_id(unique)
        except (ValueError, OverflowError) as error:
            row = int(np.flatnonzero(codes == place)[0])
            raise DataError(
                f"Column {column.name!r}, row {row} (counted from 0): {unique!r} is not a process id. "
                "Ids are whole numbers, or hex text such as '0x1a4'."
            ) from error
    return values[codes]


def times(column: pd.Series) -> IntArray:
    """Read times as nanoseconds since 1970 in UTC; `NAT` where there is none or the recorder's zero.

    Parameters
    ----------
    column
        Datetimes or text, with or without a zone, in any mix; without a zone they count as UTC.

    Raises
    ------
    DataError
        A cell that is no time, or numbers, whose unit can't be known.
    """
    if pd.api.types.is_numeric_dtype(column.dtype) and not column.isna().all():
        raise DataError(
            f"Column {column.name!r} holds numbers, not times. "
            f"Say their unit first: frame[{column.name!r}] = pd.to_datetime(frame[{column.name!r}], unit='s')."
        )
    if not pd.api.types.is_datetime64_any_dtype(column.dtype):
        column = _parsed(column)
    elif column.dt.tz is not None:
        column = column.dt.tz_convert("UTC").dt.tz_localize(None)
    known = column.where(column >= _EARLIEST)
    return known.to_numpy(dtype="datetime64[ns]").astype(np.int64)


def _parsed(column: pd.Series) -> pd.Series:
    """Parse text (or a mix of text and time objects) to naive UTC."""
    text = _as_text(column).str.strip().str.lower()
    cells = column.where(~(text.isin(NOTHING) | text.str.match(_ZERO_TEXT, na=False)))
    codes, uniques = pd.factorize(cells)
    found = pd.Series(pd.to_datetime(pd.Series(uniques), utc=True, errors="coerce", format="ISO8601"))
    if found.isna().any():
        rest = pd.to_datetime(pd.Series(uniques)[found.isna()], utc=True, errors="coerce", format="mixed")
        found = found.fillna(rest)
    bad = found.isna().to_numpy()
    if bad.any():
        row = int(np.flatnonzero(np.append(bad, False)[codes])[0])
        raise DataError(
            f"Column {column.name!r}, row {row} (counted from 0): {uniques[codes[row]]!r} is not a time. "
            "Times are datetimes, or text such as '2026-01-31 23:59:58.123+01:00'."
        )
    known = np.append(
        found.dt.tz_convert("UTC").dt.tz_localize(None).to_numpy("datetime64[ns]"), np.datetime64("NaT")
    )
    return pd.Series(known[codes], name=column.name)


def _process_id(cell: object) -> int:
    if isinstance(cell, str):
        text = cell.strip().lower()
        if text in NOTHING:
            return -1
        if text.startswith("0x"):
            return int(text, 16)
        try:
            return _process_id(int(text))
        except ValueError:
            return _process_id(float(text))
    if isinstance(cell, bool | np.bool_):
        raise ValueError("a truth value")  # noqa: TRY004 - the caller makes one message of both
    number = float(cell)  # type: ignore[arg-type]  # whatever is no number raises, which is the point
    if number != int(number):
        raise ValueError("not whole")
    return max(int(number), -1)


def _cell_text(cell: object) -> str:
    """Return a cell as text; logon session 999.0 of a column with gaps is the session 999."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


def _as_text(column: pd.Series) -> pd.Series:
    if isinstance(column.dtype, pd.StringDtype):
        return column
    return column.astype(object).where(column.notna(), None).map(str, na_action="ignore").astype("string")
