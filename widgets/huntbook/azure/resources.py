"""Subscriptions, resources, machines, networks and metrics, as frames."""

from __future__ import annotations

import warnings
from functools import partial
from typing import TYPE_CHECKING, Any

import pandas as pd

from huntbook.azure.arm import api_version as version_of_group
from huntbook.azure.arm import part, resource_path
from huntbook.azure.metrics import Metrics
from huntbook.azure.networks import Networks
from huntbook.azure.progress import run_all
from huntbook.errors import OptionError, PartialResultWarning, ServiceError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from huntbook.azure.arm import Arm

__all__ = ["Resources"]

_RESOURCE_COLUMNS = ("id", "name", "type", "location", "resource_group", "subscription_id", "tags")
# As many as the service takes from one person without throttling.
_AT_ONCE = 4


class Resources(Networks, Metrics):
    """What there is in Azure; made by `AzureSession.resources`.

    Parameters
    ----------
    arm
        The session's.

    Examples
    --------
    >>> import huntbook
    >>> with huntbook.connect("usgov", ["cli"], quiet=True) as session:
    ...     subscriptions = session.resources.subscriptions()
    >>> subscriptions["name"].head(2).tolist()
    ['usgov subscription 1', 'usgov subscription 2']
    """

    def __init__(self, arm: Arm) -> None:
        super().__init__(arm)
        self._versions: dict[str, str] = {}

    def subscriptions(self) -> pd.DataFrame:
        """Return the subscriptions that the identity may see.

        Returns
        -------
        pandas.DataFrame
            With the columns ``subscription_id``, ``name``, ``state`` and ``tenant_id``.
        """
        rows = [
            (each["subscriptionId"], each.get("displayName"), each.get("state"), each.get("tenantId"))
            for each in self._arm.items("/subscriptions", group="subscriptions")
        ]
        return _frame(rows, ("subscription_id", "name", "state", "tenant_id"))

    def resource_groups(self, subscription_id: str) -> pd.DataFrame:
        """Return the resource groups of a subscription, with the columns of `resources`."""
        return _resources(
            self._arm.items(f"{_subscription(subscription_id)}/resourcegroups", group="resources")
        )

    def resources(
        self,
        subscription_id: str,
        *,
        resource_group: str | None = None,
        kind: str | None = None,
        properties: bool = False,
    ) -> pd.DataFrame:
        """Return the resources of a subscription.

        Parameters
        ----------
        subscription_id
            Its id.
        resource_group
            Only those of this group.
        kind
            Only those of this type, such as ``Microsoft.Compute/virtualMachines``.
        properties
            True: fetch the properties of each as well, which the list itself does not have. One
            more request a resource, four at a time; for many of them ask Resource Graph.

        Returns
        -------
        pandas.DataFrame
            With the columns ``id``, ``name``, ``type``, ``location``, ``resource_group``,
            ``subscription_id`` and ``tags`` (a dict); given `properties`, also ``properties``
            (a dict).

        Warns
        -----
        PartialResultWarning
            The service refused the properties of some resources; theirs are empty.
        """
        path = _subscription(subscription_id)
        path += f"/resourceGroups/{part(resource_group)}" if resource_group else ""
        # A quote inside an OData text is doubled.
        params = {"$filter": "resourceType eq '{}'".format(kind.replace("'", "''"))} if kind else None
        frame = _resources(self._arm.items(f"{path}/resources", group="resources", params=params))
        if properties:
            found: Any = self._properties(frame["id"].tolist())
            frame["properties"] = found
        return frame

    def _properties(self, ids: Sequence[str]) -> list[dict[str, Any]]:
        with self._arm.progress("Properties", total=len(ids), unit="resources") as progress:

            def ask(resource_id: str) -> dict[str, Any] | ServiceError:
                try:
                    found: dict[str, Any] = self.details(resource_id).get("properties") or {}
                    progress.advance()
                except ServiceError as error:
                    return error
                return found

            answers = run_all([partial(ask, each) for each in ids], progress=progress, at_once=_AT_ONCE)
        failed = [answer for answer in answers if isinstance(answer, ServiceError)]
        if failed:
            text = f"The properties of {len(failed)} of {len(ids)} resources could not be read. The first: {failed[0]}"
            warnings.warn(PartialResultWarning(text), stacklevel=3)
        return [{} if isinstance(answer, ServiceError) else answer for answer in answers]

    def details(self, resource_id: str, *, api_version: str | None = None) -> dict[str, Any]:
        """Return all that Azure says of one resource.

        Parameters
        ----------
        resource_id
            Its id.
        api_version
            A version of the resource's own API, such as ``2023-03-01`` for machines. None: the
            newest stable one that this cloud lists for the type.

        Raises
        ------
        OptionError
            Text that is no resource id, or a type that this cloud does not list.
        """
        path = resource_path(resource_id)
        version = api_version or self._version(path)
        return self._arm.get(path, group="resources", params={"api-version": version})

    def _version(self, path: str) -> str:
        """Return the newest stable version of the API of a resource's type in this cloud."""
        above, _, below = path.rpartition("/providers/")
        names = below.split("/")
        namespace, kind = names[0], "/".join(names[1::2]).lower()
        if not above:
            return version_of_group("resources")
        known = self._versions.get(f"{namespace}/{kind}".lower())
        if known is None:
            found = self._arm.get(
                f"/subscriptions/{path.split('/')[2]}/providers/{part(namespace)}", group="resources"
            )
            for each in found.get("resourceTypes") or []:
                versions = each.get("apiVersions") or [""]
                stable = [version for version in versions if "preview" not in version.lower()]
                self._versions[f"{namespace}/{each['resourceType']}".lower()] = max(stable or versions)
            known = self._versions.get(f"{namespace}/{kind}".lower())
        if not known:
            raise OptionError(
                f"{namespace}/{kind}: this cloud lists no such type of resource. Check the id, or give api_version=."
            )
        return known

    def virtual_machines(self, subscription_id: str) -> pd.DataFrame:
        """Return the virtual machines of a subscription.

        Returns
        -------
        pandas.DataFrame
            The columns of `resources`, and ``vm_id``, ``size``, ``os`` and ``interfaces`` (ids).
        """
        path = f"{_subscription(subscription_id)}/providers/Microsoft.Compute/virtualMachines"
        items = list(self._arm.items(path, group="compute"))
        frame = _resources(items)
        about = [each.get("properties") or {} for each in items]
        frame["vm_id"] = [each.get("vmId") for each in about]
        frame["size"] = [(each.get("hardwareProfile") or {}).get("vmSize") for each in about]
        disks = [(each.get("storageProfile") or {}).get("osDisk") or {} for each in about]
        frame["os"] = [disk.get("osType") for disk in disks]
        cards = [(each.get("networkProfile") or {}).get("networkInterfaces") or [] for each in about]
        frame["interfaces"] = [[card["id"] for card in each] for each in cards]
        return frame

    def workspaces(self, subscription_id: str) -> pd.DataFrame:
        """Return the Log Analytics workspaces of a subscription: `resources` and ``workspace_id``."""
        path = f"{_subscription(subscription_id)}/providers/Microsoft.OperationalInsights/workspaces"
        items = list(self._arm.items(path, group="workspaces"))
        frame = _resources(items)
        frame["workspace_id"] = [(each.get("properties") or {}).get("customerId") for each in items]
        return frame


def _subscription(subscription_id: str) -> str:
    return f"/subscriptions/{part(subscription_id)}"


def _frame(rows: Iterable[tuple[Any, ...]], columns: Sequence[str]) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=list(columns))


def _resources(items: Iterable[dict[str, Any]]) -> pd.DataFrame:
    rows = []
    for each in items:
        parts = str(each.get("id") or "").split("/")
        names = {parts[at].lower(): parts[at + 1] for at in range(1, len(parts) - 1, 2)}
        rows.append(
            (
                each.get("id"),
                each.get("name"),
                each.get("type"),
                each.get("location"),
                names.get("resourcegroups"),
                names.get("subscriptions"),
                each.get("tags") or {},
            )
        )
    return _frame(rows, _RESOURCE_COLUMNS)
