"""When a picture answers a moving hand: at once, never twice for one place, and no faster than the browser draws."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

# Seconds that a hand has to rest before an engine is asked whose last answer took longer than the second.
_REST, _QUICK = 0.3, 0.1
# Seconds after which a picture that no browser draws is answered again.
_PATIENCE = 0.5


class Pace:
    """Answers the last of several questions.

    Parameters
    ----------
    answer
        Answers what was asked last, and returns whether the browser has something to draw.
    """

    def __init__(self, answer: Callable[[], bool]) -> None:
        self._answer = answer
        self._timer: asyncio.TimerHandle | None = None
        self._asked = self._slow = False

    def ask(self) -> None:
        """Answer soon: when the browser has drawn the last answer, or, after a slow one, when the hand rests.

        Outside a kernel, where no event loop runs, there is no hand.
        """
        loop = _loop()
        if loop is None:
            return
        self._asked = True
        if self._slow and self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._timer is None:
            self._timer = loop.call_later(_REST if self._slow else 0, self._go)

    def drawn(self) -> None:
        """Go on: the browser has drawn the last answer."""
        if self._timer is not None and not self._slow:
            self._timer.cancel()
            self._go()

    def _go(self) -> None:
        self._timer, loop = None, _loop()
        if not self._asked or loop is None:
            return
        self._asked, begun = False, time.monotonic()
        if self._answer():
            self._slow = time.monotonic() - begun > _QUICK
            self._timer = loop.call_later(_PATIENCE, self._go)


def _loop() -> asyncio.AbstractEventLoop | None:
    """Return the running event loop; outside a kernel there is none."""
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None
