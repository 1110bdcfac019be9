"""The side panel in depth, in JupyterLab: each section, what is typed, secrets, sources, screen reader."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]

USGOV = "Azure:\n  cloud: usgov # ours\n  auth_methods: [cli, devicecode, msi]\n"
BROKEN = "Azure:\n  cloud: [usgov\n  auth"
SITE = "Azure: {tenant_id: contoso.com}\nlocked: {Azure.tenant_id: One tenant for all hunts.}\n"
WORKSPACES = "MSSentinel:\n  Workspaces:\n    soc: {WorkspaceId: 11111111-2222-3333-4444-555555555555}\n"


def press(panel, name: str) -> None:
    """Press a button."""
    panel.get_by_role("button", name=name, exact=True).click()


def saved(panel) -> None:
    """Press Save and wait until it is done."""
    press(panel, "Save")
    expect(panel.get_by_role("status")).to_have_text("Saved. Running notebooks use it at once.")


def test_the_arrow_keys_go_through_the_tabs(page, opened):
    """One stop for the Tab key, and the arrows choose; after the last comes the first."""
    panel = opened(USGOV)
    panel.get_by_role("tab", name="Azure").focus()
    page.keyboard.press("ArrowRight")
    expect(panel.get_by_role("tab", name="Microsoft Sentinel")).to_be_focused()
    expect(panel.get_by_role("tabpanel", name="Microsoft Sentinel")).to_be_visible()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(panel.get_by_role("tab", name="Azure")).to_have_attribute("aria-selected", "true")


def test_a_workspace_is_added_named_made_default_and_taken_out(opened, lab):
    """The whole table is edited before one save."""
    panel = opened(WORKSPACES)
    panel.get_by_role("tab", name="Microsoft Sentinel").click()
    panel.get_by_label("Name of a new one").fill("lab")
    press(panel, "Add")
    panel.get_by_label("Workspace id").fill("99999999-2222-3333-4444-555555555555")
    panel.get_by_label("Name", exact=True).fill("emea")
    panel.get_by_label("Name", exact=True).press("Enter")
    press(panel, "Make default")
    press(panel, "soc")
    press(panel, "Remove")
    saved(panel)
    text = lab.settings.read_text()
    assert "soc" not in text
    assert text.count("99999999-2222-3333-4444-555555555555") == 2
    assert "emea:" in text
    assert "Default:" in text


def test_a_refused_value_opens_its_tab_and_takes_the_focus(opened):
    """The user looks elsewhere when the save is refused; the message waits at its field."""
    panel = opened(USGOV)
    panel.get_by_label("Tenant").fill("contoso")
    panel.get_by_role("tab", name="Key Vault").click()
    press(panel, "Save")
    expect(panel.get_by_role("tab", name="Azure")).to_have_attribute("aria-selected", "true")
    expect(panel.get_by_label("Tenant")).to_be_focused()
    expect(panel.get_by_text("'contoso' is not a tenant")).to_be_visible()


def test_other_sections_are_shown_without_their_secrets(opened):
    """They are somebody else's to change, and their secrets nobody's to see."""
    panel = opened(f"{USGOV}TIProviders:\n  OTX:\n    Args: {{AuthKey: hunter2}}\n")
    panel.get_by_role("tab", name="Other").click()
    expect(panel.get_by_label("Other sections")).to_contain_text("AuthKey: ********")
    expect(panel).not_to_contain_text("hunter2")


PORTAL = (
    "https://portal.azure.us/#@contoso.com/resource/subscriptions/22222222-2222-3333-4444-555555555555"
    "/resourceGroups/rg/providers/Microsoft.OperationalInsights/workspaces/emea"
)


def test_a_workspace_is_imported_from_the_portal(opened, lab):
    """What can't be read is refused in words; an address fills the form, and nothing is saved before Save."""
    panel = opened(WORKSPACES)
    panel.get_by_role("tab", name="Microsoft Sentinel").click()
    press(panel, "Import from the portal")
    pasted = panel.get_by_label("Address or config.json")
    pasted.fill("https://portal.azure.us/")
    press(panel, "Import")
    expect(panel.get_by_role("alert")).to_contain_text("neither a workspace's address in the portal nor")
    expect(pasted).to_be_focused()
    pasted.fill(PORTAL)
    press(panel, "Import")
    expect(panel.get_by_label("Subscription")).to_have_value("22222222-2222-3333-4444-555555555555")
    expect(panel.get_by_text("Added emea above.")).to_be_visible()
    assert lab.settings.read_text() == WORKSPACES
    saved(panel)
    assert "TenantId: contoso.com" in lab.settings.read_text()


