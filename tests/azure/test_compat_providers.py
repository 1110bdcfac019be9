"""MSTICPy's classes for Azure, against the fake Azure: one cloud, huntbook's frames."""

from __future__ import annotations

from datetime import datetime

import pandas as pd
import pytest

from fakecloud import Answer
from huntbook.compat.providers import (
    AzureData,
    BHKeyVaultClient,
    QueryProvider,
    WorkspaceConfig,
)
from huntbook.compat.sentinel import MicrosoftSentinel
from huntbook.errors import OptionError

WORKSPACE = "63613592-b6f7-4c3d-a390-22ba13102111"
SUBSCRIPTION = "00000001-5555-4555-8555-555555555555"
RESOURCE = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/soc-rg/providers/Microsoft.OperationalInsights/workspaces/soc-ws"
SETTINGS = f"""\
Azure: {{cloud: usgov, auth_methods: [cli]}}
MSSentinel: {{Workspaces: {{Default: {{WorkspaceId: {WORKSPACE}}}}}}}
KeyVault: {{VaultName: contoso}}
"""
QUERIES = """\
metadata: {data_environments: [LogAnalytics], data_families: [Heart]}
defaults: {parameters: {}}
sources:
  beats: {description: All of them, args: {query: Heartbeat}, parameters: {}}
"""


@pytest.fixture
def usgov(azure, az, bare_machine):
    """Give the fakes, with az signed in to usgov and settings that say so; no other cloud may be asked."""
    az("AzureUSGovernment")
    (bare_machine / "msticpyconfig.yaml").write_text(SETTINGS)
    yield azure["usgov"]
    assert azure.others("usgov") == []


@pytest.fixture
def closing():
    """Close what a test opened."""
    opened = []
    yield lambda each: opened.append(each) or each
    for each in opened:
        each.session.close()


def bodies(cloud):
    """Return what the queries carried."""
    return [request.json for request in cloud.requests if request.path.endswith("/query")]


@pytest.mark.parametrize("name", ["MSSentinel", "AzureSentinel", "LogAnalytics", "mssentinel"])
def test_a_query_provider_queries_the_settings_workspace(name, usgov, closing):
    """The notebook's usual three cells: provider, connect, query."""
    provider = closing(QueryProvider(name))
    provider.connect(WorkspaceConfig())
    frame = provider.exec_query("Heartbeat", start=datetime(2024, 1, 1), end=datetime(2024, 1, 2))  # noqa: DTZ001 - UTC
    assert isinstance(frame, pd.DataFrame)
    assert bodies(usgov) == [
        {"query": "Heartbeat", "timespan": "2024-01-01T00:00:00.000000Z/2024-01-02T00:00:00.000000Z"}
    ]


def test_a_connection_string_names_the_workspace(usgov, closing):
    """MSTICPy's own text form still says where."""
    other = "11111111-2222-4333-8444-555555555555"
    provider = closing(QueryProvider("MSSentinel"))
    provider.connect(f"loganalytics://code().tenant('{usgov.tenant}').workspace('{other}')")
    provider.exec_query("T")
    assert any(f"/workspaces/{other}/query" in request.path for request in usgov.requests)


def test_resource_graph_goes_to_the_resource_manager(usgov, closing):
    """The same class asks Resource Graph, without a workspace."""
    provider = closing(QueryProvider("ResourceGraph"))
    provider.connect(mp_az_auth="default")
    assert len(provider.exec_query("resources"))
    assert any("Microsoft.ResourceGraph" in request.path for request in usgov.requests)


def test_an_unknown_environment_is_refused():
    """The sentence lists the ones there are."""
    with pytest.raises(OptionError) as caught:
        QueryProvider("Splunk")
    assert str(caught.value) == (
        "data_environment='Splunk' is not known. "
        "It takes: 'MSSentinel', 'AzureSentinel', 'LogAnalytics', 'ResourceGraph'."
    )


def test_azure_data_lists_what_the_cloud_has(usgov, closing):
    """Subscriptions of the chosen cloud, over all pages, with no word of a cloud in the code."""
    data = closing(AzureData(connect=True))
    assert data.get_subscriptions()["name"].tolist()[0] == "usgov subscription 1"


def test_sentinel_lists_all_incidents_under_both_names(usgov, closing):
    """The class of 3.x and the method names of 1.4.2."""
    sentinel = closing(MicrosoftSentinel(RESOURCE))
    assert len(sentinel.get_incidents()) == len(sentinel.list_incidents()) > 0


def test_one_subscription_is_found_by_its_id(usgov, closing):
    """In any case of letters; an id that nobody has is refused with the way to find one."""
    data = closing(AzureData(connect=True))
    first = data.get_subscriptions().iloc[0]
    assert data.get_subscription_info(first["subscription_id"].upper())["name"] == first["name"]
    with pytest.raises(OptionError) as caught:
        data.get_subscription_info("nowhere")
    assert str(caught.value) == (
        "sub_id='nowhere': you see no subscription with this id. get_subscriptions() has them all."
    )


