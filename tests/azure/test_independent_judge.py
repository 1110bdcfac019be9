"""Microsoft's own typed clients judge our requests: the same verb, path and body for the same wish."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pandas as pd
import pytest
from azure.keyvault.secrets import SecretClient
from azure.mgmt.resourcegraph import ResourceGraphClient
from azure.mgmt.resourcegraph.models import QueryRequest
from azure.mgmt.securityinsight import SecurityInsights
from azure.mgmt.securityinsight.models import (
    Bookmark,
    Incident,
    IncidentComment,
    Relation,
    ScheduledAlertRule,
    Watchlist,
    WatchlistItem,
)
from azure.monitor.query import LogsQueryClient
from isodate import parse_duration

from fakecloud import Answer

WORKSPACE = "63613592-b6f7-4c3d-a390-22ba13102111"
SUBSCRIPTION = "00000001-5555-4555-8555-555555555555"
PLACE = ("soc-rg", "soc-ws")
RESOURCE = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/soc-rg/providers/Microsoft.OperationalInsights/workspaces/soc-ws"
SPAN = (datetime(2024, 1, 1, tzinfo=UTC), datetime(2024, 1, 2, tzinfo=UTC))
RULE = {
    "displayName": "My rule",
    "severity": "High",
    "enabled": True,
    "query": "Heartbeat",
    "queryFrequency": "PT1H",
    "queryPeriod": "PT2H",
    "triggerOperator": "GreaterThan",
    "triggerThreshold": 0,
    "suppressionDuration": "PT1H",
    "suppressionEnabled": False,
}

pytestmark = [
    # msrest and the older clients still call what Python has deprecated since.
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
]


@pytest.fixture
def session(azure, open_session):
    return open_session("usgov", ["devicecode"])


@pytest.fixture
def insights(session):
    """Give Microsoft's client of Sentinel, bound by hand to the session's cloud."""
    with SecurityInsights(
        session.credential,
        SUBSCRIPTION,
        base_url=session.cloud.resource_manager,
        credential_scopes=[session.cloud.scope("resource_manager")],
    ) as client:
        yield client


def services(azure):
    """Return what reached services, without a vault's challenge."""
    return [
        request
        for request in azure["usgov"].requests
        if not request.host.startswith("login.") and request.bearer
    ]


def wish(request):
    """Return the verb, the address and the body; names of kinds of things are read in any case."""
    return (
        request.method,
        request.host,
        request.path.rstrip("/").lower(),
        request.json if request.body else None,
    )


def test_a_query_is_the_one_that_the_query_client_sends(azure, session):
    """The same path, query and span of time."""
    with LogsQueryClient(session.credential, endpoint=session.cloud.log_analytics) as client:
        judged = client.query_workspace(WORKSPACE, "Heartbeat", timespan=SPAN)
    session.logs(WORKSPACE).query("Heartbeat", timespan=SPAN)
    theirs, ours = (wish(request) for request in services(azure))
    assert ours[:3] == theirs[:3]
    assert ours[3]["query"] == theirs[3]["query"]
    for body in (ours[3], theirs[3]):
        assert [datetime.fromisoformat(text) for text in body["timespan"].split("/")] == list(SPAN)
    assert judged.tables[0].rows[0][2] == 9007199254740993


def test_a_secret_is_the_one_that_the_vaults_client_reads_and_writes(azure, session):
    """Get, set and list: the same addresses, and each reads what the other wrote."""
    vault = session.secrets("contoso")
    with SecretClient("https://contoso.vault.usgovcloudapi.net", session.credential) as client:
        client.set_secret("theirs", "hush-1")
        vault.set("ours", "hush-2")
        assert vault.get("theirs").value == "hush-1"
        assert client.get_secret("ours").value == "hush-2"
        assert (
            sorted(each.name for each in client.list_properties_of_secrets()) == vault.list()["name"].tolist()
        )
    paths = [(request.method, request.path.rstrip("/")) for request in services(azure)]
    assert paths == [
        ("PUT", "/secrets/theirs"),
        ("PUT", "/secrets/ours"),
        ("GET", "/secrets/theirs"),
        ("GET", "/secrets/ours"),
        ("GET", "/secrets"),
        ("GET", "/secrets"),
    ]


