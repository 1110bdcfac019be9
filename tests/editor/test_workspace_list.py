"""Claims about the tab of the workspaces, made of real widgets and a real file."""

from __future__ import annotations

import pytest

from huntbook import MpConfigEdit
from huntbook.settings.document import read

ID = "52b1ab41-869e-4138-9e40-2a4457f09bf0"
RESOURCE = f"/subscriptions/{ID}/resourceGroups/rg/providers/Microsoft.OperationalInsights/workspaces/lab"
TEXT = f"""\
AzureSentinel:
  Workspaces:
    Soc: # ours
      WorkspaceId: {ID}
      Args: {{ClientSecret: hush}}
"""


@pytest.fixture
def editor(file):
    file.write_text(TEXT)
    return MpConfigEdit()


@pytest.fixture
def control(editor):
    return editor.field("MSSentinel.Workspaces")


def saved(editor):
    """Press Save and Save Settings, and give the file's text."""
    assert editor.save_tab("MSSentinel"), editor.status
    assert editor.save_settings(), editor.status
    return editor.path.read_text()


def test_it_shows_the_chosen_workspace_and_no_secret(control):
    """Names at left, settings at right, asterisks for a secret."""
    assert (control.names.value, control.texts["WorkspaceId"].value) == ("Soc", ID)
    assert control.value["Soc"]["Args"] == {"ClientSecret": "********"}


def test_an_edit_writes_only_what_was_edited(editor, control):
    """The comment and the secret in the file stay, byte for byte."""
    control.texts["ResourceGroup"].value = "rg"
    assert saved(editor) == TEXT + "      ResourceGroup: rg\n"


def test_a_workspace_can_be_added_renamed_and_deleted(editor, control):
    """In the file, the others stay."""
    control.buttons["Add"].click()
    control.name.value = "Lab"
    control.texts["WorkspaceId"].value = ID
    assert saved(editor) == TEXT + f"    Lab:\n      WorkspaceId: {ID}\n"
    control.names.value = "Lab"
    control.buttons["Delete"].click()
    assert saved(editor) == TEXT


def test_a_pasted_address_adds_a_workspace(editor, control):
    """It is chosen, and waits for its id."""
    control.pasted.value = RESOURCE
    control.buttons["Import"].click()
    assert (control.names.value, control.texts["SubscriptionId"].value, control.pasted.value) == (
        "lab",
        ID,
        "",
    )
    control.pasted.value = "no address"
    control.buttons["Import"].click()
    assert "copy the address bar" in control.message.value
    assert list(control.value) == ["Soc", "lab"]


def test_the_default_is_chosen_by_a_button(editor, control):
    """Its settings are copied to the entry that MSTICPy reads."""
    control.pasted.value = RESOURCE
    control.buttons["Import"].click()
    control.buttons["Set as default"].click()
    saved(editor)
    workspaces = read(editor.path).data["AzureSentinel"]["Workspaces"]
    assert workspaces["Default"] == workspaces["lab"]


def test_a_name_that_is_taken_is_refused(control):
    """Nothing is overwritten."""
    control.buttons["Add"].click()
    control.name.value = "Soc"
    assert "already" in control.message.value
    assert list(control.value) == ["Soc", "New"]
    control.buttons["Add"].click()
    assert list(control.value) == ["Soc", "New", "New 2"]


def test_a_wrong_id_is_named(editor, control):
    """By the workspace that it belongs to."""
    control.texts["WorkspaceId"].value = "x"
    assert not editor.save_tab("MSSentinel")
    assert editor.status.startswith("MSSentinel.Workspaces.Soc.WorkspaceId: 'x' is not an id.")


def test_a_renamed_workspace_with_a_secret_is_refused(editor, control):
    """The asterisks never reach the file."""
    control.name.value = "Other"
    assert not editor.save_tab("MSSentinel")
    assert "asterisks stand for a hidden secret" in editor.status
    assert editor.path.read_text() == TEXT
