"""The sign-in doctor on the server's machine: one dry run at a time, and never a long wait."""

from __future__ import annotations

import asyncio
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from huntbook.errors import HuntbookError
from huntbook_server.parsing import RefusedError

if TYPE_CHECKING:
    import logging
    from collections.abc import Callable

    from huntbook_server.service import SettingsService

__all__ = ["SECONDS", "SignInCheck"]

# The doctor reads files and variables, and waits a second at most for the machine's own identity service.
SECONDS: Final = 15.0


def _dry_report() -> dict[str, Any]:
    """Say what a sign-in would meet here; nothing is signed in, and no token is asked for."""
    from huntbook.azure.doctor import check  # noqa: PLC0415 - a server starts without the clouds' catalogue

    return check(sign_in=False).to_dict()


class SignInCheck:
    """Runs the doctor for the saved settings, in a thread.

    Parameters
    ----------
    settings
        Says whether the settings file can be read.
    log
        Told what went wrong in a check.
    examine
        Makes the report.
    seconds
        How long a client waits for it.
    """

    def __init__(
        self,
        settings: SettingsService,
        *,
        log: logging.Logger | logging.LoggerAdapter[Any],
        examine: Callable[[], dict[str, Any]] = _dry_report,
        seconds: float = SECONDS,
    ) -> None:
        self._settings = settings
        self._log = log
        self._examine = examine
        self._seconds = seconds
        self._running: asyncio.Task[dict[str, Any]] | None = None

    async def report(self) -> dict[str, Any]:
        """Return the report as plain values; who asks while a check runs gets its answer.

        Raises
        ------
        RefusedError
            The settings lead to no sign-in, or the check takes too long.
        """
        if self._running is None or self._running.done():
            self._running = asyncio.create_task(self._run())
        # A thread can't be ended: the next one who asks waits for the same one, so they never pile up.
        done, _ = await asyncio.wait({self._running}, timeout=self._seconds)
        if not done:
            raise RefusedError(
                HTTPStatus.GATEWAY_TIMEOUT,
                f"The check took longer than {self._seconds:g} seconds. A disk or a program on the server's machine "
                "does not answer. Try again, or run huntbook.check() in a notebook.",
            )
        return self._running.result()

    async def _run(self) -> dict[str, Any]:
        fault = (await self._settings.read())["fault"]
        if fault is not None:
            raise RefusedError(HTTPStatus.UNPROCESSABLE_ENTITY, fault["message"])
        try:
            return await asyncio.to_thread(self._examine)
        except HuntbookError as error:
            raise RefusedError(HTTPStatus.UNPROCESSABLE_ENTITY, str(error)) from error
        except Exception as error:
            self._log.exception("huntbook could not check the sign-in")
            raise RefusedError(
                HTTPStatus.INTERNAL_SERVER_ERROR,
                f"The check did not work: {type(error).__name__}. The server's log says where.",
            ) from error
