"""Notices that the settings file, or an administrator's, was written by someone else."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import logging

    from huntbook_server.service import SettingsService

__all__ = ["SettingsWatcher"]


class SettingsWatcher:
    """Looks at the files from time to time. That works on network file systems too, where notifications don't.

    Parameters
    ----------
    service
        Asked to compare and announce when a file looks different.
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
                signs = await asyncio.to_thread(self._service.signs)
                # What was announced may be younger than the signs; back at the old ones, it would not be missed.
                announced = signs != last and await self._service.look()
                last = None if announced else signs
            except Exception:  # noqa: BLE001 - a watcher that dies would be silent for the rest of the server's life
                self._log.exception("huntbook could not look at %s", self._service.path)
            await asyncio.sleep(self._interval)
