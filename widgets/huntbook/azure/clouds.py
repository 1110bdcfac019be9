"""The Azure clouds as values: where each signs in, and which hosts are its own.

This module needs neither azure-identity nor the network, so the Jupyter server may
load it too. The catalogue lies beside it in ``clouds.yaml``, with a source and a date
for each entry.
"""

from __future__ import annotations

import functools
import re
from dataclasses import asdict, dataclass, fields
from importlib import resources
from typing import TYPE_CHECKING, Any, Literal, get_args
from urllib.parse import urlsplit

import yaml

from huntbook.errors import (
    ComponentUnavailableError,
    ForeignHostError,
    UnknownCloudError,
    UnsafeEndpointError,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["COMPONENTS", "Cloud", "Component", "catalogue", "find_cloud", "host_of", "owner_of"]

Component = Literal["resource_manager", "log_analytics", "key_vault", "graph"]
CloudStatus = Literal["active", "partial", "retired", "custom"]

COMPONENTS: dict[Component, str] = {
    "resource_manager": "Azure Resource Manager",
    "log_analytics": "Log Analytics",
    "key_vault": "Key Vault",
    "graph": "Microsoft Graph",
}
_FIELD: dict[Component, str] = {
    "resource_manager": "resource_manager",
    "log_analytics": "log_analytics",
    "key_vault": "key_vault_suffix",
    "graph": "graph",
}
_VAULT_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]{1,22}[A-Za-z0-9]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cloud:
    """One Azure cloud: its login host, its services and who says so.

    Parameters
    ----------
    name
        What the setting ``Azure.cloud`` says, such as ``usgov``.
    title
        The name for people.
    status
        ``active``; ``partial``: public sources leave fields blank; ``retired``: the cloud
        is closed; ``custom``: defined by a user or a site.
    authority, resource_manager, log_analytics, graph, portal
        Addresses without a trailing slash. Blank: not known, so not available.
    resource_manager_scope
        What a token for Azure Resource Manager is asked for.
    resource_manager_audiences
        The audiences that Azure Resource Manager accepts.
    key_vault_suffix, storage_suffix
        Host name endings without a leading dot.
    authority_aliases, issuer_hosts
        Other hosts that sign in for this cloud, and that its tokens name as issuer.
    aliases
        Other names for the setting, compared without regard to case.
    arm_name
        What the Azure CLI calls the cloud.
    tenant
        The tenant where none is set: ``organizations``, or ``adfs``.
    advice
        What to do instead, for a retired cloud.
    source, checked
        Where the values come from, and when they were compared with it.

    Examples
    --------
    >>> find_cloud("usgov").log_analytics
    'https://api.loganalytics.us'
    """

    name: str
    title: str
    status: CloudStatus
    authority: str
    resource_manager: str = ""
    resource_manager_scope: str = ""
    resource_manager_audiences: tuple[str, ...] = ()
    log_analytics: str = ""
    key_vault_suffix: str = ""
    graph: str = ""
    portal: str = ""
    storage_suffix: str = ""
    authority_aliases: tuple[str, ...] = ()
    issuer_hosts: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    arm_name: str = ""
    tenant: str = "organizations"
    advice: str = ""
    source: str = ""
    checked: str = ""

    @classmethod
    def from_mapping(cls, values: Mapping[str, Any]) -> Cloud:
        """Build a cloud from the fields above by name, as a settings file holds them.

        A cloud that the catalogue does not have passes the safety rules of
        `huntbook.azure.metadata` first.

        Parameters
        ----------
        values
            Field names and values; ``name`` and ``authority`` are required.

        Returns
        -------
        Cloud
            With status ``custom`` unless `values` says otherwise.

        Raises
        ------
        UnsafeEndpointError
            An address that must not be used, or one that mixes two clouds.
        """
        from huntbook.azure.metadata import require_safe  # noqa: PLC0415 - the rules need this module

        return require_safe(_from_fields({"status": "custom", "source": "settings", **values}))

    @classmethod
    def from_metadata(cls, url: str, *, name: str | None = None, timeout: float = 10.0) -> Cloud:
        """Read a cloud from the metadata document of its Azure Resource Manager.

        Nothing is stored: show the result to the user, and store `to_mapping` in the
        settings once it is confirmed. No token is needed and none is sent.

        Parameters
        ----------
        url
            The address of Azure Resource Manager, https only.
        name
            What to call the cloud; by default what the document calls it.
        timeout
            Seconds to wait for the answer.

        Returns
        -------
        Cloud
            A ``custom`` cloud; the catalogue's own entry where the address is one of its.

        Raises
        ------
        UnsafeEndpointError
            The address, or one in the document, must not be used.
        CloudMetadataError
            No such document, or one that can't be read.
        """
        from huntbook.azure.metadata import read_metadata  # noqa: PLC0415 - the reader needs this module

        return read_metadata(url, name=name, timeout=timeout)

    def to_mapping(self) -> dict[str, Any]:
        """Return the fields that are set, as plain values for JSON or a settings file."""
        return {
            key: list(value) if isinstance(value, tuple) else value
            for key, value in asdict(self).items()
            if value
        }

    @property
    def key_vault(self) -> str:
        """The audience of every vault in this cloud; blank where there is no Key Vault."""
        return f"https://{self.key_vault_suffix}" if self.key_vault_suffix else ""

    @property
    def authority_hosts(self) -> frozenset[str]:
        """Every host that signs in for this cloud."""
        return frozenset({host_of(self.authority), *self.authority_aliases})

    @property
    def hosts(self) -> frozenset[str]:
        """Every host that may receive a token or a secret; vaults come on top by their suffix."""
        services = (self.resource_manager, self.log_analytics, self.graph)
        return self.authority_hosts | {host_of(url) for url in services if url}

    def endpoint(self, component: Component) -> str:
        """Return the address of `component`; for Key Vault the parent of all vaults.

        Raises
        ------
        ComponentUnavailableError
            This cloud has no such component.
        """
        value: str = getattr(self, _FIELD[component])
        if not value:
            raise ComponentUnavailableError.missing(
                COMPONENTS[component], cloud=self.name, field=_FIELD[component], advice=self.advice
            )
        return self.key_vault if component == "key_vault" else value

    def scope(self, component: Component) -> str:
        """Return what a token for `component` is asked for.

        Raises
        ------
        ComponentUnavailableError
            This cloud has no such component.
        """
        endpoint = self.endpoint(component)
        return self.resource_manager_scope if component == "resource_manager" else f"{endpoint}/.default"

    def vault_url(self, vault: str) -> str:
        """Return the address of a vault, given its name or its address in this cloud.

        Raises
        ------
        UnsafeEndpointError
            A name that Key Vault does not allow.
        ForeignHostError
            An address outside this cloud.
        """
        self.endpoint("key_vault")
        if "/" in vault or "." in vault:
            url = vault if "//" in vault else f"https://{vault}"
            self.require_own(url)
            return f"https://{host_of(url)}"
        if not _VAULT_NAME.fullmatch(vault):
            raise UnsafeEndpointError(
                f"vault={vault!r}: a vault's name has 3 to 24 letters, digits and dashes and starts with a letter. "
                "Give the name alone, such as 'contoso-keys'."
            )
        return f"https://{vault}.{self.key_vault_suffix}"

    def owns(self, host: str) -> bool:
        """Return whether `host` (with its port, unless 443) is one of this cloud's."""
        return host in self.hosts or bool(
            self.key_vault_suffix and host.endswith(f".{self.key_vault_suffix}")
        )

    def require_own(self, url: str) -> None:
        """Refuse any address but an https one on a host of this cloud.

        Raises
        ------
        ForeignHostError
            Another scheme, user information in the address, or a foreign host.
        """
        parts = urlsplit(url)
        safe = parts.scheme == "https" and not re.search(r"[@\\\s]", parts.netloc)
        if not (safe and self.owns(host_of(url))):
            raise ForeignHostError.refused(parts.netloc or url, scheme=parts.scheme, cloud=self.name)


