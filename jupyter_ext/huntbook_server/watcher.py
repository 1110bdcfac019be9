"""Notices that the settings file was written by someone else."""

from __future__ import annotations

import asyncio
import contextlib
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import logging

    from huntbook_server.service import SettingsService

__all__ = ["SettingsWatcher"]

# Clocks of files tick in steps, on some network file systems of two seconds: a file this young
# may be written again without a visible sign.
_SETTLED_SECONDS = 2.0


class SettingsWatcher:
    """Looks at the file from time to time. That works on network file systems too, where notifications don't.

    Parameters
    ----------
    service
        Asked to compare and announce when the file looks different.
    interval
        Seconds between two looks.
    log
        Told when a look failed; the next one is made all the same.
    """

    def __init__(self, service: SettingsService, *, interval: float, log: logging.Logger) -> None:
        self._service = service
        self._interval = interval
        self._log = log
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Remember what the file says now, and begin to look."""
        if self._task is None:
            await self._service.look()
            self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """End and wait until it has."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
            self._task = None

    async def _run(self) -> None:
        last: object = None
        while True:
            try:
                stamp = await asyncio.to_thread(self._stamp)
                if stamp is None or stamp != last:
                    await self._service.look()
                last = stamp
            except Exception:  # noqa: BLE001 - a watcher that dies would be silent for the rest of the server's life
                self._log.exception("huntbook could not look at %s", self._service.path)
            await asyncio.sleep(self._interval)

    def _stamp(self) -> object:
        """Return what changes when the file does; None for a file that may change unseen."""
        try:
            stat = self._service.path.stat()
        except OSError as error:
            return error.errno
        if time.time() - stat.st_mtime < _SETTLED_SECONDS:
            return None
        return (stat.st_mtime_ns, stat.st_ctime_ns, stat.st_size, stat.st_ino)
