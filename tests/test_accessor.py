"""df.mp_plot."""

from __future__ import annotations

import inspect
import subprocess
import sys

import pandas as pd
import pytest

from huntbook import mp_pandas_plot, plot


@pytest.mark.parametrize("name", plot.__all__)
def test_the_accessor_has_every_option_of_the_function(name):
    """Same names, kinds and defaults."""
    function = inspect.signature(getattr(plot, name)).parameters
    method = inspect.signature(getattr(mp_pandas_plot.MpPlotAccessor, name)).parameters
    assert [(each.name, each.kind, each.default) for each in method.values()][1:] == [
        (each.name, each.kind, each.default) for each in function.values()
    ][1:]


@pytest.mark.parametrize("name", plot.__all__)
def test_the_accessor_hands_every_option_on(name, monkeypatch):
    """What is asked of df.mp_plot is asked of the function."""
    heard = {}
    module = inspect.getmodule(getattr(mp_pandas_plot.MpPlotAccessor, name))
    monkeypatch.setattr(module, name, lambda frame, **options: heard.update(options))
    asked = {option: object() for option in list(inspect.signature(getattr(plot, name)).parameters)[1:]}
    getattr(pd.DataFrame({"a": [1]}).mp_plot, name)(**asked)
    assert heard == asked


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
