"""What is drawn of events over time."""

from __future__ import annotations

import pandas as pd
import pytest
from bokeh.models import HBar, HoverTool, HStrip, RangeTool, Scatter, VSpan
from bokeh.models.annotations import LabelSet, Title

from huntbook import plot
from huntbook.figures.theme import DARK, LIGHT


@pytest.fixture(scope="module")
def few():
    """Give four events of two kinds, one with hostile text."""
    return pd.DataFrame(
        {
            "TimeGenerated": pd.to_datetime(
                ["2024-01-01 00:00", "2024-01-01 01:00", "2024-01-01 02:00", "2024-01-01 03:00"], utc=True
            ),
            "end": pd.to_datetime(
                ["2024-01-01 00:30", "2024-01-01 01:00", "2024-01-01 09:00", "2024-01-01 03:00"], utc=True
            ),
            "kind": ["a", "b", "a", "a"],
            "text": ["<script>alert(1)</script>", "@time", "$$x$$", None],
            "n": [1, 4, 9, 16],
        }
    )


def lanes_of(view):
    """Return the figure with the lanes."""
    return view._drawn.built.figure


def layers(view):
    """Return the columns of the three layers."""
    return [source.data for source in view._drawn.layers[0].sources]


def names(axis):
    """Return an axis' labels in order."""
    return [axis.major_label_overrides[tick] for tick in axis.ticker.ticks]


def test_few_events_are_marks_at_their_time_in_their_lane(few):
    """Milliseconds of UTC across, lane numbers down; names left, totals right."""
    view = plot.timeline(few, group_by="kind")
    cells, singles, marked = layers(view)
    assert singles["time"].tolist() == [1_704_067_200_000.0 + 3_600_000 * hour for hour in range(4)]
    assert singles["lane"].tolist() == [0, 1, 0, 0]
    assert (len(cells["rows"]), len(marked["time"])) == (0, 0)
    figure = lanes_of(view)
    assert names(figure.yaxis[0]) == ["a", "b"]
    assert names(figure.yaxis[1]) == ["3", "1"]


def test_the_number_of_renderers_does_not_grow_with_the_groups(few, many):
    """Bands, the image of the counts, their bars and single events; triangles where there are any."""
    for frame in (few, many):
        assert len(lanes_of(plot.timeline(frame, group_by="kind")).renderers) == 4
        assert len(lanes_of(plot.timeline(frame, group_by="kind", flag="kind == kind")).renderers) == 5


def test_flagged_events_are_triangles_in_the_warning_colour(few):
    """On a layer of their own, not drawn twice."""
    view = plot.timeline(few, group_by="kind", flag="n > 8")
    _, singles, marked = layers(view)
    assert (len(singles["time"]), len(marked["time"])) == (2, 2)
    glyph = view._drawn.layers[0].renderers[2].glyph
    assert isinstance(glyph, Scatter)
    assert (glyph.marker, glyph.fill_color) == ("inverted_triangle", LIGHT.warning)


def test_spans_are_bars_from_start_to_end(few):
    """The axis reaches to the last end."""
    view = plot.timeline(few, group_by="kind", end_time_column="end")
    singles = layers(view)[1]
    assert ((singles["end"] - singles["time"]) / 60_000).tolist() == [30, 0, 420, 0]
    assert isinstance(view._drawn.layers[0].renderers[1].glyph, HBar)
    assert lanes_of(view).x_range.end > singles["end"].max()


def test_durations_have_a_pale_bar_from_first_to_last(few):
    """One renderer for all groups, in order of the first start."""
    view = plot.timeline_duration(few, group_by="kind", end_time_column="end")
    bars = view._drawn.layers[0].bars.data_source.data
    assert names(lanes_of(view).yaxis[0]) == ["a", "b"]
    assert ((bars["right"] - bars["left"]) / 3_600_000).tolist() == [9, 0]


def test_tooltips_show_the_columns_asked_for_as_text(few):
    """Hostile cells and names are text; null says so."""
    hostile = few.rename(columns={"text": "<b>{x}"})
    view = plot.timeline(hostile, source_columns=["<b>{x}"], flag="n > 9")
    texts = [text for layer in layers(view)[1:] for text in layer["detail0"]]
    assert texts == ["<script>alert(1)</script>", "@time", "$$x$$", "(null)"]
    tooltips = [hover.tooltips for hover in lanes_of(view).select({"type": HoverTool})]
    assert len(tooltips) == 3
    assert not any("<b>" in template or "script" in template for template in tooltips)
    assert sum("&#60;b&#62;&#123;x&#125;" in template for template in tooltips) == 2


def test_size_is_a_number_of_pixels_or_a_column(few):
    """Areas stand for the column's values."""
    assert plot.timeline(few, size=12)._drawn.layers[0].renderers[1].glyph.size == 12
    view = plot.timeline(few, size="n")
    assert view._drawn.layers[0].renderers[1].glyph.size == "size"
    assert layers(view)[1]["size"].tolist() == [4.5, 9, 13.5, 18]


