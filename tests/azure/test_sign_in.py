"""Every way to sign in, in every cloud: only the chosen cloud's servers see anything."""

from __future__ import annotations

import dataclasses
import os
from typing import TYPE_CHECKING

import pytest

from fakecloud import Answer
from fakecloud.certificates import write_client_certificate
from huntbook.azure import connect, find_cloud
from huntbook.azure.methods import METHODS
from huntbook.errors import UnsafeEndpointError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from fakecloud import FakeAzure

CLOUDS = ("global", "usgov", "cn", "de", "lab")
COMPONENTS = ("resource_manager", "log_analytics", "key_vault", "graph")
# Visual Studio Code's way needs its broker, which is not installed here.
METHODS_HERE = sorted(set(METHODS) - {"vscode"})


@pytest.fixture
def prepare(azure, az, bare_machine, browser, monkeypatch, tmp_path) -> Callable[[str, str], dict[str, str]]:
    """Give a function that sets up one method for one cloud, and returns what connect() needs beside."""

    def application(name: str) -> dict[str, str]:
        return {"tenant_id": azure[name].tenant, "client_id": azure[name].client_id}

    def env(name: str) -> dict[str, str]:
        monkeypatch.setenv("AZURE_TENANT_ID", azure[name].tenant)
        monkeypatch.setenv("AZURE_CLIENT_ID", azure[name].client_id)
        monkeypatch.setenv("AZURE_CLIENT_SECRET", azure[name].client_secret)
        return {}

    def cli(name: str) -> dict[str, str]:
        az(azure[name].hosts.arm_name)
        return {}

    def msi(name: str) -> dict[str, str]:
        monkeypatch.setenv("IDENTITY_ENDPOINT", f"http://127.0.0.1:{azure[name].plain_port}/appservice/token")
        monkeypatch.setenv("IDENTITY_HEADER", azure[name].client_secret)
        return {}

    def powershell(name: str) -> dict[str, str]:
        cli(name)
        azure.write_program("pwsh")
        # The library runs the program through a shell.
        (tmp_path / "bin" / "sh").symlink_to("/bin/sh")
        return {}

    def workload(name: str) -> dict[str, str]:
        token = tmp_path / "federated-token"
        token.write_text("federated-" + azure[name].hide("FTabcdef0123456789"), encoding="utf-8")
        monkeypatch.setenv("AZURE_FEDERATED_TOKEN_FILE", str(token))
        return application(name)

    ways = {
        "env": env,
        "cli": cli,
        "msi": msi,
        "interactive": lambda _name: {},
        "devicecode": lambda _name: {},
        "clientsecret": lambda name: {**application(name), "client_secret": azure[name].client_secret},
        "certificate": lambda name: {
            **application(name),
            "certificate_path": str(write_client_certificate(tmp_path / "client.pem")),
        },
        "powershell": powershell,
        "workload": workload,
    }
    return lambda method, name: ways[method](name)


@pytest.mark.parametrize("name", CLOUDS)
@pytest.mark.parametrize("method", METHODS_HERE)
def test_each_way_signs_in_to_its_own_cloud_and_no_other_sees_anything(
    method, name, azure, prepare, cloud_named, open_session
):
    """Every token comes from the chosen cloud with that cloud's audience; the other fakes see no request."""
    cloud, options = cloud_named(name), prepare(method, name)
    azure[name].requests.clear()
    session = open_session(cloud, [method], **options)
    wanted = [part for part in COMPONENTS if not (name == "de" and part == "log_analytics")]
    for part in wanted:
        session.credential.get_token(cloud.scope(part))
    assert azure.others(name) == []
    assert [token["aud"].rstrip("/") for token in azure[name].issued] == [
        cloud.scope(part).removesuffix("/.default") for part in wanted
    ]
    assert session.signed_in_with == method
    report = session.check(sign_in=True)
    assert report.ok


@pytest.mark.parametrize("name", CLOUDS)
def test_nothing_is_asked_of_anyone_before_a_token_is_needed(name, azure, prepare, cloud_named, open_session):
    """Building a session with every method sends no request, runs no program and leaves the environment alone."""
    cloud = cloud_named(name)
    azure[name].requests.clear()
    before = dict(os.environ)
    session = open_session(cloud, list(METHODS), client_secret=azure[name].client_secret)
    assert session.signed_in_with is None
    assert azure.others("none of them") == []
    assert dict(os.environ) == before


def test_a_machines_own_address_gives_its_identity(tmp_path, azure, open_session):
    """On a virtual machine the identity comes from the real address of its metadata service."""
    machine = azure["usgov"]
    azure.redirect.exact["169.254.169.254"] = machine.plain_port
    session = open_session("usgov", ["msi"])
    session.credential.get_token(session.cloud.scope("log_analytics"))
    assert machine.issued[-1]["how"] == "msi"
    assert {request.host for request in machine.requests} == {"169.254.169.254"}


def test_a_machine_in_another_cloud_is_noticed_before_use(azure, open_session):
    """A managed identity signs in only where its machine is: the chain goes past it without asking for a token."""
    azure.redirect.exact["169.254.169.254"] = azure["global"].plain_port
    session = open_session("usgov", ["msi", "devicecode"])
    session.credential.get_token(session.cloud.scope("log_analytics"))
    assert session.signed_in_with == "devicecode"
    assert azure["global"].issued == []
    assert session.credential.report[0].reason == (
        "this machine is in cloud 'global', and its identity signs in only there"
    )


