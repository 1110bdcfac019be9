"""One signed-in session in one cloud, from which everything that talks to Azure is made."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, Self

from huntbook import settings
from huntbook.azure.arm import Arm
from huntbook.azure.choice import chosen_cloud, chosen_methods
from huntbook.azure.credentials import CredentialChain
from huntbook.azure.method_checks import SignInOptions
from huntbook.azure.transport import Transport
from huntbook.azure.workspaces import find_workspace
from huntbook.errors import OptionError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import TracebackType

    from huntbook.azure.clouds import Cloud
    from huntbook.azure.doctor import CheckReport
    from huntbook.azure.graph import ResourceGraph
    from huntbook.azure.logs import Logs
    from huntbook.azure.resources import Resources
    from huntbook.azure.secrets import Secrets
    from huntbook.azure.sentinel import Sentinel

__all__ = ["AzureSession", "connect"]


def connect(
    cloud: str | Cloud | None = None,
    auth_methods: Sequence[str] | None = None,
    tenant_id: str | None = None,
    *,
    client_id: str | None = None,
    client_secret: str | None = None,
    certificate_path: str | None = None,
    certificate_password: str | None = None,
    allowed_tenants: Sequence[str] = (),
    prompt_timeout: int = 300,
    quiet: bool = False,
    progress: bool = True,
) -> AzureSession:
    """Choose a cloud and the ways to sign in; nothing is asked of anyone until a token is needed.

    Parameters
    ----------
    cloud
        A name, an alias or a `Cloud`. None: the setting ``Azure.cloud``.
    auth_methods
        The ways to sign in, in the order to try them: ``env``, ``cli``, ``msi``,
        ``interactive``, ``devicecode``, ``clientsecret``, ``certificate``, ``powershell``,
        ``vscode``, ``workload``. None: the setting ``Azure.auth_methods``.
    tenant_id
        The tenant's id or domain. None: the setting ``Azure.tenant_id``; without one, the
        account's own.
    client_id
        The application to sign in as (``clientsecret``, ``certificate``) or with
        (``interactive``, ``devicecode``). None: the setting ``Azure.client_id``; without one,
        the application of the Azure CLI.
    client_secret, certificate_path, certificate_password
        What proves the application. They are never stored, shown or logged.
    allowed_tenants
        Other tenants whose vaults may ask this session for a token; the setting
        ``KeyVault.TenantId`` is one of them.
    prompt_timeout
        Seconds to wait for a person, 300 by default.
    quiet
        True: do not print the line that says which cloud this is.
    progress
        False: no bars, however long a query or a list takes.

    Returns
    -------
    AzureSession
        Bound to the one cloud; close it, or use it in a ``with`` block.

    Raises
    ------
    UnknownCloudError
        No cloud bears the name.
    UnsafeEndpointError
        The settings mix the cloud with another one's addresses.
    OptionError
        A way to sign in that is not known.

    Examples
    --------
    >>> with connect("usgov", ["cli", "devicecode"]) as session:
    ...     session.cloud.log_analytics
    Cloud usgov (Azure Government (United States)): sign-in at login.microsoftonline.us, \
