from __future__ import annotations

import re
import time

import pandas as pd
import pytest

from fakecloud import Answer
from huntbook.azure.arm import API_VERSIONS
from huntbook.azure.sentinel_items import items_frame
from huntbook.errors import OptionError, ServiceError

GROUP = "/subscriptions/d0cfe6b2-9ac0-4464-9919-dccaee2e48c0/resourceGroups/myRg"
RESOURCE = f"{GROUP}/providers/Microsoft.OperationalInsights/workspaces/myWorkspace"
ROOT = f"{RESOURCE}/providers/Microsoft.SecurityInsights"
INCIDENT = "73e01a99-5cd7-4139-a149-9f2736ff2ab5"
RULE = "73e01a99-5cd7-4139-a149-9f2736ff2ab5"
PREVIEW = "securityinsights-2021-03-01-preview"


@pytest.fixture
def sentinel(azure, open_session):
    return open_session("usgov", ["devicecode"]).sentinel(RESOURCE)


def sent(azure):
    """Return the requests to the Resource Manager."""
    return [request for request in azure["usgov"].requests if request.host.startswith("management.")]


# What is called, the verb and the path that must be sent, and the recorded answer.
READS = [
    (lambda s: s.incidents(), "GET", "/incidents", f"{PREVIEW}/incidents_GetIncidents.json"),
    (lambda s: s.incidents(), "GET", "/incidents", "securityinsights-2020-01-01/incidents_GetIncidents.json"),
    (lambda s: s.incident_alerts(INCIDENT), "POST", f"/incidents/{INCIDENT}/alerts", f"{PREVIEW}/incidents_GetAllIncidentAlerts.json"),
    (lambda s: s.incident_bookmarks(INCIDENT), "POST", f"/incidents/{INCIDENT}/bookmarks", f"{PREVIEW}/incidents_GetAllIncidentBookmarks.json"),
    (lambda s: s.incident_entities(INCIDENT), "POST", f"/incidents/{INCIDENT}/entities", f"{PREVIEW}/incidents_entities_GetAllIncidentEntities.json"),
    (lambda s: s.incident_comments(INCIDENT), "GET", f"/incidents/{INCIDENT}/comments", f"{PREVIEW}/incidents_comments_GetAllIncidentComments.json"),
    (lambda s: s.alert_rules(), "GET", "/alertRules", f"{PREVIEW}/alertRules_GetAllAlertRules.json"),
    (lambda s: s.alert_rule_templates(), "GET", "/alertRuleTemplates", f"{PREVIEW}/alertRuleTemplates_GetAlertRuleTemplates.json"),
    (lambda s: s.bookmarks(), "GET", "/bookmarks", "securityinsights-2020-01-01/bookmarks_GetBookmarks.json"),
    (lambda s: s.watchlists(), "GET", "/watchlists", f"{PREVIEW}/watchlists_GetWatchlists.json"),
    (lambda s: s.watchlist_items("highValueAsset"), "GET", "/watchlists/highValueAsset/watchlistItems", f"{PREVIEW}/watchlists_GetWatchlistItems.json"),
]  # fmt: skip


