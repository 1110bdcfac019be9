"""A selection of processes as a condition on their rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from huntbook.compute.conditions import Among, Condition, DialectName, Either, Every, write
from huntbook.errors import OptionError

if TYPE_CHECKING:
    from huntbook.compute.processes.columns import IntArray
    from huntbook.compute.processes.forest import ProcessForest

__all__ = ["condition_of", "filter_text"]

_MOST = 200


def condition_of(forest: ProcessForest, nodes: IntArray) -> Condition:
    """Return a condition that holds for the rows of `nodes`: their host, process id and time.

    Parameters
    ----------
    forest, nodes
        The processes; inferred ones have no row and are left out.

    Raises
    ------
    OptionError
        More than 200 processes, for which no one can read a condition.
    """
    rows = forest.rows(nodes)
    if len(rows) > _MOST:
        raise OptionError(
            f"The selection holds {len(rows):,} processes, too many to be written out as a condition (most: {_MOST}). "
            "Take the rows from view.selected, or select less."
        )
    schema = forest.schema
    columns = [column for column in (schema.host_name_column, schema.process_id, schema.time_stamp) if column]
    return Either(
        tuple(
            Every(tuple(Among(str(name), (cell,)) for name, cell in row.items() if not pd.isna(cell)))
            for row in rows[columns].to_dict("records")
        )
    )


def filter_text(forest: ProcessForest, nodes: IntArray, dialect: DialectName) -> str:
    """Return the condition of `nodes` as text; in pandas by the rows' labels where those tell them apart.

    Parameters
    ----------
    forest, nodes
        As in `condition_of`.
    dialect
        ``kql``, ``sql``, ``spark`` or ``pandas``; see `huntbook.compute.conditions.write`.

    Raises
    ------
    OptionError
        An unknown dialect, too many processes, or a value that can't be written.
    """
    condition = condition_of(forest, nodes)
    if dialect == "pandas" and forest.source.index.is_unique:
        labels = forest.rows(nodes).index.tolist()
        if labels and all(isinstance(label, int | str) for label in labels):
            return write(Among("index", tuple(labels)), "pandas")
    return write(condition, dialect)
