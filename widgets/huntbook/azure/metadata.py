"""Custom clouds: reading their metadata document, and the rules that keep them honest.

A custom cloud comes from a settings file or from a server, so it may be hostile. The
rules: https and public host names only; no host of a cloud that huntbook ships, but
for the login host; and a token's audience must belong to the host that receives it.
"""

from __future__ import annotations

import ipaddress
import json
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from huntbook.azure.clouds import Cloud, catalogue, host_of, owner_of
from huntbook.errors import CloudMetadataError, UnsafeEndpointError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["parse_metadata", "read_metadata", "require_safe", "require_safe_url"]

# The newest shape first; Azure Stack Hub knows only the oldest.
_API_VERSIONS = ("2022-09-01", "2015-01-01")
_MAX_BYTES = 1_000_000
_NOT_PUBLIC = ("localhost", "local", "internal", "home.arpa", "localdomain")
# Application ids live in these domains only inside the user's own tenant (Azure Stack Hub).
_TENANT_DOMAINS = (".onmicrosoft.com", ".onmicrosoft.us", ".partner.onmschina.cn")
_OK = 200
_REDIRECTS = range(300, 400)


def require_safe_url(url: str, *, field: str) -> str:
    """Return `url` if it is an https address of a public host name.

    Parameters
    ----------
    url
        The address to judge; nothing is resolved and nothing is asked.
    field
        What to call it in the error.

    Raises
    ------
    UnsafeEndpointError
        Another scheme, user information, an IP address, or a name of the machine itself.
    """
    host = _host_name(url)
    if urlsplit(url).scheme != "https":
        reason = "it is not an https address"
    elif not host or re.search(r"[@\\\s%]", urlsplit(url).netloc):
        reason = "it carries something beside a host and a port"
    elif _is_number(host):
        reason = "it names an IP address and no host"
    elif "." not in host or any(host == name or host.endswith(f".{name}") for name in _NOT_PUBLIC):
        reason = "it names a host of this machine or of the local network"
    else:
        return url
    raise UnsafeEndpointError(
        f"{field}={url!r} is refused: {reason}. Give the https address of a host name, such as "
        "'https://management.example.org'."
    )


