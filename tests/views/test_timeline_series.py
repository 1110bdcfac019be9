"""Several named series in one timeline, and the overlay."""

from __future__ import annotations

import pandas as pd
import pytest

from huntbook import plot
from huntbook.errors import OptionError
from huntbook.figures.theme import LIGHT


@pytest.fixture(scope="module")
def alerts():
    """Give two alerts."""
    times = pd.to_datetime(["2024-01-01 01:00", "2024-01-01 03:00"], utc=True)
    return pd.DataFrame({"TimeGenerated": times, "name": ["x", "y"], "n": [1, 4]}, index=[7, 8])


@pytest.fixture(scope="module")
def logons():
    """Give three logons, with times in another column."""
    times = pd.to_datetime(["2024-01-01 00:00", "2024-01-01 02:00", "2024-01-01 09:00"], utc=True)
    return pd.DataFrame({"When": times, "user": list("abc")})


def test_each_series_has_a_lane_and_a_colour_by_its_name(alerts, logons):
    """From the top, with its total; time reaches over both."""
    view = plot.timeline({"alerts": alerts, "logons": {"data": logons, "time_column": "When"}})
    assert view.data.groupby("lane", sort=False)["rows"].sum().to_dict() == {"alerts": 2, "logons": 3}
    assert [layers.renderers[1].glyph.fill_color for layers in view._drawn.layers] == list(LIGHT.series[:2])
    figure = view._drawn.built.figure
    assert [figure.yaxis[1].major_label_overrides[lane] for lane in (0, 1)] == ["2", "3"]
    assert figure.x_range.end > logons["When"].max().timestamp() * 1_000
    assert view.summary == "5 events in 2 series, 2024-01-01 00:00:00 to 2024-01-01 09:00:00 UTC"


def test_a_series_has_its_own_options(alerts, logons):
    """Columns of the tooltip, colour, size, the column of the times; the others are the picture's."""
    view = plot.timeline(
        {
            "alerts": {"data": alerts, "source_columns": ["name"], "color": "crimson", "size": 20},
            "sized": {"data": alerts, "size": "n"},
            "logons": {"data": logons, "time_column": "When", "source_columns": ["user"]},
        },
        size=5,
        color="teal",
    )
    first, second, third = view._drawn.layers
    assert [layers.sources[1].data.get("detail0") for layers in (first, second, third)] == [
        ["x", "y"],
        None,
        list("abc"),
    ]
    assert [layers.renderers[1].glyph.size for layers in (first, second, third)] == [20, "size", 5]
    assert [layers.color(LIGHT) for layers in (first, second, third)] == ["crimson", "teal", "teal"]


def test_selection_is_by_name(alerts, logons):
    """A frame each."""
    view = plot.timeline({"alerts": alerts, "logons": {"data": logons, "time_column": "When"}})
    view._drawn.layers[1].sources[1].selected.indices = [0, 2]
    assert list(view.selected) == ["alerts", "logons"]
    assert len(view.selected["alerts"]) == 0
    pd.testing.assert_frame_equal(view.selected["logons"], logons.iloc[[0, 2]])
    assert view._gate.status == "2 of 5 events selected; view.selected holds them."


def test_the_overlay_has_a_place_of_its_own_for_its_rows(alerts, logons):
    """`selected` stays rows of the source."""
    overlay = logons.rename(columns={"When": "TimeGenerated"})
    view = plot.timeline(alerts, overlay_data=overlay)
    view._drawn.layers[0].sources[1].selected.indices = [1]
    view._drawn.layers[1].sources[1].selected.indices = [0]
    pd.testing.assert_frame_equal(view.selected, alerts.iloc[[1]])
    pd.testing.assert_frame_equal(view.selected_overlay, overlay.iloc[[0]])
    assert view._gate.status == "2 of 5 events selected; view.selected and view.selected_overlay hold them."
    assert view.summary.endswith(" UTC; 3 events in the overlay")


def test_zooming_and_all_time_are_those_of_every_series(alerts, logons):
    """From the first event to the last of any."""
    view = plot.timeline({"alerts": alerts, "logons": {"data": logons, "time_column": "When"}})
    view.zoom("2024-01-01 02:30", "2024-01-01 10:00")
    assert view.data["lane"].tolist() == ["alerts", "logons"]
    view.show_all()
    assert len(view.data) == 5


@pytest.mark.parametrize(
    ("frames", "options", "message"),
    [
        ({}, {}, "frame={}: there is no series. Give at least one: {'name': frame}."),
        (
            {"a": {"data": 1, "colour": "red"}},
            {},
            (
                "frame['a']='colour' is not known. Did you mean 'color'? "
                "It takes: 'data', 'time_column', 'source_columns', 'color', 'size'."
            ),
        ),
        ({"a": {"color": "red"}}, {}, "frame['a'] has no 'data'. Give its frame: {'data': frame, ...}."),
        (
            {"a": pd.DataFrame()},
            {"group_by": "g"},
            (
                "group_by='g': each of several series has one lane. To group, draw one frame: "
                "pandas.concat({'name': frame, ...})."
            ),
        ),
    ],
)
def test_series_that_can_not_be_drawn_are_told(frames, options, message):
    """The whole message."""
    with pytest.raises(OptionError) as caught:
        plot.timeline(frames, **options)
    assert str(caught.value) == message


def test_rows_of_no_overlay_are_told(alerts):
    """The whole message."""
    with pytest.raises(OptionError) as caught:
        _ = plot.timeline(alerts).selected_overlay
    assert str(caught.value) == "This timeline has no overlay. Draw it with overlay_data=<frame>."
