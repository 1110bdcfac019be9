"""Which column of a frame means what for a process, and how huntbook finds that out by itself.

A `ProcSchema` names the columns. A `Source` describes one recorder (Windows event 4688, Sysmon, Defender
for Endpoint ...), with every column name under which its fields are known to arrive; `schema_for` turns what
a caller gave (nothing, a name, a dict, a `ProcSchema`) into a schema that is checked against the frame.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from huntbook.compute.processes.sources import SOURCES, Source
from huntbook.errors import ColumnNotFoundError, DataError, OptionError, listed, nearest

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd

__all__ = ["ProcSchema", "SchemaLike", "event_rows", "event_words", "find_schema", "schema_for"]

REQUIRED = ("process_name", "process_id", "parent_id", "time_stamp")
_NOT_COLUMNS = frozenset({"path_separator", "event_id_identifier", "exit_event_identifier"})


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcSchema:
    r"""The columns of a frame of process events. A name of None means that the frame has no such column.

    Parameters
    ----------
    process_name, process_id, parent_id, time_stamp
        The image (with or without its folder), its process id, the process id of its parent, and when it
        started. Required. Ids may be whole numbers, hex text or a mix; times without a zone count as UTC.
    cmd_line
        The command line.
    path_separator
        What parts folders in `process_name`; default ``\``.
    user_name, user_id
        The account that the process runs as.
    logon_id, target_logon_id
        The logon session. Where both are given, as in Windows 4688, `logon_id` is the session of the parent
        and `target_logon_id` the session of the process if it differs.
    host_name_column
        The host. Without it every row counts as the same host.
    parent_name, parent_cmd_line, parent_user_name, parent_time
        What the row says of the parent: its image, command line, account, and when it started.
    process_guid, parent_guid
        Identifiers that the recorder gives a process and that are never reused.
    exit_time
        When the process ended, on the row of its start.
    event_id_column, event_id_identifier
        Only rows whose `event_id_column` holds this value (or one of these values) are process starts.
    exit_event_identifier, exit_process_id
        The value that marks exit events in the same frame, and the process id column of those rows where it
        is another than `process_id`.

    Examples
    --------
    >>> ProcSchema(process_name="exe", process_id="pid", parent_id="ppid", time_stamp="when").columns
    ('exe', 'pid', 'ppid', 'when')
    """

    process_name: str
    process_id: str
    parent_id: str
    time_stamp: str
    cmd_line: str | None = None
    path_separator: str = "\\"
    user_name: str | None = None
    logon_id: str | None = None
    target_logon_id: str | None = None
    host_name_column: str | None = None
    parent_name: str | None = None
    user_id: str | None = None
    event_id_column: str | None = None
    event_id_identifier: Any = None
    process_guid: str | None = None
    parent_guid: str | None = None
    parent_time: str | None = None
    parent_cmd_line: str | None = None
    parent_user_name: str | None = None
    exit_time: str | None = None
    exit_event_identifier: Any = None
    exit_process_id: str | None = None

    @property
    def roles(self) -> dict[str, str]:
        """The columns by what they mean, without those that are None."""
        pairs = ((f.name, getattr(self, f.name)) for f in fields(self) if f.name not in _NOT_COLUMNS)
        return {role: column for role, column in pairs if column is not None}

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns, each once."""
        return tuple(dict.fromkeys(self.roles.values()))

    @classmethod
    def from_dict(cls, options: Mapping[str, Any]) -> ProcSchema:
        """Build a schema from a dict with the fields of this class as keys.

        Parameters
        ----------
        options
            Field name to column name. The four required fields must be there.

        Raises
        ------
        OptionError
            A key that is no field, or a required field that is absent.
        """
        known = [f.name for f in fields(cls)]
        for key in options:
            if key not in known:
                raise OptionError.unknown(key, option="schema key", known=known)
        absent = [role for role in REQUIRED if not options.get(role)]
        if absent:
            raise OptionError(
                f"schema={dict(options)!r} lacks {listed(absent)}. "
                f"A process schema needs at least {listed(REQUIRED)}."
            )
        return cls(**options)


SchemaLike: TypeAlias = ProcSchema | Mapping[str, Any] | str | None


