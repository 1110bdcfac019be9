"""The side panel where it lives, in JupyterLab and in Notebook 7: first run, locks, conflict, undo, repair, keyboard, themes."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]

USGOV = "Azure:\n  cloud: usgov # ours\n  auth_methods: [cli, devicecode, msi]\n"
BROKEN = "Azure:\n  cloud: [usgov\n  auth"
SITE = "Azure: {tenant_id: contoso.com}\nlocked: {Azure.tenant_id: One tenant for all hunts.}\n"
REASON = "Locked: One tenant for all hunts."


@pytest.fixture(params=["JupyterLab", "Notebook 7"])
def front_end(request) -> str:
    """Give each front end: what is claimed here holds in both."""
    return request.param


@pytest.fixture
def panel(lab, open_panel):
    """Give the panel on a settings file that does not exist yet."""
    lab.settings.unlink(missing_ok=True)
    panel = open_panel()
    expect(panel.get_by_label("Cloud", exact=True)).to_have_value("global")
    return panel


def press(panel, name: str) -> None:
    """Press a button."""
    panel.get_by_role("button", name=name, exact=True).click()


def saved(panel) -> None:
    """Press Save and wait until it is done."""
    press(panel, "Save")
    expect(panel.get_by_role("status")).to_have_text("Saved. Running notebooks use it at once.")


def test_a_first_run_says_that_there_is_no_file_and_creates_it_on_save(panel, lab):
    """No file is a designed state, and the first save makes one."""
    expect(panel).to_contain_text("There is no settings file yet")
    panel.get_by_label("Cloud").select_option("usgov")
    panel.get_by_role("button", name="Save").click()
    expect(panel.get_by_role("status")).to_contain_text("Saved")
    assert "usgov" in lab.settings.read_text()


def test_the_order_of_sign_in_methods_changes_by_keyboard(panel, lab):
    """Alt+Down moves a method down; the file gets the new order."""
    rows = panel.get_by_role("listitem")
    first, second = rows.nth(0).inner_text(), rows.nth(1).inner_text()
    rows.nth(0).get_by_role("checkbox").press("Alt+ArrowDown")
    expect(rows.nth(0)).to_contain_text(second.split("\n")[0])
    expect(rows.nth(1)).to_contain_text(first.split("\n")[0])
    panel.get_by_role("button", name="Save").click()
    expect(panel.get_by_role("status")).to_contain_text("Saved")
    assert "auth_methods" in lab.settings.read_text()


def test_the_order_of_sign_in_methods_changes_by_mouse(page, panel):
    """A row dragged by its handle goes where it is dropped."""
    rows = panel.get_by_role("listitem")
    first = rows.nth(0).inner_text().split("\n")[0]
    start, end = rows.nth(0).bounding_box(), rows.nth(1).bounding_box()
    grip = rows.nth(0).locator(".jp-Huntbook-grip").bounding_box()
    page.mouse.move(grip["x"] + grip["width"] / 2, grip["y"] + grip["height"] / 2)
    page.mouse.down()
    page.mouse.move(start["x"] + 20, end["y"] + end["height"] - 2, steps=6)
    page.mouse.up()
    expect(rows.nth(1)).to_contain_text(first)


def test_a_change_outside_is_shown_at_once_when_nothing_is_unsaved(panel, lab):
    """Another program wrote the file: the panel follows with no call."""
    lab.settings.parent.mkdir(parents=True, exist_ok=True)
    lab.settings.write_text("Azure:\n  cloud: cn\n")
    expect(panel.get_by_label("Cloud")).to_have_value("cn")


def test_a_change_outside_never_overwrites_unsaved_edits(panel, lab):
    """With unsaved edits the panel asks, and 'Keep mine' saves on top of what the other wrote."""
    panel.get_by_label("Cloud").select_option("usgov")
    lab.settings.parent.mkdir(parents=True, exist_ok=True)
    lab.settings.write_text("Azure:\n  cloud: cn\n  tenant_id: contoso.onmicrosoft.com\n")
    expect(panel).to_contain_text("The settings changed elsewhere")
    expect(panel.get_by_label("Cloud")).to_have_value("usgov")
    panel.get_by_role("button", name="Keep mine").click()
    panel.get_by_role("button", name="Save").click()
    expect(panel.get_by_role("status")).to_contain_text("Saved")
    assert lab.settings.read_text() == "Azure:\n  cloud: usgov\n  tenant_id: contoso.onmicrosoft.com\n"


def test_a_file_that_does_not_parse_is_shown_with_its_place_and_left_alone(panel, lab):
    """Line and column are said, the fields are off, the file is untouched."""
    lab.settings.parent.mkdir(parents=True, exist_ok=True)
    lab.settings.write_text("Azure:\n  cloud: [global\n")
    expect(panel).to_contain_text("Line 3, column 1")
    expect(panel.get_by_label("Cloud")).to_be_disabled()
    assert lab.settings.read_text() == "Azure:\n  cloud: [global\n"


def test_a_refused_value_is_explained_at_its_field(panel, lab):
    """What the server refuses is said beside the field, and nothing is written."""
    panel.get_by_label("Tenant").fill("not a tenant!")
    panel.get_by_role("button", name="Save").click()
    expect(panel.get_by_label("Tenant")).to_have_attribute("aria-invalid", "true")
    assert not lab.settings.exists()


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


def test_a_locked_setting_is_greyed_with_its_reason(opened, site):
    """Nobody wonders why a field takes no input, and the rest can be saved."""
    site(SITE)
    panel = opened(USGOV)
    expect(panel.get_by_label("Tenant")).to_be_disabled()
    expect(panel.get_by_label("Tenant")).to_have_value("contoso.com")
    expect(panel.get_by_text(REASON)).to_be_visible()
    panel.get_by_label("Cloud", exact=True).select_option("cn")
    saved(panel)


def test_an_edit_that_a_new_lock_overtakes_is_refused_with_the_reason(page, opened, site, lab):
    """The administrator was faster than Save; the server refuses, and the field says why."""
    panel = opened(USGOV)
    # The panel hears of no change, as when the connection for events is down.
    page.route(
        "**/huntbook/settings*",
        lambda route: route.abort() if route.request.method == "GET" else route.continue_(),
    )
    panel.get_by_label("Tenant").fill("fabrikam.com")
    site(SITE)
    press(panel, "Save")
    expect(panel.get_by_text("One tenant for all hunts.")).to_be_visible()
    assert lab.settings.read_text() == USGOV


def test_a_new_lock_reaches_an_open_panel(opened, site):
    """No reload and no click: the administrator's file is followed too."""
    panel = opened(USGOV)
    expect(panel.get_by_label("Tenant")).to_be_enabled()
    site(SITE)
    expect(panel.get_by_label("Tenant")).to_be_disabled()
    expect(panel.get_by_text(REASON)).to_be_visible()


def test_a_conflict_is_decided_setting_by_setting(opened, write, lab):
    """Theirs for one, mine for the other, and the comment of neither is lost."""
    panel = opened(USGOV)
    panel.get_by_label("Cloud", exact=True).select_option("de")
    panel.get_by_label("Tenant").fill("contoso.com")
    write(USGOV.replace("usgov", "cn"))
    panel.get_by_role("listitem").filter(has_text="in the file: cn").get_by_role("button").click()
    panel.get_by_role("button", name="Keep mine").press("Enter")
    expect(panel.get_by_role("tab", name="Azure")).to_be_focused()
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


def test_each_theme_is_readable(opened, site, theme, violations, shot, front_end):
    """axe-core finds no fault, contrast included."""
    site(SITE)
    panel = opened(f"{USGOV}TIProviders: {{OTX: {{AuthKey: hunter2}}}}\n")
    name = theme()
    assert violations() == []
    shot(f"sidebar-{front_end.lower().replace(' ', '-')}-{name}", panel)