def _host_name(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").rstrip(".")
    except ValueError:
        return ""


def _is_number(host: str) -> bool:
    """Return whether `host` is an IP address in any form that a resolver takes."""
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return bool(re.fullmatch(r"(0x[0-9a-f]+|\d+)(\.(0x[0-9a-f]+|\d+))*", host))
    return True


def require_safe(cloud: Cloud) -> Cloud:
    """Return `cloud` as a custom cloud if it breaks none of the rules.

    Raises
    ------
    UnsafeEndpointError
        Naming the field, the host and the rule.
    """
    if cloud.status != "custom":
        raise UnsafeEndpointError(f"status={cloud.status!r}: a cloud of your own has the status 'custom'.")
    taken = {each.lower() for known in catalogue() for each in (known.name, known.arm_name, *known.aliases)}
    if not re.fullmatch(r"[\w .-]{1,64}", cloud.name) or {cloud.name.lower(), *cloud.aliases} & taken:
        raise UnsafeEndpointError(
            f"name={cloud.name!r} can't name a cloud of your own: shipped clouds keep their names, addresses and "
            "aliases. Choose another name of letters, digits, spaces, dots and dashes."
        )
    for field, url in _addresses(cloud):
        require_safe_url(url, field=field)
    _require_one_owner(cloud)
    _require_matching_audiences(cloud)
    return cloud


def _addresses(cloud: Cloud) -> Iterable[tuple[str, str]]:
    """Yield every address of the cloud with its field's name."""
    for field in (
        "authority",
        "resource_manager",
        "resource_manager_scope",
        "log_analytics",
        "graph",
        "portal",
    ):
        if value := getattr(cloud, field):
            yield field, value
    for field in ("key_vault_suffix", "storage_suffix"):
        if value := getattr(cloud, field):
            yield field, f"https://{value}"
    for field in ("authority_aliases", "issuer_hosts"):
        for value in getattr(cloud, field):
            yield field, f"https://{value}"
    for value in cloud.resource_manager_audiences:
        yield "resource_manager_audiences", value


def _require_one_owner(cloud: Cloud) -> None:
    """Refuse the hosts of a shipped cloud, but for its login and Graph together."""
    login = owner_of(host_of(cloud.authority))
    for field, url in _addresses(cloud):
        owner = owner_of(host_of(url))
        shared = field in {"authority", "authority_aliases", "issuer_hosts", "graph", "portal"}
        if owner is None or (shared and owner is login):
            continue
        raise UnsafeEndpointError(
            f"{field}={url!r} is refused in cloud {cloud.name!r}: the host belongs to cloud {owner.name!r}, and a "
            f"cloud of your own must not mix with it. To use that cloud, set Azure.cloud to {owner.name!r}."
        )


def _require_matching_audiences(cloud: Cloud) -> None:
    """Refuse a token audience that does not belong to the host that would receive the token."""
    receiver = _host_name(cloud.resource_manager)
    scopes = [cloud.resource_manager_scope.removesuffix("/.default")] if cloud.resource_manager else []
    for audience in (*scopes, *cloud.resource_manager_audiences):
        host = _host_name(audience)
        parent = receiver.partition(".")[2]
        related = host == receiver or ("." in parent and (host == parent or host.endswith(f".{parent}")))
        if not related and not host.endswith(_TENANT_DOMAINS):
            raise UnsafeEndpointError(
                f"resource_manager_scope={audience!r} is refused in cloud {cloud.name!r}: tokens for {host!r} would "
                f"go to {receiver!r}, which is another service."
            )


def read_metadata(url: str, *, name: str | None = None, timeout: float = 10.0) -> Cloud:
    """Fetch and judge the metadata document of `url`; see `Cloud.from_metadata`."""
    base = f"https://{host_of(require_safe_url(url, field='url'))}"
    owner = owner_of(host_of(base))
    if owner is not None and host_of(owner.resource_manager) == host_of(base):
        return owner
    problem = ""
    for version in _API_VERSIONS:
        document, problem = _fetch(f"{base}/metadata/endpoints?api-version={version}", timeout=timeout)
        if document is not None:
            return require_safe(parse_metadata(document, url=base, name=name))
    raise CloudMetadataError(
        f"No metadata document at {base}/metadata/endpoints: {problem}. Check that the address is the one of Azure "
        "Resource Manager and that this machine reaches it."
    )


def _fetch(url: str, *, timeout: float) -> tuple[Any, str]:
    """Return the document, or None and why there is none; follows no redirect."""
    import requests  # noqa: PLC0415 - a slow import that only this rare call needs

    try:
        # A no-op `auth` keeps requests from sending what ~/.netrc holds for the host.
        with requests.get(
            url, timeout=timeout, allow_redirects=False, stream=True, auth=lambda request: request
        ) as answer:
            if answer.status_code in _REDIRECTS:
                target = answer.headers.get("Location", "")
                raise UnsafeEndpointError(
                    f"{url} sends the reader on to {host_of(target)!r}, which is refused: give the address that "
                    "serves the metadata document itself."
                )
            body = answer.raw.read(_MAX_BYTES + 1, decode_content=True)
    except requests.RequestException as error:
        return None, f"{type(error).__name__} while connecting"
    if answer.status_code != _OK:
        return None, f"the answer was HTTP {answer.status_code}"
    if len(body) > _MAX_BYTES:
        return None, f"the answer is longer than {_MAX_BYTES} bytes"
    try:
        return json.loads(body.decode("utf-8-sig")), ""
    except ValueError:
        return None, "the answer is no JSON"


def parse_metadata(document: Any, *, url: str, name: str | None = None) -> Cloud:
    """Build a cloud from a metadata document of any known shape, without judging it.

    Parameters
    ----------
    document
        One cloud's object, a list of them, or the object of Azure Stack Hub (2015-01-01).
    url
        The address that was asked; a document speaks only for its own host.
    name
        What to call the cloud; by default what the document calls it, else the host.

    Raises
    ------
    CloudMetadataError
        A document of another shape, or one that speaks for another host.
    """
    entry = _entry_for(document, url=url)
    login = entry.get("authentication") or {}
    audiences = [str(audience).removesuffix("/") for audience in login.get("audiences") or []]
    if not login.get("loginEndpoint") or not audiences:
        raise CloudMetadataError(
            f"The metadata document of {url} has no authentication.loginEndpoint or no audiences, so nobody can sign "
            "in with it. Ask the cloud's operator."
        )
    authority, adfs = _authority(str(login["loginEndpoint"]))
    suffixes = entry.get("suffixes") or _derived_suffixes(url)
    tenant = login.get("tenant")
    return Cloud(
        name=name or entry.get("name") or host_of(url),
        title=name or entry.get("name") or host_of(url),
        arm_name=str(entry.get("name") or ""),
        status="custom",
        authority=authority,
        tenant="adfs" if adfs else "organizations" if tenant in (None, "", "common") else str(tenant),
        resource_manager=url.removesuffix("/"),
        resource_manager_scope=f"{audiences[0]}/.default",
        resource_manager_audiences=tuple(audiences),
        log_analytics=_text(entry, "logAnalyticsResourceId"),
        key_vault_suffix=_text(suffixes, "keyVaultDns").lstrip("."),
        storage_suffix=_text(suffixes, "storage").lstrip("."),
        graph=_text(entry, "microsoftGraphResourceId"),
        portal=_text(entry, "portal") or _text(entry, "portalEndpoint"),
        source=f"{url.removesuffix('/')}/metadata/endpoints",
        checked=datetime.now(UTC).date().isoformat(),
    )


def _entry_for(document: Any, *, url: str) -> Mapping[str, Any]:
    """Return the object that speaks for the host of `url`."""
    entries = [
        entry for entry in (document if isinstance(document, list) else [document]) if isinstance(entry, dict)
    ]
    for entry in entries:
        claimed = entry.get("resourceManager")
        # The oldest shape names no resource manager: it speaks for the host that served it.
        if (claimed is None and "authentication" in entry) or host_of(str(claimed)) == host_of(url):
            return entry
    claims = sorted({host_of(str(entry.get("resourceManager") or "")) for entry in entries} - {""})
    raise CloudMetadataError(
        f"The metadata document of {url} speaks for {', '.join(claims) or 'no host'} and not for {host_of(url)}. "
        "Ask the address that it names, if you trust it."
    )


def _authority(login: str) -> tuple[str, bool]:
    """Return the login address without a path, and whether it is Active Directory Federation Services."""
    parts = urlsplit(login)
    return f"{parts.scheme}://{parts.netloc.lower()}", parts.path.strip("/").lower() == "adfs"


def _derived_suffixes(url: str) -> dict[str, str]:
    """Azure Stack Hub: services share the domain of the resource manager."""
    domain = host_of(url).partition(":")[0].partition(".")[2]
    return {"keyVaultDns": f"vault.{domain}", "storage": domain}


def _text(values: Mapping[str, Any], key: str) -> str:
    return str(values.get(key) or "").removesuffix("/")
