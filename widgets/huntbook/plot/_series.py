"""One frame, or several by name, as the series of a timeline."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import pandas as pd

from huntbook.compute.engines.table import open_frame
from huntbook.compute.engines.timeline import prepare_engine_timeline
from huntbook.compute.timeline import prepare_timeline
from huntbook.errors import OptionError
from huntbook.plot._options import whole

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from huntbook.compute.timeline import Timeline
    from huntbook.figures.timeline import Series

LEAST_MARK, MOST_MARK, MARK = 2, 40, 8
_WORDS = ("data", "time_column", "source_columns", "color", "size")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """One series as it was asked for; `huntbook.plot.timeline` documents each option."""

    frame: Any
    name: str
    time_column: str
    source_columns: Sequence[str] | None = None
    color: str | None = None
    size: int | str | None = None
    overlay: bool = False


def named_series(
    frame: Any,
    *,
    time_column: str,
    source_columns: Sequence[str] | None,
    color: str | None,
    size: int | str,
    group_by: str | Sequence[str] | None,
) -> list[Wanted]:
    """Return the series that a frame, or a dictionary of named frames, asks for.

    Raises
    ------
    OptionError
        If the dictionary is empty, holds an unknown option, or is to be grouped.
    """
    if not isinstance(frame, Mapping):
        return [
            Wanted(
                frame=frame,
                name="",
                time_column=time_column,
                source_columns=source_columns,
                color=color,
                size=size,
            )
        ]
    if not frame:
        raise OptionError("frame={}: there is no series. Give at least one: {'name': frame}.")
    if group_by is not None:
        raise OptionError(
            f"group_by={group_by!r}: each of several series has one lane. To group, draw one frame: "
            "pandas.concat({'name': frame, ...})."
        )
    found = []
    for name, given in frame.items():
        own = dict(given) if isinstance(given, Mapping) else {"data": given}
        for word in own:
            if word not in _WORDS:
                raise OptionError.unknown(word, option=f"frame[{name!r}]", known=_WORDS)
        if "data" not in own:
            raise OptionError(f"frame[{name!r}] has no 'data'. Give its frame: {{'data': frame, ...}}.")
        found.append(
            Wanted(
                frame=own["data"],
                name=str(name),
                time_column=own.get("time_column", time_column),
                source_columns=own.get("source_columns", source_columns),
                color=own.get("color", color),
                size=own.get("size", size),
            )
        )
    return found


def overlay_series(frame: Any, time_column: str, columns: Sequence[str] | None, color: str | None) -> Wanted:
    """Return the series that is laid over the others."""
    return Wanted(
        frame=frame,
        name="overlay",
        time_column=time_column,
        source_columns=columns,
        color=color,
        overlay=True,
    )


def read_series(frame: Any) -> Callable[..., Timeline]:
    """Return what prepares a timeline of a frame, whatever library it is of."""
    rows = open_frame(frame)
    if isinstance(rows, pd.DataFrame):
        return partial(prepare_timeline, rows)
    return partial(prepare_engine_timeline, rows)


def drawn_series(made: Timeline, wanted: Wanted, *, extents: bool = False) -> Series:
    """Return how a series is drawn."""
    from huntbook.figures.theme import require_color  # noqa: PLC0415 - Bokeh loads with the first picture
    from huntbook.figures.timeline import Series  # noqa: PLC0415 - the same

    size, option = wanted.size, "overlay_color" if wanted.overlay else "color"
    return Series(
        events=made.events,
        name=made.name,
        extents=extents,
        size=whole("size", size, LEAST_MARK, MOST_MARK) if isinstance(size, int) else None,
        color=None if wanted.color is None else require_color(wanted.color, option=option),
    )
