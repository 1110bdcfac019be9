"""Settings files as bytes on a disk: read one whole, lock it, put another in its place in one step."""

from __future__ import annotations

import contextlib
import errno
import functools
import hashlib
import os
import tempfile
import warnings
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import filelock
import yaml

from huntbook.errors import SettingsFileError
from huntbook.settings.outline import TextFault, content, outline

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = [
    "ABSENT",
    "BOM",
    "MAX_BYTES",
    "Document",
    "absolute",
    "in_words",
    "locked",
    "parsed",
    "put",
    "read",
    "revision_of",
    "side_folder",
]

ABSENT: Final = "absent"
BOM: Final = b"\xef\xbb\xbf"
MAX_BYTES: Final = 2 * 2**20
_LOCK_SECONDS: Final = 10.0
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
        The sections, to be read only; empty where the file is absent or broken.
    fault
        Why the file can't be used, with line and column where there is a place; None if it can.
    """

    path: Path
    revision: str
    # Both may hold secrets, so neither is ever printed.
    text: str = field(repr=False)
    data: dict[str, Any] = field(repr=False)
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
    path = absolute(path)
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
    return parsed(path, raw)


def absolute(path: Path | str) -> Path:
    """Return a path from the root, with the home folder filled in and symbolic links as they are."""
    return Path(os.path.abspath(Path(path).expanduser()))  # noqa: PTH100 - resolve() would follow the link


def revision_of(raw: bytes) -> str:
    """Return the revision of a file with these bytes."""
    return hashlib.sha256(raw).hexdigest()[:16]


def side_folder(target: Path) -> Path:
    """Return the hidden folder beside a settings file, for its lock and its history; made where it is missing."""
    folder = target.parent / ".huntbook"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def parsed(path: Path, raw: bytes) -> Document:
    """Return what a file with these bytes says, with the fault where it is broken."""
    empty = Document(path, revision_of(raw), "", {})
    if len(raw) > MAX_BYTES:
        return replace(
            empty,
            fault=SettingsFileError(
                f"The settings file {path} is larger than {MAX_BYTES // 2**20} MB. Move what is not settings out of it."
            ),
        )
    try:
        text = raw.removeprefix(BOM).decode()
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


@functools.lru_cache(maxsize=4)
def _data(text: str) -> dict[str, Any]:
    """Build the sections of a text; the same text is built once, so nobody may change what comes back.

    Raises
    ------
    TextFault
        With the place in the text.
    """
    try:
        root = outline(text)
        data = content(text)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        raise TextFault(error.problem or error.context or "this is not YAML", line, column) from error
    except yaml.reader.ReaderError as error:
        before = text.encode()[: error.position].decode(errors="ignore")
        line, column = before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1
        raise TextFault(f"the character #x{error.character:04x}, {error.reason}", line, column) from error
    except (ValueError, TypeError, OverflowError, RecursionError) as error:
        raise TextFault(
            "a value that can't be understood, such as a date that does not exist", 1, 1
        ) from error
    if data is None:
        return {}
    if not isinstance(data, dict):
        line, column = (root.line + 1, root.column + 1) if root else (1, 1)
        raise TextFault("there is one value where sections such as 'Azure:' belong", line, column)
    return data


@contextlib.contextmanager
def locked(target: Path) -> Iterator[None]:
    """Hold the lock of a file. It is the kernel's, so it goes with the process that held it."""
    folder = side_folder(target)
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
def in_words(path: Path) -> Iterator[None]:
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


def put(target: Path, raw: bytes) -> None:
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
