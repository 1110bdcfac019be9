"""What Azure tells of a workspace of which somebody has the id, the name or the address."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from huntbook import settings
from huntbook.azure import connect
from huntbook.errors import OptionError

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["look_up", "place_of"]

# They ask a person, who would not see it: what a button does has no cell to show it in.
_ASKING: Final = frozenset({"interactive", "devicecode"})


def look_up(text: str) -> tuple[str, dict[str, str]]:
    """Return a workspace's name and settings as Azure tells them, by the saved cloud and ways to sign in.

    Parameters
    ----------
    text
        Its id, name, resource id, or address in the portal.

    Raises
    ------
    OptionError
        Every way to sign in of the settings asks a person.
    UnknownWorkspaceError
        The identity sees no such workspace, or several of that name.
    SignInError
        No way to sign in worked.
    """
    methods = [method for method in settings.get("Azure.auth_methods") if method not in _ASKING]
    if not methods:
        raise OptionError(
            "A button can't ask you to sign in, and the settings name no other way. Add cli to the sign-in methods, or "
            f"run in a cell: huntbook.connect().graph.workspace({text!r})"
        )
    with connect(auth_methods=methods, quiet=True, progress=False) as session:
        found = session.graph.workspace(text)
    told = {
        "WorkspaceId": found.workspace_id,
        "TenantId": found.tenant_id,
        "SubscriptionId": found.subscription_id,
        "ResourceGroup": found.resource_group,
        "WorkspaceName": found.name,
    }
    return found.name, told


def place_of(body: Mapping[str, Any]) -> str:
    """Return what is known of a workspace's place in Azure, as `look_up` takes it.

    Raises
    ------
    OptionError
        Nothing is known.
    """
    if body.get("WorkspaceId"):
        return str(body["WorkspaceId"])
    if all(body.get(key) for key in ("SubscriptionId", "ResourceGroup", "WorkspaceName")):
        return (
            f"/subscriptions/{body['SubscriptionId']}/resourceGroups/{body['ResourceGroup']}"
            f"/providers/Microsoft.OperationalInsights/workspaces/{body['WorkspaceName']}"
        )
    if body.get("WorkspaceName"):
        return str(body["WorkspaceName"])
    raise OptionError("There is nothing to look up by. Fill in the workspace's id or its name in Azure.")
