from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pandas as pd
import pytest

from fakecloud import Answer
from fakecloud.arm import recorded as recorded_body
from huntbook.azure.arm import API_VERSIONS, part, resource_path
from huntbook.errors import OptionError, PartialResultWarning, ServiceError

SUBSCRIPTION = "00000001-5555-4555-8555-555555555555"
MACHINE = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/vm"
CARD = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg/providers/Microsoft.Network/networkInterfaces/nic"

PLACE = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg/providers/Microsoft.OperationalInsights/workspaces/soc-ws"


@pytest.fixture
def resources(azure, open_session):
    return open_session("usgov", ["devicecode"]).resources


@pytest.fixture
def recorded(examples):
    """Give the body of a recorded answer, without its link to a page that is not recorded."""

    def read(name):
        body = recorded_body(examples, name)
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


def test_an_interface_comes_with_its_addresses_and_rules(resources, recorded):
    """The recorded interface, its public address and its group: value by value, the rules inside."""
    about = recorded("network-2021-02-01/NetworkInterfaceGet.json")["properties"]
    public = recorded("network-2021-02-01/PublicIpAddressListAll.json")["value"][-1]["properties"]
    (row,) = resources.network(CARD).to_dict("records")
    first = about["ipConfigurations"][0]["properties"]
    assert (row["private_ip"], row["subnet_id"]) == (first["privateIPAddress"], first["subnet"]["id"])
    assert (row["public_ip"], row["public_ip_id"]) == (public["ipAddress"], first["publicIPAddress"]["id"])
    assert (row["mac"], row["security_group_id"]) == (
        about["macAddress"],
        about["networkSecurityGroup"]["id"],
    )
    assert row["security_rules"] == resources.security_rules(row["security_group_id"]).to_dict("records")
    assert row["security_rules"][0]["name"] == "AllowVnetInBound"


def test_a_machine_tells_of_all_its_interfaces(azure, resources, recorded):
    """The id of a machine asks for each of its interfaces; one without group or public address has none."""
    cards = [CARD, CARD.replace("/nic", "/nic2")]
    machine = {"properties": {"networkProfile": {"networkInterfaces": [{"id": card} for card in cards]}}}
    azure["usgov"].fault("/virtualMachines/vm", Answer(body=machine))
    bare = {"name": "nic2", "properties": {"ipConfigurations": [{"name": "ip", "properties": {}}]}}
    azure["usgov"].fault("/networkInterfaces/nic2", Answer(body=bare))
    frame = resources.network(MACHINE)
    assert frame["interface"].tolist() == ["test-nic", "nic2"]
    assert frame["security_rules"].tolist()[1] == []
    assert pd.isna(frame["public_ip"].tolist()[1])


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


def test_properties_come_on_request(azure, resources, recorded):
    """The list has none: each resource is asked for by the newest stable version that the cloud lists for its type."""
    items = [{"id": MACHINE, "name": "vm"}, {"id": MACHINE, "name": "vm"}]
    azure["usgov"].fault("/resources", Answer(body={"value": items}))
    frame = resources.resources(SUBSCRIPTION, properties=True)
    expected = recorded("compute-2021-03-01/GetVirtualMachine.json")["properties"]
    assert frame["properties"].tolist() == [expected] * 2
    assert last(azure).query == {"api-version": "2023-03-01"}


def test_properties_that_are_refused_are_told(azure, resources):
    """The others come; a warning says how many did not, and why."""
    azure["usgov"].fault("/resources", Answer(body={"value": [{"id": MACHINE}, {"id": MACHINE}]}))
    refusal = Answer(status=403, body={"error": {"code": "AuthorizationFailed", "message": "no"}})
    azure["usgov"].fault("/virtualMachines/vm", refusal)
    with pytest.warns(PartialResultWarning) as told:
        frame = resources.resources(SUBSCRIPTION, properties=True)
    assert str(told[0].message).startswith(
        "The properties of 1 of 2 resources could not be read. The first: management.usgovcloudapi.net answered HTTP "
        "403: AuthorizationFailed: no. "
    )
    assert sorted(map(bool, frame["properties"])) == [False, True]


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


def test_metrics_that_the_service_does_not_have_are_told(azure, resources, recorded):
    """The recorded answer has status 200 and an error in one of two metrics; were it the only one, it is an error."""
    body = recorded("monitor-2018-01-01/GetMetricError.json")
    failed, good = body["value"]
    azure["usgov"].fault("/metrics", Answer(body=body))
    with pytest.warns(PartialResultWarning) as told:
        frame = resources.metrics(MACHINE, ["MongoRequestsCount", "MongoRequests"])
    assert str(told[0].message) == (
        f"The service does not give every metric. MongoRequestsCount: {failed['errorMessage']}"
    )
    assert frame["value"].tolist() == [point["average"] for point in good["timeseries"][0]["data"]]
    azure["usgov"].fault("/metrics", Answer(body={"value": [failed]}))
    with pytest.raises(ServiceError) as caught:
        resources.metrics(MACHINE, ["MongoRequestsCount"])
    assert str(caught.value) == (
        f"The service gives none of the metrics. MongoRequestsCount: {failed['errorMessage']} metric_definitions() "
        "says which there are."
    )


