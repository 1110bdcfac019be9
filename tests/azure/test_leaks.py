"""No token, secret or code appears in anything that is shown, logged or saved."""

from __future__ import annotations

import json
import os
import traceback
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

import huntbook
from fakecloud.certificates import write_client_certificate
from huntbook.azure import check
from huntbook.azure.remedies import first_line
from huntbook.errors import HuntbookError

CELLS = (
    "from huntbook.azure import connect\nsession = connect('usgov', ['cli', 'devicecode'])",
    """scope = session.cloud.scope('resource_manager')
address = f'{session.cloud.resource_manager}/subscriptions'
list(session.transport.items(address, scope=scope, params={'api-version': '2022-12-01'}))""",
    "session.check(sign_in=True)",
    "session, session.credential, session.transport, session.credential.report",
    """own = connect('usgov', ['clientsecret'], 'contoso.example', client_id='app', client_secret='wrong-' + 'value-1')
own.credential.get_token(scope)""",
    "session.transport.send('GET', 'https://management.azure.com/', scope=scope)",
    "session.close()",
)


def found_in(text, hidden):
    """Return the start of each hidden value that the text holds."""
    return [value[:6] for value in hidden if value in text]


@pytest.mark.parametrize("level", ["first", "again"])
def test_no_log_repr_or_traceback_of_any_way_to_sign_in_holds_a_secret(
    level, azure, az, browser, monkeypatch, tmp_path, open_session, debug_log, capfd
):
    """Everything at DEBUG, for methods that work and methods that fail, is searched for everything secret."""
    fake = azure["usgov"]
    az("AzureUSGovernment")
    if level == "again":
        fake.az_mode = "junk"
        fake.device_refusal = "blocked"
    for variable, value in (("TENANT_ID", fake.tenant), ("CLIENT_ID", fake.client_id)):
        monkeypatch.setenv(f"AZURE_{variable}", value)
    monkeypatch.setenv(
        "AZURE_CLIENT_SECRET", fake.client_secret if level == "first" else fake.hide("wrong-98765")
    )
    shown = []
    for method in ("env", "cli", "interactive", "devicecode", "clientsecret", "certificate"):
        session = open_session(
            "usgov",
            [method],
            tenant_id=fake.tenant,
            client_id=fake.client_id,
            client_secret=os.environ["AZURE_CLIENT_SECRET"],
            certificate_path=str(write_client_certificate(tmp_path / "client.pem")),
        )
        shown += use(session)
    shown += [str(check("usgov", ["cli"], sign_in=True)), *debug_log, *capfd.readouterr()]
    text = "\n".join(shown)
    assert len(debug_log) > 100
    assert len(azure.hidden) > 20
    assert found_in(text, azure.hidden) == []


def use(session):
    """Do everything once; return what was shown, errors with their tracebacks."""
    shown = []
    scopes = [session.cloud.scope(part) for part in ("resource_manager", "log_analytics", "key_vault")]
    address = "https://contoso.vault.usgovcloudapi.net/secrets/api-key"
    for scope, url in zip(
        scopes,
        ("https://management.usgovcloudapi.net/x", "https://api.loganalytics.us/x", address),
        strict=True,
    ):
        try:
            session.transport.send("GET", url, scope=scope)
        except HuntbookError as error:
            shown += traceback.format_exception(error)
    shown += [repr(part) for part in (session, session.credential, session.transport, session._options)]
    return [*shown, repr(session.credential.report), str(session.check(sign_in=True))]


def test_a_saved_notebook_holds_no_secret(azure, monkeypatch, tmp_path):
    """A real kernel signs in through the fake; its outputs and its widgets' state are searched."""
    root = str(Path(huntbook.__file__).parents[1])
    environment = {**os.environ, **azure.environment(), "JUPYTERHUB_USER": "analyst", "PATH": os.defpath}
    environment["PYTHONPATH"] = os.pathsep.join([environment["PYTHONPATH"], root])
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in CELLS])
    client = NotebookClient(notebook, timeout=60, allow_errors=True, kernel_name="python3")
    client.execute(env=environment)
    saved = json.dumps(notebook)
    assert "Device code takes the place of" not in saved  # devicecode was asked for by name
    assert "usgov subscription 5" in saved
    assert "AADSTS7000215" in saved
    assert "Refused a request to 'management.azure.com'" in saved
    assert "DeviceCodeWidget" in saved or "Sign-in to Azure Government (United States): signed in." in saved
    assert found_in(saved, {*azure.hidden, "FAKE-1234", "wrong-value-1"}) == []
    assert azure.others("usgov") == []


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("AADSTS1: no. Trace ID: 7 Correlation ID: 8", "AADSTS1: no"),
        ("junk: eyJhbGciOiJub25lIn0.eyJhdWQiOiJ4In0.SIG and more", "junk: [token] and more"),
        ('{"accessToken": "eyJhbGci"}', '{"accessToken": "[hidden]"}'),
        ('{"accessToken":"opaque-value", "x": 1}', '{"accessToken":"[hidden]", "x": 1}'),
        ("client_secret=abc123&x=1", "client_secret=[hidden]"),
        (
            "\n\n  Second line counts when the first is empty.\nThird",
            "Second line counts when the first is empty",
        ),
        ("x" * 500, "x" * 240 + "..."),
        ("", "no reason given"),
    ],
)
def test_a_foreign_message_is_cut_to_what_a_person_needs(text, line):
    """Ids of traces, tokens and secrets in a library's words are left out."""
    assert first_line(text) == line
