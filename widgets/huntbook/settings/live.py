"""The settings as the running program sees them: read on use, read again when the file changed."""

from __future__ import annotations

import os
import threading
import time
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from huntbook.errors import SettingsValueError
from huntbook.settings import model
from huntbook.settings.document import Document, read

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["Change", "Changes", "LiveSettings", "WatchedDocument", "default_path"]

_VARIABLE: Final = "MSTICPYCONFIG"
# A file younger than this may be written again without a visible sign: clocks of files tick in steps.
_SETTLED_NANOSECONDS: Final = 100_000_000
_Stamp = tuple[int, int, int, int]


def default_path() -> Path:
    """Return the settings file: what MSTICPYCONFIG names, else ~/.msticpy/msticpyconfig.yaml."""
    named = os.environ.get(_VARIABLE)
    return Path(named or "~/.msticpy/msticpyconfig.yaml").expanduser().absolute()


@dataclass(frozen=True, slots=True)
class Change:
    """One setting that changed, with its old and new value; both are None where they are not ours to show."""

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


class WatchedDocument:
    """One settings file, read again on use where it changed: one stat where it did not.

    Parameters
    ----------
    locate
        Says which file; asked on every use. Without it, MSTICPYCONFIG or the default says so.
    """

    def __init__(self, locate: Callable[[], Path] | None = None) -> None:
        self._locate = locate
        self._lock = threading.RLock()
        self._named: str | None = None
        self._file = ""
        self._stamp: _Stamp | None = None
        self._fresh = False
        self.path = Path()
        self.document: Document | None = None

    def refresh(self, *, force: bool = False) -> bool:
        """Bring `document` up to date and say whether the file differs from what it was."""
        self._find()
        try:
            stat = os.stat(self._file)  # noqa: PTH116 - twice as fast as Path.stat, on the path of every read
            stamp = (stat.st_mtime_ns, stat.st_size, stat.st_ino, stat.st_ctime_ns)
        except OSError:
            stamp = None
        if self._fresh and stamp == self._stamp and not force:
            return False
        with self._lock:
            return self._read(stamp)

    def _find(self) -> None:
        if self._locate is None:
            named = os.environ.get(_VARIABLE, "")
            if named == self._named:
                return
            path = default_path()
        else:
            path = self._locate()
            named = str(path)
        if named != self._named:
            self._named, self.path, self._file = named, path, str(path)
            self._fresh = False

    def _read(self, stamp: _Stamp | None) -> bool:
        now = time.time_ns()
        found = read(self.path)
        self._stamp = stamp
        self._fresh = stamp is None or abs(now - max(stamp[0], stamp[3])) > _SETTLED_NANOSECONDS
        before, self.document = self.document, found
        return before is None or (before.path, before.revision) != (found.path, found.revision)


class LiveSettings:
    """The settings of one file, always those of its present content.

    Parameters
    ----------
    locate
        Says which file; asked on every use, so that a changed MSTICPYCONFIG is obeyed.
    """

    def __init__(self, locate: Callable[[], Path] | None = None) -> None:
        self._watched = WatchedDocument(locate)
        self._lock = threading.RLock()
        self._data: dict[str, Any] = {}
        self._flat: dict[str, Any] = {}
        self._good = False
        self._problems: dict[str, str] = {}
        self._warned: str | None = None
        self._reported: dict[str, str] | None = None

    @property
    def path(self) -> Path:
        """The settings file in use, absolute; it need not exist."""
        self._refresh()
        return self._watched.path

    def get(self, key: str, default: Any = None) -> Any:
        """Return the effective value of a setting.

        Parameters
        ----------
        key
            Its dotted name, such as ``Azure.cloud``; a section's name gives all its keys.
        default
            Returned where neither the file nor the model has a value.

        Raises
        ------
        SettingsValueError
            The file gives this key a value that it does not take.
        """
        self._refresh()
        try:
            value = self._flat[key]
        except KeyError:
            return self._other(key, default)
        if type(value) is str:
            return value
        return _copy(value) if value is not None else default

    def refresh_config(self) -> Changes:
        """Read the file again and return what changed since the last call, or since the first use."""
        with self._lock:
            self._refresh()
            before = self._reported or {}
            self._refresh(force=True)
            after = self._reported_now()
            self._reported = after
        return Changes(self._watched.path, tuple(_differences(before, after)))

    def _refresh(self, *, force: bool = False) -> None:
        if not self._watched.refresh(force=force) and self._reported is not None:
            return
        with self._lock:
            found = self._watched.document
            if found is not None:
                self._take(found)

    def _take(self, found: Document) -> None:
        if found.fault is None or not self._good:
            self._apply(found)
        if found.fault is not None and self._warned != found.revision:
            self._warned = found.revision
            kept = (
                "The last good settings stay in use."
                if self._good
                else "Until it is corrected, the defaults are in use."
            )
            warnings.warn(f"{found.fault} {kept}", stacklevel=6)

    def _apply(self, found: Document) -> None:
        known = model.effective(found.data)
        flat: dict[str, Any] = {}
        for name, section in known.values.items():
            flat.update({f"{name}.{key}": value for key, value in section.items()})
        self._problems = {problem.key: problem.message for problem in known.problems}
        for key in self._problems:
            flat.pop(key, None)
        self._flat, self._data = flat, found.data
        self._good = found.fault is None
        if self._reported is None:
            self._reported = self._reported_now()

    def _other(self, key: str, default: Any) -> Any:
        """Return a value that is not a plain known key: a section, an unknown key, or a refused value."""
        if key in self._problems:
            raise SettingsValueError(f"{self._problems[key]} (In {self._watched.path}.)", key=key)
        value: Any = self._data
        for part in key.split("."):
            value = value.get(part) if isinstance(value, dict) else None
        if key in model.SECTIONS:
            prefix = f"{key}."
            known = {
                name.removeprefix(prefix): item
                for name, item in self._flat.items()
                if name.startswith(prefix)
            }
            value = {**(value if isinstance(value, dict) else {}), **known}
        return default if value is None else _copy(value)

    def _reported_now(self) -> dict[str, str]:
        """Return a text for every setting that differs when its value differs."""
        shown = {key: repr(value) for key, value in self._flat.items()}
        shown.update(dict.fromkeys(self._problems, "refused"))
        shown.update(
            {str(name): repr(section) for name, section in self._data.items() if name not in model.SECTIONS}
        )
        return shown


def _differences(before: dict[str, str], after: dict[str, str]) -> Iterator[Change]:
    """Yield what differs. Sections that are not ours may hold secrets, so their values stay unsaid."""
    for key in [*before, *(key for key in after if key not in before)]:
        old, new = before.get(key), after.get(key)
        if old != new:
            ours = "." in key and key.partition(".")[0] in model.SECTIONS
            yield Change(key, old if ours else None, new if ours else None)


def _copy(value: Any) -> Any:
    """Return a value that the caller may change without changing ours."""
    if isinstance(value, dict):
        return {key: _copy(item) for key, item in value.items()}
    return [_copy(item) for item in value] if isinstance(value, list) else value
