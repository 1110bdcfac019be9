"""Bookmarks of Microsoft Sentinel: rows that a hunter marked, and what hangs together with them."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from huntbook.azure.kql import timespan_text
from huntbook.azure.sentinel_items import SentinelItems

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    import pandas as pd

__all__ = ["Bookmarks"]

_GROUP = "bookmarks"


class Bookmarks(SentinelItems):
    """The bookmarks of one workspace; part of `Sentinel`."""

    def bookmarks(self) -> pd.DataFrame:
        """Return the bookmarks."""
        return self._frame("bookmarks", group=_GROUP)

    def bookmark(self, name: str) -> dict[str, Any]:
        """Return one bookmark."""
        return self._get("bookmarks", name, group=_GROUP)

    def create_bookmark(
        self,
        title: str,
        query: str,
        *,
        result: str = "",
        notes: str = "",
        labels: Sequence[str] = (),
        name: str | None = None,
    ) -> dict[str, Any]:
        """Create a bookmark and return it.

        Parameters
        ----------
        title
            What it is called.
        query
            The query that found it.
        result
            The row that it marks, as JSON text: ``row.to_json(date_format="iso")``.
        notes, labels
            For people.
        name
            Its id; by default a new one.
        """
        told: dict[str, Any] = {"displayName": title, "query": query, "labels": list(labels)}
        told |= {"queryResult": result} if result else {}
        told |= {"notes": notes} if notes else {}
        return self.put_bookmark(told, name=name)

    def put_bookmark(
        self, properties: Mapping[str, Any], *, name: str | None = None, etag: str | None = None
    ) -> dict[str, Any]:
        """Write a bookmark whole; `name` is its id, by default a new one."""
        name = name or str(uuid.uuid4())
        return self._put("bookmarks", name, properties=properties, etag=etag, group=_GROUP)

    def expand_bookmark(
        self, name: str, expansion: str, *, timespan: tuple[datetime, datetime] | None = None
    ) -> dict[str, Any]:
        """Return what hangs together with a bookmark: the ``entities`` and ``edges`` of its graph.

        Parameters
        ----------
        name
            The bookmark's id.
        expansion
            The id of the question, such as that for the alerts of a host.
        timespan
            A pair of times to look between (without a zone: UTC). None: as the service chooses.
        """
        told: dict[str, Any] = {"expansionId": expansion}
        if timespan is not None:
            told["startTime"], told["endTime"] = str(timespan_text(timespan)).split("/")
        found = self._ask("bookmarks", name, "expand", group="bookmark_expansion", json=told)
        return dict(found.get("value") or {})

    def delete_bookmark(self, name: str) -> None:
        """Delete a bookmark."""
        self._delete("bookmarks", name, group=_GROUP)
