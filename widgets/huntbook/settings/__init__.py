"""What is configured: one file, read on use, so that a change anywhere is seen here with no call.

>>> import huntbook.settings
>>> huntbook.settings.get("Azure.cloud") in ("global", "usgov", "cn", "de")
True
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

    from huntbook.settings.live import Changes, LiveSettings

    path: Path

__all__ = ["get", "path", "refresh_config"]

# The one live object of the process; made on first use, because importing reads nothing.
_current: LiveSettings | None = None


def _settings() -> LiveSettings:
    """Return the live settings of this process."""
    global _current  # noqa: PLW0603 - the one piece of global state, see the module's text
    if _current is None:
        from huntbook.settings.live import LiveSettings  # noqa: PLC0415 - pydantic and yaml load on first use

        _current = LiveSettings()
    return _current


def get(key: str, default: Any = None) -> Any:
    """Return the effective value of a setting, from the file as it is now.

    Parameters
    ----------
    key
        Its dotted name, such as ``Azure.cloud``; a section's name gives all its keys.
    default
        Returned where neither the file nor huntbook's own defaults have a value.

    Raises
    ------
    SettingsValueError
        The file gives this key a value that it does not take.
    """
    return (_current or _settings()).get(key, default)


def refresh_config() -> Changes:
    """Read the settings file again and return what changed since the last call.

    Reading a setting does this by itself; call it to see what changed.
    """
    return _settings().refresh_config()


def __getattr__(name: str) -> Any:
    if name == "path":
        return _settings().path
    raise AttributeError(f"module 'huntbook.settings' has no attribute {name!r}")
