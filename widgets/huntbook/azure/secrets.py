"""Secrets of a Key Vault, which show themselves to nobody."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NoReturn

import pandas as pd

from huntbook.azure.arm import api_version
from huntbook.azure.secret_keyring import KeptSecret, SecretKeyring
from huntbook.errors import OptionError, ServiceError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from huntbook.azure.clouds import Cloud
    from huntbook.azure.transport import Transport

__all__ = ["Secret", "Secrets"]

_NAME = re.compile(r"[0-9a-zA-Z-]{1,127}")
_VERSION = re.compile(r"[0-9a-fA-F]{1,64}")
_MASK = "********"
_CONFLICT = 409
_TIMES = ("created", "updated", "expires", "not_before")
_COLUMNS = ("name", "version", "enabled", "content_type", *_TIMES)


class Secret:
    """A secret of a vault. Its text forms are masked; `value` gives it on purpose.

    Parameters
    ----------
    name, version
        Which one it is.
    value
        The secret itself.

    Examples
    --------
    >>> key = Secret("feed-key", "v1", "not a real key")
    >>> key, str(key), key.value
    (Secret('feed-key', ********), '********', 'not a real key')
    """

    # Not a dataclass: pandas and others would take it for a row and show the value as a column.
    __slots__ = ("_name", "_value", "_version")

    def __init__(self, name: str, version: str, value: str) -> None:
        self._name, self._version, self._value = name, version, value

    @property
    def name(self) -> str:
        """Its name in the vault."""
        return self._name

    @property
    def version(self) -> str:
        """Which version it is."""
        return self._version

    @property
    def value(self) -> str:
        """The secret itself."""
        return self._value

    def __repr__(self) -> str:
        return f"Secret({self.name!r}, {_MASK})"

    def __str__(self) -> str:
        return _MASK

    def __format__(self, spec: str) -> str:
        return format(_MASK, spec)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented
        return (self.name, self.version, self.value) == (other.name, other.version, other.value)

    def __hash__(self) -> int:
        return hash((self.name, self.version))

    def __reduce__(self) -> NoReturn:
        raise TypeError("A Secret is not copied or pickled. Fetch it again where it is needed.")


class Secrets:
    """The secrets of one vault; made by `AzureSession.secrets`.

    A fetched secret is kept in memory, so that it is asked for once. An identity that may
    only get secrets is enough for `get`.

    Parameters
    ----------
    cloud, transport
        The session's.
    vault
        Its name, or its address in this cloud.
    use_keyring
        True: the newest versions are kept in the keyring of the kernel's machine as well, for
        twelve hours or until they expire.

    Raises
    ------
    KeyringUnavailableError
        `use_keyring`, and this machine has no keyring that can be used.

    Examples
    --------
    >>> import huntbook
    >>> with huntbook.connect("usgov", ["cli"], quiet=True) as session:
    ...     key = session.secrets("contoso").get("api-key")
    >>> key
    Secret('api-key', ********)
    """

    def __init__(self, cloud: Cloud, transport: Transport, vault: str, *, use_keyring: bool = False) -> None:
        self._url = cloud.vault_url(vault)
        self._scope, self._transport = cloud.scope("key_vault"), transport
        self._kept: dict[tuple[str, str], Secret] = {}
        host = self._url.removeprefix("https://")
        self._keyring = SecretKeyring(cloud=cloud.name, vault=host) if use_keyring else None

    def __repr__(self) -> str:
        return f"Secrets({self._url.removeprefix('https://')!r})"

    def get(self, name: str, *, version: str = "") -> Secret:
        """Return a secret.

        Parameters
        ----------
        name
            Its name.
        version
            One of its versions; empty: the newest.

        Raises
        ------
        ServiceError
            There is none of that name (status 404), or the identity may not see it (403).
        KeyringUnavailableError
            The keyring is to be used and is locked or refuses.
        """
        key = (name, version)
        if key not in self._kept:
            path = self._path(name, version)
            kept = self._keyring.find(name) if self._keyring and not version else None
            if kept is None:
                self._kept[key] = self._fetch(path, name, keep=not version)
            else:
                self._kept[key] = Secret(name, kept.version, kept.value)
        return self._kept[key]

    def _fetch(self, path: str, name: str, *, keep: bool) -> Secret:
        told = self._send("GET", path)
        found = Secret(name, str(told["id"]).rsplit("/", 1)[-1], str(told["value"]))
        if self._keyring and keep:
            expires = (told.get("attributes") or {}).get("exp")
            self._keyring.keep(name, KeptSecret(found.version, found.value), expires=expires)
        return found

    def forget(self, name: str) -> None:
        """Drop what is kept of a secret, in memory and in the keyring; the next `get` fetches it."""
        self._path(name)
        for key in [key for key in self._kept if key[0] == name]:
            del self._kept[key]
        if self._keyring:
            self._keyring.forget(name)

    def set(self, name: str, value: str) -> Secret:
        """Store a value under a name, as its newest version.

        Raises
        ------
        ServiceError
            The identity may not, or a deleted secret still holds the name (status 409).
        """
        try:
            told = self._send("PUT", self._path(name), json={"value": value})
        except ServiceError as error:
            if error.status != _CONFLICT:
                raise
            raise ServiceError(
                f"The vault still keeps a deleted secret {name!r}, so the name is not free. Recover it, purge it, or "
                "choose another name.",
                status=_CONFLICT,
                code=error.code,
            ) from error
        self.forget(name)
        return Secret(name, str(told["id"]).rsplit("/", 1)[-1], value)

    def list(self) -> pd.DataFrame:
        """Return the vault's secrets without their values.

        Returns
        -------
        pandas.DataFrame
            With the columns ``name``, ``version`` (empty), ``enabled``, ``content_type``, and
            the times ``created``, ``updated``, ``expires`` and ``not_before`` in UTC.
        """
        return _frame(self._items("/secrets"))

    def versions(self, name: str) -> pd.DataFrame:
        """Return every version of a secret without its value, with the columns of `list`."""
        return _frame(self._items(f"{self._path(name)}/versions"))

    def deleted(self) -> pd.DataFrame:
        """Return the deleted secrets that the vault still keeps.

        Returns
        -------
        pandas.DataFrame
            The columns of `list`, then ``deleted`` and ``purged`` (when, in UTC) and
            ``can_purge``, which is False in a vault with purge protection.
        """
        items = list(self._items("/deletedsecrets"))
        frame = _frame(iter(items))
        for name, key in (("deleted", "deletedDate"), ("purged", "scheduledPurgeDate")):
            seconds = pd.Series([each.get(key) for each in items], dtype="Float64")
            frame[name] = pd.to_datetime(seconds, unit="s", utc=True)
        levels = [str((each.get("attributes") or {}).get("recoveryLevel")) for each in items]
        frame["can_purge"] = pd.Series(["Purgeable" in level for level in levels], dtype=bool)
        return frame

    def recover(self, name: str) -> None:
        """Bring a deleted secret back, with all its versions; the vault may take some seconds.

        Raises
        ------
        ServiceError
            The vault keeps no deleted secret of that name (status 404), or the identity may
            not recover (403).
        """
        self._send("POST", f"{self._deleted_path(name)}/recover")
        self.forget(name)

    def purge(self, name: str) -> None:
        """Destroy a deleted secret with all its versions, for good; the name is free again.

        Raises
        ------
        ServiceError
            The vault keeps no deleted secret of that name (status 404), the identity may not
            purge (403), or the vault is protected from purging, which `deleted` tells.
        """
        self._send("DELETE", self._deleted_path(name))
        self.forget(name)

    def delete(self, name: str) -> pd.Timestamp | None:
        """Delete a secret; return until when it can still be recovered, or None if it is gone at once."""
        told = self._send("DELETE", self._path(name))
        self.forget(name)
        when = told.get("scheduledPurgeDate")
        return None if when is None else pd.Timestamp(int(when), unit="s", tz="UTC")

    def _path(self, name: str, version: str = "") -> str:
        if not _NAME.fullmatch(name):
            raise OptionError(f"secret {name!r}: a secret's name has 1 to 127 letters, digits and dashes.")
        if version and not _VERSION.fullmatch(version):
            raise OptionError(
                f"version {version!r}: a version has hexadecimal digits only. `versions` lists them."
            )
        return f"/secrets/{name}/{version}" if version else f"/secrets/{name}"

    def _deleted_path(self, name: str) -> str:
        return f"/deleted{self._path(name).removeprefix('/')}"

    def _send(self, method: str, path: str, *, json: Any = None) -> dict[str, Any]:
        url = f"{self._url}{path}"
        reply = self._transport.send(method, url, scope=self._scope, params=_version(), json=json)
        told: dict[str, Any] = reply.body or {}
        return told

    def _items(self, path: str) -> Iterator[dict[str, Any]]:
        return self._transport.items(f"{self._url}{path}", scope=self._scope, params=_version())


def _version() -> dict[str, str]:
    return {"api-version": api_version("key_vault")}


def _frame(items: Iterator[dict[str, Any]]) -> pd.DataFrame:
    rows = []
    for each in items:
        about = each.get("attributes") or {}
        parts = str(each["id"]).partition("/secrets/")[2].split("/")
        times = [about.get(key) for key in ("created", "updated", "exp", "nbf")]
        rows.append(
            (parts[0], "".join(parts[1:2]), bool(about.get("enabled")), each.get("contentType") or "", *times)
        )
    frame = pd.DataFrame(rows, columns=list(_COLUMNS))
    for name in _TIMES:
        frame[name] = pd.to_datetime(frame[name].astype("Float64"), unit="s", utc=True)
    return frame
