"""MSTICPy's classes for Azure, each bound to one session and so to one cloud.

They carry MSTICPy's names and words; what comes back are huntbook's frames, whose columns are
described where huntbook's own methods are.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from huntbook import settings
from huntbook.azure import connect
from huntbook.errors import OptionError, nearest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from huntbook.azure.logs import Logs
    from huntbook.azure.secrets import Secret, Secrets
    from huntbook.azure.session import AzureSession

__all__ = ["AzureData", "BHKeyVaultClient", "QueryProvider", "WorkspaceConfig"]

_LOGS: Final = ("MSSentinel", "AzureSentinel", "LogAnalytics")
_GRAPH: Final = "ResourceGraph"
_INTERVALS: Final = {"minute": "PT1M", "hour": "PT1H", "day": "P1D"}
_WORKSPACE: Final = re.compile(r"workspace\('([^']+)'\)")
_TENANT: Final = re.compile(r"tenant\('([^']+)'\)")


class _Connected:
    """Holds a session, made by `connect` or, from the settings, on first use."""

    def __init__(self, cloud: str | None = None) -> None:
        self._cloud = cloud
        self._open: AzureSession | None = None

    @property
    def connected(self) -> bool:
        """Whether there is a session; the sign-in itself comes with the first request."""
        return self._open is not None

    @property
    def session(self) -> AzureSession:
        """The session behind: everything that huntbook can do in the cloud."""
        if self._open is None:
            self._open = connect(self._cloud)
        return self._open

    def __getattr__(self, name: str) -> Any:
        kind = type(self).__name__
        if name.startswith("_"):  # what IPython, pickle and inspect look for, and may not find
            raise AttributeError(f"{kind!r} object has no attribute {name!r}")
        near = nearest(name, [each for each in dir(type(self)) if not each.startswith("_")])
        hint = f" Did you mean {near!r}?" if near else ""
        raise AttributeError(
            f"huntbook's stand-in for MSTICPy's {kind} has no {name!r}.{hint} `session` has all that huntbook can do in "
            "the cloud. For the rest, install MSTICPy itself: pip install msticpy."
        )

    def _connect(
        self,
        auth_methods: Sequence[str] | None,
        tenant_id: str | None,
        cloud: str | None,
        *,
        silent: bool = False,
    ) -> None:
        if self._open is not None:
            self._open.close()
        self._open = connect(cloud or self._cloud, auth_methods, tenant_id, quiet=silent)


class WorkspaceConfig:
    """A workspace of the settings, by its name.

    Parameters
    ----------
    workspace
        Its name under ``MSSentinel.Workspaces``. None: the one called ``Default``, or the only one.
    """

    def __init__(self, workspace: str | None = None) -> None:
        self.workspace = workspace

    @property
    def code_connect_str(self) -> str:
        """The text that `QueryProvider.connect` takes, with tenant and workspace."""
        found = self._settings
        return f"loganalytics://code().tenant('{found.get('TenantId', '')}').workspace('{found.get('WorkspaceId', '')}')"

    @property
    def config_loaded(self) -> bool:
        """Whether the settings have the workspace, with its id."""
        return "WorkspaceId" in self._settings

    @property
    def settings_path(self) -> str:
        """The settings file."""
        return str(settings.path)

    @property
    def _settings(self) -> dict[str, Any]:
        every = self.list_workspaces()
        only = next(iter(every)) if len(every) == 1 else "Default"
        return dict(
            every.get(self.workspace or "Default") or (every.get(only) if not self.workspace else None) or {}
        )

    @classmethod
    def list_workspaces(cls) -> dict[str, Any]:
        """Return the workspaces of the settings by their names."""
        return dict(settings.get("MSSentinel.Workspaces") or {})


class QueryProvider(_Connected):
    """Queries of a Microsoft Sentinel workspace, or over all resources.

    Parameters
    ----------
    data_environment
        "MSSentinel", "AzureSentinel" and "LogAnalytics" query a workspace, "ResourceGraph" all resources.

    Raises
    ------
    OptionError
        Any other word.
    """

    def __init__(self, data_environment: str) -> None:
        super().__init__()
        known = {name.lower(): name for name in (*_LOGS, _GRAPH)}
        if data_environment.lower() not in known:
            raise OptionError.unknown(data_environment, option="data_environment", known=known.values())
        self.environment = known[data_environment.lower()]
        self._workspace: str | None = None

    def connect(
        self,
        connection_str: str | WorkspaceConfig | None = None,
        *,
        workspace: str | None = None,
        auth_types: Sequence[str] | None = None,
        mp_az_auth: Sequence[str] | str | bool | None = None,
        tenant_id: str | None = None,
        cloud: str | None = None,
    ) -> None:
        """Choose the workspace and the ways to sign in.

        Parameters
        ----------
        connection_str
            A `WorkspaceConfig`, or MSTICPy's ``loganalytics://...`` text with a workspace and a tenant.
        workspace
            Its name in the settings, its id, resource id or portal address.
        auth_types, mp_az_auth
            The ways to sign in, in order; "default", True and None: those of the settings.
        tenant_id, cloud
            None: those of the settings.
        """
        told = connection_str if isinstance(connection_str, str) else ""
        named = connection_str.workspace if isinstance(connection_str, WorkspaceConfig) else None
        self._workspace = workspace or named or _first(_WORKSPACE, told)
        methods = auth_types or (
            None if isinstance(mp_az_auth, bool) or mp_az_auth == "default" else mp_az_auth
        )
        methods = [methods] if isinstance(methods, str) else methods
        self._connect(methods, tenant_id or _first(_TENANT, told), cloud)

    def exec_query(
        self,
        query: str,
        *,
        start: datetime | None = None,
        end: datetime | None = None,
        split_query_by: str | None = None,
    ) -> pd.DataFrame:
        """Run a query and return its answer.

        Parameters
        ----------
        query
            KQL.
        start, end
            The stretch of time, without a zone in UTC; `end` is now where it is not given. Not for Resource Graph.
        split_query_by
            Run it in pieces so long, such as "1d", "6H" or "30min", and put them together; it needs `start`.
        """
        if self.environment == _GRAPH:
            return self.session.graph.query(query)
        span = None if start is None else (start, end or datetime.now(UTC))
        split = None if split_query_by is None else pd.Timedelta(split_query_by).to_pytimedelta()
        return self._logs.query(query, timespan=span, split=split)

    def list_queries(self) -> list[str]:
        """Return the names of the queries that are saved in the folders of the settings, each as family.name."""
        found = self._logs.saved().list()
        return [] if found.empty else (found["family"] + "." + found["name"]).tolist()

    @property
    def schema(self) -> dict[str, dict[str, str]]:
        """The types of the columns of the workspace's tables: table, column, type."""
        logs = self._logs
        return {name: dict(logs.schema(name)[["name", "type"]].to_numpy()) for name in logs.tables()["name"]}

    @property
    def schema_tables(self) -> list[str]:
        """The names of the workspace's tables."""
        return self._logs.tables()["name"].tolist()

    @property
    def _logs(self) -> Logs:
        return self.session.logs(self._workspace)


