"""Saved queries by name, run in one workspace."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from huntbook import settings
from huntbook.azure.query_files import read_folder
from huntbook.errors import OptionError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from huntbook.azure.logs import Logs, Timespan
    from huntbook.azure.query_files import SavedQuery

__all__ = ["SavedQueries", "query_folders"]

_LIMITS = ("start", "end")


class SavedQueries:
    """The queries of one or more folders; made by `Logs.saved`.

    Parameters
    ----------
    logs
        Where they run.
    queries
        What the files hold.
    """

    def __init__(self, logs: Logs, queries: Iterable[SavedQuery]) -> None:
        self._logs = logs
        self._queries = list(queries)

    def __repr__(self) -> str:
        return f"SavedQueries({len(self._queries)} queries, workspace {self._logs.workspace.label!r})"

    def list(self) -> pd.DataFrame:
        """Return what there is.

        Returns
        -------
        pandas.DataFrame
            With the columns ``name``, ``family``, ``description``, ``parameters`` (their names; those that must be
            given first) and ``file``.
        """
        rows = [
            (each.name, each.family, each.description, ", ".join(_names(each)), each.path.name)
            for each in self._queries
        ]
        return pd.DataFrame(rows, columns=["name", "family", "description", "parameters", "file"])

    def get(self, name: str) -> SavedQuery:
        """Return a query; printed, it shows its parameters and its text.

        Parameters
        ----------
        name
            Its name, or ``family.name`` where several families have the name.

        Raises
        ------
        OptionError
            No such query (the message names the nearest), or several of the name.
        """
        found = [each for each in self._queries if name in (each.name, f"{each.family}.{each.name}")]
        if not found:
            raise OptionError.unknown(name, option="query", known=sorted(each.name for each in self._queries))
        if len(found) > 1:
            places = ", ".join(f"{each.family}.{each.name} ({each.path.name})" for each in found)
            raise OptionError(f"query={name!r}: there are several: {places}. Name the family too.")
        return found[0]

    def run(
        self,
        name: str,
        *,
        timespan: Timespan = None,
        split: timedelta | None = None,
        progress: bool = True,
        **parameters: Any,
    ) -> pd.DataFrame:
        """Run a query and return its first table.

        Parameters
        ----------
        name
            As for `get`.
        timespan, split, progress
            As for `Logs.query`. A query with the parameters ``start`` and ``end`` takes them from `timespan`, where
            that is a duration or a pair of times and they are not given.
        parameters
            Values by the names that the query's file gives; bound as typed ``let`` statements.

        Raises
        ------
        OptionError
            No such query, a parameter that it does not have or that is missing, or a value of another type.
        QueryError, ServiceError, SignInError
            As for `Logs.query`.
        """
        query = self.get(name)
        limits = {} if timespan is None or isinstance(timespan, str) else _limits(timespan)
        known = {each.name for each in query.parameters}
        values = {**{key: value for key, value in limits.items() if key in known}, **parameters}
        return self._logs.query(query.bound(values), timespan=timespan, split=split, progress=progress)


def query_folders() -> list[Path]:
    """Return the folders that the settings name under ``QueryDefinitions.Custom``; relative to the settings file.

    Raises
    ------
    OptionError
        They name none.
    """
    named = settings.get("QueryDefinitions.Custom") or []
    folders = [named] if isinstance(named, str) else list(named)
    if not folders:
        raise OptionError(
            "No folder of queries was named. Give one, or set QueryDefinitions.Custom in the settings."
        )
    home = Path(settings.path).parent
    return [home / Path(str(folder)).expanduser() for folder in folders]


def load(logs: Logs, folder: str | Path | None) -> SavedQueries:
    """Return the queries of a folder, or of the settings' folders."""
    folders = query_folders() if folder is None else [Path(folder).expanduser()]
    return SavedQueries(logs, [query for each in folders for query in read_folder(each)])


def _names(query: SavedQuery) -> list[str]:
    return [each.name for each in sorted(query.parameters, key=lambda each: each.default is not None)]


def _limits(timespan: timedelta | tuple[datetime, datetime]) -> dict[str, Any]:
    if isinstance(timespan, timedelta):
        now = datetime.now(UTC)
        return dict(zip(_LIMITS, (now - timespan, now), strict=True))
    return dict(zip(_LIMITS, timespan, strict=True))
