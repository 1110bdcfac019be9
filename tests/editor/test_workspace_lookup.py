"""Claims about what the editor asks of Azure for a workspace, made against a fake Azure."""

from __future__ import annotations

import os

import pytest

from huntbook import MpConfigEdit

ID = "63613592-b6f7-4c3d-a390-22ba13102111"
SUBSCRIPTION = "00000001-5555-4555-8555-555555555555"
RESOURCE = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/soc-rg/providers/Microsoft.OperationalInsights/workspaces/soc-ws"
TEXT = "Azure: {cloud: usgov, auth_methods: [cli, interactive]}\n"


@pytest.fixture
def control(file, usgov):
    file.write_text(TEXT)
    return MpConfigEdit().field("MSSentinel.Workspaces")


@pytest.mark.parametrize("pasted", [ID, "soc-ws", " soc-ws "])
def test_an_id_or_a_name_is_imported_with_all_that_azure_knows(pasted, control, usgov):
    """Resource Graph is asked; the entry bears the workspace's name."""
    control.pasted.value = pasted
    control.buttons["Import"].click()
    assert control.message.value == ""
    assert control.value == {
        "soc-ws": {
            "WorkspaceId": ID,
            "TenantId": usgov["usgov"].tenant,
            "SubscriptionId": SUBSCRIPTION,
            "ResourceGroup": "soc-rg",
            "WorkspaceName": "soc-ws",
        }
    }


def test_what_an_address_does_not_tell_is_looked_up(control):
    """The portal's address has no workspace id: a press of the button adds it, and leaves what is there."""
    control.pasted.value = f"https://portal.azure.us/#@contoso.example/resource{RESOURCE}/Overview"
    control.buttons["Import"].click()
    assert "WorkspaceId" not in control.value["soc-ws"]
    control.buttons["Look up"].click()
    assert control.value["soc-ws"]["WorkspaceId"] == ID
    assert control.value["soc-ws"]["TenantId"] == "contoso.example"


def test_a_workspace_with_a_name_only_is_looked_up_by_it(control):
    """And one with nothing can't be."""
    control.buttons["Add"].click()
    control.buttons["Look up"].click()
    assert "Fill in the workspace&#x27;s id or its name in Azure." in control.message.value
    control.texts["WorkspaceName"].value = "soc-ws"
    control.buttons["Look up"].click()
    assert control.texts["WorkspaceId"].value == ID
    assert control.message.value == ""


def test_a_way_to_sign_in_that_asks_a_person_is_not_tried(file, usgov):
    """The button says what to do instead, and asks nothing of Azure."""
    file.write_text("Azure: {cloud: usgov, auth_methods: [devicecode]}\n")
    control = MpConfigEdit().field("MSSentinel.Workspaces")
    control.pasted.value = "soc-ws"
    control.buttons["Import"].click()
    assert "huntbook.connect().graph.workspace(&#x27;soc-ws&#x27;)" in control.message.value
    assert usgov["usgov"].requests == []


def test_a_failure_is_a_sentence_and_loses_nothing(control, monkeypatch):
    """Without az nobody is signed in; what was pasted stays."""
    monkeypatch.setenv("PATH", os.defpath)
    control.pasted.value = "soc-ws"
    control.buttons["Import"].click()
    assert "Sign-in" in control.message.value
    assert "huntbook-problem" in control.message.value
    assert (control.pasted.value, control.value) == ("soc-ws", {})
