"""Queries of a Microsoft Sentinel workspace, answered as frames."""

from __future__ import annotations

import re
import warnings
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pandas as pd

from huntbook.azure.kql import bind, marked, place_of, table_name, timespan_text
from huntbook.azure.progress import Progress, run_all
from huntbook.azure.tables import read_tables
from huntbook.azure.workspaces import Workspace, find_workspace
from huntbook.errors import OptionError, PartialResultWarning, QueryError, ServiceError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from huntbook.azure.clouds import Cloud
    from huntbook.azure.saved_queries import SavedQueries
    from huntbook.azure.transport import Transport

__all__ = ["Logs"]

_SERVER_SECONDS = 180
_MAX_SERVER_SECONDS = 600
# The service runs five queries of one person at once; more only wait.
_AT_ONCE = 5
_SPARE_SECONDS = 30.0
_TOO_LARGE = "E_QUERY_RESULT_SET_TOO_LARGE"
# Codes of what is wrong with the query itself, such as SYN0002 and SEM0100.
_UNREADABLE = ("SYN0", "SEM0")
# What a semantic error stumbled over; it bears no place.
_NAMED = re.compile(r"named '([^']+)'")
_SMALLEST = timedelta(seconds=1)
Timespan = timedelta | tuple[datetime, datetime] | str | None


