"""Claims about reading and writing one settings file."""

from __future__ import annotations

import errno
import fcntl
import os
import stat
from pathlib import Path

import pytest

from huntbook.errors import SettingsConflictError, SettingsFileError, SettingsValueError
from huntbook.settings import files
from huntbook.settings.document import read, save


@pytest.fixture
def file(tmp_path):
    return tmp_path / "msticpyconfig.yaml"


def written(file: Path, content: str | bytes) -> Path:
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    return file


def change(file: Path, changes: dict) -> bytes:
    save(file, changes, expected_revision=read(file).revision, origin="editor")
    return file.read_bytes()


def test_a_missing_file_reads_as_absent(file):
    """Without a file there are no sections, no fault, and a revision that a first save can name."""
    found = read(file)
    assert (found.revision, found.data, found.fault) == ("absent", {}, None)


def test_a_first_save_makes_folder_and_file_for_the_owner_only(tmp_path):
    """The file gets 0600, the folder 0700."""
    path = tmp_path / "new" / "msticpyconfig.yaml"
    save(path, {"Azure": {"cloud": "usgov"}}, expected_revision="absent", origin="sidebar")
    assert path.read_text() == "Azure:\n  cloud: usgov\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_a_save_gives_the_new_document_with_its_revision(file):
    """What comes back is what a read gives."""
    saved = save(file, {"Azure": {"cloud": "gov"}}, expected_revision="absent", origin="cli")
    assert saved == read(file)
    assert saved.data == {"Azure": {"cloud": "usgov"}}


@pytest.mark.parametrize(
    ("before", "changes", "after"),
    [
        # a value in its place, the rest as it is
        ("# a\nAzure:\n    cloud: 'cn' # b\nX: [1,  2]\n", {"cloud": "de"}, "# a\nAzure:\n    cloud: 'de' # b\nX: [1,  2]\n"),
        ("Azure:\r\n  cloud: cn\r\n\r\n# end", {"tenant_id": "a.com"}, "Azure:\r\n  cloud: cn\r\n  tenant_id: a.com\r\n\r\n# end"),
        ("\ufeffAzure: {cloud: cn}", {"cloud": "de"}, "\ufeffAzure: {cloud: de}"),
        ('{"Azure": {"cloud":"cn"}}', {"tenant_id": "a.com"}, '{"Azure": {"cloud":"cn", "tenant_id": "a.com"}}'),
        ("'Azure':\n  \"cloud\" : cn\n", {"cloud": "de"}, "'Azure':\n  \"cloud\" : de\n"),
        # a section that is missing, empty, null or an alias
        ("# only\n", {"cloud": "de"}, "# only\nAzure:\n  cloud: de\n"),
        ("X: 1", {"cloud": "de"}, "X: 1\nAzure:\n  cloud: de"),
        ("Azure: # c\nX: 1\n", {"cloud": "de"}, "Azure: # c\n  cloud: de\nX: 1\n"),
        ("Azure:\n", {"cloud": "de"}, "Azure:\n  cloud: de\n"),
        ("Azure: null\nX: 1\n", {"cloud": "de"}, "Azure:\n  cloud: de\nX: 1\n"),
        ("Azure: ~ # c\n", {"cloud": "de"}, "Azure:  # c\n  cloud: de\n"),
        ("Azure: {}\n", {"cloud": "de"}, "Azure: {cloud: de}\n"),
        ("B: &b\n  cloud: cn\nAzure: *b\n", {"cloud": "de"}, "B: &b\n  cloud: cn\nAzure:\n  cloud: de\n"),
        ("B: &b {cloud: cn}\nAzure:\n  <<: *b\n", {"cloud": "de"}, "B: &b {cloud: cn}\nAzure:\n  <<: *b\n  cloud: de\n"),
        ("---\nAzure:\n  cloud: cn\n...\n", {"tenant_id": "a.com"}, "---\nAzure:\n  cloud: cn\n  tenant_id: a.com\n...\n"),
        # a key without a value
        ("Azure:\n  cloud:\n  other: 1\n", {"cloud": "de"}, "Azure:\n  cloud: de\n  other: 1\n"),
        # removal
        ("Azure:\n  cloud: cn # x\n  other: 1\n", {"cloud": None}, "Azure:\n  other: 1\n"),
        ("Azure:\n  cloud: cn\nX: 1\n", {"cloud": None}, "Azure: {}\nX: 1\n"),
        ("Azure:\n  cloud: cn", {"cloud": None}, "Azure: {}"),
        ("Azure: {cloud: cn, other: 1}\n", {"cloud": None}, "Azure: {other: 1}\n"),
        ("Azure: {other: 1, cloud: cn}\n", {"cloud": None}, "Azure: {other: 1}\n"),
        ("Azure: {cloud: cn,}\n", {"cloud": None}, "Azure: {}\n"),
        # lists keep their form
        ("Azure:\n  auth_methods: [cli,msi] # x\n", {"auth_methods": ["env"]}, "Azure:\n  auth_methods: [env] # x\n"),
        ("Azure:\n  auth_methods:\n  - cli\n  - msi\n  # x\n", {"auth_methods": ["env", "cli"]}, "Azure:\n  auth_methods:\n  - env\n  - cli\n  # x\n"),
        ("Azure:\n  auth_methods:\n    - cli # mine\n    # next\n    - 'msi'\n", {"auth_methods": ["msi", "cli"]}, "Azure:\n  auth_methods:\n    # next\n    - 'msi'\n    - cli # mine\n"),
        # tabs where YAML allows them
        ("Azure:\n  cloud:\tcn\t# x\n", {"cloud": "de"}, "Azure:\n  cloud:\tde\t# x\n"),
    ],
)  # fmt: skip
def test_only_the_changed_keys_change(file, before, changes, after):
    """Comments, quotes, anchors, line ends, byte order mark and the other keys stay as they were, byte for byte."""
    written(file, before)
    assert change(file, {"Azure": changes}).decode() == after


