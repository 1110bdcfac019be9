"""A browser that signs in by itself: it opens the authorize address and posts the form that comes back.

As a program (``BROWSER="python browser.py %s"``) for other processes, or registered in this one.
"""

from __future__ import annotations

import contextlib
import sys
import threading
import webbrowser
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


def sign_in(url: str) -> None:
    """Do what a person with a session in the browser does: nothing but follow."""
    import requests  # noqa: PLC0415 - the helper program starts faster when it fails early

    told = requests.get(url, timeout=20).json()
    requests.post(told["redirect_uri"], data=told["fields"], timeout=20)


class FakeBrowser(webbrowser.BaseBrowser):
    """Signs in on a thread, as a real browser is another process."""

    def __init__(self) -> None:
        super().__init__("fake")
        self.opened: list[str] = []
        self._threads: list[threading.Thread] = []

    def open(self, url: str, new: int = 0, autoraise: bool = True) -> bool:  # noqa: FBT001, FBT002 - the signature is webbrowser's
        self.opened.append(url)
        thread = threading.Thread(target=sign_in, args=(url,), daemon=True)
        self._threads.append(thread)
        thread.start()
        return True

    @contextlib.contextmanager
    def registered(self) -> Iterator[FakeBrowser]:
        """Be this process's first browser for a while."""
        webbrowser.register("fake", None, self, preferred=True)
        try:
            yield self
        finally:
            for thread in self._threads:
                thread.join(20)
            # The module has no public way to take a browser back.
            webbrowser._browsers.pop("fake", None)
            if webbrowser._tryorder and webbrowser._tryorder[0] == "fake":
                webbrowser._tryorder.pop(0)


if __name__ == "__main__":
    sign_in(sys.argv[1])
