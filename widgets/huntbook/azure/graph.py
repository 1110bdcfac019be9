"""Azure Resource Graph: one query over every resource that the identity may see."""

from __future__ import annotations

import re
import warnings
from typing import TYPE_CHECKING, Any

import pandas as pd

from huntbook.azure.kql import literal
from huntbook.azure.workspaces import Workspace, find_workspace
from huntbook.errors import OptionError, PartialResultWarning, UnknownWorkspaceError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from huntbook.azure.arm import Arm
    from huntbook.azure.clouds import Cloud
    from huntbook.azure.progress import Progress

__all__ = ["STOCK_QUERIES", "ResourceGraph"]

_PATH = "/providers/Microsoft.ResourceGraph/resources"
_PAGE = 1000
_SUBSCRIPTIONS_AT_ONCE = 300
_MAX_PAUSE_SECONDS = 60

STOCK_QUERIES = {
    "resources by type": "resources | summarize count_ = count() by type | order by count_ desc",
    "virtual machines with addresses": (
        "resources | where type =~ 'microsoft.compute/virtualmachines' "
        "| mv-expand nic = properties.networkProfile.networkInterfaces | extend nicId = tolower(tostring(nic.id)) "
        "| join kind=leftouter (resources | where type =~ 'microsoft.network/networkinterfaces' "
        "| mv-expand address = properties.ipConfigurations "
        "| project nicId = tolower(id), privateIp = tostring(address.properties.privateIPAddress), "
        "publicIpId = tostring(address.properties.publicIPAddress.id)) on nicId "
        "| project id, name, location, resourceGroup, subscriptionId, nicId, privateIp, publicIpId"
    ),
    "public addresses": (
        "resources | where type =~ 'microsoft.network/publicipaddresses' "
        "| project id, name, location, resourceGroup, subscriptionId, ipAddress = tostring(properties.ipAddress), "
        "usedBy = tostring(properties.ipConfiguration.id)"
    ),
    "sentinel workspaces": (
        "resources | where type =~ 'microsoft.operationsmanagement/solutions' and name startswith 'SecurityInsights(' "
        "| project workspace = tolower(tostring(properties.workspaceResourceId)) "
        "| join kind=inner (resources | where type =~ 'microsoft.operationalinsights/workspaces' "
        "| project workspace = tolower(id), id, name, location, resourceGroup, subscriptionId, tenantId, "
        "workspaceId = tostring(properties.customerId)) on workspace "
        "| project id, name, location, resourceGroup, subscriptionId, tenantId, workspaceId"
    ),
    "workspaces": (
        "resources | where type =~ 'microsoft.operationalinsights/workspaces' "
        "| project id, name, location, resourceGroup, subscriptionId, tenantId, "
        "workspaceId = tostring(properties.customerId)"
    ),
}


