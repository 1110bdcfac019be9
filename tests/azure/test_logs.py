from __future__ import annotations

import queue
import re
import threading
from datetime import UTC, datetime, timedelta

import pandas as pd
import pytest

from fakecloud import Answer
from huntbook.azure.progress import Progress, run_all
from huntbook.errors import (
    CancelledError,
    ComponentUnavailableError,
    ForeignHostError,
    OptionError,
    PartialResultWarning,
    QueryError,
    ServiceError,
    UnknownWorkspaceError,
)

WORKSPACE = "63613592-b6f7-4c3d-a390-22ba13102111"
RESOURCE = (
    "/subscriptions/00000001-5555-4555-8555-555555555555/resourceGroups/soc-rg"
    "/providers/Microsoft.OperationalInsights/workspaces/soc-ws"
)
MIDNIGHT = datetime(2024, 1, 1, tzinfo=UTC)
SETTINGS = f"""\
Azure: {{cloud: usgov}}
MSSentinel:
  Workspaces:
    Default: {{WorkspaceId: {WORKSPACE}}}
    Other: {{SubscriptionId: 00000001-5555-4555-8555-555555555555, ResourceGroup: soc-rg, WorkspaceName: soc-ws}}
    Dots: {{SubscriptionId: 00000001-5555-4555-8555-555555555555, ResourceGroup: .., WorkspaceName: soc-ws}}
    Empty: {{TenantId: contoso.example}}
"""


@pytest.fixture
def session(azure, bare_machine, open_session):
    """Give a session in usgov, with workspaces in the settings."""
    (bare_machine / "msticpyconfig.yaml").write_text(SETTINGS, encoding="utf-8")
    return open_session("usgov", ["devicecode"])


@pytest.fixture
def logs(session):
    return session.logs(WORKSPACE)


def queries(azure):
    return [request for request in azure["usgov"].requests if request.path.endswith("/query")]


def test_a_query_gives_a_frame_by_declared_types(azure, logs):
    """The big whole number survives beside a null, and the request says what was asked."""
    frame = logs.query("Heartbeat", timespan=timedelta(hours=1))
    assert int(frame["N"].iloc[0]) == 9007199254740993
    assert pd.isna(frame["N"].iloc[1])
    assert frame.attrs["huntbook"]["partial"] is False
    (request,) = queries(azure)
    assert str(request) == f"POST api.loganalytics.us/v1/workspaces/{WORKSPACE}/query"
    assert request.json == {"query": "Heartbeat", "timespan": "PT3600S"}
    assert request.headers["Prefer"] == "wait=180,include-statistics=true,include-render=true"
    assert azure.others("usgov") == []


def test_parameters_are_bound_and_never_pasted(azure, logs):
    """The value stands in a let statement in front of the query, which itself is unchanged."""
    logs.query("Event | where Account == who", who='x" | take 1 //')
    assert queries(azure)[0].json["query"] == ('let who = "x\\" | take 1 //";\nEvent | where Account == who')


def test_a_query_that_can_not_be_read_shows_the_place(azure, logs):
    """The error has the service's words, the line, and a mark under the place."""
    with pytest.raises(QueryError) as caught:
        logs.query("T syntax")
    assert str(caught.value) == "Query could not be parsed at 'syntax' on line [1,3]\n  T syntax\n     ^"


def test_a_name_that_the_service_does_not_know_is_shown_in_its_line(azure, logs):
    """Such an error bears no place, but the name; the mark goes under it. What was sent stays in the details."""
    unknown = "'where' operator: Failed to resolve column or scalar expression named 'Acount'"
    inner = {"code": "SemanticError", "message": "x", "innererror": {"code": "SEM0100", "message": unknown}}
    azure["usgov"].fault(
        "/query", Answer(status=400, body={"error": {"code": "BadArgumentError", "innererror": inner}})
    )
    with pytest.raises(QueryError) as caught:
        logs.query("SecurityEvent\n| where Acount == who", who="a")
    assert str(caught.value) == f"{unknown}\n  | where Acount == who\n          ^"
    assert caught.value.details["innererror"] == inner


def test_a_cut_answer_is_told(azure, logs):
    """What came is returned, with a warning and the reason beside it."""
    with pytest.warns(PartialResultWarning, match="exceed the set limit of 500000 records"):
        frame = logs.query("partial")
    assert len(frame) == 1
    assert frame.attrs["huntbook"]["partial"] is True


def test_several_workspaces_are_searched_in_one_query(azure, logs):
    """Further workspaces are named by id, or by resource where only that is known."""
    logs.query("Heartbeat", workspaces=["Default", "Other"])
    assert queries(azure)[0].json["workspaces"] == [WORKSPACE, RESOURCE]


def test_a_split_query_has_every_row_once(azure, logs):
    """Ten hours of minutes in pieces of an hour: no row is lost or doubled at the seams, and the order is by time."""
    span = (MIDNIGHT, MIDNIGHT + timedelta(hours=10))
    frame = logs.query("minutes", timespan=span, split=timedelta(hours=1))
    expected = pd.date_range(*span, freq="min", inclusive="left")
    assert frame["TimeGenerated"].tolist() == expected.tolist()
    assert len(queries(azure)) == 10


def test_a_piece_that_is_too_large_is_halved(azure, logs):
    """The service answers 90 rows at most here: pieces of four hours are halved until they fit."""
    span = (MIDNIGHT, MIDNIGHT + timedelta(hours=8))
    frame = logs.query("minutes", timespan=span, split=timedelta(hours=4))
    assert frame["TimeGenerated"].tolist() == pd.date_range(*span, freq="min", inclusive="left").tolist()
    assert frame.attrs["huntbook"]["partial"] is False


