"""Subscriptions, resources, machines, networks and metrics, as frames."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pandas as pd

from huntbook.azure.arm import part, resource_path
from huntbook.azure.kql import timespan_text
from huntbook.errors import OptionError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from huntbook.azure.arm import Arm

__all__ = ["Resources"]

_AGGREGATIONS = ("Average", "Minimum", "Maximum", "Total", "Count")
_RESOURCE_COLUMNS = ("id", "name", "type", "location", "resource_group", "subscription_id", "tags")
_RULE_COLUMNS = (
    "security_group_id",
    "name",
    "direction",
    "priority",
    "access",
    "protocol",
    "source",
    "source_ports",
    "destination",
    "destination_ports",
    "default",
    "description",
)
# As many as the service takes from one person without throttling.
_AT_ONCE = 4


class Resources:
    """What there is in Azure; made by `AzureSession.resources`.

    Parameters
    ----------
    arm
        The session's.
    """

    def __init__(self, arm: Arm) -> None:
        self._arm = arm

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
        properties: Mapping[str, str] | None = None,
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
            The types whose properties to fetch as well, each with a version of its own API,
            such as ``{"Microsoft.Compute/virtualMachines": "2023-03-01"}``: the list itself has
            none. One more request a resource of these types, four at a time.

        Returns
        -------
        pandas.DataFrame
            With the columns ``id``, ``name``, ``type``, ``location``, ``resource_group``,
            ``subscription_id`` and ``tags`` (a dict); given `properties`, also ``properties``
            (a dict, empty for other types).
        """
        path = _subscription(subscription_id)
        path += f"/resourceGroups/{part(resource_group)}" if resource_group else ""
        # A quote inside an OData text is doubled.
        params = {"$filter": "resourceType eq '{}'".format(kind.replace("'", "''"))} if kind else None
        frame = _resources(self._arm.items(f"{path}/resources", group="resources", params=params))
        if properties is not None:
            versions = {name.lower(): version for name, version in properties.items()}
            asked = [
                (each, versions.get(str(of).lower()))
                for each, of in zip(frame["id"], frame["type"], strict=True)
            ]
            with ThreadPoolExecutor(max_workers=_AT_ONCE) as pool:
                found: Any = list(pool.map(lambda one: self._properties(*one), asked))
            frame["properties"] = found
        return frame

    def _properties(self, resource_id: str, api_version: str | None) -> dict[str, Any]:
        found = self.details(resource_id, api_version=api_version) if api_version else {}
        return dict(found.get("properties") or {})

    def details(self, resource_id: str, *, api_version: str) -> dict[str, Any]:
        """Return all that Azure says of one resource.

        Parameters
        ----------
        resource_id
            Its id.
        api_version
            A version of the resource's own API, such as ``2023-03-01`` for machines.
        """
        return self._arm.get(
            resource_path(resource_id), group="resources", params={"api-version": api_version}
        )

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

    def network(self, resource_id: str) -> pd.DataFrame:
        """Return the addresses of a network interface.

        Returns
        -------
        pandas.DataFrame
            With the columns ``interface``, ``configuration``, ``private_ip``, ``public_ip_id``,
            ``subnet_id``, ``security_group_id`` and ``mac``.
        """
        found = self._arm.get(resource_path(resource_id), group="network")
        about = found.get("properties") or {}
        rows = []
        for each in about.get("ipConfigurations") or []:
            of = each.get("properties") or {}
            ids = [(source.get(key) or {}).get("id") for source, key in ((of, "publicIPAddress"), (of, "subnet"), (about, "networkSecurityGroup"))]  # fmt: skip
            rows.append(
                (
                    found.get("name"),
                    each.get("name"),
                    of.get("privateIPAddress"),
                    *ids,
                    about.get("macAddress"),
                )
            )
        columns = (
            "interface",
            "configuration",
            "private_ip",
            "public_ip_id",
            "subnet_id",
            "security_group_id",
            "mac",
        )
        return _frame(rows, columns)

    def security_rules(self, resource_id: str) -> pd.DataFrame:
        """Return the rules of a network security group, or of the group of a network interface.

        Parameters
        ----------
        resource_id
            The id of the group or of the interface, such as `network` and `virtual_machines`
            give them.

        Returns
        -------
        pandas.DataFrame
            In the order in which they apply, the group's own and the service's; with the columns
            ``security_group_id``, ``name``, ``direction``, ``priority``, ``access``,
            ``protocol``, ``source``, ``source_ports``, ``destination``, ``destination_ports``
            (texts, several joined by commas), ``default`` (bool) and ``description``. No rows
            where the interface has no group.
        """
        found = self._arm.get(resource_path(resource_id), group="network")
        if "/networkinterfaces/" in resource_id.lower():
            group = ((found.get("properties") or {}).get("networkSecurityGroup") or {}).get("id")
            found = self._arm.get(resource_path(group), group="network") if group else {}
        about = found.get("properties") or {}
        rows = [
            _rule(found.get("id"), each, default=default)
            for default, key in ((False, "securityRules"), (True, "defaultSecurityRules"))
            for each in about.get(key) or []
        ]
        frame = _frame(rows, _RULE_COLUMNS)
        return frame.sort_values(["direction", "priority"], kind="stable", ignore_index=True)

    def workspaces(self, subscription_id: str) -> pd.DataFrame:
        """Return the Log Analytics workspaces of a subscription: `resources` and ``workspace_id``."""
        path = f"{_subscription(subscription_id)}/providers/Microsoft.OperationalInsights/workspaces"
        items = list(self._arm.items(path, group="workspaces"))
        frame = _resources(items)
        frame["workspace_id"] = [(each.get("properties") or {}).get("customerId") for each in items]
        return frame

    def metrics(
        self,
        resource_id: str,
        names: Sequence[str],
        *,
        aggregation: str = "Average",
        timespan: timedelta | tuple[datetime, datetime] = timedelta(days=1),
        interval: str = "PT1H",
    ) -> pd.DataFrame:
        """Return metrics of a resource, today included.

        Parameters
        ----------
        resource_id
            Of what.
        names
            The metrics' names.
        aggregation
            ``Average``, ``Minimum``, ``Maximum``, ``Total`` or ``Count`` over each interval.
        timespan
            A duration up to now, or a pair of times (without a zone: UTC).
        interval
            The length of each step, ISO 8601.

        Returns
        -------
        pandas.DataFrame
            With the columns ``metric``, ``series`` (its dimensions as text), ``time`` (UTC) and
            ``value``, which is missing where the service has none.
        """
        if aggregation not in _AGGREGATIONS:
            raise OptionError.unknown(aggregation, option="aggregation", known=_AGGREGATIONS)
        if isinstance(timespan, timedelta):
            now = datetime.now(UTC)
            timespan = (now - timespan, now)
        params = {
            "metricnames": ",".join(names),
            "aggregation": aggregation,
            "interval": interval,
            "timespan": str(timespan_text(timespan)),
        }
        path = f"{resource_path(resource_id)}/providers/Microsoft.Insights/metrics"
        told = self._arm.get(path, group="metrics", params=params)
        frame = _frame(_points(told, aggregation.lower()), ("metric", "series", "time", "value"))
        frame["time"] = pd.to_datetime(frame["time"], utc=True)
        frame["value"] = frame["value"].astype("Float64")
        return frame


def _points(told: dict[str, Any], key: str) -> Iterable[tuple[Any, ...]]:
    for metric in told.get("value") or []:
        for series in metric.get("timeseries") or []:
            of = ", ".join(
                f"{each['name']['value']}={each['value']}" for each in series.get("metadatavalues") or []
            )
            for point in series.get("data") or []:
                yield metric["name"]["value"], of, point["timeStamp"], point.get(key)


def _rule(group: Any, rule: dict[str, Any], *, default: bool) -> tuple[Any, ...]:
    of = rule.get("properties") or {}

    def either(one: str, several: str) -> str:
        return ",".join([of[one]] if of.get(one) else of.get(several) or [])

    return (
        group,
        rule.get("name"),
        of.get("direction"),
        of.get("priority"),
        of.get("access"),
        of.get("protocol"),
        either("sourceAddressPrefix", "sourceAddressPrefixes"),
        either("sourcePortRange", "sourcePortRanges"),
        either("destinationAddressPrefix", "destinationAddressPrefixes"),
        either("destinationPortRange", "destinationPortRanges"),
        default,
        of.get("description") or "",
    )


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
