"""What is configured: one place, read on use, so that a change anywhere is seen here with no call.

>>> import huntbook.settings
>>> huntbook.settings.get("Azure.cloud") in ("global", "usgov", "cn", "de")
True
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from huntbook.settings.changes import Changes
    from huntbook.settings.layers import Explanation, Source
    from huntbook.settings.live import LiveSettings

    path: Path

__all__ = ["explain", "get", "observe", "path", "refresh_config", "secret", "set_session", "source"]

# The one live object of the process; made on first use, because importing reads nothing.
_current: LiveSettings | None = None


def _settings() -> LiveSettings:
    """Return the live settings of this process."""
    global _current  # noqa: PLW0603 - the one piece of global state, see the module's text
    if _current is None:
        from huntbook.settings.live import LiveSettings  # noqa: PLC0415 - pydantic and yaml load on first use

        _current = LiveSettings(project=True)
    return _current


def get(key: str, default: Any = None) -> Any:
    """Return the effective value of a setting, from the files as they are now.

    Parameters
    ----------
    key
        Its dotted name, such as ``Azure.cloud``; a section's name gives all its keys.
    default
        Returned where neither a file nor huntbook's own defaults have a value.

    Raises
    ------
    SettingsValueError
        A file gives this key a value that it does not take, or the name is a slip for another.
    """
    return (_current or _settings()).get(key, default)


def secret(key: str, *, key_vault: Callable[[str], str] | None = None) -> Any:
    """Return the secret that a setting holds or refers to.

    Parameters
    ----------
    key
        The dotted name of the setting, such as ``TIProviders.OTX.Args.AuthKey``.
    key_vault
        Fetches a secret by what the reference says, "vault/secret" or "secret". Needed only for
        ``{KeyVault: ...}``.

    Raises
    ------
    SettingsValueError
        An environment variable that is not set, or a vault that can't be asked.
    """
    return _settings().secret(key, key_vault=key_vault)


def source(key: str) -> Source:
    """Return where the effective value of a setting comes from.

    Parameters
    ----------
    key
        Its dotted name.

    Returns
    -------
    Source
        With ``layer``, ``path``, ``line``, and ``locked``, the reason why nobody may change it.
    """
    return _settings().source(key)


def explain() -> Explanation:
    """Return every effective value with its source, as a table; secrets are hidden."""
    return _settings().explain()


def set_session(key: str, value: Any) -> None:
    """Set a value for this kernel only; None takes it away again.

    Parameters
    ----------
    key
        The dotted name.
    value
        The value, checked as a save would check it.

    Raises
    ------
    SettingsValueError
        A value that the setting does not take, or a setting that an administrator locked.
    """
    _settings().set_session(key, value)


def observe(callback: Callable[[Changes], None], names: Iterable[str] | None = None) -> Callable[[], None]:
    """Call back when settings change: on their next use, and in a kernel within a second.

    Parameters
    ----------
    callback
        Gets what changed, as `refresh_config` returns it.
    names
        Only changes of these dotted names, or below them; None: of any.

    Returns
    -------
    Callable
        Call it to stop.
    """
    return _settings().observe(callback, names)


def refresh_config() -> Changes:
    """Read the settings files again and return what changed since the last call.

    Reading a setting does this by itself; call it to see what changed.
    """
    return _settings().refresh_config()


def __getattr__(name: str) -> Any:
    if name == "path":
        return _settings().path
    raise AttributeError(f"module 'huntbook.settings' has no attribute {name!r}")
