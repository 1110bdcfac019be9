"""The ways to sign in: what each needs, on which machine, and when to use it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from huntbook.azure.machine import browser_problem, machine_name
from huntbook.azure.method_checks import (
    certificate_problem,
    cli_problem,
    env_problem,
    interactive_problem,
    msi_problem,
    no_problem,
    powershell_problem,
    secret_problem,
    vscode_problem,
    workload_problem,
)
from huntbook.errors import OptionError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from huntbook.azure.method_checks import Problem, SignInOptions

__all__ = ["METHODS", "Method", "Outcome", "Verdict", "method_names", "method_order"]

Outcome = Literal["ready", "asks", "unavailable", "failed", "signed in", "not tried"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What one method said, or would say.

    Parameters
    ----------
    method
        Its name in the settings.
    outcome
        ``ready``: it should answer; ``asks``: it will ask a person; ``unavailable``: it is
        not set up here; ``failed``: it was tried and refused; ``signed in``: it gave the
        token; ``not tried``: an earlier one did.
    machine
        Where it works.
    reason, remedy
        Why not, and what to do; empty where all is well.
    """

    method: str
    outcome: Outcome
    machine: str
    reason: str = ""
    remedy: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """One way to sign in.

    Parameters
    ----------
    name, title, aliases
        Its word in the settings, its name for people, and other words for it.
    needs, machine, use
        What must be there, on whose machine, and when to choose it.
    asks
        Whether a person must act.
    find_problem
        Says before use why it would not answer, or None.
    """

    name: str
    title: str
    aliases: tuple[str, ...]
    needs: str
    machine: str
    use: str
    find_problem: Callable[[SignInOptions], Problem | None]
    asks: bool = False

    def place(self) -> str:
        """Return the machine on which the method works, by name."""
        return machine_name() if self.machine == "kernel" else "any machine with a browser"

    def foresee(self, options: SignInOptions) -> Verdict:
        """Return whether the method would answer, without signing in."""
        problem = self.find_problem(options)
        where = self.place()
        if problem is None:
            return Verdict(method=self.name, outcome="asks" if self.asks else "ready", machine=where)
        return Verdict(
            method=self.name,
            outcome="unavailable",
            machine=where,
            reason=problem.reason,
            remedy=problem.remedy,
        )


METHODS: dict[str, Method] = {
    method.name: method
    for method in (
        Method(
            name="env",
            title="Environment variables",
            aliases=("environment",),
            needs="AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET (or AZURE_CLIENT_CERTIFICATE_PATH)",
            machine="kernel",
            use="Unattended notebooks, where someone sets variables for the server.",
            find_problem=env_problem,
        ),
        Method(
            name="cli",
            title="Azure CLI",
            aliases=("azurecli", "azure_cli", "az"),
            needs='The program az, set to the same cloud, after "az login"',
            machine="kernel",
            use="Your own machine, or a terminal on the hub. The usual first choice.",
            find_problem=cli_problem,
        ),
        Method(
            name="msi",
            title="Managed identity",
            aliases=("managedidentity", "managed_identity"),
            needs="A machine in the same Azure cloud with an identity",
            machine="kernel",
            use="Kernels on virtual machines, Azure Machine Learning or App Service.",
            find_problem=msi_problem,
        ),
        Method(
            name="interactive",
            title="Browser on the kernel's machine",
            aliases=("interactive_browser", "interactivebrowser", "browser"),
            needs="A browser on the machine of the kernel",
            machine="kernel",
            use="Jupyter on your own desktop. On a hub, device code takes its place.",
            find_problem=interactive_problem,
            asks=True,
        ),
        Method(
            name="devicecode",
            title="Device code",
            aliases=("device_code", "device"),
            needs="Any browser, to type a short code",
            machine="any",
            use="Hubs, containers and remote machines. Some tenants forbid it.",
            find_problem=no_problem,
            asks=True,
        ),
        Method(
            name="clientsecret",
            title="Application with a secret",
            aliases=("client_secret", "secret"),
            needs="tenant_id, client_id and client_secret given to connect()",
            machine="kernel",
            use="Unattended notebooks whose secret comes from a vault.",
            find_problem=secret_problem,
        ),
        Method(
            name="certificate",
            title="Application with a certificate",
            aliases=("cert",),
            needs="tenant_id, client_id and certificate_path given to connect()",
            machine="kernel",
            use="The same, where tenants forbid secrets.",
            find_problem=certificate_problem,
        ),
        Method(
            name="powershell",
            title="Azure PowerShell",
            aliases=("pwsh",),
            needs='The program pwsh with Az.Accounts, after "Connect-AzAccount"',
            machine="kernel",
            use="Machines where Azure PowerShell is signed in and az is not.",
            find_problem=powershell_problem,
        ),
        Method(
            name="vscode",
            title="Visual Studio Code",
            aliases=("visualstudiocode",),
            needs="The package azure-identity-broker and VS Code's extension Azure Resources",
            machine="kernel",
            use="Notebooks in VS Code on Windows.",
            find_problem=vscode_problem,
        ),
        Method(
            name="workload",
            title="Workload identity",
            aliases=("workloadidentity", "workload_identity"),
            needs="AZURE_FEDERATED_TOKEN_FILE, AZURE_TENANT_ID and AZURE_CLIENT_ID, as Kubernetes sets them",
            machine="kernel",
            use="Kernels in pods of Azure Kubernetes Service.",
            find_problem=workload_problem,
        ),
    )
}


def method_names(methods: Iterable[str]) -> tuple[str, ...]:
    """Return the methods' own names, in order, each once; aliases and case do not matter.

    Raises
    ------
    OptionError
        A word that names no method, or no word at all.

    Examples
    --------
    >>> method_names(["Environment", "device_code"])
    ('env', 'devicecode')
    """
    words = {word: method.name for method in METHODS.values() for word in (method.name, *method.aliases)}
    names = [words.get(str(word).strip().lower()) for word in methods]
    if not names:
        raise OptionError("auth_methods is empty. Give at least one method, such as ['cli', 'devicecode'].")
    for word, name in zip(methods, names, strict=True):
        if name is None:
            raise OptionError.unknown(word, option="auth_methods", known=METHODS)
    return tuple(dict.fromkeys(name for name in names if name))


def method_order(methods: Iterable[str]) -> tuple[tuple[str, ...], str]:
    """Return the methods as they will be tried here, and a sentence if that differs from what was asked.

    Where a browser on the kernel's machine is of no use, device code takes the place of
    ``interactive``, unless it comes earlier anyway.
    """
    names = method_names(list(methods))
    reason = browser_problem() if "interactive" in names else None
    if reason is None:
        return names, ""
    order = tuple(dict.fromkeys("devicecode" if name == "interactive" else name for name in names))
    return order, f"Device code takes the place of interactive: {reason}."
