"""Microsoft's own typed clients judge what we ask of the Resource Manager: same path, and they read the same answer."""

from __future__ import annotations

from datetime import UTC, datetime

import pandas as pd
import pytest
from azure.mgmt.compute import ComputeManagementClient
from azure.mgmt.loganalytics import LogAnalyticsManagementClient
from azure.mgmt.monitor import MonitorManagementClient
from azure.mgmt.network import NetworkManagementClient
from azure.mgmt.resource.resources import ResourceManagementClient
from azure.mgmt.resource.subscriptions import SubscriptionClient

from fakecloud import Answer

SUBSCRIPTION = "00000001-5555-4555-8555-555555555555"
GROUP = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg"
MACHINE = f"{GROUP}/providers/Microsoft.Compute/virtualMachines/vm"
CARD = f"{GROUP}/providers/Microsoft.Network/networkInterfaces/nic"
RULES = f"{GROUP}/providers/Microsoft.Network/networkSecurityGroups/nsg"
WORKSPACE = f"{GROUP}/providers/Microsoft.OperationalInsights/workspaces/soc-ws"
SPAN = (datetime(2017, 4, 14, 2, 20, tzinfo=UTC), datetime(2017, 4, 14, 4, 20, tzinfo=UTC))

pytestmark = [
    # The older clients still call what Python has deprecated since.
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
]


@pytest.fixture
def session(azure, open_session):
    return open_session("usgov", ["devicecode"])


@pytest.fixture
def client(session):
    """Give a function that opens one of Microsoft's clients, bound by hand to the session's cloud."""
    opened = []

    def open_one(kind, *ids):
        scopes = [session.cloud.scope("resource_manager")]
        url = session.cloud.resource_manager
        opened.append(kind(session.credential, *ids, base_url=url, credential_scopes=scopes))
        return opened[-1]

    yield open_one
    for each in opened:
        each.close()


def halves(azure):
    """Return the requests of the client and ours, which are as many: verb and path, in any case."""
    found = [
        (request.method, request.host, request.path.lower())
        for request in azure["usgov"].requests
        if not request.host.startswith("login.")
    ]
    half, odd = divmod(len(found), 2)
    assert not odd
    return found[:half], found[half:]


def test_subscriptions_are_the_typed_clients(azure, session, client):
    """Over all pages."""
    theirs = [
        (each.subscription_id, each.display_name) for each in client(SubscriptionClient).subscriptions.list()
    ]
    frame = session.resources.subscriptions()
    assert list(zip(frame["subscription_id"], frame["name"], strict=True)) == theirs
    one, other = halves(azure)
    assert one == other


def test_machines_are_the_typed_clients(azure, session, client):
    """Id, size, system and interfaces of the recorded machines."""
    theirs = list(client(ComputeManagementClient, SUBSCRIPTION).virtual_machines.list_all())
    frame = session.resources.virtual_machines(SUBSCRIPTION)
    assert frame["id"].tolist() == [each.id for each in theirs]
    assert frame["size"].tolist() == [each.hardware_profile.vm_size for each in theirs]
    assert frame["os"].tolist() == [each.storage_profile.os_disk.os_type for each in theirs]
    cards = [[card.id for card in each.network_profile.network_interfaces] for each in theirs]
    assert frame["interfaces"].tolist() == cards
    one, other = halves(azure)
    assert one == other


def test_an_interface_is_the_typed_clients(azure, session, client):
    """The interface, its group with each rule, and its public address, in as many requests."""
    network = client(NetworkManagementClient, SUBSCRIPTION)
    card = network.network_interfaces.get("rg", "nic")
    places = [
        each.id.split("/")
        for each in (card.network_security_group, card.ip_configurations[0].public_ip_address)
    ]
    group = network.network_security_groups.get(places[0][4], places[0][-1])
    public = network.public_ip_addresses.get(places[1][4], places[1][-1])
    (row,) = session.resources.network(CARD).to_dict("records")
    assert (row["interface"], row["mac"], row["public_ip"]) == (
        card.name,
        card.mac_address,
        public.ip_address,
    )
    told = {rule.name: (rule.priority, rule.direction, rule.access) for rule in group.default_security_rules}
    assert {
        rule["name"]: (rule["priority"], rule["direction"], rule["access"]) for rule in row["security_rules"]
    } == told
    one, other = halves(azure)
    assert sorted(one) == sorted(other)


