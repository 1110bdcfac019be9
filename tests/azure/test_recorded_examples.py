"""Microsoft's own example of each operation: the request that it shows is sent, and each value of its answer comes."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest

from fakecloud import Answer

GROUP = "/subscriptions/d0cfe6b2-9ac0-4464-9919-dccaee2e48c0/resourceGroups/myRg"
RESOURCE = f"{GROUP}/providers/Microsoft.OperationalInsights/workspaces/myWorkspace"
ROOT = f"{RESOURCE}/providers/Microsoft.SecurityInsights"
ID = "73e01a99-5cd7-4139-a149-9f2736ff2ab5"
STABLE = "securityinsights-2020-01-01"
PREVIEW = "securityinsights-2021-03-01-preview"
SEARCHES = "loganalytics-mgmt-2020-08-01"


@pytest.fixture
def sentinel(azure, open_session):
    return open_session("usgov", ["devicecode"]).sentinel(RESOURCE)


def only(azure):
    """Return the one request to the Resource Manager."""
    (request,) = [request for request in azure["usgov"].requests if request.host.startswith("management.")]
    return request


def address(verb, path):
    """Return how a request is shown; saved searches lie beside Sentinel, in the workspace."""
    return (
        f"{verb} management.usgovcloudapi.net{RESOURCE if path.startswith('/savedSearches') else ROOT}{path}"
    )


def spelled(key):
    """Return the column of a property."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", key).lower()


# What is called, the verb and the path that must be sent, and the example.
LISTS = [
    (lambda s: s.incidents(), "GET", "/incidents", f"{PREVIEW}/incidents_GetIncidents.json"),
    (lambda s: s.incidents(), "GET", "/incidents", f"{STABLE}/incidents_GetIncidents.json"),
    (lambda s: s.incident_alerts(ID), "POST", f"/incidents/{ID}/alerts", f"{PREVIEW}/incidents_GetAllIncidentAlerts.json"),
    (lambda s: s.incident_bookmarks(ID), "POST", f"/incidents/{ID}/bookmarks", f"{PREVIEW}/incidents_GetAllIncidentBookmarks.json"),
    (lambda s: s.incident_entities(ID), "POST", f"/incidents/{ID}/entities", f"{PREVIEW}/incidents_entities_GetAllIncidentEntities.json"),
    (lambda s: s.incident_comments(ID), "GET", f"/incidents/{ID}/comments", f"{PREVIEW}/incidents_comments_GetAllIncidentComments.json"),
    (lambda s: s.incident_comments(ID), "GET", f"/incidents/{ID}/comments", f"{STABLE}/incidents_comments_GetAllIncidentComments.json"),
    (lambda s: s.incident_relations(ID), "GET", f"/incidents/{ID}/relations", f"{PREVIEW}/incidents_relations_GetAllIncidentRelations.json"),
    (lambda s: s.alert_rules(), "GET", "/alertRules", f"{PREVIEW}/alertRules_GetAllAlertRules.json"),
    (lambda s: s.alert_rules(), "GET", "/alertRules", f"{STABLE}/alertRules_GetAllAlertRules.json"),
    (lambda s: s.alert_rule_actions(ID), "GET", f"/alertRules/{ID}/actions", f"{PREVIEW}/actions_GetAllActionsByAlertRule.json"),
    (lambda s: s.alert_rule_templates(), "GET", "/alertRuleTemplates", f"{PREVIEW}/alertRuleTemplates_GetAlertRuleTemplates.json"),
    (lambda s: s.bookmarks(), "GET", "/bookmarks", f"{STABLE}/bookmarks_GetBookmarks.json"),
    (lambda s: s.watchlists(), "GET", "/watchlists", f"{PREVIEW}/watchlists_GetWatchlists.json"),
    (lambda s: s.watchlist_items("highValueAsset"), "GET", "/watchlists/highValueAsset/watchlistItems", f"{PREVIEW}/watchlists_GetWatchlistItems.json"),
    (lambda s: s.saved_queries(), "GET", "/savedSearches", f"{SEARCHES}/SavedSearchesListByWorkspace.json"),
]  # fmt: skip


