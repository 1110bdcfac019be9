"""The side panel in depth: keyboard alone, each section, locks, conflict, history, both themes, screen reader."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]

USGOV = "Azure:\n  cloud: usgov # ours\n  auth_methods: [cli, devicecode, msi]\n"
BROKEN = "Azure:\n  cloud: [usgov\n  auth"
SITE = "Azure: {tenant_id: contoso.com}\nlocked: {Azure.tenant_id: One tenant for all hunts.}\n"
WORKSPACES = "MSSentinel:\n  Workspaces:\n    soc: {WorkspaceId: 11111111-2222-3333-4444-555555555555}\n"


@pytest.fixture
def write(lab):
    """Give a function that writes the settings file in one step, as another program does."""

    def replace(text: str) -> None:
        lab.settings.parent.mkdir(exist_ok=True)
        beside = lab.settings.with_suffix(".new")
        beside.write_text(text)
        beside.replace(lab.settings)

    return replace


@pytest.fixture
def site(lab):
    """Give a function that writes the administrator's file; it goes away afterwards."""
    path = lab.folder.parent / "config" / "huntbook.yaml"
    yield path.write_text
    path.unlink(missing_ok=True)


@pytest.fixture
def opened(page, started, write):
    """Give a function that opens the panel on a settings file with some text."""

    def panel_on(text: str):
        write(text)
        started()
        page.locator(".jp-SideBar .lm-TabBar-tab[title^='huntbook settings']").click()
        panel = page.get_by_role("region", name="huntbook settings")
        expect(panel.get_by_role("tab", name="Azure")).to_be_visible()
        return panel

    return panel_on


def press(panel, name: str) -> None:
    """Press a button."""
    panel.get_by_role("button", name=name, exact=True).click()


def saved(panel) -> None:
    """Press Save and wait until it is done."""
    press(panel, "Save")
    expect(panel.get_by_role("status")).to_have_text("Saved. Running notebooks use it at once.")


def test_everything_can_be_done_with_the_keyboard(page, opened, lab):
    """Choose, order, take out and save, and the focus never gets lost."""
    panel = opened(USGOV)
    panel.get_by_label("Cloud", exact=True).focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    expect(panel.get_by_role("checkbox", name="Azure CLI")).to_be_focused()
    page.keyboard.press("Alt+ArrowDown")
    expect(panel.get_by_role("checkbox", name="Azure CLI")).to_be_focused()
    expect(panel.locator("[aria-live=assertive]")).to_have_text("Azure CLI: place 2 of 3")
    panel.get_by_role("button", name="Move Azure CLI up").focus()
    page.keyboard.press("Enter")
    expect(panel.get_by_role("button", name="Move Azure CLI up")).to_be_focused()
    panel.get_by_role("checkbox", name="Managed identity").focus()
    page.keyboard.press("Space")
    expect(panel.get_by_role("checkbox", name="Managed identity")).to_be_focused()
    panel.get_by_role("button", name="Save").focus()
    page.keyboard.press("Enter")
    expect(panel.get_by_role("status")).to_contain_text("Saved.")
    expect(panel.get_by_role("button", name="Save")).to_be_focused()
    assert lab.settings.read_text() == "Azure:\n  cloud: cn # ours\n  auth_methods: [cli, devicecode]\n"


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


def test_a_locked_setting_is_greyed_with_its_reason(opened, site):
    """Nobody wonders why a field takes no input."""
    site(SITE)
    panel = opened(USGOV)
    expect(panel.get_by_label("Tenant")).to_be_disabled()
    expect(panel.get_by_label("Tenant")).to_have_value("contoso.com")
    expect(panel.get_by_text("Locked: One tenant for all hunts.")).to_be_visible()


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


def test_a_new_lock_reaches_an_open_panel(opened, site):
    """No reload and no click: the administrator's file is followed too."""
    panel = opened(USGOV)
    expect(panel.get_by_label("Tenant")).to_be_enabled()
    site(SITE)
    expect(panel.get_by_label("Tenant")).to_be_disabled()
    expect(panel.get_by_text("Locked: One tenant for all hunts.")).to_be_visible()


def test_each_value_says_where_it_comes_from(opened, site, lab):
    """File and line stand below the field and belong to its description, so they are spoken too."""
    site("Azure:\n  tenant_id: contoso.com\n")
    panel = opened(USGOV)
    cloud, tenant = panel.get_by_label("Cloud", exact=True), panel.get_by_label("Tenant")
    expect(cloud).to_have_accessible_description(re.compile(r"Line 2 of your file\."))
    expect(tenant).to_have_accessible_description(re.compile(r"huntbook\.yaml, line 2\."))
    cloud.select_option("cn")
    expect(panel.get_by_text("Line 2 of your file.")).to_have_count(0)


def test_a_plain_secret_is_replaced_by_a_reference(page, opened, lab):
    """By keyboard, and the secret itself is nowhere on the page."""
    panel = opened(f"{USGOV}TIProviders:\n  OTX:\n    Args:\n      AuthKey: hunter2 # ours\n")
    panel.get_by_role("button", name="1 secret in plain text").press("Enter")
    variable = panel.get_by_label("TIProviders.OTX.Args.AuthKey")
    expect(variable).to_have_value("OTX_AUTHKEY")
    expect(panel).not_to_contain_text("hunter2")
    variable.press("Enter")
    expect(panel.get_by_role("button", name="1 secret in plain text")).to_have_count(0)
    assert "hunter2" not in lab.settings.read_text()
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


