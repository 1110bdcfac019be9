"""Values into a KQL query, never as text pasted into it; and errors with a mark under the place."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from huntbook.errors import OptionError
from huntbook.kql_text import instant, quoted, real

__all__ = ["bind", "literal", "marked", "place_of", "table_name", "timespan_text"]

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,127}")
# Control characters have no place in a value; tab and line ends have escapes of their own.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u2028\u2029]")
# How much of a line is shown on each side of an error.
_AROUND = 60
_LIST = (list, tuple, set, frozenset)


def bind(query: str, parameters: Mapping[str, Any]) -> str:
    r"""Return the query with a typed ``let`` statement in front of it for each parameter.

    Parameters
    ----------
    query
        KQL that uses the parameters by name.
    parameters
        Text, numbers, booleans, times, durations, UUIDs, lists and mappings.

    Raises
    ------
    OptionError
        A name that is no identifier, or a value of another type.

    Examples
    --------
    >>> print(bind("SecurityEvent | where Account == who", {"who": 'a"; drop'}))
    let who = "a\"; drop";
    SecurityEvent | where Account == who
    """
    lines = []
    for name, value in parameters.items():
        if not _NAME.fullmatch(name):
            raise OptionError(
                f"parameter {name!r}: a parameter's name has letters, digits and underscores only."
            )
        lines.append(f"let {name} = {literal(value, name=name)};")
    return "\n".join([*lines, query])


def literal(value: Any, *, name: str = "value") -> str:
    """Return one value as a KQL literal of its own type.

    Raises
    ------
    OptionError
        A type that KQL has no literal for, or text with control characters.

    Examples
    --------
    >>> literal(timedelta(hours=1)), literal([1, "a"]), literal(None)
    ('time(0.01:00:00.000000)', 'dynamic([1, "a"])', 'dynamic(null)')
    """
    if value is None or isinstance(value, (*_LIST, Mapping)):
        return f"dynamic({json.dumps(_plain(value, name))})"
    if isinstance(value, str):
        return _text(value, name)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return _whole(value, name)
    if isinstance(value, float):
        return f"real({real(value)})"
    return _other(value, name)


def _other(value: Any, name: str) -> str:
    if isinstance(value, Decimal) and value.is_finite():
        return f"decimal({value:f})"
    if isinstance(value, UUID):
        return f"guid({value})"
    if isinstance(value, datetime):
        return f"datetime({instant(value)})"
    if isinstance(value, date):
        return f"datetime({value.isoformat()})"
    if isinstance(value, timedelta):
        return f"time({_duration(value)})"
    if hasattr(value, "item"):  # a number of numpy
        return literal(value.item(), name=name)
    raise OptionError(
        f"parameter {name!r}: KQL has no literal for a {type(value).__name__}. Give text, a number, a time, a list "
        "or a mapping."
    )


def _text(value: str, name: str) -> str:
    if _CONTROL.search(value):
        raise OptionError(f"parameter {name!r}: the text has control characters. Remove them.")
    return quoted(value)


def _whole(value: int, name: str) -> str:
    if not -(2**63) <= value < 2**63:
        raise OptionError(f"parameter {name!r}: {value} does not fit into 64 bits. Give it as a Decimal.")
    return f"long({value})"


def _duration(value: timedelta) -> str:
    sign = "-" if value < timedelta(0) else ""
    whole = abs(value)
    hours, rest = divmod(whole.seconds, 3600)
    return f"{sign}{whole.days}.{hours:02}:{rest // 60:02}:{rest % 60:02}.{whole.microseconds:06}"


def _plain(value: Any, name: str) -> Any:
    """Return a list or a mapping as JSON knows it."""
    if isinstance(value, Mapping):
        return {str(key): _plain(item, name) for key, item in value.items()}
    if isinstance(value, _LIST):
        return [_plain(item, name) for item in value]
    if isinstance(value, (datetime, timedelta)):
        return instant(value) if isinstance(value, datetime) else _duration(value)
    if (
        value is None
        or isinstance(value, (str, bool, int))
        or (isinstance(value, float) and math.isfinite(value))
    ):
        return value
    return _plain(value.item(), name) if hasattr(value, "item") else str(value)


def timespan_text(timespan: timedelta | tuple[datetime, datetime] | str | None) -> str | None:
    """Return a timespan as the query API takes it.

    Parameters
    ----------
    timespan
        A duration up to now, a start and an end (without a zone: UTC), ISO 8601 text, or
        None for no limit beside the query's own.

    Examples
    --------
    >>> timespan_text(timedelta(days=1))
    'PT86400S'
    """
    if timespan is None or isinstance(timespan, str):
        return timespan
    if isinstance(timespan, timedelta):
        return f"PT{timespan.total_seconds():.10g}S"
    start, end = timespan
    if end <= start:
        raise OptionError(f"timespan: the end {end} is not after the start {start}.")
    return f"{instant(start)}/{instant(end)}"


def marked(query: str, *, line: int | None, column: int | None) -> str:
    """Return the query's line with a mark under the place of an error; empty where the place is not known.

    Of a long line only what is around the place.
    """
    lines = query.splitlines()
    if line is None or not 1 <= line <= len(lines):
        return ""
    text = lines[line - 1]
    place = min(max(column or 0, 0), len(text))
    start = max(place - _AROUND, 0)
    before, after = text[start:place], text[place : place + _AROUND]
    # A tab above and below keeps the mark under its place.
    indent = re.sub(r"[^\t]", " ", before)
    return f"\n  {before}{after}\n  {indent}^"


def place_of(query: str, name: str) -> tuple[int | None, int | None]:
    """Return the line and column of a name's first place in a query, as the service counts them."""
    found = re.search(rf"(?<!\w){re.escape(name)}(?!\w)", query)
    if found is None:
        return None, None
    before = query[: found.start()]
    return before.count("\n") + 1, len(before) - before.rfind("\n") - 1


def table_name(name: str) -> str:
    """Return a table's name as it stands in a query; one that is no identifier in brackets and quotes.

    Examples
    --------
    >>> table_name("SecurityEvent"), table_name("odd-name")
    ('SecurityEvent', '["odd-name"]')
    """
    return name if _NAME.fullmatch(name) else f"[{_text(name, 'table')}]"
