"""What stands in the rows of a process tree: positions, texts, colours and connectors of one window."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from huntbook.compute.labels import shorten
from huntbook.compute.processes.alerts import NO_ALERTS, Alerts
from huntbook.compute.processes.coloring import MOST_KINDS
from huntbook.compute.processes.columns import NAT
from huntbook.compute.processes.forest import timestamps
from huntbook.compute.processes.rules import Confidence, LinkRule
from huntbook.compute.processes.words import process_id
from huntbook.figures.text import text_width

if TYPE_CHECKING:
    import numpy.typing as npt

    from huntbook.compute.processes.coloring import Coloring
    from huntbook.compute.processes.columns import IntArray
    from huntbook.compute.processes.forest import ProcessForest
    from huntbook.compute.processes.rows import Rows
    from huntbook.figures.theme import Theme

__all__ = [
    "INDENT",
    "NAME_SIZE",
    "SMALL_SIZE",
    "Marks",
    "TreeLook",
    "indent",
    "kind_colors",
    "row_alerts",
    "row_colors",
    "row_columns",
    "row_lines",
    "time_span",
]

INDENT = 22.0
NAME_SIZE, SMALL_SIZE = 13.0, 11.0
_MONOSPACE_WIDTH = 0.602 * SMALL_SIZE
_GAP = 14.0
_MARGIN = 14.0
# Pixels of the tree's part: of an unknown cell, and of a known one as a part of it.
_LEFT, _LEFT_SHARE = 640.0, 0.62
_DEEPEST_SHOWN = 14
_ROOM_FOR_NAME = 150.0
# A cut name of fewer letters says nothing, a cut command line of fewer neither.
_LEAST_NAME, _LEAST_COMMAND = 4, 14
# Okabe and Ito's colours without black, told apart by all kinds of sight; the rest is grey.
_KINDS = ("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#b8a000")
_SCALE = {"light": ("#c9dcf3", "#0a3069"), "dark": ("#1d3a5c", "#cae8ff")}


@dataclass(frozen=True, slots=True, kw_only=True)
class TreeLook:
    """How the tree is drawn.

    Parameters
    ----------
    rows
        Rows in the window.
    width
        Of the picture in pixels; None to fill the cell.
    cell
        The width of the notebook's cell in pixels, once it is known.
    hexadecimal
        Show process ids as hex text.
    tooltip_columns
        Columns of the source that tooltips show.
    """

    rows: int = 26
    width: int | None = None
    cell: int | None = None
    hexadecimal: bool = False
    tooltip_columns: tuple[str, ...] = ()

    @property
    def left(self) -> float:
        """Pixels of the tree's part."""
        whole = self.width or self.cell
        return _LEFT if whole is None else round(whole * _LEFT_SHARE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """What is special about processes: all are arrays over the whole forest.

    Parameters
    ----------
    flagged
        Drawn in the warning colour.
    rare
        Drawn with a ring in the warning colour.
    alerts
        Drawn as triangles in the rows of their processes, which are flagged.
    """

    flagged: npt.NDArray[np.bool_]
    rare: npt.NDArray[np.bool_]
    alerts: Alerts = NO_ALERTS


def kind_colors(theme: Theme) -> list[str]:
    """Return the colours of the commonest values, then that of the rest."""
    return [*_KINDS[:MOST_KINDS], theme.rest]


def indent(depth: npt.NDArray[np.integer[Any]], look: TreeLook) -> npt.NDArray[np.float64]:
    """Return where the dot of a process of each depth stands, in pixels; very deep ones share a place."""
    deepest = min(_DEEPEST_SHOWN, int((look.left - _ROOM_FOR_NAME) / INDENT))
    return np.asarray(_MARGIN + INDENT * np.minimum(depth, deepest), dtype=np.float64)


def time_span(forest: ProcessForest, nodes: IntArray, record_end: int) -> tuple[float, float]:
    """Return the stretch of time that the rows live in, in milliseconds, with a margin."""
    start, end = forest.start[nodes], forest.end[nodes]
    known = start != NAT
    if not known.any():
        return 0.0, 1.0
    low = int(start[known].min())
    ends = np.where(end[known] != NAT, end[known], start[known])
    high = int(ends.max())
    if bool((end[known] == NAT).any()):
        # Room for bars whose end was not recorded: they run out of the picture.
        high = min(record_end, high + max((high - low) // 5, 1_000_000_000))
    margin = max((high - low) * 0.02, 5e7)
    return (low - margin) / 1e6, (high + margin) / 1e6


def row_columns(
    window: Rows,
    nodes: IntArray,
    look: TreeLook,
    *,
    span: tuple[float, float],
    record_end: int,
    flagged_below: IntArray,
) -> dict[str, Any]:
    """Return where everything in each row stands, and what it says; `flagged_below` counts what folding hides."""
    forest = window.forest
    x = indent(forest.depth[nodes], look)
    name_x = x + 12
    letters = ((look.left - name_x) / (NAME_SIZE * 0.62)).astype(int)
    names = [
        shorten(name or "(unknown)", max(min(fits, 40), _LEAST_NAME))
        for name, fits in zip(forest.names(nodes), letters.tolist(), strict=True)
    ]
    id_x = name_x + np.array([_bold_width(name) for name in names]) + _GAP
    ids = [
        text if at + len(text) * _MONOSPACE_WIDTH < look.left else ""
        for text, at in zip(_ids(forest.pid[nodes], look), id_x.tolist(), strict=True)
    ]
    command_x = id_x + np.array([len(text) * _MONOSPACE_WIDTH for text in ids]) + _GAP
    below = np.where(window.is_expanded(nodes), 0, window.folded_below(nodes))
    folded = [
        f"+ {count:,}" + (f", {flags:,} flagged" if flags else "") if count else ""
        for count, flags in zip(below.tolist(), flagged_below.tolist(), strict=True)
    ]
    folded_x = look.left - np.array([text_width(text, SMALL_SIZE) for text in folded]) - 10
    # Some recorders write a dash where there is no command line.
    told = [
        "" if text in {None, "-"} else " ".join(str(text).split()) for text in forest.text("cmd_line", nodes)
    ]
    said = _said(forest, nodes, told)
    room = ((np.where(below > 0, folded_x, look.left) - command_x - 12) / _MONOSPACE_WIDTH).astype(int)
    start, end = forest.start[nodes] / 1e6, forest.end[nodes] / 1e6
    never, open_end = forest.start[nodes] == NAT, forest.end[nodes] == NAT
    end = np.where(open_end, max(record_end / 1e6, span[1]), end)
    shortest = (span[1] - span[0]) * 0.004
    parent = forest.size[nodes] > 1
    return {
        "row": np.arange(len(nodes), dtype=float), "node": nodes, "x": x,
        "marker": np.where(parent, "triangle", "circle").tolist(),
        "angle": np.where(window.is_expanded(nodes), np.pi, -np.pi / 2),
        "name": names, "name_x": name_x, "id": ids, "id_x": id_x, "folded": folded, "folded_x": folded_x,
        "command": [shorten(text, max(chars, 1)) if chars >= min(len(text), _LEAST_COMMAND) else "" for text, chars in zip(said, room.tolist(), strict=True)],
        "command_x": command_x,
        "start": np.where(never, np.nan, start),
        "end": np.where(never, np.nan, np.maximum(end, start + shortest)),
        "band_left": np.full(len(nodes), -1e15), "band_right": np.full(len(nodes), 1e15),
        **_details(forest, nodes, look, told),
    }  # fmt: skip


def _said(forest: ProcessForest, nodes: IntArray, told: list[str]) -> list[str]:
    """Return what stands behind the id: the host of a root where there are several, what is missing, the command."""
    several = len(forest.hosts) > 1
    hosts = [
        forest.hosts[code] if several and root else ""
        for code, root in zip(forest.host[nodes], forest.parent[nodes] < 0, strict=True)
    ]
    missing = ["not recorded" if ghost else "" for ghost in forest.inferred[nodes]]
    return ["   ".join(filter(None, parts)) for parts in zip(hosts, missing, told, strict=True)]


def _details(forest: ProcessForest, nodes: IntArray, look: TreeLook, told: list[str]) -> dict[str, Any]:
    """Return what tooltips show: the row's own facts, and only those columns of the source that were asked for."""
    images = [forest.images.texts[code] if code >= 0 else "" for code in forest.image[nodes].tolist()]
    trusts = [Confidence(trust).name.lower() for trust in forest.confidence[nodes].tolist()]
    links = [LinkRule(link).name.lower() for link in forest.link[nodes].tolist()]
    details = {
        "t_image": images,
        "t_command": [shorten(text, 600) for text in told],
        "t_user": ["" if user is None else str(user) for user in forest.text("user_name", nodes)],
        "t_host": [forest.hosts[code] for code in forest.host[nodes].tolist()],
        "t_start": [_stamp(moment) for moment in timestamps(forest.start[nodes])],
        "t_end": [_stamp(moment) for moment in timestamps(forest.end[nodes])],
        "t_link": [
            link if trust == "none" else f"{link} ({trust})"
            for link, trust in zip(links, trusts, strict=True)
        ],
        "t_size": [f"{size - 1:,}" for size in forest.size[nodes].tolist()],
    }
    for place, column in enumerate(look.tooltip_columns):
        cells = forest.column(column, nodes)
        details[f"c_{place}"] = [
            "" if missing else shorten(str(cell), 300)
            for cell, missing in zip(cells, cells.isna(), strict=True)
        ]
    return details


def _stamp(moment: Any) -> str:
    if pd.isna(moment):
        return "not recorded"
    return f"{moment.strftime('%Y-%m-%d %H:%M:%S.%f')[:-3]} UTC"


def _bold_width(name: str) -> float:
    """Return about how many pixels wide a bold name is."""
    narrow, wide = (
        sum(letter in "iljtfr.,:;|!'()-[] " for letter in name),
        sum(letter in "mwMW@%" for letter in name),
    )
    capital = sum(letter.isupper() for letter in name) - sum(letter in "MW" for letter in name)
    rest = len(name) - narrow - wide - capital
    return NAME_SIZE * (0.34 * narrow + 0.88 * wide + 0.72 * capital + 0.59 * rest)


def _ids(pid: IntArray, look: TreeLook) -> list[str]:
    return [process_id(one, hexadecimal=look.hexadecimal) for one in pid.tolist()]


def row_colors(
    forest: ProcessForest,
    nodes: IntArray,
    theme: Theme,
    marks: Marks,
    *,
    chosen: IntArray,
    coloring: Coloring | None,
    flagged_below: IntArray,
) -> dict[str, Any]:
    """Return the colours of every part of each row."""
    flagged, rare, ghost = marks.flagged[nodes], marks.rare[nodes], forest.inferred[nodes]
    own = np.where(flagged, theme.warning, np.array(_own_colors(theme, nodes, coloring), dtype=object))
    selected = np.isin(nodes, chosen)
    band = np.where(np.arange(len(nodes)) % 2 == 0, theme.band, theme.ground)
    return {
        "band": np.where(selected, _mixed(theme.accent, theme.ground, 0.2), band).tolist(),
        "dot_fill": np.where(ghost, theme.ground, own).tolist(),
        "dot_line": np.where(ghost, theme.rest, np.where(rare | flagged, theme.warning, own)).tolist(),
        "dot_width": np.where(ghost, 1.5, np.where(rare, 2.0, 1.0)),
        # Room for the ring of a rare one around its own colour.
        "size": np.where(forest.size[nodes] > 1, 9.0, 8.0) + np.where(rare, 3.0, 0.0),
        "name_color": np.where(flagged, theme.warning, np.where(ghost, theme.muted, theme.text)).tolist(),
        "folded_color": np.where(flagged_below > 0, theme.warning, theme.muted).tolist(),
        "bar": own.tolist(),
        "bar_alpha": np.where(forest.end[nodes] == NAT, 0.38, 0.9),
    }


def _own_colors(theme: Theme, nodes: IntArray, coloring: Coloring | None) -> list[str]:
    if coloring is None:
        return [theme.accent] * len(nodes)
    if coloring.is_scale:
        low, high = _SCALE[theme.name]
        return [
            theme.rest if np.isnan(place) else _mixed(high, low, place)
            for place in coloring.place[nodes].tolist()
        ]
    colors = kind_colors(theme)
    return [colors[code] for code in coloring.code[nodes].tolist()]


def _mixed(strong: str, weak: str, share: float) -> str:
    """Return a colour between two, as ``#rrggbb``."""
    pairs = [(int(strong[at : at + 2], 16), int(weak[at : at + 2], 16)) for at in (1, 3, 5)]
    return "#" + "".join(f"{round(share * one + (1 - share) * two):02x}" for one, two in pairs)


def row_alerts(nodes: IntArray, alerts: Alerts, span: tuple[float, float]) -> dict[str, Any]:
    """Return where the alerts of a window stand; those outside its stretch of time at its edge."""
    rows, when = alerts.of(nodes)
    inset = (span[1] - span[0]) * 0.008
    return {"row": rows.astype(float), "when": np.clip(when / 1e6, span[0] + inset, span[1] - inset)}


def row_lines(window: Rows, first: int, look: TreeLook) -> dict[str, Any]:
    """Return the connectors of a window: down from parents, across to children."""
    branches = window.branches(first, look.rows)
    nodes = window.window(first, look.rows)
    depth = window.forest.depth[nodes]
    rows = np.flatnonzero(depth > 0)

    top = branches.top + np.where(branches.top >= 0, 0.24, 0.0)
    down = indent(branches.depth, look)
    return {
        "x0": np.concatenate([down, indent(depth[rows] - 1, look)]),
        "x1": np.concatenate([down, indent(depth[rows], look) - 7.0]),
        "y0": np.concatenate([top, rows]),
        "y1": np.concatenate([branches.bottom, rows]),
    }
