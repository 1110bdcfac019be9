"""Save changes of the settings file, and bring an earlier state of it back.

A save changes the bytes of the changed keys and no others, or it fails and changes nothing: the
writer holds a lock, compares the file with the revision that the caller read, keeps the previous
bytes in the history, and puts the new file in the place of the old one in one step.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from huntbook.errors import OptionError, SettingsConflictError, SettingsFileError, SettingsValueError
from huntbook.settings import history, site
from huntbook.settings.files import (
    ABSENT,
    BOM,
    MAX_BYTES,
    Document,
    absolute,
    in_words,
    locked,
    parsed,
    put,
    read,
    revision_of,
)
from huntbook.settings.model import checked, respelled
from huntbook.settings.outline import outline
from huntbook.settings.splice import merged, same, splice

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["ABSENT", "MAX_BYTES", "ORIGINS", "Document", "read", "restore", "save"]

ORIGINS: Final = ("sidebar", "editor", "magic", "cli", "outside")


def save(path: Path | str, changes: Mapping[str, Any], *, expected_revision: str, origin: str) -> Document:
    """Write `changes` into the settings file and return what it says then.

    Parameters
    ----------
    path
        The file. It and its folder are made where they are missing; a symbolic link is followed.
    changes
        The new values, nested by section, in the form of a JSON merge patch: None removes a key.
    expected_revision
        The revision that the caller read and based the changes on.
    origin
        Who writes: "sidebar", "editor", "magic", "cli" or "outside".

    Raises
    ------
    SettingsConflictError
        The file is no longer at `expected_revision`.
    SettingsValueError
        A value that the settings model refuses, that an administrator locked, or that no settings
        file can hold.
    SettingsFileError
        The file is broken, its folder is read-only, the disk is full, or the text is written in a
        way that can't be changed safely. In every case the file is as it was.
    """
    path = absolute(path)
    wanted = _checked(path, changes)
    site.refuse_locked(wanted, site.locks(site.site_documents()))
    return _write(path, lambda current: _changed(current, wanted), expected_revision, origin)


def restore(path: Path | str, revision: str, *, expected_revision: str, origin: str) -> Document:
    """Bring the bytes of an earlier revision back. That is a save too, so it can be undone.

    Parameters
    ----------
    path
        The settings file, broken or not.
    revision
        Which one, as `huntbook.settings.history.versions` lists them.
    expected_revision
        The revision of the file that the caller saw before asking for this.
    origin
        As for `save`.

    Raises
    ------
    SettingsConflictError, SettingsFileError, SettingsValueError
        As for `save`; SettingsFileError also where the history has no such revision.
    """
    path = absolute(path)
    raw = history.content(path, revision)
    return _write(path, lambda _: raw, expected_revision, origin)


def _checked(path: Path, changes: Mapping[str, Any]) -> dict[str, Any]:
    """Check changes; only a cloud that is not known needs a look at the file, where it may be one of the user's own."""
    try:
        return checked(changes)
    except SettingsValueError as error:
        if error.key != "Azure.cloud":
            raise
        return checked(changes, read(path).data)


def _write(
    path: Path, change: Callable[[Document], bytes | None], expected_revision: str, origin: str
) -> Document:
    """Replace the file by what `change` makes of it, as one step that nobody else comes between."""
    if origin not in ORIGINS:
        raise OptionError.unknown(origin, option="origin", known=ORIGINS)
    with in_words(path):
        target = Path(os.path.realpath(path))
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with locked(target):
            current = read(path)
            if current.revision != expected_revision:
                raise SettingsConflictError(
                    f"The settings file {path} was changed by someone else after it was read "
                    f"(revision {expected_revision} then, {current.revision} now). Read it again, then save."
                )
            raw = change(current)
            if raw is None:
                return current
            with history.kept(target, raw, origin):
                put(target, raw)
    return parsed(path, raw)


def _changed(current: Document, wanted: dict[str, Any]) -> bytes | None:
    """Return the bytes with the changes in them, or None where nothing changes."""
    if current.fault is not None:
        raise current.fault
    changes = respelled(wanted, current.data)
    expected = merged(current.data, changes)
    if same(expected, current.data):
        return None
    text = splice(current.text, outline(current.text), current.data, changes)
    raw = _encoded(text, current)
    result = parsed(current.path, raw)
    if result.fault is not None or not same(result.data, expected):
        why = f" ({result.fault})" if result.fault is not None and len(raw) > MAX_BYTES else ""
        raise SettingsFileError(
            f"The settings file {current.path} writes {_named(changes)} in a form that can't be changed safely here, "
            f"such as an anchor that other lines refer to. Change it in a text editor; the file was left as it is.{why}"
        )
    return raw


def _encoded(text: str, current: Document) -> bytes:
    """Return the bytes of a text, with a byte order mark where the file had one."""
    had_mark = revision_of(BOM + current.text.encode()) == current.revision
    return BOM + text.encode() if had_mark else text.encode()


def _named(changes: Mapping[str, Any]) -> str:
    """Name the keys of a change, dotted."""
    names: list[str] = []
    for section, value in changes.items():
        names += [f"{section}.{key}" for key in value] if isinstance(value, dict) and value else [section]
    return ", ".join(names)
