"""Azure Resource Manager of a fake cloud: metadata, subscriptions, and recorded answers for the rest."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from fakecloud import office, sentinel
from fakecloud.server import Answer, Request

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from fakecloud.cloud import FakeCloud

_S = "/subscriptions/[^/]+"
_G = f"{_S}/resourcegroups/[^/]+"
_W = f"{_G}/providers/microsoft.operationalinsights/workspaces/[^/]+"
_INCIDENTS = re.compile(rf"{_W}/providers/microsoft.securityinsights/incidents(/.+)?")
_THINGS = re.compile(rf"{_W}/providers/microsoft.securityinsights/[^/]+(/.+)?")
_SUBID = "00000001-5555-4555-8555-555555555555"
# Which recorded example answers which GET, by a pattern over the lower-case path.
_EXAMPLES = (
    (rf"{_S}/providers/microsoft.compute/virtualmachines", "compute-2021-03-01/ListVirtualMachinesInASubscriptionByLocation.json"),
    (rf"{_G}/providers/microsoft.compute/virtualmachines/[^/]+", "compute-2021-03-01/GetVirtualMachine.json"),
    (rf"{_G}/providers/microsoft.network/networkinterfaces/[^/]+", "network-2021-02-01/NetworkInterfaceGet.json"),
    (rf"{_G}/providers/microsoft.network/networksecuritygroups/[^/]+", "network-2021-02-01/NetworkSecurityGroupListAll.json"),
    (rf"{_G}/providers/microsoft.network/publicipaddresses/[^/]+", "network-2021-02-01/PublicIpAddressListAll.json"),
    (rf"{_S}/providers/microsoft.operationalinsights/workspaces", "loganalytics-mgmt-2020-08-01/WorkspacesSubscriptionList.json"),
    (_W, "loganalytics-mgmt-2020-08-01/WorkspacesGet.json"),
    (rf"{_W}/savedsearches", "loganalytics-mgmt-2020-08-01/SavedSearchesListByWorkspace.json"),
    (rf"{_W}/tables", "loganalytics-mgmt-2020-08-01/TablesList.json"),
    (r".*/providers/microsoft.insights/metricdefinitions", "monitor-2018-01-01/GetMetricDefinitions.json"),
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
    return _resource(cloud, request, request.path.lower().rstrip("/"))


def _resource(cloud: FakeCloud, request: Request, path: str) -> Answer:
    if path == "/subscriptions":
        return page(request, [_subscription(cloud, number) for number in range(1, 6)], size=2)
    if path == "/providers/microsoft.resourcegraph/resources":
        return _graph(cloud, request.json)
    if (found := _INCIDENTS.fullmatch(path)) is not None:
        if found[1]:
            return sentinel.answer(cloud, request, found[1].strip("/").split("/"))
        order = request.query.get("$orderby", "")
        return page(
            request,
            sentinel.ordered(cloud, order),
            size=50,
            make=lambda number: sentinel.incident(cloud, number),
            keep=f"&$orderby={quote(order)}" if order else "",
        )
    if (found := _THINGS.fullmatch(path)) is not None and "threatintelligence" not in path:
        return sentinel.store(cloud, request, path)
    return _office(request, path) or _recorded(cloud, path)


def _office(request: Request, path: str) -> Answer | None:
    """Answer for the story's machine, whatever is recorded; None for anything else."""
    if path == f"/subscriptions/{_SUBID}/resources":
        return Answer(body={"value": office.things(request.query.get("$filter", ""))})
    if path == f"{office.MACHINE}/providers/microsoft.insights/metrics".lower():
        return Answer(body=office.metrics(dict(request.query)))
    found = office.thing(path)
    return None if found is None else Answer(body=found)


def page(
    request: Request,
    items: Sequence[Any],
    *,
    size: int,
    make: Callable[[Any], Any] | None = None,
    keep: str = "",
) -> Answer:
    """Return one page of `items`, each made by `make`, with a link to the next as Azure gives it, `keep` in it."""
    start = int(request.query.get("$skiptoken", "0"))
    cut = items[start : start + size]
    body: dict[str, Any] = {"value": [make(item) for item in cut] if make else list(cut)}
    if start + size < len(items):
        version = request.query["api-version"]
        body["nextLink"] = (
            f"https://{request.host}{request.path}?api-version={version}&$skiptoken={start + size}{keep}"
        )
    return Answer(body=body)


def _graph(cloud: FakeCloud, asked: dict[str, Any]) -> Answer:
    """Answer `cloud.resources` rows in pages, with the quota's headers; or the one workspace."""
    if "operationalinsights/workspaces" in asked["query"]:
        return Answer(
            body={"totalRecords": 1, "count": 1, "resultTruncated": "false", "data": [_workspace(cloud)]}
        )
    options = asked.get("options") or {}
    start, top = int(options.get("$skipToken") or 0), min(int(options.get("$top") or 100), 1000)
    rows = [
        {"id": f"/r/{number}", "name": f"n{number}"}
        for number in range(start, min(start + top, cloud.resources))
    ]
    body: dict[str, Any] = {
        "totalRecords": cloud.resources,
        "count": len(rows),
        "resultTruncated": "false",
        "facets": [],
        "data": rows,
    }
    if start + top < cloud.resources:
        body["$skipToken"] = str(start + top)
    return Answer(
        body=body, headers={"x-ms-user-quota-remaining": "14", "x-ms-user-quota-resets-after": "00:00:05"}
    )


def _workspace(cloud: FakeCloud) -> dict[str, Any]:
    subscription = "00000001-5555-4555-8555-555555555555"
    group = f"/subscriptions/{subscription}/resourceGroups/soc-rg"
    return {
        "id": f"{group}/providers/Microsoft.OperationalInsights/workspaces/soc-ws",
        "name": "soc-ws",
        "location": "west",
        "resourceGroup": "soc-rg",
        "subscriptionId": subscription,
        "tenantId": cloud.tenant,
        "workspaceId": "63613592-b6f7-4c3d-a390-22ba13102111",
    }


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
    if (found := re.fullmatch(rf"{_S}/providers/([^/]+)", path)) is not None:
        return Answer(body=_provider(found[1]))
    for pattern, name in _EXAMPLES:
        if cloud.examples is not None and re.fullmatch(pattern, path):
            body = recorded(cloud.examples, name)
            # A list stands for the one thing of it that was asked for.
            single = pattern.endswith("/[^/]+") and "value" in body
            return Answer(body=body["value"][-1] if single else body)
    text = f"The resource '{path}' was not found."
    return Answer(status=404, body={"error": {"code": "ResourceNotFound", "message": text}})


def recorded(examples: Path, name: str) -> Any:
    """Return the body of a recorded answer, in which every subscription has a real id."""
    text = (
        (examples / name)
        .read_text(encoding="utf-8")
        .replace("subscriptions/subid/", f"subscriptions/{_SUBID}/")
    )
    return json.loads(text)["responses"]["200"]["body"]


def _provider(namespace: str) -> dict[str, Any]:
    """Say which versions of the API each type has, the newest first, as the service does."""
    versions = ["2099-01-01-preview", "2023-03-01", "2021-03-01"]
    kinds = {"microsoft.compute": ["virtualMachines", "virtualMachines/extensions"], "x": ["y"]}
    types = [{"resourceType": kind, "apiVersions": versions} for kind in kinds.get(namespace, [])]
    return {"namespace": namespace, "resourceTypes": types}


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