def test_resources_groups_and_details_are_the_typed_clients(azure, session, client):
    """Lists, a resource by its id, and the versions that its type has."""
    azure["usgov"].fault("/resources", Answer(body={"value": [{"id": MACHINE, "name": "vm", "tags": {"a": "b"}}]}), times=2)  # fmt: skip
    azure["usgov"].fault("/resourcegroups", Answer(body={"value": [{"id": GROUP, "name": "rg"}]}), times=2)
    manager = client(ResourceManagementClient, SUBSCRIPTION)
    (resource,), (group,) = list(manager.resources.list()), list(manager.resource_groups.list())
    kinds = {kind.resource_type: kind for kind in manager.providers.get("Microsoft.Compute").resource_types}
    machine = manager.resources.get_by_id(MACHINE, api_version="2023-03-01")
    frame = session.resources.resources(SUBSCRIPTION)
    assert session.resources.resource_groups(SUBSCRIPTION)["name"].tolist() == [group.name]
    assert (frame["id"][0], frame["tags"][0]) == (resource.id, resource.tags)
    details = session.resources.details(MACHINE)
    assert (details["name"], details["location"]) == (machine.name, machine.location)
    assert azure["usgov"].requests[-1].query["api-version"] in kinds["virtualMachines"].api_versions
    one, other = halves(azure)
    assert one == other


def test_metrics_are_the_typed_clients(azure, session, client):
    """The same path and question; every point of the recorded series, and the definitions."""
    monitor = client(MonitorManagementClient, SUBSCRIPTION)
    span = "2017-04-14T02:20:00.000000Z/2017-04-14T04:20:00.000000Z"
    asked = {"timespan": span, "interval": "PT1M", "metricnames": "BlobCapacity", "aggregation": "Average"}
    theirs = monitor.metrics.list(MACHINE.lstrip("/"), **asked)
    names = [each.name.value for each in monitor.metric_definitions.list(MACHINE.lstrip("/"))]
    frame = session.resources.metrics(MACHINE, ["BlobCapacity"], timespan=SPAN, interval="PT1M")
    points = [point for each in theirs.value for series in each.timeseries for point in series.data]
    values = [None if pd.isna(value) else value for value in frame["value"]]
    assert values == [point.average for point in points]
    assert frame["time"].tolist() == [point.time_stamp for point in points]
    assert session.resources.metric_definitions(MACHINE)["metric"].tolist() == names
    one, other = halves(azure)
    assert one == other
    first, second = (
        request.query for request in azure["usgov"].requests if request.path.endswith("/metrics")
    )
    assert {key: first[key] for key in asked} == {key: second[key] for key in asked}


def test_workspaces_and_saved_searches_are_the_typed_clients(azure, session, client):
    """The list, a search that is written, and one that is deleted."""
    insights = client(LogAnalyticsManagementClient, SUBSCRIPTION)
    search = {"properties": {"category": "c", "displayName": "d", "query": "T", "version": 2}}
    azure["usgov"].fault("PUT management", Answer(body=search), times=2)
    azure["usgov"].fault("DELETE management", Answer(status=200), times=2)
    theirs = [each.customer_id for each in insights.workspaces.list()]
    insights.saved_searches.create_or_update("rg", "soc-ws", "s1", search)
    insights.saved_searches.delete("rg", "soc-ws", "s1")
    assert session.resources.workspaces(SUBSCRIPTION)["workspace_id"].tolist() == theirs
    sentinel = session.sentinel(WORKSPACE)
    sentinel.put_saved_query("s1", search["properties"])
    sentinel.delete_saved_query("s1")
    one, other = halves(azure)
    assert one == other
    first, second = (request.json for request in azure["usgov"].requests if request.method == "PUT")
    assert first == second
