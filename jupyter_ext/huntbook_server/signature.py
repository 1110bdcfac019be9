"""Tells cheaply whether a file is another one than before."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from huntbook.settings.files import revision_of

if TYPE_CHECKING:
    from collections.abc import Hashable
    from pathlib import Path

__all__ = ["signature"]

# Clocks of files tick in steps, on some network file systems of two seconds: a file this young
# may be written again without a visible sign.
_SETTLED_SECONDS = 2.0


def signature(path: Path) -> Hashable:
    """Return what differs when the file does: one stat for a file that has settled, a hash for a young one.

    Parameters
    ----------
    path
        The file; one that is absent or can't be read has a signature too.

    Examples
    --------
    >>> from pathlib import Path
    >>> signature(Path("/nowhere/file")) == signature(Path("/nowhere/other"))
    True
    """
    try:
        stat = path.stat()
        if time.time() - stat.st_mtime < _SETTLED_SECONDS:
            return revision_of(path.read_bytes())
    except OSError as error:
        return error.errno
    return (stat.st_mtime_ns, stat.st_ctime_ns, stat.st_size, stat.st_ino)