def test_a_section_can_be_removed(file):
    """None in the place of a section takes the whole of it out."""
    written(file, "# a\nAzure:\n  cloud: cn\n# b\nX: 1\n")
    assert change(file, {"Azure": None}) == b"# a\n# b\nX: 1\n"


def test_other_sections_and_any_plain_value_can_be_written(file):
    """What the model does not know is written too, and read back the same."""
    value = {
        "text": "a: #b\n'\"é",
        "no": "no",
        "n": None,
        "list": [1, 2.5, True, {"k": []}],
        "deep": {"er": {"x": "1"}},
    }
    change(file, {"Other": value})
    assert read(file).data == {"Other": {key: item for key, item in value.items() if item is not None}}


def test_a_save_that_changes_nothing_leaves_the_file_alone(file):
    """The same inode stays in place."""
    written(file, "Azure: {cloud:   cn}\n")
    before = file.stat().st_ino
    change(file, {"Azure": {"cloud": "china"}})
    assert file.stat().st_ino == before


def test_a_stale_revision_is_a_conflict_that_writes_nothing(file):
    """The second saver is told, and the first one's change stays."""
    written(file, "Azure: {cloud: cn}\n")
    now = read(file).revision
    with pytest.raises(SettingsConflictError) as caught:
        save(file, {"Azure": {"cloud": "de"}}, expected_revision="0123456789abcdef", origin="sidebar")
    assert str(caught.value) == (
        f"The settings file {file} was changed by someone else after it was read "
        f"(revision 0123456789abcdef then, {now} now). Read it again, then save."
    )
    assert file.read_bytes() == b"Azure: {cloud: cn}\n"


