"""A Microsoft Sentinel workspace, named the way that is at hand.

By its name in the settings, its workspace id, its resource id, or the address of its page
in the Azure portal.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from huntbook import settings
from huntbook.azure.arm import part
from huntbook.azure.clouds import host_of
from huntbook.errors import ForeignHostError, UnknownWorkspaceError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from huntbook.azure.clouds import Cloud

__all__ = ["Workspace", "find_workspace"]

_GUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_RESOURCE = re.compile(
    r"/subscriptions/(?P<subscription>[0-9a-fA-F-]{36})/resource-?groups/(?P<group>[\w().-]*[\w()-])"
    r"/providers/microsoft\.operationalinsights/workspaces/(?P<name>[A-Za-z0-9][A-Za-z0-9-]{2,62})",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Workspace:
    """One workspace, as far as it is known.

    Parameters
    ----------
    label
        What the user called it.
    workspace_id
        The id that queries go to; empty where only the resource is known.
    subscription_id, resource_group, name
        Where the resource lies; empty where only the id is known.
    tenant_id
        Whose it is; empty where nobody asked Azure.
    """

    label: str
    workspace_id: str = ""
    subscription_id: str = ""
    resource_group: str = ""
    name: str = ""
    tenant_id: str = ""

    @property
    def resource_id(self) -> str:
        """The resource id, each part percent-encoded; empty where the resource is not known."""
        if not (self.subscription_id and self.resource_group and self.name):
            return ""
        return (
            f"/subscriptions/{part(self.subscription_id)}/resourceGroups/{part(self.resource_group)}"
            f"/providers/Microsoft.OperationalInsights/workspaces/{part(self.name)}"
        )

    @property
    def query_path(self) -> str:
        """The path of its queries on the Log Analytics host."""
        if self.workspace_id:
            return f"/v1/workspaces/{part(self.workspace_id)}"
        return f"/v1{self.resource_id}"


def find_workspace(text: str | None, *, cloud: Cloud) -> Workspace:
    """Return the workspace that `text` means.

    Parameters
    ----------
    text
        A name under ``MSSentinel.Workspaces`` in the settings, a workspace id, a resource
        id, or an address of the portal. None: the workspace that the settings call
        ``Default``, or their only one.
    cloud
        A portal address must be one of this cloud's.

    Raises
    ------
    UnknownWorkspaceError
        Nothing of the kind; the message lists the names of the settings.
    ForeignHostError
        The address is another cloud's portal.
    """
    known: Mapping[str, Any] = settings.get("MSSentinel.Workspaces") or {}
    if text is None:
        return _default(known)
    text = text.strip()
    for name, entry in known.items():
        if name.lower() == text.lower():
            return _from_settings(name, entry)
    if _GUID.fullmatch(text):
        return Workspace(label=text, workspace_id=text)
    found = _RESOURCE.search(_resource_text(text, cloud))
    if found is None:
        raise UnknownWorkspaceError.named(text, known=known)
    return Workspace(
        label=found["name"],
        subscription_id=found["subscription"],
        resource_group=found["group"],
        name=found["name"],
    )


def _default(known: Mapping[str, Any]) -> Workspace:
    usable = {name: entry for name, entry in known.items() if entry}
    name = "Default" if "Default" in usable else next(iter(usable), "")
    if not name or (name != "Default" and len(usable) > 1):
        raise UnknownWorkspaceError.none_given(known=known)
    return _from_settings(name, usable[name])


def _from_settings(name: str, entry: Mapping[str, Any]) -> Workspace:
    found = Workspace(
        label=name,
        workspace_id=str(entry.get("WorkspaceId") or ""),
        subscription_id=str(entry.get("SubscriptionId") or ""),
        resource_group=str(entry.get("ResourceGroup") or ""),
        name=str(entry.get("WorkspaceName") or ""),
    )
    if not (found.workspace_id or found.resource_id):
        raise UnknownWorkspaceError.incomplete(name)
    return found


def _resource_text(text: str, cloud: Cloud) -> str:
    """Return the text in which a resource id may stand; refuse other clouds' portals."""
    if "://" not in text:
        return text if text.startswith("/") else ""
    host = host_of(text)
    portal = host_of(cloud.portal)
    if portal and host != portal:
        raise ForeignHostError.refused(host, scheme=urlsplit(text).scheme, cloud=cloud.name)
    return unquote(unquote(text))
