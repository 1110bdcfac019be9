from __future__ import annotations

import time

import pytest

from fakecloud import Answer
from huntbook.azure.graph import STOCK_QUERIES
from huntbook.azure.workspaces import Workspace
from huntbook.errors import (
    CancelledError,
    ForeignHostError,
    OptionError,
    PartialResultWarning,
    UnknownWorkspaceError,
)

WORKSPACE = "63613592-b6f7-4c3d-a390-22ba13102111"
RESOURCE = (
    "/subscriptions/00000001-5555-4555-8555-555555555555/resourceGroups/soc-rg"
    "/providers/Microsoft.OperationalInsights/workspaces/soc-ws"
)


@pytest.fixture
def graph(azure, open_session):
    return open_session("usgov", ["devicecode"]).graph


def bodies(azure):
    return [request.json for request in azure["usgov"].requests if "resourcegraph" in request.path.lower()]


def test_twenty_five_thousand_rows_come_whole_once_each(azure, graph, figures):
    """Every page is asked for by the service's own token; no row is lost and none comes twice."""
    azure["usgov"].resources = 25_000
    start = time.perf_counter()
    frame = graph.query("resources | project id, name")
    figures(
        f"{len(frame):,} Resource Graph rows in {len(bodies(azure))} pages: {time.perf_counter() - start:.1f} s"
    )
    assert len(frame) == frame["id"].nunique() == 25_000
    assert frame.attrs["huntbook"] == {"partial": False, "total": 25_000}
    assert len(bodies(azure)) == 25


def test_the_recorded_pages_are_followed(azure, graph, example):
    """Microsoft's own first and next page: the second request carries the first answer's token."""
    names = ("ResourcesFirstPageQuery", "ResourcesNextPageQuery")
    pages = [
        example(f"resourcegraph-2021-06-01-preview/{name}.json")["responses"]["200"]["body"] for name in names
    ]
    azure["usgov"].fault("ResourceGraph", Answer(body=pages[0]))
    azure["usgov"].fault("ResourceGraph", Answer(body={**pages[1], "$skipToken": None}))
    frame = graph.query("Resources | where name contains 'test' | project id, name, type, location")
    assert frame.to_dict("records") == pages[0]["data"] + pages[1]["data"]
    assert bodies(azure)[1]["options"]["$skipToken"] == pages[0]["$skipToken"]
    assert frame.attrs["huntbook"]["total"] == 386


def test_places_are_named_or_left_open(azure, graph):
    """Many subscriptions are asked for in groups; management groups stand alone; nothing means everything."""
    azure["usgov"].resources = 1
    many = [f"s{number}" for number in range(301)]
    graph.query("resources", subscriptions=many)
    graph.query("resources", management_groups=["soc"])
    graph.query("resources")
    first, second, third, fourth = bodies(azure)
    assert first["subscriptions"] + second["subscriptions"] == many
    assert third["managementGroups"] == ["soc"]
    assert set(fourth) == {"query", "options"}
    with pytest.raises(OptionError, match="not both"):
        graph.query("resources", subscriptions=["s"], management_groups=["m"])


def test_an_answer_that_was_cut_is_told(azure, graph):
    """Without an id column the service can't page: the frame says so, and a warning too."""
    body = {"totalRecords": 5000, "count": 1, "resultTruncated": "true", "data": [{"n": 1}]}
    azure["usgov"].fault("ResourceGraph", Answer(body=body))
    with pytest.warns(PartialResultWarning, match="Keep the column 'id'"):
        frame = graph.query("resources | project name")
    assert frame.attrs["huntbook"] == {"partial": True, "total": 5000}


def test_a_used_up_quota_is_waited_for(azure, graph):
    """When nothing is left of the quota, the next page waits as long as the service says."""
    headers = {"x-ms-user-quota-remaining": "0", "x-ms-user-quota-resets-after": "00:00:01"}
    page = {"totalRecords": 2, "count": 1, "resultTruncated": "false", "data": [{"id": 1}]}
    azure["usgov"].fault("ResourceGraph", Answer(body={**page, "$skipToken": "t"}, headers=headers))
    azure["usgov"].fault("ResourceGraph", Answer(body=page))
    start = time.monotonic()
    assert len(graph.query("resources")) == 2
    assert time.monotonic() - start > 0.9


