"""Columns of times as whole microseconds of UTC, whatever form they come in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from huntbook.errors import DataError

if TYPE_CHECKING:
    from numpy.typing import NDArray

# What an empty time is as an integer.
NO_TIME = np.iinfo(np.int64).min


def microseconds(values: pd.Series[Any], *, option: str) -> NDArray[np.int64]:
    """Return a column of times as microseconds since 1970 in UTC, `NO_TIME` where there is none.

    Parameters
    ----------
    values
        Times with or without a zone (without: UTC), or their text.
    option
        The name of the option that asked for the column, for the error's message.

    Raises
    ------
    DataError
        If a value is no time.
    """
    if not pd.api.types.is_datetime64_any_dtype(values.dtype):
        values = _parsed(values, option=option)
    if getattr(values.dt, "tz", None) is not None:
        values = values.dt.tz_convert("UTC").dt.tz_localize(None)
    return np.asarray(values.to_numpy(dtype="datetime64[us]")).view(np.int64)


def milliseconds(times: NDArray[np.int64] | int) -> Any:
    """Return microseconds as Bokeh's milliseconds."""
    return np.asarray(times, dtype=np.int64) / 1_000


def moment(value: Any, *, option: str) -> int:
    """Return one time, in any form that pandas reads, as microseconds of UTC."""
    try:
        stamp = pd.Timestamp(value)
    except (ValueError, TypeError) as error:
        raise DataError(
            f"{option}={value!r} is not a time. Give a datetime, a pandas.Timestamp or text such as '2024-03-11 08:00'."
        ) from error
    if pd.isna(stamp):
        raise DataError(f"{option}={value!r} is an empty time. Give a time, or leave the option out.")
    stamp = stamp.tz_localize("UTC") if stamp.tz is None else stamp.tz_convert("UTC")
    return int(stamp.tz_localize(None).to_datetime64().astype("datetime64[us]").astype(np.int64))


def stamp(time: int) -> str:
    """Return microseconds as text, to the second."""
    return f"{pd.Timestamp(time, unit='us'):%Y-%m-%d %H:%M:%S}"


def stretch(start: int, end: int) -> str:
    """Return a stretch of time in microseconds as text: one moment is told once."""
    first, last = stamp(start), stamp(end)
    return f"{first} UTC" if first == last else f"{first} to {last} UTC"


def _parsed(values: pd.Series[Any], *, option: str) -> pd.Series[Any]:
    name = str(values.name)
    if pd.api.types.is_numeric_dtype(values.dtype):
        raise DataError(
            f"{option}={name!r} holds {values.dtype} values, and numbers may count seconds or milliseconds. "
            f"Convert them first: pandas.to_datetime(frame[{name!r}], unit='s', utc=True)."
        )
    parsed = pd.to_datetime(values, format="ISO8601", utc=True, errors="coerce")
    missed = parsed.isna() & values.notna()
    if missed.any():
        parsed = parsed.where(
            ~missed, pd.to_datetime(values.where(missed), format="mixed", utc=True, errors="coerce")
        )
        missed = parsed.isna() & values.notna()
    if missed.any():
        example = values[missed].iloc[0]
        raise DataError(
            f"{option}={name!r} holds {int(missed.sum()):,} values that are no times, the first is {example!r}. "
            f"Convert the column with pandas.to_datetime(frame[{name!r}], format=..., utc=True)."
        )
    return parsed
