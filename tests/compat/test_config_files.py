"""MSTICPy's `MpConfigFile`, on real files."""

from __future__ import annotations

import pytest

import huntbook
from huntbook.compat.config_files import MpConfigFile
from huntbook.errors import SettingsConflictError, SettingsFileError, SettingsValueError

WORKSPACE = "52b1ab41-869e-4138-9e40-2a4457f09bf0"
TEXT = """\
# The cloud of the exercise
Azure:
  cloud: global  # until May
TIProviders:
  OTX: {Args: {AuthKey: hush}}
UserDefaults:
"""


@pytest.fixture
def written(settings_file):
    """Give the central settings file with comments, a plain secret and an empty section in it."""
    settings_file.write_text(TEXT)
    return settings_file


def test_it_reads_the_central_file(written):
    """Without a name it is the file that everything else uses."""
    mp_file = MpConfigFile()
    assert mp_file.current_file == mp_file.default_config_file == str(written)
    assert mp_file.settings["Azure"] == {"cloud": "global"}
    assert repr(mp_file) == f"<MpConfigFile {written}: Azure, TIProviders, UserDefaults>"


def test_a_save_changes_the_bytes_of_the_changed_value_alone(written):
    """Comments, the secret and the empty section stay; the kernel sees the new value."""
    mp_file = MpConfigFile()
    mp_file.settings["Azure"]["cloud"] = "usgov"
    mp_file.save_to_file()
    assert written.read_text() == TEXT.replace("cloud: global", "cloud: usgov")
    assert huntbook.settings.get("Azure.cloud") == "usgov"


def test_what_is_taken_out_here_is_taken_out_of_the_file(written):
    """A section that was deleted is gone, and a second save has nothing to do."""
    mp_file = MpConfigFile()
    del mp_file.settings["TIProviders"]
    mp_file.save_to_file(str(written), backup=True)
    mp_file.save_to_file()
    assert written.read_text() == TEXT.replace("TIProviders:\n  OTX: {Args: {AuthKey: hush}}\n", "")
    assert [path.name for path in written.parent.glob("*.save*")] == []


def test_another_file_is_made_to_say_the_same(written, tmp_path):
    """The current file stays the current one."""
    other = tmp_path / "other.yaml"
    other.write_text("KeyVault:\n  VaultName: soc\n")
    mp_file = MpConfigFile(written, {"Azure": {"cloud": "cn"}})
    mp_file.save_to_file(other)
    assert other.read_text() == "Azure:\n  cloud: cn\n"
    assert mp_file.current_file == str(written)


def test_a_save_never_overwrites_what_someone_else_wrote(written):
    """The same protection as everywhere."""
    mp_file = MpConfigFile()
    written.write_text(TEXT.replace("global", "cn"))
    mp_file.settings["Azure"]["cloud"] = "usgov"
    with pytest.raises(SettingsConflictError):
        mp_file.save_to_file()
    assert "cloud: cn" in written.read_text()


def test_a_secret_in_plain_text_is_hidden_and_not_copied(written, tmp_path):
    """What is shown hides it, and another file does not get it."""
    mp_file = MpConfigFile()
    assert "hush" not in mp_file.view_settings()
    assert "AuthKey: '********'" in repr(mp_file.view_settings())
    with pytest.raises(SettingsValueError, match=r"TIProviders\.OTX\.Args\.AuthKey"):
        mp_file.save_to_file(tmp_path / "copy.yaml")


def test_what_is_wrong_is_said_a_sentence_a_line(written):
    """And that nothing is."""
    mp_file = MpConfigFile()
    assert mp_file.validate_settings() == "Every value is good."
    mp_file.settings |= {"Azure": {"cloud": "moon"}, "KeyVault": {"TenantId": "!"}}
    assert [line.partition(": ")[0] for line in mp_file.validate_settings().splitlines()] == [
        "Azure.cloud",
        "KeyVault.TenantId",
    ]


def test_loading_drops_what_was_not_saved(written, tmp_path):
    """From another file, or again from the central one."""
    mp_file = MpConfigFile(tmp_path / "new.yaml")
    assert mp_file.settings == {}
    mp_file.load_default()
    mp_file.settings.clear()
    mp_file.load_from_file(str(written))
    assert mp_file.settings["Azure"] == {"cloud": "global"}


def test_a_file_that_is_missing_or_broken_is_an_error(written, tmp_path):
    """It says which, and what to do."""
    missing = tmp_path / "missing.yaml"
    with pytest.raises(SettingsFileError) as caught:
        MpConfigFile().load_from_file(str(missing))
    assert str(caught.value) == (
        f"There is no settings file {missing}. Correct the name, or let save_to_file({str(missing)!r}) make the file."
    )
    written.write_text("Azure: [")
    with pytest.raises(SettingsFileError, match="line 2, column 1"):
        MpConfigFile(written)


def test_a_workspace_comes_from_the_portals_address_or_its_config_json(settings_file):
    """Under the workspace's name."""
    address = (
        f"https://portal.azure.us/#@contoso.us/resource/subscriptions/{WORKSPACE}/resourceGroups/soc"
        "/providers/Microsoft.OperationalInsights/workspaces/hunt"
    )
    assert MpConfigFile.get_workspace_from_url(address)["hunt"]["ResourceGroup"] == "soc"
    mp_file = MpConfigFile(settings={"workspace_id": WORKSPACE, "workspace_name": "hunt"})
    assert mp_file.map_json_to_mp_ws() == mp_file.settings
    assert mp_file.settings["MSSentinel"]["Workspaces"]["hunt"]["WorkspaceId"] == WORKSPACE
    assert mp_file.map_json_to_mp_ws() == {}


def test_a_refresh_says_what_changed(written):
    """As `settings.refresh_config` does."""
    MpConfigFile.refresh_mp_config()  # what other tests changed before
    assert not MpConfigFile.refresh_mp_config()
    written.write_text(TEXT.replace("global", "cn"))
    assert [change.key for change in MpConfigFile.refresh_mp_config().changed] == ["Azure.cloud"]


def test_a_cell_shows_the_editor_and_the_editor_takes_it(written):
    """MSTICPy's notebooks do both."""
    assert "application/vnd.jupyter.widget-view+json" in MpConfigFile()._repr_mimebundle_()
    assert huntbook.MpConfigEdit(MpConfigFile()).path == written
