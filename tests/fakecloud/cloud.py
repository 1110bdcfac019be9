"""One fake cloud: which host answers what."""

from __future__ import annotations

import secrets
import time
import uuid
from typing import TYPE_CHECKING, Any

from fakecloud import arm, az, entra, key_vault, log_analytics, managed_identity
from fakecloud.server import Answer, FakeServer, Request
from fakecloud.tokens import make_token, read_token

if TYPE_CHECKING:
    from pathlib import Path

    from fakecloud.hosts import Hosts


class FakeCloud(FakeServer):
    """A fake of one Azure cloud.

    Parameters
    ----------
    hosts
        The cloud's host names and audiences.
    certificate
        The server's certificate with its key.
    examples
        The folder of recorded answers, if it is there.

    Attributes
    ----------
    token_life
        Seconds that the tokens live which it gives out.
    client_id, client_secret
        The service principal that it knows.
    device_polls
        How often a device code is asked for before the user has "typed" it.
    device_interval
        Seconds between two such questions.
    device_refusal, az_mode
        What goes wrong on purpose; see `entra` and `az`.
    incidents, resources
        How many there are in its Sentinel and its Resource Graph.
    issued
        The claims of every token it gave out.
    """

    def __init__(self, hosts: Hosts, certificate: Path, examples: Path | None = None) -> None:
        self.hosts, self.examples = hosts, examples
        self.tenant = hosts.tenant
        self.token_life = 3600
        self.client_id = str(uuid.uuid4())
        self.client_secret = f"CS{secrets.token_hex(16)}"
        self.vaults = {"contoso": {"api-key": f"KV{secrets.token_hex(16)}"}}
        self.changed_incidents: dict[int, tuple[int, dict[str, Any]]] = {}
        self.things: dict[str, dict[str, Any]] = {}
        self.comments: dict[str, list[dict[str, Any]]] = {}
        self.deleted: dict[str, dict[str, str]] = {}
        self.vault_challenge: dict[str, str] = {}
        self.device_polls, self.device_interval, self.device_refusal = 1, 0, ""
        self.az_mode = "signed in"
        self.incidents, self.resources = 7, 2500
        self.issued: list[dict[str, Any]] = []
        self.hidden: set[str] = {self.client_secret, *self.vaults["contoso"].values()}
        self.pending: dict[str, Any] = {}
        self.codes: dict[str, Any] = {}
        super().__init__(certificate)

    @property
    def authority(self) -> str:
        """The address of the login host."""
        return f"https://{self.hosts.login}"

    def issue(self, audience: str, *, tenant: str = "", how: str, **claims: Any) -> str:
        """Give out a token for `audience` and note it."""
        now = int(time.time())
        told = {
            "aud": audience,
            "iss": f"{self.authority}/{tenant or self.tenant}/v2.0",
            "tid": tenant or self.tenant,
            "iat": now,
            "exp": now + self.token_life,
            **claims,
        }
        token = make_token(told)
        with self._lock:
            self.issued.append({**told, "how": how})
            self.hidden |= {token, token.rsplit(".", 1)[1], token.split(".")[1]}
        return token

    def hide(self, value: str) -> str:
        """Note a value that must appear in no log and no output, and return it."""
        with self._lock:
            self.hidden.add(value)
        return value

    def refuse_token(self, request: Request, audiences: frozenset[str]) -> dict[str, str] | None:
        """Return why the token is refused (code and message), or None."""
        if not request.bearer:
            return {"code": "AuthenticationFailed", "message": "The 'Authorization' header is missing."}
        claims = read_token(request.bearer)
        if claims["exp"] <= time.time():
            return {"code": "ExpiredAuthenticationToken", "message": "The access token expiry has passed."}
        if claims["aud"].rstrip("/") not in audiences:
            return {
                "code": "InvalidAuthenticationTokenAudience",
                "message": f"The access token has been obtained for wrong audience or resource '{claims['aud']}'. "
                f"It should exactly match with one of the allowed audiences '{','.join(sorted(audiences))}'.",
            }
        if not claims["iss"].startswith(self.authority):
            return {
                "code": "InvalidAuthenticationToken",
                "message": f"The issuer '{claims['iss']}' is not trusted.",
            }
        return None

    def route(self, request: Request) -> Answer:
        """Send the request to the service whose host it names."""
        hosts = self.hosts
        if request.host in (hosts.login, *hosts.login_aliases):
            return entra.answer(self, request)
        if request.host == hosts.arm:
            return arm.answer(self, request)
        if request.host == hosts.log_analytics:
            return log_analytics.answer(self, request)
        if request.host.endswith(f".{hosts.key_vault}"):
            return key_vault.answer(self, request)
        if request.path.startswith("/_az"):
            return az.answer(self, request)
        return managed_identity.answer(self, request)
