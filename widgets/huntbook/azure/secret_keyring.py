"""A vault's secrets in the keyring of the kernel's machine, so that a new kernel need not fetch them again."""

from __future__ import annotations

import json
import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from huntbook.azure.remedies import first_line
from huntbook.errors import KeyringUnavailableError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from keyring.backend import KeyringBackend

__all__ = ["KEPT_SECONDS", "KeptSecret", "SecretKeyring"]

# A working day: who lost the right to a secret does not read it from the keyring tomorrow.
KEPT_SECONDS: Final = 12 * 3600
# What the library itself calls fit to be chosen without being named.
_SAFE_PRIORITY: Final = 1


@dataclass(frozen=True, slots=True, repr=False)
class KeptSecret:
    """The newest version of a secret and its value, as the keyring holds them."""

    version: str
    value: str


class SecretKeyring:
    """The newest versions of one vault's secrets, each for twelve hours or until it expires.

    An entry is named by the cloud, the vault and the secret, so that no two of them mix.

    Parameters
    ----------
    cloud
        The cloud's name.
    vault
        The vault's host.

    Raises
    ------
    KeyringUnavailableError
        The package is not installed, or the machine has no safe keyring.
    """

    def __init__(self, *, cloud: str, vault: str) -> None:
        self._place = f"huntbook/{cloud}/{vault}"
        self._backend = _backend()

    def find(self, name: str) -> KeptSecret | None:
        """Return what is kept of a secret; None where nothing is, or it is too old."""
        with self._told("could not be read"):
            text = self._backend.get_password(self._place, name)
        try:
            found = json.loads(text or "{}")
            left = found["until"] - time.time()
            kept = KeptSecret(str(found["version"]), str(found["value"]))
        except (ValueError, KeyError, TypeError):
            return None
        # More than the whole time left: the clock was set back.
        return kept if 0 < left <= KEPT_SECONDS else None

    def keep(self, name: str, kept: KeptSecret, *, expires: float | None = None) -> None:
        """Keep a secret's newest version; `expires` is its own end, in seconds of the epoch."""
        until = time.time() + KEPT_SECONDS
        told = {
            "version": kept.version,
            "value": kept.value,
            "until": until if expires is None else min(until, expires),
        }
        with self._told("could not be written"):
            self._backend.set_password(self._place, name, json.dumps(told))

    def forget(self, name: str) -> None:
        """Take a secret out of the keyring, where it is in it."""
        with self._told("could not be written"):
            if self._backend.get_password(self._place, name) is not None:
                self._backend.delete_password(self._place, name)

    @contextmanager
    def _told(self, what: str) -> Iterator[None]:
        try:
            yield
        except Exception as error:
            # Each system's keyring has errors of its own kind.
            raise KeyringUnavailableError(
                f"The keyring of this machine ({self._backend.name}) {what}: {first_line(str(error))}. Unlock it, or "
                "set KeyVault.UseKeyring to false."
            ) from error


def _backend() -> KeyringBackend:
    try:
        import keyring  # noqa: PLC0415 - an optional library
        from keyring import core  # noqa: PLC0415 - an optional library
        from keyring.backends import chainer  # noqa: PLC0415 - an optional library
    except ImportError as error:
        raise KeyringUnavailableError(
            "KeyVault.UseKeyring is on, but the package keyring is not installed for this kernel. Install it with "
            "pip install 'huntbook[keyring]', or set KeyVault.UseKeyring to false."
        ) from error
    found = keyring.get_keyring()
    # A chain is as good as its best link, which is the one that it writes to.
    links = found.backends if isinstance(found, chainer.ChainerBackend) else [found]
    safe = max((float(link.priority) for link in links), default=0.0) >= _SAFE_PRIORITY
    # Which keyring a person names is that person's choice; of what lies about only a safe one is taken.
    if not safe and (core.load_env() or core.load_config()) is None:
        raise KeyringUnavailableError(
            f"KeyVault.UseKeyring is on, but this machine has no safe keyring ({found.name}). On Linux, start one with a "
            "Secret Service, such as GNOME Keyring, or name yours in PYTHON_KEYRING_BACKEND; else set "
            "KeyVault.UseKeyring to false."
        )
    return found