@pytest.mark.parametrize(("call", "verb", "path", "name"), LISTS)
def test_each_list_comes_value_by_value(call, verb, path, name, azure, sentinel, example):
    """Every thing and every property of the example is in the frame; verb and path are the example's."""
    body = example(name)["responses"]["200"]["body"]
    body = {"value": body} if isinstance(body, list) else {**body, "nextLink": None}
    azure["usgov"].fault(f"{verb} management", Answer(body=body))
    frame = call(sentinel)
    things = body.get("value") or body["entities"]
    assert str(only(azure)) == address(verb, path)
    assert [None if pd.isna(found) else found for found in frame["name"]] == [
        thing.get("name") for thing in things
    ]
    for row, thing in zip(frame.to_dict("records"), things, strict=True):
        for key, value in thing["properties"].items():
            found = row[spelled(key)]
            found = None if isinstance(found, float) and pd.isna(found) else found
            assert found == (pd.Timestamp(value) if isinstance(found, pd.Timestamp) else value), key


GETS = [
    (lambda s: s.incident(ID), f"/incidents/{ID}", f"{PREVIEW}/incidents_GetIncidentById.json"),
    (lambda s: s.incident(ID), f"/incidents/{ID}", f"{STABLE}/incidents_GetIncidentById.json"),
    (lambda s: s.incident_comment(ID, "c"), f"/incidents/{ID}/comments/c", f"{PREVIEW}/incidents_comments_GetIncidentCommentById.json"),
    (lambda s: s.incident_comment(ID, "c"), f"/incidents/{ID}/comments/c", f"{STABLE}/incidents_comments_GetIncidentCommentById.json"),
    (lambda s: s.incident_relation(ID, "r"), f"/incidents/{ID}/relations/r", f"{PREVIEW}/incidents_relations_GetIncidentRelationByName.json"),
    (lambda s: s.alert_rule(ID), f"/alertRules/{ID}", f"{PREVIEW}/alertRules_GetScheduledAlertRule.json"),
    (lambda s: s.alert_rule(ID), f"/alertRules/{ID}", f"{PREVIEW}/alertRules_GetFusionAlertRule.json"),
    (lambda s: s.alert_rule(ID), f"/alertRules/{ID}", f"{PREVIEW}/alertRules_GetMicrosoftSecurityIncidentCreationAlertRule.json"),
    (lambda s: s.alert_rule_template(ID), f"/alertRuleTemplates/{ID}", f"{PREVIEW}/alertRuleTemplates_GetAlertRuleTemplateById.json"),
    (lambda s: s.bookmark(ID), f"/bookmarks/{ID}", f"{STABLE}/bookmarks_GetBookmarkById.json"),
    (lambda s: s.watchlist("w"), "/watchlists/w", f"{PREVIEW}/watchlists_GetWatchlistByAlias.json"),
    (lambda s: s.watchlist_item("w", ID), f"/watchlists/w/watchlistItems/{ID}", f"{PREVIEW}/watchlists_GetWatchlistItemById.json"),
    (lambda s: s.saved_query(ID), f"/savedSearches/{ID}", f"{SEARCHES}/WorkspacesSavedSearchesGet.json"),
]  # fmt: skip


@pytest.mark.parametrize(("call", "path", "name"), GETS)
def test_each_thing_comes_as_it_is(call, path, name, azure, sentinel, example):
    """A get gives the thing as the service tells it."""
    body = example(name)["responses"]["200"]["body"]
    azure["usgov"].fault("GET management", Answer(body=body))
    assert call(sentinel) == body
    assert str(only(azure)) == address("GET", path)


def put_rule(s, p, b):
    return s.put_alert_rule(p["ruleId"], b["kind"], b["properties"], etag=b["etag"])


def put_incident(s, p, b):
    return s.put_incident(p["incidentId"], b["properties"], etag=b["etag"])


def put_comment(s, p, b):
    return s.comment_incident(p["incidentId"], b["properties"]["message"], comment=p["incidentCommentId"])


def put_relation(s, p, b):
    target = b["properties"]["relatedResourceId"]
    return s.relate_incident(p["incidentId"], target, relation=p["relationName"])


