"""The one way out: a pipeline that sends a token only to hosts of the chosen cloud.

Every request passes these: retry (with Retry-After), the host guard, the bearer token
with its challenges, and the guard again in the transport, for redirects and for the
sign-in itself. Errors of the libraries are translated here and nowhere else.
"""

from __future__ import annotations

import base64
import binascii
import json as json_module
import re
from dataclasses import dataclass
from importlib import metadata
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urljoin, urlsplit

from azure.core.exceptions import AzureError as LibraryError
from azure.core.pipeline import Pipeline
from azure.core.pipeline.policies import (
    HttpLoggingPolicy,
    HTTPPolicy,
    RedirectPolicy,
    RequestIdPolicy,
    RetryPolicy,
    UserAgentPolicy,
)
from azure.core.pipeline.transport import RequestsTransport
from azure.core.rest import HttpRequest, HttpResponse

from huntbook.azure.clouds import host_of
from huntbook.azure.progress import Progress, require_waiting
from huntbook.azure.remedies import first_line, service_remedy
from huntbook.errors import ForeignHostError, HuntbookError, ServiceError, UnsafeEndpointError

if TYPE_CHECKING:
    import threading
    from collections.abc import Iterator, Mapping

    from azure.core.credentials import TokenRequestOptions
    from azure.core.pipeline import PipelineRequest, PipelineResponse

    from huntbook.azure.clouds import Cloud
    from huntbook.azure.credentials import CredentialChain

__all__ = ["GuardedTransport", "Reply", "SignInCancelledError", "Transport"]

_CONNECT_SECONDS = 10.0
_READ_SECONDS = 60.0
# Large answers come in parts of this size; in smaller ones the calls cost more than the bytes.
_BLOCK_BYTES = 2**20
_RETRIES = 4
_BACKOFF_SECONDS = 0.8
_SAFE_METHODS = ["GET", "HEAD", "PUT", "DELETE", "OPTIONS"]
_UNAUTHORISED = 401
_FIRST_ERROR = 400
_REDIRECTS = range(300, 400)


class SignInCancelledError(HuntbookError):
    """The person pressed Cancel while a sign-in waited."""


class GuardedTransport(RequestsTransport):  # type: ignore[misc] # azure-core types its transport as Any
    """Refuse every request that leaves the hosts of the cloud, whoever makes it.

    Parameters
    ----------
    cloud
        The only cloud to talk to.
    cancelled
        Once set, every request is refused: this is how a waiting device code is given up.
    """

    def __init__(self, cloud: Cloud, *, cancelled: threading.Event | None = None) -> None:
        super().__init__(connection_data_block_size=_BLOCK_BYTES)
        self._cloud = cloud
        self._cancelled = cancelled

    def send(self, request: Any, **options: Any) -> Any:
        """Send the request if its host is one of the cloud's and somebody waits for the answer."""
        if self._cancelled is not None and self._cancelled.is_set():
            raise SignInCancelledError("The sign-in was cancelled.")
        # A retry after Cancel would spend the service's quota on an answer that nobody reads.
        require_waiting()
        self._cloud.require_own(request.url)
        return super().send(request, **options)


class _BearerPolicy(HTTPPolicy[HttpRequest, HttpResponse]):
    """Add the token for the request's scope; answer challenges of the cloud's own hosts once."""

    def __init__(self, cloud: Cloud, credential: CredentialChain) -> None:
        super().__init__()
        self._cloud, self._credential = cloud, credential

    def send(self, request: PipelineRequest[HttpRequest]) -> PipelineResponse[HttpRequest, HttpResponse]:
        self._cloud.require_own(request.http_request.url)
        # A retry comes by again, when the option is already gone from the call.
        scope = request.context.setdefault("scope", request.context.options.pop("scope", None))
        if scope is None:
            return self.next.send(request)
        self._authorise(request, scope, {})
        response = self.next.send(request)
        if response.http_response.status_code == _UNAUTHORISED:
            challenge = response.http_response.headers.get("WWW-Authenticate", "")
            wanted = _answer_to(challenge, scope=scope, cloud=self._cloud)
            refused = request.http_request.headers["Authorization"]
            # A token that ended or was revoked: the next may be good. The same one again would not.
            self._credential.forget(scope)
            self._authorise(request, scope, wanted)
            if request.http_request.headers["Authorization"] != refused:
                response = self.next.send(request)
        return response

    def _authorise(
        self, request: PipelineRequest[HttpRequest], scope: str, wanted: Mapping[str, str]
    ) -> None:
        options: TokenRequestOptions = {"enable_cae": True, **wanted}  # type: ignore[typeddict-item] # built from its keys
        token = self._credential.get_token_info(scope, options=options).token
        request.http_request.headers["Authorization"] = f"Bearer {token}"


