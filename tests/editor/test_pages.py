"""Claims about the editor's view of other sections, its history, its repair of a broken file, and secrets."""

from __future__ import annotations

import json

import pytest
from ipywidgets.embed import dependency_state

from huntbook import MpConfigEdit
from huntbook.errors import OptionError
from huntbook.settings.document import read

ID = "52b1ab41-869e-4138-9e40-2a4457f09bf0"
OTHER, HISTORY = 3, 4


def turned(page):
    """Open an editor at a page."""
    editor = MpConfigEdit()
    editor._book.selected_index = page
    return editor, editor._pages[page - OTHER]


def saved(editor, **values):
    """Save settings of Azure in the editor."""
    for key, value in values.items():
        editor.field(f"Azure.{key}").value = value
    assert editor.save_tab("Azure")
    assert editor.save_settings()


def test_other_sections_are_shown_with_their_secrets_hidden(file):
    """Names and harmless values as written; what has a secret's name or looks like one is not there."""
    file.write_text(
        "Azure: {cloud: cn}\nTI: {OTX: {AuthKey: hush, Primary: true}, "
        f"VT: {{AuthID: ab12cd34ef56ab12cd34ef56, AuthKey: {{EnvironmentVar: VT_KEY}}, Team: {ID}}}}}\n"
    )
    _, page = turned(OTHER)
    shown = page._text.value
    assert "AuthKey: &#x27;********&#x27;" in shown
    assert "EnvironmentVar: VT_KEY" in shown
    assert f"Team: {ID}" in shown
    assert "Primary: true" in shown
    assert not any(text in shown for text in ("hush", "ab12cd34", "Azure"))


def test_other_sections_follow_the_file(file):
    """The page on top is filled again with each change; without other sections it says so."""
    editor, page = turned(OTHER)
    assert page._head.value.endswith("The file has no other sections.</span>")
    file.write_text("TI: {OTX: {Primary: true}}\n")
    editor.look()
    assert "Primary: true" in page._text.value


def test_of_a_large_file_only_the_beginning_is_shown(file):
    """A notebook stays small; the page says that there is more."""
    rows = "".join(f"  provider{number}: {{Primary: true}}\n" for number in range(4000))
    file.write_text(f"TI:\n{rows}<b>: 1\n")
    editor, page = turned(OTHER)
    assert "Only the beginning is shown." in page._head.value
    assert len(json.dumps(dependency_state(editor))) < 150_000


def test_pages_that_nobody_looked_at_are_empty(file):
    """What is not on the screen is not saved with the notebook."""
    file.write_text("Whatever: {Team: blue}\n")
    assert "blue" not in json.dumps(dependency_state(MpConfigEdit()))


def test_the_history_says_what_changed_since_and_brings_it_back(file):
    """Two saves, the first state chosen: both changes are named, and the bytes come back."""
    before = file.read_bytes()
    editor, page = turned(HISTORY)
    assert "Nothing is kept yet" in page._head.value
    saved(editor, cloud="cn")
    saved(editor, tenant_id="contoso.com")
    assert [label.partition(", ")[2] for label, _ in page.states.options] == [
        "in an editor",
        "outside huntbook",
    ]
    page.states.value = page.states.options[1][1]
    assert "Azure.cloud is now &#x27;cn&#x27; (was &#x27;usgov&#x27;)" in page._differences.value
    assert "Azure.tenant_id is now" in page._differences.value
    page.button.click()
    assert file.read_bytes() == before
    assert editor.field("Azure.cloud").value == "usgov"
    assert editor.status.endswith("UTC, outside huntbook. Undo save takes this back.")


def test_a_restore_never_drops_choices(file):
    """With choices on the screen it says so, and the file stays."""
    editor, page = turned(HISTORY)
    saved(editor, cloud="cn")
    editor.field("Azure.cloud").value = "de"
    page.button.click()
    assert editor.status == "Choices made here are not saved yet. Reload drops them."
    assert read(file).data["Azure"]["cloud"] == "cn"
    editor.reload()
    assert not editor.restore("no such revision")
    assert "has no revision 'no such revision'" in editor.status


def test_the_history_hides_secrets_and_broken_states(file):
    """A difference names the key of a secret; a state that is no YAML is not offered."""
    editor, page = turned(HISTORY)
    saved(editor, cloud="cn")
    file.write_text("Azure: {client_secret: hush\n")
    editor.look()
    assert editor._repair.layout.display is None
    assert "can&#x27;t be compared" in page._differences.value
    editor._repair.button.click()
    labels = [label for label, _ in page.states.options]
    assert len(labels) == 2
    broken = next(revision for _, revision in page.states.options if revision != page.states.options[1][1])
    page.states.value = broken
    assert page.button.disabled
    assert "hush" not in json.dumps(dependency_state(editor))


def test_a_broken_file_shows_the_place(file):
    """The lines around it with their numbers, the place marked, secrets and markup harmless."""
    file.write_text("TI:\n  OTX:\n    AuthKey: hush\n    Note: <b>\nAzure:\n  cloud: @cn\nLast: 1\n")
    editor = MpConfigEdit()
    shown = editor._repair._text.value
    assert "at line 6, column 10" in editor._repair._head.value
    assert '<span class="huntbook-number">    6</span>    cloud: <mark>@</mark>cn\n' in shown
    assert "AuthKey: ********" in shown
    assert "Note: &lt;b&gt;" in shown
    assert "hush" not in shown
    assert editor._repair.button.disabled
    assert "Correct the place in a text editor." in editor._repair._way_back.value


