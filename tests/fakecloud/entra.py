"""Entra ID of a fake cloud: discovery, and every grant that huntbook's methods use."""

from __future__ import annotations

import time
import uuid
from typing import TYPE_CHECKING, Any

from fakecloud.server import Answer, Request
from fakecloud.tokens import encode, make_token, read_token

if TYPE_CHECKING:
    from fakecloud.cloud import FakeCloud

_EVERYONE = ("organizations", "common", "adfs")


def answer(cloud: FakeCloud, request: Request) -> Answer:
    """Answer a request to the login host."""
    tenant = request.path.split("/")[1]
    if request.path.endswith("/discovery/instance"):
        return _instance(cloud)
    if request.path.endswith("/.well-known/openid-configuration"):
        return _openid(cloud, tenant)
    if request.path.endswith("/devicecode"):
        return _device_code(cloud, request.form)
    if request.path.endswith("/authorize"):
        return _authorize(cloud, dict(request.query), tenant)
    if request.path.endswith("/token"):
        return _token(cloud, request.form, cloud.tenant if tenant in _EVERYONE else tenant)
    return Answer(status=404, body={"error": "not_found", "error_description": request.path})


def _error(code: int, word: str, text: str, status: int = 400) -> Answer:
    described = f"AADSTS{code}: {text} Trace ID: t Correlation ID: c Timestamp: 2026-01-01 00:00:00Z"
    return Answer(status=status, body={"error": word, "error_description": described, "error_codes": [code]})


def _instance(cloud: FakeCloud) -> Answer:
    names = [cloud.hosts.login, *cloud.hosts.login_aliases]
    entry = {"preferred_network": names[0], "preferred_cache": names[0], "aliases": names}
    where = f"{cloud.authority}/common/v2.0/.well-known/openid-configuration"
    return Answer(body={"tenant_discovery_endpoint": where, "api-version": "1.1", "metadata": [entry]})


def _openid(cloud: FakeCloud, tenant: str) -> Answer:
    base = f"{cloud.authority}/{tenant}"
    return Answer(
        body={
            "token_endpoint": f"{base}/oauth2/v2.0/token",
            "authorization_endpoint": f"{base}/oauth2/v2.0/authorize",
            "device_authorization_endpoint": f"{base}/oauth2/v2.0/devicecode",
            "issuer": f"{base}/v2.0",
            "jwks_uri": f"{base}/discovery/v2.0/keys",
        }
    )


def _device_code(cloud: FakeCloud, form: dict[str, str]) -> Answer:
    code = cloud.hide(f"DC{uuid.uuid4().hex}")
    cloud.pending[code] = {"polls": cloud.device_polls, "scope": form.get("scope", "")}
    return Answer(
        body={
            "user_code": "FAKE-1234",
            "device_code": code,
            "verification_uri": f"{cloud.authority}/common/oauth2/deviceauth",
            "expires_in": 900,
            "interval": cloud.device_interval,
            "message": "Sign in with the code FAKE-1234",
        }
    )


def _authorize(cloud: FakeCloud, query: dict[str, str], tenant: str) -> Answer:
    code = cloud.hide(f"AC{uuid.uuid4().hex}")
    cloud.codes[code] = query
    user = encode({"uid": "u1", "utid": tenant})
    return Answer(
        body={
            "redirect_uri": query["redirect_uri"],
            "fields": {"code": code, "state": query["state"], "client_info": user},
        }
    )


def _audience(scope: str) -> str:
    resources = [part for part in scope.split() if "://" in part]
    return resources[0].removesuffix("/.default") if resources else ""


def _token(cloud: FakeCloud, form: dict[str, str], tenant: str) -> Answer:
    grant = form.get("grant_type", "").rsplit(":", 1)[-1]
    for proof in ("code_verifier", "client_assertion"):
        if proof in form:
            cloud.hide(form[proof])
    if grant == "device_code":
        return _device_token(cloud, form, tenant)
    if grant == "authorization_code":
        asked = cloud.codes.pop(form["code"])
        return _user_token(
            cloud, asked["scope"], tenant, how="interactive", nonce=asked.get("nonce"), form=form
        )
    if grant == "refresh_token":
        return _user_token(cloud, form["scope"], tenant, how="refresh", nonce=None, form=form)
    if grant == "client_credentials":
        return _client_token(cloud, form, tenant)
    return _error(70003, "unsupported_grant_type", f"The app requested an unsupported grant type '{grant}'.")


def _unknown_resource(cloud: FakeCloud, audience: str, tenant: str) -> Answer | None:
    if audience.rstrip("/") in cloud.hosts.audiences:
        return None
    return _error(
        500011,
        "invalid_resource",
        f"The resource principal named {audience} was not found in the tenant named {tenant}.",
    )


def _client_token(cloud: FakeCloud, form: dict[str, str], tenant: str) -> Answer:
    audience = _audience(form.get("scope", ""))
    if (refused := _unknown_resource(cloud, audience, tenant)) is not None:
        return refused
    how = "clientsecret"
    if assertion := form.get("client_assertion"):
        how = "workload" if assertion.startswith("federated-") else "certificate"
        if how == "certificate" and not read_token(assertion)["aud"].startswith(cloud.authority):
            return _error(700023, "invalid_client", "Client assertion audience claim does not match.", 401)
    elif form.get("client_secret") != cloud.client_secret:
        return _error(7000215, "invalid_client", "Invalid client secret provided.", 401)
    token = cloud.issue(
        audience, tenant=tenant, how=how, appid=form["client_id"], xms_claims=form.get("claims", "")
    )
    return Answer(
        body={
            "token_type": "Bearer",
            "expires_in": cloud.token_life,
            "ext_expires_in": cloud.token_life,
            "access_token": token,
        }
    )


def _device_token(cloud: FakeCloud, form: dict[str, str], tenant: str) -> Answer:
    pending = cloud.pending[form["device_code"]]
    if pending["polls"] > 0:
        pending["polls"] -= 1
        return _error(
            70016, "authorization_pending", "OAuth 2.0 device flow error. Authorization is pending."
        )
    if cloud.device_refusal == "declined":
        return _error(70018, "authorization_declined", "The user declined the request.")
    if cloud.device_refusal == "blocked":
        return _error(53003, "invalid_grant", "Access has been blocked by Conditional Access policies.")
    return _user_token(cloud, pending["scope"], tenant, how="devicecode", nonce=None, form=form)


def _user_token(
    cloud: FakeCloud, scope: str, tenant: str, *, how: str, nonce: str | None, form: dict[str, str]
) -> Answer:
    audience = _audience(scope)
    if (refused := _unknown_resource(cloud, audience, tenant)) is not None:
        return refused
    now = int(time.time())
    identity: dict[str, Any] = {
        "aud": form["client_id"],
        "iss": f"{cloud.authority}/{tenant}/v2.0",
        "iat": now,
        "nbf": now,
        "exp": now + 3600,
        "sub": "s1",
        "oid": "o1",
        "tid": tenant,
        "preferred_username": "analyst@contoso.example",
        "ver": "2.0",
    }
    if nonce:
        identity["nonce"] = nonce
    return Answer(
        body={
            "token_type": "Bearer",
            "scope": f"{audience}/.default",
            "expires_in": cloud.token_life,
            "ext_expires_in": cloud.token_life,
            "access_token": cloud.issue(audience, tenant=tenant, how=how, upn="analyst@contoso.example"),
            "refresh_token": cloud.hide(f"RT{uuid.uuid4().hex}"),
            "id_token": cloud.hide(make_token(identity)),
            "client_info": encode({"uid": "u1", "utid": tenant}),
        }
    )
