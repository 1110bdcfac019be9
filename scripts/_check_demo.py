"""Run the demo notebook on a real server, in a kernel which that server started, and say what worked."""

from __future__ import annotations

import contextlib
import json
import os
import re
import secrets
import subprocess
import sys
import tempfile
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from queue import Empty
from typing import TYPE_CHECKING, Any

import nbformat
from jupyter_client.blocking.client import BlockingKernelClient

if TYPE_CHECKING:
    from collections.abc import Iterator

SECONDS_TO_START = 60
SECONDS_PER_CELL = 60
COLOURS = re.compile(r"\x1b\[[\d;]*m")


class CheckFailedError(Exception):
    """Something that the demo promises did not happen."""


@dataclass(frozen=True)
class Server:
    """A running Jupyter server: where it is and how to talk to it."""

    url: str
    token: str
    runtime: Path

    def call(self, method: str, path: str, body: object = None, **headers: str) -> Any:
        """Send one request and return the parsed answer."""
        data = None if body is None else json.dumps(body).encode()
        every = {"Authorization": f"token {self.token}", "Content-Type": "application/json", **headers}
        request = urllib.request.Request(self.url + path, data, every, method=method)  # noqa: S310 - our own server
        with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310 - our own server
            text = answer.read()
        return json.loads(text) if "json" in answer.headers.get("Content-Type", "") else text


@contextlib.contextmanager
def server(folder: Path) -> Iterator[Server]:
    """Start a Jupyter server of our own on a free port of this machine, and end it afterwards."""
    token, runtime = secrets.token_hex(16), folder / "runtime"
    env = {
        **os.environ,
        "JUPYTER_RUNTIME_DIR": str(runtime),
        "JUPYTER_TOKEN": token,
        "MSTICPYCONFIG": str(folder / "msticpyconfig.yaml"),
    }
    command = [
        sys.executable,
        "-m",
        "jupyterlab",
        "--no-browser",
        "--allow-root",
        "--ip=127.0.0.1",
        "--port=0",
    ]
    with (folder / "server.log").open("w") as log:
        process = subprocess.Popen(
            [*command, f"--ServerApp.root_dir={folder}"], env=env, stdout=log, stderr=log
        )
        try:
            yield Server(_address(process, runtime, folder / "server.log"), token, runtime)
        finally:
            process.terminate()
            process.wait(timeout=30)


def _address(process: subprocess.Popen[bytes], runtime: Path, log: Path) -> str:
    deadline = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < deadline and process.poll() is None:
        for file in runtime.glob("jpserver-*.json"):
            with contextlib.suppress(json.JSONDecodeError, KeyError):
                return str(json.loads(file.read_text())["url"])
        time.sleep(0.1)
    raise CheckFailedError(f"the Jupyter server did not start:\n{log.read_text()[-2000:]}")


@contextlib.contextmanager
def kernel(on: Server) -> Iterator[BlockingKernelClient]:
    """Let the server start a kernel, as JupyterLab does, and connect to it."""
    made = on.call("POST", "api/kernels", {"name": "python3"})
    client = BlockingKernelClient(connection_file=str(on.runtime / f"kernel-{made['id']}.json"))
    client.load_connection_file()
    client.start_channels()
    try:
        _wait_for_answers(client)
        yield client
    finally:
        client.stop_channels()
        on.call("DELETE", f"api/kernels/{made['id']}")


def _wait_for_answers(client: BlockingKernelClient) -> None:
    """Wait until the kernel answers and its output comes in.

    Not `wait_for_ready`: on a busy machine it takes a kernel that is slow to start for a dead one.
    """
    for _ in range(SECONDS_TO_START):
        client.kernel_info(reply=True, timeout=SECONDS_TO_START)
        with contextlib.suppress(Empty):
            client.get_iopub_msg(timeout=1)
            return
    raise CheckFailedError("the kernel answers, and its output does not come in")


def execute(client: BlockingKernelClient, code: str) -> list[dict[str, Any]]:
    """Run `code` in the kernel and return the contents that it displayed or printed; an error ends the check."""
    shown: list[dict[str, Any]] = []
    reply = client.execute_interactive(
        code,
        timeout=SECONDS_PER_CELL,
        allow_stdin=False,
        output_hook=lambda message: shown.append(message["content"]),
    )
    if reply["content"]["status"] != "ok":
        trace = COLOURS.sub("", "\n".join(reply["content"].get("traceback", [])))
        raise CheckFailedError(f"this cell failed:\n{code}\n{trace}")
    return shown


def text_of(shown: list[dict[str, Any]]) -> str:
    """Return what a cell printed or gave as text."""
    return "".join(part.get("text", "") or part.get("data", {}).get("text/plain", "") for part in shown)


def check(notebook: Path, folder: Path) -> Iterator[str]:
    """Walk the demo and yield a sentence for everything that worked."""
    with server(folder) as on:
        if b'"name": "@huntbook/lab"' not in on.call("GET", "lab"):
            raise CheckFailedError(
                "the sidebar @huntbook/lab is not among the extensions that JupyterLab loads"
            )
        yield "JupyterLab runs, and loads the huntbook sidebar"
        if b"Bokeh" not in on.call("GET", "huntbook/bokeh/static/js/bokeh.min.js"):
            raise CheckFailedError("the server does not serve BokehJS")
        yield "pictures need no internet: the server has BokehJS itself"
        with kernel(on) as client:
            yield _settings_reach_the_kernel(on, client)
            cells = [cell for cell in nbformat.read(notebook, as_version=4).cells if cell.cell_type == "code"]
            widgets = [part for cell in cells for part in execute(client, cell.source) if _is_widget(part)]
            yield f"all {len(cells)} cells of {notebook.name} ran and showed {len(widgets)} widgets"
            if not widgets:
                raise CheckFailedError("the demo showed no widget")


def _settings_reach_the_kernel(on: Server, client: BlockingKernelClient) -> str:
    ask = "import huntbook; print(huntbook.settings.get('Azure.cloud'))"
    before = text_of(execute(client, ask)).strip()
    wanted = "cn" if before != "cn" else "usgov"
    revision = on.call("GET", "huntbook/settings")["revision"]
    body = {"changes": {"Azure": {"cloud": wanted}}, "origin": "sidebar"}
    on.call("PATCH", "huntbook/settings", body, **{"If-Match": f'"{revision}"'})
    after = text_of(execute(client, ask)).strip()
    if after != wanted:
        raise CheckFailedError(
            f"the cloud was changed from {before} to {wanted}, but the running kernel says {after}"
        )
    return f"the cloud was changed from {before} to {after}; the running kernel saw it with no call"


def _is_widget(part: dict[str, Any]) -> bool:
    return "application/vnd.jupyter.widget-view+json" in part.get("data", {})


def main() -> int:
    """Print a line a step; return 1 at the first that failed."""
    with tempfile.TemporaryDirectory(prefix="huntbook-demo-") as folder:
        try:
            for sentence in check(Path(sys.argv[1]).resolve(), Path(folder)):
                print(f"✓ {sentence}", flush=True)
        except CheckFailedError as failure:
            print(f"✗ {failure}", flush=True)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
