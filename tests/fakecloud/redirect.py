"""Send the clouds' real host names to their fakes, and refuse every other name.

The one place that name resolution passes is `socket.getaddrinfo`. The port in its answer may differ from the
one that was asked, so the real names work on port 443. Loaded by `sitecustomize` in other processes, so it must
import nothing but the standard library.
"""

from __future__ import annotations

import contextlib
import json
import os
import socket
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

VARIABLE = "HUNTBOOK_FAKE_AZURE"
# Every machine may ask whether it is one in Azure; the answer here is no, unless the table says otherwise.
_IMDS = "169.254.169.254"
_LOOPBACK = ("127.0.0.1", "localhost", "::1", "0.0.0.0", "::")  # noqa: S104 - names that a server may bind


class Redirect:
    """Where each name leads.

    Parameters
    ----------
    exact, suffixes
        Port of the fake by host name, and by the end of a host name.
    notes
        A file to which refused names are written, a line each; other processes write to it too.
    """

    def __init__(self, exact: dict[str, int], suffixes: dict[str, int], notes: Path) -> None:
        self.exact, self.suffixes, self.notes = exact, suffixes, notes
        self._real = socket.getaddrinfo

    @property
    def strays(self) -> list[str]:
        """Every name outside the fakes that anyone asked for."""
        return self.notes.read_text(encoding="utf-8").split() if self.notes.exists() else []

    def save(self, path: Path) -> None:
        """Write the table for other processes."""
        path.write_text(
            json.dumps({"exact": self.exact, "suffixes": self.suffixes, "notes": str(self.notes)}),
            encoding="utf-8",
        )

    def port_of(self, host: str) -> int | None:
        """Return the port of the fake that serves `host`."""
        ends = (port for suffix, port in self.suffixes.items() if host.endswith(f".{suffix}"))
        return self.exact.get(host) or next(ends, None)

    def getaddrinfo(self, host: Any, port: Any, *args: Any, **options: Any) -> list[Any]:
        """Stand in for `socket.getaddrinfo`."""
        name = host.decode() if isinstance(host, bytes) else host
        if not name or name in _LOOPBACK or name == socket.gethostname():
            return self._real(host, port, *args, **options)
        fake = self.port_of(name.lower())
        if fake is not None and int(port or 0) in (443, 80):
            return self._real("127.0.0.1", fake, *args, **options)
        if name != _IMDS:
            with self.notes.open("a", encoding="utf-8") as file:
                file.write(f"{name}:{port}\n")
        raise socket.gaierror(socket.EAI_NONAME, f"not a host of the fake Azure: {name}:{port}")

    @contextlib.contextmanager
    def installed(self) -> Iterator[None]:
        """Redirect this process for a while."""
        before, socket.getaddrinfo = socket.getaddrinfo, self.getaddrinfo
        try:
            yield
        finally:
            socket.getaddrinfo = before


def install_from_environment() -> None:
    """Redirect this process for good if the environment names a table."""
    if path := os.environ.get(VARIABLE):
        table = json.loads(Path(path).read_text(encoding="utf-8"))
        socket.getaddrinfo = Redirect(table["exact"], table["suffixes"], Path(table["notes"])).getaddrinfo
