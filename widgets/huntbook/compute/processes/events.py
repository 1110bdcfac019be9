"""The processes that a frame records, read once into integer arrays; linking sees nothing else."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from huntbook.compute.processes.asof import AsOf, ranks
from huntbook.compute.processes.columns import NAT, encode, encode_text, process_ids, times
from huntbook.compute.processes.schema import event_rows
from huntbook.compute.processes.sorting import in_host
from huntbook.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    from huntbook.compute.processes.columns import CodeArray, IntArray
    from huntbook.compute.processes.schema import ProcSchema

__all__ = ["Images", "ProcessEvents", "describe_images", "read_events", "read_view"]

# Longer ids than any system hands out would not fit beside the host in one 64-bit key.
_MAX_PROCESS_ID = 2**32
_NULL_GUID = re.compile(r"^\{?[0-]+\}?$")


@dataclass(frozen=True, slots=True)
class Images:
    """The distinct images of a frame, and what linking compares of them.

    Parameters
    ----------
    texts
        Each image as first written, with its folder where the recorder gave it.
    base
        For each image the code of its lower-case file name.
    names
        File name by that code, as first written.
    full
        Whether the image is a whole path from a drive letter, so that two that differ are two programs.
    """

    texts: tuple[str, ...]
    base: CodeArray
    names: tuple[str, ...]
    full: npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class ProcessEvents:
    """One element a process start, in the order of the frame. Codes and ids are -1, times NAT, where unknown.

    Parameters
    ----------
    host, image, parent_image
        Codes into `hosts` and `images`.
    pid, parent_pid
        Process ids.
    start, end, parent_start
        Nanoseconds since 1970, UTC. `end` from the row's own column or from an exit event.
    guid, parent_guid, command, parent_command, user, parent_user, session, parent_session
        Codes that say only "equal" or "not equal"; each pair shares one space.
    source_row
        Position in the frame; for an inferred process that of the first row that speaks of it.
    origin
        -1 for a process with a row of its own; else which view of other rows speaks of it.
    dropped
        Rows left out because they name neither an image nor a process id.
    """

    host: CodeArray
    pid: IntArray
    parent_pid: IntArray
    start: IntArray
    end: IntArray
    parent_start: IntArray
    image: CodeArray
    parent_image: CodeArray
    guid: CodeArray
    parent_guid: CodeArray
    command: CodeArray
    parent_command: CodeArray
    user: CodeArray
    parent_user: CodeArray
    session: CodeArray
    parent_session: CodeArray
    source_row: IntArray
    origin: npt.NDArray[np.int8]
    hosts: tuple[str, ...]
    images: Images
    dropped: int = 0

    def __len__(self) -> int:
        return len(self.pid)

    @property
    def inferred(self) -> npt.NDArray[np.bool_]:
        """Whether the process has no row of its own."""
        return self.origin >= 0

    def take(self, which: npt.NDArray[np.int64] | npt.NDArray[np.bool_] | slice) -> ProcessEvents:
        """Return the chosen events, with the same vocabularies."""
        # What a recorder doesn't tell is one array for several fields: taken once.
        arrays = {name: getattr(self, name) for name in ARRAYS}
        taken = {id(array): array[which] for array in {id(a): a for a in arrays.values()}.values()}
        return replace(self, **{name: taken[id(array)] for name, array in arrays.items()})


ARRAYS = tuple(ProcessEvents.__dataclass_fields__)[:18]


def read_events(frame: pd.DataFrame, schema: ProcSchema) -> ProcessEvents:
    """Read the process starts of a frame, and its exits where it holds them.

    Parameters
    ----------
    frame
        Process events; read only.
    schema
        Its columns.

    Raises
    ------
    DataError
        The frame holds no process start, or a cell that can't be read (the column and row are named).
    """
    rows = np.flatnonzero(event_rows(frame, schema))
    hosts, host_texts = _hosts(frame, schema.roles)
    events = read_view(
        frame, schema.roles, rows, host=hosts[rows], hosts=host_texts, separator=schema.path_separator
    )
    named = (events.image >= 0) | (events.pid >= 0)
    if not named.any():
        raise DataError(
            f"The frame has {len(frame):,} rows but no process start: none has a value in "
            f"{schema.process_name!r} or {schema.process_id!r}"
            + (
                f" where {schema.event_id_column}={schema.event_id_identifier!r}."
                if schema.event_id_column
                else "."
            )
        )
    if not named.all():
        events = replace(events.take(named), dropped=int((~named).sum()))
    return _with_exits(events, frame, schema, hosts)


def read_view(
    frame: pd.DataFrame,
    roles: Mapping[str, str],
    rows: IntArray,
    *,
    host: CodeArray,
    hosts: tuple[str, ...],
    separator: str,
) -> ProcessEvents:
    """Read one process a row through the given columns.

    Parameters
    ----------
    frame
        Process events; read only.
    roles
        Field of a schema to column.
    rows
        The positions of the rows to read.
    host, hosts
        The host of each of those rows, as a code, and the names of the hosts.
    separator
        What parts the folders of an image.
    """
    # Taking rows copies every column: only those that are needed, and only if not all rows are wanted.
    wanted = frame[list(dict.fromkeys(roles.values()))]
    if len(rows) != len(frame):
        wanted = wanted.iloc[rows]
    columns = {role: wanted[column] for role, column in roles.items()}
    count = len(rows)
    none = np.full(count, -1, dtype=np.int32)
    image, parent_image, images = _images(columns, separator, count)
    session, parent_session = _sessions(columns, count)
    guid, parent_guid = _pair(columns, "process_guid", "parent_guid", none)
    command, parent_command = _pair(columns, "cmd_line", "parent_cmd_line", none)
    user, parent_user = _pair(columns, "user_name", "parent_user_name", none)
    return ProcessEvents(
        host=host,
        pid=_ids(columns, "process_id", count),
        parent_pid=_ids(columns, "parent_id", count),
        start=_when(columns, "time_stamp", count),
        end=_when(columns, "exit_time", count),
        parent_start=_when(columns, "parent_time", count),
        image=image,
        parent_image=parent_image,
        guid=guid,
        parent_guid=parent_guid,
        command=command,
        parent_command=parent_command,
        user=user,
        parent_user=parent_user,
        session=session,
        parent_session=parent_session,
        source_row=rows.astype(np.int64),
        origin=np.full(count, -1, dtype=np.int8),
        hosts=hosts,
        images=images,
    )


def _hosts(frame: pd.DataFrame, roles: Mapping[str, str]) -> tuple[CodeArray, tuple[str, ...]]:
    """Return the host of every row; rows without one share a nameless host of their own."""
    column = roles.get("host_name_column")
    if column is None:
        return np.zeros(len(frame), dtype=np.int32), ("",)
    coded = encode([frame[column]], _one_name_per_host(frame[column]))
    codes, texts = coded.codes[0], coded.vocabulary.texts
    if (codes < 0).any():
        codes, texts = np.where(codes < 0, len(texts), codes).astype(np.int32), (*texts, "")
    return codes, texts


def _one_name_per_host(column: pd.Series) -> _HostNames:
    names = {str(name).strip().lower().rstrip(".") for name in pd.unique(column.dropna())}
    domains = Counter(name.partition(".")[0] for name in names if "." in name)
    return _HostNames(frozenset(short for short, count in domains.items() if count == 1 and short in names))


@dataclass(frozen=True, slots=True)
class _HostNames:
    """Compare hosts without case; ``web1`` and ``web1.example.org`` are one where only one domain has a web1."""

    bare: frozenset[str]

    def __call__(self, name: str) -> str:
        lowered = name.strip().lower().rstrip(".")
        short = lowered.partition(".")[0]
        return short if short in self.bare else lowered


def _images(
    columns: Mapping[str, pd.Series], separator: str, count: int
) -> tuple[CodeArray, CodeArray, Images]:
    roles = [role for role in ("process_name", "parent_name") if role in columns]
    coded = encode([columns[role] for role in roles], lambda text: text.strip().lower())
    by_role = dict(zip(roles, coded.codes, strict=True))
    none = np.full(count, -1, dtype=np.int32)
    images = describe_images(coded.vocabulary.texts, separator)
    return by_role.get("process_name", none), by_role.get("parent_name", none), images


def describe_images(texts: tuple[str, ...], separator: str) -> Images:
    """Work out what linking compares of each image; `texts` differ by more than case."""
    names: dict[str, int] = {}
    shown: list[str] = []
    base = np.empty(len(texts), dtype=np.int32)
    for place, text in enumerate(texts):
        name = file_name(text, separator)
        base[place] = names.setdefault(name.lower(), len(names))
        if base[place] == len(shown):
            shown.append(name)
    full = np.array([text.strip()[1:3] == ":\\" for text in texts], dtype=np.bool_)
    return Images(texts=texts, base=base, names=tuple(shown), full=full)


def file_name(path: str, separator: str) -> str:
    r"""Return the last part of a path; a Windows path in a source that mostly holds others is seen by its ``:\``."""
    text = path.strip()
    parts = text.replace("/", "\\") if text[1:3] == ":\\" else text
    used = "\\" if text[1:3] == ":\\" else separator
    return parts.rstrip(used).rpartition(used)[2] or text


def _sessions(columns: Mapping[str, pd.Series], count: int) -> tuple[CodeArray, CodeArray]:
    """Return the session of each process and of its parent; -1 in both where a recorder gives only one of them."""
    none = np.full(count, -1, dtype=np.int32)
    if "logon_id" not in columns or "target_logon_id" not in columns:
        return none, none
    coded = encode([columns["logon_id"], columns["target_logon_id"]], _session_text)
    of_parent, target = coded.codes
    return np.where(target >= 0, target, of_parent).astype(np.int32), of_parent


def _session_text(text: str) -> str:
    lowered = text.strip().lower()
    return "" if lowered in {"0x0", "0"} else lowered


def _pair(
    columns: Mapping[str, pd.Series], own: str, parents: str, none: CodeArray
) -> tuple[CodeArray, CodeArray]:
    """Code a field of the process and the same field of its parent; without both there is nothing to compare."""
    if own not in columns or parents not in columns:
        return none, none
    if own != "process_guid":
        first, second = encode_text([columns[own], columns[parents]])
        return first, second
    coded = encode([columns[own], columns[parents]], _guid_text)
    return coded.codes[0], coded.codes[1]


def _guid_text(text: str) -> str:
    lowered = text.strip().lower()
    return "" if _NULL_GUID.match(lowered) else lowered


def _ids(columns: Mapping[str, pd.Series], role: str, count: int) -> IntArray:
    if role not in columns:
        return np.full(count, -1, dtype=np.int64)
    ids = process_ids(columns[role])
    if count and ids.max() >= _MAX_PROCESS_ID:
        row = int(np.flatnonzero(ids >= _MAX_PROCESS_ID)[0])
        raise DataError(
            f"Column {columns[role].name!r}, row {row} (counted from 0): {int(ids[row])} is too big for a process id "
            "(they end at 4,294,967,295). Is it another kind of identifier? Then use process_guid and parent_guid."
        )
    return ids


def _when(columns: Mapping[str, pd.Series], role: str, count: int) -> IntArray:
    return times(columns[role]) if role in columns else np.full(count, NAT, dtype=np.int64)


def _with_exits(
    events: ProcessEvents, frame: pd.DataFrame, schema: ProcSchema, hosts: CodeArray
) -> ProcessEvents:
    """Give each exit to the last process of its host and id that started at or before it; of several the first counts."""
    rows = np.flatnonzero(event_rows(frame, schema, exits=True))
    if not len(rows):
        return events
    ids = process_ids(frame[schema.exit_process_id or schema.process_id].iloc[rows])
    when = times(frame[schema.time_stamp].iloc[rows])
    known = np.flatnonzero((ids >= 0) & (when != NAT))
    alive = np.flatnonzero((events.pid >= 0) & (events.start != NAT))
    alive = alive[np.argsort(events.start[alive], kind="stable")]
    own = in_host(events.host[alive], events.pid[alive])
    group, _ = pd.factorize(np.concatenate([own, in_host(hosts[rows][known], ids[known])]))
    begun, ended = ranks(events.start[alive], when[known])
    place = AsOf.of(alive, group[: len(alive)], begun)
    last = place.last(group[len(alive) :], ended)
    process, moment = place.order[last[last >= 0]], when[known][last >= 0]
    end = np.full(len(events), np.iinfo(np.int64).max)
    np.minimum.at(end, process, moment)
    return replace(events, end=np.where(end == np.iinfo(np.int64).max, events.end, end))
