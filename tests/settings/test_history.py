"""Claims about what the settings file was before."""

from __future__ import annotations

import stat

import pytest

from huntbook.errors import SettingsConflictError, SettingsFileError
from huntbook.settings import history
from huntbook.settings.document import read, restore, save


@pytest.fixture
def file(places):
    return places.user


def test_each_save_is_kept_with_its_writer(file, change):
    """The newest first; what another program wrote in between is kept too."""
    change(file, cloud="cn")
    file.write_text("Azure: {cloud: de}\n")
    save(file, {"Azure": {"cloud": "usgov"}}, expected_revision=read(file).revision, origin="sidebar")
    found = history.versions(file)
    assert [version.origin for version in found] == ["sidebar", "outside", "cli"]
    assert found[0].revision == read(file).revision
    assert history.content(file, found[1].revision) == b"Azure: {cloud: de}\n"


def test_a_restore_is_a_save_that_can_be_undone(file, change):
    """The exact bytes come back, and the state before the restore is still there."""
    file.write_text("# mine\nAzure: {cloud:   cn}\n")
    first = read(file).revision
    second = change(file, cloud="de").revision
    restore(file, first, expected_revision=second, origin="sidebar")
    assert file.read_bytes() == b"# mine\nAzure: {cloud:   cn}\n"
    assert [version.origin for version in history.versions(file)] == ["sidebar", "cli", "outside"]
    restore(file, second, expected_revision=first, origin="cli")
    assert read(file).revision == second


def test_a_broken_file_can_be_repaired_by_a_restore(file, change):
    """The broken bytes are kept as well."""
    good = change(file, cloud="cn").revision
    file.write_bytes(b"Azure: [\xff\n")
    restore(file, good, expected_revision=read(file).revision, origin="cli")
    assert read(file).data == {"Azure": {"cloud": "cn"}}
    assert history.content(file, history.versions(file)[1].revision) == b"Azure: [\xff\n"


def test_a_restore_on_top_of_a_change_is_a_conflict(file, change):
    """It overwrites nothing that its caller has not seen."""
    first = change(file, cloud="cn").revision
    change(file, cloud="de")
    with pytest.raises(SettingsConflictError):
        restore(file, first, expected_revision=first, origin="cli")
    assert read(file).data["Azure"]["cloud"] == "de"


def test_an_unknown_revision_lists_the_latest(file, change):
    """The message has the fix in it."""
    now = change(file, cloud="cn").revision
    with pytest.raises(SettingsFileError) as caught:
        history.content(file, "0000")
    assert str(caught.value) == f"The history of {file} has no revision '0000'. The latest are: {now}."


def test_the_difference_names_keys_and_hides_what_may_be_secret(file, change):
    """Known keys with both values; sections that are not ours without."""
    file.write_text("Azure: {cloud: cn}\nSplunk: {password: hush}\nGone: {a: 1}\n")
    first = read(file).revision
    change(file, cloud="de", tenant_id="a.example")
    file.write_text(file.read_text().replace("hush", "hash").replace("Gone: {a: 1}\n", ""))
    assert [str(change) for change in history.diff(file, first)] == [
        "Azure.cloud is now 'de' (was 'cn')",
        "Splunk.password changed",
        "Gone.a changed",
        "Azure.tenant_id is now 'a.example' (was not set)",
    ]


def test_the_history_is_bounded_by_count_and_by_size(file, change, monkeypatch):
    """The oldest go first; the present and the one before it never."""
    monkeypatch.setattr(history, "MAX_VERSIONS", 3)
    for cloud in ("cn", "de", "usgov", "global", "cn"):
        change(file, cloud=cloud)
    assert len(history.versions(file)) == 3
    monkeypatch.setattr(history, "MAX_BYTES", 1)
    change(file, cloud="de")
    assert history.versions(file)[0].revision == read(file).revision
    assert len(history.versions(file)) == 2


def test_a_clock_that_jumps_back_changes_no_order(file, change):
    """Versions are numbered."""
    change(file, cloud="cn")
    kept = next((file.parent / ".huntbook" / "history" / file.name).iterdir())
    kept.rename(
        kept.with_name(kept.name[: -len("20261124T070000.000000Z.yaml")] + "29991124T070000.000000Z.yaml")
    )
    now = change(file, cloud="de").revision
    assert history.versions(file)[0].revision == now


def test_only_the_owner_reads_the_history(file, change):
    """Folder and files are as closed as the settings file."""
    change(file, cloud="cn")
    folder = file.parent / ".huntbook" / "history" / file.name
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_files_that_are_no_versions_are_left_alone(file, change):
    """Someone's note in the folder is neither listed nor dropped."""
    change(file, cloud="cn")
    note = file.parent / ".huntbook" / "history" / file.name / "note.txt"
    note.write_text("mine")
    change(file, cloud="de")
    assert len(history.versions(file)) == 2
    assert note.read_text() == "mine"
