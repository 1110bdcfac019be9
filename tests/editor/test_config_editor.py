"""Claims about the settings editor of a notebook, made of real widgets and a real file."""

from __future__ import annotations

import asyncio
import json

import ipywidgets as widgets
import pytest
from ipywidgets.embed import dependency_state

from huntbook import MpConfigEdit
from huntbook.errors import OptionError
from huntbook.settings.document import read

ID = "52b1ab41-869e-4138-9e40-2a4457f09bf0"
OPENING = "These are the settings of the file."


def shown(widget: widgets.Widget) -> str:
    """Give all the text and values of a widget and what is in it."""
    parts = [str(getattr(widget, name, "")) for name in ("value", "description", "tooltip")]
    return " ".join([*parts, *map(shown, getattr(widget, "children", ()))])


def lines(widget: widgets.Widget) -> list[widgets.HTML]:
    """Give the texts in a widget that a browser reads as markup."""
    own = [widget] if isinstance(widget, widgets.HTML) else []
    return own + [line for child in getattr(widget, "children", ()) for line in lines(child)]


def test_it_opens_with_the_files_values(file):
    """Fields, path and status show what the file says, with defaults for the rest."""
    editor = MpConfigEdit()
    assert editor.field("Azure.cloud").value == "usgov"
    assert editor.field("Azure.auth_methods").value == ["cli", "interactive"]
    assert editor.field("Azure.tenant_id").value == ""
    assert (editor.path, editor.status) == (file, OPENING)
    assert str(file) in shown(editor)


def test_save_confirms_and_save_settings_writes(file):
    """Two steps, each with its sentence; the comments of the file stay."""
    editor = MpConfigEdit()
    editor.field("Azure.cloud").value = "cn"
    assert editor.status == "Choices on the tab Azure are not confirmed yet: press Save there."
    assert editor.save_tab("Azure")
    assert editor.status == "Confirmed: Azure.cloud. Press Save Settings to write the file."
    assert file.read_text() == "# mine\nAzure:\n  cloud: usgov # Arlington\n"
    assert editor.save_settings()
    assert editor.status == "Written to the file: Azure.cloud."
    assert file.read_text() == "# mine\nAzure:\n  cloud: cn # Arlington\n"


def test_unconfirmed_choices_are_not_written(file):
    """Save Settings says what to press first."""
    editor = MpConfigEdit()
    editor.field("Azure.cloud").value = "cn"
    assert not editor.save_settings()
    assert editor.status == "Nothing was written: press Save on the tab Azure first, to confirm its choices."
    assert read(file).data["Azure"]["cloud"] == "usgov"


def test_nothing_to_write_is_said(file):
    """A press too many harms nothing."""
    editor = MpConfigEdit()
    assert editor.save_tab("Azure")
    assert editor.status == "No changes on this tab."
    assert not editor.save_settings()
    assert editor.status == "Nothing to write: the file has these settings already."


def test_the_first_run_makes_the_file(tmp_path):
    """Without a file the editor says so, and writes one."""
    path = tmp_path / "new" / "msticpyconfig.yaml"
    editor = MpConfigEdit(path)
    assert editor.status == "There is no settings file yet. Save Settings creates it."
    editor.field("Azure.auth_methods").value = ["devicecode"]
    editor.save_tab("Azure")
    assert editor.save_settings()
    assert path.read_text() == "Azure:\n  cloud: global\n  auth_methods:\n    - devicecode\n"


def test_a_first_save_without_a_choice_writes_what_is_shown(tmp_path):
    """The file then says cloud and sign-in methods in words."""
    path = tmp_path / "new" / "msticpyconfig.yaml"
    editor = MpConfigEdit(path)
    assert editor.save_settings()
    assert editor.status == "Written to the file: Azure.cloud, Azure.auth_methods."
    assert read(path).data == {"Azure": {"cloud": "global", "auth_methods": ["cli", "interactive"]}}


def test_a_tenant_comes_and_goes(file):
    """An empty text takes the key out of the file."""
    editor = MpConfigEdit()
    for typed in (" contoso.com ", ""):
        editor.field("Azure.tenant_id").value = typed
        assert editor.save_tab("Azure")
        assert editor.save_settings()
        assert read(file).data["Azure"].get("tenant_id") == (typed.strip() or None)