@pytest.mark.parametrize("name", sorted(STOCK_QUERIES))
def test_stock_queries_are_called_by_name(name, azure, graph):
    """The name sends the query that it stands for."""
    graph.query(name)
    assert bodies(azure)[0]["query"] == STOCK_QUERIES[name]


@pytest.mark.parametrize(
    "text",
    [
        WORKSPACE,
        "soc-ws",
        RESOURCE,
        RESOURCE.lower(),
        f"https://portal.azure.us/#@contoso/resource{RESOURCE}/Overview",
    ],
)
def test_a_workspaces_details_are_found_by_whatever_is_at_hand(text, graph):
    """An id, a name, a resource id or a portal address lead to the same workspace."""
    found = graph.workspace(text)
    assert (found.workspace_id, found.resource_group, found.name) == (WORKSPACE, "soc-rg", "soc-ws")
    assert found.resource_id == RESOURCE
    assert isinstance(found, Workspace)


def test_a_name_is_a_literal_in_the_query(azure, graph):
    """A workspace's name with quotes in it stays a text."""
    graph.workspace('x" or 1 == 1 //')
    assert bodies(azure)[0]["query"].endswith('| where name =~ "x\\" or 1 == 1 //"')


def test_a_workspace_that_is_not_seen_is_told(azure, graph):
    """None, or several of that name: the message says what helps."""
    body = {"totalRecords": 0, "count": 0, "resultTruncated": "false", "data": []}
    azure["usgov"].fault("ResourceGraph", Answer(body=body))
    with pytest.raises(UnknownWorkspaceError, match="sees 0 workspaces with that name"):
        graph.workspace("none")
    with pytest.raises(ForeignHostError):
        graph.workspace(f"https://portal.azure.com/#resource{RESOURCE}")


def test_what_is_wrong_is_said_whole(azure, graph):
    """Two kinds of place at once, an answer that was cut, and a workspace that nobody sees."""
    with pytest.raises(OptionError) as caught:
        graph.query("resources", subscriptions=["s"], management_groups=["m"])
    assert str(caught.value) == "Give subscriptions or management_groups, not both."
    cut = {"totalRecords": 5000, "count": 1, "resultTruncated": "true", "data": [{"n": 1}]}
    azure["usgov"].fault("ResourceGraph", Answer(body=cut))
    with pytest.warns(PartialResultWarning) as told:
        graph.query("resources | project name")
    assert str(told[0].message) == (
        "The answer is not complete: the service cut it. Keep the column 'id' in the query, so that it can page."
    )
    azure["usgov"].fault("ResourceGraph", Answer(body={"totalRecords": 0, "count": 0, "data": []}))
    with pytest.raises(UnknownWorkspaceError) as unseen:
        graph.workspace("none")
    assert str(unseen.value) == (
        "workspace='none': the identity sees 0 workspaces with that name. Give the resource id, and check that it has "
        "the role Reader there."
    )


def test_a_wait_for_the_quota_can_be_given_up(azure, graph):
    """The Cancel button sets an event: nobody waits out a minute for what nobody wants any more."""
    headers = {"x-ms-user-quota-remaining": "0", "x-ms-user-quota-resets-after": "00:01:00"}
    page = {"totalRecords": 2, "count": 1, "data": [{"id": 1}], "$skipToken": "t"}
    azure["usgov"].fault("ResourceGraph", Answer(body=page, headers=headers))
    with graph._arm.progress("Resource Graph", unit="rows") as progress:
        pages = graph._pages("resources", {}, progress)
        assert len(next(pages)["data"]) == 1
        progress.cancelled.set()
        with pytest.raises(CancelledError):
            next(pages)
    assert len(bodies(azure)) == 1