def test_network_details_are_addresses_and_rules(usgov, closing):
    """Two frames, as MSTICPy's notebooks unpack them."""
    card = (
        f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg/providers/Microsoft.Network/networkInterfaces/nic"
    )
    address = {"name": "ip", "properties": {"privateIPAddress": "10.0.0.4"}}
    body = {"name": "nic", "properties": {"ipConfigurations": [address]}}
    usgov.fault("/networkInterfaces/nic", Answer(body=body), times=2)
    addresses, rules = closing(AzureData(connect=True)).get_network_details(card, SUBSCRIPTION)
    assert addresses["private_ip"].tolist() == ["10.0.0.4"]
    assert rules.empty


def test_a_bookmark_is_made_and_found_by_its_display_name(usgov, closing):
    """Hung on an incident and deleted by the name that people know."""
    sentinel = closing(MicrosoftSentinel(RESOURCE))
    usgov.fault("PUT management", Answer(body={"name": "b1"}), times=2)
    assert sentinel.create_bookmark("odd", "T | take 1", notes="look", labels=["a"]) == "b1"
    told = {"displayName": "odd", "query": "T | take 1", "notes": "look", "labels": ["a"]}
    assert usgov.requests[-1].json == {"properties": told}
    listed = {"value": [{"name": "b1", "id": "/b/b1", "properties": {"displayName": "odd"}}]}
    usgov.fault("GET management", Answer(body=listed), times=3)
    sentinel.add_bookmark_to_incident("i1", "odd")
    assert usgov.requests[-1].json == {"properties": {"relatedResourceId": "/b/b1"}}
    usgov.fault("DELETE management", Answer(body={}))
    sentinel.delete_bookmark("odd")
    assert usgov.requests[-1].path.endswith("/bookmarks/b1")
    with pytest.raises(OptionError) as caught:
        sentinel.delete_bookmark("even")
    assert str(caught.value) == (
        "bookmark='even': the workspace has none with this id or display name. list_bookmarks() has them all."
    )


def test_a_watchlist_is_made_filled_and_deleted(usgov, closing):
    """With rows as its items, and with one more."""
    sentinel = closing(MicrosoftSentinel(RESOURCE))
    usgov.fault("PUT management", Answer(body={"name": "hosts"}), times=2)
    made = sentinel.create_watchlist("hosts", "ours", "host", data=pd.DataFrame({"host": ["a"]}))
    assert made == "hosts"
    assert usgov.requests[-1].json["properties"]["rawContent"] == "host\na\n"
    sentinel.add_watchlist_item("hosts", pd.Series({"host": "b"}))
    assert usgov.requests[-1].json["properties"] == {"itemsKeyValue": {"host": "b"}}
    usgov.fault("DELETE management", Answer(body={}), times=3)
    sentinel.delete_watchlist_item("hosts", "i1")
    sentinel.delete_watchlist("hosts")
    sentinel.delete_analytic_rule("r1")
    assert [request.path.rpartition("/")[2] for request in usgov.requests[-3:]] == ["i1", "hosts", "r1"]


def test_a_method_that_we_lack_says_what_to_use(usgov):
    """The nearest one, the session, and the real package; IPython's probing hears nothing."""
    with pytest.raises(AttributeError) as caught:
        MicrosoftSentinel(RESOURCE).list_incident  # noqa: B018 - reading it is the test
    assert str(caught.value) == (
        "huntbook's stand-in for MSTICPy's MicrosoftSentinel has no 'list_incident'. Did you mean 'list_incidents'? "
        "`session` has all that huntbook can do in the cloud. For the rest, install MSTICPy itself: pip install msticpy."
    )
    assert not hasattr(AzureData(), "_repr_html_")


def test_a_vaults_secret_is_text_for_who_asks(usgov, closing):
    """The vault of the settings, in the chosen cloud; what a write gives back hides the text."""
    vault = closing(BHKeyVaultClient())
    written = vault.set_secret("greeting", "an invented secret")
    assert vault.get_secret("greeting") == "an invented secret"
    assert "invented" not in repr(written)
    assert "greeting" in vault.secrets


def test_a_vault_tells_its_name(usgov, closing):
    """By its name, by its address, or from the settings."""
    for named in ({}, {"vault_name": "contoso"}, {"vault_uri": "https://contoso.vault.usgovcloudapi.net"}):
        assert closing(BHKeyVaultClient(**named)).vault_name == "contoso"


def test_a_workspace_of_the_settings_is_a_connection_string(usgov, closing):
    """As notebooks of 1.4.2 connect."""
    provider, workspace = closing(QueryProvider("AzureSentinel")), WorkspaceConfig()
    assert workspace.config_loaded
    assert workspace.code_connect_str == f"loganalytics://code().tenant('').workspace('{WORKSPACE}')"
    provider.connect(workspace.code_connect_str)
    provider.exec_query("T")
    assert any(f"/workspaces/{WORKSPACE}/query" in request.path for request in usgov.requests)
    assert not WorkspaceConfig("elsewhere").config_loaded


