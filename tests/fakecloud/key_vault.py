"""Key Vault of a fake cloud, with the challenge that comes before every first answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fakecloud.server import Answer, Request

if TYPE_CHECKING:
    from fakecloud.cloud import FakeCloud

_LEVEL = "Recoverable+Purgeable"


def answer(cloud: FakeCloud, request: Request) -> Answer:
    """Answer a request to a vault."""
    audience = f"https://{cloud.hosts.key_vault}"
    if not request.bearer:
        told = {
            "authorization": f"{cloud.authority}/{cloud.tenant}",
            "resource": audience,
            **cloud.vault_challenge,
        }
        header = "Bearer " + ", ".join(f'{key}="{value}"' for key, value in told.items())
        text = "AKV10000: Request is missing a Bearer or PoP token."
        return Answer(
            status=401,
            body={"error": {"code": "Unauthorized", "message": text}},
            headers={"WWW-Authenticate": header},
        )
    if (refused := cloud.refuse_token(request, frozenset({audience}))) is not None:
        text = f"AKV10022: Invalid audience. Expected {audience}. {refused['message']}"
        return Answer(status=401, body={"error": {"code": "Unauthorized", "message": text}})
    vault, name = cloud.vaults, request.host.partition(".")[0]
    names = [part for part in request.path.split("/") if part]
    if names[:1] == ["secrets"]:
        return _secrets(request, vault.setdefault(name, {}), cloud.deleted.setdefault(name, {}), names[1:])
    if names[:1] == ["deletedsecrets"]:
        return _deleted(request, vault.setdefault(name, {}), cloud.deleted.setdefault(name, {}), names[1:])
    return Answer(status=404)


def _bundle(request: Request, name: str, value: str | None = None) -> dict[str, Any]:
    about = {"enabled": True, "created": 1700000000, "updated": 1700000000, "recoveryLevel": _LEVEL}
    body = {
        "id": f"https://{request.host}/secrets/{name}" + "/v1" * (value is not None),
        "attributes": about,
    }
    return body if value is None else {**body, "value": value}


def _gone(request: Request, name: str) -> dict[str, Any]:
    recovery = f"https://{request.host}/deletedsecrets/{name}"
    days = {"deletedDate": 1700000000, "scheduledPurgeDate": 1707776000}
    return {**_bundle(request, name), **days, "recoveryId": recovery}


def _secrets(request: Request, vault: dict[str, str], deleted: dict[str, str], names: list[str]) -> Answer:
    if not names:
        return Answer(body={"value": [_bundle(request, name) for name in sorted(vault)], "nextLink": None})
    name = names[0]
    if request.method == "PUT":
        if name in deleted:
            text = f"Secret {name} is currently in a deleted but recoverable state, and its name cannot be reused."
            return _refused(409, "Conflict", text)
        vault[name] = request.json["value"]
    if name not in vault:
        return _refused(
            404, "SecretNotFound", f"A secret with (name/id) {name} was not found in this key vault."
        )
    if request.method == "DELETE":
        deleted[name] = vault.pop(name)
        return Answer(body=_gone(request, name))
    if names[1:] == ["versions"]:
        body = _bundle(request, name)
        return Answer(body={"value": [{**body, "id": f"{body['id']}/v1"}], "nextLink": None})
    return Answer(body=_bundle(request, name, vault[name]))


def _deleted(request: Request, vault: dict[str, str], deleted: dict[str, str], names: list[str]) -> Answer:
    """Answer for the secrets that can still come back: list, get, recover, purge."""
    if not names:
        return Answer(body={"value": [_gone(request, name) for name in sorted(deleted)], "nextLink": None})
    name = names[0]
    if name not in deleted:
        return _refused(404, "SecretNotFound", f"Deleted Secret not found: {name}")
    if request.method == "GET":
        return Answer(body=_gone(request, name))
    value = deleted.pop(name)
    if request.method == "DELETE":
        return Answer(status=204)
    vault[name] = value
    return Answer(body=_bundle(request, name))


def _refused(status: int, code: str, text: str) -> Answer:
    return Answer(status=status, body={"error": {"code": code, "message": text}})
