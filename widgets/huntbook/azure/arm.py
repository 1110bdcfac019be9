"""Azure Resource Manager for the components that use it: paths, versions and lists."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from huntbook import settings
from huntbook.azure.progress import Progress
from huntbook.errors import OptionError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from huntbook.azure.clouds import Cloud
    from huntbook.azure.transport import Reply, Transport

__all__ = ["API_VERSIONS", "Arm", "api_version", "part", "resource_path"]

# Old enough for the clouds that lag behind; the setting Azure.api_versions overrides each by its key.
API_VERSIONS = {
    "subscriptions": "2022-12-01",
    "resources": "2021-04-01",
    "compute": "2023-03-01",
    "network": "2023-02-01",
    "metrics": "2018-01-01",
    "workspaces": "2022-10-01",
    "resource_graph": "2021-03-01",
    "saved_searches": "2020-08-01",
    "key_vault": "7.4",
    "incidents": "2023-11-01",
    "alert_rules": "2023-12-01-preview",  # no stable version knows rules of the kind NRT
    "bookmarks": "2023-11-01",
    "bookmark_expansion": "2023-02-01-preview",  # no stable version has it
    "watchlists": "2023-11-01",
    "data_connectors": "2023-11-01",
    "automation_rules": "2023-11-01",
    "indicators": "2023-11-01",
}
_ID = re.compile(r"/subscriptions/[0-9a-fA-F-]{36}(/[A-Za-z0-9._()\-]+)*", re.IGNORECASE)


def part(text: str) -> str:
    """Return one name as a part of a path: nothing in it can begin another part.

    Raises
    ------
    OptionError
        An empty name, or one that means a folder.
    """
    if text in ("", ".", "..") or len(text) > 1024:  # noqa: PLR2004 - far beyond any name in Azure
        raise OptionError(f"{text[:60]!r} is no name in Azure. Give the name of the thing itself.")
    return quote(text, safe="")


def resource_path(resource_id: str) -> str:
    """Return a resource id as a path, or refuse what is none.

    Raises
    ------
    OptionError
        Text that is no resource id.
    """
    text = "/" + resource_id.strip().strip("/")
    if not _ID.fullmatch(text) or "/.." in text or "/./" in text:
        raise OptionError(
            f"{resource_id[:120]!r} is no resource id. It starts with '/subscriptions/' and an id."
        )
    return text


def api_version(group: str) -> str:
    """Return the API version of a group of calls, as the settings override it."""
    chosen = (settings.get("Azure.api_versions") or {}).get(group)
    return str(chosen or API_VERSIONS[group])


class Arm:
    """Requests to the Resource Manager of one cloud.

    Parameters
    ----------
    cloud, transport
        The session's.
    """

    def __init__(self, cloud: Cloud, transport: Transport) -> None:
        self._url, self._scope = cloud.endpoint("resource_manager"), cloud.scope("resource_manager")
        self._transport = transport

    def progress(self, task: str, *, total: int | None = None, unit: str) -> Progress:
        """Return what shows how far a task is, after the sign-in, so that a prompt stands above it."""
        self._transport.sign_in(self._scope)
        return Progress(task, total=total, unit=unit, shown=self._transport.progress)

    def send(
        self,
        method: str,
        path: str,
        *,
        group: str,
        params: Mapping[str, str] | None = None,
        json: Any = None,
        repeatable: bool = False,
    ) -> Reply:
        """Send one request to `path` with the API version of `group`."""
        return self._transport.send(
            method,
            f"{self._url}{path}",
            scope=self._scope,
            params={"api-version": api_version(group), **(params or {})},
            json=json,
            repeatable=repeatable,
        )

    def get(self, path: str, *, group: str, params: Mapping[str, str] | None = None) -> dict[str, Any]:
        """Return the body of a GET."""
        body: dict[str, Any] = self.send("GET", path, group=group, params=params).body or {}
        return body

    def items(
        self, path: str, *, group: str, params: Mapping[str, str] | None = None
    ) -> Iterator[dict[str, Any]]:
        """Yield every entry of a list, over all its pages."""
        return self._transport.items(
            f"{self._url}{path}",
            scope=self._scope,
            params={"api-version": api_version(group), **(params or {})},
        )
