"""What is drawn of numbers over time."""

from __future__ import annotations

import pandas as pd
import pytest
from bokeh.models import MultiLine, RangeTool, Scatter, Segment, VSpan
from bokeh.models.annotations import Legend

from huntbook import plot
from huntbook.errors import OptionError
from huntbook.figures.theme import DARK, LIGHT


@pytest.fixture(scope="module")
def frame():
    """Give five numbers of two groups, not in order of time."""
    return pd.DataFrame(
        {
            "TimeGenerated": pd.to_datetime([f"2024-01-0{day}" for day in (3, 1, 2, 5, 4)], utc=True),
            "n": [3.0, 1.0, -2.0, 5.0, 4.0],
            "g": list("abaab"),
            "text": ["<b>", "@n", "x", "y", "z"],
        }
    )


def glyphs(view):
    """Return the glyphs of all renderers."""
    return [renderer.glyph for renderer in view._drawn.built.figure.renderers]


@pytest.mark.parametrize(
    ("kind", "kinds"),
    [
        ("vbar", {Segment}),
        ("line", {MultiLine, Scatter}),
        ("circle", {Scatter}),
        ("scatter", {Scatter}),
        (["vbar", "line", "circle"], {Segment, MultiLine, Scatter}),
    ],
)
def test_kind(frame, kind, kinds):
    """Each word draws its marks; several draw all; the flags' layer is always there."""
    view = plot.timeline_values(frame, value_column="n", kind=kind)
    assert {type(glyph) for glyph in glyphs(view)} == kinds | {Scatter}


def test_points_are_at_their_time_and_number(frame):
    """In frame order, so that selection finds its rows."""
    data = plot.timeline_values(frame, y="n", source_columns=["text"])._drawn.points.data
    assert data["value"].tolist() == [3, 1, -2, 5, 4]
    assert data["time"].tolist() == [stamp.timestamp() * 1_000 for stamp in frame["TimeGenerated"]]
    assert data["detail0"] == ["<b>", "@n", "x", "y", "z"]


def test_lines_are_in_order_of_time_one_a_group(frame):
    """One renderer for all, the first group on top."""
    view = plot.timeline_values(frame, value_column="n", kind="line", group_by="g")
    assert [line.tolist() for line in view._drawn.lines.data["ys"]] == [[1, 4], [-2, 3, 5]]
    assert view._drawn.lines.data["lane"].tolist() == [1, 0]


def test_bars_stand_on_zero(frame):
    """The axis holds zero for them; without them it is close to the data."""
    bars = plot.timeline_values(frame.query("n > 0"), value_column="n", kind="vbar")._drawn.built.figure
    points = plot.timeline_values(frame.query("n > 0"), value_column="n", kind="circle")._drawn.built.figure
    assert bars.y_range.start == 0
    assert points.y_range.start > 0


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_each_group_has_a_colour_and_the_rest_is_grey(frame, theme):
    """From the theme's series; a colour of the user's is for all."""
    several = plot.timeline_values(frame, value_column="n", group_by="text", max_groups=3)
    several._drawn.restyle(theme)
    assert several._drawn.colours.palette == [*theme.series[:3], theme.rest]
    one = plot.timeline_values(frame, value_column="n", group_by="g", color="crimson")
    one._drawn.restyle(theme)
    assert one._drawn.colours.palette == ["crimson", "crimson"]


@pytest.mark.parametrize(("legend", "place"), [("left", "left"), ("right", "right"), ("inline", "center")])
def test_legend(frame, legend, place):
    """It names every group, where the word says."""
    figure = plot.timeline_values(frame, value_column="n", group_by="g", legend=legend)._drawn.built.figure
    (found,) = [item for item in getattr(figure, place) if isinstance(item, Legend)]
    assert [item.label.value for item in found.items] == ["a", "b"]


def test_no_legend_without_groups_or_when_not_wanted(frame):
    """There is nothing to tell apart."""
    assert plot.timeline_values(frame, value_column="n")._drawn.legend is None
    assert plot.timeline_values(frame, value_column="n", group_by="g", legend="none")._drawn.legend is None


def test_flags_references_and_the_range_bar(frame):
    """Triangles at their numbers, lines at their times, a window on all time."""
    view = plot.timeline_values(
        frame, value_column="n", flag="n == 5", ref_time="2024-01-02", ref_label="here"
    )
    assert view._drawn.marked.data["value"].tolist() == [5]
    assert VSpan in {type(glyph) for glyph in glyphs(view)}
    figure = view._drawn.built.figure
    assert view.figure.select_one({"type": RangeTool}).x_range is figure.x_range