@pytest.mark.parametrize("aggregation", ["Average", "Minimum", "Maximum", "Total", "Count"])
def test_each_aggregation_and_interval_is_asked_for_and_read(aggregation, azure, resources):
    """The value comes from the aggregation's own key; dimensions make series; commas in names are the service's %2."""
    points = [{"timeStamp": "2024-01-01T00:00:00Z", **{key: number for number, key in enumerate(("average", "minimum", "maximum", "total", "count"))}}]  # fmt: skip
    series = {"metadatavalues": [{"name": {"value": "tier"}, "value": "hot"}], "data": points}
    body = {"value": [{"name": {"value": "a,b"}, "errorCode": "Success", "timeseries": [series]}]}
    azure["usgov"].fault("/metrics", Answer(body=body))
    frame = resources.metrics(MACHINE, ["a,b"], aggregation=aggregation, interval="FULL", split_by=["tier"])
    assert frame["value"].tolist() == [points[0][aggregation.lower()]]
    assert frame["series"].tolist() == ["tier=hot"]
    sent = {key: value for key, value in last(azure).query.items() if key not in {"timespan", "api-version"}}
    assert sent == {
        "metricnames": "a%2b",
        "aggregation": aggregation,
        "interval": "FULL",
        "$filter": "tier eq '*'",
    }


def test_the_recorded_definitions_of_metrics_come_as_rows(resources, recorded):
    """Name, unit, aggregations and intervals of each."""
    body = recorded("monitor-2018-01-01/GetMetricDefinitions.json")
    frame = resources.metric_definitions(MACHINE)
    assert frame["metric"].tolist() == [each["name"]["value"] for each in body["value"]]
    assert frame["aggregation"].tolist() == [each["primaryAggregationType"] for each in body["value"]]
    assert frame["intervals"].tolist() == [
        [step["timeGrain"] for step in each["metricAvailabilities"]] for each in body["value"]
    ]


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
    """The recorded machine comes as it is, by the version that the caller names or the newest stable one."""
    expected = recorded("compute-2021-03-01/GetVirtualMachine.json")
    assert resources.details(MACHINE, api_version="2020-06-01") == expected
    assert last(azure).query == {"api-version": "2020-06-01"}
    assert resources.details(MACHINE) == resources.details(MACHINE) == expected
    assert last(azure).query == {"api-version": "2023-03-01"}
    listed = [request for request in azure["usgov"].requests if request.path.endswith("/Microsoft.Compute")]
    assert len(listed) == 1
    azure["usgov"].fault("/resourceGroups/rg", Answer(body={"name": "rg"}))
    assert resources.details(f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg") == {"name": "rg"}


def test_a_type_that_the_cloud_does_not_list_is_told(resources):
    """Sovereign clouds do not have every service."""
    with pytest.raises(OptionError) as caught:
        resources.details(MACHINE.replace("virtualMachines", "quantumMachines"))
    assert str(caught.value) == (
        "Microsoft.Compute/quantummachines: this cloud lists no such type of resource. Check the id, or give "
        "api_version=."
    )


# A call of each group, and what its request has in its path.
GROUPS = {
    "subscriptions": (lambda s: s.resources.subscriptions(), "/subscriptions"),
    "resources": (lambda s: s.resources.resources(SUBSCRIPTION), "/resources"),
    "compute": (lambda s: s.resources.virtual_machines(SUBSCRIPTION), "/virtualMachines"),
    "network": (lambda s: s.resources.security_rules(CARD), "/networkInterfaces"),
    "metrics": (lambda s: s.resources.metric_definitions(MACHINE), "/metricDefinitions"),
    "workspaces": (lambda s: s.resources.workspaces(SUBSCRIPTION), "/workspaces"),
    "resource_graph": (lambda s: s.graph.query("resources"), "/resources"),
    "saved_searches": (lambda s: s.sentinel(PLACE).saved_queries(), "/savedSearches"),
    "key_vault": (lambda s: s.secrets("contoso").list(), "/secrets"),
    "incidents": (lambda s: s.sentinel(PLACE).incidents(), "/incidents"),
    "alert_rules": (lambda s: s.sentinel(PLACE).alert_rules(), "/alertRules"),
    "bookmarks": (lambda s: s.sentinel(PLACE).bookmarks(), "/bookmarks"),
    "bookmark_expansion": (lambda s: s.sentinel(PLACE).expand_bookmark("b", "e"), "/expand"),
    "watchlists": (lambda s: s.sentinel(PLACE).watchlists(), "/watchlists"),
    "data_connectors": (lambda s: s.sentinel(PLACE).data_connectors(), "/dataConnectors"),
    "automation_rules": (lambda s: s.sentinel(PLACE).automation_rules(), "/automationRules"),
    "indicators": (lambda s: s.sentinel(PLACE).indicators(), "/indicators"),
}


@pytest.mark.parametrize("group", API_VERSIONS)
def test_the_settings_override_the_version_of_each_group(group, azure, open_session, bare_machine):
    """Sovereign clouds lag behind: each group of calls may have its own version."""
    call, where = GROUPS[group]
    session = open_session("usgov", ["devicecode"])
    for wanted in (API_VERSIONS[group], "2019-09-09"):
        azure["usgov"].fault(where, Answer(body={"value": [], "data": [], "totalRecords": 0}))
        call(session)
        asked = [request for request in azure["usgov"].requests if where in request.path]
        assert asked[-1].query["api-version"] == wanted
        text = f"Azure: {{api_versions: {{{group}: 2019-09-09}}}}\n"
        (bare_machine / "msticpyconfig.yaml").write_text(text, encoding="utf-8")


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


def test_what_is_wrong_with_a_name_or_an_id_is_said_whole():
    """The value and what it should be."""
    with pytest.raises(OptionError) as caught:
        part("..")
    assert str(caught.value) == "'..' is no name in Azure. Give the name of the thing itself."
    with pytest.raises(OptionError) as caught:
        resource_path("vm-1")
    assert str(caught.value) == ("'vm-1' is no resource id. It starts with '/subscriptions/' and an id.")