def test_each_value_says_where_it_comes_from(opened, site, lab):
    """File and line stand below the field and belong to its description, so they are spoken too."""
    site("Azure:\n  tenant_id: contoso.com\n")
    panel = opened(USGOV)
    cloud, tenant = panel.get_by_label("Cloud", exact=True), panel.get_by_label("Tenant")
    expect(cloud).to_have_accessible_description(re.compile(r"Line 2 of your file\."))
    expect(tenant).to_have_accessible_description(re.compile(r"huntbook\.yaml, line 2\."))
    cloud.select_option("cn")
    expect(panel.get_by_text("Line 2 of your file.")).to_have_count(0)


def test_a_plain_secret_is_replaced_by_a_reference(opened, lab):
    """By keyboard, which goes on where the secret was, and the secret itself is nowhere on the page."""
    lines = "  OTX:\n    Args:\n      AuthKey: hunter2 # ours\n  VT:\n    Args:\n      AuthKey: hunter3\n"
    panel = opened(f"{USGOV}TIProviders:\n{lines}")
    panel.get_by_role("button", name="2 secrets in plain text").press("Enter")
    first, second = (panel.get_by_label(f"TIProviders.{name}.Args.AuthKey") for name in ("OTX", "VT"))
    expect(first).to_have_value("OTX_AUTHKEY")
    expect(panel).not_to_contain_text("hunter")
    first.press("Enter")
    expect(second).to_be_focused()
    second.press("Enter")
    expect(panel.get_by_role("button", name="1 secret in plain text")).to_have_count(0)
    expect(panel.get_by_role("tab", name="Azure")).to_be_focused()
    assert "hunter" not in lab.settings.read_text()
    assert "EnvironmentVar: OTX_AUTHKEY" in lab.settings.read_text()


def test_a_text_is_checked_while_it_is_typed(opened):
    """The complaint waits for a pause and goes with the character that makes the text right."""
    panel = opened(USGOV)
    tenant = panel.get_by_label("Tenant")
    tenant.press_sequentially("contoso")
    expect(panel.get_by_text("'contoso' is not a tenant. Give its id")).to_be_visible()
    expect(tenant).to_have_attribute("aria-invalid", "true")
    tenant.press_sequentially(".com")
    expect(tenant).to_have_attribute("aria-invalid", "false")


def test_a_server_that_is_gone_loses_no_edit(page, opened):
    """Retry brings the form back as it was left."""
    panel = opened(USGOV)
    page.route("**/huntbook/settings*", lambda route: route.abort())
    panel.get_by_label("Cloud", exact=True).select_option("cn")
    press(panel, "Save")
    expect(panel.get_by_text("What you changed here is kept.")).to_be_visible()
    page.unroute("**/huntbook/settings*")
    press(panel, "Retry")
    expect(panel.get_by_role("status")).to_have_text("Unsaved changes.")
    expect(panel.get_by_label("Cloud", exact=True)).to_have_value("cn")


def test_axe_finds_no_fault_in_any_state(opened, site, theme, write, violations, shot):
    """Names, roles and contrast, in the states that look different, in both themes."""
    site(SITE)
    panel = opened(f"{USGOV}{WORKSPACES}Team: {{name: blue}}\nTIProviders: {{OTX: {{AuthKey: hunter2}}}}\n")
    name = theme()
    found = {"unchanged": violations()}
    shot(f"sidebar-{name}", panel)
    press(panel, "1 secret in plain text")
    found["secrets"] = violations()
    shot(f"sidebar-secrets-{name}", panel)
    press(panel, "1 secret in plain text")
    panel.get_by_role("tab", name="Microsoft Sentinel").click()
    press(panel, "Import from the portal")
    panel.get_by_label("Address or config.json").fill("nowhere")
    press(panel, "Import")
    expect(panel.get_by_role("alert")).to_contain_text("neither a workspace's address")
    found["import"] = violations()
    shot(f"sidebar-import-{name}", panel)
    press(panel, "soc")
    found["entry"] = violations()
    panel.get_by_role("tab", name="Other").click()
    found["others"] = violations()
    panel.get_by_role("tab", name="Azure").click()
    panel.get_by_label("Application").fill("no id")
    press(panel, "Save")
    expect(panel.get_by_role("status")).to_have_text("Not saved.")
    found["refused"] = violations()
    write(USGOV)
    expect(panel.get_by_role("button", name="Keep mine")).to_be_visible()
    found["conflict"] = violations()
    press(panel, "Reload")
    press(panel, "History")
    expect(panel.get_by_role("button", name="Settings", exact=True)).to_be_visible()
    found["history"] = violations()
    press(panel, "Settings")
    write(BROKEN)
    expect(panel.get_by_label("Cloud", exact=True)).to_be_disabled()
    found["broken"] = violations()
    assert {state: faults for state, faults in found.items() if faults} == {}
