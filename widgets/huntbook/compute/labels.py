"""Text for category values: one line, visible characters only, different for different values."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

NULL_LABEL = "(null)"


def category_labels(values: list[Any]) -> list[str]:
    """Return one label a value.

    Null is ``(null)``; blank text is shown in quotes; a character that would not show
    or would reorder the line is shown as its escape. Where two values would get the
    same label, such as ``1`` and ``"1"``, the type is added.
    """
    whole, days = _all_whole(values), _all_days(values)
    plain = [_label(value, whole=whole, days=days) for value in values]
    kinds: dict[str, set[type]] = defaultdict(set)
    for label, value in zip(plain, values, strict=True):
        kinds[label].add(type(value))
    return [
        f"{label} ({type(value).__name__})" if len(kinds[label]) > 1 and value is not None else label
        for label, value in zip(plain, values, strict=True)
    ]


def column_labels(values: pd.Series[Any]) -> list[str]:
    """Return the label of every cell of a column; each as `category_labels` gives it alone."""
    cells = [None if missing else value for value, missing in zip(values, values.isna(), strict=True)]
    return [category_labels([cell])[0] for cell in cells]


def shorten(label: str, length: int) -> str:
    """Cut the middle out of a label that is longer than `length` characters: names differ at both ends."""
    if len(label) <= length:
        return label
    tail = (length - 1) * 2 // 5
    return f"{label[: length - 1 - tail]}…{label[len(label) - tail :]}"


def _label(value: Any, *, whole: bool, days: bool) -> str:
    if value is None:
        return NULL_LABEL
    if isinstance(value, float) and whole:
        return str(int(value))
    if isinstance(value, dt.datetime) and days:
        return f"{value:%Y-%m-%d}"
    text = str(value)
    if not text.strip():
        return repr(text)
    return text if text.isprintable() else "".join(map(_visible, text))


def _visible(character: str) -> str:
    return character if character.isprintable() else repr(character)[1:-1]


def _all_whole(values: list[Any]) -> bool:
    """Tell whether every number is whole: integers that a null turned into floats."""
    return all(not isinstance(value, float) or value.is_integer() for value in values)


def _all_days(values: list[Any]) -> bool:
    """Tell whether every time is a midnight: dates that were stored as times."""
    return all(not isinstance(value, dt.datetime) or value.time() == dt.time(0) for value in values)
