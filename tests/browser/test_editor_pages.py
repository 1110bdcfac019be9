"""Claims about the editor of a notebook in real JupyterLab: other sections, history, repair, secrets, typing."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

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
def themed(page):
    """Give a function that changes JupyterLab's theme and waits for it."""

    def change(name):
        page.evaluate(
            "name => window.jupyterapp.commands.execute('apputils:change-theme', {theme: name})", name
        )
        light = "true" if "Light" in name else "false"
        expect(page.locator(f"body[data-jp-theme-light='{light}']")).to_be_attached()

    return change


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


def test_pages_repair_and_secrets(lab, page, editor, shot, themed):
    """Read the rest, type something wrong, replace a secret, look at the history, break the file and restore it."""
    turn(editor, "Other")
    expect(editor.locator("pre")).to_contain_text("AuthKey: '********'")
    shot("editor_other_light")
    turn(editor, "Azure")
    editor.get_by_role("textbox", name="Tenant").fill("contoso")
    expect(editor).to_contain_text("'contoso' is not a tenant.")
    shot("editor_typing_light")
    editor.get_by_role("textbox", name="Tenant").fill("")
    name = editor.get_by_label("Environment variable for TIProviders.OTX.Args.AuthKey")
    name.fill("OTX_KEY")
    editor.get_by_role("button", name="Replace").click()
    expect(editor).to_contain_text("now refers to the environment variable OTX_KEY")
    assert "hush" not in lab.settings.read_text()
    turn(editor, "History")
    expect(editor.get_by_role("option").first).to_contain_text("outside huntbook")
    shot("editor_history_light")
    themed("JupyterLab Dark")
    shot("editor_history_dark")
    good = lab.settings.read_bytes()
    lab.settings.write_text(BROKEN)
    expect(editor).to_contain_text("The settings file can't be read at line")
    shot("editor_repair_dark")
    themed("JupyterLab Light")
    shot("editor_repair_light")
    editor.get_by_role("button", name="Restore the last good version").click()
    expect(editor).to_contain_text("Undo save takes this back.")
    assert lab.settings.read_bytes() == good


def test_secrets_and_other_sections_in_the_dark(editor, shot, themed):
    """The same by its other theme; a name that is none is said below the row and thrown away."""
    themed("JupyterLab Dark")
    turn(editor, "Other")
    name = editor.get_by_label("Environment variable for TIProviders.OTX.Args.AuthKey")
    name.fill("sk-1234")
    editor.get_by_role("button", name="Replace").click()
    expect(editor).to_contain_text("The secret itself is never typed here.")
    expect(name).to_have_value("")
    shot("editor_other_dark")
