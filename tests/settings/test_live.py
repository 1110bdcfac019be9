"""Claims about the settings as a running program sees them."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys

import pytest

import huntbook.settings
from huntbook.errors import SettingsValueError
from huntbook.settings.document import save
from huntbook.settings.live import LiveSettings, default_path


@pytest.fixture
def file(places):
    return places.user


@pytest.fixture
def live(file):
    return LiveSettings()


def test_a_save_is_seen_on_the_next_use(file, live, change):
    """No call is needed between a save and the new value."""
    seen = [live.get("Azure.cloud")]
    for cloud in ("usgov", "cn", "global", "usgov"):
        change(file, cloud=cloud)
        seen.append(live.get("Azure.cloud"))
    assert seen == ["global", "usgov", "cn", "global", "usgov"]


def test_a_file_written_in_place_with_the_same_size_is_seen(file, live):
    """Even when nothing but the content differs: no tick of the file's clock hides a change."""
    for cloud in ("cn", "de") * 20:
        file.write_text(f"Azure: {{cloud: {cloud}}}\n")
        assert live.get("Azure.cloud") == cloud


def test_a_file_that_is_older_than_before_is_seen(file, live, change):
    """The clock jumped back, or a backup was put in place: what differs counts, not what is later."""
    change(file, cloud="usgov")
    assert live.get("Azure.cloud") == "usgov"
    change(file, cloud="cn")
    os.utime(file, (1_000_000_000, 1_000_000_000))
    assert live.get("Azure.cloud") == "cn"


def test_a_file_that_goes_away_gives_the_defaults(file, live, change):
    """Deleting the file is a change like any other."""
    change(file, cloud="cn")
    assert live.get("Azure.cloud") == "cn"
    file.unlink()
    assert live.get("Azure.cloud") == "global"


def test_another_file_in_the_environment_is_obeyed(file, live, monkeypatch, tmp_path, change):
    """The location is looked up on use, too."""
    change(file, cloud="cn")
    assert live.get("Azure.cloud") == "cn"
    monkeypatch.setenv("MSTICPYCONFIG", str(tmp_path / "other.yaml"))
    assert live.get("Azure.cloud") == "global"
    assert live.path == tmp_path / "other.yaml"


