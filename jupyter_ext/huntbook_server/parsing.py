"""Reads what a client sends; a request that makes no sense is refused in words."""

from __future__ import annotations

import json
import re
from http import HTTPStatus
from typing import Any

from huntbook.settings import document

__all__ = [
    "MAX_BODY_BYTES",
    "RefusedError",
    "changes_in",
    "nothing_in",
    "origin_in",
    "revision_in",
    "text_in",
]

MAX_BODY_BYTES = 2**20
_REVISION = re.compile(r'(?:W/)?"([\w-]+)"')
_CLIENT_ORIGINS = tuple(origin for origin in document.ORIGINS if origin != "outside")


class RefusedError(Exception):
    """A request that can't be served.

    Parameters
    ----------
    status
        The status to answer.
    message
        Why, and what to send instead.
    """

    def __init__(self, status: HTTPStatus, message: str) -> None:
        super().__init__(message)
        self.status = status


def revision_in(header: str) -> str:
    """Read the revision that a save is based on out of the header If-Match."""
    found = _REVISION.fullmatch(header.strip())
    if found is None:
        raise RefusedError(
            HTTPStatus.PRECONDITION_REQUIRED,
            'A save needs the header If-Match with the revision that it is based on, such as "0123456789abcdef". '
            "GET answers it as the ETag.",
        )
    return found[1]


def changes_in(raw: bytes) -> tuple[dict[str, Any], str]:
    """Read the body of a save: the changes and who makes them."""
    body = _object(raw, members=("changes", "origin"))
    changes = body.get("changes")
    if not isinstance(changes, dict):
        raise _bad('The body\'s member \'changes\' must be an object, such as {"Azure": {"cloud": "usgov"}}.')
    return changes, _origin(body)


def origin_in(raw: bytes) -> str:
    """Read the body of a restore: who asks for it."""
    return _origin(_object(raw, members=("origin",)))


def text_in(raw: bytes) -> str:
    """Read the body of an import: what was pasted."""
    text = _object(raw, members=("text",)).get("text")
    if isinstance(text, str):
        return text
    raise _bad("The body's member 'text' must be what was copied in the portal, as text.")


def nothing_in(raw: bytes) -> None:
    """Read the body of a request that takes no arguments."""
    if b"".join(raw.split()) != b"{}":
        raise _bad("The body must be {}: the check is of the saved settings and takes nothing.")


def _object(raw: bytes, *, members: tuple[str, ...]) -> dict[str, Any]:
    if len(raw) > MAX_BODY_BYTES:
        limit = f"The body is larger than {MAX_BODY_BYTES // 2**20} MB. Send only what changed."
        raise RefusedError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, limit)
    try:
        body = json.loads(raw, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise _bad(f"The body is not JSON: {error}.") from error
    known = ", ".join(map(repr, members))
    if not isinstance(body, dict):
        raise _bad(f"The body is not a JSON object. Send one with the members {known}.")
    strange = sorted(body.keys() - set(members))
    if strange:
        raise _bad(f"The body has a member {strange[0]!r} that is not known. It takes: {known}.")
    return body


def _origin(body: dict[str, Any]) -> str:
    origin = body.get("origin", "sidebar")
    if isinstance(origin, str) and origin in _CLIENT_ORIGINS:
        return origin
    raise _bad(f"origin={origin!r} is not known. It takes: {', '.join(_CLIENT_ORIGINS)}.")


def _no_constant(word: str) -> float:
    raise ValueError(f"{word} is no JSON value")


def _bad(message: str) -> RefusedError:
    return RefusedError(HTTPStatus.BAD_REQUEST, message)
