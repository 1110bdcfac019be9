"""Every error that huntbook raises on purpose.

::

    HuntbookError                 anything below: catch this to catch all
    ├── SettingsError             the settings file or a value in it
    │   ├── SettingsFileError     the file can't be parsed, read or written
    │   ├── SettingsValueError    a value that the model refuses (also a ValueError)
    │   └── SettingsConflictError the file changed since it was read
    ├── DataError                 the frame handed in (also a ValueError)
    │   └── ColumnNotFoundError   a column that is not in the frame (also a KeyError)
    ├── OptionError               an option word or number (also a ValueError)
    └── AzureError                sign-in, clouds and the services behind them

Each message says what went wrong, with which value, and what to do next. Errors of
other libraries are translated where they cross into huntbook; the cause stays chained.
"""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Self

__all__ = [
    "AzureError",
    "ColumnNotFoundError",
    "DataError",
    "HuntbookError",
    "OptionError",
    "SettingsConflictError",
    "SettingsError",
    "SettingsFileError",
    "SettingsValueError",
]

_MAX_LISTED = 12


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Return the known word that `word` is most likely a misspelling of, or None."""
    lowered = {name.lower(): name for name in known}
    found = difflib.get_close_matches(word.lower(), lowered, n=1, cutoff=0.6)
    return lowered[found[0]] if found else None


def listed(words: Iterable[object]) -> str:
    """Return `words` quoted and joined for a message, cut after a dozen."""
    every = [repr(str(word)) for word in words]
    if len(every) <= _MAX_LISTED:
        return ", ".join(every)
    return ", ".join(every[:_MAX_LISTED]) + f" and {len(every) - _MAX_LISTED} more"


class HuntbookError(Exception):
    """The root of the tree: anything that huntbook raises on purpose."""

    def __str__(self) -> str:
        # KeyError shows its message as a repr; our messages are sentences.
        return str(self.args[0]) if self.args else ""


class SettingsError(HuntbookError):
    """The settings file, or a value in it, can't be used."""


class SettingsFileError(SettingsError):
    """The settings file can't be parsed, read or written. The file is left as it was.

    Parameters
    ----------
    message
        The whole sentence for the user.
    line, column
        Where in the file, counted from 1; None when the fault has no place.
    """

    def __init__(self, message: str, *, line: int | None = None, column: int | None = None) -> None:
        super().__init__(message)
        self.line = line
        self.column = column


class SettingsValueError(SettingsError, ValueError):
    """A value that the settings model refuses.

    Parameters
    ----------
    message
        The whole sentence for the user.
    key
        The dotted name of the setting, such as ``Azure.cloud``.
    """

    def __init__(self, message: str, *, key: str) -> None:
        super().__init__(message)
        self.key = key


class SettingsConflictError(SettingsError):
    """The file changed after it was read, so writing would lose someone's change."""


class DataError(HuntbookError, ValueError):
    """The frame handed in can't be used for what was asked."""


class ColumnNotFoundError(DataError, KeyError):
    """A column that was asked for is not in the frame."""

    @classmethod
    def named(cls, column: str, *, option: str, columns: Iterable[object]) -> Self:
        """Build the message from the missing column, the option that named it, and what there is."""
        present = [str(name) for name in columns]
        near = nearest(column, present)
        hint = f" Did you mean {near!r}?" if near else ""
        return cls(f"{option}={column!r}: the frame has no such column.{hint} It has: {listed(present)}.")


class OptionError(HuntbookError, ValueError):
    """An option was given a word or a number that it does not take."""

    @classmethod
    def unknown(cls, value: object, *, option: str, known: Iterable[object]) -> Self:
        """Build the message from the value, the option's name and the values that it takes."""
        words = [str(word) for word in known]
        near = nearest(str(value), words)
        hint = f" Did you mean {near!r}?" if near else ""
        return cls(f"{option}={value!r} is not known.{hint} It takes: {listed(words)}.")


class AzureError(HuntbookError):
    """Sign-in, a cloud, or a service behind it."""