def test_incidents_are_the_ones_that_the_typed_client_reads(azure, session, insights):
    """The same list, over all its pages."""
    azure["usgov"].incidents = 120
    theirs = [each.title for each in insights.incidents.list(*PLACE)]
    frame = session.sentinel(RESOURCE).incidents()
    assert frame["title"].tolist() == theirs
    requests = services(azure)
    assert [wish(request) for request in requests[:3]] == [wish(request) for request in requests[3:]]


def test_what_is_written_is_what_the_typed_client_writes(azure, session, insights):
    """An incident, a comment and a rule: path and JSON are the same."""
    sentinel = session.sentinel(RESOURCE)
    azure["usgov"].fault("PUT management", Answer(body={"kind": "Scheduled", "properties": {}}), times=9)
    insights.incidents.create_or_update(*PLACE, "i1", Incident(title="Odd", severity="High", status="New"))
    sentinel.create_incident("Odd", severity="High", name="i1")
    insights.incident_comments.create_or_update(*PLACE, "i1", "c1", IncidentComment(message="Seen"))
    sentinel.comment_incident("i1", "Seen", comment="c1")
    insights.alert_rules.create_or_update(*PLACE, "r1", scheduled_rule())
    sentinel.put_alert_rule("r1", "Scheduled", RULE)
    wishes = [wish(request) for request in services(azure)]
    assert wishes[1::2] == wishes[0::2]


def scheduled_rule():
    """Return `RULE` as the typed client has it."""
    return ScheduledAlertRule(
        display_name="My rule",
        severity="High",
        enabled=True,
        query="Heartbeat",
        query_frequency=timedelta(hours=1),
        query_period=timedelta(hours=2),
        trigger_operator="GreaterThan",
        trigger_threshold=0,
        suppression_duration=timedelta(hours=1),
        suppression_enabled=False,
    )


READS = {
    "bookmarks": (lambda c: c.bookmarks.list(*PLACE), lambda s: s.bookmarks(), "bookmarks_GetBookmarks", "GET"),
    "comments": (lambda c: c.incident_comments.list(*PLACE, "i"), lambda s: s.incident_comments("i"), "incidents_comments_GetAllIncidentComments", "GET"),
    "relations": (lambda c: c.incident_relations.list(*PLACE, "i"), lambda s: s.incident_relations("i"), "incidents_relations_GetAllIncidentRelations", "GET"),
    "alerts": (lambda c: c.incidents.list_alerts(*PLACE, "i").value, lambda s: s.incident_alerts("i"), "incidents_GetAllIncidentAlerts", "POST"),
    "entities": (lambda c: c.incidents.list_entities(*PLACE, "i").entities, lambda s: s.incident_entities("i"), "incidents_entities_GetAllIncidentEntities", "POST"),
    "marks": (lambda c: c.incidents.list_bookmarks(*PLACE, "i").value, lambda s: s.incident_bookmarks("i"), "incidents_GetAllIncidentBookmarks", "POST"),
    "rules": (lambda c: c.alert_rules.list(*PLACE), lambda s: s.alert_rules(), "alertRules_GetAllAlertRules", "GET"),
    "templates": (lambda c: c.alert_rule_templates.list(*PLACE), lambda s: s.alert_rule_templates(), "alertRuleTemplates_GetAlertRuleTemplates", "GET"),
    "actions": (lambda c: c.actions.list_by_alert_rule(*PLACE, "r"), lambda s: s.alert_rule_actions("r"), "actions_GetAllActionsByAlertRule", "GET"),
    "watchlists": (lambda c: c.watchlists.list(*PLACE), lambda s: s.watchlists(), "watchlists_GetWatchlists", "GET"),
    "items": (lambda c: c.watchlist_items.list(*PLACE, "w"), lambda s: s.watchlist_items("w"), "watchlists_GetWatchlistItems", "GET"),
    "connectors": (lambda c: c.data_connectors.list(*PLACE), lambda s: s.data_connectors(), "", "GET"),
    "automations": (lambda c: c.automation_rules.list(*PLACE), lambda s: s.automation_rules(), "", "GET"),
    "indicators": (lambda c: c.threat_intelligence_indicators.list(*PLACE), lambda s: s.indicators(), "", "GET"),
}  # fmt: skip