class Logs:
    """Runs KQL in one workspace; made by `AzureSession.logs`.

    Parameters
    ----------
    cloud, transport
        The session's.
    workspace
        Where the queries run.

    Examples
    --------
    >>> import huntbook
    >>> workspace = "63613592-b6f7-4c3d-a390-22ba13102111"
    >>> with huntbook.connect("usgov", ["cli"], quiet=True) as session:
    ...     query = "SecurityAlert | where AlertSeverity == severity"
    ...     alerts = session.logs(workspace).query(query, severity="High")
    >>> alerts[["AlertName", "CompromisedEntity"]].to_dict("records")
    [{'AlertName': 'Shadow copies deleted', 'CompromisedEntity': 'host-0002'}]
    """

    def __init__(self, cloud: Cloud, transport: Transport, workspace: Workspace) -> None:
        self._cloud, self._transport = cloud, transport
        self.workspace = workspace
        self._host, self._scope = cloud.endpoint("log_analytics"), cloud.scope("log_analytics")

    def __repr__(self) -> str:
        return f"Logs({self.workspace.label!r}, cloud {self._cloud.name})"

    def query(
        self,
        kql: str,
        *,
        timespan: Timespan = None,
        workspaces: Sequence[str] = (),
        split: timedelta | None = None,
        server_timeout: int = _SERVER_SECONDS,
        progress: bool = True,
        **parameters: Any,
    ) -> pd.DataFrame:
        """Run a query and return its first table.

        Parameters
        ----------
        kql
            The query. It uses `parameters` by name.
        timespan
            A duration up to now, a pair of times (without a zone: UTC), or ISO 8601 text. The
            query's own limits on TimeGenerated apply as well. None: only those.
        workspaces
            Further workspaces to search in the same query, named as `find_workspace` reads them.
        split
            Run the query once for each piece of the time, so long, and put the pieces together.
            Sound only for queries that treat each row by itself: no summarize, top, take or
            join over time. It needs `timespan` as a pair or a duration. A piece whose answer is
            too large is halved again.
        server_timeout
            Seconds that the service may work on it, 180 by default and 600 at most.
        progress
            True: show a bar with Cancel once it takes more than a second. Cancel frees the cell at
            once; what the service is at already, it finishes for nobody.
        parameters
            Values for the query, bound as typed ``let`` statements; never pasted into it.

        Returns
        -------
        pandas.DataFrame
            By declared types, see `frame_of`. ``attrs["huntbook"]`` holds ``partial`` (bool),
            ``error`` (text), ``statistics`` and ``render``.

        Raises
        ------
        QueryError
            The service can't read the query; the message marks the place.
        ServiceError, SignInError, OptionError
            The service failed, nobody signed in, or an option is wrong.
        CancelledError
            The person pressed Cancel.

        Warns
        -----
        PartialResultWarning
            The service cut the answer.
        """
        if not 0 < server_timeout <= _MAX_SERVER_SECONDS:
            raise OptionError(
                f"server_timeout={server_timeout}: the service takes 1 to {_MAX_SERVER_SECONDS} seconds."
            )
        others = [find_workspace(name, cloud=self._cloud) for name in workspaces]
        ids = [each.workspace_id or each.resource_id for each in others]
        run = _Run(self, bind(kql, parameters), ids, server_timeout)
        self._transport.sign_in(self._scope)
        shown = progress and self._transport.progress
        if split is None:
            frame = run.whole(timespan, shown=shown)
        else:
            frame = run.pieces(timespan, split, shown=shown)
        if frame.attrs["huntbook"]["partial"]:
            text = f"The answer is not complete: {frame.attrs['huntbook']['error']}"
            warnings.warn(PartialResultWarning(text), stacklevel=2)
        return frame

    def tables(self) -> pd.DataFrame:
        """Return the workspace's tables.

        Returns
        -------
        pandas.DataFrame
            With the columns ``name``, ``description`` and ``columns`` (how many).
        """
        rows = [
            (each["name"], each.get("description") or "", len(each.get("columns") or []))
            for each in self._metadata()["tables"]
        ]
        return pd.DataFrame(rows, columns=["name", "description", "columns"])

    def schema(self, table: str) -> pd.DataFrame:
        """Return the columns of a table.

        Returns
        -------
        pandas.DataFrame
            With the columns ``name``, ``type`` and ``description``.

        Raises
        ------
        OptionError
            No such table; the message names the nearest.
        """
        found = {each["name"]: each for each in self._metadata()["tables"]}
        if table not in found:
            raise OptionError.unknown(table, option="table", known=found)
        rows = [
            (each["name"], each["type"], each.get("description") or "") for each in found[table]["columns"]
        ]
        return pd.DataFrame(rows, columns=["name", "type", "description"])

    def sample(self, table: str, rows: int = 10, *, timespan: Timespan = timedelta(days=1)) -> pd.DataFrame:
        """Return a few rows of a table, as the service finds them."""
        self.schema(table)
        return self.query(f"{table_name(table)} | take {int(rows)}", timespan=timespan)

    def count(self, table: str, *, timespan: Timespan = timedelta(days=1)) -> int:
        """Return how many rows a table has in `timespan`."""
        self.schema(table)
        found: Any = self.query(f"{table_name(table)} | count", timespan=timespan).iloc[0, 0]
        return int(found)

    def saved(self, folder: str | Path | None = None) -> SavedQueries:
        """Return the queries that are saved in a folder, to run them by name.

        Parameters
        ----------
        folder
            Where the YAML files are, in the form that MSTICPy reads. None: the folders that the settings name under
            ``QueryDefinitions.Custom``.

        Raises
        ------
        OptionError
            There is no such folder, or none was named.
        QueryFileError
            A file can't be read; the message names the line.
        """
        from huntbook.azure.saved_queries import load  # noqa: PLC0415 - it runs its queries here

        return load(self, folder)

    def _metadata(self) -> dict[str, Any]:
        url = f"{self._host}{self.workspace.query_path}/metadata"
        found: dict[str, Any] = self._transport.send("GET", url, scope=self._scope).body
        return found

    def ask(self, query: str, body: dict[str, Any], *, server_timeout: int) -> bytearray:
        """Send one query and return the answer's bytes."""
        prefer = f"wait={server_timeout},include-statistics=true,include-render=true"
        try:
            reply = self._transport.send(
                "POST",
                f"{self._host}{self.workspace.query_path}/query",
                scope=self._scope,
                json={"query": query, **body},
                headers={"Prefer": prefer},
                read_timeout=server_timeout + _SPARE_SECONDS,
                parse=False,
                repeatable=True,
            )
        except ServiceError as error:
            raise _query_error(error, query) from error
        answer: bytearray = reply.body
        return answer