@pytest.mark.parametrize(("call", "verb", "path", "name"), READS)
def test_each_recorded_list_comes_value_by_value(call, verb, path, name, azure, sentinel, example):
    """Every thing and every property of Microsoft's own example is in the frame; verb and path are the example's."""
    body = {
        key: value for key, value in example(name)["responses"]["200"]["body"].items() if key != "nextLink"
    }
    azure["usgov"].fault(f"{verb} management", Answer(body=body))
    frame = call(sentinel)
    things = body.get("value") or body["entities"]
    assert str(sent(azure)[0]) == f"{verb} management.usgovcloudapi.net{ROOT}{path}"
    assert frame["name"].tolist() == [thing.get("name") for thing in things]
    for row, thing in zip(frame.to_dict("records"), things, strict=True):
        for key, value in thing["properties"].items():
            found = row[re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", key).lower()]
            found = None if isinstance(found, float) and pd.isna(found) else found
            assert found == (pd.Timestamp(value) if isinstance(found, pd.Timestamp) else value), key


GETS = [
    (lambda s: s.incident(INCIDENT), f"/incidents/{INCIDENT}", f"{PREVIEW}/incidents_GetIncidentById.json"),
    (lambda s: s.alert_rule(RULE), f"/alertRules/{RULE}", f"{PREVIEW}/alertRules_GetScheduledAlertRule.json"),
]


@pytest.mark.parametrize(("call", "path", "name"), GETS)
def test_each_recorded_thing_comes_as_it_is(call, path, name, azure, sentinel, example):
    """A get gives the thing as the service tells it."""
    body = example(name)["responses"]["200"]["body"]
    azure["usgov"].fault("GET management", Answer(body=body))
    assert call(sentinel) == body
    assert str(sent(azure)[0]) == f"GET management.usgovcloudapi.net{ROOT}{path}"


# What is called with the example's parameters, the path, the example, and where it keeps its body.
WRITES = [
    (lambda s, p, b: s.put_incident(p["incidentId"], b["properties"], etag=b["etag"]), "/incidents/{incidentId}", f"{PREVIEW}/incidents_CreateIncident.json", "incident"),
    (lambda s, p, b: s.comment_incident(p["incidentId"], b["properties"]["message"], comment=p["incidentCommentId"]), "/incidents/{incidentId}/comments/{incidentCommentId}", f"{PREVIEW}/incidents_comments_CreateIncidentComment.json", "incidentComment"),
    (lambda s, p, b: s.relate_incident(p["incidentId"], b["properties"]["relatedResourceId"], relation=p["relationName"]), "/incidents/{incidentId}/relations/{relationName}", f"{PREVIEW}/incidents_relations_CreateIncidentRelation.json", "relation"),
    (lambda s, p, b: s.put_alert_rule(p["ruleId"], b["kind"], b["properties"], etag=b["etag"]), "/alertRules/{ruleId}", f"{PREVIEW}/alertRules_CreateScheduledAlertRule.json", "alertRule"),
    (lambda s, p, b: s.put_alert_rule(p["ruleId"], b["kind"], b["properties"], etag=b["etag"]), "/alertRules/{ruleId}", f"{PREVIEW}/alertRules_CreateFusionAlertRule.json", "alertRule"),
    (lambda s, p, b: s.put_bookmark(b["properties"], name=p["bookmarkId"], etag=b["etag"]), "/bookmarks/{bookmarkId}", "securityinsights-2020-01-01/bookmarks_CreateBookmark.json", "bookmark"),
    (lambda s, p, b: s.put_watchlist(p["watchlistAlias"], b["properties"], etag=b["etag"]), "/watchlists/{watchlistAlias}", f"{PREVIEW}/watchlists_CreateWatchlistAndWatchlistItems.json", "watchlist"),
    (lambda s, p, b: s.put_watchlist_item(p["watchlistAlias"], b["properties"]["itemsKeyValue"], item=p["watchlistItemId"], etag=b["etag"]), "/watchlists/{watchlistAlias}/watchlistItems/{watchlistItemId}", f"{PREVIEW}/watchlists_CreateWatchlistItem.json", "watchlistItem"),
]  # fmt: skip


@pytest.mark.parametrize(("call", "path", "name", "key"), WRITES)
def test_each_write_sends_the_recorded_body(call, path, name, key, azure, sentinel, example):
    """The JSON that is sent is the example's, to the example's path."""
    recorded = example(name)
    parameters, answer = recorded["parameters"], recorded["responses"]["200"]["body"]
    azure["usgov"].fault("PUT management", Answer(body=answer))
    assert call(sentinel, parameters, parameters[key]) == answer
    (request,) = sent(azure)
    assert str(request) == f"PUT management.usgovcloudapi.net{ROOT}{path.format(**parameters)}"
    assert request.json == parameters[key]


DELETES = [
    (lambda s: s.delete_incident(INCIDENT), f"/incidents/{INCIDENT}"),
    (lambda s: s.delete_alert_rule(RULE), f"/alertRules/{RULE}"),
    (lambda s: s.delete_bookmark("b"), "/bookmarks/b"),
    (lambda s: s.delete_watchlist("w"), "/watchlists/w"),
]


@pytest.mark.parametrize(("call", "path"), DELETES)
@pytest.mark.parametrize("status", [200, 204])
def test_a_delete_goes_to_its_path(status, call, path, azure, sentinel):
    """Both answers that the service gives are fine, also the one without a body."""
    azure["usgov"].fault("DELETE management", Answer(status=status))
    assert call(sentinel) is None
    assert str(sent(azure)[0]) == f"DELETE management.usgovcloudapi.net{ROOT}{path}"


def test_five_thousand_incidents_come_whole_once_each(azure, sentinel, figures):
    """Every page is followed."""
    azure["usgov"].incidents = 5000
    start = time.perf_counter()
    frame = sentinel.incidents()
    figures(f"{len(frame):,} incidents in {len(sent(azure))} pages: {time.perf_counter() - start:.1f} s")
    assert frame["incident_number"].tolist() == list(range(5000))
    assert str(frame["created_time_utc"].dt.tz) == "UTC"


def test_filter_and_order_go_into_the_request(azure, sentinel):
    """The service filters, not the notebook."""
    sentinel.incidents(where="properties/status eq 'New'", order="properties/createdTimeUtc desc")
    assert sent(azure)[0].query["$filter"] == "properties/status eq 'New'"
    assert sent(azure)[0].query["$orderby"] == "properties/createdTimeUtc desc"


def test_an_update_keeps_what_it_does_not_name(azure, sentinel, example):
    """The incident is read, changed and written with its etag; nothing is lost and the caller's dict is untouched."""
    found = example(f"{PREVIEW}/incidents_GetIncidentById.json")["responses"]["200"]["body"]
    azure["usgov"].fault("GET management", Answer(body=found), times=9)
    azure["usgov"].fault("PUT management", Answer(body=found), times=9)
    changes = {"severity": "Low"}
    sentinel.update_incident(INCIDENT, changes)
    body = sent(azure)[-1].json
    assert changes == {"severity": "Low"}
    assert body["etag"] == found["etag"]
    kept = {key for key in found["properties"] if key != "severity"} & set(body["properties"])
    assert {"title", "status", "owner", "description"} <= kept
    assert all(body["properties"][key] == found["properties"][key] for key in kept)
    assert "additionalData" not in body["properties"]
    sentinel.close_incident(INCIDENT, classification="TruePositive", comment="seen")
    assert sent(azure)[-1].json["properties"]["status"] == "Closed"
    sentinel.assign_incident(INCIDENT, "a@contoso.example")
    assert sent(azure)[-1].json["properties"]["owner"] == {"userPrincipalName": "a@contoso.example"}


def test_a_change_in_between_is_an_error_and_not_lost(azure, sentinel, example):
    """The service refuses an old etag; the message says to read again."""
    found = example(f"{PREVIEW}/incidents_GetIncidentById.json")["responses"]["200"]["body"]
    azure["usgov"].fault("GET management", Answer(body=found))
    azure["usgov"].fault(
        "PUT management",
        Answer(status=412, body={"error": {"code": "PreconditionFailed", "message": "etag"}}),
    )
    with pytest.raises(ServiceError, match="read it again and repeat") as caught:
        sentinel.update_incident(INCIDENT, {"severity": "Low"})
    assert caught.value.status == 412


def test_a_rule_is_turned_off_and_otherwise_left(azure, sentinel, example):
    """Only `enabled` differs from what was read."""
    found = example(f"{PREVIEW}/alertRules_GetScheduledAlertRule.json")["responses"]["200"]["body"]
    azure["usgov"].fault("GET management", Answer(body=found))
    azure["usgov"].fault("PUT management", Answer(body=found))
    sentinel.enable_alert_rule(RULE, enabled=False)
    body = sent(azure)[-1].json
    expected = {**found["properties"], "enabled": False}
    del expected["lastModifiedUtc"]
    assert body == {"properties": expected, "etag": found["etag"], "kind": "Scheduled"}


def test_a_new_incident_gets_an_id(azure, sentinel):
    """Title, severity and status are sent; words that the service does not take are refused here."""
    azure["usgov"].fault("PUT management", Answer(status=201, body={}))
    sentinel.create_incident("Odd login", severity="High")
    assert sent(azure)[0].json == {"properties": {"title": "Odd login", "severity": "High", "status": "New"}}
    for refused in (
        lambda: sentinel.create_incident("x", severity="Hgh"),
        lambda: sentinel.close_incident("x", classification="TruePositiv"),
        lambda: sentinel.put_alert_rule("x", "Sheduled", {}),
    ):
        with pytest.raises(OptionError, match="Did you mean"):
            refused()


def test_a_bookmark_is_expanded(azure, sentinel):
    """The question and the times go to the bookmark's own path; its graph comes back."""
    graph = {"entities": [{"name": "host"}], "edges": []}
    azure["usgov"].fault("/expand", Answer(body={"metaData": {}, "value": graph}))
    span = (
        pd.Timestamp("2024-01-01T00:00Z").to_pydatetime(),
        pd.Timestamp("2024-01-02T00:00Z").to_pydatetime(),
    )
    assert sentinel.expand_bookmark("b", "27f76e63-c41b-480f-bb18-12ad2e011d49", timespan=span) == graph
    (request,) = sent(azure)
    assert str(request) == f"POST management.usgovcloudapi.net{ROOT}/bookmarks/b/expand"
    assert request.query == {"api-version": API_VERSIONS["bookmark_expansion"]}
    assert request.json == {
        "expansionId": "27f76e63-c41b-480f-bb18-12ad2e011d49",
        "startTime": "2024-01-01T00:00:00.000000Z",
        "endTime": "2024-01-02T00:00:00.000000Z",
    }


def test_hunting_queries_are_the_saved_ones_of_that_category(azure, sentinel):
    """The saved searches lie beside Sentinel, in the workspace."""
    searches = [
        {"name": "a", "properties": {"category": "Hunting Queries"}},
        {"name": "b", "properties": {"category": "x"}},
    ]
    azure["usgov"].fault("/savedSearches", Answer(body={"value": searches}), times=2)
    assert sentinel.saved_queries()["name"].tolist() == ["a", "b"]
    assert sentinel.hunting_queries()["name"].tolist() == ["a"]
    assert sent(azure)[0].path == f"{RESOURCE}/savedSearches"


def test_rows_become_watchlist_items(azure, sentinel):
    """Each row is one item; missing values are empty text."""
    azure["usgov"].fault("PUT management", Answer(body={}), times=9)
    frame = pd.DataFrame({"host": ["a", None, "c"], "tier": [1, 2, 3]})
    assert sentinel.add_watchlist_items("assets", frame) == 3
    values = [request.json["properties"]["itemsKeyValue"] for request in sent(azure)]
    assert sorted(values, key=lambda value: value["tier"]) == [
        {"host": "a", "tier": "1"},
        {"host": "", "tier": "2"},
        {"host": "c", "tier": "3"},
    ]


def test_nothing_there_is_an_empty_frame(azure, sentinel):
    """A new workspace has no connectors, rules or indicators, and every list says so in the same way."""
    azure["usgov"].fault("GET management", Answer(body={"value": []}), times=3)
    for found in (sentinel.data_connectors(), sentinel.automation_rules(), sentinel.indicators()):
        assert found.empty
        assert list(found.columns) == list(items_frame([]).columns)


def test_a_workspace_of_which_only_the_id_is_known_is_looked_up(azure, open_session):
    """Resource Graph tells where it lies."""
    session = open_session("usgov", ["devicecode"])
    sentinel = session.sentinel("63613592-b6f7-4c3d-a390-22ba13102111")
    assert len(sentinel.incidents()) == 7
    assert sent(azure)[-1].path.startswith(
        "/subscriptions/00000001-5555-4555-8555-555555555555/resourceGroups/soc-rg/"
    )
