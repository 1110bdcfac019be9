"""What differs between two states of the settings, in words that may be shown to anyone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from huntbook.settings.model import SECTIONS, canonical
from huntbook.settings.secrets import masked
from huntbook.settings.splice import same

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

__all__ = ["Change", "Changes", "differences"]


@dataclass(frozen=True, slots=True)
class Change:
    """One setting that changed.

    Parameters
    ----------
    key
        Its dotted name.
    old, new
        Its values as they may be shown, "not set" for none; both None where they are not ours to show.
    """

    key: str
    old: str | None
    new: str | None

    def __str__(self) -> str:
        if self.old is None or self.new is None:
            return f"{self.key} changed"
        return f"{self.key} is now {self.new} (was {self.old})"


@dataclass(frozen=True, slots=True, repr=False)
class Changes:
    """What a re-read found changed; shows itself as a sentence.

    Parameters
    ----------
    path
        The settings file.
    changed
        One entry for each setting whose effective value differs.
    """

    path: Path
    changed: tuple[Change, ...]

    def __bool__(self) -> bool:
        return bool(self.changed)

    def __repr__(self) -> str:
        what = "; ".join(map(str, self.changed)) if self.changed else "nothing changed"
        return f"Read {self.path}: {what}."


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Change, ...]:
    """Return what differs between two states, key by key.

    Sections that are not ours may hold secrets under any name, so their values stay unsaid.
    """
    old, new = dict(_leaves(canonical(before), ())), dict(_leaves(canonical(after), ()))
    paths = [*old, *(path for path in new if path not in old)]
    return tuple(
        _change(path, old, new)
        for path in paths
        if (path in old) != (path in new) or not same(old.get(path), new.get(path))
    )


def _leaves(value: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Yield every value that is no table of further ones, with its path."""
    if isinstance(value, dict) and (value or not path):
        for key, item in value.items():
            yield from _leaves(item, (*path, str(key)))
    else:
        yield path, value


def _change(path: tuple[str, ...], old: Mapping[Any, Any], new: Mapping[Any, Any]) -> Change:
    key = ".".join(path)
    if path[0] not in SECTIONS:
        return Change(key, None, None)
    before, after = (
        repr(masked(side[path], name=path[-1])) if path in side else "not set" for side in (old, new)
    )
    return Change(key, before, after)
