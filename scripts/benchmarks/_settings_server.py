"""A Jupyter server with huntbook in it and a kernel that it started, both processes of their own, over loopback."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import secrets
import socket
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from jupyter_client.blocking.client import BlockingKernelClient

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SECONDS_TO_START = 120


class Server:
    """One connection to a server, kept open as a browser keeps it.

    Parameters
    ----------
    address
        Where the server listens.
    token
        What opens it.
    """

    def __init__(self, address: str, token: str) -> None:
        parts = urlsplit(address)
        self._base = parts.path
        self._token = token
        self._connection = http.client.HTTPConnection(parts.hostname or "", parts.port)

    def fetch(self, verb: str, path: str, body: Any = None, **headers: str) -> bytes:
        """Send a request and return its answer as it came."""
        sent = {
            "Authorization": f"token {self._token}",
            **{key.replace("_", "-"): v for key, v in headers.items()},
        }
        self._connection.request(verb, self._base + path, None if body is None else json.dumps(body), sent)
        response = self._connection.getresponse()
        raw = response.read()
        if response.status >= http.client.BAD_REQUEST:
            raise RuntimeError(f"{verb} {path}: {response.status} {raw[:500]!r}")
        return raw

    def ask(self, verb: str, path: str, body: Any = None, **headers: str) -> dict[str, Any]:
        """Send a request and return what its answer says."""
        answer: dict[str, Any] = json.loads(self.fetch(verb, path, body, **headers))
        return answer


class Kernel:
    """A running kernel, asked as a notebook asks it.

    Parameters
    ----------
    file
        Its connection file.
    """

    def __init__(self, file: Path) -> None:
        self.client = BlockingKernelClient(connection_file=str(file))
        self.client.load_connection_file()
        self.client.start_channels()
        # Not wait_for_ready: it takes a kernel that is slow to start for a dead one.
        self.client.kernel_info(reply=True, timeout=SECONDS_TO_START)

    def value(self, code: str) -> str:
        """Return the text of an expression's value in the kernel."""
        reply = self.client.execute("import huntbook", user_expressions={"it": code}, reply=True, timeout=60)
        text: str = reply["content"]["user_expressions"]["it"]["data"]["text/plain"]
        return text


@contextlib.contextmanager
def running(folder: Path, settings: Path) -> Iterator[tuple[Server, Kernel]]:
    """Start a server on a settings file, and a kernel by it; end both afterwards."""
    token = secrets.token_hex(16)
    places = {f"JUPYTER_{kind.upper()}_DIR": str(folder / kind) for kind in ("config", "data", "runtime")}
    env = {
        **os.environ,
        **places,
        "HOME": str(folder),
        "JUPYTER_TOKEN": token,
        "MSTICPYCONFIG": str(settings),
    }
    command = [
        sys.executable,
        "-m",
        "jupyter_server",
        "--no-browser",
        "--allow-root",
        "--ip=127.0.0.1",
        "--port=0",
    ]
    with (folder / "server.log").open("w") as log:
        options = [f"--ServerApp.root_dir={folder}"]
        process = subprocess.Popen([*command, *options], env=env, cwd=folder, stdout=log, stderr=log)
    try:
        server = Server(_address(process, folder), token)
        started = server.ask("POST", "api/kernels", {"name": "python3"})
        kernel = Kernel(folder / "runtime" / f"kernel-{started['id']}.json")
        yield server, kernel
        kernel.client.stop_channels()
    finally:
        process.terminate()
        process.wait(timeout=SECONDS_TO_START)


def _address(process: subprocess.Popen[bytes], folder: Path) -> str:
    """Return the address that the server wrote down, once it listens there; it writes first."""
    deadline = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < deadline and process.poll() is None:
        for file in (folder / "runtime").glob("jpserver-*.json"):
            with contextlib.suppress(json.JSONDecodeError, KeyError, ConnectionRefusedError):
                address: str = json.loads(file.read_text())["url"]
                parts = urlsplit(address)
                socket.create_connection((parts.hostname, parts.port)).close()
                return address
        time.sleep(0.05)
    raise RuntimeError((folder / "server.log").read_text()[-3000:])
