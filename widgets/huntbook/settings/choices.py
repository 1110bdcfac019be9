"""The words that settings with a choice take, each with its label, its help and its other names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["API_GROUPS", "AUTH_METHODS", "CLOUDS", "Choice", "words"]


# Groups of calls whose API version the settings can override.
API_GROUPS: Final = (
    "subscriptions",
    "resources",
    "compute",
    "network",
    "metrics",
    "workspaces",
    "resource_graph",
    "saved_searches",
    "key_vault",
    "incidents",
    "alert_rules",
    "bookmarks",
    "bookmark_expansion",
    "watchlists",
    "data_connectors",
    "automation_rules",
    "indicators",
)


@dataclass(frozen=True, slots=True)
class Choice:
    """One value that a setting takes: the word in the file, its label, one line of help, other words for it."""

    value: str
    label: str
    help: str
    aliases: tuple[str, ...] = ()


CLOUDS: Final = (
    Choice(
        "global",
        "Azure global",
        "The public cloud, portal.azure.com.",
        ("public", "azure", "azurecloud", "azurepubliccloud", "azure_public_cloud", "com"),
    ),
    Choice(
        "usgov",
        "US Government",
        "The cloud of the US Government, portal.azure.us.",
        (
            "us",
            "gov",
            "government",
            "fairfax",
            "usgovernment",
            "azureusgovernment",
            "azureusgovernmentcloud",
            "azure_us_government",
        ),
    ),
    Choice(
        "cn",
        "China",
        "The cloud that 21Vianet runs in China, portal.azure.cn.",
        ("china", "mooncake", "azurechina", "azurechinacloud", "azure_china_cloud"),
    ),
    Choice(
        "de",
        "Germany (closed)",
        "Closed on 29 October 2021; kept so that old settings are understood.",
        ("germany", "german", "blackforest", "azuregermany", "azuregermancloud", "azure_german_cloud"),
    ),
    Choice(
        "bleu",
        "Bleu (France)",
        "The sovereign cloud in France; some of its addresses are not public.",
        ("fr", "france", "azurebleucloud", "azurefrancecloud"),
    ),
    Choice(
        "delos",
        "Delos (Germany)",
        "The sovereign cloud in Germany; some of its addresses are not public.",
        ("azuregermanycloud", "deloscloud"),
    ),
    Choice(
        "sg",
        "Singapore",
        "The sovereign cloud in Singapore; some of its addresses are not public.",
        ("singapore",),
    ),
    Choice(
        "usnat",
        "US Top Secret",
        "Azure Government Top Secret; some of its addresses are not public.",
        ("eaglex", "azureusnatcloud"),
    ),
    Choice(
        "ussec",
        "US Secret",
        "Azure Government Secret; some of its addresses are not public.",
        ("scloud", "azureusseccloud"),
    ),
)

AUTH_METHODS: Final = (
    Choice(
        "env",
        "Environment variables",
        "Kernel's machine: the AZURE_... variables that are set there.",
        ("environment",),
    ),
    Choice(
        "cli",
        "Azure CLI",
        'Kernel\'s machine: the account of "az login" there.',
        ("azurecli", "azure_cli", "az"),
    ),
    Choice(
        "msi",
        "Managed identity",
        "Kernel's machine: the identity that Azure gave it; no secret.",
        ("managedidentity", "managed_identity"),
    ),
    Choice(
        "interactive",
        "Browser sign-in",
        "Browser on the kernel's machine: for a kernel on your own computer.",
        ("interactive_browser", "interactivebrowser", "browser"),
    ),
    Choice(
        "devicecode",
        "Device code",
        "Any browser, anywhere: open a page, type the code you see.",
        ("device_code", "device"),
    ),
    Choice(
        "powershell",
        "Azure PowerShell",
        "Kernel's machine: the account of Connect-AzAccount there.",
        ("pwsh",),
    ),
    Choice(
        "vscode",
        "VS Code",
        "Kernel's machine: the account that is signed in to VS Code there.",
        ("visualstudiocode",),
    ),
    Choice(
        "clientsecret",
        "Client secret",
        "Kernel's machine: an application's id and its secret.",
        ("client_secret", "secret"),
    ),
    Choice(
        "certificate", "Certificate", "Kernel's machine: an application's id and its certificate.", ("cert",)
    ),
    Choice(
        "workload",
        "Workload identity",
        "Kernel's machine: the identity that Kubernetes gave it.",
        ("workloadidentity", "workload_identity"),
    ),
)


def words(choices: Iterable[Choice]) -> dict[str, str]:
    """Return the word of the file for every word that is understood."""
    return {word: choice.value for choice in choices for word in (choice.value, *choice.aliases)}
