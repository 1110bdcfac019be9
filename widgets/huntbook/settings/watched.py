"""One settings file that others may write: read again on use where it changed."""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

from huntbook.settings.files import Document, read

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["WatchedDocument", "default_path"]

_VARIABLE: Final = "MSTICPYCONFIG"
# A file younger than this may be written again without a visible sign: clocks of files tick in steps.
_SETTLED_NANOSECONDS: Final = 100_000_000
_Stamp = tuple[int, int, int, int]


def default_path() -> Path:
    """Return the settings file: what MSTICPYCONFIG names, else ~/.msticpy/msticpyconfig.yaml."""
    named = os.environ.get(_VARIABLE)
    return Path(named or "~/.msticpy/msticpyconfig.yaml").expanduser().absolute()


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
        named = os.environ.get(_VARIABLE, "") if self._locate is None else str(self._locate())
        if named != self._named:
            self._find(named)
        try:
            stat = os.stat(self._file)  # noqa: PTH116 - twice as fast as Path.stat, on the path of every read
            stamp = (stat.st_mtime_ns, stat.st_size, stat.st_ino, stat.st_ctime_ns)
        except OSError:
            stamp = None
        if self._fresh and stamp == self._stamp and not force:
            return False
        with self._lock:
            return self._read(stamp)

    def _find(self, named: str) -> None:
        self._named = named
        self.path = default_path() if self._locate is None else Path(named)
        self._file = str(self.path)
        self._fresh = False

    def _read(self, stamp: _Stamp | None) -> bool:
        now = time.time_ns()
        found = read(self.path)
        self._stamp = stamp
        self._fresh = stamp is None or abs(now - max(stamp[0], stamp[3])) > _SETTLED_NANOSECONDS
        before, self.document = self.document, found
        return before is None or (before.path, before.revision) != (found.path, found.revision)
