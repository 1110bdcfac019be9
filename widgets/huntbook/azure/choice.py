"""Which cloud and which ways to sign in: the caller's word, else the settings'."""

from __future__ import annotations

from typing import TYPE_CHECKING

from huntbook import settings
from huntbook.azure.clouds import Cloud, catalogue, find_cloud, host_of
from huntbook.azure.metadata import require_safe
from huntbook.azure.methods import method_names
from huntbook.errors import UnsafeEndpointError

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["chosen_cloud", "chosen_methods", "custom_clouds"]


def custom_clouds() -> tuple[Cloud, ...]:
    """Return the clouds that the settings define under ``Azure.custom_clouds``, judged.

    Raises
    ------
    UnsafeEndpointError
        One that must not be used.
    """
    return tuple(Cloud.from_mapping(entry) for entry in settings.get("Azure.custom_clouds") or ())


def chosen_cloud(cloud: str | Cloud | None) -> Cloud:
    """Return the cloud that the caller names, else the one of the settings.

    Raises
    ------
    UnknownCloudError
        No cloud bears the name.
    UnsafeEndpointError
        ``Azure.resource_manager_url`` names another cloud's host, or a cloud that was put
        together in code breaks a rule.
    """
    if isinstance(cloud, Cloud):
        # One that was put together in code passes the same rules as one from a file.
        return cloud if cloud in catalogue() else require_safe(cloud)
    if cloud is not None:
        return find_cloud(cloud, custom=custom_clouds())
    chosen = find_cloud(str(settings.get("Azure.cloud")), custom=custom_clouds())
    url = settings.get("Azure.resource_manager_url")
    if url and host_of(str(url)) != host_of(chosen.resource_manager):
        raise UnsafeEndpointError(
            f"Azure.resource_manager_url={url!r} is refused: cloud {chosen.name!r} has its Resource Manager at "
            f"{host_of(chosen.resource_manager)!r}, and a cloud is never mixed with another host. Remove that line; "
            "for a cloud of your own, store Cloud.from_metadata(url).to_mapping() under Azure.custom_clouds and set "
            "Azure.cloud to its name."
        )
    return chosen


def chosen_methods(methods: Sequence[str] | None) -> tuple[str, ...]:
    """Return the methods that the caller names, else those of the settings.

    Raises
    ------
    OptionError
        A word that names no method.
    """
    if isinstance(methods, str):
        methods = [methods]
    return method_names(list(methods if methods is not None else settings.get("Azure.auth_methods")))
