"""What a token says of itself: read as a hint and as a brake, never shown, never kept."""

from __future__ import annotations

import base64
import binascii
import json
from typing import TYPE_CHECKING, Any

from huntbook.azure.clouds import catalogue, host_of

if TYPE_CHECKING:
    from huntbook.azure.clouds import Cloud

__all__ = ["claims_of", "foreign_token_problem"]


def claims_of(token: str) -> dict[str, Any]:
    """Return the claims of a token that can be read; an empty mapping for any other.

    The signature is not checked: the service does that.
    """
    parts = token.split(".")
    if len(parts) != 3:  # noqa: PLR2004 - a signed token has three parts
        return {}
    try:
        claims = json.loads(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
    except (ValueError, binascii.Error):
        return {}
    return claims if isinstance(claims, dict) else {}


def foreign_token_problem(token: str, *, cloud: Cloud) -> str:
    """Return why a token plainly belongs to another shipped cloud; empty where it does not.

    Methods such as the Azure CLI or a managed identity bring their own cloud along. A
    token whose issuer or audience is a host of another cloud is never sent anywhere.
    """
    claims = claims_of(token)
    for claim in ("iss", "aud"):
        host = host_of(str(claims.get(claim) or ""))
        if not host or _bears(cloud, host):
            continue
        owners = [other.name for other in catalogue() if _bears(other, host)]
        if owners:
            what = "was issued by" if claim == "iss" else "is meant for"
            return f"the token {what} {host}, which belongs to cloud {owners[0]!r} and not to {cloud.name!r}"
    return ""


def _bears(cloud: Cloud, host: str) -> bool:
    audiences = {host_of(url) for url in cloud.resource_manager_audiences}
    return cloud.owns(host) or host in {*audiences, *cloud.issuer_hosts, cloud.key_vault_suffix}
