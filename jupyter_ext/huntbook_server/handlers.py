"""The HTTP API under ``<base_url>huntbook/``. Each handler parses, makes one call and answers."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from jupyter_server.auth.decorator import authorized
from jupyter_server.base.handlers import APIHandler, AuthenticatedFileHandler
from tornado import web

from huntbook.errors import SettingsConflictError, SettingsFileError, SettingsValueError
from huntbook.settings.workspaces import imported
from huntbook_server.base import HuntbookMixin
from huntbook_server.parsing import (
    MAX_BODY_BYTES,
    RefusedError,
    changes_in,
    nothing_in,
    origin_in,
    revision_in,
    text_in,
)

if TYPE_CHECKING:
    from collections.abc import Awaitable, Mapping
    from datetime import datetime

    from huntbook_server.service import SettingsAnswer

__all__ = [
    "ROUTES",
    "BokehHandler",
    "CheckHandler",
    "HistoryHandler",
    "ImportHandler",
    "SchemaHandler",
    "SettingsHandler",
    "VersionHandler",
]


class _AnsweringHandler(HuntbookMixin, APIHandler):
    """Sends answers about settings, and says in words why a save failed."""

    def initialize(self, name: str, *args: Any, **kwargs: Any) -> None:
        """Begin with an empty body."""
        super().initialize(name, *args, **kwargs)
        self._body = bytearray()

    def data_received(self, chunk: bytes) -> None:
        """Keep the body up to one byte over the limit."""
        self._body += chunk[: MAX_BODY_BYTES + 1 - len(self._body)]

    async def _answer_save(self, saving: Awaitable[Mapping[str, Any]]) -> None:
        """Answer what became of a save, or of what prepares one."""
        try:
            self._answer(await saving)
        except RefusedError as refusal:
            self._answer({"message": str(refusal)}, refusal.status)
        except SettingsConflictError as error:
            current = await self.service.read()
            self._answer({"message": str(error), "current": current}, HTTPStatus.PRECONDITION_FAILED)
        except SettingsValueError as error:
            problem = {"key": error.key, "message": str(error)}
            body = {"message": str(error), "key": error.key, "problems": [problem]}
            self._answer(body, HTTPStatus.UNPROCESSABLE_ENTITY)
        except SettingsFileError as error:
            await self._answer_file_error(error)

    async def _answer_file_error(self, error: SettingsFileError) -> None:
        """Tell a file that can't be parsed, which the user mends, from a disk that refused."""
        fault = (await self.service.read())["fault"]
        if fault is None:
            self._answer({"message": str(error)}, HTTPStatus.CONFLICT)
        else:
            body: dict[str, Any] = {"message": fault["message"], "key": None, "problems": [], "fault": fault}
            self._answer(body, HTTPStatus.UNPROCESSABLE_ENTITY)

    def _answer(self, body: Mapping[str, Any], status: HTTPStatus = HTTPStatus.OK) -> None:
        """Send a body; one with settings carries its revision as the ETag."""
        self._send(json.dumps(body).encode(), status, revision=body.get("revision"))

    def _send(self, raw: bytes, status: HTTPStatus = HTTPStatus.OK, *, revision: str | None) -> None:
        self.set_status(status)
        self.set_header("Cache-Control", "no-store")
        if revision is not None:
            self.set_header("ETag", f'"{revision}"')
        self.finish(raw)

    def compute_etag(self) -> None:
        """Leave the ETag alone: it is the revision, not a hash of the answer."""

    @property
    def _based_on(self) -> str:
        return revision_in(self.request.headers.get("If-Match", ""))


# Streamed, so that a body over the limit is never held in memory.
@web.stream_request_body
class SettingsHandler(_AnsweringHandler):
    """Reads and saves the settings."""

    @web.authenticated
    @authorized
    async def get(self) -> None:
        """Answer the effective settings, the revision and the state of the file."""
        written = await self.service.read_written()
        self._send(written.raw, revision=written.answer["revision"])

    @web.authenticated
    @authorized
    async def patch(self) -> None:
        """Save a merge patch on top of the revision that the client read."""
        await self._answer_save(self._save())

    async def _save(self) -> SettingsAnswer:
        based_on = self._based_on
        changes, origin = changes_in(bytes(self._body))
        return await self.service.save(changes, expected_revision=based_on, origin=origin)


