"""df.mp_plot."""

from __future__ import annotations

import inspect
import subprocess
import sys

import pandas as pd
import pytest

from huntbook import mp_pandas_plot, plot


def test_the_accessor_has_every_option_of_the_function():
    """Same names, kinds and defaults."""
    function = inspect.signature(plot.matrix).parameters
    method = inspect.signature(mp_pandas_plot.MpPlotAccessor.matrix).parameters
    assert list(method.values())[1:] == list(function.values())[1:]


def test_the_accessor_hands_every_option_on(monkeypatch):
    """What is asked of df.mp_plot is asked of the function."""
    heard = {}
    monkeypatch.setattr(mp_pandas_plot, "matrix", lambda frame, **options: heard.update(options))
    asked = {name: object() for name in list(inspect.signature(plot.matrix).parameters)[1:]}
    pd.DataFrame({"a": [1]}).mp_plot.matrix(**asked)
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
