from __future__ import annotations

import pickle
import threading
import time

import pytest
from azure.mgmt.core import ARMPipelineClient
from azure.mgmt.core.policies import ARMChallengeAuthenticationPolicy

from fakecloud import Answer
from huntbook.azure.clouds import find_cloud
from huntbook.azure.credentials import CredentialChain
from huntbook.azure.method_checks import SignInOptions
from huntbook.azure.methods import METHODS
from huntbook.errors import OptionError, SignInError

SCOPE = "https://api.loganalytics.us/.default"
TENANT = "00000002-bbbb-4bbb-8bbb-bbbbbbbbbbbb"


def program_calls(cloud):
    return [request for request in cloud.requests if request.path == "/_az"]


def token_requests(cloud):
    return [request for request in cloud.requests if request.path.endswith("/token")]


def test_without_az_the_chain_falls_through_to_the_browser(azure, browser, open_session):
    """["cli", "interactive"] on a machine without az signs in with the browser."""
    session = open_session("usgov", ["cli", "interactive"])
    session.credential.get_token(SCOPE)
    assert session.signed_in_with == "interactive"
    assert len(browser.opened) == 1
    assert browser.opened[0].startswith("https://login.microsoftonline.us/")


@pytest.mark.parametrize("mode", ["expired", "signed out", "junk"])
def test_a_broken_az_login_falls_through_too(mode, azure, az, browser, open_session):
    """An expired login, none at all, or output that is no token: each leads on to the browser."""
    az("AzureUSGovernment")
    azure["usgov"].az_mode = mode
    session = open_session("usgov", ["cli", "interactive"])
    session.credential.get_token(SCOPE)
    assert session.signed_in_with == "interactive"
    assert session.credential.report[0].outcome == "failed"


def test_a_foreign_az_is_noticed_before_it_runs(azure, az, open_session):
    """An az of another cloud is not even started, and the two commands that fix it are named."""
    az("AzureCloud")
    session = open_session("usgov", ["cli"])
    with pytest.raises(SignInError) as caught:
        session.credential.get_token(SCOPE)
    assert str(caught.value) == (
        "Sign-in to cloud 'usgov' failed: no method gave a token for https://api.loganalytics.us/.default.\n"
        '  cli: unavailable: az is set to the cloud AzureCloud and not to AzureUSGovernment. Fix: run "az cloud set '
        '--name AzureUSGovernment" and "az login" on the kernel\'s machine.'
    )
    assert [program_calls(cloud) for cloud in azure.clouds.values()] == [[]] * 5


def test_a_registered_custom_cloud_counts_as_its_own(azure, az, bare_machine, cloud_named, open_session):
    """A user may have given a custom cloud any name in az: the Resource Manager's host decides."""
    az("MyLab")
    text = "[MyLab]\nendpoint_resource_manager = https://management.lab.example/\n"
    (bare_machine / ".azure" / "clouds.config").write_text(text, encoding="utf-8")
    session = open_session(cloud_named("lab"), ["cli"])
    assert session.check().methods[0].outcome == "ready"


def test_all_methods_where_only_the_last_works_take_under_five_seconds(
    azure, az, bare_machine, figures, open_session
):
    """No method makes the user wait for its failure."""
    az("AzureUSGovernment")
    azure["usgov"].az_mode = "expired"
    last = "devicecode"
    methods = [name for name in METHODS if name not in (last, "interactive")] + [last]
    session = open_session("usgov", methods)
    start = time.perf_counter()
    session.credential.get_token(SCOPE)
    seconds = time.perf_counter() - start
    figures(f"{len(methods)} methods, only the last works: {seconds:.2f} s")
    assert session.signed_in_with == last
    assert seconds < 5


