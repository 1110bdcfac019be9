"""One credential of azure-identity for each way to sign in, always bound to the chosen cloud."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Protocol

from azure.core.exceptions import ClientAuthenticationError
from azure.identity import (
    AzureCliCredential,
    AzurePowerShellCredential,
    CertificateCredential,
    ClientSecretCredential,
    DeviceCodeCredential,
    EnvironmentCredential,
    InteractiveBrowserCredential,
    ManagedIdentityCredential,
    VisualStudioCodeCredential,
    WorkloadIdentityCredential,
)

from huntbook.azure.transport import GuardedTransport

if TYPE_CHECKING:
    from collections.abc import Callable

    from azure.core.credentials import AccessTokenInfo, TokenRequestOptions

    from huntbook.azure.device_code import DevicePrompt
    from huntbook.azure.method_checks import SignInOptions

__all__ = ["Credential", "build_link"]

# A cold start of az takes longer than the library's 10 seconds.
_PROCESS_SECONDS = 30


class Credential(Protocol):
    """What every credential of azure-identity can do."""

    def get_token_info(self, *scopes: str, options: TokenRequestOptions | None = None) -> AccessTokenInfo:
        """Return a token for `scopes`."""

    def close(self) -> None:
        """Close the connections."""


def build_link(method: str, options: SignInOptions, prompt: DevicePrompt) -> Credential:
    """Return the credential for `method`; asks for no token.

    Parameters
    ----------
    method
        A name in `METHODS`.
    options
        The cloud, the tenant and what proves the identity.
    prompt
        Shows a device code.
    """
    return _BUILDERS[method](options, prompt)


def _bound(options: SignInOptions, prompt: DevicePrompt | None = None) -> dict[str, Any]:
    """Return what binds a credential to the cloud."""
    return {
        "authority": options.cloud.authority,
        # Validating the authority asks the public cloud's login host; the catalogue has done it already.
        "disable_instance_discovery": True,
        "additionally_allowed_tenants": list(options.allowed_tenants),
        "transport": GuardedTransport(options.cloud, cancelled=prompt.cancelled if prompt else None),
    }


def _tenant(options: SignInOptions) -> str:
    return options.tenant_id or options.cloud.tenant


def _client(options: SignInOptions) -> dict[str, str]:
    """Return the application to sign in with; without one the library takes that of the Azure CLI."""
    return {"client_id": options.client_id} if options.client_id else {}


class _TolerantCli:
    """The Azure CLI; asked again without a tenant where a machine's identity is signed in to it."""

    def __init__(self, options: SignInOptions) -> None:
        self._with_tenant = AzureCliCredential(
            tenant_id=options.tenant_id or "",
            additionally_allowed_tenants=list(options.allowed_tenants),
            process_timeout=_PROCESS_SECONDS,
        )
        self._without = AzureCliCredential(process_timeout=_PROCESS_SECONDS)

    def get_token_info(self, *scopes: str, options: TokenRequestOptions | None = None) -> AccessTokenInfo:
        try:
            token: AccessTokenInfo = self._with_tenant.get_token_info(*scopes, options=options)
        except ClientAuthenticationError as error:
            if "Tenant shouldn't be specified" not in str(error):
                raise
            token = self._without.get_token_info(*scopes)
        return token

    def close(self) -> None:
        """Nothing is open."""


def _env(options: SignInOptions, _prompt: DevicePrompt) -> Credential:
    return EnvironmentCredential(**_bound(options))


def _cli(options: SignInOptions, _prompt: DevicePrompt) -> Credential:
    return _TolerantCli(options)


def _msi(options: SignInOptions, _prompt: DevicePrompt) -> Credential:
    return ManagedIdentityCredential(client_id=options.client_id or os.environ.get("AZURE_CLIENT_ID"))


def _interactive(options: SignInOptions, _prompt: DevicePrompt) -> Credential:
    return InteractiveBrowserCredential(
        tenant_id=_tenant(options), timeout=options.prompt_timeout, **_client(options), **_bound(options)
    )


def _devicecode(options: SignInOptions, prompt: DevicePrompt) -> Credential:
    return DeviceCodeCredential(
        tenant_id=_tenant(options),
        timeout=options.prompt_timeout,
        prompt_callback=prompt.show,
        **_client(options),
        **_bound(options, prompt),
    )


def _clientsecret(options: SignInOptions, _prompt: DevicePrompt) -> Credential:
    return ClientSecretCredential(
        _tenant(options), options.client_id or "", options.client_secret or "", **_bound(options)
    )


def _certificate(options: SignInOptions, _prompt: DevicePrompt) -> Credential:
    return CertificateCredential(
        _tenant(options),
        options.client_id or "",
        options.certificate_path,
        password=options.certificate_password,
        **_bound(options),
    )


def _powershell(options: SignInOptions, _prompt: DevicePrompt) -> Credential:
    return AzurePowerShellCredential(
        tenant_id=options.tenant_id or "",
        additionally_allowed_tenants=list(options.allowed_tenants),
        process_timeout=_PROCESS_SECONDS,
    )


def _vscode(options: SignInOptions, _prompt: DevicePrompt) -> Credential:
    return VisualStudioCodeCredential(tenant_id=_tenant(options), **_bound(options))


def _workload(options: SignInOptions, _prompt: DevicePrompt) -> Credential:
    return WorkloadIdentityCredential(
        tenant_id=options.tenant_id or os.environ.get("AZURE_TENANT_ID"),
        client_id=options.client_id or os.environ.get("AZURE_CLIENT_ID"),
        **_bound(options),
    )


_BUILDERS: dict[str, Callable[[SignInOptions, DevicePrompt], Credential]] = {
    "env": _env,
    "cli": _cli,
    "msi": _msi,
    "interactive": _interactive,
    "devicecode": _devicecode,
    "clientsecret": _clientsecret,
    "certificate": _certificate,
    "powershell": _powershell,
    "vscode": _vscode,
    "workload": _workload,
}
