"""MSTICPy's functions for settings, over `huntbook.settings`."""

from __future__ import annotations

from typing import Any

from huntbook import settings

__all__ = ["current_config_path", "get_config", "set_config"]


def get_config(setting_path: str, default: Any = None) -> Any:
    """Return the effective value of a setting, as `huntbook.settings.get` does.

    Parameters
    ----------
    setting_path
        Its dotted name, such as ``Azure.cloud``.
    default
        Returned where there is no value.
    """
    return settings.get(setting_path, default)


def set_config(setting_path: str, value: Any, create_path: bool = False) -> Any:  # noqa: ARG001, FBT001, FBT002 - MSTICPy's signature
    """Set a value for this kernel, as `huntbook.settings.set_session` does, and return it.

    Parameters
    ----------
    setting_path
        The dotted name.
    value
        The value, checked as a save would check it.
    create_path
        Taken, and without effect: a path is made where there is none.
    """
    settings.set_session(setting_path, value)
    return value


def current_config_path() -> str:
    """Return the settings file that every kernel and the sidebar use."""
    return str(settings.path)