def test_selection_and_zoom_give_rows(frame):
    """As in every picture."""
    view = plot.timeline_values(frame, value_column="n")
    view._sources[0].selected.indices = [1, 3]
    pd.testing.assert_frame_equal(view.selected, frame.iloc[[1, 3]])
    assert view._gate.status == "2 of 5 values selected; view.selected holds them."
    view.zoom("2024-01-01", "2024-01-02")
    assert view.data["value"].tolist() == [1, -2]
    assert view._gate.status.startswith("In view: 2 of 5 values, each drawn. ")


def test_the_sentence(frame):
    """With exact totals."""
    assert plot.timeline_values(frame, value_column="n", group_by="g").summary == (
        "5 values of n by g (2), 2024-01-01 00:00:00 to 2024-01-05 00:00:00 UTC"
    )


def test_the_sentence_says_when_not_every_value_is_drawn(frame):
    """A saved file has no status line to say it."""
    many = pd.concat([frame] * 1_001, ignore_index=True)
    view = plot.timeline_values(many, value_column="n")
    assert view._drawn.built.figure.title.text.replace("\n", " ").endswith(
        " UTC; of each moment the lowest and the highest are drawn"
    )


def test_the_bar_below_shows_the_numbers(frame):
    """From zero to the lowest and the highest of each moment, not how many there are."""
    many = pd.concat([frame, frame.assign(n=frame["n"] * 10)], ignore_index=True)
    bars = plot.timeline_values(many, value_column="n")._drawn.below.figure.renderers[0].data_source.data
    found = sorted(zip(bars["low"].tolist(), bars["high"].tolist(), strict=True))
    assert found == [(-20, 0), (0, 10), (0, 30), (0, 40), (0, 50)]


def test_other_groups_have_their_names_and_colours(frame):
    """After a search: legend, palette and points follow."""
    view = plot.timeline_values(frame, value_column="n", group_by="text", max_groups=2)
    assert view.search("y") == 1
    assert [item.label.value for item in view._drawn.legend.items] == ["y", "4 more"]
    assert view._drawn.colours.palette == [LIGHT.series[0], LIGHT.rest]
    assert view.data.loc[view.data["group"] == "y", "value"].tolist() == [5]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({}, "value_column is missing. Name the numeric column to draw: value_column='<column>'."),
        (
            {"value_column": "n", "y": "g"},
            "value_column='n' and y='g' are two names for one option. Leave one of them out.",
        ),
        (
            {"y": "n", "kind": "circles"},
            (
                "kind='circles' is not known. Did you mean 'circle'? "
                "It takes: 'vbar', 'circle', 'line', 'scatter'."
            ),
        ),
        (
            {"y": "n", "legend": "top"},
            "legend='top' is not known. It takes: 'left', 'right', 'inline', 'none'.",
        ),
    ],
)
def test_bad_options_are_told_with_the_fix(frame, options, message):
    """The whole message."""
    with pytest.raises(OptionError) as caught:
        plot.timeline_values(frame, **options)
    assert str(caught.value) == message


def test_a_recorded_series(shared_data):
    """840 hours of bytes, all drawn."""
    frame = pd.read_parquet(shared_data / "bytes_time_series.parquet")
    view = plot.timeline_values(frame, y="TotalBytesSent", kind=["line", "scatter"])
    assert view.data["value"].tolist() == frame["TotalBytesSent"].tolist()


@pytest.mark.parametrize("groups", range(2, 10))
def test_each_group_has_the_colour_of_its_place(groups):
    """The browser finds a colour by division; none of the groups lands in the place of another by rounding."""
    frame = pd.DataFrame(
        {
            "TimeGenerated": pd.date_range("2024-01-01", periods=90, freq="min"),
            "n": range(90),
            "g": [f"g{at % groups}" for at in range(90)],
        }
    )
    colours = plot.timeline_values(frame, value_column="n", group_by="g")._drawn.colours
    palette, part = len(colours.palette), 1 / (colours.high - colours.low)
    places = [int((lane - colours.low) * part / (1 / palette)) for lane in range(palette)]
    assert places == list(range(palette))
