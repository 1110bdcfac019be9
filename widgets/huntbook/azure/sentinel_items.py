"""What every kind of thing in Microsoft Sentinel has in common: list, get, put, delete."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pandas as pd

from huntbook.azure.arm import part

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from huntbook.azure.arm import Arm
    from huntbook.azure.workspaces import Workspace

__all__ = ["SentinelItems", "items_frame"]

_WORD = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_TIME = re.compile(r"(_utc|_time|_time_generated|^created|^updated|^valid_from|^valid_until)$")
_FIRST = ("name", "kind", "id", "etag")


class SentinelItems:
    """Calls to the things of one workspace; the base of `Sentinel`.

    Parameters
    ----------
    arm
        The session's.
    workspace
        Where; its resource must be known.
    """

    def __init__(self, arm: Arm, workspace: Workspace) -> None:
        self._arm, self.workspace = arm, workspace
        self._root = f"{workspace.resource_id}/providers/Microsoft.SecurityInsights"

    def _path(self, *names: str, root: str = "") -> str:
        return "/".join([root or self._root, *(part(name) for name in names)])

    def _frame(self, *names: str, group: str, params: Mapping[str, str] | None = None) -> pd.DataFrame:
        return items_frame(self._arm.items(self._path(*names), group=group, params=params))

    def _get(self, *names: str, group: str) -> dict[str, Any]:
        return self._arm.get(self._path(*names), group=group)

    def _put(
        self,
        *names: str,
        properties: Mapping[str, Any],
        etag: str | None = None,
        kind: str | None = None,
        group: str,
    ) -> dict[str, Any]:
        """Write a thing whole; with an etag only if nobody changed it since."""
        body: dict[str, Any] = {"properties": dict(properties)}
        body |= {"etag": etag} if etag else {}
        body |= {"kind": kind} if kind else {}
        told: dict[str, Any] = self._arm.send("PUT", self._path(*names), group=group, json=body).body or {}
        return told

    def _delete(self, *names: str, group: str) -> None:
        self._arm.send("DELETE", self._path(*names), group=group)

    def _ask(self, *names: str, group: str, json: Any = None) -> dict[str, Any]:
        """Ask by POST, which changes nothing and so may be repeated."""
        reply = self._arm.send("POST", self._path(*names), group=group, json=json, repeatable=True)
        told: dict[str, Any] = reply.body or {}
        return told


def items_frame(items: Iterable[Mapping[str, Any]]) -> pd.DataFrame:
    """Return things as a frame, a row each.

    Parameters
    ----------
    items
        Objects of Azure Resource Manager with ``properties``.

    Returns
    -------
    pandas.DataFrame
        ``name``, ``kind``, ``id`` and ``etag``, then each property in words with underscores
        (``createdTimeUtc`` is ``created_time_utc``). Times are UTC; nested values stay as
        they are.
    """
    rows = [
        {
            **{key: each.get(key) for key in _FIRST},
            **{_words(key): value for key, value in _properties(each).items()},
        }
        for each in items
    ]
    frame = pd.DataFrame(rows) if rows else pd.DataFrame(columns=list(_FIRST))
    for name in frame.columns:
        if _TIME.search(str(name)):
            frame[name] = pd.to_datetime(frame[name], utc=True, format="ISO8601", errors="coerce")
    return frame


def _properties(each: Mapping[str, Any]) -> Mapping[str, Any]:
    found: Mapping[str, Any] = each.get("properties") or {}
    return found


def _words(key: str) -> str:
    return _WORD.sub("_", key).lower()
