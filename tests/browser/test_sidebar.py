"""The side panel where it lives: JupyterLab, Notebook 7, and beside other writers of the file."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]

# Notebook 7 throws these two by itself when its right area opens; both stacks are in its own bundle.
NOTEBOOK_7_FAULTS = ("reading 'schema'", "filebrowser:open-path")


def open_in_lab(page, started):
    """Open the panel as a person does in JupyterLab."""
    started()
    page.locator(".jp-SideBar .lm-TabBar-tab[title^='huntbook settings']").click()
    return page.get_by_role("region", name="huntbook settings")


def open_in_notebook(page, lab):
    """Open the panel by its shortcut in Notebook 7, which has no bar of tabs at its side."""
    lab.notebook("seven.ipynb", "1 + 1")
    page.goto(lab.address("notebooks/seven.ipynb"))
    expect(page.locator(".jp-Notebook-ExecutionIndicator[data-status='idle']")).to_be_attached()
    panel = page.get_by_role("region", name="huntbook settings")
    # A key is lost while Notebook still reads its settings, and opening twice does no harm.
    while not panel.is_visible():
        page.keyboard.press("Control+Alt+h")
        page.wait_for_timeout(100)
    return panel


@pytest.fixture(params=["JupyterLab", "Notebook 7"])
def panel(request, page, lab, started, watched):
    """Give the panel, opened in either front end on a settings file that does not exist yet."""
    lab.settings.unlink(missing_ok=True)
    in_lab = request.param == "JupyterLab"
    panel = open_in_lab(page, started) if in_lab else open_in_notebook(page, lab)
    expect(panel.get_by_label("Cloud")).to_have_value("global")
    yield panel
    if not in_lab:
        own = [fault for fault in watched.faults if any(words in fault for words in NOTEBOOK_7_FAULTS)]
        watched.faults[:] = [fault for fault in watched.faults if fault not in own]


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
