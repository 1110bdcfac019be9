"""Key Vault of a fake cloud, with the challenge that comes before every first answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fakecloud.server import Answer, Request

if TYPE_CHECKING:
    from fakecloud.cloud import FakeCloud


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
    vault = cloud.vaults.setdefault(request.host.partition(".")[0], {})
    names = [part for part in request.path.split("/") if part]
    return _secrets(request, vault, names[1:]) if names[:1] == ["secrets"] else Answer(status=404)


def _secrets(request: Request, vault: dict[str, str], names: list[str]) -> Answer:
    def bundle(name: str, *, value: bool) -> dict[str, Any]:
        about = {"enabled": True, "created": 1700000000, "updated": 1700000000}
        body = {"id": f"https://{request.host}/secrets/{name}" + "/v1" * value, "attributes": about}
        return {**body, "value": vault[name]} if value else body

    if not names:
        return Answer(body={"value": [bundle(name, value=False) for name in sorted(vault)], "nextLink": None})
    name = names[0]
    if request.method == "PUT":
        vault[name] = request.json["value"]
    if name not in vault:
        text = f"A secret with (name/id) {name} was not found in this key vault."
        return Answer(status=404, body={"error": {"code": "SecretNotFound", "message": text}})
    if request.method == "DELETE":
        found = bundle(name, value=False)
        del vault[name]
        return Answer(body=found)
    return Answer(body=bundle(name, value=True))