def test_a_refused_value_names_its_key_and_writes_nothing(file):
    """The model's check stands before the file is touched."""
    with pytest.raises(SettingsValueError) as caught:
        save(file, {"Azure": {"cloud": "usgow"}}, expected_revision="absent", origin="cli")
    assert caught.value.key == "Azure.cloud"
    assert not file.exists()


@pytest.mark.parametrize(
    ("content", "line", "column", "words"),
    [
        ("Azure:\n  cloud: cn: x\n", 2, 12, "mapping values are not allowed in this context"),
        ("Azure:\n\tcloud: cn\n", 2, 1, "found character that cannot start any token"),
        ("A: 1\nAzure: 1\nA: 2\n", 3, 1, "the key 'A' stands here a second time; the first is in line 1"),
        ("A: 1\n---\nB: 1\n", 2, 1, "a second document begins here; a settings file holds one"),
        ("- a\n", 1, 1, "there is one value where sections such as 'Azure:' belong"),
        ("A: !!python/object:os.system {}\n", 1, 4, "could not determine a constructor for the tag 'tag:yaml.org,2002:python/object:os.system'"),
        ("é: 1\nA: \x00\n", 2, 4, "the character #x0000, control characters are not allowed"),
        (b"A: 1\nB: \xff\n", 2, 4, "a byte that is not UTF-8"),
        ("A: &a [*a]\n", 1, 8, "*a stands inside the value that it refers to"),
        ("A: " + "9" * 5000 + "\n", 1, 4, "a number of 5,000 characters is too long"),
        ("A: 2001-13-45\n", 1, 1, "a value that can't be understood, such as a date that does not exist"),
        ("A: *b\n", 1, 4, "found undefined alias"),
    ],
)  # fmt: skip
def test_a_broken_file_says_where_and_what(file, content, line, column, words):
    """The fault carries line and column, and a save leaves the bytes as they are."""
    written(file, content)
    before = file.read_bytes()
    found = read(file)
    assert found.data == {}
    assert (found.fault.line, found.fault.column) == (line, column)
    assert str(found.fault) == (
        f"The settings file {file} can't be read at line {line}, column {column}: {words}. "
        "Correct that place in a text editor; until then nothing is written to the file."
    )
    with pytest.raises(SettingsFileError):
        save(file, {"Azure": {"cloud": "de"}}, expected_revision=found.revision, origin="cli")
    assert file.read_bytes() == before


@pytest.mark.timeout(10)
@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(f"{c}: &{c} [{','.join(['*' + p] * 9)}]\n" for p, c in zip("abcdefghi", "bcdefghij", strict=True)), "more than 50,000"),
        ("a: &a {x: 1, y: 2}\n" + "".join(f"{c}: &{c} {{<<: [{','.join(['*' + p] * 9)}]}}\n" for p, c in zip("abcdefghi", "bcdefghij", strict=True)), "more than 50,000"),
        ("A: " + "[" * 10_000 + "]" * 10_000, "more than 100 levels"),
        ("A: [" + "1," * 200_000 + "]", "more than 50,000"),
        ("A: " + "x" * 9_000_000, "larger than 2 MB"),
        ("A: " + "1:" * 4_000 + "1\n", "is too long"),
        ("A: !!int '" + "1:" * 4_000 + "1'\n", "is too long"),
    ],
    ids=["aliases", "merge keys", "depth", "values", "bytes", "base 60", "quoted base 60"],
)  # fmt: skip
def test_a_hostile_file_is_refused_quickly(file, content, words):
    """What would take minutes or gigabytes to build is a fault before anything is built."""
    assert words in str(read(written(file, content)).fault)


def test_an_anchored_value_that_others_refer_to_is_not_changed_behind_their_back(file):
    """The save is refused in words, and the file stays."""
    text = "Azure:\n  cloud: &c cn\nOther: *c\n"
    written(file, text)
    with pytest.raises(SettingsFileError) as caught:
        change(file, {"Azure": {"cloud": "de"}})
    assert str(caught.value) == (
        f"The settings file {file} writes Azure.cloud in a form that can't be changed safely here, "
        "such as an anchor that other lines refer to. Change it in a text editor; the file was left as it is."
    )
    assert file.read_text() == text


