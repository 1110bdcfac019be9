"""What every picture asks of the frame it is given: a pandas frame, and columns that are there."""

from __future__ import annotations

from collections.abc import Hashable
from typing import TYPE_CHECKING, Any

import pandas as pd

from huntbook.errors import ColumnNotFoundError, DataError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


def require_frame(frame: Any) -> pd.DataFrame:
    """Return `frame` if it is a pandas frame with rows; else raise a DataError that says what to do."""
    if not isinstance(frame, pd.DataFrame):
        raise DataError(
            f"frame is a {kind_of(frame)}; this is drawn from a pandas DataFrame. "
            "Convert it first, most libraries do it by `.to_pandas()`."
        )
    if frame.empty:
        raise empty_frame(rows=len(frame), columns=len(frame.columns))
    return frame


def empty_frame(*, rows: int, columns: int) -> DataError:
    """Return the error for a frame with no rows or no columns."""
    return DataError(
        f"The frame is empty ({rows:,} rows, {columns:,} columns), so there is nothing to draw. "
        "Check the query's time range and filters."
    )


def kind_of(frame: Any) -> str:
    """Return what an object is, in words: its library and its class."""
    return f"{type(frame).__module__.split('.')[0]}.{type(frame).__name__}"


def require_column(frame: pd.DataFrame, column: Any, *, option: str) -> pd.Series[Any]:
    """Return one column of `frame`; `option` is the name of the option that asked for it."""
    if not isinstance(column, Hashable) or column not in frame.columns:
        raise ColumnNotFoundError.named(str(column), option=option, columns=frame.columns)
    found: Any = frame[column]
    if isinstance(found, pd.DataFrame):
        raise DataError(
            f"{option}={column!r}: the frame has {found.shape[1]} columns of that name. "
            "Rename them so that each name is there once."
        )
    series: pd.Series[Any] = found
    return series


def numbers(values: pd.Series[Any], *, option: str) -> NDArray[np.generic]:
    """Return the column as an array of integers or floats, with NaN where it holds no number.

    Raises
    ------
    DataError
        If the column's dtype is not numeric (booleans count as 0 and 1).
    """
    if pd.api.types.is_bool_dtype(values.dtype):
        return values.to_numpy(dtype="float64", na_value=float("nan"))
    if not pd.api.types.is_numeric_dtype(values.dtype) or pd.api.types.is_complex_dtype(values.dtype):
        raise DataError(_not_numeric(values, option=option))
    if isinstance(values.dtype, pd.api.extensions.ExtensionDtype):
        return values.to_numpy(dtype="float64", na_value=float("nan"))
    return values.to_numpy()


def _not_numeric(values: pd.Series[Any], *, option: str) -> str:
    present = values.dropna()
    example = f" (its first value is {present.iloc[0]!r})" if len(present) else ""
    name = str(values.name)
    if pd.api.types.is_timedelta64_dtype(values.dtype):
        fix = f"Sum seconds instead: frame[{name!r}].dt.total_seconds()."
    else:
        fix = (
            f"Convert it with pandas.to_numeric(frame[{name!r}], errors='coerce'), "
            "or count its distinct values with dist_count=True."
        )
    return f"{option}={name!r} holds {values.dtype} values{example}, which can't be summed. {fix}"