def put_item(s, p, b):
    values = b["properties"]["itemsKeyValue"]
    return s.put_watchlist_item(p["watchlistAlias"], values, item=p["watchlistItemId"], etag=b["etag"])


def put_watchlist(s, p, b):
    return s.put_watchlist(p["watchlistAlias"], b["properties"], etag=b["etag"])


def put_bookmark(s, p, b):
    return s.put_bookmark(b["properties"], name=p["bookmarkId"], etag=b["etag"])


def put_search(s, p, b):
    return s.put_saved_query(p["savedSearchId"], b["properties"])


# What is called with the example's parameters, the path, the example, and where it keeps its body.
WRITES = [
    (put_incident, "/incidents/{incidentId}", f"{PREVIEW}/incidents_CreateIncident.json", "incident"),
    (put_incident, "/incidents/{incidentId}", f"{STABLE}/incidents_CreateIncident.json", "incident"),
    (put_comment, "/incidents/{incidentId}/comments/{incidentCommentId}", f"{PREVIEW}/incidents_comments_CreateIncidentComment.json", "incidentComment"),
    (put_comment, "/incidents/{incidentId}/comments/{incidentCommentId}", f"{STABLE}/incidents_comments_CreateIncidentComment.json", "incidentComment"),
    (put_relation, "/incidents/{incidentId}/relations/{relationName}", f"{PREVIEW}/incidents_relations_CreateIncidentRelation.json", "relation"),
    (put_rule, "/alertRules/{ruleId}", f"{PREVIEW}/alertRules_CreateScheduledAlertRule.json", "alertRule"),
    (put_rule, "/alertRules/{ruleId}", f"{PREVIEW}/alertRules_CreateFusionAlertRule.json", "alertRule"),
    (put_rule, "/alertRules/{ruleId}", f"{PREVIEW}/alertRules_CreateMicrosoftSecurityIncidentCreationAlertRule.json", "alertRule"),
    (put_bookmark, "/bookmarks/{bookmarkId}", f"{STABLE}/bookmarks_CreateBookmark.json", "bookmark"),
    (put_watchlist, "/watchlists/{watchlistAlias}", f"{PREVIEW}/watchlists_CreateWatchlist.json", "watchlist"),
    (put_watchlist, "/watchlists/{watchlistAlias}", f"{PREVIEW}/watchlists_CreateWatchlistAndWatchlistItems.json", "watchlist"),
    (put_item, "/watchlists/{watchlistAlias}/watchlistItems/{watchlistItemId}", f"{PREVIEW}/watchlists_CreateWatchlistItem.json", "watchlistItem"),
    (put_search, "/savedSearches/{savedSearchId}", f"{SEARCHES}/WorkspacesSavedSearchesCreateOrUpdate.json", "parameters"),
]  # fmt: skip


@pytest.mark.parametrize("status", ["200", "201"])
@pytest.mark.parametrize(("call", "path", "name", "key"), WRITES)
def test_each_write_sends_the_body_of_the_example(call, path, name, key, status, azure, sentinel, example):
    """The JSON that is sent is the example's, to the example's path; made or changed, the answer comes as it is."""
    recorded = example(name)
    parameters, told = recorded["parameters"], recorded["responses"].get(status, {}).get("body")
    azure["usgov"].fault("PUT management", Answer(status=int(status), body=told or {}))
    assert call(sentinel, parameters, parameters[key]) == (told or {})
    assert str(only(azure)) == address("PUT", path.format(**parameters))
    assert only(azure).json == parameters[key]


