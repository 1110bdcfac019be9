"""Option words and numbers that several pictures take."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from huntbook.errors import OptionError

if TYPE_CHECKING:
    from huntbook.compute.pairs import Order

# The browser stays fluent, and the message under a megabyte, up to the square of this.
MOST_CATEGORIES = 200
_LEAST_PIXELS, _MOST_PIXELS = 200, 10_000


def value_order(sort: str | bool | None, *, option: str) -> Order:  # noqa: FBT001 - the option's own types
    """Return the order that a value of `sort` asks for; `option` is the name it was given under."""
    if sort is None:
        return "total"
    if sort is False:
        return "appearance"
    if sort is True:
        return "ascending"
    word = str(sort).lower()
    if word.startswith("asc"):
        return "ascending"
    if word.startswith("desc"):
        return "descending"
    raise OptionError.unknown(sort, option=option, known=["asc", "desc", True, False, None])


def whole(option: str, value: Any, least: int, most: int) -> int:
    """Return a whole number within its limits."""
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise OptionError(f"{option}={value!r}: it takes a whole number from {least:,} to {most:,}.")
    return value


def pixels(option: str, value: Any) -> int | None:
    """Return a length of the picture in pixels, None for the default."""
    return None if value is None else whole(option, value, _LEAST_PIXELS, _MOST_PIXELS)