def test_without_the_variable_the_file_lies_in_the_home_folder(monkeypatch, tmp_path):
    """The default can be computed without a server."""
    monkeypatch.delenv("MSTICPYCONFIG", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    assert default_path() == tmp_path / ".msticpy" / "msticpyconfig.yaml"


def test_a_broken_file_keeps_the_last_good_values_and_warns_once(file, live, change):
    """The warning holds the fault with its place; the values come back with the file."""
    change(file, cloud="cn")
    assert live.get("Azure.cloud") == "cn"
    file.write_text("Azure: [\n")
    with pytest.warns(
        UserWarning, match="line 2, column 1: .* The last good settings stay in use."
    ) as caught:
        assert [live.get("Azure.cloud"), live.get("Azure.cloud")] == ["cn", "cn"]
    assert len(caught) == 1
    file.write_text("Azure: {cloud: de}\n")
    assert live.get("Azure.cloud") == "de"


def test_a_file_broken_from_the_start_gives_defaults_and_a_warning(file, live):
    """There are no last good values yet."""
    file.write_text("Azure: [\n")
    with pytest.warns(UserWarning, match="Until it is corrected, the defaults are in use."):
        assert live.get("Azure.cloud") == "global"


def test_a_refused_value_is_an_error_at_use_and_only_there(file, live):
    """A misspelt cloud is never read as another one; the other settings work."""
    file.write_text("Azure: {cloud: usgv, tenant_id: contoso.com}\n")
    assert live.get("Azure.tenant_id") == "contoso.com"
    with pytest.raises(SettingsValueError) as caught:
        live.get("Azure.cloud")
    assert str(caught.value) == (
        "Azure.cloud: 'usgv' is not known. Did you mean 'usgov'? It takes: 'global', 'usgov', 'cn', 'de', 'bleu', 'delos', 'sg', 'usnat', 'ussec'. "
        f"(In {file}.)"
    )


def test_sections_and_unknown_keys_can_be_read(file, live):
    """A section comes with its defaults; a key that we don't know comes from the file."""
    file.write_text("Azure: {cloud: cn, mine: [1]}\nSplunk: {Args: {host: h}}\n")
    assert live.get("Azure")["cloud"] == "cn"
    assert live.get("Azure")["mine"] == [1]
    assert live.get("Azure")["auth_methods"] == ["cli", "interactive"]
    assert live.get("Splunk.Args.host") == "h"
    assert live.get("Splunk.Args.port", 8089) == 8089
    assert live.get("Azure.tenant_id", "common") == "common"


def test_a_value_handed_out_is_the_callers_own(file, live):
    """Changing it changes nothing here."""
    live.get("Azure.auth_methods").append("msi")
    assert live.get("Azure.auth_methods") == ["cli", "interactive"]


def test_refresh_says_in_a_sentence_what_changed(file, live):
    """Known keys with both values; sections that may hold secrets by name only."""
    live.get("Azure.cloud")
    save(file, {"Azure": {"cloud": "usgov"}, "TI": {"Url": "u"}}, expected_revision="absent", origin="cli")
    assert live.get("Azure.cloud") == "usgov"
    found = live.refresh_config()
    assert repr(found) == f"Read {file}: Azure.cloud is now 'usgov' (was 'global'); TI.Url changed."
    assert [change.key for change in found.changed] == ["Azure.cloud", "TI.Url"]
    assert repr(live.refresh_config()) == f"Read {file}: nothing changed."
    assert not live.refresh_config()


def test_the_module_is_the_live_object(file, change):
    """What people type: get, path and refresh_config on the module itself."""
    change(file, cloud="cn")
    assert huntbook.settings.get("Azure.cloud") == "cn"
    assert huntbook.settings.path == file
    assert str(file) in repr(huntbook.settings.refresh_config())
    with pytest.raises(AttributeError, match="has no attribute 'paths'"):
        _ = huntbook.settings.paths


def test_importing_the_settings_loads_nothing_heavy():
    """pydantic and yaml come with the first value."""
    code = "import huntbook.settings, sys; print([m for m in ('pydantic', 'yaml', 'filelock') if m in sys.modules])"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment
    )
    assert done.stdout == "[]\n"


def test_observers_are_told_on_the_next_use(file, live, change):
    """Only of their settings, and not any more once stopped."""
    told = []
    stop = live.observe(
        lambda changes: told.append([str(change) for change in changes.changed]), ["Azure.cloud"]
    )
    change(file, tenant_id="a.example")
    live.get("Azure.cloud")
    change(file, cloud="cn")
    live.get("Azure.cloud")
    stop()
    change(file, cloud="de")
    live.get("Azure.cloud")
    stop()
    assert told == [["Azure.cloud is now 'cn' (was 'global')"]]


def test_an_observer_that_fails_stops_nobody(file, live, change):
    """The failure is a warning, the others are told."""
    told = []
    live.observe(lambda _: 1 / 0)
    live.observe(told.append)
    change(file, cloud="cn")
    with pytest.warns(UserWarning, match="division by zero"):
        live.get("Azure.cloud")
    assert len(told) == 1


def test_in_a_kernels_loop_observers_are_told_with_no_use(file, live, change):
    """A running loop is enough: within a second, no value need be read."""

    async def scene():
        told = asyncio.Event()
        live.observe(lambda _: told.set())
        change(file, cloud="cn")
        await asyncio.wait_for(told.wait(), 5)

    asyncio.run(scene())


def test_a_working_folder_that_is_gone_is_no_hindrance(file, tmp_path, monkeypatch):
    """There is no project then, and the settings are read as ever."""
    folder = tmp_path / "gone"
    folder.mkdir()
    monkeypatch.chdir(folder)
    folder.rmdir()
    assert LiveSettings(project=True).get("Azure.cloud") == "global"


def test_a_slip_in_a_name_is_an_error_and_no_silent_none(places):
    """But where a default is given, or the file has the name, that holds."""
    live = LiveSettings()
    with pytest.raises(SettingsValueError) as caught:
        live.get("Azure.clod")
    assert str(caught.value) == "Azure.clod is not known. Did you mean Azure.cloud?"
    assert live.get("Azure.clod", "x") == "x"
    assert live.get("Splunk.host") is None