def test_a_refused_choice_is_said_beside_its_field_and_below(file):
    """The file stays, and a later good choice clears the words."""
    editor = MpConfigEdit()
    editor.field("Azure.tenant_id").value = "not a tenant"
    assert not editor.save_tab("Azure")
    assert editor.status.startswith("Azure.tenant_id: 'not a tenant' is not a tenant.")
    assert shown(editor).count("&#x27;not a tenant&#x27; is not a tenant") == 2
    editor.field("Azure.tenant_id").value = "contoso.com"
    assert editor.save_tab("Azure")
    assert "is not a tenant" not in shown(editor)


def test_an_empty_list_of_methods_is_refused(file):
    """At least one way to sign in must be on."""
    editor = MpConfigEdit()
    editor.field("Azure.auth_methods").value = []
    assert not editor.save_tab("Azure")
    assert editor.status == (
        "Azure.auth_methods: The list is empty. Give at least one method, such as [cli, interactive]."
    )


def test_a_broken_file_opens_and_cannot_be_saved(file):
    """Line and column are said, and the file is left alone."""
    file.write_text("Azure:\n  cloud: [\n")
    editor = MpConfigEdit()
    assert "line 3, column 1" in editor.status
    assert editor.status.endswith("Defaults are shown; saving is off until then.")
    assert editor._row.write.disabled
    editor.field("Azure.cloud").value = "cn"
    assert not editor.save_settings()
    assert file.read_text() == "Azure:\n  cloud: [\n"


def test_a_corrected_file_switches_saving_on_again(file):
    """The editor follows the repair."""
    file.write_text("Azure: [\n")
    editor = MpConfigEdit()
    file.write_text("Azure: {cloud: cn}\n")
    editor.look()
    assert editor.field("Azure.cloud").value == "cn"
    assert not editor._row.write.disabled


def test_a_misspelt_cloud_is_shown_as_it_is(file):
    """It is never shown as another cloud; the status names it."""
    file.write_text("Azure: {cloud: usgv, auth_methods: [cli, mis]}\n")
    editor = MpConfigEdit()
    assert editor.field("Azure.cloud").value == "usgv"
    assert editor.field("Azure.cloud").options[0] == ("usgv (not known)", "usgv")
    head, *problems = editor.status.split("\n")
    assert head == "The file has values that are refused:"
    assert [line.split(" is not known.")[0] for line in problems] == [
        "Azure.cloud: 'usgv'",
        "Azure.auth_methods: 'mis'",
    ]
    editor.field("Azure.cloud").value = "usgov"
    editor.field("Azure.auth_methods").value = ["cli"]
    assert editor.save_tab("Azure")
    assert editor.save_settings()
    assert file.read_text() == "Azure: {cloud: usgov, auth_methods: [cli]}\n"


def test_an_editor_without_choices_follows_the_file(file, elsewhere):
    """A save elsewhere is shown with no press of a button."""
    editor = MpConfigEdit()
    elsewhere(cloud="cn")
    assert editor.look()
    assert editor.field("Azure.cloud").value == "cn"
    assert editor.status == OPENING


def test_an_editor_with_choices_keeps_them_and_says_what_changed(file, elsewhere):
    """Nothing is reloaded under the user's hands; Reload does it when asked."""
    editor = MpConfigEdit()
    editor.field("Azure.tenant_id").value = "contoso.com"
    elsewhere(cloud="cn")
    editor.look()
    assert editor.field("Azure.tenant_id").value == "contoso.com"
    assert editor.status == (
        "The file was changed outside: Azure.cloud. Your choices here are kept. Keep mine puts yours on top. "
        "Reload takes the file's values and drops yours."
    )
    editor.reload()
    assert (editor.field("Azure.cloud").value, editor.field("Azure.tenant_id").value) == ("cn", "")


