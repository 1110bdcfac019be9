"""Workspaces of Microsoft Sentinel from where people have them: the portal's address bar, or its config.json."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote

from huntbook.errors import SettingsValueError

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["DEFAULT", "imported", "with_default"]

DEFAULT: Final = "Default"
_KEY: Final = "MSSentinel.Workspaces"
_RESOURCE: Final = re.compile(
    r"/subscriptions/(?P<SubscriptionId>[0-9a-f-]{36})/resourcegroups/(?P<ResourceGroup>[^/]+)"
    r"/providers/microsoft\.operationalinsights/workspaces/(?P<WorkspaceName>[^/?#&\s]+)",
    re.IGNORECASE,
)
_TENANT: Final = re.compile(r"#@(?P<tenant>[A-Za-z0-9.-]+)/")
_CONFIG_KEYS: Final = {
    "workspace_id": "WorkspaceId",
    "tenant_id": "TenantId",
    "subscription_id": "SubscriptionId",
    "resource_group": "ResourceGroup",
    "workspace_name": "WorkspaceName",
}


def imported(text: str) -> tuple[str, dict[str, str]]:
    """Return a workspace's name and settings from a portal address, a resource id, or the text of config.json.

    An address does not hold the workspace's id, so that must be added; config.json does.

    Parameters
    ----------
    text
        What was pasted.

    Raises
    ------
    SettingsValueError
        It is none of these.

    Examples
    --------
    >>> imported('{"workspace_id": "52b1ab41-869e-4138-9e40-2a4457f09bf0", "workspace_name": "soc"}')
    ('soc', {'WorkspaceId': '52b1ab41-869e-4138-9e40-2a4457f09bf0', 'WorkspaceName': 'soc'})
    """
    body = _from_config(text) if text.lstrip().startswith("{") else _from_address(text)
    name = body.get("WorkspaceName") or body.get("WorkspaceId")
    if not name:
        raise SettingsValueError(
            "This is neither a workspace's address in the portal nor the text of its config.json. "
            "Open the workspace in the portal and copy the address bar.",
            key=_KEY,
        )
    return name, body


def with_default(workspaces: Mapping[str, Any], name: str) -> dict[str, Any]:
    """Return the workspaces with `name` as the one that is used where none is named.

    MSTICPy reads the default from an entry of its own, so its settings are copied there.
    """
    return {
        **{key: body for key, body in workspaces.items() if key != DEFAULT},
        DEFAULT: dict(workspaces[name]),
    }


def _from_address(text: str) -> dict[str, str]:
    plain = unquote(unquote(text))
    found = _RESOURCE.search(plain)
    if found is None:
        return {}
    tenant = _TENANT.search(plain)
    body = dict(found.groupdict())
    return {**body, "TenantId": tenant["tenant"]} if tenant else body


def _from_config(text: str) -> dict[str, str]:
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    found = {ours: data.get(theirs) for theirs, ours in _CONFIG_KEYS.items()}
    return {key: value for key, value in found.items() if isinstance(value, str) and value}
