"""How text, numbers and times are written in KQL; for whoever writes queries."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from typing import Any

__all__ = ["instant", "quoted", "real"]

_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def quoted(text: str) -> str:
    r"""Return text as a literal on one line; what does not show is written as its escape.

    The escapes are those that Kusto's own scanner knows: ``\\``, ``\"``, ``\n``, ``\r``, ``\t``, ``\uXXXX``
    and ``\UXXXXXXXX``.

    Examples
    --------
    >>> print(quoted('a"b\x00'))
    "a\"b\u0000"
    """
    return '"' + "".join(map(_escaped, text)) + '"'


def real(value: float) -> str:
    """Return a floating-point number, to be read back as the same; NaN and infinity only inside ``real(...)``."""
    if math.isnan(value):
        return "nan"
    return repr(value) if math.isfinite(value) else "+inf" if value > 0 else "-inf"


def instant(value: datetime) -> str:
    """Return a time in UTC, to the microsecond or, where it has them, to the 100 nanoseconds that Kusto keeps.

    A time without a zone is taken as UTC.
    """
    aware = value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
    nanoseconds: Any = getattr(value, "nanosecond", 0)
    return aware.strftime("%Y-%m-%dT%H:%M:%S.%f") + (str(nanoseconds // 100) if nanoseconds else "") + "Z"


def _escaped(character: str) -> str:
    if character in _ESCAPES:
        return _ESCAPES[character]
    if character.isprintable():
        return character
    code = ord(character)
    return f"\\u{code:04X}" if code <= 0xFFFF else f"\\U{code:08X}"  # noqa: PLR2004 - four digits hold no more
