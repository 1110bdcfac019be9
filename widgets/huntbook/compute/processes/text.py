"""A forest as lines of text, for terminals, reports and screen readers."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from huntbook.compute.processes.forest import ProcessForest

__all__ = ["draw"]


def draw(forest: ProcessForest, first: int, after: int, *, limit: int, width: int) -> str:
    """Draw the nodes from `first` up to `after`.

    Parameters
    ----------
    forest
        The forest.
    first, after
        A subtree, or the whole walk.
    limit, width
        Lines, and characters a line, at most.
    """
    shown = min(after - first, limit)
    nodes = slice(first, first + shown)
    names, commands = forest.names(nodes), forest.text("cmd_line", nodes)
    top = int(forest.depth[first]) if shown else 0
    lines, bars = [], [""]
    for offset in range(shown):
        node = first + offset
        level = int(forest.depth[node]) - top
        del bars[level + 1 :]
        last = _is_last(forest, node)
        branch = ("└─ " if last else "├─ ") if level else ""
        line = "".join(bars[1 : level + 1]) + branch + _label(forest, node, names[offset], commands[offset])
        lines.append(line if len(line) <= width else line[: width - 1] + "…")
        bars.append(("   " if last else "│  ") if level else "")
    if after - first > shown:
        lines.append(f"… {after - first - shown:,} more processes")
    return "\n".join(lines)


def _is_last(forest: ProcessForest, node: int) -> bool:
    above = int(forest.parent[node])
    return above < 0 or node + int(forest.size[node]) == above + int(forest.size[above])


def _label(forest: ProcessForest, node: int, name: str, command: object) -> str:
    pid = int(forest.pid[node])
    parts = [name or "(unknown)", f"({pid})" if pid >= 0 else ""]
    if forest.inferred[node]:
        parts.append("[not recorded]")
    if command is not None:
        parts.append(" ".join(str(command).split()))
    return " ".join(part for part in parts if part)