class AzureData(_Connected):
    """Subscriptions, resources, networks and metrics.

    Parameters
    ----------
    connect
        Make the session now.
    cloud
        None: that of the settings.
    """

    def __init__(self, *, connect: bool = False, cloud: str | None = None) -> None:
        super().__init__(cloud)
        if connect:
            self.connect()

    def connect(
        self,
        auth_methods: Sequence[str] | None = None,
        tenant_id: str | None = None,
        *,
        silent: bool = False,
        cloud: str | None = None,
    ) -> None:
        """Choose the ways to sign in, the tenant and the cloud; None: those of the settings."""
        self._connect(auth_methods, tenant_id, cloud, silent=silent)

    def get_subscriptions(self) -> pd.DataFrame:
        """Return every subscription, as `Resources.subscriptions` does."""
        return self.session.resources.subscriptions()

    def get_subscription_info(self, sub_id: str) -> dict[str, Any]:
        """Return what `get_subscriptions` says of one subscription."""
        found = self.get_subscriptions()
        chosen = found[found["subscription_id"].str.lower() == sub_id.lower()]
        if chosen.empty:
            raise OptionError(
                f"sub_id={sub_id!r}: you see no subscription with this id. get_subscriptions() has them all."
            )
        return {str(key): value for key, value in chosen.iloc[0].items()}

    def get_resources(
        self, sub_id: str, rgroup: str | None = None, *, get_props: bool = False
    ) -> pd.DataFrame:
        """Return the resources of a subscription or of one resource group in it; with `get_props` their properties too."""
        return self.session.resources.resources(sub_id, resource_group=rgroup, properties=get_props)

    def get_resource_details(
        self,
        sub_id: str | None = None,  # noqa: ARG002 - the id of the resource has it
        resource_id: str = "",
    ) -> dict[str, Any]:
        """Return all that Azure says of one resource.

        Parameters
        ----------
        sub_id
            Taken, and without effect: the id has it.
        resource_id
            Of which.
        """
        return self.session.resources.details(resource_id)

    def get_network_details(
        self,
        network_id: str,
        sub_id: str | None = None,  # noqa: ARG002 - the id of the interface has it
    ) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Return a network interface's addresses, and the rules of its security group, as `Resources` does.

        Parameters
        ----------
        network_id
            The interface's resource id.
        sub_id
            Taken, and without effect: the id has it.
        """
        resources = self.session.resources
        return resources.network(network_id), resources.security_rules(network_id)

    def list_sentinel_workspaces(self, sub_id: str) -> dict[str, str]:
        """Return the resource ids of a subscription's workspaces by their names."""
        found = self.session.resources.workspaces(sub_id)
        return dict(zip(found["name"], found["id"], strict=True))

    def get_metrics(
        self,
        metrics: str,
        resource_id: str,
        sub_id: str | None = None,  # noqa: ARG002 - the id of the resource has it
        sample_time: str = "hour",
        start_time: int = 30,
        *,
        aggregation: str = "Total",
    ) -> pd.DataFrame:
        """Return metrics of a resource in one frame, today included.

        Parameters
        ----------
        metrics
            Their names, with commas between.
        resource_id
            Of what.
        sub_id
            Taken, and without effect: the id has it.
        sample_time
            "minute", "hour" or "day".
        start_time
            Days to look back.
        aggregation
            "Total" (MSTICPy's only one), "Average", "Minimum", "Maximum" or "Count".
        """
        if sample_time not in _INTERVALS:
            raise OptionError.unknown(sample_time, option="sample_time", known=_INTERVALS)
        return self.session.resources.metrics(
            resource_id,
            [name.strip() for name in metrics.split(",")],
            aggregation=aggregation,
            timespan=timedelta(days=start_time),
            interval=_INTERVALS[sample_time],
        )


