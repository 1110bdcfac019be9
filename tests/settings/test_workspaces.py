"""Claims about workspaces from the portal."""

from __future__ import annotations

import json

import pytest

from huntbook.errors import SettingsValueError
from huntbook.settings.workspaces import imported, with_default

ID = "52b1ab41-869e-4138-9e40-2a4457f09bf0"
RESOURCE = f"/subscriptions/{ID}/resourceGroups/soc-rg/providers/Microsoft.OperationalInsights/workspaces/soc"
BODY = {"SubscriptionId": ID, "ResourceGroup": "soc-rg", "WorkspaceName": "soc"}


@pytest.mark.parametrize(
    "text",
    [
        RESOURCE,
        f"https://portal.azure.us/#blade/Microsoft_Azure_Security_Insights/MainMenuBlade/0/id/{RESOURCE.replace('/', '%2F')}",
        f"https://portal.azure.cn/#resource{RESOURCE.lower()}/Overview",
    ],
)
def test_a_workspace_is_read_from_an_address(text):
    """From the resource id, plain or encoded, in any cloud's portal and any case."""
    assert imported(text) == ("soc", BODY)


def test_the_tenant_in_an_address_is_taken():
    """It stands after the hash."""
    assert imported(f"https://portal.azure.com/#@contoso.com/resource{RESOURCE}")[1] == {
        **BODY,
        "TenantId": "contoso.com",
    }


def test_a_workspace_is_read_from_the_portals_config_file():
    """With its id, which no address has."""
    config = {"tenant_id": ID, "workspace_id": ID, "workspace_name": "soc", "resource_group": "", "other": 1}
    assert imported(json.dumps(config)) == (
        "soc",
        {"TenantId": ID, "WorkspaceId": ID, "WorkspaceName": "soc"},
    )


@pytest.mark.parametrize("text", ["", "{", "{}", "https://portal.azure.com/", "[1]"])
def test_anything_else_is_refused_with_what_to_paste(text):
    """The fix is in the sentence."""
    with pytest.raises(SettingsValueError, match="Open the workspace in the portal and copy the address bar"):
        imported(text)


def test_the_default_is_a_copy_under_its_own_name():
    """Where MSTICPy looks for it; an earlier default goes."""
    assert with_default({"Default": {"a": 1}, "Soc": BODY}, "Soc") == {"Soc": BODY, "Default": BODY}
