from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pandas as pd
import pytest

from fakecloud import Answer
from huntbook.azure.arm import API_VERSIONS, part, resource_path
from huntbook.errors import OptionError

SUBSCRIPTION = "00000001-5555-4555-8555-555555555555"
MACHINE = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/vm"
CARD = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg/providers/Microsoft.Network/networkInterfaces/nic"


@pytest.fixture
def resources(azure, open_session):
    return open_session("usgov", ["devicecode"]).resources


@pytest.fixture
def recorded(example):
    """Give the body of a recorded answer, without its link to a page that is not recorded."""

    def read(name):
        body = example(name)["responses"]["200"]["body"]
        return {key: value for key, value in body.items() if key != "nextLink"}

    return read


def last(azure):
    return azure["usgov"].requests[-1]


def test_every_subscription_is_listed(azure, resources):
    """Five subscriptions come over three pages."""
    frame = resources.subscriptions()
    assert frame["name"].tolist() == [f"usgov subscription {number}" for number in range(1, 6)]
    assert frame["tenant_id"].unique().tolist() == [azure["usgov"].tenant]


def test_the_recorded_subscriptions_come_as_they_are(azure, resources, recorded):
    """Microsoft's own example, value by value."""
    body = recorded("resources/GetSubscriptions.json")
    azure["usgov"].fault("/subscriptions", Answer(body=body))
    frame = resources.subscriptions()
    assert frame["subscription_id"].tolist() == [each["subscriptionId"] for each in body["value"]]
    assert frame["state"].tolist() == [each["state"] for each in body["value"]]


def test_machines_come_with_size_and_interfaces(azure, resources, recorded):
    """The recorded machines: id, size, system and the ids of their interfaces."""
    body = recorded("compute-2021-03-01/ListVirtualMachinesInASubscriptionByLocation.json")
    frame = resources.virtual_machines(SUBSCRIPTION)
    about = [each["properties"] for each in body["value"]]
    assert frame["id"].tolist() == [each["id"] for each in body["value"]]
    assert frame["vm_id"].tolist() == [each["vmId"] for each in about]
    assert frame["size"].tolist() == [each["hardwareProfile"]["vmSize"] for each in about]
    assert frame["interfaces"].tolist() == [
        [card["id"] for card in each["networkProfile"]["networkInterfaces"]] for each in about
    ]
    assert last(azure).query == {"api-version": API_VERSIONS["compute"]}


def test_an_interface_comes_with_its_addresses(azure, resources, recorded):
    """The recorded interface: private address, subnet, and which public address it has."""
    about = recorded("network-2021-02-01/NetworkInterfaceGet.json")["properties"]
    frame = resources.network(CARD)
    first = about["ipConfigurations"][0]["properties"]
    assert frame["private_ip"].tolist()[0] == first["privateIPAddress"]
    assert frame["subnet_id"].tolist()[0] == first["subnet"]["id"]
    assert len(frame) == len(about["ipConfigurations"])


def test_the_rules_of_an_interface_come_in_the_order_in_which_they_apply(azure, resources, recorded):
    """The recorded group, reached over the recorded interface: every rule, own and default, value by value."""
    group = recorded("network-2021-02-01/NetworkSecurityGroupListAll.json")["value"][1]
    azure["usgov"].fault("/networkSecurityGroups/nsg", Answer(body=group))
    card = recorded("network-2021-02-01/NetworkInterfaceGet.json")
    card["properties"]["networkSecurityGroup"]["id"] = (
        f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg1/providers/Microsoft.Network/networkSecurityGroups/nsg"
    )
    azure["usgov"].fault("/networkInterfaces/nic", Answer(body=card))
    frame = resources.security_rules(CARD)
    told = {False: group["properties"]["securityRules"], True: group["properties"]["defaultSecurityRules"]}
    rules = [(default, rule["name"], rule["properties"]) for default in told for rule in told[default]]
    rules.sort(key=lambda rule: (rule[2]["direction"], rule[2]["priority"]))
    assert frame["name"].tolist() == [name for _, name, _ in rules]
    assert frame["default"].tolist() == [default for default, _, _ in rules]
    assert frame["access"].tolist() == [about["access"] for _, _, about in rules]
    assert frame["destination_ports"].tolist() == [about["destinationPortRange"] for _, _, about in rules]
    assert frame["security_group_id"].unique().tolist() == [group["id"]]


def test_several_ports_of_one_rule_are_joined_and_no_group_is_no_rule(azure, resources):
    """The service writes one port or a list of them, under different names."""
    about = {
        "direction": "Inbound",
        "priority": 1,
        "sourcePortRange": "*",
        "destinationPortRanges": ["22", "80-90"],
    }
    group = {"id": "g", "properties": {"securityRules": [{"name": "r", "properties": about}]}}
    azure["usgov"].fault("/networkSecurityGroups/", Answer(body=group))
    frame = resources.security_rules(CARD.replace("networkInterfaces", "networkSecurityGroups"))
    assert frame.loc[0, ["source_ports", "destination_ports", "source"]].tolist() == ["*", "22,80-90", ""]
    azure["usgov"].fault("/networkInterfaces/", Answer(body={"name": "nic", "properties": {}}))
    empty = resources.security_rules(CARD)
    assert (len(empty), list(empty.columns)) == (0, list(frame.columns))


