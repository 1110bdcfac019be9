from __future__ import annotations

import copy
import dataclasses
import json
import logging
import pickle
import traceback

import pandas as pd
import pytest
from IPython.core.formatters import DisplayFormatter
from IPython.lib import pretty

from fakecloud import Answer
from huntbook import settings
from huntbook.azure.secrets import Secret
from huntbook.errors import ComponentUnavailableError, ForeignHostError, OptionError, ServiceError
from huntbook.settings.secrets import resolve

VAULT = "https://contoso.vault.usgovcloudapi.net"


@pytest.fixture
def session(azure, open_session):
    return open_session("usgov", ["devicecode"])


@pytest.fixture
def vault(session):
    return session.secrets("contoso")


def calls(azure):
    return [request for request in azure["usgov"].requests if ".vault." in request.host]


def test_a_secret_is_fetched_once_and_shows_itself_to_nobody(azure, vault):
    """One GET and no list, so the right to get is enough; text, repr, format and frames are masked."""
    secret = vault.get("api-key")
    assert secret.value == azure["usgov"].vaults["contoso"]["api-key"]
    assert vault.get("api-key") is secret
    assert [str(request) for request in calls(azure)] == [
        "GET contoso.vault.usgovcloudapi.net/secrets/api-key"
    ]
    shown = f"{secret} {secret!r} {secret:>20} {[secret]} {pd.DataFrame({'s': [secret]})} {vault!r}"
    assert secret.value not in shown
    assert "********" in shown


HUSH = Secret("n", "v", "hush")


@pytest.mark.parametrize(
    "leak", [json.dumps, pickle.dumps, copy.copy, copy.deepcopy, vars, dataclasses.asdict]
)
def test_a_secret_does_not_travel(leak):
    """JSON, pickle, copies and whatever turns an object into a dict refuse it."""
    with pytest.raises(TypeError):
        leak(HUSH)


def test_a_secret_hides_in_whatever_shows_it(debug_log):
    """Frames, logs, the notebook's own display, JSON with a fallback, and tracebacks with their variables."""
    logging.getLogger("x").warning("%s %r", HUSH, {"s": HUSH})
    shown = [pd.DataFrame([HUSH]).to_csv(), pd.Series([HUSH]).to_json(default_handler=str), *debug_log]
    shown += [
        json.dumps({"s": HUSH}, default=str),
        pretty.pretty([HUSH]),
        str(DisplayFormatter().format(HUSH)),
    ]
    try:
        _fails_with(HUSH)
    except ValueError as error:
        shown += traceback.TracebackException.from_exception(error, capture_locals=True).format()
    assert "hush" not in " ".join(shown)
    assert "********" in shown[0]


@pytest.mark.parametrize("status", [401, 403, 500])
def test_a_value_that_could_not_be_stored_is_in_no_log_and_no_error(status, azure, vault, debug_log):
    """Not even at DEBUG: the body of the request is never written down."""
    error = {"error": {"code": "x", "message": "no"}}
    azure["usgov"].fault(
        "PUT contoso", Answer(status=status, body=error, headers={"Retry-After": "0.01"}), times=9
    )
    value = "-".join(["hush", "12345"])  # noqa: FLY002 - a traceback shows the lines of this file as well
    with pytest.raises(ServiceError) as caught:
        vault.set("new-key", value)
    shown = [*traceback.format_exception(caught.value), repr(caught.value.details), *debug_log]
    assert len(debug_log) > 10
    assert value not in "".join(shown)


def _fails_with(secret):
    """Fail with a secret among the variables and in the message."""
    raise ValueError(secret)


def test_two_secrets_are_equal_by_what_they_are():
    """Name, version and value count; other things are never equal to a secret."""
    assert len({Secret("n", "v", "hush"), HUSH, Secret("n", "v", "else")}) == 2
    assert HUSH != "hush"


