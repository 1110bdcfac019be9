"""Azure Resource Manager of a fake cloud: metadata, subscriptions, and recorded answers for the rest."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from fakecloud.server import Answer, Request

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fakecloud.cloud import FakeCloud

_S = "/subscriptions/[^/]+"
_G = f"{_S}/resourcegroups/[^/]+"
_W = f"{_G}/providers/microsoft.operationalinsights/workspaces/[^/]+"
# Which recorded example answers which GET, by a pattern over the lower-case path.
_EXAMPLES = (
    (rf"{_S}/providers/microsoft.compute/virtualmachines", "compute-2021-03-01/ListVirtualMachinesInASubscriptionByLocation.json"),
    (rf"{_G}/providers/microsoft.compute/virtualmachines/[^/]+", "compute-2021-03-01/GetVirtualMachine.json"),
    (rf"{_S}/providers/microsoft.network/networkinterfaces", "network-2021-02-01/NetworkInterfaceListAll.json"),
    (rf"{_G}/providers/microsoft.network/networkinterfaces/[^/]+", "network-2021-02-01/NetworkInterfaceGet.json"),
    (rf"{_S}/providers/microsoft.operationalinsights/workspaces", "loganalytics-mgmt-2020-08-01/WorkspacesSubscriptionList.json"),
    (_W, "loganalytics-mgmt-2020-08-01/WorkspacesGet.json"),
    (rf"{_W}/savedsearches", "loganalytics-mgmt-2020-08-01/SavedSearchesListByWorkspace.json"),
    (rf"{_W}/tables", "loganalytics-mgmt-2020-08-01/TablesList.json"),
    (r".*/providers/microsoft.insights/metrics", "monitor-2018-01-01/GetMetric.json"),
)  # fmt: skip


def answer(cloud: FakeCloud, request: Request) -> Answer:
    """Answer a request to the Resource Manager."""
    if request.path == "/metadata/endpoints":
        return Answer(body=metadata(cloud))
    if (refused := cloud.refuse_token(request, frozenset(cloud.hosts.arm_audiences))) is not None:
        header = f'Bearer authorization_uri="{cloud.authority}/{cloud.tenant}", error="invalid_token"'
        return Answer(status=401, body={"error": refused}, headers={"WWW-Authenticate": header})
    if "api-version" not in request.query:
        text = "The api-version query parameter (?api-version=) is required for all requests."
        return Answer(status=400, body={"error": {"code": "MissingApiVersionParameter", "message": text}})
    path = request.path.lower().rstrip("/")
    if path == "/subscriptions":
        return page(request, [_subscription(cloud, number) for number in range(1, 6)], size=2)
    return _recorded(cloud, path)


def page(request: Request, items: Sequence[Any], *, size: int) -> Answer:
    """Return one page of `items`, with a link to the next as Azure gives it."""
    start = int(request.query.get("$skiptoken", "0"))
    body: dict[str, Any] = {"value": list(items[start : start + size])}
    if start + size < len(items):
        version = request.query["api-version"]
        body["nextLink"] = (
            f"https://{request.host}{request.path}?api-version={version}&$skiptoken={start + size}"
        )
    return Answer(body=body)


def _subscription(cloud: FakeCloud, number: int) -> dict[str, Any]:
    name = f"0000000{number}-5555-4555-8555-555555555555"
    return {
        "id": f"/subscriptions/{name}",
        "subscriptionId": name,
        "tenantId": cloud.tenant,
        "displayName": f"{cloud.hosts.name} subscription {number}",
        "state": "Enabled",
    }


def _recorded(cloud: FakeCloud, path: str) -> Answer:
    for pattern, name in _EXAMPLES:
        if cloud.examples is not None and re.fullmatch(pattern, path):
            recorded = json.loads((cloud.examples / name).read_text(encoding="utf-8"))
            return Answer(body=recorded["responses"]["200"]["body"])
    text = f"The resource '{path}' was not found."
    return Answer(status=404, body={"error": {"code": "ResourceNotFound", "message": text}})


def metadata(cloud: FakeCloud) -> dict[str, Any]:
    """Return the cloud's metadata document: the recorded one where there is one."""
    recorded = f"arm-metadata/endpoints-2023-01-01-{cloud.hosts.name}.json"
    if cloud.examples is not None and (cloud.examples / recorded).exists():
        document: dict[str, Any] = json.loads((cloud.examples / recorded).read_text(encoding="utf-8"))
        return document
    hosts = cloud.hosts
    return {
        "name": hosts.arm_name,
        "portal": f"https://portal.{hosts.name}.example",
        "authentication": {
            "loginEndpoint": cloud.authority,
            "audiences": [f"{audience}/" for audience in hosts.arm_audiences],
            "tenant": "common",
            "identityProvider": "AAD",
        },
        "resourceManager": f"https://{hosts.arm}/",
        "microsoftGraphResourceId": f"https://{hosts.graph}/",
        "logAnalyticsResourceId": f"https://{hosts.log_analytics}",
        "suffixes": {"keyVaultDns": hosts.key_vault, "storage": f"core.{hosts.name}.example"},
    }