def test_a_broken_file_goes_back_to_the_last_good_version(file):
    """One press; the broken text stays in the history, so the restore can be undone."""
    editor = MpConfigEdit()
    saved(editor, cloud="cn")
    good = file.read_bytes()
    file.write_text("Azure: [\n")
    editor.look()
    assert "or go back to" in editor._repair._way_back.value
    editor._repair.button.click()
    assert file.read_bytes() == good
    assert (editor._repair.layout.display, editor._row.write.disabled) == ("none", False)
    assert editor.undo()
    assert file.read_text() == "Azure: [\n"


@pytest.mark.parametrize("raw", [b"Azure:\n  cloud: \xff\n", b"a\x00b: 1\n", b"", b"\t- a\n"])
def test_any_bytes_open(file, raw):
    """Whatever is in the file, the editor opens and says what it found."""
    file.write_bytes(raw)
    editor = MpConfigEdit()
    assert (editor._repair.layout.display is None) == (read(file).fault is not None)


def test_a_secret_gives_way_to_a_reference(file):
    """One name typed, one press: the rest of the file stays, and the secret is out of it."""
    file.write_text("# mine\nTI:\n  OTX:\n    Args:\n      AuthKey: hush # old\n    Primary: true\n")
    editor = MpConfigEdit()
    rows = editor._secrets
    key = "TI.OTX.Args.AuthKey"
    assert rows.names[key].placeholder == "OTX_AUTHKEY"
    rows.names[key].value = "OTX_KEY"
    rows.buttons[key].click()
    assert read(file).data["TI"]["OTX"] == {
        "Args": {"AuthKey": {"EnvironmentVar": "OTX_KEY"}},
        "Primary": True,
    }
    assert file.read_text().startswith("# mine\nTI:\n  OTX:\n    Args:\n      AuthKey:")
    assert "hush" not in file.read_text()
    assert editor.status.startswith(
        f"{key} now refers to the environment variable OTX_KEY. Set OTX_KEY to the secret"
    )
    assert rows.children == ()


@pytest.mark.parametrize("typed", ["hush", "HUSH_HUSH", "sk-1234567890abcdef", "a name", "1A"])
def test_a_secret_that_is_typed_by_mistake_is_thrown_away(file, typed):
    """What is no name, or is the secret itself, is in no widget a moment later, and nothing is written."""
    file.write_text("TI: {OTX: {AuthKey: HUSH_HUSH}}\n")
    before = file.read_bytes()
    editor = MpConfigEdit()
    editor._secrets.names["TI.OTX.AuthKey"].value = typed
    assert "The secret itself is never typed here." in editor._secrets.message.value
    editor._secrets.buttons["TI.OTX.AuthKey"].click()
    state = json.dumps(dependency_state(editor))
    assert f'"{typed}"' not in state
    assert "HUSH_HUSH" not in state
    assert file.read_bytes() == before


def test_a_secret_that_is_not_there_is_an_error_in_words(file):
    """For code: a misspelt key is said, with the keys that hold one."""
    file.write_text("TI: {OTX: {AuthKey: hush}}\n")
    editor = MpConfigEdit()
    assert not editor.replace_secret("TI.OTX.AuthKye", "NAME")
    assert editor.status.startswith("key='TI.OTX.AuthKye' is not known. Did you mean 'TI.OTX.AuthKey'?")
    with pytest.raises(OptionError):
        editor._draft.refer("Azure.cloud", "NAME")


def test_a_wrong_text_is_said_at_its_field_while_it_is_typed(file):
    """No press of a button: wrong, then right again."""
    editor = MpConfigEdit()
    field = editor._tabs["Azure"].fields["tenant_id"]
    editor.field("Azure.tenant_id").value = "contoso"
    assert "&#x27;contoso&#x27; is not a tenant." in field._remarks.value
    editor.field("Azure.tenant_id").value = "contoso.com"
    assert field._remarks.value == ""


def test_a_wrong_id_of_a_workspace_is_said_below_it(file):
    """At the text of the chosen workspace; of others, below the list. A space at the end of a word stays."""
    file.write_text(f"MSSentinel: {{Workspaces: {{soc: {{WorkspaceId: {ID}}}, two: {{}}}}}}\n")
    editor = MpConfigEdit()
    workspaces = editor.field("MSSentinel.Workspaces")
    assert "MSSentinel.Workspaces.two.WorkspaceId: the workspace has no id" in workspaces.others.value
    workspaces.texts["WorkspaceId"].value = "52b1"
    assert "&#x27;52b1&#x27; is not an id." in workspaces.remarks["WorkspaceId"].value
    workspaces.texts["ResourceGroup"].value = "my "
    assert workspaces.texts["ResourceGroup"].value == "my "
    workspaces.texts["WorkspaceId"].value = ID
    assert workspaces.remarks["WorkspaceId"].value == ""