def test_the_error_of_a_failed_chain_names_each_method_its_reason_and_its_remedy(
    azure, az, monkeypatch, tmp_path
):
    """The whole text is held here."""
    az("AzureUSGovernment")
    monkeypatch.setattr("platform.node", lambda: "hub")
    monkeypatch.setenv("JUPYTERHUB_USER", "analyst")
    monkeypatch.setenv("AZURE_CLIENT_ID", "app")
    azure["usgov"].az_mode = "expired"
    azure["usgov"].device_refusal = "blocked"
    options = SignInOptions(
        cloud=find_cloud("usgov"),
        tenant_id=TENANT,
        client_id="app",
        client_secret="wrong-secret",
        certificate_path=str(tmp_path / "none.pem"),
    )
    with CredentialChain(list(METHODS), options) as chain, pytest.raises(SignInError) as caught:
        chain.get_token(SCOPE)
    assert str(caught.value).replace(str(tmp_path), "TMP").splitlines() == [
        "Sign-in to cloud 'usgov' failed: no method gave a token for https://api.loganalytics.us/.default.",
        "  env: unavailable: the environment lacks AZURE_TENANT_ID and AZURE_CLIENT_SECRET (or AZURE_CLIENT_CERTIFICATE_PATH). Fix: set them where Jupyter starts, or take 'env' out of Azure.auth_methods.",
        '  cli: failed: AADSTS70043: The refresh token has expired or is invalid due to sign-in frequency checks by Conditional Access. Fix: run "az login" on the kernel\'s machine.',
        "  msi: unavailable: this is not a machine in Azure: no identity service answers. Fix: run the kernel on a machine in Azure, or take 'msi' out of Azure.auth_methods.",
        "  devicecode: failed: AADSTS53003: Access has been blocked by Conditional Access policies. Fix: use another method, such as 'interactive' on a machine that the tenant manages.",
        "  clientsecret: failed: AADSTS7000215: Invalid client secret provided. Fix: give the secret's value, not its id.",
        "  certificate: unavailable: there is no certificate at 'TMP/none.pem'. Fix: give the path of a PEM or PKCS12 file on the kernel's machine.",
        "  powershell: unavailable: the program pwsh is not on the PATH. Fix: install PowerShell and its module Az.Accounts, or take 'powershell' out of Azure.auth_methods.",
        "  vscode: unavailable: the package azure-identity-broker is not installed. Fix: install it and the extension Azure Resources of VS Code, or take 'vscode' out of Azure.auth_methods.",
        "  workload: unavailable: the environment lacks AZURE_FEDERATED_TOKEN_FILE. Fix: give the pod a workload identity, or take 'workload' out of Azure.auth_methods.",
        "  Device code takes the place of interactive: the kernel runs in a JupyterHub, so a browser opened there is not yours.",
    ]
    assert [row["outcome"] for row in caught.value.report] == [
        "unavailable",
        "failed",
        "unavailable",
        "failed",
        "failed",
        "unavailable",
        "unavailable",
        "unavailable",
        "unavailable",
    ]


def test_four_clients_run_az_once(azure, az, figures, open_session):
    """Four clients of the Microsoft library on one session: az runs once, not once a client."""
    az("AzureUSGovernment")
    session = open_session("usgov", ["cli"])
    scope = session.cloud.scope("resource_manager")
    for _client in range(4):
        policy = ARMChallengeAuthenticationPolicy(session.credential, scope)
        with ARMPipelineClient(base_url=session.cloud.resource_manager, policies=[policy]) as client:
            request = client.get("/subscriptions", params={"api-version": "2022-12-01"})
            assert client._pipeline.run(request).http_response.status_code == 200
    calls = len(program_calls(azure["usgov"]))
    figures(f"four clients of one session: az ran {calls} time")
    assert calls == 1


