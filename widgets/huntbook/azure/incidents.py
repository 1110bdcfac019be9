"""Incidents of Microsoft Sentinel: all of them, with what hangs on them, and changes that lose nothing."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from huntbook.azure.sentinel_items import SentinelItems, items_frame
from huntbook.errors import OptionError

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

__all__ = ["SEVERITIES", "Incidents"]

_GROUP = "incidents"
SEVERITIES = ("High", "Medium", "Low", "Informational")
_CLASSIFICATIONS = ("TruePositive", "FalsePositive", "BenignPositive", "Undetermined")
# What the service computes itself; sent back it would refuse the change.
_COMPUTED = frozenset(
    {"additionalData", "createdTimeUtc", "incidentNumber", "incidentUrl", "lastModifiedTimeUtc", "relatedAnalyticRuleIds", "providerName", "providerIncidentId"}
)  # fmt: skip


class Incidents(SentinelItems):
    """The incidents of one workspace; part of `Sentinel`."""

    def incidents(self, *, where: str | None = None, order: str | None = None) -> pd.DataFrame:
        """Return every incident, over all pages.

        Parameters
        ----------
        where
            An OData filter, such as ``properties/status eq 'New'``.
        order
            An OData order, such as ``properties/createdTimeUtc desc``.

        Returns
        -------
        pandas.DataFrame
            See `items_frame`; among others ``name``, ``title``, ``severity``, ``status``,
            ``incident_number``, ``owner`` and ``created_time_utc``.
        """
        asked = {"$filter": where, "$orderby": order}
        return self._frame(
            "incidents", group=_GROUP, params={key: value for key, value in asked.items() if value}
        )

    def incident(self, name: str) -> dict[str, Any]:
        """Return all of one incident, as the service tells it."""
        return self._get("incidents", name, group=_GROUP)

    def incident_alerts(self, name: str) -> pd.DataFrame:
        """Return the alerts of an incident, see `items_frame`."""
        return items_frame(self._about(name, "alerts").get("value") or [])

    def incident_entities(self, name: str) -> pd.DataFrame:
        """Return the entities of an incident (accounts, hosts, addresses), see `items_frame`."""
        return items_frame(self._about(name, "entities").get("entities") or [])

    def incident_bookmarks(self, name: str) -> pd.DataFrame:
        """Return the bookmarks of an incident, see `items_frame`."""
        return items_frame(self._about(name, "bookmarks").get("value") or [])

    def incident_comments(self, name: str) -> pd.DataFrame:
        """Return the comments of an incident, over all pages, see `items_frame`."""
        return self._frame("incidents", name, "comments", group=_GROUP)

    def incident_comment(self, name: str, comment: str) -> dict[str, Any]:
        """Return one comment of an incident."""
        return self._get("incidents", name, "comments", comment, group=_GROUP)

    def incident_relations(self, name: str) -> pd.DataFrame:
        """Return what hangs on an incident (bookmarks, alerts), over all pages, see `items_frame`."""
        return self._frame("incidents", name, "relations", group=_GROUP)

    def incident_relation(self, name: str, relation: str) -> dict[str, Any]:
        """Return one thing that hangs on an incident."""
        return self._get("incidents", name, "relations", relation, group=_GROUP)

    def create_incident(
        self,
        title: str,
        *,
        severity: str = "Medium",
        status: str = "New",
        description: str = "",
        name: str | None = None,
    ) -> dict[str, Any]:
        """Create an incident and return it.

        Parameters
        ----------
        title, description
            What it says.
        severity
            ``High``, ``Medium``, ``Low`` or ``Informational``.
        status
            ``New``, ``Active`` or ``Closed``.
        name
            Its id; by default a new one.
        """
        if severity not in SEVERITIES:
            raise OptionError.unknown(severity, option="severity", known=SEVERITIES)
        told = {"title": title, "severity": severity, "status": status}
        told |= {"description": description} if description else {}
        return self._put("incidents", name or str(uuid.uuid4()), properties=told, group=_GROUP)

    def put_incident(
        self, name: str, properties: Mapping[str, Any], *, etag: str | None = None
    ) -> dict[str, Any]:
        """Write an incident whole, with an etag only if nobody changed it since; return it."""
        return self._put("incidents", name, properties=properties, etag=etag, group=_GROUP)

    def update_incident(self, name: str, changes: Mapping[str, Any]) -> dict[str, Any]:
        """Change some properties of an incident and leave the others as they are.

        The incident is read, changed and written with its etag, so that another person's
        change in between is an error and not lost.

        Parameters
        ----------
        name
            Its id.
        changes
            Properties by the service's names, such as ``{"severity": "High"}``.

        Raises
        ------
        ServiceError
            Somebody changed it in between (status 409 or 412): call again.
        """
        found = self.incident(name)
        kept = {key: value for key, value in found["properties"].items() if key not in _COMPUTED}
        properties = {**kept, **changes}
        return self._put("incidents", name, properties=properties, etag=found.get("etag"), group=_GROUP)

    def assign_incident(self, name: str, owner: str) -> dict[str, Any]:
        """Give an incident to a person, by object id or by user principal name."""
        key = "userPrincipalName" if "@" in owner else "objectId"
        return self.update_incident(name, {"owner": {key: owner}})

    def close_incident(
        self, name: str, *, classification: str, reason: str | None = None, comment: str = ""
    ) -> dict[str, Any]:
        """Close an incident.

        Parameters
        ----------
        name
            Its id.
        classification
            ``TruePositive``, ``FalsePositive``, ``BenignPositive`` or ``Undetermined``.
        reason
            The service's word for why, such as ``IncorrectAlertLogic``.
        comment
            For people.
        """
        if classification not in _CLASSIFICATIONS:
            raise OptionError.unknown(classification, option="classification", known=_CLASSIFICATIONS)
        told = {"status": "Closed", "classification": classification, "classificationComment": comment}
        told |= {"classificationReason": reason} if reason else {}
        return self.update_incident(name, told)

    def comment_incident(self, name: str, message: str, *, comment: str | None = None) -> dict[str, Any]:
        """Add a comment to an incident and return it; `comment` is its id, by default a new one."""
        comment = comment or str(uuid.uuid4())
        told = {"message": message}
        return self._put("incidents", name, "comments", comment, properties=told, group=_GROUP)

    def relate_incident(self, name: str, resource_id: str, *, relation: str | None = None) -> dict[str, Any]:
        """Hang a bookmark or an alert on an incident, by its resource id."""
        relation = relation or str(uuid.uuid4())
        told = {"relatedResourceId": resource_id}
        return self._put("incidents", name, "relations", relation, properties=told, group=_GROUP)

    def delete_incident(self, name: str) -> None:
        """Delete an incident."""
        self._delete("incidents", name, group=_GROUP)

    def delete_incident_comment(self, name: str, comment: str) -> None:
        """Delete a comment of an incident."""
        self._delete("incidents", name, "comments", comment, group=_GROUP)

    def delete_incident_relation(self, name: str, relation: str) -> None:
        """Take a bookmark or an alert off an incident."""
        self._delete("incidents", name, "relations", relation, group=_GROUP)

    def _about(self, name: str, what: str) -> dict[str, Any]:
        return self._ask("incidents", name, what, group=_GROUP)
