"""Read and write one settings file. Nothing here knows what the settings mean, but for the check before a save.

A save changes the bytes of the changed keys and no others, or it fails and changes nothing: the
writer holds a lock, compares the file with the revision that the caller read, writes a file beside
it, and puts that in its place in one step.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import tempfile
import warnings
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import filelock
import yaml

from huntbook.errors import SettingsConflictError, SettingsFileError, SettingsValueError
from huntbook.settings.model import checked
from huntbook.settings.outline import TextFault, outline
from huntbook.settings.splice import merged, same, splice

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["ABSENT", "MAX_BYTES", "ORIGINS", "Document", "read", "save"]

ABSENT: Final = "absent"
MAX_BYTES: Final = 8 * 2**20
ORIGINS: Final = ("sidebar", "editor", "magic", "cli", "outside")
_LOCK_SECONDS: Final = 10.0
_BOM: Final = b"\xef\xbb\xbf"
_MODE: Final = 0o600


@dataclass(frozen=True, slots=True)
class Document:
    """What a settings file said when it was read.

    Parameters
    ----------
    path
        The file, absolute, symbolic links not followed.
    revision
        "absent" without a file, else the first 16 hex digits of the SHA-256 of its bytes.
    text
        Its text, without a byte order mark; empty where it can't be decoded.
    data
        The sections; empty where the file is absent or broken.
    fault
        Why the file can't be used, with line and column where there is a place; None if it can.
    """

    path: Path
    revision: str
    text: str
    data: dict[str, Any]
    fault: SettingsFileError | None = None


def read(path: Path | str) -> Document:
    """Read a settings file; a missing or broken one is a result too, never an exception.

    Parameters
    ----------
    path
        The file.

    Examples
    --------
    >>> read("/nowhere/msticpyconfig.yaml").revision
    'absent'
    """
    path = _absolute(path)
    try:
        with path.open("rb") as stream:
            raw = stream.read(MAX_BYTES + 1)
    except FileNotFoundError:
        return Document(path, ABSENT, "", {})
    except OSError as error:
        fault = SettingsFileError(
            f"The settings file {path} can't be read: {_reason(error)}. Check its permissions."
        )
        return Document(path, "unreadable", "", {}, fault)
    return _parsed(path, raw)


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
        A value that the settings model refuses, or that no settings file can hold.
    SettingsFileError
        The file is broken, its folder is read-only, the disk is full, or the text is written in a
        way that can't be changed safely. In every case the file is as it was.
    """
    if origin not in ORIGINS:
        raise SettingsValueError(
            f"origin={origin!r} is not known. It takes: {', '.join(ORIGINS)}.", key="origin"
        )
    path = _absolute(path)
    wanted = checked(changes)
    with _translated(path):
        target = Path(os.path.realpath(path))
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with _locked(target):
            current = read(path)
            raw = _changed(current, wanted, expected_revision)
            if raw is None:
                return current
            _replace(target, raw)
    return _parsed(path, raw)


def _absolute(path: Path | str) -> Path:
    return Path(os.path.abspath(Path(path).expanduser()))  # noqa: PTH100 - resolve() would follow the link


def _changed(current: Document, changes: dict[str, Any], expected_revision: str) -> bytes | None:
    """Return the bytes with the changes in them, or None where nothing changes."""
    if current.fault is not None:
        raise current.fault
    if current.revision != expected_revision:
        raise SettingsConflictError(
            f"The settings file {current.path} was changed by someone else after it was read "
            f"(revision {expected_revision} then, {current.revision} now). Read it again, then save."
        )
    expected = merged(current.data, changes)
    if same(expected, current.data):
        return None
    text = splice(current.text, outline(current.text), current.data, changes)
    raw = _encoded(text, current)
    result = _parsed(current.path, raw)
    if result.fault is not None or not same(result.data, expected):
        why = f" ({result.fault})" if result.fault is not None and len(raw) > MAX_BYTES else ""
        raise SettingsFileError(
            f"The settings file {current.path} writes {_named(changes)} in a form that can't be changed safely here, "
            f"such as an anchor that other lines refer to. Change it in a text editor; the file was left as it is.{why}"
        )
    return raw


def _encoded(text: str, current: Document) -> bytes:
    has_mark = current.revision != ABSENT and current.path.read_bytes()[:3] == _BOM
    return _BOM + text.encode() if has_mark else text.encode()