@pytest.mark.parametrize("kind", READS)
def test_what_is_read_is_what_the_typed_client_reads(kind, azure, session, insights, examples):
    """Verb and path are the same, and so are the names of the things in the recorded answer."""
    theirs, ours, name, verb = READS[kind]
    found = next(iter(sorted(examples.glob(f"securityinsights-*/{name}.json"))), None)
    told = json.loads(found.read_text())["responses"]["200"]["body"] if found else {"value": []}
    azure["usgov"].fault(f"{verb} management", Answer(body={**told, "nextLink": None}), times=2)
    judged, frame = list(theirs(insights)), ours(session.sentinel(RESOURCE))
    assert [each.name for each in judged] == frame["name"].tolist()
    one, other = (wish(request) for request in services(azure))
    assert one == other


def test_bookmarks_relations_and_watchlists_are_written_as_the_typed_client_writes_them(
    azure, session, insights
):
    """Path and JSON are the same; a watchlist's file has got a name of its own since that client."""
    sentinel = session.sentinel(RESOURCE)
    azure["usgov"].fault("PUT management", Answer(body={"properties": {}}), times=9)
    insights.bookmarks.create_or_update(*PLACE, "b1", Bookmark(display_name="Odd", query="T", labels=["x"], query_result="{}", notes="n"))  # fmt: skip
    sentinel.create_bookmark("Odd", "T", result="{}", notes="n", labels=["x"], name="b1")
    insights.incident_relations.create_or_update(*PLACE, "i1", "r1", Relation(related_resource_id="/x"))
    sentinel.relate_incident("i1", "/x", relation="r1")
    insights.watchlist_items.create_or_update(*PLACE, "w", "i1", WatchlistItem(items_key_value={"host": "a"}))
    sentinel.put_watchlist_item("w", {"host": "a"}, item="i1")
    *wishes, theirs, ours = [*map(wish, services(azure)), *uploads(azure, insights, sentinel)]
    assert wishes[1::2] == wishes[0::2]
    named = {"source": "hosts.csv", "sourceType": "Local file"}
    assert ours[:3] == theirs[:3]
    assert ours[3]["properties"] == {**theirs[3]["properties"], **named}


def uploads(azure, insights, sentinel):
    """Upload the same watchlist with both; return both wishes."""
    before = len(services(azure))
    content = 'host,note\na,"x, y"\nb,\n'
    insights.watchlists.create_or_update(
        *PLACE,
        "hosts",
        Watchlist(
            display_name="Hosts",
            description="ours",
            provider="huntbook",
            source="Local file",
            items_search_key="host",
            content_type="text/csv",
            number_of_lines_to_skip=0,
            raw_content=content,
        ),
    )
    frame = pd.DataFrame({"host": ["a", "b"], "note": ["x, y", None]})
    sentinel.upload_watchlist("hosts", frame, key="host", title="Hosts", description="ours")
    return [wish(request) for request in services(azure)[before:]]


def test_a_rule_that_is_created_is_the_typed_clients(azure, session, insights):
    """Its times are the same lengths; the rest of the JSON is the same."""
    azure["usgov"].fault("PUT management", Answer(body={"kind": "Scheduled", "properties": {}}), times=2)
    rule = scheduled_rule()
    rule.description, rule.tactics = "why", ["Execution"]
    insights.alert_rules.create_or_update(*PLACE, "r1", rule)
    session.sentinel(RESOURCE).create_alert_rule(
        "My rule",
        "Heartbeat",
        severity="High",
        description="why",
        tactics=["Execution"],
        every=timedelta(hours=1),
        period=timedelta(hours=2),
        name="r1",
    )
    theirs, ours = (wish(request) for request in services(azure))
    assert ours[:3] == theirs[:3]
    lengths = ("queryFrequency", "queryPeriod", "suppressionDuration")
    for told in (theirs[3]["properties"], ours[3]["properties"]):
        told |= {key: parse_duration(told[key]) for key in lengths}
    assert ours[3] == theirs[3]


def test_a_graph_query_is_the_one_that_the_typed_client_sends(azure, session):
    """The same path and query; and the typed client reads the fake's answer as we do."""
    with ResourceGraphClient(
        session.credential,
        base_url=session.cloud.resource_manager,
        credential_scopes=[session.cloud.scope("resource_manager")],
    ) as client:
        judged = client.resources(QueryRequest(query="resources | project id, name"))
    frame = session.graph.query("resources | project id, name")
    theirs, ours = (wish(request) for request in services(azure)[:2])
    assert ours[:3] == theirs[:3]
    assert ours[3]["query"] == theirs[3]["query"]
    assert judged.data == frame.head(judged.count).to_dict("records")
    assert judged.total_records == frame.attrs["huntbook"]["total"]
