"""Microsoft Sentinel of a fake cloud: incidents that can be read, changed and commented on."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from fakecloud.server import Answer, Request
from fakecloud.story import DAY, INCIDENTS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fakecloud.cloud import FakeCloud

_INCIDENT = re.compile(r"i(\d+)")


def answer(cloud: FakeCloud, request: Request, names: list[str]) -> Answer:
    """Answer a request to one incident, whose path goes on with `names`: its name, then what of it."""
    found = _INCIDENT.fullmatch(names[0])
    if found is None or int(found[1]) >= cloud.incidents:
        return _refused(404, "NotFound", f"Incident {names[0]} does not exist")
    return _about(cloud, request, int(found[1]), names)


def _about(cloud: FakeCloud, request: Request, number: int, names: list[str]) -> Answer:
    body: dict[str, Any]
    match (request.method, *names[1:]):
        case ("PUT",):
            return _change(cloud, number, request.json)
        case ("PUT", "comments", name):
            return _comment(cloud, names[0], name, request.json["properties"]["message"])
        case ("GET",):
            body = incident(cloud, number)
        case ("POST", "alerts"):
            body = {"value": [_alert(number)]}
        case ("POST", "entities"):
            body = {"entities": _entities(number), "metaData": []}
        case ("GET", "comments"):
            body = {"value": cloud.comments.get(names[0], [])}
        case _:
            return _refused(404, "NotFound", "There is no such thing")
    return Answer(body=body)


def store(cloud: FakeCloud, request: Request, path: str) -> Answer:
    """Answer for rules, bookmarks, watchlists and the like: what was put there is there."""
    if request.method == "PUT":
        told = request.json
        cloud.things[path] = {**told, "id": request.path, "name": path.rpartition("/")[2], "etag": '"1"'}
        return Answer(status=201, body=cloud.things[path])
    if request.method == "DELETE":
        return Answer(status=204 if cloud.things.pop(path, None) is None else 200)
    if path in cloud.things:
        return Answer(body=cloud.things[path])
    inside = [thing for name, thing in sorted(cloud.things.items()) if name.rpartition("/")[0] == path]
    return Answer(body={"value": inside})


def ordered(cloud: FakeCloud, order: str) -> Sequence[int]:
    """Return the incidents' numbers in an OData order, such as ``properties/createdTimeUtc desc``."""
    numbers = range(cloud.incidents)
    if not order:
        return numbers
    path, _, direction = order.partition(" ")
    name = path.rpartition("/")[2]
    return sorted(
        numbers,
        key=lambda number: str(incident(cloud, number)["properties"].get(name)),
        reverse=direction == "desc",
    )


def incident(cloud: FakeCloud, number: int) -> dict[str, Any]:
    """Return an incident with what was changed of it; those beyond the story have a number only."""
    version, changed = cloud.changed_incidents.get(number, (0, {}))
    title, severity, host, time = (
        INCIDENTS[number] if number < len(INCIDENTS) else ("", "Low", "", "00:00:00")
    )
    about = {
        "title": f"{title} on {host}" if title else f"Incident {number}",
        "severity": severity,
        "status": "New",
        "incidentNumber": number + 1,
        "createdTimeUtc": f"{DAY}T{time}Z",
        "owner": {"assignedTo": None, "userPrincipalName": None},
    }
    return {
        "id": f"/x/incidents/{number}",
        "name": f"i{number}",
        "etag": f'"{number}-{version}"',
        "properties": {**about, **changed},
    }


def _change(cloud: FakeCloud, number: int, body: dict[str, Any]) -> Answer:
    """Change an incident, unless somebody else did since it was read."""
    if body.get("etag", (found := incident(cloud, number))["etag"]) != found["etag"]:
        return _refused(412, "PreconditionFailed", "The etag does not match")
    version, _ = cloud.changed_incidents.get(number, (0, {}))
    cloud.changed_incidents[number] = (version + 1, body["properties"])
    return Answer(body=incident(cloud, number))


def _alert(number: int) -> dict[str, Any]:
    title, severity, host, time = INCIDENTS[number % len(INCIDENTS)]
    about = {
        "alertDisplayName": title,
        "severity": severity,
        "compromisedEntity": host,
        "timeGenerated": f"{DAY}T{time}Z",
    }
    return {
        "name": f"a{number}",
        "kind": "SecurityAlert",
        "id": f"/x/entities/a{number}",
        "properties": about,
    }


def _entities(number: int) -> list[dict[str, Any]]:
    host = INCIDENTS[number % len(INCIDENTS)][2]
    about = {"hostName": host, "friendlyName": host, "osFamily": "Windows"}
    return [{"name": f"e{number}", "kind": "Host", "id": f"/x/entities/e{number}", "properties": about}]


def _comment(cloud: FakeCloud, incident_name: str, name: str, message: str) -> Answer:
    about = {"message": message, "createdTimeUtc": f"{DAY}T09:30:00Z", "author": {"name": "You"}}
    made = {"name": name, "id": f"/x/incidents/{incident_name}/comments/{name}", "properties": about}
    cloud.comments.setdefault(incident_name, []).append(made)
    return Answer(status=201, body=made)


def _refused(status: int, code: str, text: str) -> Answer:
    return Answer(status=status, body={"error": {"code": code, "message": text}})