def test_properties_come_on_request_for_the_types_that_are_named(azure, resources, recorded):
    """The list has none: each machine is asked for by its own version, and other types cost no request."""
    kind = "Microsoft.Compute/virtualMachines"
    items = [{"id": MACHINE, "name": "vm", "type": kind}, {"id": CARD, "name": "nic", "type": "x/y"}]
    azure["usgov"].fault("/resources", Answer(body={"value": items}))
    frame = resources.resources(SUBSCRIPTION, properties={kind: "2023-03-01"})
    expected = recorded("compute-2021-03-01/GetVirtualMachine.json")["properties"]
    assert frame["properties"].tolist() == [expected, {}]
    assert last(azure).query == {"api-version": "2023-03-01"}
    assert [request.path for request in azure["usgov"].requests if request.path == CARD] == []


def test_workspaces_come_with_their_id(azure, resources, recorded):
    """The recorded workspaces have the id that queries need."""
    body = recorded("loganalytics-mgmt-2020-08-01/WorkspacesSubscriptionList.json")
    frame = resources.workspaces(SUBSCRIPTION)
    assert frame["workspace_id"].tolist() == [each["properties"].get("customerId") for each in body["value"]]


def test_metrics_come_as_rows_of_time(azure, resources, recorded):
    """The recorded metric: every point of every series, with missing values missing."""
    body = recorded("monitor-2018-01-01/GetMetric.json")
    span = (datetime(2017, 4, 14, 2, 20, tzinfo=UTC), datetime(2017, 4, 14, 4, 20, tzinfo=UTC))
    frame = resources.metrics(
        MACHINE, ["BlobCapacity"], aggregation="Average", timespan=span, interval="PT1M"
    )
    points = [
        point for metric in body["value"] for series in metric["timeseries"] for point in series["data"]
    ]
    assert frame["time"].tolist() == [pd.Timestamp(point["timeStamp"]) for point in points]
    assert [None if pd.isna(value) else value for value in frame["value"]] == [
        point.get("average") for point in points
    ]
    assert last(azure).query["timespan"] == "2017-04-14T02:20:00.000000Z/2017-04-14T04:20:00.000000Z"


def test_todays_metrics_are_asked_for(azure, resources):
    """A duration ends now, not at midnight."""
    before = datetime.now(UTC)
    resources.metrics(MACHINE, ["Percentage CPU"], timespan=timedelta(hours=2))
    end = datetime.fromisoformat(last(azure).query["timespan"].partition("/")[2])
    assert before <= end <= datetime.now(UTC)
    with pytest.raises(OptionError, match="Did you mean 'Average'"):
        resources.metrics(MACHINE, ["x"], aggregation="Averge")


def test_resources_are_filtered_by_the_service(azure, resources):
    """Group and type go into the request, quotes doubled as OData wants them."""
    azure["usgov"].fault(
        "/resources", Answer(body={"value": [{"id": MACHINE, "name": "vm", "tags": {"a": "b"}}]})
    )
    frame = resources.resources(SUBSCRIPTION, resource_group="soc rg", kind="Type'x")
    assert last(azure).target.startswith(f"/subscriptions/{SUBSCRIPTION}/resourceGroups/soc%20rg/resources?")
    assert last(azure).query["$filter"] == "resourceType eq 'Type''x'"
    row = frame.iloc[0]
    assert (row["resource_group"], row["subscription_id"], row["tags"]) == ("rg", SUBSCRIPTION, {"a": "b"})


def test_details_are_all_that_azure_says(azure, resources, recorded):
    """The recorded machine comes as it is, by the version that the caller names."""
    assert resources.details(MACHINE, api_version="2023-03-01") == recorded(
        "compute-2021-03-01/GetVirtualMachine.json"
    )
    assert last(azure).query == {"api-version": "2023-03-01"}


def test_the_settings_override_a_version(azure, resources, bare_machine):
    """Sovereign clouds lag behind: each group of calls may have its own version."""
    text = "Azure: {api_versions: {compute: 2020-06-01}}\n"
    (bare_machine / "msticpyconfig.yaml").write_text(text, encoding="utf-8")
    resources.virtual_machines(SUBSCRIPTION)
    assert last(azure).query == {"api-version": "2020-06-01"}


@pytest.mark.parametrize(
    "name", ["a/b", "a%2fb", "a?b", "a#b", "'; x", "ä漢", "x" * 1024, "a b", "a\\b", "...", "a@b", "a:b"]
)
def test_a_name_stays_one_part_of_the_path(name, azure, resources):
    """Whatever a group is called, it can't lead to another path or add a query."""
    azure["usgov"].fault("/resources", Answer(body={"value": []}))
    resources.resources(SUBSCRIPTION, resource_group=name)
    assert last(azure).path == f"/subscriptions/{SUBSCRIPTION}/resourceGroups/{name}/resources"
    assert set(last(azure).query) == {"api-version"}
    assert "/" not in part(name)


@pytest.mark.parametrize("name", ["", ".", "..", "x" * 1025])
def test_what_names_a_folder_or_nothing_is_refused(name):
    """Such a name would change the path."""
    with pytest.raises(OptionError, match="is no name in Azure"):
        part(name)


@pytest.mark.parametrize(
    "text",
    ["", "x", "/subscriptions/x", f"{MACHINE}/../y", f"{MACHINE}?a=b", f"{MACHINE}#", "https://evil.example"],
)
def test_what_is_no_resource_id_is_refused(text):
    """Only ids that start with a subscription are sent."""
    with pytest.raises(OptionError, match="is no resource id"):
        resource_path(text)
