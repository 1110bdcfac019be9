"""Whether each way to sign in would answer here, asked before anything is signed in.

Loads no Azure library and sends no token: files, variables and the PATH tell.
"""

from __future__ import annotations

import configparser
import importlib.util
import json
import os
import shutil
from dataclasses import dataclass, field
from pathlib import Path

from huntbook.azure.clouds import Cloud, find_cloud, host_of
from huntbook.azure.machine import browser_problem, machine_problem
from huntbook.errors import UnknownCloudError

__all__ = [
    "Problem",
    "SignInOptions",
    "certificate_problem",
    "cli_problem",
    "env_problem",
    "interactive_problem",
    "msi_problem",
    "no_problem",
    "powershell_problem",
    "secret_problem",
    "vscode_problem",
    "workload_problem",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInOptions:
    """Everything that the methods may need; secrets stay out of the repr.

    Parameters
    ----------
    cloud
        Where to sign in.
    tenant_id
        The tenant's id or domain; None: the account's own.
    client_id
        The application to sign in as, or with; None: that of the Azure CLI.
    client_secret, certificate_path, certificate_password
        How the application proves itself (methods ``clientsecret`` and ``certificate``).
    allowed_tenants
        Other tenants that a vault may ask a token of.
    prompt_timeout
        Seconds to wait for a person.
    """

    cloud: Cloud
    tenant_id: str | None = None
    client_id: str | None = None
    client_secret: str | None = field(default=None, repr=False)
    certificate_path: str | None = None
    certificate_password: str | None = field(default=None, repr=False)
    allowed_tenants: tuple[str, ...] = ()
    prompt_timeout: int = 300


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a method would not answer, and what to do."""

    reason: str
    remedy: str


def _and(names: list[str]) -> str:
    """Return the names as people list them."""
    return " and ".join(part for part in (", ".join(names[:-1]), names[-1]) if part)


def _set(*names: str) -> bool:
    return all(os.environ.get(name) for name in names)


def env_problem(options: SignInOptions) -> Problem | None:
    """Return which variables are missing."""
    ids = ("AZURE_TENANT_ID", "AZURE_CLIENT_ID")
    if _set(*ids, "AZURE_CLIENT_SECRET") or _set(*ids, "AZURE_CLIENT_CERTIFICATE_PATH"):
        return None
    if _set("AZURE_CLIENT_ID", "AZURE_USERNAME", "AZURE_PASSWORD"):
        return None
    missing = [name for name in ids if not _set(name)]
    if not _set("AZURE_CLIENT_SECRET") and not _set("AZURE_CLIENT_CERTIFICATE_PATH"):
        missing.append("AZURE_CLIENT_SECRET (or AZURE_CLIENT_CERTIFICATE_PATH)")
    del options
    return Problem(
        f"the environment lacks {_and(missing)}",
        "set them where Jupyter starts, or take 'env' out of Azure.auth_methods",
    )


def cli_problem(options: SignInOptions) -> Problem | None:
    """Return whether az is missing or set to another cloud."""
    if shutil.which("az") is None:
        return Problem(
            "the program az is not on the PATH",
            "install the Azure CLI on the kernel's machine, or take 'cli' out of Azure.auth_methods",
        )
    # As az does it: the name of a user who is not known stays as it is.
    folder = Path(os.path.expanduser(os.environ.get("AZURE_CONFIG_DIR") or "~/.azure"))  # noqa: PTH111 - Path's raises
    active = _ini(folder / "config").get("cloud", "name", fallback="AzureCloud")
    cloud = options.cloud
    if active == cloud.arm_name or _registered_as(active, folder=folder) == host_of(cloud.resource_manager):
        return None
    wanted = cloud.arm_name or cloud.name
    return Problem(
        f"az is set to the cloud {active} and not to {wanted}",
        f'run "az cloud set --name {wanted}" and "az login" on the kernel\'s machine',
    )


def _ini(path: Path) -> configparser.ConfigParser:
    """Read one of az's files; a file that can't be read counts as empty, as it does for az."""
    parser = configparser.ConfigParser(interpolation=None)
    try:
        parser.read(path, encoding="utf-8")
    except (configparser.Error, OSError, UnicodeDecodeError):
        return configparser.ConfigParser()
    return parser


def _registered_as(name: str, *, folder: Path) -> str:
    """Return the Resource Manager's host of a cloud that the user registered with az."""
    clouds = _ini(folder / "clouds.config")
    return host_of(clouds.get(name, "endpoint_resource_manager", fallback="")) or "none"


def msi_problem(options: SignInOptions) -> Problem | None:
    """Return whether this machine has no identity, or one of another cloud."""
    reason, machine = machine_problem()
    if reason:
        return Problem(
            reason, "run the kernel on a machine in Azure, or take 'msi' out of Azure.auth_methods"
        )
    try:
        home = find_cloud(machine) if machine else options.cloud
    except UnknownCloudError:
        return None
    if home == options.cloud:
        return None
    return Problem(
        f"this machine is in cloud {home.name!r}, and its identity signs in only there",
        f"set Azure.cloud to {home.name!r}, or take 'msi' out of Azure.auth_methods",
    )


def interactive_problem(options: SignInOptions) -> Problem | None:
    """Return whether a browser here is of no use."""
    del options
    reason = browser_problem()
    return Problem(reason, "use 'devicecode'") if reason else None


def no_problem(options: SignInOptions) -> Problem | None:
    """Return None: a device code can always be shown."""
    del options
    return None


def _missing(options: SignInOptions, *names: str) -> list[str]:
    return [name for name in names if not getattr(options, name)]


def secret_problem(options: SignInOptions) -> Problem | None:
    """Return what an application's secret lacks."""
    missing = _missing(options, "tenant_id", "client_id", "client_secret")
    if missing:
        return Problem(
            f"{_and(missing)} not given",
            "give what is missing to connect(), the secret from a vault or a variable",
        )
    return None


def certificate_problem(options: SignInOptions) -> Problem | None:
    """Return what an application's certificate lacks."""
    missing = _missing(options, "tenant_id", "client_id", "certificate_path")
    if missing:
        return Problem(f"{_and(missing)} not given", "give what is missing to connect()")
    if not Path(options.certificate_path or "").is_file():
        return Problem(
            f"there is no certificate at {options.certificate_path!r}",
            "give the path of a PEM or PKCS12 file on the kernel's machine",
        )
    return None


def powershell_problem(options: SignInOptions) -> Problem | None:
    """Return whether PowerShell is missing or signed in to another cloud."""
    if shutil.which("pwsh") is None and shutil.which("powershell") is None:
        return Problem(
            "the program pwsh is not on the PATH",
            "install PowerShell and its module Az.Accounts, or take 'powershell' out of Azure.auth_methods",
        )
    active, wanted = _powershell_cloud(), options.cloud.arm_name or options.cloud.name
    if active and active != wanted:
        return Problem(
            f"Azure PowerShell is signed in to the cloud {active} and not to {wanted}",
            f'run "Connect-AzAccount -Environment {wanted}" on the kernel\'s machine',
        )
    return None


def _powershell_cloud() -> str:
    """Return the cloud of Azure PowerShell's saved context, or the empty string."""
    path = Path("~/.Azure/AzureRmContext.json").expanduser()
    try:
        saved = json.loads(path.read_text(encoding="utf-8-sig"))
        return str(saved["Contexts"][saved["DefaultContextKey"]]["Environment"]["Name"])
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def vscode_problem(options: SignInOptions) -> Problem | None:
    """Return whether VS Code's broker is missing."""
    del options
    if importlib.util.find_spec("azure.identity.broker") is None:
        return Problem(
            "the package azure-identity-broker is not installed",
            "install it and the extension Azure Resources of VS Code, or take 'vscode' out of Azure.auth_methods",
        )
    return None


def workload_problem(options: SignInOptions) -> Problem | None:
    """Return what a workload identity lacks."""
    names = ["AZURE_FEDERATED_TOKEN_FILE"]
    names += [] if options.tenant_id else ["AZURE_TENANT_ID"]
    names += [] if options.client_id else ["AZURE_CLIENT_ID"]
    missing = [name for name in names if not _set(name)]
    if missing:
        return Problem(
            f"the environment lacks {', '.join(missing)}",
            "give the pod a workload identity, or take 'workload' out of Azure.auth_methods",
        )
    return None