class ResourceGraph:
    """Queries over all resources; made by `AzureSession.graph`.

    Parameters
    ----------
    cloud, arm
        The session's.

    Examples
    --------
    >>> import huntbook
    >>> with huntbook.connect("usgov", ["cli"], quiet=True) as session:
    ...     found = session.graph.query("resources | project id, name")
    >>> len(found), found.attrs["huntbook"]
    (2500, {'partial': False, 'total': 2500})
    """

    def __init__(self, cloud: Cloud, arm: Arm) -> None:
        self._cloud, self._arm = cloud, arm

    def __repr__(self) -> str:
        return f"ResourceGraph(cloud {self._cloud.name})"

    def query(
        self,
        kql: str,
        *,
        subscriptions: Sequence[str] | None = None,
        management_groups: Sequence[str] | None = None,
    ) -> pd.DataFrame:
        """Run a query and return every row of its answer, over all its pages.

        Parameters
        ----------
        kql
            A query of Resource Graph, or a name in `STOCK_QUERIES`.
        subscriptions
            Ids to search in. None: every one that the identity may see.
        management_groups
            Names to search in, instead of subscriptions.

        Returns
        -------
        pandas.DataFrame
            The columns of the query, as the service types them. ``attrs["huntbook"]`` holds
            ``partial`` and ``total`` (how many rows the service counted).

        Raises
        ------
        OptionError
            Both kinds of place were given.
        ServiceError
            The service refused the query.
        CancelledError
            The person pressed Cancel; what takes more than a second has such a button.

        Warns
        -----
        PartialResultWarning
            The service cut the answer and gave no way to the rest: the query drops ``id``.
        """
        if subscriptions and management_groups:
            raise OptionError("Give subscriptions or management_groups, not both.")
        places: list[dict[str, list[str]]] = [{}]
        if management_groups:
            places = [{"managementGroups": list(management_groups)}]
        elif subscriptions:
            step = _SUBSCRIPTIONS_AT_ONCE
            places = [
                {"subscriptions": list(subscriptions[at : at + step])}
                for at in range(0, len(subscriptions), step)
            ]
        kql = STOCK_QUERIES.get(kql, kql)
        with self._arm.progress("Resource Graph", unit="rows") as progress:
            pages = [page for place in places for page in self._pages(kql, place, progress)]
        frame = pd.DataFrame([row for page in pages for row in page["data"]])
        cut = any(page.get("resultTruncated") == "true" and not page.get("$skipToken") for page in pages)
        # Each page of a place says the same total.
        totals = [page["totalRecords"] for page in pages if page["first"]]
        frame.attrs["huntbook"] = {"partial": cut, "total": sum(totals)}
        if cut:
            text = "The answer is not complete: the service cut it. Keep the column 'id' in the query, so that it can page."
            warnings.warn(PartialResultWarning(text), stacklevel=2)
        return frame

    def workspace(self, text: str) -> Workspace:
        """Return all that there is to know of a workspace, from its id, name, resource id or portal address.

        Raises
        ------
        UnknownWorkspaceError
            The identity sees no such workspace, or several of that name.
        """
        try:
            known = find_workspace(text, cloud=self._cloud)
        except UnknownWorkspaceError:
            known = Workspace(label=text, name=text.strip())
        column, value = ("workspaceId", known.workspace_id) if known.workspace_id else ("name", known.name)
        found = self.query(f"{STOCK_QUERIES['workspaces']} | where {column} =~ {literal(value)}")
        if known.resource_id and len(found):
            found = found[found["id"].str.lower() == known.resource_id.lower()]
        if len(found) != 1:
            raise UnknownWorkspaceError(
                f"workspace={text!r}: the identity sees {len(found)} workspaces with that {column}. Give the resource "
                "id, and check that it has the role Reader there."
            )
        row = found.iloc[0]
        return Workspace(
            label=known.label,
            workspace_id=row["workspaceId"],
            subscription_id=row["subscriptionId"],
            resource_group=row["resourceGroup"],
            name=row["name"],
            tenant_id=row["tenantId"],
        )

    def _pages(self, kql: str, place: dict[str, list[str]], progress: Progress) -> Iterator[dict[str, Any]]:
        options: dict[str, Any] = {"$top": _PAGE, "resultFormat": "objectArray"}
        first = True
        while True:
            body = {"query": kql, "options": options, **place}
            reply = self._arm.send("POST", _PATH, group="resource_graph", json=body, repeatable=True)
            progress.advance(len(reply.body["data"]))
            yield {**reply.body, "first": first}
            token, first = reply.body.get("$skipToken"), False
            if not token:
                return
            options = {**options, "$skipToken": token}
            _rest(reply.headers, progress)


def _rest(headers: Any, progress: Progress) -> None:
    """Wait as long as the service asks once its quota for this person is used up, unless the person gives up."""
    found = {str(key).lower(): str(value) for key, value in headers.items()}
    when = re.fullmatch(r"(\d+):(\d+):(\d+)", found.get("x-ms-user-quota-resets-after", ""))
    if found.get("x-ms-user-quota-remaining") == "0" and when:
        hours, minutes, seconds = map(int, when.groups())
        progress.cancelled.wait(min(hours * 3600 + minutes * 60 + seconds, _MAX_PAUSE_SECONDS))
        progress.check()