def test_azure_machine_learning_gives_its_identity(azure, monkeypatch, open_session):
    """Azure Machine Learning has a token service of its own, which wants the identity's client id."""
    fake = azure["cn"]
    monkeypatch.setenv("MSI_ENDPOINT", f"http://127.0.0.1:{fake.plain_port}/aml/token")
    monkeypatch.setenv("MSI_SECRET", fake.client_secret)
    session = open_session("cn", ["msi"], client_id=fake.client_id)
    session.credential.get_token(session.cloud.scope("resource_manager"))
    assert fake.issued[-1]["how"] == "msi"


def test_the_tenant_reaches_the_token(azure, open_session):
    """A guest's tenant is asked for by name, not the account's home."""
    session = open_session("usgov", ["devicecode"], tenant_id="11111111-2222-4333-8444-555555555555")
    session.credential.get_token(session.cloud.scope("log_analytics"))
    assert azure["usgov"].issued[-1]["tid"] == "11111111-2222-4333-8444-555555555555"


def test_an_authority_in_the_environment_does_not_win(azure, monkeypatch, prepare, open_session):
    """AZURE_AUTHORITY_HOST of another cloud is ignored, and the doctor says so."""
    prepare("env", "usgov")
    monkeypatch.setenv("AZURE_AUTHORITY_HOST", "login.microsoftonline.com")
    session = open_session("usgov", ["env"])
    session.credential.get_token(session.cloud.scope("key_vault"))
    assert azure.others("usgov") == []
    (note,) = session.check().notes
    assert note == (
        "AZURE_AUTHORITY_HOST names login.microsoftonline.com: huntbook ignores it and signs in at "
        "login.microsoftonline.us."
    )


def test_a_token_that_another_cloud_issued_is_never_used(azure, az, open_session):
    """An az that hands out another cloud's token, whatever its settings say, is passed over."""
    az("AzureUSGovernment")
    stray = azure["global"].issue("https://api.loganalytics.io", how="cli")
    body = f'{{"accessToken": "{stray}", "expires_on": 4102444800}}'
    azure["usgov"].fault("/_az", Answer(body=body.encode()))
    session = open_session("usgov", ["cli", "devicecode"])
    token = session.credential.get_token(session.cloud.scope("log_analytics"))
    assert token.token != stray
    assert session.credential.report[0].reason == (
        "the token was issued by login.microsoftonline.com, which belongs to cloud 'global' and not to 'usgov'"
    )


def test_the_session_says_in_one_line_where_it_goes(azure, capsys):
    """Before anything is signed in the user reads cloud, login host, Resource Manager and tenant."""
    connect("de", ["cli"], tenant_id=azure["de"].tenant).close()
    assert capsys.readouterr().out == (
        "Cloud de (Microsoft Cloud Germany): sign-in at login.microsoftonline.de, resources at "
        "management.microsoftazure.de, tenant 00000004-dddd-4ddd-8ddd-dddddddddddd. Microsoft Cloud Germany was closed "
        "on 2021-10-29. Data of German customers is now usually in ordinary regions of cloud 'global' or in the newer "
        "sovereign cloud 'delos'; set the one that your administrator names.\n"
    )


def write_settings(home: Path, text: str) -> None:
    (home / "msticpyconfig.yaml").write_text(text, encoding="utf-8")


def test_the_settings_choose_where_nothing_is_said(azure, bare_machine, open_session):
    """connect() without arguments obeys the settings file; an argument wins over it."""
    write_settings(
        bare_machine, "Azure:\n  cloud: cn\n  auth_methods: [devicecode, env]\n  tenant_id: contoso.example\n"
    )
    session = open_session()
    assert (session.cloud.name, session.credential.methods, session.tenant_id) == (
        "cn",
        ("devicecode", "env"),
        "contoso.example",
    )
    assert open_session("usgov").cloud.name == "usgov"


def test_a_settings_file_that_mixes_clouds_is_refused(azure: FakeAzure, bare_machine, open_session):
    """A known cloud with a foreign Resource Manager signs in nowhere, and the message names the host."""
    write_settings(
        bare_machine, "Azure:\n  cloud: usgov\n  resource_manager_url: https://management.azure.com/\n"
    )
    with pytest.raises(UnsafeEndpointError) as caught:
        open_session()
    assert str(caught.value) == (
        "Azure.resource_manager_url='https://management.azure.com/' is refused: cloud 'usgov' has its Resource Manager "
        "at 'management.usgovcloudapi.net', and a cloud is never mixed with another host. Remove that line; for a "
        "cloud of your own, store Cloud.from_metadata(url).to_mapping() under Azure.custom_clouds and set Azure.cloud "
        "to its name."
    )
    assert azure.others("none of them") == []


def test_a_cloud_that_was_put_together_in_code_is_judged_too(azure, open_session):
    """A copy of a known cloud with another host in it opens no session."""
    mixed = dataclasses.replace(find_cloud("usgov"), log_analytics="https://api.loganalytics.io")
    with pytest.raises(UnsafeEndpointError):
        open_session(mixed, ["devicecode"])
    with pytest.raises(UnsafeEndpointError, match="the host belongs to cloud 'usgov'"):
        open_session(
            dataclasses.replace(mixed, name="ours", arm_name="", aliases=(), status="custom"), ["devicecode"]
        )
    assert azure.others("none of them") == []
