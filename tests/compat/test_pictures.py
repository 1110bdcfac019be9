"""MSTICPy's plotting functions draw what ours draw."""

from __future__ import annotations

import pytest

from huntbook import plot, samples
from huntbook.compat.pictures import (
    display_timeline,
    display_timeline_duration,
    display_timeline_values,
    plot_matrix,
)
from huntbook.errors import OptionError


@pytest.fixture(scope="module")
def flows():
    """Give simulated flows."""
    return samples.network_flows(rows=500)


def test_plot_matrix_takes_either_name_of_an_axis(flows):
    """`x_col` and `x` are the same."""
    expected = plot.matrix(flows, x="SourceIP", y="Protocol", log_size=True).data
    assert plot_matrix(flows, x_col="SourceIP", y_col="Protocol", log_size=True, hide=True).data.equals(
        expected
    )
    assert plot_matrix(flows, x="SourceIP", y="Protocol", log_size=True).data.equals(expected)


def test_plot_matrix_asks_for_both_axes(flows):
    """The sentence says which is missing."""
    with pytest.raises(OptionError) as caught:
        plot_matrix(flows, x="SourceIP")
    assert str(caught.value) == 'y=None: plot_matrix needs a column for each axis. Give y="COLUMN".'


def test_timelines_draw_what_ours_draw(flows):
    """Positions and words of MSTICPy, rows of ours."""
    ours = plot.timeline(flows, source_columns=["SourceIP"], group_by="Protocol")
    theirs = display_timeline(flows, "TimeGenerated", ["SourceIP"], group_by="Protocol")
    assert theirs.data.equals(ours.data)
    ours = plot.timeline_duration(flows, group_by="SourceIP")
    assert display_timeline_duration(flows, group_by="SourceIP").data.equals(ours.data)


def test_several_data_sets_are_a_dictionary(flows):
    """In MSTICPy's form, drawn as our series."""
    sets = {
        "first": {"data": flows.head(50), "color": "green", "size": 9},
        "second": {"data": flows.tail(50)},
    }
    assert display_timeline(sets).data.equals(plot.timeline(sets).data)
    assert set(display_timeline(sets).data["lane"]) == {"first", "second"}


def test_alert_is_another_word_for_the_reference_event(flows):
    """The line is where the alert was."""
    alert = flows.iloc[10]
    assert display_timeline(flows, alert=alert).data.equals(plot.timeline(flows, ref_event=alert).data)


@pytest.mark.parametrize("word", ["value_column", "value_col", "y"])
def test_values_take_any_name_of_their_column(flows, word):
    """The column of numbers has three names in MSTICPy."""
    ours = plot.timeline_values(flows, value_column="BytesSent", group_by="Protocol")
    theirs = display_timeline_values(flows, group_by="Protocol", **{word: "BytesSent"})
    assert theirs.data.equals(ours.data)