def host_of(url: str) -> str:
    """Return the host of an address in lower case, with its port unless that is 443."""
    return urlsplit(url).netloc.lower().removesuffix(":443")


def _from_fields(values: Mapping[str, Any]) -> Cloud:
    """Build a cloud from plain values, with lists as tuples and slashes trimmed."""
    known = {field.name for field in fields(Cloud)}
    unknown = sorted(set(values) - known)
    missing = sorted({"name", "authority"} - {key for key, value in values.items() if value})
    if unknown or missing:
        raise UnsafeEndpointError(
            f"A cloud's definition takes {', '.join(sorted(known))}; unknown: {', '.join(unknown) or 'none'}; "
            f"missing: {', '.join(missing) or 'none'}."
        )
    if values.get("status") not in get_args(CloudStatus):
        raise UnsafeEndpointError(
            f"status={values.get('status')!r}: a cloud is {', '.join(get_args(CloudStatus))}."
        )
    clean = {key: _clean(value) for key, value in values.items()}
    return Cloud(**{"title": clean["name"], **clean})


def _clean(value: Any) -> Any:
    """Return lists as tuples and everything else as text without a trailing slash."""
    if isinstance(value, (list, tuple)):
        return tuple(_clean(item) for item in value)
    return str(value).strip().removesuffix("/")


@functools.cache
def catalogue() -> tuple[Cloud, ...]:
    """Return every cloud that huntbook ships, in the order of the file.

    Examples
    --------
    >>> [cloud.name for cloud in catalogue()][:4]
    ['global', 'usgov', 'cn', 'de']
    """
    text = resources.files("huntbook.azure").joinpath("clouds.yaml").read_text(encoding="utf-8")
    return tuple(_from_fields(entry) for entry in yaml.safe_load(text))


def find_cloud(name: str, *, custom: Iterable[Cloud] = ()) -> Cloud:
    """Return the cloud that `name` means.

    Parameters
    ----------
    name
        A cloud's name, one of its aliases, or what the Azure CLI calls it; case does not
        matter.
    custom
        The clouds that the user and the site define. They can't take a shipped name.

    Returns
    -------
    Cloud
        Never a default: a name that nothing bears is an error.

    Raises
    ------
    UnknownCloudError
        No cloud bears the name.

    Examples
    --------
    >>> find_cloud("AzureUSGovernment").name
    'usgov'
    """
    every = (*catalogue(), *custom)
    wanted = name.strip().lower()
    for cloud in every:
        names = (cloud.name, cloud.arm_name, *cloud.aliases)
        if wanted and wanted in (each.lower() for each in names):
            return cloud
    raise UnknownCloudError.named(name, known=[cloud.name for cloud in every], near=_every_name(every))


def _every_name(clouds: Iterable[Cloud]) -> list[str]:
    return [each for cloud in clouds for each in (cloud.name, cloud.arm_name, *cloud.aliases) if each]


def owner_of(host: str) -> Cloud | None:
    """Return the shipped cloud whose host, audience or suffix `host` is, or None."""
    for cloud in catalogue():
        audiences = {host_of(url) for url in (*cloud.resource_manager_audiences, cloud.portal)}
        suffixes = [suffix for suffix in (cloud.key_vault_suffix, cloud.storage_suffix) if suffix]
        if cloud.owns(host) or host in audiences or host in suffixes:
            return cloud
        if any(host.endswith(f".{suffix}") for suffix in suffixes):
            return cloud
    return None