def test_the_http_client_waits_longer_than_the_service(azure, logs):
    """Ten minutes of work are asked for, and more than that is refused."""
    logs.query("T", server_timeout=600)
    assert queries(azure)[0].headers["Prefer"].startswith("wait=600,")
    with pytest.raises(OptionError, match="1 to 600 seconds"):
        logs.query("T", server_timeout=601)


@pytest.mark.parametrize(
    "fault",
    [
        Answer(status=429, headers={"Retry-After": "0.01"}),
        Answer(status=503),
        Answer(cut=True),
        Answer(cut=True, body=b'{"tables": ' + b" " * 10_000_000),
    ],
    ids=["throttled", "busy", "cut", "cut in its middle"],
)
def test_a_passing_failure_does_not_lose_the_query(fault, azure, logs):
    """Throttling, a busy service and a connection that is cut before or in its answer are waited out."""
    azure["usgov"].fault("/query", fault)
    assert len(logs.query("T")) == 2
    assert len(queries(azure)) == 2


def test_what_was_given_up_is_not_asked_again(azure, logs):
    """Where the caller has gone, a request stops before it is sent: a retry would only spend the quota."""
    progress, gone, told = Progress("Query", shown=False), threading.Event(), queue.SimpleQueue()
    logs.query("T")

    def ask():
        progress.cancelled.set()
        gone.wait(10)
        with pytest.raises(CancelledError) as caught:
            logs.ask("T", {}, server_timeout=60)
        told.put(str(caught.value))

    with pytest.raises(CancelledError):
        run_all([ask], progress=progress, at_once=1)
    gone.set()
    assert told.get(timeout=10) == "Request, cancelled. Run the cell again to start anew."
    assert len(queries(azure)) == 1


def test_an_answer_that_never_comes_whole_is_told(azure, logs):
    """The tries end, and the sentence says what to look at."""
    azure["usgov"].fault("/query", Answer(cut=True, body=b'{"tables": '), times=100)
    with pytest.raises(ServiceError) as caught:
        logs.query("T")
    assert re.fullmatch(
        r"No answer from api\.loganalytics\.us: .*IncompleteRead.*\. Check the network and any proxy of the kernel's "
        r"machine\.",
        str(caught.value),
    )
    assert len(queries(azure)) == 4


def test_tables_and_columns_are_listed(azure, logs, example):
    """The list of tables is that of the recorded answer; an unknown table is told with the nearest."""
    recorded = example("loganalytics-query-v1/metadata-get.json")["responses"]["200"]["body"]["tables"]
    assert logs.tables()["name"].tolist() == [table["name"] for table in recorded]
    schema = logs.schema(recorded[0]["name"])
    assert schema["name"].tolist() == [column["name"] for column in recorded[0]["columns"]]
    with pytest.raises(OptionError, match="Did you mean"):
        logs.schema(recorded[0]["name"][:-1])
    assert logs.count(recorded[0]["name"]) == 40541
    assert len(logs.sample(recorded[0]["name"])) == 2


@pytest.mark.parametrize(
    ("text", "path"),
    [
        (None, f"workspaces/{WORKSPACE}"),
        ("default", f"workspaces/{WORKSPACE}"),
        (WORKSPACE.upper(), f"workspaces/{WORKSPACE.upper()}"),
        (RESOURCE, RESOURCE[1:]),
        ("Other", RESOURCE[1:]),
        (f"https://portal.azure.us/#@contoso/resource{RESOURCE}/Overview", RESOURCE[1:]),
        (f"https://portal.azure.us/#view/x/id/{RESOURCE.replace('/', '%2F')}", RESOURCE[1:]),
    ],
)
def test_a_workspace_is_found_by_whatever_is_at_hand(text, path, azure, session):
    """A name, an id, a resource id or a portal address lead to the same queries."""
    session.logs(text).query("T")
    assert queries(azure)[0].path == f"/v1/{path}/query"


@pytest.mark.parametrize(
    ("text", "error", "words"),
    [
        ("Defalt", UnknownWorkspaceError, "Did you mean 'Default'"),
        ("Empty", UnknownWorkspaceError, r"Fill in MSSentinel\.Workspaces\.Empty\.WorkspaceId"),
        ("/subscriptions/../x", UnknownWorkspaceError, "is not known"),
        (f"https://portal.azure.com/#resource{RESOURCE}", ForeignHostError, r"portal\.azure\.com"),
        ("../../v1/other", UnknownWorkspaceError, "is not known"),
        ("a%2f..%2fb", UnknownWorkspaceError, "is not known"),
        ('x"; drop', UnknownWorkspaceError, "is not known"),
        ("ä漢", UnknownWorkspaceError, "is not known"),
        ("x" * 10_000, UnknownWorkspaceError, r"^workspace='x{120}…' is not known\. The settings name"),
        (RESOURCE.replace("soc-rg", "..%2f.."), UnknownWorkspaceError, "is not known"),
        (RESOURCE.replace("soc-rg", ".."), UnknownWorkspaceError, "is not known"),
        ("Dots", OptionError, r"'\.\.' is no name in Azure"),
    ],
)
def test_a_workspace_that_is_none_is_told(text, error, words, session):
    """Misspelt names, half-filled entries, other clouds' portals and paths are refused."""
    with pytest.raises(error, match=words):
        session.logs(text)


def test_a_cloud_without_log_analytics_says_so(azure, open_session):
    """Germany has no host for queries in any source: nothing is sent."""
    with pytest.raises(ComponentUnavailableError, match="closed on 2021-10-29"):
        open_session("de", ["devicecode"]).logs(WORKSPACE)
    assert azure["de"].requests == []
