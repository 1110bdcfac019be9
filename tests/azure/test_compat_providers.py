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
    usgov.fault("DELETE management", Answer(body={}), times=2)
    sentinel.delete_watchlist("hosts")
    sentinel.delete_analytic_rule("r1")
    assert [request.path.rpartition("/")[2] for request in usgov.requests[-2:]] == ["hosts", "r1"]


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
