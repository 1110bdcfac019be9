"""A selection as a filter."""

from __future__ import annotations

import duckdb
import numpy as np
import pytest

from huntbook.compute.conditions import write
from huntbook.compute.processes import build_process_tree
from huntbook.compute.processes.filters import condition_of, filter_text
from huntbook.errors import OptionError
from huntbook.simulated.processes import processes


@pytest.fixture(scope="module")
def forest():
    """Give a fleet's forest."""
    return build_process_tree(processes(hosts=2, hours=1.0, seed=8))


def test_the_pandas_form_gives_the_selected_rows(forest):
    """DataFrame.query with it is the selection."""
    nodes = np.flatnonzero(~forest.inferred)[5:8]
    query = filter_text(forest, nodes, "pandas")
    assert forest.source.query(query).index.tolist() == sorted(forest.source_row[nodes].tolist())


def test_kql_and_sql_quote_what_they_must(make, named):
    """Quotes in names and values stay inside their literals."""
    frame = make(("ho\"st's", 1, 0, 0, "x", None)).rename(columns={"Computer": "Host Name"})
    forest = build_process_tree(frame, {**named, "host_name_column": "Host Name"})
    assert filter_text(forest, np.array([0]), "kql") == (
        '| where ["Host Name"] == "ho\\"st\'s" and pid == 1 and when == datetime(2026-01-01T00:00:00.000000Z)'
    )
    assert filter_text(forest, np.array([0]), "sql") == (
        "\"Host Name\" = 'ho\"st''s' AND pid = 1 AND \"when\" = TIMESTAMP '2026-01-01 00:00:00'"
    )


def test_nothing_selected_is_a_condition_that_nothing_meets(forest):
    """Not an empty text, which would mean everything."""
    assert filter_text(forest, np.empty(0, dtype=np.int64), "kql") == "| where false"
    assert forest.source.query(filter_text(forest, np.empty(0, dtype=np.int64), "pandas")).empty


def test_an_unreadably_long_condition_is_refused(forest):
    """The message says what to do instead."""
    with pytest.raises(OptionError) as caught:
        filter_text(forest, np.arange(len(forest)), "kql")
    recorded = int((~forest.inferred).sum())
    assert str(caught.value) == (
        f"The selection holds {recorded:,} processes, too many to be written out as a condition (most: 200). "
        "Take the rows from view.selected, or select less."
    )


def test_every_form_gives_the_selected_rows(forest):
    """Run by pandas without the rows' labels and by DuckDB."""
    nodes = np.flatnonzero(~forest.inferred)[5:8]
    frame = forest.source.assign(row=range(len(forest.source)))
    expected = sorted(forest.source_row[nodes].tolist())
    condition = condition_of(forest, nodes)
    assert sorted(frame.query(write(condition, "pandas"))["row"].tolist()) == expected
    found = (
        duckdb.sql("SELECT * FROM frame").filter(filter_text(forest, nodes, "sql")).select("row").fetchall()
    )
    assert sorted(row[0] for row in found) == expected


def test_an_unknown_dialect_is_refused(forest):
    """With those that there are."""
    with pytest.raises(OptionError, match="dialect='spl' is not known"):
        filter_text(forest, np.array([0]), "spl")