DELETES = [
    (lambda s: s.delete_incident(ID), f"/incidents/{ID}", f"{PREVIEW}/incidents_DeleteIncident.json"),
    (lambda s: s.delete_incident(ID), f"/incidents/{ID}", f"{STABLE}/incidents_DeleteIncident.json"),
    (lambda s: s.delete_incident_comment(ID, "c"), f"/incidents/{ID}/comments/c", f"{PREVIEW}/incidents_comments_DeleteIncidentComment.json"),
    (lambda s: s.delete_incident_relation(ID, "r"), f"/incidents/{ID}/relations/r", f"{PREVIEW}/incidents_relations_DeleteIncidentRelation.json"),
    (lambda s: s.delete_alert_rule(ID), f"/alertRules/{ID}", f"{PREVIEW}/alertRules_DeleteAlertRule.json"),
    (lambda s: s.delete_bookmark("b"), "/bookmarks/b", f"{STABLE}/bookmarks_DeleteBookmark.json"),
    (lambda s: s.delete_watchlist("w"), "/watchlists/w", f"{PREVIEW}/watchlists_DeleteWatchlist.json"),
    (lambda s: s.delete_watchlist_item("w", ID), f"/watchlists/w/watchlistItems/{ID}", f"{PREVIEW}/watchlists_DeleteWatchlistItem.json"),
    (lambda s: s.delete_saved_query(ID), f"/savedSearches/{ID}", f"{SEARCHES}/WorkspacesDeleteSavedSearches.json"),
]  # fmt: skip


@pytest.mark.parametrize(("call", "path", "name"), DELETES)
def test_a_delete_goes_to_its_path(call, path, name, azure, sentinel, example):
    """Every answer of the example is fine, also those without a body."""
    for status in example(name)["responses"]:
        azure["usgov"].fault("DELETE management", Answer(status=int(status)))
        assert call(sentinel) is None
        assert str(azure["usgov"].requests[-1]) == address("DELETE", path)


GRAPH = "resourcegraph-2021-06-01-preview"
QUERIES = (
    "ResourcesBasicQuery",
    "ResourcesComplexQuery",
    "ResourcesFilterQuery",
    "ResourcesMgBasicQuery",
    "ResourcesPropertiesQuery",
    "ResourcesSummarizeQuery",
    "ResourcesTenantBasicQuery",
)


@pytest.mark.parametrize("name", QUERIES)
def test_each_graph_query_sends_what_the_example_asks_and_gives_its_rows(name, azure, open_session, example):
    """Query and places are the example's; every row comes."""
    recorded = example(f"{GRAPH}/{name}.json")
    asked, told = recorded["parameters"]["query"], recorded["responses"]["200"]["body"]
    azure["usgov"].fault("ResourceGraph", Answer(body=told))
    frame = open_session("usgov", ["devicecode"]).graph.query(
        asked["query"],
        subscriptions=asked.get("subscriptions"),
        management_groups=asked.get("managementGroups"),
    )
    assert str(only(azure)) == "POST management.usgovcloudapi.net/providers/Microsoft.ResourceGraph/resources"
    assert {key: value for key, value in only(azure).json.items() if key != "options"} == asked
    assert frame.to_dict("records") == told["data"]


VAULT = "https://myvault.vault.usgovcloudapi.net"
VAULT_CALLS = [
    (lambda v, p: v.get(p["secret-name"], version=p["secret-version"]), "GET", "/secrets/{secret-name}/{secret-version}", "GetSecret-example"),
    (lambda v, p: v.set(p["secret-name"], p["parameters"]["value"]), "PUT", "/secrets/{secret-name}", "SetSecret-example"),
    (lambda v, p: v.delete(p["secret-name"]), "DELETE", "/secrets/{secret-name}", "DeleteSecret-example"),
    (lambda v, p: v.recover(p["secret-name"]), "POST", "/deletedsecrets/{secret-name}/recover", "RecoverDeletedSecret-example"),
    (lambda v, p: v.purge(p["secret-name"]), "DELETE", "/deletedsecrets/{secret-name}", "PurgeDeletedSecret-example"),
    (lambda v, p: v.list(), "GET", "/secrets", "GetSecrets-example"),
    (lambda v, p: v.deleted(), "GET", "/deletedsecrets", "GetDeletedSecrets-example"),
    (lambda v, p: v.versions(p["secret-name"]), "GET", "/secrets/{secret-name}/versions", "GetSecretVersions-example"),
]  # fmt: skip