def test_a_conflict_is_decided_setting_by_setting(opened, write, lab):
    """Theirs for one, mine for the other, and the comment of neither is lost."""
    panel = opened(USGOV)
    panel.get_by_label("Cloud", exact=True).select_option("de")
    panel.get_by_label("Tenant").fill("contoso.com")
    write(USGOV.replace("usgov", "cn"))
    panel.get_by_role("listitem").filter(has_text="in the file: cn").get_by_role("button").click()
    press(panel, "Keep mine")
    expect(panel.get_by_label("Cloud", exact=True)).to_have_value("cn")
    saved(panel)
    assert lab.settings.read_text() == f"{USGOV.replace('usgov', 'cn')}  tenant_id: contoso.com\n"


def test_a_save_is_undone_from_the_history(opened, lab):
    """The list says what changed since; one press brings the bytes back."""
    panel = opened(USGOV)
    panel.get_by_label("Cloud", exact=True).select_option("cn")
    saved(panel)
    press(panel, "History")
    panel.get_by_role("list", name="Earlier versions").get_by_role("button").nth(1).click()
    expect(panel.get_by_text("then: 'usgov'")).to_be_visible()
    press(panel, "Restore this version")
    expect(panel.get_by_role("list", name="Earlier versions").get_by_text("now", exact=True)).to_have_count(1)
    press(panel, "Settings")
    expect(panel.get_by_label("Cloud", exact=True)).to_have_value("usgov")
    assert lab.settings.read_text() == USGOV


def test_a_broken_file_is_repaired_from_the_history(opened, write, lab):
    """Whoever broke it, the last good version is two presses away."""
    panel = opened(USGOV)
    panel.get_by_label("Cloud", exact=True).select_option("cn")
    saved(panel)
    write(BROKEN)
    press(panel, "Earlier versions")
    panel.get_by_role("list", name="Earlier versions").get_by_role("button").first.click()
    press(panel, "Restore this version")
    expect(panel.get_by_role("status")).to_contain_text("Saved.")
    assert lab.settings.read_text() == USGOV.replace("usgov", "cn")


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


def violations(page) -> list[str]:
    """Return what axe-core finds in the panel."""
    found = Axe().run(page, context="#huntbook-settings").response["violations"]
    return [f"{rule['id']}: {node['html'][:150]}" for rule in found for node in rule["nodes"]]


@pytest.fixture(params=["Light", "Dark"])
def theme(request, page, opened, site):
    """Give each theme's name, after opening a panel in it; afterwards JupyterLab is light again."""
    change = (
        "name => window.jupyterapp.commands.execute('apputils:change-theme', {theme: `JupyterLab ${name}`})"
    )
    site(SITE)
    opened(f"{USGOV}{WORKSPACES}Team: {{name: blue}}\nTIProviders: {{OTX: {{AuthKey: hunter2}}}}\n")
    page.evaluate(change, request.param)
    is_light = str(request.param == "Light").lower()
    expect(page.locator(f"body[data-jp-theme-light='{is_light}']")).to_be_attached()
    yield request.param
    page.evaluate(change, "Light")
    expect(page.locator("body[data-jp-theme-light='true']")).to_be_attached()


def test_axe_finds_no_fault_in_any_state(page, theme, write, shot):
    """Names, roles and contrast, in the states that look different, in both themes."""
    panel = page.get_by_role("region", name="huntbook settings")
    found = {"unchanged": violations(page)}
    shot(f"sidebar-{theme.lower()}", panel)
    press(panel, "1 secret in plain text")
    found["secrets"] = violations(page)
    shot(f"sidebar-secrets-{theme.lower()}", panel)
    press(panel, "1 secret in plain text")
    panel.get_by_role("tab", name="Microsoft Sentinel").click()
    press(panel, "Import from the portal")
    panel.get_by_label("Address or config.json").fill("nowhere")
    press(panel, "Import")
    expect(panel.get_by_role("alert")).to_contain_text("neither a workspace's address")
    found["import"] = violations(page)
    shot(f"sidebar-import-{theme.lower()}", panel)
    press(panel, "soc")
    found["entry"] = violations(page)
    panel.get_by_role("tab", name="Other").click()
    found["others"] = violations(page)
    panel.get_by_role("tab", name="Azure").click()
    panel.get_by_label("Application").fill("no id")
    press(panel, "Save")
    expect(panel.get_by_role("status")).to_have_text("Not saved.")
    found["refused"] = violations(page)
    write(USGOV)
    expect(panel.get_by_role("button", name="Keep mine")).to_be_visible()
    found["conflict"] = violations(page)
    press(panel, "Reload")
    press(panel, "History")
    expect(panel.get_by_role("button", name="Settings", exact=True)).to_be_visible()
    found["history"] = violations(page)
    press(panel, "Settings")
    write(BROKEN)
    expect(panel.get_by_label("Cloud", exact=True)).to_be_disabled()
    found["broken"] = violations(page)
    assert {state: faults for state, faults in found.items() if faults} == {}