class _Run:
    """One query on its way: whole, or in pieces of time."""

    def __init__(self, logs: Logs, query: str, workspaces: list[str], server_timeout: int) -> None:
        self._logs, self._query, self._seconds = logs, query, server_timeout
        self._body = {"workspaces": workspaces} if workspaces else {}

    def whole(self, timespan: Timespan, *, shown: bool) -> pd.DataFrame:
        with Progress("Query", shown=shown) as progress:
            (frame,) = run_all([partial(self._answer, timespan)], progress=progress, at_once=1)
        return frame

    def pieces(self, timespan: Timespan, split: timedelta, *, shown: bool) -> pd.DataFrame:
        start, end = _bounds(timespan)
        if split < _SMALLEST:
            raise OptionError(f"split={split}: give at least a second.")
        cuts = [start]
        while cuts[-1] + split < end:
            cuts.append(cuts[-1] + split)
        with Progress("Query", total=len(cuts), unit="pieces", shown=shown) as progress:
            jobs = [partial(self._piece, *piece, progress) for piece in pairwise([*cuts, end])]
            found = run_all(jobs, progress=progress, at_once=_AT_ONCE)
        return _joined([frame for frames in found for frame in frames])

    def _piece(self, start: datetime, end: datetime, progress: Progress) -> list[pd.DataFrame]:
        # The service counts the end in, and its clock ticks finer than ours: end just before the next piece.
        frame = self._answer((start, end - timedelta(microseconds=1)))
        if _TOO_LARGE not in frame.attrs["huntbook"]["error"] or end - start < 2 * _SMALLEST:
            progress.advance()
            return [frame]
        progress.advance(0, more=1)
        middle = start + (end - start) / 2
        return [*self._piece(start, middle, progress), *self._piece(middle, end, progress)]

    def _answer(self, timespan: Timespan) -> pd.DataFrame:
        body: dict[str, Any] = dict(self._body)
        if (text := timespan_text(timespan)) is not None:
            body["timespan"] = text
        tables, rest = read_tables(self._logs.ask(self._query, body, server_timeout=self._seconds))
        frame = tables[0].frame if tables else pd.DataFrame()
        error = _reason(rest.get("error"))
        frame.attrs["huntbook"] = {
            "partial": bool(error),
            "error": error,
            "statistics": rest.get("statistics") or {},
            "render": rest.get("render") or {},
        }
        return frame


def _bounds(timespan: Timespan) -> tuple[datetime, datetime]:
    if isinstance(timespan, timedelta):
        now = datetime.now(UTC)
        return now - timespan, now
    if isinstance(timespan, tuple):
        return timespan
    raise OptionError("split needs timespan as a pair of times or a duration.")


def _joined(frames: list[pd.DataFrame]) -> pd.DataFrame:
    notes = [frame.attrs.pop("huntbook") for frame in frames]
    whole = pd.concat(frames, ignore_index=True)
    errors = sorted({note["error"] for note in notes if note["error"]})
    whole.attrs["huntbook"] = {
        "partial": bool(errors),
        "error": "; ".join(errors),
        "statistics": {"pieces": [note["statistics"] for note in notes]},
        "render": notes[0]["render"],
    }
    return whole


def _reason(error: Any) -> str:
    """Return the innermost words of a partial answer's error; empty where there is none."""
    words = ""
    while isinstance(error, dict):
        words = str(error.get("message") or words)
        error = next(iter(error.get("details") or [error.get("innererror")]), None)
    return words


def _query_error(error: ServiceError, query: str) -> ServiceError:
    """Return the error with the query's line and a mark, where the service says the place or the name."""
    inner: Any = error.details
    while isinstance(inner, dict):
        if str(inner.get("code") or "").startswith(_UNREADABLE):
            message = str(inner.get("message") or error)
            named = _NAMED.search(message)
            line, column = inner.get("line"), inner.get("pos")
            if line is None and named is not None:
                line, column = place_of(query, named[1])
            mark = marked(query, line=line, column=column)
            return QueryError(f"{message}{mark}", status=error.status, code=error.code, details=error.details)
        inner = inner.get("innererror")
    return error
