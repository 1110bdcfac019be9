"""Which values are secret, how they are kept out of sight, and where a reference to one leads.

A secret setting holds a reference, ``{EnvironmentVar: NAME}`` or ``{KeyVault: vault/secret}``. A
file that already holds a plain secret keeps working; the secret itself is shown nowhere.
"""

from __future__ import annotations

import functools
import os
import re
from typing import TYPE_CHECKING, Any, Final

from huntbook.errors import SettingsValueError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

__all__ = ["MASK", "is_reference", "is_secret", "masked", "plain_secrets", "resolve", "secret_paths"]

MASK: Final = "********"
_SECRET_WORDS: Final = re.compile(
    r"secret|passw|passphrase|pwd|token|credential|authkey|auth_key|apikey|api_key|api-key|apiid|accesskey|access_key"
    r"|accountkey|account_key|privatekey|private_key|sharedkey|shared_key|connectionstring|connection_string|^sas$|^key$",
    re.IGNORECASE,
)
_REFERENCES: Final = frozenset({"EnvironmentVar", "KeyVault"})


@functools.lru_cache(maxsize=2**14)
def is_secret(name: object) -> bool:
    """Say whether the value of a key with this name must not be shown."""
    return isinstance(name, str) and _SECRET_WORDS.search(name) is not None


def is_reference(value: object) -> bool:
    """Say whether a value names the place of a secret instead of holding one."""
    return isinstance(value, dict) and len(value) == 1 and next(iter(value)) in _REFERENCES


def masked(value: Any, *, name: object = None) -> Any:
    """Return a copy of `value` in which every plain secret is replaced by asterisks.

    Parameters
    ----------
    value
        A value, a section, or all the sections of a file.
    name
        The key that `value` stands at, where there is one.

    Examples
    --------
    >>> masked({"OTX": {"AuthKey": "hush", "Url": "otx.example"}, "VT": {"AuthKey": {"EnvironmentVar": "VT_KEY"}}})
    {'OTX': {'AuthKey': '********', 'Url': 'otx.example'}, 'VT': {'AuthKey': {'EnvironmentVar': 'VT_KEY'}}}
    """
    if isinstance(value, dict):
        if is_reference(value):
            return dict(value)
        hidden = is_secret(name) and name not in _CONTAINERS
        return {key: masked(item, name="secret" if hidden else key) for key, item in value.items()}
    if isinstance(value, list):
        return [masked(item, name=name) for item in value]
    return MASK if is_secret(name) and value not in {None, ""} and not isinstance(value, bool) else value


# Sections and tables whose name sounds secret but that only hold settings.
_CONTAINERS: Final = frozenset({"Credentials"})


def plain_secrets(data: Mapping[str, Any]) -> tuple[str, ...]:
    """Name the keys, dotted, that hold a secret in plain text."""
    return tuple(map(".".join, secret_paths(data)))


def secret_paths(data: Mapping[str, Any]) -> tuple[tuple[str, ...], ...]:
    """Return where the secrets in plain text stand, as the names from the section down, which may hold dots."""
    return tuple(_plain(data, ()))


def _plain(value: Any, path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    if isinstance(value, dict):
        if not is_reference(value):
            for key, item in value.items():
                yield from _plain(item, (*path, str(key)))
    elif isinstance(value, str) and value and path and is_secret(path[-1]):
        yield path


def resolve(value: Any, *, key: str, key_vault: Callable[[str], str] | None = None) -> Any:
    """Return what a setting stands for: the secret behind a reference, or the value itself.

    Parameters
    ----------
    value
        The setting's value.
    key
        Its dotted name, for the message.
    key_vault
        Fetches a secret by what the reference says, "vault/secret" or "secret".

    Raises
    ------
    SettingsValueError
        An environment variable that is not set, or a Key Vault reference without `key_vault`.
    """
    if not is_reference(value):
        return value
    kind, place = next(iter(value.items()))
    if kind == "EnvironmentVar":
        found = os.environ.get(str(place))
        if found is None:
            message = f"{key} is in the environment variable {place!r}, which is not set. Set it and start the kernel again."
            raise SettingsValueError(message, key=key)
        return found
    if key_vault is None:
        raise SettingsValueError(
            f"{key} is in Key Vault, as {place!r}. Give key_vault= to fetch it, such as a session's secrets client.",
            key=key,
        )
    return key_vault(str(place or ""))
