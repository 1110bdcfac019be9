"""df.mp_plot."""

from __future__ import annotations

import inspect
import subprocess
import sys

import pandas as pd
import pytest

from huntbook import mp_pandas_plot, plot


@pytest.mark.parametrize("name", plot.__all__)
def test_each_picture_is_a_method_with_the_functions_options_and_help(name):
    """What JupyterLab shows of df.mp_plot.<picture>: its options without the frame, and the whole help."""
    method, function = getattr(pd.DataFrame({"a": [1]}).mp_plot, name), getattr(plot, name)
    assert (
        list(inspect.signature(method).parameters.values())
        == list(inspect.signature(function).parameters.values())[1:]
    )
    assert method.__doc__ == function.__doc__
    assert name in dir(mp_pandas_plot.MpPlotAccessor)


def test_the_accessor_draws():
    """df.mp_plot.matrix is huntbook.plot.matrix of df."""
    view = pd.DataFrame({"a": ["x", "x"], "b": [1, 2]}).mp_plot.matrix(x="a", y="b")
    assert view.data["rows"].tolist() == [1, 1]


@pytest.mark.parametrize("first", [True, False])
def test_another_accessor_of_the_same_name_does_not_break_ours(first):
    """MSTICPy registers mp_plot too: whichever comes last is used, and pandas warns; nothing fails."""
    ours = "from huntbook import mp_pandas_plot"
    theirs = "pd.api.extensions.register_dataframe_accessor('mp_plot')(type('Other', (), {'__init__': lambda s, f: None}))"
    code = "\n".join(["import pandas as pd", *([ours, theirs] if first else [theirs, ours])])
    code += "\nprint(type(pd.DataFrame().mp_plot).__name__)"
    done = subprocess.run(
        [sys.executable, "-W", "always", "-c", code], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == ("Other" if first else "MpPlotAccessor")
    assert "overriding a preexisting attribute" in done.stderr


@pytest.mark.parametrize("lazy", [False, True])
def test_frames_of_polars_have_the_accessor_too(lazy):
    """Eager and lazy ones, with the same picture."""
    import polars as pl  # noqa: PLC0415 - only here

    frame = pl.DataFrame({"a": ["x", "y", "x"], "b": ["p", "p", "q"]})
    view = (frame.lazy() if lazy else frame).mp_plot.matrix(x="a", y="b")
    assert sorted(view.data["rows"]) == [1, 1, 1]
