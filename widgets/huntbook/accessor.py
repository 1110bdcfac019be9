"""Importing this module gives every pandas frame the accessor ``mp_plot``, and Polars' frames too if there is Polars.

MSTICPy registers an accessor of the same name; whichever is imported last is the one that
``df.mp_plot`` means, and pandas warns of it.
"""

from __future__ import annotations

from importlib.util import find_spec
from types import MethodType
from typing import TYPE_CHECKING, Any, Concatenate, Generic, ParamSpec, TypeVar, overload

import pandas as pd

from huntbook import plot

if TYPE_CHECKING:
    from collections.abc import Callable

    from huntbook.compute.processes.schema import SchemaLike
    from huntbook.views.process_tree import ProcessTreeView

__all__ = ["MpPlotAccessor"]

_Options = ParamSpec("_Options")
_View = TypeVar("_View")


class _Picture(Generic[_Options, _View]):
    """A function of a frame as a method of the accessor: the same options, the same words of help."""

    def __init__(self, function: Callable[Concatenate[Any, _Options], _View]) -> None:
        self._function = function

    @overload
    def __get__(self, accessor: None, owner: type) -> Callable[Concatenate[Any, _Options], _View]: ...
    @overload
    def __get__(self, accessor: MpPlotAccessor, owner: type) -> Callable[_Options, _View]: ...
    def __get__(self, accessor: MpPlotAccessor | None, owner: type) -> Callable[..., _View]:
        if accessor is None:
            return self._function
        return MethodType(self._function, accessor._frame)  # noqa: SLF001 - the accessor's own method


@pd.api.extensions.register_dataframe_accessor("mp_plot")
class MpPlotAccessor:
    """Pictures of a frame: each function of `huntbook.plot` as a method, with the frame already given.

    Parameters
    ----------
    frame
        The frame; pandas or Polars gives it.

    Examples
    --------
    >>> from huntbook import mp_pandas_plot, samples
    >>> flows = samples.network_flows(rows=1_000)
    >>> flows.mp_plot.matrix(x="SourceIP", y="DestinationPort").data.columns.tolist()
    ['x', 'y', 'rows', 'value', 'size']
    >>> sorted(set(flows.mp_plot.timeline(group_by="Protocol").data["lane"]))
    ['TCP', 'UDP']
    """

    matrix = _Picture(plot.matrix)
    process_lineages = _Picture(plot.process_lineages)
    process_tree = _Picture(plot.process_tree)
    timeline = _Picture(plot.timeline)
    timeline_duration = _Picture(plot.timeline_duration)
    timeline_values = _Picture(plot.timeline_values)

    def __init__(self, frame: Any) -> None:
        self._frame = frame

    def __call__(self, *, schema: SchemaLike = None) -> ProcessTreeView:
        """Draw the process tree, as ``df.mp_plot(schema=...)``; `process_tree` has all options.

        Parameters
        ----------
        schema
            What the columns mean; default is found by the columns.
        """
        return self.process_tree(schema=schema)


if find_spec("polars") is not None:
    import polars as pl

    for _register in (pl.api.register_dataframe_namespace, pl.api.register_lazyframe_namespace):
        _register("mp_plot")(MpPlotAccessor)
