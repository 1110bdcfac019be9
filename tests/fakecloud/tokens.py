"""Tokens of the fake clouds: three parts, readable claims, and a signature that is only a random mark."""

from __future__ import annotations

import base64
import json
import secrets
from typing import Any


def encode(value: dict[str, Any]) -> str:
    """Return `value` as base64url JSON without padding."""
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def make_token(claims: dict[str, Any]) -> str:
    """Return a token with these claims; its last part is a mark that a leak test can search for."""
    return f"{encode({'alg': 'none', 'typ': 'JWT'})}.{encode(claims)}.SIG{secrets.token_hex(24)}"


def read_token(token: str) -> dict[str, Any]:
    """Return the claims of a token."""
    part = token.split(".")[1]
    claims: dict[str, Any] = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    return claims
