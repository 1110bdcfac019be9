"""Process trees of frames that pandas doesn't hold: fetched as far as needed, or built host by host where they lie."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import narwhals as nw
import numpy as np
import pandas as pd

from huntbook.compute.engines.table import open_frame
from huntbook.compute.processes.build import build_forest
from huntbook.compute.processes.columns import NOTHING
from huntbook.compute.processes.mde import GENERATIONS
from huntbook.compute.processes.schema import event_rows, event_words, find_schema, schema_for
from huntbook.compute.processes.sources import EVENT_COLUMNS
from huntbook.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pyarrow as pa

    from huntbook.compute.engines.table import Table
    from huntbook.compute.processes.schema import ProcSchema, SchemaLike

__all__ = ["LINKED", "build_in_engine", "fetch_events", "link_by_host", "schema_of"]

# Columns of the answer, with the types that Spark and pandas call them by.
LINKED = {
    "host": ("string", "string"),
    "node": ("long", "int64"),
    "parent": ("long", "int64"),
    "depth": ("int", "int32"),
    "size": ("long", "int64"),
    "link": ("string", "string"),
    "confidence": ("string", "string"),
    "inferred": ("boolean", "bool"),
    "pid": ("long", "int64"),
    "name": ("string", "string"),
    "image": ("string", "string"),
    "command_line": ("string", "string"),
    "user": ("string", "string"),
    "start": ("timestamp", "datetime64[us, UTC]"),
    "end": ("timestamp", "datetime64[us, UTC]"),
}
_KEY = "_huntbook_host"


def build_in_engine(frame: Any, schema: SchemaLike, *, clock_skew: int) -> Any:
    """Build the process tree of a frame of any library; see `huntbook.compute.processes.build_process_tree`."""
    table = open_frame(frame)
    if isinstance(table, pd.DataFrame):
        return build_forest(table, schema_for(table, schema), clock_skew=clock_skew)
    chosen = schema_of(table, schema)
    if table.lazy.implementation.is_dask() or table.lazy.implementation.is_pyspark():
        return link_by_host(table, chosen, clock_skew=clock_skew)
    return build_forest(fetch_events(table, chosen), chosen, clock_skew=clock_skew)


def schema_of(table: Table, schema: SchemaLike) -> ProcSchema:
    """Return the schema of a frame in an engine; to find it, its events are counted by kind there.

    Raises
    ------
    DataError, OptionError, ColumnNotFoundError
        As `huntbook.compute.processes.schema.schema_for` says.
    """
    columns = list(table.schema)
    if schema is not None:
        return schema_for(pd.DataFrame(columns=columns), schema)
    kinds = [column for column in EVENT_COLUMNS if column in table.schema]
    if kinds:
        counts = table.lazy.group_by(kinds).agg(nw.len().alias(_KEY))
    else:
        counts = table.lazy.select(nw.len().alias(_KEY))
    found = table.fetch(counts).to_pandas()
    return find_schema(found.reindex(columns=columns), rows=found[_KEY].to_numpy())


def fetch_events(table: Table, schema: ProcSchema, *, extra: Iterable[str] = ()) -> pd.DataFrame:
    """Return the rows of process starts and exits in the columns that linking needs, and in `extra`."""
    wanted = dict.fromkeys([*_needed(table, schema), *extra])
    return table.fetch(_events(table, schema).select(*wanted)).to_pandas()


def link_by_host(table: Table, schema: ProcSchema, *, clock_skew: int) -> Any:
    """Link the processes of a Dask or PySpark frame host by host, in its own workers, without fetching it.

    Parameters
    ----------
    table
        Process events in Dask or PySpark.
    schema
        Their columns.
    clock_skew
        Nanoseconds by which the clocks of two rows may disagree.

    Returns
    -------
    dask.dataframe.DataFrame or pyspark.sql.DataFrame
        A lazy frame with a row a process and the columns of `LINKED`. `node` and `parent` count the processes of one
        host in depth-first order; the rest is what `ProcessForest.to_frame` says.
    """
    native = nw.to_native(_events(table, schema).select(*_needed(table, schema), _host_key(schema)))
    task = _Task(schema, clock_skew)
    if table.lazy.implementation.is_pyspark():
        return _in_spark(native, task)
    # A shuffle brings each host into one part; a part is linked at once, which costs less than host after host.
    shuffled = native.shuffle(on=_KEY)
    return shuffled.map_partitions(task, meta=_nothing())


def _in_spark(frame: Any, task: _Task) -> Any:
    answer = ", ".join(f"{name} {kind}" for name, (kind, _) in LINKED.items())

    def linked(part: Any) -> Any:  # Spark counts the parameters of methods wrongly
        return task.in_arrow(part)

    return frame.groupBy(_KEY).applyInArrow(linked, answer)


@dataclass(frozen=True, slots=True)
class _Task:
    """What a worker does: the processes of some hosts, linked."""

    schema: ProcSchema
    clock_skew: int

    def __call__(self, part: pd.DataFrame) -> pd.DataFrame:
        events = part.drop(columns=_KEY)
        starts = events[event_rows(events, self.schema)]
        if starts[[self.schema.process_name, self.schema.process_id]].isna().all(axis=None):
            return _nothing()
        try:
            forest = build_forest(events, self.schema, clock_skew=self.clock_skew)
        except DataError as error:
            hosts = ", ".join(sorted(map(repr, part[_KEY].unique()))[:3])
            raise DataError(f"{error} (Of the rows of the hosts {hosts} ...)") from error
        first = np.searchsorted(forest.host, forest.host)
        linked = forest.to_frame().reset_index()
        linked["node"] -= first
        linked["parent"] = linked["parent"].where(linked["parent"] < 0, linked["parent"] - first)
        return _typed(linked[list(LINKED)])

    def in_arrow(self, part: pa.Table) -> pa.Table:
        """Do the same to an Arrow table, in which moments are of no zone of Spark's session."""
        import pyarrow as pa  # noqa: PLC0415 - Spark's workers have it

        kinds = {
            "string": pa.string(), "long": pa.int64(), "int": pa.int32(), "boolean": pa.bool_(),
            "timestamp": pa.timestamp("us", "UTC"),
        }  # fmt: skip
        answer = pa.schema([(name, kinds[kind]) for name, (kind, _) in LINKED.items()])
        return pa.Table.from_pandas(self(part.to_pandas()), schema=answer, preserve_index=False)


