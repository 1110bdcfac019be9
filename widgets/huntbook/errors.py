"""Every error that huntbook raises on purpose.

::

    HuntbookError                 anything below: catch this to catch all
    ├── SettingsError             the settings file or a value in it
    │   ├── SettingsFileError     the file can't be parsed, read or written
    │   ├── SettingsValueError    a value that the model refuses (also a ValueError)
    │   └── SettingsConflictError the file changed since it was read
    ├── DataError                 the frame handed in (also a ValueError)
    │   └── ColumnNotFoundError   a column that is not in the frame (also a KeyError)
    ├── OptionError               an option word or number (also a ValueError)
    ├── CancelledError            the person pressed Cancel while something long ran
    ├── QueryFileError            a file of saved queries that can't be read
    ├── MissingNameError          a name of MSTICPy that huntbook does not have (also an ImportError)
    └── AzureError                sign-in, clouds and the services behind them
        ├── UnknownCloudError     a cloud's name that no catalogue has (also a ValueError)
        ├── UnsafeEndpointError   an address that must not be used (also a ValueError)
        │   └── ForeignHostError  a host outside the chosen cloud
        ├── CloudMetadataError    a metadata document that can't be read
        ├── ComponentUnavailableError  the chosen cloud has no such service
        ├── KeyringUnavailableError  the machine's keyring was asked for and can't be used
        ├── SignInError           no method of the chain signed in
        ├── UnknownWorkspaceError a workspace that can't be found by that name (also a ValueError)
        └── ServiceError          a service refused, failed, or could not be reached
            └── QueryError        a query that the service can't read

    PartialResultWarning          a service cut its answer (a warning, not an error)

Each message says what went wrong, with which value, and what to do next. Errors of
other libraries are translated where they cross into huntbook; the cause stays chained.
"""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path
    from typing import Self

__all__ = [
    "AzureError",
    "CancelledError",
    "CloudMetadataError",
    "ColumnNotFoundError",
    "ComponentUnavailableError",
    "DataError",
    "ForeignHostError",
    "HuntbookError",
    "KeyringUnavailableError",
    "MissingNameError",
    "OptionError",
    "PartialResultWarning",
    "QueryError",
    "QueryFileError",
    "ServiceError",
    "SettingsConflictError",
    "SettingsError",
    "SettingsFileError",
    "SettingsValueError",
    "SignInError",
    "UnknownCloudError",
    "UnknownWorkspaceError",
    "UnsafeEndpointError",
]

_MAX_LISTED = 12
_MAX_QUOTED = 120


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Return the known word that `word` is most likely a misspelling of, or None."""
    lowered = {name.lower(): name for name in known}
    found = difflib.get_close_matches(word.lower(), lowered, n=1, cutoff=0.6)
    return lowered[found[0]] if found else None


def listed(words: Iterable[object]) -> str:
    """Return `words` quoted and joined for a message, cut after a dozen."""
    every = [repr(str(word)) for word in words]
    if len(every) <= _MAX_LISTED:
        return ", ".join(every)
    return ", ".join(every[:_MAX_LISTED]) + f" and {len(every) - _MAX_LISTED} more"


def _quoted(value: object) -> str:
    """Return a value for a message, cut where it is longer than any name."""
    text = str(value)
    return repr(text if len(text) <= _MAX_QUOTED else f"{text[:_MAX_QUOTED]}…")


class HuntbookError(Exception):
    """The root of the tree: anything that huntbook raises on purpose."""

    def __str__(self) -> str:
        # KeyError shows its message as a repr; our messages are sentences.
        return str(self.args[0]) if self.args else ""


class SettingsError(HuntbookError):
    """The settings file, or a value in it, can't be used."""


class SettingsFileError(SettingsError):
    """The settings file can't be parsed, read or written. The file is left as it was.

    Parameters
    ----------
    message
        The whole sentence for the user.
    line, column
        Where in the file, counted from 1; None when the fault has no place.
    """

    def __init__(self, message: str, *, line: int | None = None, column: int | None = None) -> None:
        super().__init__(message)
        self.line = line
        self.column = column


class SettingsValueError(SettingsError, ValueError):
    """A value that the settings model refuses.

    Parameters
    ----------
    message
        The whole sentence for the user.
    key
        The dotted name of the setting, such as ``Azure.cloud``.
    """

    def __init__(self, message: str, *, key: str) -> None:
        super().__init__(message)
        self.key = key


class SettingsConflictError(SettingsError):
    """The file changed after it was read, so writing would lose someone's change."""


class DataError(HuntbookError, ValueError):
    """The frame handed in can't be used for what was asked."""


class ColumnNotFoundError(DataError, KeyError):
    """A column that was asked for is not in the frame."""

    @classmethod
    def named(cls, column: str, *, option: str, columns: Iterable[object]) -> Self:
        """Build the message from the missing column, the option that named it, and what there is."""
        present = [str(name) for name in columns]
        near = nearest(column, present)
        hint = f" Did you mean {near!r}?" if near else ""
        return cls(f"{option}={column!r}: the frame has no such column.{hint} It has: {listed(present)}.")


class OptionError(HuntbookError, ValueError):
    """An option was given a word or a number that it does not take."""

    @classmethod
    def unknown(cls, value: object, *, option: str, known: Iterable[object]) -> Self:
        """Build the message from the value, the option's name and the values that it takes."""
        words = [str(word) for word in known]
        near = nearest(str(value), words)
        hint = f" Did you mean {near!r}?" if near else ""
        return cls(f"{option}={_quoted(value)} is not known.{hint} It takes: {listed(words)}.")


class CancelledError(HuntbookError):
    """The person pressed Cancel while something long ran."""

    @classmethod
    def told(cls, progress: str) -> Self:
        """Build the message from how far it had come."""
        return cls(f"{progress}, cancelled. Run the cell again to start anew.")


