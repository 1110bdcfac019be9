"""Option words and numbers that several pictures take."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from huntbook.errors import OptionError

if TYPE_CHECKING:
    from huntbook.compute.axes import Order

# The browser stays fluent, and the message under a megabyte, up to the square of this.
MOST_CATEGORIES = 200
_LEAST_PIXELS, _MOST_PIXELS = 200, 10_000


def category_order(sort: str | bool | None, *, option: str) -> Order:  # noqa: FBT001 - the option's own types
    """Return the order that a value of `sort` asks for; `option` is the name it was given under."""
    flags: dict[Any, Order] = {None: "total", True: "ascending", False: "appearance"}
    if sort is None or isinstance(sort, bool):
        return flags[sort]
    words: dict[str, Order] = {
        "asc": "ascending",
        "desc": "descending",
        "total": "total",
        "rarity": "rarity",
        "similarity": "similarity",
    }
    for start, order in words.items():
        if str(sort).lower().startswith(start):
            return order
    raise OptionError.unknown(sort, option=option, known=[*words, True, False, None])


def whole(option: str, value: Any, least: int, most: int) -> int:
    """Return a whole number within its limits."""
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise OptionError(f"{option}={value!r}: it takes a whole number from {least:,} to {most:,}.")
    return value


def pixels(option: str, value: Any) -> int | None:
    """Return a length of the picture in pixels, None for the default."""
    return None if value is None else whole(option, value, _LEAST_PIXELS, _MOST_PIXELS)
