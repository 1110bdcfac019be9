"""MSTICPy's ways from a workspace's id, name or address to the rest of what there is to know of it."""

from __future__ import annotations

from huntbook.azure import connect
from huntbook.azure.workspaces import Workspace
from huntbook.settings.workspaces import imported

__all__ = ["WorkspaceLookups"]


class WorkspaceLookups:
    """Look workspaces up in Resource Graph, in the cloud and by the ways to sign in of the settings."""

    @staticmethod
    def get_resource_id_from_url(portal_url: str) -> str:
        """Return the resource id that a workspace's address in the portal holds; nobody is asked."""
        _, said = imported(portal_url)
        return Workspace(
            label=portal_url,
            subscription_id=said.get("SubscriptionId", ""),
            resource_group=said.get("ResourceGroup", ""),
            name=said.get("WorkspaceName", ""),
        ).resource_id

    @classmethod
    def get_workspace_details_from_url(cls, portal_url: str) -> dict[str, dict[str, str]]:
        """Return a workspace's settings by its name, from its address in the portal."""
        return _settings(_asked(portal_url))

    @classmethod
    def get_workspace_name(cls, workspace_id: str | None = None, resource_id: str | None = None) -> str:
        """Return a workspace's name, by its id or its resource id."""
        return _asked(workspace_id or resource_id or "").name

    @classmethod
    def get_workspace_id(
        cls, workspace_name: str, subscription_id: str = "", resource_group: str = ""
    ) -> str:
        """Return a workspace's id, by its name; subscription and group where several have the name."""
        return _asked(_named(workspace_name, subscription_id, resource_group)).workspace_id

    @classmethod
    def get_workspace_settings(
        cls, workspace_id: str | None = None, resource_id: str | None = None
    ) -> dict[str, dict[str, str]]:
        """Return a workspace's settings by its name, by its id or its resource id."""
        return _settings(_asked(workspace_id or resource_id or ""))

    @classmethod
    def get_workspace_settings_by_name(
        cls, workspace_name: str, subscription_id: str = "", resource_group: str = ""
    ) -> dict[str, dict[str, str]]:
        """Return a workspace's settings by its name; subscription and group where several have the name."""
        return _settings(_asked(_named(workspace_name, subscription_id, resource_group)))


def _asked(text: str) -> Workspace:
    with connect(quiet=True) as session:
        return session.graph.workspace(text)


def _named(name: str, subscription_id: str, resource_group: str) -> str:
    if not (subscription_id and resource_group):
        return name
    group = f"/subscriptions/{subscription_id}/resourceGroups/{resource_group}"
    return f"{group}/providers/Microsoft.OperationalInsights/workspaces/{name}"


def _settings(found: Workspace) -> dict[str, dict[str, str]]:
    """Return what the settings hold of a workspace, under its name."""
    return {
        found.name: {
            "WorkspaceId": found.workspace_id,
            "TenantId": found.tenant_id,
            "SubscriptionId": found.subscription_id,
            "ResourceGroup": found.resource_group,
            "WorkspaceName": found.name,
        }
    }