class QueryFileError(HuntbookError):
    """A file of saved queries that can't be read.

    Parameters
    ----------
    message
        The whole sentence for the user.
    line
        Where in the file, counted from 1; None when the fault has no place.
    """

    def __init__(self, message: str, *, line: int | None = None) -> None:
        super().__init__(message)
        self.line = line

    @classmethod
    def told(cls, path: Path, *, line: int | None, problem: str) -> Self:
        """Build the message from the file, the line and what is wrong there."""
        place = f"{path}, line {line}" if line else str(path)
        return cls(f"{place}: {problem}. Correct the file, or take it out of its folder.", line=line)


class MissingNameError(HuntbookError, ImportError):
    """A name of MSTICPy that huntbook does not have."""

    @classmethod
    def named(cls, name: str, *, instead: str) -> Self:
        """Build the message from the full dotted name and a sentence that says what to use."""
        return cls(f"huntbook stands in for msticpy here and has no {name!r}. {instead}")


class AzureError(HuntbookError):
    """Sign-in, a cloud, or a service behind it."""


class UnknownCloudError(AzureError, ValueError):
    """A cloud's name that no catalogue has. huntbook never falls back to another cloud."""

    @classmethod
    def named(cls, name: str, *, known: Iterable[str], near: Iterable[str]) -> Self:
        """Build the message from the name, the clouds there are, and every name they bear."""
        guess = nearest(name, near)
        hint = f" Did you mean {guess!r}?" if guess else ""
        return cls(
            f"cloud={name!r} is not known.{hint} Known clouds: {listed(known)}. "
            "For any other, read it once from its Azure Resource Manager: Cloud.from_metadata(url)."
        )


class UnsafeEndpointError(AzureError, ValueError):
    """An address that must not be used: no https, a private host, or a mix of two clouds."""


class ForeignHostError(UnsafeEndpointError):
    """A host outside the chosen cloud. Nothing was sent there: no token, no secret.

    Parameters
    ----------
    message
        The whole sentence for the user.
    host
        The host that was refused.
    """

    def __init__(self, message: str, *, host: str) -> None:
        super().__init__(message)
        self.host = host

    @classmethod
    def refused(cls, host: str, *, scheme: str, cloud: str) -> Self:
        """Build the message from the host, the scheme of its address, and the chosen cloud."""
        reason = (
            "is not a host of this cloud" if scheme == "https" else f"is asked over {scheme or 'nothing'}"
        )
        return cls(
            f"Refused a request to {host!r} in cloud {cloud!r}: it {reason}, so no token was sent. "
            "If the host belongs to your cloud, check Azure.cloud in the settings.",
            host=host,
        )


class CloudMetadataError(AzureError):
    """The metadata document of a custom cloud is missing or can't be read."""


class ComponentUnavailableError(AzureError):
    """The chosen cloud has no such service, as far as its definition says."""

    @classmethod
    def missing(cls, component: str, *, cloud: str, field: str, advice: str = "") -> Self:
        """Build the message from the component, the cloud and the field that is blank."""
        fix = advice or f"If your cloud has it, define a cloud of your own that sets {field!r}."
        return cls(f"{component}: not available in cloud {cloud!r}, which names no {field}. {fix}")


class KeyringUnavailableError(AzureError):
    """The keyring of the kernel's machine was asked for and can't be used."""


class SignInError(AzureError):
    """No method of the sign-in chain gave a token.

    Parameters
    ----------
    message
        The whole text for the user, a line a method.
    report
        What each method said, as plain dictionaries with ``method``, ``outcome``,
        ``reason``, ``remedy`` and ``machine``.
    """

    def __init__(self, message: str, *, report: Iterable[dict[str, str]] = ()) -> None:
        super().__init__(message)
        self.report = list(report)


class ServiceError(AzureError):
    """A service refused the request, failed, or could not be reached.

    Parameters
    ----------
    message
        The whole sentence for the user.
    status
        The HTTP status; None where no answer came.
    code
        The service's own word for the failure; empty where it gave none.
    details
        What else the service said of it.
    """

    def __init__(
        self,
        message: str,
        *,
        status: int | None = None,
        code: str = "",
        details: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.details = details or {}


class QueryError(ServiceError):
    """A query that the service can't read; the message marks the place."""


class PartialResultWarning(UserWarning):
    """A service cut its answer: what came is right, but not all."""


class UnknownWorkspaceError(AzureError, ValueError):
    """A workspace that can't be found by the name that was given."""

    @classmethod
    def named(cls, text: str, *, known: Iterable[str]) -> Self:
        """Build the message from what was given and the names in the settings."""
        names = list(known)
        near = nearest(text, names)
        hint = f" Did you mean {near!r}?" if near else ""
        has = f"The settings name {listed(names)}." if names else "The settings name none."
        return cls(
            f"workspace={_quoted(text)} is not known.{hint} {has} Give one of those, a workspace id, a resource id, or the "
            "address of the workspace in the Azure portal."
        )

    @classmethod
    def none_given(cls, *, known: Iterable[str]) -> Self:
        """Build the message for when no workspace is named and the settings don't decide."""
        names = list(known)
        has = f"name {listed(names)} and no 'Default'" if names else "name none"
        return cls(f"No workspace was named, and the settings {has}. Name one.")

    @classmethod
    def incomplete(cls, name: str) -> Self:
        """Build the message for an entry of the settings that leads nowhere."""
        return cls(
            f"The workspace {name!r} of the settings has neither a WorkspaceId nor a subscription, resource group and "
            f"name. Fill in MSSentinel.Workspaces.{name}.WorkspaceId."
        )
