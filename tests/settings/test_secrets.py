"""Claims about what is secret, and where a reference leads."""

from __future__ import annotations

import pytest

from huntbook.errors import SettingsValueError
from huntbook.settings.document import read
from huntbook.settings.live import LiveSettings
from huntbook.settings.model import effective
from huntbook.settings.secrets import MASK, is_secret, masked, plain_secrets, resolve

DATA = {
    "TIProviders": {
        "OTX": {"Args": {"AuthKey": "hush", "Url": "https://otx.example"}, "Primary": True},
        "VT": {"Args": {"AuthKey": {"EnvironmentVar": "VT_KEY"}, "ApiID": ""}},
    },
    "DataProviders": {"Splunk": {"Args": {"password": 1234, "tokens": ["a", "b"], "host": "splunk.example"}}},
}


@pytest.mark.parametrize(
    "name",
    ["AuthKey", "ClientSecret", "client_secret", "Password", "CertificatePassword", "api_key", "sas", "Key"],
)
def test_names_that_mean_a_secret(name):
    """The names that MSTICPy's providers use, in any case."""
    assert is_secret(name)


@pytest.mark.parametrize(
    "name", ["KeyVault", "UseKeyring", "VaultName", "keyboard", "host", "UserName", "Provider", 5]
)
def test_names_that_do_not(name):
    """Names that merely look like it."""
    assert not is_secret(name)


def test_plain_secrets_are_masked_and_references_are_not():
    """Numbers and lists are masked too; empty values, truth values and other keys stay."""
    shown = masked(DATA)
    assert shown["TIProviders"] == {
        "OTX": {"Args": {"AuthKey": MASK, "Url": "https://otx.example"}, "Primary": True},
        "VT": {"Args": {"AuthKey": {"EnvironmentVar": "VT_KEY"}, "ApiID": ""}},
    }
    assert shown["DataProviders"]["Splunk"]["Args"] == {
        "password": MASK,
        "tokens": [MASK, MASK],
        "host": "splunk.example",
    }
    assert DATA["TIProviders"]["OTX"]["Args"]["AuthKey"] == "hush"


def test_a_table_under_a_secret_name_is_masked_all_through():
    """Someone may keep a password with its user beneath one key."""
    assert masked({"Secrets": {"user": "u", "inner": {"x": "y"}}}) == {
        "Secrets": {"user": MASK, "inner": {"x": MASK}}
    }


def test_plain_secrets_can_be_listed():
    """So that an editor can offer to move them."""
    assert plain_secrets(DATA) == ("TIProviders.OTX.Args.AuthKey",)


def test_a_reference_leads_to_the_environment_or_to_the_vault(monkeypatch):
    """A value that is no reference stands for itself."""
    monkeypatch.setenv("VT_KEY", "found")
    assert resolve({"EnvironmentVar": "VT_KEY"}, key="k") == "found"
    assert resolve({"KeyVault": "soc/vt"}, key="k", key_vault=lambda place: f"<{place}>") == "<soc/vt>"
    assert resolve("plain", key="k") == "plain"


def test_a_reference_that_leads_nowhere_says_what_to_do(monkeypatch):
    """The name of the variable is said, a value never."""
    monkeypatch.delenv("VT_KEY", raising=False)
    with pytest.raises(SettingsValueError) as caught:
        resolve({"EnvironmentVar": "VT_KEY"}, key="TI.AuthKey")
    assert str(caught.value) == (
        "TI.AuthKey is in the environment variable 'VT_KEY', which is not set. Set it and start the kernel again."
    )
    with pytest.raises(SettingsValueError, match="Give key_vault= to fetch it"):
        resolve({"KeyVault": "soc/vt"}, key="TI.AuthKey")


def test_a_program_gets_the_secret_of_an_old_file(places):
    """A file with plain secrets keeps working."""
    places.user.write_text("TI: {OTX: {AuthKey: hush}}\n")
    live = LiveSettings()
    assert live.secret("TI.OTX.AuthKey") == "hush"
    printed = [
        live.explain(),
        live.combined,
        read(places.user),
        effective(read(places.user).data, mask=False),
    ]
    assert "hush" not in "".join(map(repr, printed))
    places.user.write_text("TI: {OTX: {AuthKey: hash}}\n")
    assert "hash" not in repr(live.refresh_config())