def test_a_long_query_runs_in_pieces(usgov, closing):
    """MSTICPy's words for a piece are pandas' own."""
    provider = closing(QueryProvider("MSSentinel"))
    span = {"start": datetime(2024, 1, 1), "end": datetime(2024, 1, 3)}  # noqa: DTZ001 - UTC
    provider.exec_query("T", **span, split_query_by="1D")
    assert len(bodies(usgov)) == 2


def test_the_schema_is_tables_with_their_columns(usgov, closing):
    """The same that `Logs.schema` gives."""
    provider = closing(QueryProvider("MSSentinel"))
    table = provider.schema_tables[0]
    expected = provider.session.logs().schema(table)
    assert provider.schema[table] == dict(zip(expected["name"], expected["type"], strict=True))


def test_saved_queries_are_listed_by_family_and_name(usgov, closing, bare_machine):
    """From the folders that the settings name."""
    provider = closing(QueryProvider("MSSentinel"))
    (bare_machine / "queries").mkdir()
    (bare_machine / "queries" / "heart.yaml").write_text(QUERIES)
    settings = bare_machine / "msticpyconfig.yaml"
    settings.write_text(f"{SETTINGS}QueryDefinitions: {{Custom: [{bare_machine / 'queries'}]}}\n")
    assert provider.list_queries() == ["Heart.beats"]


def test_one_resource_is_told_whole(usgov, closing):
    """Alone or in the list of all, with the id alone; the subscription is in it."""
    machine = (
        f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/vm"
    )
    usgov.fault("/resources", Answer(body={"value": [{"id": machine, "name": "vm"}]}))
    data = closing(AzureData(connect=True))
    (properties,) = data.get_resources(SUBSCRIPTION, get_props=True)["properties"]
    assert data.get_resource_details(SUBSCRIPTION, machine)["properties"] == properties != {}


def test_an_incident_brings_what_hangs_on_it(usgov, closing):
    """Each as a frame, and only what was asked for."""
    sentinel = closing(MicrosoftSentinel(RESOURCE))
    name = sentinel.list_incidents()["name"][0]
    whole = sentinel.get_incident(name, alerts=True, comments=True)
    pd.testing.assert_frame_equal(whole["Alerts"], sentinel.get_incident_alerts(name))
    assert set(whole) - set(sentinel.get_incident(name)) == {"Alerts", "Comments"}


def test_a_rule_is_made_from_words_or_from_a_template(usgov, closing):
    """By the service's names; with neither it is refused."""
    sentinel = closing(MicrosoftSentinel(RESOURCE))
    usgov.fault("PUT management", Answer(body={"name": "r1"}), times=2)
    assert sentinel.create_analytic_rule(name="odd", query="T", tactics=["Impact"]) == "r1"
    told = usgov.requests[-1].json["properties"]
    assert (told["displayName"], told["queryFrequency"], told["tactics"]) == ("odd", "PT5H", ["Impact"])
    template = {"name": "t1", "properties": {"displayName": "even", "query": "U", "severity": "Low"}}
    usgov.fault("GET management", Answer(body=template))
    sentinel.create_analytic_rule("t1")
    told = usgov.requests[-1].json["properties"]
    assert (told["displayName"], told["severity"], told["alertRuleTemplateName"]) == ("even", "Low", "t1")
    with pytest.raises(OptionError) as caught:
        sentinel.create_analytic_rule(name="odd")
    assert str(caught.value) == "A rule takes a template, or a name and a query."


def test_a_workspace_is_looked_up_by_what_is_known_of_it(usgov):
    """Id, name, resource id and address lead to each other, without an object to begin with."""
    address = f"https://portal.azure.us/#@contoso.us/resource{RESOURCE}"
    assert MicrosoftSentinel.get_resource_id_from_url(address) == RESOURCE
    found = MicrosoftSentinel.get_workspace_settings(WORKSPACE)
    (name,) = found
    assert found[name]["WorkspaceId"] == WORKSPACE
    assert MicrosoftSentinel.get_workspace_name(WORKSPACE) == name
    assert MicrosoftSentinel.get_workspace_id(name) == WORKSPACE
    where = found[name]["SubscriptionId"], found[name]["ResourceGroup"]
    assert MicrosoftSentinel.get_workspace_settings_by_name(name, *where) == found
    whole = f"/subscriptions/{where[0]}/resourceGroups/{where[1]}/providers/Microsoft.OperationalInsights/workspaces/{name}"
    assert (
        MicrosoftSentinel.get_workspace_details_from_url(f"https://portal.azure.us/#@x/resource{whole}")
        == found
    )
