"""The management side of Microsoft Sentinel in one workspace."""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from huntbook.azure.arm import part
from huntbook.azure.incidents import Incidents
from huntbook.azure.kql import timespan_text
from huntbook.azure.sentinel_items import items_frame
from huntbook.errors import OptionError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    import pandas as pd

__all__ = ["Sentinel"]

_RULE_KINDS = ("Scheduled", "NRT", "Fusion", "MicrosoftSecurityIncidentCreation")
_HUNTING = "Hunting Queries"
# As many as the service takes from one person without throttling.
_AT_ONCE = 4


class Sentinel(Incidents):
    """Incidents, rules, queries, bookmarks, watchlists; made by `AzureSession.sentinel`.

    Every list comes whole, over all its pages, as a frame with a row a thing (see
    `items_frame`); every get and every write gives the thing as the service tells it.
    """

    def __repr__(self) -> str:
        return f"Sentinel({self.workspace.label!r})"

    def alert_rules(self) -> pd.DataFrame:
        """Return the analytics rules."""
        return self._frame("alertRules")

    def alert_rule(self, name: str) -> dict[str, Any]:
        """Return one analytics rule."""
        return self._get("alertRules", name)

    def put_alert_rule(
        self, name: str, kind: str, properties: Mapping[str, Any], *, etag: str | None = None
    ) -> dict[str, Any]:
        """Write an analytics rule whole.

        Parameters
        ----------
        name
            Its id.
        kind
            ``Scheduled``, ``NRT``, ``Fusion`` or ``MicrosoftSecurityIncidentCreation``.
        properties
            By the service's names.
        etag
            Given: only if nobody changed it since.
        """
        if kind not in _RULE_KINDS:
            raise OptionError.unknown(kind, option="kind", known=_RULE_KINDS)
        return self._put("alertRules", name, properties=properties, etag=etag, kind=kind)

    def enable_alert_rule(self, name: str, *, enabled: bool = True) -> dict[str, Any]:
        """Turn a rule on or off and leave the rest of it as it is."""
        found = self.alert_rule(name)
        told = {key: value for key, value in found["properties"].items() if key != "lastModifiedUtc"}
        return self.put_alert_rule(name, found["kind"], {**told, "enabled": enabled}, etag=found.get("etag"))

    def delete_alert_rule(self, name: str) -> None:
        """Delete an analytics rule."""
        self._delete("alertRules", name)

    def alert_rule_templates(self) -> pd.DataFrame:
        """Return the templates of analytics rules."""
        return self._frame("alertRuleTemplates")

    def saved_queries(self) -> pd.DataFrame:
        """Return the workspace's saved queries."""
        path = f"{self.workspace.resource_id}/savedSearches"
        return items_frame(self._arm.items(path, group="saved_searches"))

    def hunting_queries(self) -> pd.DataFrame:
        """Return the saved queries that are hunting queries."""
        found = self.saved_queries()
        return found if found.empty else found[found["category"] == _HUNTING].reset_index(drop=True)

    def bookmarks(self) -> pd.DataFrame:
        """Return the bookmarks."""
        return self._frame("bookmarks")

    def put_bookmark(
        self, properties: Mapping[str, Any], *, name: str | None = None, etag: str | None = None
    ) -> dict[str, Any]:
        """Write a bookmark whole; `name` is its id, by default a new one."""
        return self._put("bookmarks", name or str(uuid.uuid4()), properties=properties, etag=etag)

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
        return dict(
            self._post("bookmarks", name, "expand", group="bookmark_expansion", json=told).get("value") or {}
        )

    def delete_bookmark(self, name: str) -> None:
        """Delete a bookmark."""
        self._delete("bookmarks", name)

    def watchlists(self) -> pd.DataFrame:
        """Return the watchlists."""
        return self._frame("watchlists")

    def put_watchlist(
        self, alias: str, properties: Mapping[str, Any], *, etag: str | None = None
    ) -> dict[str, Any]:
        """Write a watchlist whole, with its items if `properties` has ``rawContent``."""
        return self._put("watchlists", alias, properties=properties, etag=etag)

    def delete_watchlist(self, alias: str) -> None:
        """Delete a watchlist with its items."""
        self._delete("watchlists", alias)

    def watchlist_items(self, alias: str) -> pd.DataFrame:
        """Return the items of a watchlist; the column ``items_key_value`` holds each as a dict."""
        return self._frame("watchlists", alias, "watchlistItems")

    def put_watchlist_item(
        self, alias: str, values: Mapping[str, Any], *, item: str | None = None, etag: str | None = None
    ) -> dict[str, Any]:
        """Write one item of a watchlist; `item` is its id, by default a new one."""
        told = {"itemsKeyValue": dict(values)}
        return self._put(
            "watchlists", alias, "watchlistItems", item or str(uuid.uuid4()), properties=told, etag=etag
        )

    def add_watchlist_items(self, alias: str, frame: pd.DataFrame) -> int:
        """Add a row a watchlist item, several at a time; return how many.

        Missing values become empty text, as the service wants it.
        """
        texts = frame.astype("string").fillna("")
        rows = [dict(zip(texts.columns, row, strict=True)) for row in texts.itertuples(index=False)]
        with ThreadPoolExecutor(max_workers=_AT_ONCE) as pool:
            return len(list(pool.map(lambda row: self.put_watchlist_item(alias, row), rows)))

    def data_connectors(self) -> pd.DataFrame:
        """Return the data connectors."""
        return self._frame("dataConnectors")

    def automation_rules(self) -> pd.DataFrame:
        """Return the automation rules."""
        return self._frame("automationRules")

    def indicators(self) -> pd.DataFrame:
        """Return the threat-intelligence indicators."""
        path = f"{self._root}/{part('threatIntelligence')}/main/indicators"
        return items_frame(self._arm.items(path, group="sentinel"))
