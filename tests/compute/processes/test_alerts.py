"""Alerts and the processes that they speak of."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from huntbook.compute.processes import build_process_tree
from huntbook.compute.processes.alerts import place_alerts
from huntbook.errors import ColumnNotFoundError


@pytest.fixture
def forest(make, named):
    """Give two hosts; on the first id 5 has two owners in turn, below a ghost of id 1."""
    return build_process_tree(
        make(
            ("web1.a.org", 5, 1, 0, "sh", "init"),
            ("web1.a.org", 5, 1, 100, "vi", "init"),
            ("b", 5, 0, 0, "ls", None),
        ),
        named,
    )


def alerts(*rows):
    """Build alerts from (host, pid, seconds)."""
    frame = pd.DataFrame(rows, columns=["Computer", "pid", "seconds"])
    frame["when"] = pd.Timestamp("2026-01-01", tz="UTC") + pd.to_timedelta(frame["seconds"], unit="s")
    return frame


def test_an_alert_speaks_of_the_owner_of_the_id_at_its_time(forest):
    """Host with or without its domain, id as hex text, and a ghost for the parent that has no time."""
    frame = alerts(("WEB1", "0x5", 50), ("web1.a.org", "5", 150), ("web1", "1", 10), ("b", "5", 9))
    laid = place_alerts(forest, frame)
    assert forest.names()[laid.node].tolist() == ["init", "sh", "vi", "ls"]
    assert laid.elsewhere == 0


def test_alerts_of_no_process_are_counted(forest):
    """Another host, another id, before the first owner, no time, no id."""
    frame = alerts(("c", 5, 50), ("b", 6, 50), ("b", 5, -9), ("b", 5, None), ("b", None, 50))
    laid = place_alerts(forest, frame)
    assert (len(laid.node), laid.elsewhere) == (0, 5)


def test_alerts_of_a_window_come_with_its_rows(forest):
    """In any order of nodes; several on one process are several."""
    laid = place_alerts(forest, alerts(("b", 5, 1), ("b", 5, 2), ("web1", 5, 1)))
    nodes = laid.node[::-1][[0, 2]]
    rows, when = laid.of(nodes)
    assert nodes[rows].tolist() == laid.node.tolist()
    assert when.tolist() == laid.when.tolist()
    assert laid.of(np.empty(0, dtype=np.int64))[0].tolist() == []


def test_a_column_that_alerts_lack_is_named(forest):
    """With the option, and what there is."""
    with pytest.raises(ColumnNotFoundError) as caught:
        place_alerts(forest, alerts(("b", 5, 1)).rename(columns={"pid": "ProcessId"}))
    assert str(caught.value) == (
        "alerts='pid': the frame has no such column. It has: 'Computer', 'ProcessId', 'seconds', 'when'."
    )
