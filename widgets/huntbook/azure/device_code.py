"""Showing a device code: a small widget in a notebook, a sentence anywhere else."""

from __future__ import annotations

import re
import threading
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlsplit

from huntbook.azure.clouds import host_of
from huntbook.azure.machine import in_notebook
from huntbook.errors import ForeignHostError

if TYPE_CHECKING:
    from huntbook.azure.clouds import Cloud
    from huntbook.azure.device_code_widget import DeviceCodeWidget

__all__ = ["DevicePrompt", "device_text"]

Ending = Literal["signed in", "not signed in"]

# Where Entra ID sends people to type a code, beside each cloud's own login host.
_DEVICE_HOSTS = frozenset({"microsoft.com", "www.microsoft.com", "login.microsoft.com", "aka.ms"})
_CODE = re.compile(r"[A-Za-z0-9-]{4,32}")


class DevicePrompt:
    """Shows where to type which code, and takes it away when it is of no more use.

    Parameters
    ----------
    cloud
        Whose sign-in this is; the address that it gives must be the cloud's.
    timeout
        Seconds that the sign-in waits for a person.
    """

    def __init__(self, cloud: Cloud, *, timeout: int) -> None:
        self._cloud, self._timeout = cloud, timeout
        self.cancelled = threading.Event()
        self._widget: DeviceCodeWidget | None = None

    def show(self, address: str, code: str, expires: datetime) -> None:
        """Show the address and the code that Entra ID gave.

        Raises
        ------
        ForeignHostError
            The address is not one where this cloud's codes are typed.
        """
        host = host_of(address)
        known = host in self._cloud.authority_hosts or host in _DEVICE_HOSTS
        if urlsplit(address).scheme != "https" or not known or not _CODE.fullmatch(code):
            raise ForeignHostError.refused(
                host or address, scheme=urlsplit(address).scheme, cloud=self._cloud.name
            )
        until = min(expires.timestamp(), datetime.now(UTC).timestamp() + self._timeout)
        if in_notebook():
            from huntbook.azure.device_code_widget import DeviceCodeWidget  # noqa: PLC0415 - only a notebook has widgets

            self._widget = DeviceCodeWidget.shown(
                cloud=self._cloud.title, address=address, code=code, expires=until, cancelled=self.cancelled
            )
        else:
            print(device_text(self._cloud.title, address, code, until), flush=True)  # noqa: T201 - the prompt is the point

    def finish(self, ending: Ending) -> None:
        """Take the code away, from the screen and from the widget's state."""
        if self._widget is not None:
            self._widget.finish("cancelled" if self.cancelled.is_set() else ending)
            self._widget = None
        # The next attempt starts fresh.
        self.cancelled.clear()


def device_text(cloud: str, address: str, code: str, until: float) -> str:
    """Return the prompt as a sentence; `until` is in seconds since 1970."""
    when = datetime.fromtimestamp(until, UTC)
    return (
        f"To sign in to {cloud}, open {address} in any browser and type the code {code} "
        f"before {when:%H:%M} UTC. Interrupt the kernel to give up."
    )
