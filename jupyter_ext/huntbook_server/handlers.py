"""The HTTP API under ``<base_url>huntbook/``. Each handler parses, makes one call and answers."""

from __future__ import annotations

import json
import re
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from jupyter_server.auth.decorator import authorized
from jupyter_server.base.handlers import APIHandler, AuthenticatedFileHandler
from tornado import web

from huntbook.errors import SettingsConflictError, SettingsFileError, SettingsValueError
from huntbook.settings import document, model
from huntbook_server.base import HuntbookMixin

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

__all__ = ["ROUTES", "BokehHandler", "SchemaHandler", "SettingsHandler"]

MAX_BODY_BYTES = 2**20
_REVISION = re.compile(r'(?:W/)?"([\w-]+)"')
_CLIENT_ORIGINS = tuple(origin for origin in document.ORIGINS if origin != "outside")


class _RefusedError(Exception):
    """A request that can't be served: the status and the body that say why."""

    def __init__(self, status: HTTPStatus, message: str, **more: Any) -> None:
        super().__init__(message)
        self.status = status
        self.body = {"message": message, **more}


# Streamed, so that a body over the limit is never held in memory.
@web.stream_request_body
class SettingsHandler(HuntbookMixin, APIHandler):
    """Reads and saves the settings."""

    def initialize(self, name: str, *args: Any, **kwargs: Any) -> None:
        """Begin with an empty body."""
        super().initialize(name, *args, **kwargs)
        self._body = bytearray()

    def data_received(self, chunk: bytes) -> None:
        """Keep the body up to one byte over the limit."""
        self._body += chunk[: MAX_BODY_BYTES + 1 - len(self._body)]

    @web.authenticated
    @authorized
    async def get(self) -> None:
        """Answer the effective settings, the revision and the state of the file."""
        self._answer(await self.service.read())

    @web.authenticated
    @authorized
    async def patch(self) -> None:
        """Save a merge patch on top of the revision that the client read."""
        try:
            revision = _revision(self.request.headers.get("If-Match", ""))
            changes, origin = _changes(bytes(self._body))
            saved = await self.service.save(changes, expected_revision=revision, origin=origin)
        except _RefusedError as refusal:
            self._answer(refusal.body, refusal.status)
        except SettingsConflictError as error:
            current = await self.service.read()
            self._answer({"message": str(error), "current": current}, HTTPStatus.PRECONDITION_FAILED)
        except SettingsValueError as error:
            problem = {"key": error.key, "message": str(error)}
            body = {"message": str(error), "key": error.key, "problems": [problem]}
            self._answer(body, HTTPStatus.UNPROCESSABLE_ENTITY)
        except SettingsFileError as error:
            await self._answer_file_error(error)
        else:
            self._answer(saved)

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
        self.set_status(status)
        self.set_header("Cache-Control", "no-store")
        if "revision" in body:
            self.set_header("ETag", f'"{body["revision"]}"')
        self.finish(json.dumps(body))

    def compute_etag(self) -> None:
        """Leave the ETag alone: it is the revision, not a hash of the answer."""


class SchemaHandler(HuntbookMixin, APIHandler):
    """Tells what can be configured."""

    @web.authenticated
    @authorized
    async def get(self) -> None:
        """Answer the JSON schema that every editor is built from."""
        self.finish(json.dumps(model.json_schema()))


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


def _revision(header: str) -> str:
    """Read the revision out of If-Match."""
    found = _REVISION.fullmatch(header.strip())
    if found is None:
        raise _RefusedError(
            HTTPStatus.PRECONDITION_REQUIRED,
            'A save needs the header If-Match with the revision that it is based on, such as "0123456789abcdef". '
            "GET answers it as the ETag.",
        )
    return found[1]


def _changes(raw: bytes) -> tuple[dict[str, Any], str]:
    """Read the body of a save: the changes and who makes them."""
    if len(raw) > MAX_BODY_BYTES:
        limit = f"The body is larger than {MAX_BODY_BYTES // 2**20} MB. Send only what changed."
        raise _RefusedError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, limit)
    body = _json_object(raw)
    strange = sorted(body.keys() - {"changes", "origin"})
    if strange:
        raise _bad(f"The body has a member {strange[0]!r} that is not known. It takes: 'changes', 'origin'.")
    changes, origin = body.get("changes"), body.get("origin", "sidebar")
    if not isinstance(changes, dict):
        raise _bad('The body\'s member \'changes\' must be an object, such as {"Azure": {"cloud": "usgov"}}.')
    if origin not in _CLIENT_ORIGINS:
        raise _bad(f"origin={origin!r} is not known. It takes: {', '.join(_CLIENT_ORIGINS)}.")
    return changes, origin


def _json_object(raw: bytes) -> dict[str, Any]:
    try:
        body = json.loads(raw, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise _bad(f"The body is not JSON: {error}.") from error
    if not isinstance(body, dict):
        raise _bad('The body is not a JSON object. Send {"changes": {...}, "origin": "sidebar"}.')
    return body


def _no_constant(word: str) -> float:
    raise ValueError(f"{word} is no JSON value")


def _bad(message: str) -> _RefusedError:
    return _RefusedError(HTTPStatus.BAD_REQUEST, message)


ROUTES: tuple[tuple[str, type[web.RequestHandler]], ...] = (
    (r"/huntbook/settings", SettingsHandler),
    (r"/huntbook/schema", SchemaHandler),
    (r"/huntbook/bokeh/static/(js/[\w.-]+\.js)", BokehHandler),
)