def test_thirty_two_threads_cause_one_token_request(azure, figures, open_session):
    """However many threads ask at once, the login host is asked once."""
    fake = azure["usgov"]
    session = open_session(
        "usgov",
        ["clientsecret"],
        tenant_id=fake.tenant,
        client_id=fake.client_id,
        client_secret=fake.client_secret,
    )
    gate, tokens = threading.Barrier(32), []

    def ask():
        gate.wait()
        tokens.append(session.credential.get_token(SCOPE).token)

    threads = [threading.Thread(target=ask) for _ in range(32)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    figures(f"32 threads: {len(token_requests(fake))} token request, {len(set(tokens))} token")
    assert (len(tokens), len(set(tokens)), len(token_requests(fake))) == (32, 1, 1)


def test_the_winner_serves_every_further_scope(azure, az, open_session):
    """Once a method signed in, no other is tried again: the identity stays the same."""
    session = open_session("usgov", ["cli", "devicecode"])
    session.credential.get_token(SCOPE)
    az("AzureUSGovernment")
    session.credential.get_token("https://vault.usgovcloudapi.net/.default")
    assert session.signed_in_with == "devicecode"
    assert program_calls(azure["usgov"]) == []


def test_a_winner_that_fails_later_is_not_replaced_silently(azure, az, open_session):
    """When the az login ends in the middle of the work, the error says how to start anew, and that works."""
    az("AzureUSGovernment")
    session = open_session("usgov", ["cli", "devicecode"])
    session.credential.get_token(SCOPE)
    azure["usgov"].az_mode = "expired"
    vault = "https://vault.usgovcloudapi.net/.default"
    with pytest.raises(
        SignInError, match=r"signed in with cli; session.reset_sign_in\(\) starts the chain anew"
    ):
        session.credential.get_token(vault)
    session.reset_sign_in()
    session.credential.get_token(vault)
    assert session.signed_in_with == "devicecode"


def test_tokens_are_kept_by_scope_tenant_and_cae(azure, open_session):
    """The same question gives the same token; another tenant or the wish for CAE gives another."""
    fake = azure["usgov"]
    session = open_session(
        "usgov",
        ["clientsecret"],
        tenant_id=fake.tenant,
        client_id=fake.client_id,
        client_secret=fake.client_secret,
        allowed_tenants=["99999999-2222-4333-8444-555555555555"],
    )
    chain = session.credential
    first = chain.get_token(SCOPE).token
    assert chain.get_token(SCOPE).token == first
    assert chain.get_token(SCOPE, enable_cae=True).token != first
    other = chain.get_token(SCOPE, tenant_id="99999999-2222-4333-8444-555555555555").token
    assert other != first
    assert fake.issued[-1]["tid"] == "99999999-2222-4333-8444-555555555555"


def test_a_tenant_that_was_not_allowed_gets_no_token(azure, open_session):
    """A service can't make the session ask for a token of just any tenant."""
    fake = azure["usgov"]
    session = open_session(
        "usgov",
        ["clientsecret"],
        tenant_id=fake.tenant,
        client_id=fake.client_id,
        client_secret=fake.client_secret,
    )
    with pytest.raises(SignInError, match=r"give it to connect\(allowed_tenants=\[\.\.\.\]\)"):
        session.credential.get_token(SCOPE, tenant_id="99999999-2222-4333-8444-555555555555")
    assert fake.issued == []


def test_a_token_near_its_end_is_replaced(azure, az, open_session):
    """Tokens are renewed before they end; one that lives two seconds is renewed after one."""
    az("AzureUSGovernment")
    azure["usgov"].token_life = 2
    session = open_session("usgov", ["cli"])
    first = session.credential.get_token(SCOPE).token
    deadline = time.monotonic() + 5
    while session.credential.get_token(SCOPE).token == first:
        assert time.monotonic() < deadline


def test_a_claims_challenge_passes_the_kept_token_by(azure, open_session):
    """With claims a new token is asked for, and the claims reach the login host."""
    fake = azure["usgov"]
    session = open_session(
        "usgov",
        ["clientsecret"],
        tenant_id=fake.tenant,
        client_id=fake.client_id,
        client_secret=fake.client_secret,
    )
    first = session.credential.get_token(SCOPE, enable_cae=True)
    second = session.credential.get_token(
        SCOPE, enable_cae=True, claims='{"access_token":{"nbf":{"value":"1"}}}'
    )
    assert second.token != first.token
    assert "nbf" in fake.issued[-1]["xms_claims"]
    assert session.credential.get_token(SCOPE, enable_cae=True).token == second.token


def test_a_machines_identity_inside_az_is_asked_again_without_a_tenant(azure, az, open_session):
    """After "az login --identity" az refuses a tenant; it is asked once more without one."""
    az("AzureUSGovernment")
    refusal = b"ERROR: Tenant shouldn't be specified for managed identity account"
    azure["usgov"].fault("/_az", Answer(status=500, body=refusal))
    session = open_session("usgov", ["cli"], tenant_id=TENANT)
    session.credential.get_token(SCOPE)
    assert [request.query.get("tenant") for request in program_calls(azure["usgov"])] == [TENANT, None]


def test_an_unknown_method_is_an_error_at_once(open_session, bare_machine):
    """A misspelt method is told when the session is made, with the nearest word."""
    with pytest.raises(OptionError) as caught:
        open_session("usgov", ["cli", "devicecod"])
    assert str(caught.value) == (
        "auth_methods='devicecod' is not known. Did you mean 'devicecode'? It takes: 'env', 'cli', 'msi', "
        "'interactive', 'devicecode', 'clientsecret', 'certificate', 'powershell', 'vscode', 'workload'."
    )


def test_on_a_hub_device_code_takes_the_browsers_place(azure, monkeypatch, open_session, capsys):
    """Where a browser on the kernel's machine is of no use, the chain says so and asks for a code."""
    monkeypatch.setenv("JUPYTERHUB_USER", "analyst")
    monkeypatch.setenv("BROWSER", "firefox")
    session = open_session("usgov", ["cli", "interactive"])
    assert session.credential.methods == ("cli", "devicecode")
    assert session.summary().endswith(
        "Device code takes the place of interactive: the kernel runs in a JupyterHub, so a browser opened there is not "
        "yours."
    )
    session.credential.get_token(SCOPE)
    assert "type the code FAKE-1234" in capsys.readouterr().out


def test_a_session_can_not_be_pickled(azure, open_session):
    """A sign-in does not travel to another process by accident."""
    with pytest.raises(TypeError, match=r"Call connect\(\) there"):
        pickle.dumps(open_session("usgov", ["cli"]))
