"""A real Jupyter server with huntbook in it, on a settings file of its own."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

# Named as a plugin it would start an event loop and a server object for every test of the project.
from pytest_jupyter.jupyter_server import *  # noqa: F403 - fixtures are found by being here
from traitlets.config import Config

from huntbook_server.app import SETTINGS_CHANGED


@pytest.fixture
def settings_file(tmp_path, monkeypatch) -> Path:
    """Give the settings file that the server will use; it does not exist yet."""
    path = tmp_path / "settings" / "msticpyconfig.yaml"
    monkeypatch.setenv("MSTICPYCONFIG", str(path))
    # The server writes it; setting it first makes monkeypatch take it back afterwards.
    monkeypatch.setenv("HUNTBOOK_BOKEH_ROOT", "")
    return path


@pytest.fixture
def jp_server_config(settings_file) -> Config:
    """Load huntbook, and let the server refuse every handler that forgot to authenticate."""
    return Config(
        {
            "ServerApp": {
                "allow_unauthenticated_access": False,
                "jpserver_extensions": {"huntbook_server": True},
            },
            "HuntbookApp": {"poll_interval": 0.05},
        }
    )


@pytest.fixture
def ask(jp_fetch):
    """Give a function that sends a request and returns the response, whatever its status."""

    async def send(path="settings", *, method="GET", headers=None, body=None):
        return await jp_fetch(
            "huntbook",
            path,
            method=method,
            headers=dict(headers or {}),
            body=body,
            raise_error=False,
            follow_redirects=False,
        )

    return send


@pytest.fixture
def patch(ask):
    """Give a function that saves changes on top of a revision and returns status and body."""

    async def send(changes, *, revision, **members):
        body = json.dumps({"changes": changes, "origin": "sidebar", **members})
        response = await ask(method="PATCH", headers={"If-Match": f'"{revision}"'}, body=body)
        return response.code, json.loads(response.body)

    return send


@pytest.fixture
def watched(jp_serverapp, jp_asyncio_loop):
    """Give the server with its watcher at work; pytest-jupyter leaves out what follows the start."""
    jp_asyncio_loop.run_until_complete(jp_serverapp._post_start())
    yield jp_serverapp
    jp_asyncio_loop.run_until_complete(jp_serverapp.extension_manager.stop_all_extensions())


@pytest.fixture
def listen(jp_ws_fetch):
    """Give a function that subscribes to the server's events and returns one to wait for the next of ours."""

    async def subscribe():
        socket = await jp_ws_fetch("api", "events", "subscribe")

        async def following():
            while True:
                event = json.loads(await socket.read_message())
                if event["schema_id"] == SETTINGS_CHANGED:
                    return {key: value for key, value in event.items() if not key.startswith("__")}

        return following

    return subscribe
