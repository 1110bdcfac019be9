"""What the fake Azure keeps and refuses, as far as people and other tests lean on it."""

from __future__ import annotations

import pytest

from huntbook.errors import ServiceError

WORKSPACE = "63613592-b6f7-4c3d-a390-22ba13102111"


@pytest.fixture
def session(azure, open_session):
    return open_session("usgov", ["devicecode"])


@pytest.mark.parametrize(
    "step", ["summarize count() by Computer", "where Computer contains 'x'", "where Nothing == 1"]
)
def test_a_query_that_is_not_understood_is_an_error(step, session):
    """Nobody takes a query that was not run for an answer."""
    with pytest.raises(ServiceError, match="The fake reads only where with == and in, take, and count"):
        session.logs(WORKSPACE).query(f"SecurityEvent | {step}")


def test_the_story_is_filtered_by_what_is_asked(session):
    """By parameters and by lists; a count is that of the rows."""
    logs = session.logs(WORKSPACE)
    every = logs.query("SecurityEvent")
    query = "SecurityEvent | where Computer == host and EventID in (4688, 4689)"
    found = logs.query(query, host="host-0002")
    assert len(found) == (every["Computer"] == "host-0002").sum() > 100
    assert logs.query(f"{query} | count", host="host-0002").iloc[0, 0] == len(found)
    assert len(logs.query("SecurityEvent | take 3")) == 3


def test_a_change_by_somebody_else_is_refused(session):
    """An incident has an etag that each change moves on, so an old one is told and nothing is lost."""
    sentinel = session.sentinel(WORKSPACE)
    before = sentinel.incident("i0")
    sentinel.assign_incident("i0", "a@contoso.example")
    sentinel.close_incident("i0", classification="TruePositive")
    about = sentinel.incident("i0")["properties"]
    assert (about["status"], about["owner"]["userPrincipalName"]) == ("Closed", "a@contoso.example")
    with pytest.raises(ServiceError, match="read it again and repeat"):
        sentinel.put_incident("i0", before["properties"], etag=before["etag"])


def test_comments_and_what_hangs_on_an_incident_are_there(session):
    """As in the portal: who it is about, which alert it came from, and what people wrote."""
    sentinel = session.sentinel(WORKSPACE)
    sentinel.comment_incident("i0", "seen")
    assert sentinel.incident_comments("i0")["message"].tolist() == ["seen"]
    assert sentinel.incident_entities("i0")["host_name"].tolist() == ["host-0002"]
    assert sentinel.incident_alerts("i0")["alert_display_name"].tolist() == ["Shadow copies deleted"]
    newest = sentinel.incidents(order="properties/createdTimeUtc desc")["created_time_utc"]
    assert newest.is_monotonic_decreasing