def test_a_symbolic_link_stays_a_link(tmp_path):
    """The file that the link names is written."""
    real = written(tmp_path / "real.yaml", "Azure: {cloud: cn}\n")
    link = tmp_path / "msticpyconfig.yaml"
    link.symlink_to(real)
    change(link, {"Azure": {"cloud": "de"}})
    assert link.is_symlink()
    assert real.read_bytes() == b"Azure: {cloud: de}\n"


@pytest.mark.parametrize(("before", "after"), [(0o644, 0o600), (0o600, 0o600), (0o400, 0o400)])
def test_a_save_never_opens_a_file_to_more_people(file, before, after):
    """Group and others lose access; a stricter mode stays."""
    written(file, "A: 1\n").chmod(before)
    change(file, {"Azure": {"cloud": "de"}})
    assert stat.S_IMODE(file.stat().st_mode) == after


def test_a_full_disk_leaves_the_old_file_and_nothing_beside_it(file, monkeypatch):
    """The disk's refusal becomes a sentence with the fix."""
    written(file, "A: 1\n")

    def full(_handle: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(SettingsFileError) as caught:
        change(file, {"Azure": {"cloud": "de"}})
    assert str(caught.value) == (
        f"The settings file {file} can't be written: no space left on device. "
        "Free some space and save again; the file is as it was."
    )
    assert file.read_bytes() == b"A: 1\n"
    assert [path.name for path in file.parent.iterdir() if path.is_file()] == [file.name]


def test_a_folder_where_nothing_can_be_made_is_said(tmp_path):
    """A file in the place of the folder stands for a folder that refuses, even for root."""
    written(tmp_path / "folder", "")
    path = tmp_path / "folder" / "msticpyconfig.yaml"
    with pytest.raises(SettingsFileError, match="can't be written"):
        save(path, {"Azure": {"cloud": "de"}}, expected_revision="absent", origin="cli")


def test_a_directory_in_the_files_place_is_a_fault(tmp_path):
    """Reading it gives the fault, saving raises it."""
    found = read(tmp_path)
    assert (
        str(found.fault)
        == f"The settings file {tmp_path} can't be read: is a directory. Check its permissions."
    )


def test_a_lock_that_someone_holds_ends_in_words(file, monkeypatch):
    """A writer waits, then says who is in the way."""
    monkeypatch.setattr(files, "_LOCK_SECONDS", 0.05)
    with files.locked(file), pytest.raises(SettingsFileError) as caught:
        save(file, {"Azure": {"cloud": "de"}}, expected_revision="absent", origin="cli")
    assert str(caught.value) == (
        f"Another program has been writing {file} for 0.05 seconds. Try again, or end that program."
    )


def test_a_folder_without_locks_is_refused_and_the_file_stays(file, monkeypatch):
    """Some network file systems can't lock; writing there without one could lose a change."""
    written(file, "A: 1\n")

    def unsupported(_handle: int, _operation: int) -> None:
        raise OSError(errno.ENOSYS, os.strerror(errno.ENOSYS))

    monkeypatch.setattr(fcntl, "flock", unsupported)
    with pytest.raises(SettingsFileError) as caught:
        change(file, {"Azure": {"cloud": "de"}})
    assert str(caught.value) == (
        f"The folder {file.parent} can't lock files, so two writers could lose each other's changes. "
        "Let MSTICPYCONFIG name a file on a local disk."
    )
    assert file.read_bytes() == b"A: 1\n"


def test_half_a_character_is_refused(file):
    """A lone surrogate can't be written as UTF-8."""
    with pytest.raises(SettingsValueError):
        save(file, {"Other": {"a": "\ud800"}}, expected_revision="absent", origin="cli")
    assert not file.exists()
