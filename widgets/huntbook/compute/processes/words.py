"""Processes in words, for the status line and for screen readers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypedDict

import numpy as np

from huntbook.compute.labels import shorten
from huntbook.compute.processes.rules import Confidence, LinkRule

if TYPE_CHECKING:
    import numpy.typing as npt

    from huntbook.compute.processes.columns import IntArray
    from huntbook.compute.processes.forest import ProcessForest
    from huntbook.compute.processes.rows import Rows

    BoolArray = npt.NDArray[np.bool_]

__all__ = ["RowWords", "process_id", "say_process", "say_rows"]

_LONGEST_COMMAND = 160


class RowWords(TypedDict):
    """A row of the tree as a screen reader is told it.

    `level` counts from 1; `state` is empty for a process that started no other; `chosen` says if it is selected.
    """

    text: str
    level: int
    state: Literal["open", "folded", ""]
    chosen: bool


def process_id(pid: int, *, hexadecimal: bool) -> str:
    """Return an id as it is shown; nothing for one that is not known."""
    return "" if pid < 0 else hex(pid) if hexadecimal else str(pid)


def say_process(rows: Rows, node: int, *, hexadecimal: bool) -> str:
    """Say one process in a sentence: name, id, host, level, what is below it and how its parent was found."""
    forest = rows.forest
    below = int(forest.size[node]) - 1
    trust, host = int(forest.confidence[node]), forest.hosts[forest.host[node]]
    parts = [
        _name(forest, node, hexadecimal=hexadecimal),
        "never recorded" if forest.inferred[node] else "",
        f"on {host}" if host else "",
        f"level {int(forest.depth[node]) + 1}",
        f"{_state(rows, node)}, {below:,} below" if below else "",
        f"parent by {_word(LinkRule(forest.link[node]))} ({_word(Confidence(trust))})" if trust else "",
    ]
    return ", ".join(filter(None, parts)) + "."


def say_rows(
    rows: Rows, nodes: IntArray, *, chosen: IntArray, flagged: BoolArray, rare: BoolArray, hexadecimal: bool
) -> list[RowWords]:
    """Say what stands in each row of a window.

    Parameters
    ----------
    rows
        Which processes are on view.
    nodes
        Those in the window, top to bottom.
    chosen
        The selected nodes.
    flagged, rare
        For every node of the forest whether it is.
    hexadecimal
        Say ids as hex text.
    """
    forest = rows.forest
    commands = forest.text("cmd_line", nodes)
    return [
        RowWords(
            text=", ".join(
                filter(
                    None,
                    (
                        _name(forest, node, hexadecimal=hexadecimal),
                        "never recorded" if forest.inferred[node] else "",
                        "flagged" if flagged[node] else "",
                        "rare" if rare[node] else "",
                        "" if command is None else shorten(" ".join(str(command).split()), _LONGEST_COMMAND),
                        f"{int(forest.size[node]) - 1:,} below" if forest.size[node] > 1 else "",
                    ),
                )
            ),
            level=int(forest.depth[node]) + 1,
            state=_state(rows, node),
            chosen=bool(selected),
        )
        for node, command, selected in zip(nodes.tolist(), commands, np.isin(nodes, chosen), strict=True)
    ]


def _name(forest: ProcessForest, node: int, *, hexadecimal: bool) -> str:
    name = str(forest.names([node])[0]) or "unknown"
    pid = process_id(int(forest.pid[node]), hexadecimal=hexadecimal)
    return f"{name} ({pid})" if pid else name


def _state(rows: Rows, node: int) -> Literal["open", "folded", ""]:
    if rows.forest.size[node] == 1:
        return ""
    return "open" if rows.is_expanded(np.array([node]))[0] else "folded"


def _word(kind: LinkRule | Confidence) -> str:
    return kind.name.lower()
