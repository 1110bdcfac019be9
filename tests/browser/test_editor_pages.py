"""Claims about the editor of a notebook in real JupyterLab: other sections, history, repair, secrets, typing."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]

FILE = """# mine
Azure:
  cloud: usgov
MSSentinel:
  Workspaces:
    Default: {WorkspaceId: 52b1ab41-869e-4138-9e40-2a4457f09bf0}
TIProviders:
  OTX:
    Args:
      AuthKey: hush
    Primary: true
    Provider: OTX
"""
BROKEN = FILE.replace("cloud: usgov", "cloud: [usgov").replace("Provider: OTX", "Provider: VirusTotal")


@pytest.fixture
def editor(lab, open_notebook):
    """Give an open editor on a file with a secret in it."""
    lab.settings.parent.mkdir(exist_ok=True)
    lab.settings.write_text(FILE)
    notebook = open_notebook("editor.ipynb", "import huntbook\nhuntbook.MpConfigEdit()")
    output = notebook.run(0)
    yield output.locator(".huntbook-editor")
    lab.settings.unlink(missing_ok=True)


def turn(editor, title):
    editor.get_by_role("tab", name=title).click()


def test_pages_repair_and_secrets(lab, editor):
    """Read the rest, type something wrong, replace a secret, look at the history, break the file and restore it."""
    turn(editor, "Other")
    expect(editor.locator("pre")).to_contain_text("AuthKey: '********'")
    turn(editor, "Azure")
    editor.get_by_role("textbox", name="Tenant").fill("contoso")
    expect(editor).to_contain_text("'contoso' is not a tenant.")
    editor.get_by_role("textbox", name="Tenant").fill("")
    name = editor.get_by_label("Environment variable for TIProviders.OTX.Args.AuthKey")
    name.fill("OTX_KEY")
    editor.get_by_role("button", name="Replace").click()
    expect(editor).to_contain_text("now refers to the environment variable OTX_KEY")
    assert "hush" not in lab.settings.read_text()
    turn(editor, "History")
    expect(editor.get_by_role("option").first).to_contain_text("outside huntbook")
    good = lab.settings.read_bytes()
    lab.settings.write_text(BROKEN)
    expect(editor).to_contain_text("The settings file can't be read at line")
    editor.get_by_role("button", name="Restore the last good version").click()
    expect(editor).to_contain_text("Undo save takes this back.")
    assert lab.settings.read_bytes() == good


def test_a_name_that_is_none_is_thrown_away(editor):
    """It may be the secret itself, so it is said below the row and kept nowhere."""
    name = editor.get_by_label("Environment variable for TIProviders.OTX.Args.AuthKey")
    name.fill("sk-1234")
    editor.get_by_role("button", name="Replace").click()
    expect(editor).to_contain_text("The secret itself is never typed here.")
    expect(name).to_have_value("")


def test_everything_can_be_done_with_the_keyboard(page, editor, lab):
    """Through the pages, a choice, its two saves, and the way back, without a mouse."""
    editor.get_by_role("tab", name="Azure").focus()
    for title in ("Microsoft Sentinel", "Key Vault", "Other", "History"):
        page.keyboard.press("ArrowRight")
        expect(editor.get_by_role("tab", name=title)).to_be_focused()
        page.keyboard.press("Enter")
        expect(editor.get_by_role("tab", name=title)).to_have_attribute("aria-selected", "true")
    editor.get_by_role("tab", name="Azure").focus()
    page.keyboard.press("Enter")
    # Not the arrow keys: in a notebook's output those are JupyterLab's own.
    editor.get_by_role("combobox", name="Cloud").press("Home")
    editor.get_by_title("Try Azure CLI later").press("Space")
    expect(editor.get_by_title("Try Azure CLI earlier")).to_be_focused()
    editor.get_by_role("button", name="Save", exact=True).first.press("Space")
    expect(editor).to_contain_text("Confirmed: Azure.cloud, Azure.auth_methods.")
    editor.get_by_role("button", name="Save Settings").press("Space")
    expect(editor).to_contain_text("Written to the file: Azure.cloud, Azure.auth_methods.")
    assert "cloud: global" in lab.settings.read_text()
    editor.get_by_role("button", name="Undo save").press("Space")
    expect(editor).to_contain_text("Undo save takes this back.")
    assert lab.settings.read_text() == FILE


def test_a_narrow_cell_keeps_the_tabs_in_a_row(page, editor):
    """All five in one line, in a window of 700 pixels."""
    page.set_viewport_size({"width": 700, "height": 1000})
    page.evaluate("() => { window.jupyterapp.shell.collapseLeft(); }")
    expect(editor.get_by_role("tab")).to_have_count(5)
    tops = [tab.bounding_box()["y"] for tab in editor.get_by_role("tab").all()]
    assert max(tops) - min(tops) < 4


@pytest.mark.parametrize("width", [800, 1400])
def test_axe_finds_no_fault_on_any_page(page, editor, theme, lab, violations, shot, width):
    """Names, roles and contrast of each page and state, in both themes, wide and narrow; nothing sticks out."""
    name = f"{theme()}-{width}"
    page.set_viewport_size({"width": width, "height": 1000})
    found = {}

    def look(state: str) -> None:
        found[state] = violations(".huntbook-editor")
        shot(f"editor-{state}-{name}", editor)
        if not editor.evaluate("editor => editor.scrollWidth <= editor.clientWidth"):
            found[state].append("wider than its cell")

    for title in ("Azure", "Microsoft Sentinel", "Key Vault", "Other"):
        turn(editor, title)
        expect(editor.get_by_role("tab", name=title)).to_have_attribute("aria-selected", "true")
        look(title.lower().replace(" ", "-"))
    turn(editor, "Azure")
    editor.get_by_role("textbox", name="Tenant").fill("contoso")
    expect(editor).to_contain_text("'contoso' is not a tenant.")
    look("typing")
    lab.settings.write_text(FILE.replace("cloud: usgov", "cloud: cn"))
    expect(editor.get_by_role("button", name="Keep mine")).to_be_visible()
    look("conflict")
    editor.get_by_role("button", name="Reload").click()
    editor.get_by_role("button", name="Check sign-in").click()
    expect(editor.get_by_role("table").first).to_be_visible()
    look("check")
    editor.get_by_role("combobox", name="Cloud").select_option("Azure global")
    editor.get_by_role("button", name="Save", exact=True).first.click()
    editor.get_by_role("button", name="Save Settings").click()
    expect(editor).to_contain_text("Written to the file")
    turn(editor, "History")
    expect(editor.get_by_role("option").first).to_be_visible()
    look("history")
    lab.settings.write_text(BROKEN)
    expect(editor).to_contain_text("The settings file can't be read at line")
    look("repair")
    assert {state: faults for state, faults in found.items() if faults} == {}
