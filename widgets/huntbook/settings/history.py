"""What the settings file was before: each save kept, with who wrote it and when.

The versions lie in the hidden folder beside the file, readable by the owner only, the oldest ones
dropped when they are too many or too large together.
"""

from __future__ import annotations

import contextlib
import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from huntbook.errors import SettingsFileError
from huntbook.settings.changes import Change, differences
from huntbook.settings.files import absolute, parsed, read, revision_of, side_folder

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["MAX_BYTES", "MAX_VERSIONS", "Version", "content", "diff", "kept", "versions"]

MAX_VERSIONS: Final = 100
MAX_BYTES: Final = 8 * 2**20
# What is never dropped, however large: the present state and the one before it.
_ALWAYS: Final = 2
_STAMP: Final = "%Y%m%dT%H%M%S.%fZ"
_SUFFIX: Final = ".yaml"


@dataclass(frozen=True, slots=True)
class Version:
    """One state that the settings file had.

    Parameters
    ----------
    revision
        Its revision, as of `huntbook.settings.document.Document`.
    origin
        Who wrote it: "sidebar", "editor", "magic", "cli", or "outside" for any other program.
    when
        The time it was written, in UTC.
    size
        Its length in bytes.
    """

    revision: str
    origin: str
    when: datetime
    size: int


def versions(path: Path | str) -> tuple[Version, ...]:
    """Return the states that a settings file had, the newest first.

    Parameters
    ----------
    path
        The settings file.

    Examples
    --------
    >>> versions("/nowhere/msticpyconfig.yaml")
    ()
    """
    return tuple(version for version, _ in reversed(_entries(_target(path))))


def content(path: Path | str, revision: str) -> bytes:
    """Return the bytes of one revision.

    Raises
    ------
    SettingsFileError
        The history has no such revision.
    """
    entries = _entries(_target(path))
    for version, file in reversed(entries):
        if version.revision == revision:
            return file.read_bytes()
    known = ", ".join(version.revision for version, _ in entries[-5:]) or "none yet"
    raise SettingsFileError(f"The history of {path} has no revision {revision!r}. The latest are: {known}.")


def diff(path: Path | str, revision: str) -> tuple[Change, ...]:
    """Return what changed from an earlier revision to the file as it is now; secrets are not shown.

    Parameters
    ----------
    path
        The settings file.
    revision
        The earlier one.

    Raises
    ------
    SettingsFileError
        The history has no such revision.
    """
    path = absolute(path)
    return differences(parsed(path, content(path, revision)).data, read(path).data)


@contextlib.contextmanager
def kept(target: Path, raw: bytes, origin: str) -> Iterator[None]:
    """Keep the present bytes of a file and the new ones, around the step that replaces it; the caller holds the lock."""
    entries = _entries(target)
    with contextlib.suppress(FileNotFoundError):
        before = target.read_bytes()
        if not entries or entries[-1][0].revision != revision_of(before):
            written = datetime.fromtimestamp(target.stat().st_mtime, UTC)
            entries.append(_keep(target, before, "outside", written, entries))
    new = _keep(target, raw, origin, datetime.now(UTC), entries)
    try:
        yield
    except BaseException:
        new[1].unlink(missing_ok=True)
        raise
    _drop_oldest([*entries, new])


def _target(path: Path | str) -> Path:
    return Path(os.path.realpath(absolute(path)))


def _entries(target: Path) -> list[tuple[Version, Path]]:
    """Return what is kept, the oldest first; by number, because clocks may jump."""
    folder = target.parent / ".huntbook" / "history" / target.name
    found = []
    with contextlib.suppress(FileNotFoundError, NotADirectoryError, PermissionError):
        for name in sorted(os.listdir(folder)):  # noqa: PTH208 - texts sort ten times as fast as paths, in every save
            file = folder / name
            version = _version(file)
            if version is not None:
                found.append((version, file))
    return found


def _version(file: Path) -> Version | None:
    try:
        _, origin, revision, stamp = file.name.removesuffix(_SUFFIX).split("_")
        when = datetime.fromisoformat(stamp)
        return Version(revision, origin, when, file.stat().st_size)
    except (ValueError, FileNotFoundError):
        return None


def _keep(
    target: Path, raw: bytes, origin: str, when: datetime, entries: list[tuple[Version, Path]]
) -> tuple[Version, Path]:
    folder = side_folder(target) / "history" / target.name
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    number = int(entries[-1][1].name.partition("_")[0]) + 1 if entries else 1
    version = Version(revision_of(raw), origin, when, len(raw))
    file = folder / f"{number:08d}_{origin}_{version.revision}_{when.strftime(_STAMP)}{_SUFFIX}"
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(raw)
    except BaseException:
        file.unlink(missing_ok=True)
        raise
    return version, file


def _drop_oldest(entries: list[tuple[Version, Path]]) -> None:
    total = 0
    for index, (version, file) in enumerate(reversed(entries)):
        total += version.size
        if index >= _ALWAYS and (index >= MAX_VERSIONS or total > MAX_BYTES):
            file.unlink(missing_ok=True)