def test_a_secret_is_stored_listed_and_deleted(azure, vault):
    """What is set can be read; the list has no values; what is deleted is gone, also from memory."""
    vault.set("new-key", "hush-1")
    assert vault.get("new-key").value == "hush-1"
    vault.set("new-key", "hush-2")
    assert vault.get("new-key").value == "hush-2"
    listed = vault.list()
    assert listed["name"].tolist() == ["api-key", "new-key"]
    assert listed["created"].tolist() == [pd.Timestamp(1700000000, unit="s", tz="UTC")] * 2
    assert "hush" not in listed.to_csv()
    vault.delete("new-key")
    with pytest.raises(ServiceError, match="SecretNotFound"):
        vault.get("new-key")


def test_versions_are_listed_over_all_pages(azure, vault, example):
    """The recorded list of versions, whose link to the next page has the port in it, is followed."""
    body = example("keyvault-secrets-7.2/GetSecretVersions-example.json")["responses"]["200"]["body"]
    link = body["nextLink"].replace("https://myvault.vault.azure.net:443", f"{VAULT}:443")
    azure["usgov"].fault("GET contoso", Answer(body={**body, "nextLink": link}))
    azure["usgov"].fault("GET contoso", Answer(body={**body, "nextLink": None}))
    found = vault.versions("listsecretversionstest")
    assert found["version"].tolist() == ["11a536561da34d6b8b452d880df58f3a"] * 2
    assert len(calls(azure)) == 2


def test_a_deleted_secret_tells_until_when_it_can_come_back(azure, vault, example):
    """The recorded answer of a protected vault has the day of the purge."""
    body = example("keyvault-secrets-7.2/DeleteSecret-example.json")["responses"]["200"]["body"]
    azure["usgov"].fault("DELETE contoso", Answer(body=body))
    assert vault.delete("api-key") == pd.Timestamp(1501714433, unit="s", tz="UTC")


def test_a_deleted_secret_comes_back_or_goes_for_good(vault):
    """Its name is taken until it is recovered or purged; after a purge the name is free."""
    vault.delete("api-key")
    with pytest.raises(ServiceError, match="Recover it, purge it, or choose another name"):
        vault.set("api-key", "hush-1")
    assert vault.deleted()["name"].tolist() == ["api-key"]
    vault.recover("api-key")
    assert vault.list()["name"].tolist() == ["api-key"]
    vault.delete("api-key")
    vault.purge("api-key")
    assert vault.deleted().empty
    assert vault.set("api-key", "hush-2").version == "v1"


def test_deleted_secrets_tell_whether_they_can_be_purged(azure, vault, example):
    """The recorded list; a vault with purge protection says Recoverable without Purgeable."""
    body = example("keyvault-secrets-7.2/GetDeletedSecrets-example.json")["responses"]["200"]["body"]
    items = [{**each, "attributes": {**each["attributes"], "recoveryLevel": level}} for each, level in zip(body["value"] * 2, ("Recoverable", "Recoverable+Purgeable"), strict=False)]  # fmt: skip
    azure["usgov"].fault("/deletedsecrets", Answer(body={"value": items, "nextLink": None}))
    found = vault.deleted()
    assert found["can_purge"].tolist() == [False, True]
    assert found["deleted"].tolist() == [
        pd.Timestamp(each["deletedDate"], unit="s", tz="UTC") for each in items
    ]
    assert found["name"].tolist() == [each["id"].rsplit("/", 1)[1] for each in items]


def test_a_deleted_secret_is_brought_back(azure, vault, example):
    """The request goes to the deleted secret's own path, and a strange name goes nowhere."""
    body = example("keyvault-secrets-7.2/RecoverDeletedSecret-example.json")["responses"]["200"]["body"]
    azure["usgov"].fault("/recover", Answer(body=body))
    vault.recover("api-key")
    assert str(calls(azure)[-1]) == "POST contoso.vault.usgovcloudapi.net/deletedsecrets/api-key/recover"
    with pytest.raises(OptionError, match="letters, digits and dashes"):
        vault.recover("a/b")


@pytest.mark.parametrize("name", ["", "a/b", "a%2fb", "..", "a b", "ä", "x" * 128, "a?b", "a#b"])
def test_a_strange_name_is_refused_before_anything_is_sent(name, azure, vault):
    """No name can lead to another path."""
    with pytest.raises(OptionError, match="letters, digits and dashes"):
        vault.get(name)
    assert calls(azure) == []


