"""Columns as colours."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from huntbook.compute.processes import build_process_tree
from huntbook.compute.processes.coloring import MOST_KINDS, color_by
from huntbook.errors import ColumnNotFoundError
from huntbook.simulated.processes import processes


@pytest.fixture(scope="module")
def forest():
    """Give a forest with a column of every kind."""
    frame = processes(hosts=3, hours=1.0, seed=8)
    frame["score"] = np.arange(len(frame)) / 7
    frame["seen"] = frame["TimeGenerated"]
    frame["many"] = [f"word {n % 3000}" for n in range(len(frame))]
    frame["empty"] = None
    return build_process_tree(frame)


def test_text_with_thousands_of_values_gives_the_commonest_and_the_rest(forest):
    """Seven kinds with exact counts, and how many others."""
    coloring = color_by(forest, "CommandLine")
    counts = forest.column("CommandLine").value_counts()
    assert coloring.counts == tuple(counts.head(MOST_KINDS))
    assert coloring.rest == (len(counts) - MOST_KINDS, int(counts.iloc[MOST_KINDS:].sum()))
    for kind, name in enumerate(coloring.kinds):
        assert set(forest.text("cmd_line", coloring.nodes(kind))) == {name}


@pytest.mark.parametrize("column", ["score", "seen", "TrueProcess"])
def test_numbers_and_times_are_a_scale(forest, column):
    """From 0 to 1, and no place where there is no value."""
    coloring = color_by(forest, column)
    assert coloring.is_scale
    assert (np.nanmin(coloring.place), np.nanmax(coloring.place)) == (0.0, 1.0)
    assert np.isnan(coloring.place[forest.inferred]).all()


def test_truth_values_are_two_kinds(forest):
    """True and False, each with its count."""
    coloring = color_by(forest, "Attack")
    assert dict(zip(coloring.kinds, coloring.counts, strict=True))["True"] == 11
    assert (coloring.code[forest.inferred] == -1).all()


def test_a_column_of_nothing_colours_nothing(forest):
    """No kinds, and every code says so."""
    coloring = color_by(forest, "empty")
    assert coloring.kinds == ()
    assert set(coloring.code) == {-1}


def test_a_column_that_is_not_there_is_named(forest):
    """With the nearest that is."""
    with pytest.raises(ColumnNotFoundError, match="Did you mean 'score'"):
        color_by(forest, "scores")


def test_equal_numbers_have_one_place(make, named):
    """No division by nothing."""
    frame = make(("a", 1, 0, 0, "x", None), ("a", 2, 1, 1, "y", "x"))
    frame["n"] = pd.Series([5, 5])
    assert color_by(build_process_tree(frame, named), "n").place.tolist() == [0.0, 0.0]
