from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from fakecloud import Answer
from huntbook.azure import check
from huntbook.azure.clouds import catalogue

SNAPSHOTS = Path(__file__).parent / "snapshots"
METHODS = ["env", "cli", "msi", "interactive", "devicecode", "clientsecret"]
SUBSCRIPTIONS = {"api-version": "2022-12-01"}


@pytest.fixture
def hub(azure, monkeypatch):
    """Be a JupyterHub's machine named hub, with nothing set up."""
    monkeypatch.setattr("platform.node", lambda: "hub")
    monkeypatch.setenv("JUPYTERHUB_USER", "analyst")
    return azure


@pytest.mark.parametrize("name", [cloud.name for cloud in catalogue()])
def test_the_text_of_each_clouds_report_is_held(name, hub):
    """The dry report of every shipped cloud is what the snapshot says, and nothing was signed in."""
    text = str(check(name, METHODS))
    path = SNAPSHOTS / f"check-{name}.txt"
    if not path.exists():  # a new cloud: the written file is reviewed like code
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"{text}\n", encoding="utf-8")
        pytest.fail(f"wrote {path.name}: read it, and run again")
    assert f"{text}\n" == path.read_text(encoding="utf-8")
    assert hub.others("none of them") == []


@pytest.mark.parametrize("name", ["global", "usgov", "cn", "de", "lab"])
def test_what_the_report_says_is_what_the_servers_then_see(name, azure, cloud_named, open_session):
    """Endpoints and audiences of the dry report are the ones that the fakes observe in real calls."""
    cloud, fake = cloud_named(name), azure[name]
    session = open_session(cloud, ["devicecode"])
    promised = {row.component: row for row in session.check().components if row.available}
    fake.requests.clear()
    send = session.transport.send
    send("GET", f"{promised['resource_manager'].endpoint}/subscriptions", scope=promised["resource_manager"].scope, params=SUBSCRIPTIONS)  # fmt: skip
    send("GET", f"{promised['key_vault'].endpoint.replace('VAULT', 'contoso')}/secrets", scope=promised["key_vault"].scope)  # fmt: skip
    if "log_analytics" in promised:
        query = f"{promised['log_analytics'].endpoint}/v1/workspaces/w/query"
        send("POST", query, scope=promised["log_analytics"].scope, json={"query": "T"})
    else:
        assert name == "de"
    called = [part for part in ("resource_manager", "key_vault", "log_analytics") if part in promised]
    hosts = {promised[part].endpoint.replace("VAULT", "contoso").removeprefix("https://") for part in called}
    logins = {row.authority.removeprefix("https://") for row in promised.values()}
    assert {request.host for request in fake.requests} == hosts | logins
    assert [token["aud"] for token in fake.issued] == [
        promised[part].scope.removesuffix("/.default") for part in called
    ]
    assert azure.others(name) == []


@pytest.mark.parametrize("name", ["global", "usgov", "cn", "de", "lab"])
def test_after_sign_in_the_report_tells_each_tokens_claims_and_never_the_token(name, azure, cloud_named):
    """Issuer, audience, tenant and end of each token are shown; no part of the token is."""
    report = check(cloud_named(name), ["cli", "devicecode"], sign_in=True)
    fake = azure[name]
    assert [(row.issuer, row.audience, row.tenant) for row in report.tokens] == [
        (token["iss"], token["aud"], token["tid"]) for token in fake.issued
    ]
    assert all(row.agrees and row.method == "devicecode" for row in report.tokens)
    assert [(row.method, row.outcome) for row in report.methods] == [
        ("cli", "unavailable"),
        ("devicecode", "signed in"),
    ]
    shown = (
        str(report)
        + repr(report)
        + report._repr_html_()
        + json.dumps(report.to_dict())
        + report.to_frame().to_csv()
    )
    assert [value for value in azure.hidden if value in shown] == []


def test_a_sign_in_that_fails_says_why_in_the_report(azure, az):
    """The report after a failed sign-in has the reason and the remedy beside the method."""
    az("AzureUSGovernment")
    azure["usgov"].az_mode = "expired"
    report = check("usgov", ["cli"], sign_in=True)
    assert not report.ok
    assert report.methods[0].reason.startswith("AADSTS70043")
    assert report.methods[0].remedy == 'run "az login" on the kernel\'s machine'
    assert [row.note[:11] for row in report.tokens] == ["AADSTS70043"]