def schema_for(frame: pd.DataFrame, schema: SchemaLike = None) -> ProcSchema:
    """Turn what the caller gave into a schema whose every column is in the frame.

    Parameters
    ----------
    frame
        Process events; read only.
    schema
        None finds the schema by the frame's columns; a word is the name of a built-in source
        (``windows_4688``, ``linux_auditd``, ``sysmon``, ``mde_internal``, ``mde_public``, ``osquery``,
        ``fireeye_hx``, ``volatility``, ``ecs``); a dict or a `ProcSchema` names the columns.

    Raises
    ------
    OptionError
        An unknown source or schema key.
    ColumnNotFoundError
        A column of the schema that is not in the frame.
    DataError
        No source fits, or more than one does.
    """
    if schema is None:
        return find_schema(frame)
    if isinstance(schema, str):
        return _named_source(frame, schema)
    chosen = schema if isinstance(schema, ProcSchema) else ProcSchema.from_dict(schema)
    present = set(map(str, frame.columns))
    for role, column in chosen.roles.items():
        if column not in present:
            raise ColumnNotFoundError.named(column, option=f"schema {role}", columns=frame.columns)
    return chosen


def find_schema(frame: pd.DataFrame, *, rows: npt.NDArray[np.integer[Any]] | None = None) -> ProcSchema:
    """Find the schema of a frame by its columns and by the events that it holds.

    Parameters
    ----------
    frame
        Process events; read only.
    rows
        How many rows of the data each row stands for; default one each.

    Raises
    ------
    DataError
        No built-in source fits (the message names the nearest and what it lacks), none has events in the
        frame, or more than one has: which of them to draw is the caller's choice, never a guess.
    """
    present = frozenset(map(str, frame.columns))
    fitting = {source.name: ProcSchema(**found) for source in SOURCES if (found := source.resolve(present))}
    if not fitting:
        raise DataError(_nothing_fits(present))
    weights = np.ones(len(frame), dtype=np.int64) if rows is None else rows
    counts = {name: int(event_rows(frame, schema) @ weights) for name, schema in fitting.items()}
    filled = {name: count for name, count in counts.items() if count}
    if len(filled) == 1:
        return fitting[next(iter(filled))]
    if filled:
        said = ", ".join(f"{name!r} ({count:,} rows)" for name, count in filled.items())
        raise DataError(
            f"The frame holds process events of more than one source: {said}. "
            "Say which one to use, such as schema=" + repr(next(iter(filled))) + "."
        )
    raise DataError(_no_events(frame, fitting))


def event_rows(frame: pd.DataFrame, schema: ProcSchema, *, exits: bool = False) -> npt.NDArray[np.bool_]:
    """Return which rows are process starts, or process exits."""
    wanted = schema.exit_event_identifier if exits else schema.event_id_identifier
    if schema.event_id_column is None or wanted is None:
        return np.full(len(frame), not exits)
    words = event_words(wanted)
    codes, uniques = frame[schema.event_id_column].factorize()
    hits = np.array([str(unique) in words for unique in uniques] + [False])
    return np.asarray(hits[codes], dtype=np.bool_)


def event_words(wanted: Any) -> set[str]:
    """Return how a kind of event (or each of several) may be written; nothing for None.

    Event numbers arrive as 4688, 4688.0 and "4688": what they say is compared, not how they are stored.
    """
    if wanted is None:
        return set()
    values = (wanted,) if isinstance(wanted, str | int | float) else tuple(wanted)
    return {str(value) for value in values} | {f"{value}.0" for value in values}


def _named_source(frame: pd.DataFrame, name: str) -> ProcSchema:
    source = next((s for s in SOURCES if s.name == name), None)
    if source is None:
        raise OptionError.unknown(name, option="schema", known=[s.name for s in SOURCES])
    present = frozenset(map(str, frame.columns))
    found = source.resolve(present)
    if found is None:
        raise DataError(_lacking(source, present, said=f"schema={name!r}: the frame"))
    return ProcSchema(**found)


def _lacking(source: Source, present: frozenset[str], *, said: str) -> str:
    """Say what a source needs that the frame has not, with near columns."""
    parts = []
    for role, candidates in source.missing(present, REQUIRED).items():
        near = nearest(candidates[0], present)
        hint = f" (near: {near!r})" if near else ""
        parts.append(f"{role} as {' or '.join(map(repr, candidates))}{hint}")
    return f"{said} lacks {'; '.join(parts)}. It has: {listed(sorted(present))}."


def _nothing_fits(present: frozenset[str]) -> str:
    closest = min(SOURCES, key=lambda source: len(source.missing(present, REQUIRED)))
    said = f"No built-in process schema fits the frame. The nearest is {closest.name!r}, but the frame"
    return _lacking(closest, present, said=said) + " Name the columns with schema=ProcSchema(...)."


def _no_events(frame: pd.DataFrame, fitting: Mapping[str, ProcSchema]) -> str:
    if frame.empty:
        return "The frame has no rows, so there are no processes to link."
    name, schema = next(iter(fitting.items()))
    column = schema.event_id_column
    seen: list[object] = list(frame[column].dropna().unique()) if column else []
    return (
        f"The frame has the columns of {name!r} but no process start: no row where "
        f"{schema.event_id_column}={schema.event_id_identifier!r}. It holds: {listed(seen)}."
    )