def test_a_conflict_overwrites_nothing(file, elsewhere):
    """The second saver is told which key changed, and both changes are still there."""
    editor = MpConfigEdit()
    editor.field("Azure.cloud").value = "global"
    editor.save_tab("Azure")
    elsewhere(cloud="cn")
    assert not editor.save_settings()
    assert editor.status == (
        "The file was changed outside: Azure.cloud. Nothing was written. "
        "Choose below for each setting, then press Keep mine. "
        "Reload takes the file's values and drops yours."
    )
    assert [button.description for button in editor._row.children][3:] == ["Keep mine", "Reload"]
    assert read(file).data["Azure"]["cloud"] == "cn"
    assert editor.field("Azure.cloud").value == "global"


def test_refresh_keeps_choices(file):
    """With choices on the screen it says what a reload would drop."""
    editor = MpConfigEdit()
    assert editor.refresh()
    editor.field("Azure.cloud").value = "cn"
    assert not editor.refresh()
    assert editor.status == "Choices made here are not saved yet. Reload drops them."
    assert editor.field("Azure.cloud").value == "cn"


def test_a_refusing_disk_ends_in_the_status_line(tmp_path):
    """No traceback: the sentence of the error, with the choices kept."""
    (tmp_path / "folder").write_text("")
    editor = MpConfigEdit(tmp_path / "folder" / "msticpyconfig.yaml")
    assert "can't be read" in editor.status


def test_an_unforeseen_failure_ends_in_the_status_line(file, monkeypatch):
    """Whatever goes wrong in a press of a button, a person sees words."""
    editor = MpConfigEdit()
    monkeypatch.setattr(editor._draft, "load", lambda _: 1 / 0)
    assert not editor.reload()
    assert editor.status == "This did not work: ZeroDivisionError: division by zero. Nothing was written."


def test_markup_in_a_file_is_shown_and_not_run(file):
    """A value with a tag in it comes out as text."""
    file.write_text("Azure: {cloud: '<script>alert(1)</script>'}\n")
    editor = MpConfigEdit()
    assert "&lt;script&gt;" in shown(editor._book)
    assert "<script>" not in "".join(text.value for text in lines(editor))
    assert "<script>" in editor.status


def test_unknown_names_list_the_known_ones(file):
    """For code: a misspelt key or tab is an error with the fix."""
    editor = MpConfigEdit()
    with pytest.raises(OptionError) as caught:
        editor.field("Azure.clowd")
    assert str(caught.value).startswith(
        "key='Azure.clowd' is not known. Did you mean 'Azure.cloud'? It takes: "
    )
    with pytest.raises(OptionError):
        editor.save_tab("Azur")


def test_the_saved_state_is_small_and_holds_nothing_of_other_sections(file):
    """What a notebook stores is under 100 KB, and the rest of the settings file is not in it."""
    file.write_text("Azure: {cloud: cn}\nTIProviders: {OTX: {Args: {AuthKey: hush}}}\n")
    state = json.dumps(dependency_state(MpConfigEdit()))
    assert len(state) < 100_000
    assert "hush" not in state


def test_the_buttons_do_what_the_methods_do(file):
    """Save on the tab and Save Settings below, by click."""
    editor = MpConfigEdit()
    editor.field("Azure.cloud").value = "de"
    editor._tabs["Azure"].save.click()
    editor._row.write.click()
    assert read(file).data["Azure"]["cloud"] == "de"
    editor._row.again.click()
    assert editor.status == OPENING


def test_in_a_kernels_loop_it_follows_within_a_second(file, elsewhere):
    """A running loop is enough; nobody calls anything. Closing the editor ends it."""

    async def scene():
        editor = MpConfigEdit()
        elsewhere(cloud="cn")
        async with asyncio.timeout(5):  # it looks twice a second; the rest is for a busy machine
            while editor.field("Azure.cloud").value != "cn":  # noqa: ASYNC110 - the condition is all there is
                await asyncio.sleep(0.01)
        editor.close()
        with pytest.raises(asyncio.CancelledError):
            await editor._task

    asyncio.run(scene())