def test_one_component_that_fails_does_not_hide_the_others(azure, az):
    """When the login host does not know one audience, the other tokens are still reported."""
    az("AzureUSGovernment")
    text = b"ERROR: AADSTS500011: The resource principal named https://vault.usgovcloudapi.net was not found."
    azure["usgov"].fault("/_az", Answer(status=0), times=2)
    azure["usgov"].fault("/_az", Answer(status=500, body=text))
    report = check("usgov", ["cli"], sign_in=True)
    assert [(row.component, row.agrees) for row in report.tokens] == [
        ("resource_manager", True),
        ("log_analytics", True),
        ("key_vault", False),
        ("graph", True),
    ]
    assert "AADSTS500011" in report.tokens[2].note


def test_the_frame_has_a_row_a_finding(hub):
    """The frame's rows are the components and then the methods, all text."""
    report = check("usgov", METHODS)
    frame = report.to_frame()
    assert list(frame.columns) == ["section", "name", "state", "where", "detail", "remedy"]
    assert frame["section"].tolist() == ["component"] * 4 + ["method"] * 5
    assert frame.loc[frame["name"] == "devicecode", "state"].tolist() == ["asks"]


def test_the_report_is_plain_json(hub):
    """What the server sends to the sidebar survives JSON unchanged."""
    told = check("cn", METHODS).to_dict()
    assert json.loads(json.dumps(told))["components"][1]["endpoint"] == "https://api.loganalytics.azure.cn"
    assert told["ok"] is True


def test_nothing_that_could_sign_in_is_not_ok(hub):
    """A chain in which no method can answer, or a cloud without services, is told before use."""
    assert not check("usgov", ["env", "cli"]).ok
    assert not check("sg", ["devicecode"]).ok
    assert check("usgov", ["devicecode"]).ok


@pytest.mark.parametrize(
    ("name", "methods", "sentence"),
    [
        ("usgov", ["env", "devicecode"], "A sign-in should work, with Device code, which asks you."),
        ("usgov", ["env", "cli"], "A sign-in would fail: no method is ready here."),
        ("sg", ["devicecode"], "A sign-in is of no use: no component of cloud 'sg' is known."),
        ("de", ["devicecode"], "A sign-in can't work: Microsoft Cloud Germany is closed."),
    ],
)
def test_one_sentence_says_whether_a_sign_in_would_work(name, methods, sentence, hub):
    """Which method would answer, or why none would be of use."""
    assert check(name, methods).summary == sentence


def test_the_html_escapes_what_it_shows(hub, monkeypatch):
    """A machine's name with markup in it stays text."""
    monkeypatch.setattr("platform.node", lambda: "<script>alert(1)</script>")
    html = check("usgov", METHODS)._repr_html_()
    assert "<script>" not in html
    assert "&lt;script&gt;" in html


def test_the_dry_check_loads_no_azure_library(repository, bare_machine):
    """The server's check stays light: neither azure-identity nor pandas nor ipywidgets is imported."""
    code = (
        "import sys\n"
        "from huntbook.azure import check\n"
        "check('usgov', ['env', 'cli', 'devicecode']).to_dict()\n"
        "print([name for name in sys.modules if name.split('.')[0] in ('azure', 'msal', 'pandas', 'ipywidgets', 'requests')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_folder_of_az_that_cannot_be_told_is_a_reason_and_no_crash(monkeypatch, azure, tmp_path):
    """The doctor survives a variable that names the home folder of a user who is not there."""
    azure.write_program("az", default="AzureUSGovernment")
    monkeypatch.setenv("AZURE_CONFIG_DIR", "~nobody-of-this-name/azure")
    reason = next(row.reason for row in check("usgov", ["cli"]).methods)
    assert reason == "az is set to the cloud AzureCloud and not to AzureUSGovernment"


def test_the_table_of_tokens_names_components_as_the_first_does(azure, az):
    """By their names for people, and the end of a token as a date and a time."""
    az("AzureUSGovernment")
    html = check("usgov", ["cli"], sign_in=True)._repr_html_()
    assert "resource_manager" not in html
    assert "+00:00" not in html