def _typed(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.astype({name: kind for name, (_, kind) in LINKED.items()})


def _nothing() -> pd.DataFrame:
    return _typed(pd.DataFrame(columns=list(LINKED)))


def _needed(table: Table, schema: ProcSchema) -> list[str]:
    """Return the columns that linking reads."""
    told = [column for generation in GENERATIONS.get(schema.parent_id, ()) for column in generation.values()]
    return list(dict.fromkeys([*schema.columns, *(column for column in told if column in table.schema)]))


def _events(table: Table, schema: ProcSchema) -> nw.LazyFrame[Any]:
    """Return the rows of process starts and exits."""
    if schema.event_id_column is None:
        return table.lazy
    words = event_words(schema.event_id_identifier) | event_words(schema.exit_event_identifier)
    if not words:
        return table.lazy
    return table.lazy.filter(nw.col(schema.event_id_column).cast(nw.String).is_in(sorted(words)))


def _host_key(schema: ProcSchema) -> nw.Expr:
    """Return what names of one host have in common: the name up to its first dot, in lower case.

    Two hosts may share it; their processes are still told apart by the whole name.
    """
    if schema.host_name_column is None:
        return nw.lit("").alias(_KEY)
    name = nw.col(schema.host_name_column).cast(nw.String).str.strip_chars().str.to_lowercase()
    short = name.str.replace_all(r"\..*$", "")
    return nw.when(~name.is_in(sorted(NOTHING))).then(short).otherwise(nw.lit("")).fill_null("").alias(_KEY)