def test_a_conflict_is_settled_setting_by_setting(file, elsewhere):
    """Mine here, theirs there; what only one side changed stays as that side has it."""
    editor = MpConfigEdit()
    editor.field("Azure.cloud").value = "global"
    editor.field("Azure.auth_methods").value = ["msi"]
    editor.field("Azure.client_id").value = ID
    editor.save_tab("Azure")
    elsewhere(cloud="cn", auth_methods=["env"], tenant_id="contoso.com")
    assert not editor.save_settings()
    editor.choose("Azure.auth_methods", "theirs")
    assert editor.keep_mine()
    assert (
        editor.status
        == "Kept on top of the file: Azure.cloud, Azure.client_id. Press Save Settings to write."
    )
    assert editor.save_settings()
    assert read(file).data["Azure"] == {
        "cloud": "global",
        "auth_methods": ["env"],
        "tenant_id": "contoso.com",
        "client_id": ID,
    }


def test_unconfirmed_choices_survive_keep_mine(file, elsewhere):
    """What is only on the screen stays on the screen."""
    editor = MpConfigEdit()
    editor.field("Azure.tenant_id").value = "contoso.com"
    elsewhere(cloud="cn")
    editor.look()
    assert editor.keep_mine()
    assert (editor.field("Azure.cloud").value, editor.field("Azure.tenant_id").value) == ("cn", "contoso.com")
    assert editor.status == "Choices on the tab Azure are not confirmed yet: press Save there."


def test_a_new_lock_reaches_an_open_editor(file, site):
    """Where nothing is chosen it is shown at once; where something is, the choice stays and the save is refused."""
    editor, busy = MpConfigEdit(), MpConfigEdit()
    busy.field("Azure.cloud").value = "cn"
    site.write_text("locked: {Azure.cloud: One cloud here.}\n")
    assert editor.look()
    assert editor.field("Azure.cloud").disabled
    assert not editor.look()
    busy.look()
    assert busy.field("Azure.cloud").value == "cn"
    assert busy.save_tab("Azure")
    assert not busy.save_settings()
    assert "One cloud here." in busy.status


def test_a_locked_setting_is_greyed_with_its_reason(file, site):
    """The administrator's words stand beside it; a site's value that is not locked says where it is from."""
    site.write_text(
        "Azure: {cloud: cn, tenant_id: a.example}\nlocked: {Azure.cloud: One cloud here., Azure.auth_methods: x}\n"
    )
    editor = MpConfigEdit()
    assert editor.field("Azure.cloud").value == "cn"
    assert editor.field("Azure.cloud").disabled
    assert all(row.on.disabled and row.up.disabled for row in editor.field("Azure.auth_methods").children)
    assert not editor.field("Azure.tenant_id").disabled
    assert f"Locked by {site}: One cloud here." in shown(editor)
    assert f"Set by the site file {site}; a choice here replaces it." in shown(editor)


def test_a_save_can_be_undone_and_done_again(file):
    """The bytes of before come back, comments and all; with choices on the screen nothing happens."""
    before = file.read_bytes()
    editor = MpConfigEdit()
    assert editor._row.undo.disabled
    editor.field("Azure.cloud").value = "cn"
    editor.save_tab("Azure")
    editor.save_settings()
    after = file.read_bytes()
    assert editor.undo()
    assert (file.read_bytes(), editor.field("Azure.cloud").value) == (before, "usgov")
    assert editor.undo()
    assert file.read_bytes() == after
    editor.field("Azure.cloud").value = "de"
    assert not editor.undo()
    assert file.read_bytes() == after


def test_plain_secrets_are_named_with_what_to_do(file):
    """The name of the setting and the command, not the secret."""
    file.write_text("TI: {OTX: {AuthKey: hush}}\n")
    editor = MpConfigEdit()
    assert editor.status == (
        "The file holds secrets in plain text: TI.OTX.AuthKey. They work and are hidden here. "
        "Better: keep each in an environment variable, and name that below."
    )


def test_of_many_plain_secrets_some_are_named(file):
    """A long file is no wall of names."""
    file.write_text("TI:\n" + "".join(f"  P{at}: {{AuthKey: hush}}\n" for at in range(30)))
    said = MpConfigEdit().status
    assert "TI.P4.AuthKey and 25 more." in said
    assert "P5" not in said