resources at management.usgovcloudapi.net, tenant of the account
    'https://api.loganalytics.us'
    """
    options = SignInOptions(
        cloud=chosen_cloud(cloud),
        tenant_id=tenant_id or settings.get("Azure.tenant_id"),
        client_id=client_id or settings.get("Azure.client_id"),
        client_secret=client_secret,
        certificate_path=certificate_path,
        certificate_password=certificate_password,
        allowed_tenants=(*allowed_tenants, *filter(None, [settings.get("KeyVault.TenantId")])),
        prompt_timeout=prompt_timeout,
    )
    session = AzureSession(CredentialChain(chosen_methods(auth_methods), options), options, progress=progress)
    if not quiet:
        print(session.summary())  # noqa: T201 - the user must see where the sign-in will go
    return session


class AzureSession:
    """One cloud, one identity, one guarded way out. Made by `connect`.

    Attributes
    ----------
    cloud
        The only cloud that this session talks to.
    credential
        Gives tokens to any client of the Azure libraries.
    transport
        Sends requests to services of the cloud.
    """

    def __init__(self, credential: CredentialChain, options: SignInOptions, *, progress: bool = True) -> None:
        self.cloud = options.cloud
        self.credential = credential
        self.transport = Transport(options.cloud, credential, progress=progress)
        self._options = options
        self._vaults: dict[tuple[str, bool], Secrets] = {}

    @property
    def tenant_id(self) -> str | None:
        """The tenant that was chosen; None: the account's own."""
        return self._options.tenant_id

    @property
    def signed_in_with(self) -> str | None:
        """The method that gave the first token; None before one was needed."""
        return self.credential.winner

    def summary(self) -> str:
        """Return one line: cloud, login host, Resource Manager and tenant, and what to know of them."""
        cloud = self.cloud
        resources = cloud.resource_manager.removeprefix("https://") or "(not known)"
        line = (
            f"Cloud {cloud.name} ({cloud.title}): sign-in at {cloud.authority.removeprefix('https://')}, "
            f"resources at {resources}, tenant {self.tenant_id or 'of the account'}"
        )
        notes = [cloud.advice if cloud.status == "retired" else "", self.credential.notice]
        return " ".join([f"{line}.", *filter(None, notes)]) if any(notes) else line

    def logs(self, workspace: str | None = None) -> Logs:
        """Return what runs queries in a workspace.

        Parameters
        ----------
        workspace
            Its name in the settings, its workspace id, its resource id, or its address in the
            portal. None: the settings' ``Default``, or their only one.

        Raises
        ------
        UnknownWorkspaceError
            Nothing of the kind.
        ComponentUnavailableError
            This cloud has no Log Analytics.
        """
        from huntbook.azure.logs import Logs  # noqa: PLC0415 - pandas loads with the first query

        return Logs(self.cloud, self.transport, find_workspace(workspace, cloud=self.cloud))

    def secrets(self, vault: str | None = None, *, use_keyring: bool | None = None) -> Secrets:
        """Return the secrets of a vault; what was fetched once is kept as long as the session.

        Parameters
        ----------
        vault
            Its name, or its address in this cloud. None: the setting ``KeyVault.VaultName``.
        use_keyring
            True: keep them in the keyring of the kernel's machine as well, for twelve hours;
            it takes the extra ``huntbook[keyring]``. None: the setting ``KeyVault.UseKeyring``.

        Raises
        ------
        OptionError
            No vault was named, here or in the settings; or the settings' vault is in another cloud.
        ForeignHostError
            The address is not in this cloud.
        ComponentUnavailableError
            This cloud has no Key Vault.
        KeyringUnavailableError
            The keyring is to be used, and this machine has none that can be.
        """
        from huntbook.azure.secrets import Secrets  # noqa: PLC0415 - pandas loads with the first use

        vault = vault or self._usual_vault()
        keyring = bool(settings.get("KeyVault.UseKeyring")) if use_keyring is None else use_keyring
        key = (self.cloud.vault_url(vault), keyring)
        if key not in self._vaults:
            self._vaults[key] = Secrets(self.cloud, self.transport, vault, use_keyring=keyring)
        return self._vaults[key]

    def _usual_vault(self) -> str:
        vault, authority = settings.get("KeyVault.VaultName"), settings.get("KeyVault.Authority")
        if not vault:
            raise OptionError("No vault was named. Give its name, or set KeyVault.VaultName.")
        if authority and chosen_cloud(authority).name != self.cloud.name:
            raise OptionError(
                f"The settings' vault {vault!r} is in cloud {authority!r} (KeyVault.Authority), and this session is in "
                f"{self.cloud.name!r}, which it does not leave. Open it with connect({authority!r})."
            )
        return str(vault)

    def secret(self, place: str) -> str:
        """Return the secret that a setting's reference names: ``vault/secret``, or ``secret`` in the usual vault."""
        vault, _, name = place.rpartition("/")
        return self.secrets(vault or None).get(name).value

    @cached_property
    def resources(self) -> Resources:
        """Subscriptions, resources, machines, networks and metrics."""
        from huntbook.azure.resources import Resources  # noqa: PLC0415 - pandas loads with the first use

        return Resources(Arm(self.cloud, self.transport))

    @property
    def graph(self) -> ResourceGraph:
        """Queries over every resource."""
        from huntbook.azure.graph import ResourceGraph  # noqa: PLC0415 - pandas loads with the first use

        return ResourceGraph(self.cloud, Arm(self.cloud, self.transport))

    def sentinel(self, workspace: str | None = None) -> Sentinel:
        """Return the management side of Microsoft Sentinel in a workspace.

        Parameters
        ----------
        workspace
            As for `logs`. Where only its id is known, Resource Graph is asked for the rest.

        Raises
        ------
        UnknownWorkspaceError
            Nothing of the kind.
        """
        from huntbook.azure.sentinel import Sentinel  # noqa: PLC0415 - pandas loads with the first use

        found = find_workspace(workspace, cloud=self.cloud)
        if not found.resource_id:
            found = self.graph.workspace(found.workspace_id)
        return Sentinel(Arm(self.cloud, self.transport), found)

    def check(self, *, sign_in: bool = False) -> CheckReport:
        """Say what this session will do, or, with `sign_in`, what it did.

        Parameters
        ----------
        sign_in
            True: ask for one token a component, which may prompt you.

        Returns
        -------
        CheckReport
            A row a component, a row a method and, after sign-in, a row a token.
        """
        from huntbook.azure.doctor import examine  # noqa: PLC0415 - the doctor makes sessions of its own

        return examine(
            self._options,
            self.credential.methods,
            notice=self.credential.notice,
            credential=self.credential if sign_in else None,
        )

    def reset_sign_in(self) -> None:
        """Forget who signed in and what secrets they read; the next request starts the chain anew."""
        self._vaults.clear()
        self.credential.reset()

    def close(self) -> None:
        """Close the connections and forget every token and secret."""
        self._vaults.clear()
        self.transport.close()
        self.credential.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"AzureSession(tenant {self.tenant_id or 'of the account'}, {self.credential!r})"

    def __getstate__(self) -> Any:
        raise TypeError(
            "An AzureSession holds a sign-in and can't be copied to another process. Call connect() there."
        )
