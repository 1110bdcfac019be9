"""MSTICPy's classes for Azure, against the fake Azure: one cloud, huntbook's frames."""

from __future__ import annotations

from datetime import datetime

import pandas as pd
import pytest

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


def test_a_vaults_secret_is_text_for_who_asks(usgov, closing):
    """The vault of the settings, in the chosen cloud; what a write gives back hides the text."""
    vault = closing(BHKeyVaultClient())
    written = vault.set_secret("greeting", "an invented secret")
    assert vault.get_secret("greeting") == "an invented secret"
    assert "invented" not in repr(written)
    assert "greeting" in vault.secrets
