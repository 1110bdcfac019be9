"""One Azure cloud everywhere: which cloud, how to sign in, and why it failed.

Importing this package loads neither the Azure libraries nor the catalogue of clouds;
every name below is resolved on first use.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from huntbook.azure.clouds import Cloud, catalogue, find_cloud
    from huntbook.azure.credentials import CredentialChain
    from huntbook.azure.doctor import CheckReport, check
    from huntbook.azure.session import AzureSession, connect

__all__ = [
    "AzureSession",
    "CheckReport",
    "Cloud",
    "CredentialChain",
    "catalogue",
    "check",
    "connect",
    "find_cloud",
]

_HOME = {
    "AzureSession": "session",
    "CheckReport": "doctor",
    "Cloud": "clouds",
    "CredentialChain": "credentials",
    "catalogue": "clouds",
    "check": "doctor",
    "connect": "session",
    "find_cloud": "clouds",
}


def __getattr__(name: str) -> Any:
    """Resolve a public name on first use, so that importing the package stays cheap."""
    if name not in _HOME:
        raise AttributeError(f"module 'huntbook.azure' has no attribute {name!r}")
    value = getattr(importlib.import_module(f"huntbook.azure.{_HOME[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
