from __future__ import annotations

import json
import sys
import time

import keyring
import pytest
from keyring.backends import fail
from keyring.errors import KeyringLocked
from keyrings.alt.file import PlaintextKeyring

from fakecloud import Answer
from huntbook.azure.secret_keyring import KEPT_SECONDS
from huntbook.errors import KeyringUnavailableError

PLACE = "huntbook/usgov/contoso.vault.usgovcloudapi.net"
NAMED = "keyrings.alt.file.PlaintextKeyring"


@pytest.fixture
def ring(tmp_path, monkeypatch):
    """Give a keyring in a file, named as a person would name it."""
    before = keyring.get_keyring()
    found = PlaintextKeyring()
    found.file_path = str(tmp_path / "ring.cfg")
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", NAMED)
    keyring.set_keyring(found)
    yield found
    keyring.set_keyring(before)


@pytest.fixture
def open_vault(azure, open_session):
    """Give a function that opens the vault in a new session, as a new kernel does."""
    return lambda name="usgov", **options: open_session(name, ["devicecode"]).secrets("contoso", **options)


def fetched(azure, name="usgov"):
    return len([request for request in azure[name].requests if ".vault." in request.host])


def test_the_setting_keeps_secrets_for_the_next_kernel(azure, ring, open_vault, bare_machine):
    """One request for two sessions; the entry is named by cloud, vault and secret."""
    (bare_machine / "msticpyconfig.yaml").write_text("KeyVault: {UseKeyring: true}\n", encoding="utf-8")
    first, again = open_vault().get("api-key"), open_vault().get("api-key")
    assert first == again
    assert fetched(azure) == 1
    told = json.loads(ring.get_password(PLACE, "api-key"))
    assert (told["value"], told["version"]) == (first.value, first.version)


def test_nothing_is_kept_unless_it_is_asked_for(azure, ring, open_vault):
    """The keyring stays empty, and each session fetches for itself."""
    for _ in range(2):
        open_vault().get("api-key")
    assert fetched(azure) == 2
    assert ring.get_password(PLACE, "api-key") is None


def test_clouds_do_not_mix(azure, ring, open_vault):
    """The same vault and secret of another cloud is another entry."""
    one, other = (open_vault(name, use_keyring=True).get("api-key").value for name in ("usgov", "global"))
    assert one != other
    assert open_vault("usgov", use_keyring=True).get("api-key").value == one


@pytest.mark.parametrize("until", [-1, 2 * KEPT_SECONDS, "soon"])
def test_an_entry_that_is_too_old_or_no_entry_of_ours_is_fetched_again(until, azure, ring, open_vault):
    """Past its end, from a clock that was ahead, or something else."""
    end = until if isinstance(until, str) else time.time() + until
    ring.set_password(PLACE, "api-key", json.dumps({"version": "v0", "value": "old", "until": end}))
    assert open_vault(use_keyring=True).get("api-key").value == azure["usgov"].vaults["contoso"]["api-key"]


@pytest.mark.parametrize(("expires", "kept"), [(60, 60), (10 * KEPT_SECONDS, KEPT_SECONDS)])
def test_an_entry_ends_with_the_secret_or_after_twelve_hours(expires, kept, azure, ring, open_vault):
    """Whatever comes first."""
    now = time.time()
    body = {"id": "https://x/secrets/api-key/v9", "value": "hush", "attributes": {"exp": now + expires}}
    azure["usgov"].fault("GET contoso", Answer(body=body))
    open_vault(use_keyring=True).get("api-key")
    assert json.loads(ring.get_password(PLACE, "api-key"))["until"] == pytest.approx(now + kept, abs=30)


@pytest.mark.parametrize("change", ["forget", "delete", "set"])
def test_what_changes_leaves_the_keyring(change, ring, open_vault):
    """Forgetting, deleting and a new version take the entry out; a second time does no harm."""
    vault = open_vault(use_keyring=True)
    vault.get("api-key")
    getattr(vault, change)("api-key", *["hush"] * (change == "set"))
    assert ring.get_password(PLACE, "api-key") is None
    vault.forget("api-key")


def test_a_certain_version_is_not_kept(azure, ring, open_vault):
    """Only the newest is: whoever names a version asks the vault."""
    open_vault(use_keyring=True).get("api-key", version="abc123")
    assert ring.get_password(PLACE, "api-key") is None


def test_a_package_that_is_missing_is_told(open_vault, monkeypatch):
    """With the command that helps; nothing is asked of the vault."""
    monkeypatch.setitem(sys.modules, "keyring", None)
    with pytest.raises(KeyringUnavailableError) as caught:
        open_vault(use_keyring=True)
    assert str(caught.value) == (
        "KeyVault.UseKeyring is on, but the package keyring is not installed for this kernel. Install it with "
        "pip install 'huntbook[keyring]', or set KeyVault.UseKeyring to false."
    )


@pytest.mark.parametrize("backend", [fail.Keyring, PlaintextKeyring])
def test_a_machine_without_a_safe_keyring_is_told(backend, ring, open_vault, monkeypatch):
    """None at all, or one that nobody named and that keeps secrets in plain text."""
    monkeypatch.delenv("PYTHON_KEYRING_BACKEND")
    keyring.set_keyring(backend())
    with pytest.raises(KeyringUnavailableError) as caught:
        open_vault(use_keyring=True)
    assert str(caught.value) == (
        f"KeyVault.UseKeyring is on, but this machine has no safe keyring ({backend().name}). On Linux, start one with "
        "a Secret Service, such as GNOME Keyring, or name yours in PYTHON_KEYRING_BACKEND; else set "
        "KeyVault.UseKeyring to false."
    )


class LockedKeyring(PlaintextKeyring):
    """A keyring whose owner pressed Cancel."""

    def get_password(self, service, username):
        raise KeyringLocked("Failed to unlock the collection!")


def test_a_locked_keyring_is_told(ring, open_vault):
    """What was tried, what the keyring said, and what to do."""
    keyring.set_keyring(LockedKeyring())
    with pytest.raises(KeyringUnavailableError) as caught:
        open_vault(use_keyring=True).get("api-key")
    assert str(caught.value) == (
        f"The keyring of this machine ({LockedKeyring().name}) could not be read: Failed to unlock the collection!. Unlock it, "
        "or set KeyVault.UseKeyring to false."
    )