@pytest.mark.parametrize(("call", "verb", "path", "name"), VAULT_CALLS)
def test_each_call_to_a_vault_is_the_one_of_the_example(call, verb, path, name, azure, open_session, example):
    """Verb, path and body are the example's; what comes back has the example's names, versions and times."""
    recorded = example(f"keyvault-secrets-7.2/{name}.json")
    ((status, told),) = recorded["responses"].items()
    body = {**told["body"], "nextLink": None} if "value" in (told.get("body") or {}) else told.get("body")
    azure["usgov"].fault(f"{verb} myvault", Answer(status=int(status), body=body))
    parameters = recorded["parameters"]
    found = call(open_session("usgov", ["devicecode"]).secrets("myvault"), parameters)
    sent = azure["usgov"].requests[-1]
    assert f"{sent.method} https://{sent.host}{sent.path}" == f"{verb} {VAULT}{path.format(**parameters)}"
    assert (sent.json if sent.body else None) == parameters.get("parameters")
    if isinstance(found, pd.DataFrame):
        ids = [each["id"].rstrip("/").split("/")[4:] for each in body["value"]]
        assert found["name"].tolist() == [each[0] for each in ids]
        assert found["version"].tolist() == ["".join(each[1:]) for each in ids]
        created = [pd.Timestamp(each["attributes"]["created"], unit="s", tz="UTC") for each in body["value"]]
        assert found["created"].tolist() == created
    elif verb in {"GET", "PUT"}:
        assert (found.value, found.version) == (body["value"], body["id"].rsplit("/", 1)[1])


# Answers that belong to no operation of a component; other tests read them by name.
NO_OPERATIONS = {"arm-metadata", "recorded-extracts"}
# Examples of what huntbook leaves to the portal, to the Azure CLI or to another call.
LEFT_OUT = {
    "actions_CreateActionOfAlertRule": "playbooks are joined to rules in the portal",
    "actions_DeleteActionOfAlertRule": "the same",
    "actions_GetActionOfAlertRuleById": "the list of a rule's actions has all of each",
    "incidents_CreateTeam": "a team in Microsoft Teams",
    "listVault": "resources(kind=...) lists vaults as any other resource",
    "listVaultByResourceGroup": "the same",
    "listVaultBySubscription": "the same",
    "GetDeletedSecret-example": "the list of deleted secrets has all of each",
    "UpdateSecret-example": "attributes of secrets are set by who keeps the vault",
    "batch-query-example": "a batch has no better limits than queries side by side",
    "oms-get-cross-workspace-example": "queries go by POST, whose answer is the same",
    "metadata-post": "the same answer as metadata-get",
    "SavedSearchesGetSchema": "the query API tells the schema",
    "TablesGet": "how long tables are kept is set by who keeps the workspace",
    "TablesUpdate": "the same",
    "WorkspacesListByResourceGroup": "the list of the subscription has them",
    "GetMetricMetadata": "metric_definitions tells the dimensions",
    "GetVirtualMachineInstanceView": "not in the list of machines; details() of the address gives it",
    "NetworkInterfaceList": "resources(kind=...) lists interfaces as any other resource",
    "NetworkInterfaceListAll": "the same",
    "CreateResourceGroup": "huntbook makes no resources",
    "GetNamedProviderAtTenant": "asked in the subscription",
    "GetSubscription": "the list has all of each",
    "GetTagsSubscription": "resources() has the tags",
    "GetTenants": "a session is in one tenant",
    "OperationsList": "what the service can do is known",
    "ResourcesFacetQuery": "a query of its own counts by a column",
    "ResourcesQueryOptions": "every query starts at its beginning and ends at its end",
    "ResourcesRandomPageQuery": "the same",
    "ResourcesHistoryGet": "a preview that ended",
    "ResourcesHistoryMgsGet": "the same",
}


def test_every_example_is_tried_or_left_out_for_a_reason(examples):
    """Nothing that Microsoft shows is forgotten: its example is named in a test or a fake, or in the list above."""
    sources = [*Path(__file__).parents[1].rglob("*.py")]
    text = "\n".join(path.read_text(encoding="utf-8") for path in sources)
    found = {path.stem for path in examples.rglob("*.json") if path.parent.name not in NO_OPERATIONS}
    tried = {name for name in found if re.search(rf"\b{re.escape(name)}\b(?!\": \")", text)}
    assert sorted(found - tried - set(LEFT_OUT)) == []
    assert sorted(set(LEFT_OUT) & tried) == []
