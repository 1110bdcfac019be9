"""The settings as the server's API tells them: answers to send, saves to make, changes to announce."""

from __future__ import annotations

import asyncio
import functools
import json
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypedDict

from huntbook.settings import document, history, model
from huntbook.settings.layers import central
from huntbook.settings.secrets import masked, secret_paths
from huntbook.settings.site import site_documents, site_files
from huntbook_server.signature import signature

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Mapping
    from pathlib import Path

    from huntbook.settings.document import Document
    from huntbook.settings.layers import Combined

__all__ = [
    "ChangeAnswer",
    "FaultAnswer",
    "LockAnswer",
    "ProblemAnswer",
    "SettingsAnswer",
    "SettingsService",
    "SourceAnswer",
    "VersionAnswer",
    "Written",
]


class FaultAnswer(TypedDict):
    """Why the file can't be used, and where, counted from 1."""

    message: str
    line: int | None
    column: int | None


class ProblemAnswer(TypedDict):
    """What is wrong with one value."""

    key: str | None
    message: str


class LockAnswer(TypedDict):
    """What an administrator does not let anyone change, and why."""

    key: str
    reason: str


class SourceAnswer(TypedDict):
    """Which layer says a value, in which file and in which line of it, counted from 1."""

    layer: str
    path: str | None
    line: int | None


class SettingsAnswer(TypedDict):
    """What GET and a successful save answer."""

    settings: dict[str, dict[str, Any]]
    revision: str
    path: str
    state: Literal["ok", "missing", "broken"]
    fault: FaultAnswer | None
    problems: list[ProblemAnswer]
    locks: list[LockAnswer]
    notices: list[str]
    # By dotted key, for the known keys that are not at their default.
    sources: dict[str, SourceAnswer]
    others: dict[str, Any]
    # Where the user's file holds a secret in plain text: the names from the section down.
    plain_secrets: list[list[str]]


class VersionAnswer(TypedDict):
    """One state that the file had; `when` is a time in UTC, ISO 8601."""

    revision: str
    origin: str
    when: str
    size: int


class ChangeAnswer(TypedDict):
    """One setting that differs, with both values in words; None where they are not ours to show."""

    key: str
    old: str | None
    new: str | None


@dataclass(frozen=True, slots=True)
class Written:
    """An answer that can be given again as long as the files are the same.

    Parameters
    ----------
    signs
        The signatures of the files that it was made from.
    answer
        The answer.
    raw
        The same as JSON, ready to be sent.
    """

    signs: tuple[Hashable, ...]
    answer: SettingsAnswer
    raw: bytes