def test_references_are_lines_with_labels(few):
    """At their times, above the lanes."""
    view = plot.timeline(
        few, ref_time="2024-01-01 01:30", ref_label="now", ref_times=[("2024-01-01 02:30", "then")]
    )
    figure = lanes_of(view)
    (line,) = [renderer for renderer in figure.renderers if isinstance(renderer.glyph, VSpan)]
    assert line.data_source.data["label"] == ["now", "then"]
    assert line.data_source.data["time"] == [1_704_072_600_000.0, 1_704_076_200_000.0]
    assert figure.y_range.end < -0.5


def test_the_overlay_has_a_lane_and_a_colour_of_its_own(few):
    """Below the others, with its own tooltip."""
    view = plot.timeline(
        few, group_by="kind", overlay_data=few.head(2), overlay_columns=["n"], overlay_color="darkorange"
    )
    overlay = view._drawn.layers[1]
    assert names(lanes_of(view).yaxis[0]) == ["a", "b", "overlay"]
    assert overlay.sources[1].data["lane"].tolist() == [2, 2]
    assert overlay.sources[1].data["detail0"] == ["1", "4"]
    assert overlay.renderers[1].glyph.fill_color == "darkorange"


@pytest.mark.parametrize(
    ("options", "left", "right", "inline"),
    [
        ({}, True, 1, 0),
        ({"legend": "right"}, False, 2, 0),
        ({"legend": "inline"}, False, 1, 1),
        ({"legend": "none"}, False, 1, 0),
        ({"yaxis": False}, False, 1, 0),
    ],
)
def test_legend(few, options, left, right, inline):
    """Names stand where the word says."""
    figure = lanes_of(plot.timeline(few, group_by="kind", **options))
    assert figure.left[0].visible is left
    assert len(figure.right) == right
    assert len([item for item in figure.center if isinstance(item, LabelSet)]) == inline


def test_the_range_bar_is_bound_to_the_lanes(few):
    """Brushing it moves them; it can be left out."""
    view = plot.timeline(few)
    assert view.figure.select_one({"type": RangeTool}).x_range is lanes_of(view).x_range
    assert plot.timeline(few, range_tool=False).figure.select_one({"type": RangeTool}) is None


def test_grid_size_and_title_are_as_asked(few):
    """Each option reaches the figure."""
    figure = lanes_of(plot.timeline(few, xgrid=False, ygrid=True, width=700, height=300, title="Mine"))
    assert (figure.xgrid[0].visible, figure.ygrid[0].visible) == (False, True)
    assert (figure.width, figure.height) == (700, 300)
    assert figure.title.text == "Mine"
    assert any(isinstance(item, Title) and item.text.startswith("4 events, ") for item in figure.above)


def test_the_sentence_has_exact_totals_and_says_what_is_not_shown(many):
    """Groups, times, flags, and rows without a time."""
    frame = pd.concat([many, pd.DataFrame({"TimeGenerated": [pd.NaT], "kind": [1]})], ignore_index=True)
    view = plot.timeline(frame, group_by="kind", max_groups=10, flag="kind == 3")
    share = 1 - many["kind"].value_counts().head(10).sum() / len(many)
    flagged = int((many["kind"] == 3).sum())
    assert view.summary == (
        f"20,000 events by kind (10 of 30), {many['TimeGenerated'].min():%Y-%m-%d %H:%M:%S} to "
        f"{many['TimeGenerated'].max():%Y-%m-%d %H:%M:%S} UTC; the other 20 groups, {share * 100:.0f} % of the "
        f"events, share the last lane; {flagged:,} flagged; 1 rows have no time and are not drawn"
    )


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_restyle_gives_every_part_the_theme(few, theme):
    """Bands, marks, words and the overview."""
    view = plot.timeline(few, group_by="kind", ref_time="2024-01-01 01:30")
    view._drawn.restyle(theme)
    figure = lanes_of(view)
    (bands,) = [renderer.glyph for renderer in figure.renderers if isinstance(renderer.glyph, HStrip)]
    assert bands.fill_color == theme.band
    assert view._drawn.layers[0].renderers[1].glyph.fill_color == theme.accent
    assert view._drawn.below.figure.background_fill_color == figure.background_fill_color == theme.ground


@pytest.mark.parametrize("rows", [1, 2])
def test_one_event_and_equal_times_are_drawn(rows):
    """A range of no length is widened."""
    frame = pd.DataFrame({"TimeGenerated": [pd.Timestamp("2024-01-01")] * rows})
    figure = lanes_of(plot.timeline(frame))
    assert figure.x_range.end - figure.x_range.start == 1_000


def test_the_bar_below_has_no_bar_for_nothing(few):
    """Where no event is, not even a line of no height is drawn."""
    view = plot.timeline(few)
    bars = view._drawn.below.figure.renderers[0].data_source.data
    assert (bars["high"] > bars["low"]).all()