class HistoryHandler(_AnsweringHandler):
    """Lists what the settings file was before."""

    @web.authenticated
    @authorized
    async def get(self) -> None:
        """Answer the versions, the newest first."""
        self._answer({"versions": await self.service.versions()})


@web.stream_request_body
class VersionHandler(_AnsweringHandler):
    """Shows and restores one version of the settings file."""

    @web.authenticated
    @authorized
    async def get(self, version: str) -> None:
        """Answer what changed from that version to now."""
        try:
            self._answer({"changes": await self.service.changes_since(version)})
        except SettingsFileError as error:
            self._answer({"message": str(error)}, HTTPStatus.NOT_FOUND)

    @web.authenticated
    @authorized
    async def post(self, version: str) -> None:
        """Bring that version back; a save like any other."""
        await self._answer_save(self._restore(version))

    async def _restore(self, version: str) -> SettingsAnswer:
        based_on = self._based_on
        origin = origin_in(bytes(self._body))
        return await self.service.restore(version, expected_revision=based_on, origin=origin)


@web.stream_request_body
class CheckHandler(_AnsweringHandler):
    """Runs the sign-in doctor on this machine."""

    @web.authenticated
    @authorized
    async def post(self) -> None:
        """Answer what a sign-in by the saved settings would meet; nothing is signed in."""
        try:
            nothing_in(bytes(self._body))
            self._answer(await self.sign_in_check.report())
        except RefusedError as refusal:
            self._answer({"message": str(refusal)}, refusal.status)


@web.stream_request_body
class ImportHandler(_AnsweringHandler):
    """Reads a workspace out of what people have of it; nothing is saved."""

    @web.authenticated
    @authorized
    async def post(self) -> None:
        """Answer the name and the settings of the workspace in a portal address or in its config.json."""
        await self._answer_save(self._read())

    async def _read(self) -> dict[str, Any]:
        name, workspace = imported(text_in(bytes(self._body)))
        return {"name": name, "workspace": workspace}


class SchemaHandler(HuntbookMixin, APIHandler):
    """Tells what can be configured."""

    @web.authenticated
    @authorized
    async def get(self) -> None:
        """Answer the JSON schema that every editor is built from."""
        self.finish(await self.service.schema())


class BokehHandler(HuntbookMixin, AuthenticatedFileHandler):
    """Serves BokehJS of the installed Bokeh, so that notebooks draw without the internet and stay small."""

    def initialize(  # type: ignore[override]  # the server adds the extension's name to every handler's arguments
        self, name: str, *, path: str, version: str
    ) -> None:
        """Serve the files of `path`, which belong to Bokeh's `version`."""
        HuntbookMixin.initialize(self, name, path=path)
        self._version = version

    def get_cache_time(self, path: str, modified: datetime | None, mime_type: str) -> int:  # noqa: ARG002 - tornado's signature
        """Say nothing of time here: tornado takes any `v` for a promise that the file never changes."""
        return 0

    def set_headers(self) -> None:
        """Let a browser keep what was asked for by the installed version; else it asks each time."""
        super().set_headers()
        if self.get_argument("v", None) == self._version:
            self.set_header("Cache-Control", "private, max-age=31536000, immutable")
        else:
            self.set_header("Cache-Control", "private, no-cache")


ROUTES: tuple[tuple[str, type[web.RequestHandler]], ...] = (
    (r"/huntbook/settings", SettingsHandler),
    (r"/huntbook/history", HistoryHandler),
    (r"/huntbook/history/([0-9a-f]{16})", VersionHandler),
    (r"/huntbook/schema", SchemaHandler),
    (r"/huntbook/check", CheckHandler),
    (r"/huntbook/import", ImportHandler),
    (r"/huntbook/bokeh/static/(js/[\w.-]+\.js)", BokehHandler),
)