class BHKeyVaultClient(_Connected):
    """The secrets of one vault.

    Parameters
    ----------
    tenant_id
        None: that of the settings.
    vault_uri, vault_name
        The vault's address in the chosen cloud, or its name. None: the setting ``KeyVault.VaultName``.
    auth_methods
        None: those of the settings.
    authority
        The cloud. None: that of the settings.
    """

    def __init__(
        self,
        tenant_id: str | None = None,
        vault_uri: str | None = None,
        vault_name: str | None = None,
        *,
        auth_methods: Sequence[str] | None = None,
        authority: str | None = None,
    ) -> None:
        super().__init__()
        self._vault = vault_uri or vault_name
        self._connect(auth_methods, tenant_id, authority)

    @property
    def _secrets(self) -> Secrets:
        return self.session.secrets(self._vault)

    @property
    def vault_name(self) -> str:
        """The vault's name."""
        named: str = self._vault or settings.get("KeyVault.VaultName")
        return named.removeprefix("https://").partition(".")[0]

    @property
    def secrets(self) -> list[str]:
        """The names of the vault's secrets."""
        return self._secrets.list()["name"].tolist()

    def get_secret(self, secret_name: str) -> str:
        """Return the text of a secret."""
        return self._secrets.get(secret_name).value

    def set_secret(self, secret_name: str, value: str) -> Secret:
        """Write a secret; what comes back hides its text."""
        return self._secrets.set(secret_name, value)


def _first(pattern: re.Pattern[str], text: str) -> str | None:
    found = pattern.search(text)
    return found[1] if found else None
