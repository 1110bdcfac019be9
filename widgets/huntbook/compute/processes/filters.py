"""A selection of processes as a filter in the language of whoever holds the data."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Literal, get_args

import pandas as pd

from huntbook.errors import OptionError

if TYPE_CHECKING:
    from huntbook.compute.processes.columns import IntArray
    from huntbook.compute.processes.forest import ProcessForest

__all__ = ["Language", "filter_text"]

Language = Literal["kql", "sql", "pandas"]

_MOST = 200


def filter_text(forest: ProcessForest, nodes: IntArray, language: Language) -> str:
    """Return a condition that holds for the rows of `nodes`: their host, process id and time, in pandas their labels.

    Parameters
    ----------
    forest, nodes
        The processes; inferred ones have no row and are left out.
    language
        ``kql``, ``sql`` or ``pandas``.

    Raises
    ------
    OptionError
        An unknown language, or more than 200 processes, for which no one can read a condition.
    """
    if language not in get_args(Language):
        raise OptionError.unknown(language, option="language", known=get_args(Language))
    rows = forest.rows(nodes)
    if len(rows) > _MOST:
        raise OptionError(
            f"The selection holds {len(rows):,} processes, too many to be written out as a condition (most: {_MOST}). "
            "Take the rows from view.selected, or select less."
        )
    if language == "pandas" and forest.source.index.is_unique:
        labels = rows.index.tolist()
        if all(isinstance(label, int | str) for label in labels):
            return f"index in {labels!r}"
    schema = forest.schema
    columns = [column for column in (schema.host_name_column, schema.process_id, schema.time_stamp) if column]
    write = {"kql": _kql, "sql": _sql, "pandas": _pandas}[language]
    joined = {"kql": " and ", "sql": " AND ", "pandas": " and "}[language]
    either = {"kql": " or ", "sql": " OR ", "pandas": " or "}[language]
    parts = [
        "(" + joined.join(write(column, row[column]) for column in columns if not pd.isna(row[column])) + ")"
        for _, row in rows[columns].iterrows()
    ]
    nothing = {"kql": "false", "sql": "1 = 0", "pandas": "index != index"}[language]
    condition = either.join(parts) if parts else nothing
    return f"where {condition}" if language == "kql" else condition


def _kql(column: str, cell: Any) -> str:
    name = column if column.replace("_", "a").isalnum() else f"['{column}']"
    if isinstance(cell, pd.Timestamp):
        return f"{name} == datetime({cell.isoformat()})"
    return f"{name} == {json.dumps(cell) if isinstance(cell, str) else cell}"


def _sql(column: str, cell: Any) -> str:
    name = '"' + column.replace('"', '""') + '"'
    if isinstance(cell, pd.Timestamp):
        return f"{name} = TIMESTAMP '{cell}'"
    return f"{name} = " + ("'" + cell.replace("'", "''") + "'" if isinstance(cell, str) else str(cell))


def _pandas(column: str, cell: Any) -> str:
    return f"`{column}` == " + (repr(str(cell)) if isinstance(cell, str | pd.Timestamp) else str(cell))
