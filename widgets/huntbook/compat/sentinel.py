"""MSTICPy's class for the management side of Microsoft Sentinel, on `huntbook.azure.sentinel`."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

import pandas as pd

from huntbook.compat.providers import AzureData
from huntbook.compat.workspace_lookups import WorkspaceLookups
from huntbook.errors import OptionError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from huntbook.azure.sentinel import Sentinel

__all__ = ["MicrosoftSentinel"]


class MicrosoftSentinel(WorkspaceLookups, AzureData):
    """The management side of Microsoft Sentinel in one workspace.

    Parameters
    ----------
    res_id
        The workspace's resource id.
    workspace
        Or its name in the settings, with subscription and resource group there.
    connect
        Make the session now.
    cloud
        None: that of the settings.
    """

    def __init__(
        self,
        res_id: str | None = None,
        *,
        workspace: str | None = None,
        connect: bool = False,
        cloud: str | None = None,
    ) -> None:
        super().__init__(connect=connect, cloud=cloud)
        self._workspace = res_id or workspace

    @property
    def _sentinel(self) -> Sentinel:
        return self.session.sentinel(self._workspace)

    def set_default_workspace(self, workspace: str) -> None:
        """Work in another workspace from now on."""
        self._workspace = workspace

    def list_incidents(self, params: Mapping[str, str] | None = None) -> pd.DataFrame:
        """Return every incident, over all pages; `params` may have ``$filter`` and ``$orderby``."""
        told = dict(params or {})
        return self._sentinel.incidents(where=told.get("$filter"), order=told.get("$orderby"))

    def get_incident(
        self,
        incident: str,
        *,
        entities: bool = False,
        alerts: bool = False,
        comments: bool = False,
        bookmarks: bool = False,
    ) -> dict[str, Any]:
        """Return all of one incident, and its entities, alerts, comments and bookmarks where asked for, a frame each."""
        asked = {
            "Entities": (entities, self.get_entities),
            "Alerts": (alerts, self.get_incident_alerts),
            "Comments": (comments, self.get_incident_comments),
            "Bookmarks": (bookmarks, self.get_incident_bookmarks),
        }
        more = {name: get(incident) for name, (wanted, get) in asked.items() if wanted}
        return {**self._sentinel.incident(incident), **more}

    def get_entities(self, incident: str) -> pd.DataFrame:
        """Return the entities of an incident."""
        return self._sentinel.incident_entities(incident)

    def get_incident_alerts(self, incident: str) -> pd.DataFrame:
        """Return the alerts of an incident."""
        return self._sentinel.incident_alerts(incident)

    def get_incident_comments(self, incident: str) -> pd.DataFrame:
        """Return the comments of an incident."""
        return self._sentinel.incident_comments(incident)

    def get_incident_bookmarks(self, incident: str) -> pd.DataFrame:
        """Return the bookmarks of an incident."""
        return self._sentinel.incident_bookmarks(incident)

    def create_incident(
        self, title: str, severity: str = "Medium", status: str = "New", *, description: str = ""
    ) -> str:
        """Make an incident and return its name."""
        made = self._sentinel.create_incident(
            title, severity=severity, status=status, description=description
        )
        return str(made["name"])

    def update_incident(self, incident_id: str, update_items: Mapping[str, Any]) -> str:
        """Change properties of an incident and return its name; a change by another in between is an error."""
        return str(self._sentinel.update_incident(incident_id, update_items)["name"])

    def post_comment(self, incident_id: str, comment: str) -> str:
        """Write a comment on an incident and return the comment's name."""
        return str(self._sentinel.comment_incident(incident_id, comment)["name"])

    def add_bookmark_to_incident(self, incident: str, bookmark: str) -> None:
        """Hang a bookmark, by id or display name, on an incident."""
        self._sentinel.relate_incident(incident, str(self._bookmark(bookmark)["id"]))

    def list_alert_rules(self) -> pd.DataFrame:
        """Return every analytic rule."""
        return self._sentinel.alert_rules()

    def list_analytic_templates(self) -> pd.DataFrame:
        """Return every template of analytic rules."""
        return self._sentinel.alert_rule_templates()

    def create_analytic_rule(
        self,
        template: str | None = None,
        name: str | None = None,
        *,
        enabled: bool = True,
        query: str | None = None,
        query_frequency: str = "PT5H",
        query_period: str = "PT5H",
        severity: str = "Medium",
        suppression_duration: str = "PT1H",
        suppression_enabled: bool = False,
        trigger_operator: str = "GreaterThan",
        trigger_threshold: int = 0,
        description: str | None = None,
        tactics: Sequence[str] = (),
    ) -> str:
        """Make a rule that runs by the clock and return its id.

        Parameters
        ----------
        template
            The id of a template, whose properties it takes; what is said beside it is not asked then.
        name, query
            Of a rule without a template; the other options are the service's properties, durations in ISO 8601.

        Raises
        ------
        OptionError
            Neither a template nor name and query.
        """
        told: dict[str, Any] = {
            "displayName": name,
            "query": query,
            "queryFrequency": query_frequency,
            "queryPeriod": query_period,
            "severity": severity,
            "suppressionDuration": suppression_duration,
            "suppressionEnabled": suppression_enabled,
            "triggerOperator": trigger_operator,
            "triggerThreshold": trigger_threshold,
            "description": description or "",
            "tactics": list(tactics),
        }
        if template:
            found = self._sentinel.alert_rule_template(template)["properties"]
            told |= {key: found[key] for key in told if key in found} | {"alertRuleTemplateName": template}
        if not (told["displayName"] and told["query"]):
            raise OptionError("A rule takes a template, or a name and a query.")
        made = self._sentinel.put_alert_rule(str(uuid.uuid4()), "Scheduled", {**told, "enabled": enabled})
        return str(made["name"])

    def delete_analytic_rule(self, analytic_rule: str) -> None:
        """Delete an analytic rule, by id."""
        self._sentinel.delete_alert_rule(analytic_rule)

    def list_hunting_queries(self) -> pd.DataFrame:
        """Return the saved hunting queries."""
        return self._sentinel.hunting_queries()

    def list_saved_queries(self) -> pd.DataFrame:
        """Return every saved query."""
        return self._sentinel.saved_queries()

    def list_bookmarks(self) -> pd.DataFrame:
        """Return every bookmark."""
        return self._sentinel.bookmarks()

    def create_bookmark(
        self,
        name: str,
        query: str,
        results: str | None = None,
        notes: str | None = None,
        labels: Sequence[str] | None = None,
    ) -> str:
        """Make a bookmark of a query and return its id."""
        told = {"displayName": name, "query": query, "queryResult": results, "notes": notes}
        told = {key: value for key, value in told.items() if value is not None}
        made = self._sentinel.put_bookmark({**told, "labels": list(labels)} if labels else told)
        return str(made["name"])

    def delete_bookmark(self, bookmark: str) -> None:
        """Delete a bookmark, by id or display name."""
        self._sentinel.delete_bookmark(str(self._bookmark(bookmark)["name"]))

    def _bookmark(self, bookmark: str) -> pd.Series:
        found = self._sentinel.bookmarks()
        wanted = found["name"].eq(bookmark)
        if "display_name" in found:
            wanted |= found["display_name"].eq(bookmark)
        if not wanted.any():
            raise OptionError(
                f"bookmark={bookmark!r}: the workspace has none with this id or display name. list_bookmarks() has them all."
            )
        return found[wanted].iloc[0]

    def list_watchlists(self) -> pd.DataFrame:
        """Return every watchlist."""
        return self._sentinel.watchlists()

    def list_watchlist_items(self, watchlist_name: str) -> pd.DataFrame:
        """Return every item of a watchlist."""
        return self._sentinel.watchlist_items(watchlist_name)

    def create_watchlist(
        self,
        watchlist_name: str,
        description: str,
        search_key: str,
        *,
        provider: str = "huntbook",
        source: str = "Notebook",
        data: pd.DataFrame | None = None,
    ) -> str:
        """Make a watchlist, with the rows of `data` as its items, and return its name.

        `search_key` is the column that queries look a thing up by.
        """
        told = {"displayName": watchlist_name, "description": description, "itemsSearchKey": search_key}
        told |= {"provider": provider, "source": source}
        if data is not None:
            told |= {"contentType": "text/csv", "rawContent": data.to_csv(index=False)}
        return str(self._sentinel.put_watchlist(watchlist_name, told)["name"])

    def add_watchlist_item(
        self, watchlist_name: str, item: Mapping[str, Any] | pd.Series | pd.DataFrame
    ) -> None:
        """Add one item, or a row an item, to a watchlist."""
        rows = item if isinstance(item, pd.DataFrame) else pd.DataFrame([dict(item)])
        self._sentinel.add_watchlist_items(watchlist_name, rows)

    def delete_watchlist_item(self, watchlist_name: str, watchlist_item_id: str) -> None:
        """Delete one item of a watchlist, by id."""
        self._sentinel.delete_watchlist_item(watchlist_name, watchlist_item_id)

    def delete_watchlist(self, watchlist_name: str) -> None:
        """Delete a watchlist with its items."""
        self._sentinel.delete_watchlist(watchlist_name)

    def list_data_connectors(self) -> pd.DataFrame:
        """Return every data connector."""
        return self._sentinel.data_connectors()

    def get_all_indicators(self) -> pd.DataFrame:
        """Return every indicator of threat intelligence."""
        return self._sentinel.indicators()

    # The names of 1.4.2, and MSTICPy's own second names.
    get_sentinel_workspaces = AzureData.list_sentinel_workspaces
    get_incidents = list_incidents
    get_alert_rules = list_alert_rules
    list_analytic_rules = list_alert_rules
    get_analytic_rules = list_alert_rules
    get_hunting_queries = list_hunting_queries
    get_bookmarks = list_bookmarks
    get_watchlists = list_watchlists
    get_data_connectors = list_data_connectors
