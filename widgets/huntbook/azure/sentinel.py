"""The management side of Microsoft Sentinel in one workspace."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from huntbook.azure.alert_rules import AlertRules
from huntbook.azure.bookmarks import Bookmarks
from huntbook.azure.incidents import Incidents
from huntbook.azure.sentinel_items import items_frame
from huntbook.azure.watchlists import Watchlists

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

__all__ = ["Sentinel"]

_SEARCHES = "saved_searches"
_HUNTING = "Hunting Queries"


class Sentinel(Incidents, AlertRules, Bookmarks, Watchlists):
    """Incidents, rules, queries, bookmarks, watchlists; made by `AzureSession.sentinel`.

    Every list comes whole, over all its pages, as a frame with a row a thing (see
    `items_frame`); every get and every write gives the thing as the service tells it.

    Examples
    --------
    >>> import huntbook
    >>> workspace = "63613592-b6f7-4c3d-a390-22ba13102111"
    >>> with huntbook.connect("usgov", ["cli"], quiet=True) as session:
    ...     incidents = session.sentinel(workspace).incidents()
    >>> incidents.loc[0, ["title", "severity"]].tolist()
    ['Shadow copies deleted on host-0002', 'High']
    """

    def __repr__(self) -> str:
        return f"Sentinel({self.workspace.label!r})"

    def saved_queries(self) -> pd.DataFrame:
        """Return the workspace's saved queries."""
        return items_frame(self._arm.items(self._search_path(), group=_SEARCHES))

    def hunting_queries(self) -> pd.DataFrame:
        """Return the saved queries that are hunting queries."""
        found = self.saved_queries()
        return found if found.empty else found[found["category"] == _HUNTING].reset_index(drop=True)

    def saved_query(self, name: str) -> dict[str, Any]:
        """Return one saved query, by its id."""
        return self._arm.get(self._search_path(name), group=_SEARCHES)

    def put_saved_query(self, name: str, properties: Mapping[str, Any]) -> dict[str, Any]:
        """Write a saved query whole.

        Parameters
        ----------
        name
            Its id.
        properties
            By the service's names; ``category``, ``displayName`` and ``query`` are a must. The
            category ``Hunting Queries`` makes it a hunting query.
        """
        body = {"properties": dict(properties)}
        reply = self._arm.send("PUT", self._search_path(name), group=_SEARCHES, json=body)
        told: dict[str, Any] = reply.body or {}
        return told

    def delete_saved_query(self, name: str) -> None:
        """Delete a saved query, by its id."""
        self._arm.send("DELETE", self._search_path(name), group=_SEARCHES)

    def data_connectors(self) -> pd.DataFrame:
        """Return the data connectors."""
        return self._frame("dataConnectors", group="data_connectors")

    def automation_rules(self) -> pd.DataFrame:
        """Return the automation rules."""
        return self._frame("automationRules", group="automation_rules")

    def indicators(self) -> pd.DataFrame:
        """Return the threat-intelligence indicators; ``pattern`` says in STIX what each one matches."""
        return self._frame("threatIntelligence", "main", "indicators", group="indicators")

    def _search_path(self, *names: str) -> str:
        return self._path(*names, root=f"{self.workspace.resource_id}/savedSearches")