def _answer_to(challenge: str, *, scope: str, cloud: Cloud) -> dict[str, str]:
    """Return what the next token must have (claims or another tenant); refuse a foreign challenge."""
    told = dict(re.findall(r'(\w+)="([^"]*)"', challenge))
    if told.get("error") == "insufficient_claims" and told.get("claims"):
        return {"claims": _decoded(told["claims"])}
    # Key Vault's word; others only inform, under `authorization_uri`, and nothing follows that.
    login = told.get("authorization") or ""
    if login:
        if urlsplit(login).scheme != "https" or host_of(login) not in cloud.authority_hosts:
            raise ForeignHostError.refused(
                host_of(login) or login, scheme=urlsplit(login).scheme, cloud=cloud.name
            )
        _require_same_resource(told.get("resource") or "", scope=scope)
    tenant = urlsplit(login).path.strip("/").partition("/")[0]
    # Only a vault names its own tenant; elsewhere the tenant is the user's choice.
    return {"tenant_id": tenant} if tenant and "resource" in told else {}


def _require_same_resource(resource: str, *, scope: str) -> None:
    if resource and host_of(resource) != host_of(scope):
        raise UnsafeEndpointError(
            f"A service asked for a token for {resource!r} where {scope.removesuffix('/.default')!r} was due. "
            "Refused: no such token was asked for."
        )


def _decoded(claims: str) -> str:
    try:
        return base64.urlsafe_b64decode(claims + "=" * (-len(claims) % 4)).decode()
    except (ValueError, binascii.Error) as error:
        raise ServiceError(
            "A service sent a claims challenge that can't be read.", status=_UNAUTHORISED
        ) from error


@dataclass(frozen=True, slots=True)
class Reply:
    """A service's answer: the status, the headers, and the body read as JSON (None where empty)."""

    status: int
    headers: Mapping[str, str]
    body: Any