def test_vaults_of_other_clouds_are_refused(session):
    """A vault's address must end with this cloud's suffix."""
    with pytest.raises(ForeignHostError, match=r"contoso\.vault\.azure\.net"):
        session.secrets("https://contoso.vault.azure.net/")


def test_a_cloud_without_a_vault_says_so(azure, open_session):
    """Where public sources name no suffix, nothing is guessed."""
    with pytest.raises(ComponentUnavailableError, match="key_vault_suffix"):
        open_session("delos", ["devicecode"]).secrets("contoso")


def test_settings_resolve_their_references_through_the_session(azure, session, bare_machine):
    """A reference in the settings leads to the vault that it names, or to the usual one."""
    (bare_machine / "msticpyconfig.yaml").write_text("KeyVault: {VaultName: contoso}\n", encoding="utf-8")
    assert settings.get("KeyVault.VaultName") == "contoso"
    secret = azure["usgov"].vaults["contoso"]["api-key"]
    for place in ("contoso/api-key", "api-key"):
        assert resolve({"KeyVault": place}, key="VirusTotal.AuthKey", key_vault=session.secret) == secret
    assert len(calls(azure)) == 1  # the session keeps what it fetched
    session.reset_sign_in()
    session.secret("api-key")
    assert len(calls(azure)) == 2  # another person may not see it


def test_without_a_vault_the_error_says_what_to_set(session):
    """Neither an argument nor the settings name one."""
    with pytest.raises(OptionError, match=r"set KeyVault\.VaultName"):
        session.secrets()


def test_a_vault_that_the_settings_put_in_another_cloud_is_told(session, bare_machine):
    """The session stays in its cloud; in the vault's own cloud the same settings are fine."""
    text = "KeyVault: {VaultName: contoso, Authority: global}\n"
    (bare_machine / "msticpyconfig.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(OptionError) as caught:
        session.secrets()
    assert str(caught.value) == (
        "The settings' vault 'contoso' is in cloud 'global' (KeyVault.Authority), and this session is in 'usgov', "
        "which it does not leave. Open it with connect('global')."
    )
    (bare_machine / "msticpyconfig.yaml").write_text(text.replace("global", "gov"), encoding="utf-8")
    assert session.secrets().get("api-key").name == "api-key"


def test_the_tenant_that_the_settings_name_for_the_vault_is_allowed(azure, open_session, bare_machine):
    """A vault in that tenant asks for its token and gets it, without another word in the call."""
    fake, other = azure["usgov"], "99999999-2222-4333-8444-555555555555"
    text = f"KeyVault: {{VaultName: contoso, TenantId: {other}}}\n"
    (bare_machine / "msticpyconfig.yaml").write_text(text, encoding="utf-8")
    challenge = f'Bearer authorization="https://login.microsoftonline.us/{other}", resource="https://vault.usgovcloudapi.net"'
    fake.fault("contoso.vault", Answer(status=401, headers={"WWW-Authenticate": challenge}))
    session = open_session(
        "usgov", ["clientsecret"], fake.tenant, client_id=fake.client_id, client_secret=fake.client_secret
    )
    assert session.secrets().get("api-key").value == fake.vaults["contoso"]["api-key"]
    assert [token["tid"] for token in fake.issued] == [fake.tenant, other]


def test_what_is_wrong_with_a_name_a_version_or_a_vault_is_said_whole(vault, session):
    """The value, the rule and the way on."""
    vault.delete("api-key")
    for call, error, text in (
        (lambda: vault.get("a/b"), OptionError, "secret 'a/b': a secret's name has 1 to 127 letters, digits and dashes."),
        (lambda: vault.get("a", version="v1"), OptionError, "version 'v1': a version has hexadecimal digits only. `versions` lists them."),
        (lambda: vault.set("api-key", "hush"), ServiceError, "The vault still keeps a deleted secret 'api-key', so the name is not free. Recover it, purge it, or choose another name."),
        (session.secrets, OptionError, "No vault was named. Give its name, or set KeyVault.VaultName."),
    ):  # fmt: skip
        with pytest.raises(error) as caught:
            call()
        assert str(caught.value) == text