def _named(changes: Mapping[str, Any]) -> str:
    """Name the keys of a change, dotted."""
    names: list[str] = []
    for section, value in changes.items():
        names += [f"{section}.{key}" for key in value] if isinstance(value, dict) and value else [section]
    return ", ".join(names)


def _parsed(path: Path, raw: bytes) -> Document:
    empty = Document(path, hashlib.sha256(raw).hexdigest()[:16], "", {})
    if len(raw) > MAX_BYTES:
        return replace(
            empty,
            fault=SettingsFileError(
                f"The settings file {path} is larger than {MAX_BYTES // 2**20} MB. Move what is not settings out of it."
            ),
        )
    try:
        text = raw.removeprefix(_BOM).decode()
    except UnicodeDecodeError as error:
        before = raw[: error.start]
        line, column = before.count(b"\n") + 1, len(before) - (before.rfind(b"\n") + 1) + 1
        return replace(empty, fault=_place_fault(path, TextFault("a byte that is not UTF-8", line, column)))
    try:
        return replace(empty, text=text, data=_data(text))
    except TextFault as fault:
        return replace(empty, text=text, fault=_place_fault(path, fault))


def _place_fault(path: Path, fault: TextFault) -> SettingsFileError:
    return SettingsFileError(
        f"The settings file {path} can't be read at line {fault.line}, column {fault.column}: {fault.message}. "
        "Correct that place in a text editor; until then nothing is written to the file.",
        line=fault.line,
        column=fault.column,
    )


def _data(text: str) -> dict[str, Any]:
    """Build the sections of a text.

    Raises
    ------
    TextFault
        With the place in the text.
    """
    try:
        root = outline(text)
        data = yaml.load(text, Loader=yaml.CSafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        raise TextFault(error.problem or error.context or "this is not YAML", line, column) from error
    except yaml.reader.ReaderError as error:
        before = text.encode()[: error.position].decode(errors="ignore")
        line, column = before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1
        raise TextFault(f"the character #x{error.character:04x}, {error.reason}", line, column) from error
    except (ValueError, TypeError, OverflowError, RecursionError) as error:
        raise TextFault(f"a value that can't be understood ({error})", 1, 1) from error
    if data is None:
        return {}
    if not isinstance(data, dict):
        line, column = (root.line + 1, root.column + 1) if root else (1, 1)
        raise TextFault("there is one value where sections such as 'Azure:' belong", line, column)
    return data


@contextlib.contextmanager
def _locked(target: Path) -> Iterator[None]:
    """Hold the lock of a file. It is the kernel's, so it goes with the process that held it."""
    folder = target.parent / ".huntbook"
    folder.mkdir(mode=0o700, exist_ok=True)
    lock = filelock.FileLock(folder / f"{target.name}.lock", mode=_MODE)
    try:
        with warnings.catch_warnings(action="error"):
            lock.acquire(timeout=_LOCK_SECONDS, poll_interval=0.005)
    except filelock.Timeout as error:
        raise SettingsFileError(
            f"Another program has been writing {target} for {_LOCK_SECONDS:g} seconds. Try again, or end that program."
        ) from error
    except (NotImplementedError, UserWarning) as error:
        raise SettingsFileError(
            f"The folder {target.parent} can't lock files, so two writers could lose each other's changes. "
            "Let MSTICPYCONFIG name a file on a local disk."
        ) from error
    try:
        yield
    finally:
        lock.release()


@contextlib.contextmanager
def _translated(path: Path) -> Iterator[None]:
    """Say in words what the disk refused."""
    try:
        yield
    except OSError as error:
        raise SettingsFileError(
            f"The settings file {path} can't be written: {_reason(error)}. {_fix(error)}"
        ) from error


def _reason(error: OSError) -> str:
    return (error.strerror or str(error)).lower()


def _fix(error: OSError) -> str:
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return "Free some space and save again; the file is as it was."
    if error.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
        return "Let MSTICPYCONFIG name a file in a folder that you may write; the file is as it was."
    return "The file is as it was."


def _replace(target: Path, raw: bytes) -> None:
    """Put `raw` in the place of a file in one step that survives a crash."""
    mode = _MODE
    with contextlib.suppress(FileNotFoundError):
        mode &= target.stat().st_mode
    handle, name = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".tmp", dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(raw)
            stream.flush()
            os.fsync(stream.fileno())
        Path(name).chmod(mode)
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    _sync_folder(target.parent)


def _sync_folder(folder: Path) -> None:
    """Make the new name durable, where the system can open a folder."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