class Transport:
    """Send requests to services of one cloud.

    Parameters
    ----------
    cloud
        The only cloud to talk to.
    credential
        Gives the tokens.
    progress
        False: long lists show no bar.
    """

    def __init__(self, cloud: Cloud, credential: CredentialChain, *, progress: bool = True) -> None:
        self.progress = progress
        self._cloud, self._credential = cloud, credential
        # The library's own policies are typed for its older requests.
        policies: list[Any] = [
            RequestIdPolicy(),
            UserAgentPolicy(base_user_agent=f"huntbook/{_version()}"),
            RedirectPolicy(),
            RetryPolicy(retry_total=_RETRIES, retry_status=_RETRIES, retry_backoff_factor=_BACKOFF_SECONDS),
            _BearerPolicy(cloud, credential),
            HttpLoggingPolicy(),
        ]
        self._pipeline: Pipeline[HttpRequest, HttpResponse] = Pipeline(GuardedTransport(cloud), policies)
        self._pipeline.__enter__()

    def sign_in(self, scope: str) -> None:
        """Get a token now, on the thread that may ask a person, so that the next requests have it.

        Raises
        ------
        SignInError
            No method gave a token.
        """
        self._credential.get_token_info(scope, options={"enable_cae": True})

    def send(
        self,
        method: str,
        url: str,
        *,
        scope: str | None,
        params: Mapping[str, str] | None = None,
        json: Any = None,
        headers: Mapping[str, str] | None = None,
        read_timeout: float = _READ_SECONDS,
        parse: bool = True,
        repeatable: bool = False,
    ) -> Reply:
        """Send one request and return the answer.

        Parameters
        ----------
        method, url
            The verb, and the whole address.
        scope
            What the token is for; None sends none.
        params, json, headers
            Query, body and further headers.
        read_timeout
            Seconds to wait for the answer.
        parse
            False: leave the body of a good answer as bytes (a `bytearray`).
        repeatable
            True: a POST that only reads, so it is sent again after a cut connection.

        Raises
        ------
        ForeignHostError
            The address, a redirect or a challenge leads out of the cloud.
        SignInError
            No method gave a token.
        ServiceError
            The service refused, failed or can't be reached.
        """
        # The library takes parameters as already quoted.
        quoted = {key: quote(value, safe="") for key, value in (params or {}).items()}
        request = HttpRequest(method, url, params=quoted, json=json, headers=dict(headers or {}))
        options = {
            "scope": scope,
            "connection_timeout": _CONNECT_SECONDS,
            "read_timeout": read_timeout,
            "retry_on_methods": [*_SAFE_METHODS, "POST"] if repeatable else _SAFE_METHODS,
        }
        try:
            if parse:
                response = self._pipeline.run(request, **options).http_response
                reply = Reply(response.status_code, dict(response.headers), _json(response))
            else:
                reply = self._received(request, options, tries=_RETRIES if repeatable else 1)
        except LibraryError as error:
            raise ServiceError(
                f"No answer from {host_of(url)}: {first_line(str(error))}. Check the network and any proxy of the "
                "kernel's machine."
            ) from error
        if reply.status in _REDIRECTS:
            self._cloud.require_own(urljoin(url, reply.headers.get("Location", "")))
        if reply.status >= _FIRST_ERROR:
            raise _service_error(reply, host=host_of(url))
        return reply

    def _received(self, request: HttpRequest, options: dict[str, Any], *, tries: int) -> Reply:
        """Return the answer with its body as it came, which is held in memory only once."""
        while True:
            tries -= 1
            response = self._pipeline.run(request, stream=True, **options).http_response
            try:
                if response.status_code >= _FIRST_ERROR:
                    response.read()
                    return Reply(response.status_code, dict(response.headers), _json(response))
                body = bytearray()
                for part in response.iter_bytes():
                    body += part
                return Reply(response.status_code, dict(response.headers), body)
            except LibraryError:
                # The retry policy has seen a good answer begin, and not that it broke off.
                if not tries:
                    raise

    def pages(
        self,
        url: str,
        *,
        scope: str,
        params: Mapping[str, str] | None = None,
        read_timeout: float = _READ_SECONDS,
    ) -> Iterator[dict[str, Any]]:
        """Yield the body of each page of a list, following the service's own links to the end.

        Raises
        ------
        ForeignHostError
            A link leads out of the cloud; no token was sent there.
        ServiceError
            As in `send`; also a link that comes twice.
        CancelledError
            The person pressed Cancel; lists that take more than a second have such a button.
        """
        self.sign_in(scope)
        seen: set[str] = set()
        what = urlsplit(url).path.rpartition("/")[2]
        with Progress(f"List of {what}", unit="entries", shown=self.progress) as progress:
            while url:
                if url in seen:
                    raise ServiceError(
                        f"{host_of(url)} gave the same link to the next page twice. Ask for a smaller list."
                    )
                seen.add(url)
                body = self.send("GET", url, scope=scope, params=params, read_timeout=read_timeout).body or {}
                progress.advance(len(body.get("value") or []))
                yield body
                # The link carries the query already; sending it twice would lose the place.
                url, params = urljoin(url, body["nextLink"]) if body.get("nextLink") else "", None

    def items(
        self, url: str, *, scope: str, params: Mapping[str, str] | None = None
    ) -> Iterator[dict[str, Any]]:
        """Yield each entry of every page of a list."""
        for body in self.pages(url, scope=scope, params=params):
            yield from body.get("value") or []

    def close(self) -> None:
        """Close the connections."""
        self._pipeline.__exit__()


def _version() -> str:
    try:
        return metadata.version("huntbook")
    except metadata.PackageNotFoundError:
        return "0"


def _json(response: HttpResponse) -> Any:
    """Return the body as JSON; as text where it is none."""
    text = response.content.decode("utf-8-sig", "replace")
    try:
        return json_module.loads(text) if text else None
    except ValueError:
        return text


def _service_error(reply: Reply, *, host: str) -> ServiceError:
    """Build the one error for a service's refusal."""
    error = reply.body.get("error") if isinstance(reply.body, dict) else None
    error = error if isinstance(error, dict) else {}
    code, text = str(error.get("code") or ""), str(error.get("message") or reply.body or "")
    inner = error.get("innererror")
    while isinstance(inner, dict):
        text = str(inner.get("message") or text)
        inner = inner.get("innererror")
    word = f"{code}: " if code else ""
    message = (
        f"{host} answered HTTP {reply.status}: {word}{first_line(text)}. {service_remedy(reply.status, code)}"
    )
    return ServiceError(message, status=reply.status, code=code, details=error)
