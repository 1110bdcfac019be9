"""Values for a saved query's parameters, by the types that its file declares."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pandas as pd

from huntbook.errors import OptionError

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["KINDS", "typed"]

_AGO = re.compile(r"[+-]?\d+(\.\d+)?\s*[a-zA-Z]+")


def typed(value: Any, *, kind: str, name: str, now: datetime) -> Any:
    """Return a value as its declared type, or refuse it.

    Parameters
    ----------
    value
        What was given, or the file's default.
    kind
        ``str``; ``int``; ``float``; ``bool``; ``list``; ``dict``; ``datetime``: a time, text in ISO 8601, or a number
        of days from now, such as -5, or ``-12h``; ``timedelta``: a duration or text such as ``1h``.
    name
        The parameter's, for the error.
    now
        What days are counted from.

    Raises
    ------
    OptionError
        A value of another type.

    Examples
    --------
    >>> typed(-1, kind="datetime", name="start", now=datetime(2024, 1, 2, tzinfo=UTC))
    datetime.datetime(2024, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)
    """
    # Numbers of NumPy and pandas, as they come out of frames.
    plain = value.item() if type(value).__module__ == "numpy" and hasattr(value, "item") else value
    try:
        return _READERS[kind](plain, now)
    except (TypeError, ValueError, OverflowError) as error:
        raise OptionError(f"{name}={value!r}: the query asks for {KINDS[kind]}.") from error


def _text(value: Any, _now: datetime) -> str:
    if isinstance(value, (str, int, float, Decimal)) and not isinstance(value, bool):
        return str(value)
    if type(value).__name__ == "UUID":
        return str(value)
    raise TypeError


def _whole(value: Any, _now: datetime) -> int:
    if isinstance(value, bool) or (isinstance(value, float) and not value.is_integer()):
        raise TypeError
    return int(value)


def _real(value: Any, _now: datetime) -> float:
    if isinstance(value, bool):
        raise TypeError
    return float(value)


def _truth(value: Any, _now: datetime) -> bool:
    if isinstance(value, str) and value.lower() in {"true", "false"}:
        return value.lower() == "true"
    if not isinstance(value, bool):
        raise TypeError
    return value


def _time(value: Any, now: datetime) -> datetime:
    if isinstance(value, bool):
        raise TypeError
    if isinstance(value, (int, float)):
        return now + timedelta(days=value)
    if isinstance(value, timedelta):
        return now + value
    if isinstance(value, str) and _AGO.fullmatch(value.strip()):
        return now + _duration(value, now)
    if not isinstance(value, (str, date)):
        raise TypeError
    read = pd.Timestamp(value)
    if pd.isna(read):
        raise ValueError
    aware = read.tz_localize(UTC) if read.tzinfo is None else read
    return aware.to_pydatetime(warn=False)


def _duration(value: Any, _now: datetime) -> timedelta:
    if not isinstance(value, (str, timedelta)):
        raise TypeError
    read = pd.Timedelta(value)
    if pd.isna(read):
        raise ValueError
    return read.to_pytimedelta()


def _several(value: Any, _now: datetime) -> list[Any]:
    if isinstance(value, (str, bytes, Mapping)):
        # MSTICPy takes one text for a list of it.
        return [_text(value, _now)]
    return list(value)


def _mapping(value: Any, _now: datetime) -> Mapping[Any, Any]:
    if not isinstance(value, Mapping):
        raise TypeError
    return value


KINDS = {
    "str": "a text",
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "datetime": "a time, such as '2024-01-31', or days from now, such as -5 or '-12h'",
    "timedelta": "a duration, such as '1h' or '7d'",
    "list": "a list",
    "dict": "names with values",
}
_READERS: dict[str, Callable[[Any, datetime], Any]] = {
    "str": _text,
    "int": _whole,
    "float": _real,
    "bool": _truth,
    "datetime": _time,
    "timedelta": _duration,
    "list": _several,
    "dict": _mapping,
}
