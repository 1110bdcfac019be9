"""Alerts laid over a forest: which process each of them speaks of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from huntbook.compute.processes.asof import AsOf, ranks
from huntbook.compute.processes.columns import NAT, process_ids, times
from huntbook.compute.processes.sorting import in_host
from huntbook.errors import ColumnNotFoundError

if TYPE_CHECKING:
    from huntbook.compute.processes.columns import IntArray
    from huntbook.compute.processes.forest import ProcessForest

__all__ = ["NO_ALERTS", "Alerts", "place_alerts"]


@dataclass(frozen=True, slots=True, eq=False)
class Alerts:
    """Alerts by the node that they speak of, in its order.

    Parameters
    ----------
    node
        The process of each alert.
    when
        Its time in nanoseconds since 1970, UTC.
    elsewhere
        How many alerts speak of no process of the forest.
    """

    node: IntArray
    when: IntArray
    elsewhere: int = 0

    def of(self, nodes: IntArray) -> tuple[IntArray, IntArray]:
        """Return the places in `nodes` of the alerts that speak of one of them, and their times."""
        order = np.argsort(nodes)
        place = np.minimum(np.searchsorted(nodes[order], self.node), max(len(nodes) - 1, 0))
        here = np.flatnonzero(nodes[order][place] == self.node) if len(nodes) else place[:0]
        return order[place[here]], self.when[here]


NO_ALERTS = Alerts(np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64))


def place_alerts(forest: ProcessForest, alerts: pd.DataFrame) -> Alerts:
    """Find the process of each alert: the last one of its host that had its process id at its time.

    Parameters
    ----------
    forest
        The forest.
    alerts
        Alerts, with the host, the process id and the time in columns that are called as in the forest's source.

    Raises
    ------
    ColumnNotFoundError
        One of these columns is not there.
    DataError
        A process id or a time that can't be read.
    """
    schema = forest.schema
    for column in (schema.host_name_column, schema.process_id, schema.time_stamp):
        if column is not None and column not in alerts.columns:
            raise ColumnNotFoundError.named(column, option="alerts", columns=alerts.columns)
    when, pid = times(alerts[schema.time_stamp]), process_ids(alerts[schema.process_id])
    known = np.flatnonzero(forest.pid >= 0)
    # Processes without a time come first: their children say that they were there before.
    known = known[np.argsort(forest.start[known], kind="stable")]
    begun, asked = ranks(forest.start[known], when)
    own, told = in_host(forest.host[known], forest.pid[known]), in_host(_hosts(forest, alerts), pid)
    group, _ = pd.factorize(np.concatenate([own, told]))
    owners = AsOf.of(known, group[: len(known)], begun)
    place = owners.last(np.where((told >= 0) & (when != NAT), group[len(known) :], -1), asked)
    node = owners.order[place[place >= 0]]
    order = np.argsort(node, kind="stable")
    return Alerts(node[order], when[place >= 0][order], int((place < 0).sum()))


def _hosts(forest: ProcessForest, alerts: pd.DataFrame) -> IntArray:
    """Return the host of each alert; beyond all hosts for one that the forest doesn't have."""
    column = forest.schema.host_name_column
    if column is None:
        return np.zeros(len(alerts), dtype=np.int64)
    names = [name.strip().lower().rstrip(".") for name in forest.hosts]
    short = pd.Series([name.partition(".")[0] for name in names])
    known = {name: code for code, name in enumerate(short) if not short.duplicated(keep=False)[code]}
    known |= {name: code for code, name in enumerate(names)}
    codes, uniques = pd.factorize(alerts[column])
    texts = [str(unique).strip().lower().rstrip(".") for unique in uniques]
    found = [known.get(text, known.get(text.partition(".")[0], len(names))) for text in texts]
    return np.array([*found, known.get("", len(names))], dtype=np.int64)[codes]
