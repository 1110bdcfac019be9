from __future__ import annotations

import time
from datetime import timedelta
from io import StringIO

import pandas as pd
import pytest

from fakecloud import Answer
from huntbook.azure.arm import API_VERSIONS
from huntbook.azure.sentinel_items import items_frame
from huntbook.errors import ColumnNotFoundError, OptionError, ServiceError

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


def test_five_thousand_incidents_come_whole_once_each(azure, sentinel, figures):
    """Every page is followed."""
    azure["usgov"].incidents = 5000
    start = time.perf_counter()
    frame = sentinel.incidents()
    figures(f"{len(frame):,} incidents in {len(sent(azure))} pages: {time.perf_counter() - start:.1f} s")
    assert frame["incident_number"].tolist() == list(range(1, 5001))
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


def test_a_near_real_time_rule_has_no_times(azure, sentinel):
    """It runs each minute over what came in, and goes by a version of the API that knows its kind."""
    azure["usgov"].fault("PUT management", Answer(status=201, body={}))
    sentinel.create_alert_rule(
        "Odd login", "SigninLogs | where Risk == 'high'", kind="NRT", tactics=["InitialAccess"]
    )
    (request,) = sent(azure)
    assert request.query == {"api-version": API_VERSIONS["alert_rules"]}
    assert request.json == {
        "kind": "NRT",
        "properties": {
            "displayName": "Odd login",
            "description": "",
            "enabled": True,
            "query": "SigninLogs | where Risk == 'high'",
            "severity": "Medium",
            "tactics": ["InitialAccess"],
            "suppressionEnabled": False,
            "suppressionDuration": "PT1H",
        },
    }


def test_a_scheduled_rule_must_not_miss_rows(sentinel):
    """Looking back less far than it runs is refused, as are words that the service does not take."""
    hour = timedelta(hours=1)
    with pytest.raises(OptionError) as caught:
        sentinel.create_alert_rule("x", "T", every=2 * hour, period=hour)
    assert str(caught.value) == (
        "period=1:00:00 is shorter than every=2:00:00, so the rule would miss rows. Look back at least as far."
    )
    for wrong in ({"kind": "Fusion"}, {"severity": "Hgh"}):
        with pytest.raises(OptionError, match="is not known"):
            sentinel.create_alert_rule("x", "T", **wrong)


def test_questions_by_post_are_repeated_when_the_service_fails(azure, sentinel):
    """They change nothing, so a 503 is no reason to give up."""
    busy = Answer(status=503, headers={"Retry-After": "0.01"})
    azure["usgov"].fault("/alerts", busy)
    azure["usgov"].fault("/alerts", Answer(body={"value": []}))
    assert sentinel.incident_alerts("i").empty
    assert len(sent(azure)) == 2


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


def test_a_watchlist_is_uploaded_in_one_request(azure, sentinel):
    """The frame becomes CSV without its index, which other readers read as the same rows."""
    azure["usgov"].fault("PUT management", Answer(status=201, body={}))
    frame = pd.DataFrame({"host, name": ["a", 'b"c', None], "tier": [1, 2, 3]}, index=[7, 8, 9])
    sentinel.upload_watchlist("assets", frame, key="tier")
    about = sent(azure)[0].json["properties"]
    assert pd.read_csv(StringIO(about["rawContent"])).equals(frame.reset_index(drop=True))
    assert (about["displayName"], about["itemsSearchKey"]) == ("assets", "tier")
    with pytest.raises(ColumnNotFoundError, match="Did you mean 'tier'"):
        sentinel.upload_watchlist("assets", frame, key="teir")


def test_a_watchlist_that_is_too_big_is_refused_before_it_is_sent(azure, sentinel):
    """With its size, the limit and the way around it."""
    frame = pd.DataFrame({"a": ["x" * 1000] * 4000})
    with pytest.raises(OptionError) as caught:
        sentinel.upload_watchlist("assets", frame, key="a")
    assert str(caught.value) == (
        "4,000 rows are 4.0 MB as CSV, and the service takes 3.8 MB at once. Upload the first of them and give the "
        "others to add_watchlist_items()."
    )
    assert sent(azure) == []


def test_indicators_come_with_their_pattern(azure, sentinel):
    """Over all pages; each property of an indicator is a column, its times are UTC."""
    about = {
        "displayName": "bad host",
        "pattern": "[ipv4-addr:value = '203.0.113.77']",
        "patternType": "ipv4-addr",
        "validFrom": "2024-01-01T00:00:00Z",
        "labels": [],
        "confidence": 80,
        "threatTypes": ["malicious-activity"],
    }
    thing = {"name": "t1", "kind": "indicator", "properties": about}
    link = f"https://management.usgovcloudapi.net{ROOT}/threatIntelligence/main/indicators?api-version=x&$skipToken=2"
    azure["usgov"].fault("/indicators", Answer(body={"value": [thing], "nextLink": link}))
    azure["usgov"].fault("/indicators", Answer(body={"value": [{**thing, "name": "t2"}]}))
    frame = sentinel.indicators()
    assert frame["name"].tolist() == ["t1", "t2"]
    assert frame.loc[0, ["pattern", "confidence"]].tolist() == [about["pattern"], 80]
    assert frame["valid_from"].tolist() == [pd.Timestamp("2024-01-01", tz="UTC")] * 2


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
