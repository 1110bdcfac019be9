"""The settings as the server's API tells them: answers to send, saves to make, changes to announce."""

from __future__ import annotations

import asyncio
import math
from typing import TYPE_CHECKING, Any, Literal, TypedDict

from huntbook.settings import document, model
from huntbook.settings.secrets import masked

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

__all__ = ["FaultAnswer", "ProblemAnswer", "SettingsAnswer", "SettingsService"]


class FaultAnswer(TypedDict):
    """Why the file can't be used, and where, counted from 1."""

    message: str
    line: int | None
    column: int | None


class ProblemAnswer(TypedDict):
    """What is wrong with one value."""

    key: str | None
    message: str


class SettingsAnswer(TypedDict):
    """What GET and a successful PATCH answer."""

    settings: dict[str, dict[str, Any]]
    revision: str
    path: str
    state: Literal["ok", "missing", "broken"]
    fault: FaultAnswer | None
    problems: list[ProblemAnswer]
    others: dict[str, Any]


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
        # Without it a look between the write and its announcement would call our own save an outside one.
        self._writing = asyncio.Lock()

    async def read(self) -> SettingsAnswer:
        """Return the settings as they are in the file now."""
        return answer(await asyncio.to_thread(document.read, self.path))

    async def save(
        self, changes: Mapping[str, Any], *, expected_revision: str, origin: str
    ) -> SettingsAnswer:
        """Save a merge patch on top of the revision that the caller read; the errors are those of the file work."""
        async with self._writing:
            saved = await asyncio.to_thread(
                document.save, self.path, changes, expected_revision=expected_revision, origin=origin
            )
            if saved.revision != expected_revision:
                self._tell(saved.revision, origin)
        return answer(saved)

    async def look(self) -> None:
        """Announce what was written by someone else since the last look; the first look only remembers."""
        async with self._writing:
            revision = (await asyncio.to_thread(document.read, self.path)).revision
            if self._known is None:
                self._known = revision
            elif revision != self._known:
                self._tell(revision, "outside")

    def _tell(self, revision: str, origin: str) -> None:
        self._known = revision
        self._announce(revision, origin)


def answer(found: document.Document) -> SettingsAnswer:
    """Put a settings file into the form of the API."""
    effective = model.effective(found.data)
    sections = model.canonical(found.data)
    others = {name: section for name, section in sections.items() if name not in effective.values}
    absent = found.revision == document.ABSENT
    return {
        "settings": _plain(effective.values),
        "revision": found.revision,
        "path": str(found.path),
        "state": "broken" if found.fault else "missing" if absent else "ok",
        "fault": fault_answer(found),
        "problems": [{"key": problem.key, "message": problem.message} for problem in effective.problems],
        "others": _plain(masked(others)),
    }


def fault_answer(found: document.Document) -> FaultAnswer | None:
    """Say why a file can't be used; None for one that can."""
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