class SettingsService:
    """Reads and saves one settings file and says when it changed.

    File work runs in a thread, so that a slow disk never stops the server.

    Parameters
    ----------
    path
        The settings file; it need not exist.
    announce
        Called with revision and origin after each change.
    """

    def __init__(self, path: Path, announce: Callable[[str, str], None]) -> None:
        self.path = path
        self._announce = announce
        self._known: str | None = None
        self._known_sites: tuple[str, ...] = ()
        self._last: Written | None = None
        # Without it a look between the write and its announcement would call our own save an outside one.
        self._writing = asyncio.Lock()

    async def read(self) -> SettingsAnswer:
        """Return the settings as they are in the file now."""
        return (await asyncio.to_thread(self._read)).answer

    async def read_written(self) -> Written:
        """Return the same as `read` does, beside its JSON."""
        return await asyncio.to_thread(self._read)

    async def save(
        self, changes: Mapping[str, Any], *, expected_revision: str, origin: str
    ) -> SettingsAnswer:
        """Save a merge patch on top of the revision that the caller read; the errors are those of the file work."""
        return await self._write(
            lambda: document.save(self.path, changes, expected_revision=expected_revision, origin=origin),
            expected_revision,
            origin,
        )

    async def restore(self, version: str, *, expected_revision: str, origin: str) -> SettingsAnswer:
        """Bring an earlier version of the file back."""
        return await self._write(
            lambda: document.restore(self.path, version, expected_revision=expected_revision, origin=origin),
            expected_revision,
            origin,
        )

    async def versions(self) -> list[VersionAnswer]:
        """Return what the file was before, the newest first."""
        found = await asyncio.to_thread(history.versions, self.path)
        return [
            {
                "revision": version.revision,
                "origin": version.origin,
                "when": version.when.isoformat(timespec="seconds"),
                "size": version.size,
            }
            for version in found
        ]

    async def changes_since(self, version: str) -> list[ChangeAnswer]:
        """Return what changed from a version to the file as it is now."""
        found = await asyncio.to_thread(history.diff, self.path, version)
        return [{"key": change.key, "old": change.old, "new": change.new} for change in found]

    async def look(self) -> bool:
        """Announce what was written by someone else since the last look, and say so; the first look only remembers."""
        async with self._writing:
            revision, sites = await asyncio.to_thread(self._revisions)
            before, self._known_sites = self._known_sites, sites
            if self._known is None:
                self._known = revision
            elif revision != self._known or sites != before:
                self._tell(revision, "outside")
                return True
        return False

    def signs(self) -> tuple[Hashable, ...]:
        """Return what differs when any of the files does."""
        return tuple(map(signature, (self.path, *self._site_files)))

    @functools.cached_property
    def _site_files(self) -> tuple[Path, ...]:
        """Where site files may lie; asked once, because Jupyter looks at the disk and the variables each time."""
        return site_files()

    def _revisions(self) -> tuple[str, tuple[str, ...]]:
        sites = (f"{site.path} {site.revision}" for site in site_documents())
        return document.read(self.path).revision, tuple(sites)

    def _read(self) -> Written:
        """Read what changed since the last time; parsing a long file again would take longer than all else."""
        signs = self.signs()
        if self._last is None or self._last.signs != signs:
            fresh = answer(document.read(self.path))
            self._last = Written(signs, fresh, json.dumps(fresh).encode())
        return self._last

    async def schema(self) -> bytes:
        """Return the JSON schema of the settings, as JSON; it offers the clouds that the user defined."""
        own = (await self.read())["settings"]["Azure"]["custom_clouds"]
        names = (cloud.get("name") for cloud in own if isinstance(cloud, dict))
        return _schema(tuple(name for name in names if isinstance(name, str)))

    async def _write(self, write: Callable[[], Document], before: str, origin: str) -> SettingsAnswer:
        async with self._writing:
            saved = await asyncio.to_thread(write)
            if saved.revision != before:
                self._tell(saved.revision, origin)
        return await asyncio.to_thread(answer, saved)

    def _tell(self, revision: str, origin: str) -> None:
        self._known = revision
        self._announce(revision, origin)


@functools.lru_cache(maxsize=4)
def _schema(custom_clouds: tuple[str, ...]) -> bytes:
    return json.dumps(model.json_schema(custom_clouds=custom_clouds)).encode()


def answer(found: Document) -> SettingsAnswer:
    """Put a settings file, and what the site says with it, into the form of the API."""
    combined = central(found)
    others = {name: section for name, section in combined.data.items() if name not in combined.values}
    return {
        "settings": _plain(combined.shown()),
        "revision": found.revision,
        "path": str(found.path),
        "state": "broken" if found.fault else "missing" if found.revision == document.ABSENT else "ok",
        "fault": _fault(found),
        "problems": [{"key": problem.key, "message": problem.message} for problem in combined.problems],
        "locks": [{"key": lock.key, "reason": lock.reason} for lock in combined.locks],
        "notices": list(combined.notices),
        "sources": _sources(combined),
        "others": _plain(masked(others)),
        "plain_secrets": [list(path) for path in secret_paths(found.data)],
    }


def _sources(combined: Combined) -> dict[str, SourceAnswer]:
    keys = [key for key in combined.origins if key.partition(".")[0] in combined.values]
    return {
        source.key: {"layer": source.layer, "path": source.path, "line": source.line}
        for source in combined.sources(keys)
    }


def _fault(found: Document) -> FaultAnswer | None:
    fault = found.fault
    return None if fault is None else {"message": str(fault), "line": fault.line, "column": fault.column}


def _plain(value: Any) -> Any:
    """Keep what JSON can say; the rest, such as a date, is told as its text."""
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return value if value is None or isinstance(value, str | bool | int | float) else str(value)
