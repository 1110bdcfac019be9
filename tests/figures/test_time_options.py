"""The options that the three pictures over time share: what each draws."""

from __future__ import annotations

import pandas as pd
import pytest
from bokeh.models import RangeTool, Scatter, VSpan
from bokeh.models.annotations import Title

from huntbook import plot
from huntbook.figures.theme import LIGHT

FRAME = pd.DataFrame(
    {
        "TimeGenerated": pd.to_datetime([f"2024-01-0{day}" for day in (3, 1, 2, 5, 4, 6)], utc=True),
        "Other": pd.to_datetime([f"2023-01-0{day}" for day in (3, 1, 2, 5, 4, 6)], utc=True),
        "g": ["b", "a", "b", "b", "a", "c"],
        "n": [3.0, 1.0, 2.0, 5.0, 4.0, 6.0],
        "text": list("uvwxyz"),
    }
)
PICTURES = {
    "timeline": {},
    "timeline_values": {"value_column": "n", "kind": "circle"},
    "timeline_duration": {},
}


@pytest.fixture(params=PICTURES)
def draw(request):
    """Give what draws one of the three pictures, with options."""

    def drawn(*, frame=FRAME, **options):
        options = {"group_by": "g"} | PICTURES[request.param] | options
        return getattr(plot, request.param)(frame, **options)

    return drawn


def figure_of(view):
    """Return the figure above the bar."""
    return view._drawn.built.figure


def points(view):
    """Return the columns of the single marks."""
    return (
        view._drawn.points.data if hasattr(view._drawn, "points") else view._drawn.layers[0].sources[1].data
    )


def groups(view):
    """Return the names of the groups in their order."""
    return view.lanes["group"].tolist()


def test_the_times_are_those_of_the_column(draw):
    """Another column moves every mark."""
    assert sorted(points(draw(time_column="Other"))["time"]) == [
        stamp.timestamp() * 1_000 for stamp in sorted(FRAME["Other"])
    ]


def test_the_tooltip_shows_the_columns_asked_for(draw):
    """In the order of the marks, which is that of the frame."""
    assert points(draw(source_columns=["text"]))["detail0"] == list("uvwxyz")


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        (None, ["b", "a", "c"]),
        ("rarity", ["c", "a", "b"]),
        ("asc", ["a", "b", "c"]),
        (True, ["a", "b", "c"]),
        ("desc", ["c", "b", "a"]),
        ("first", ["a", "b", "c"]),
        (False, ["a", "b", "c"]),
        ("last", ["c", "b", "a"]),
    ],
)
def test_sort_orders_the_groups(draw, sort, expected):
    """Each word is its order."""
    assert groups(draw(sort=sort)) == expected


def test_the_groups_beyond_the_most_are_one(draw):
    """With their number as its name."""
    assert groups(draw(max_groups=1, sort=None)) == ["b", "2 more"]


def test_a_group_can_be_a_combination(draw):
    """Of several columns."""
    assert "b, u" in groups(draw(group_by=["g", "text"]))


def test_flags_are_triangles_on_a_layer_of_their_own(draw):
    """In the warning colour."""
    view = draw(flag="n >= 5")
    glyphs = [renderer.glyph for renderer in figure_of(view).renderers]
    (triangle,) = [
        glyph for glyph in glyphs if isinstance(glyph, Scatter) and glyph.marker == "inverted_triangle"
    ]
    assert triangle.fill_color == LIGHT.warning
    assert "2 flagged" in view.summary


def test_color_is_the_marks(draw):
    """A colour of the user's outlives the theme."""
    view = draw(color="crimson")
    view.theme = "dark"
    if hasattr(view._drawn, "colours"):
        assert set(view._drawn.colours.palette) == {"crimson"}
    else:
        assert view._drawn.layers[0].renderers[1].glyph.fill_color == "crimson"


def test_the_title_is_above_the_sentence(draw):
    """Both are drawn."""
    figure = figure_of(draw(title="Mine"))
    assert figure.title.text == "Mine"
    assert any(isinstance(item, Title) and item.text.startswith("6 ") for item in figure.above)


@pytest.mark.parametrize("on", [True, False])
def test_grids_axis_and_bar_are_as_asked(draw, on):
    """Each of them alone."""
    assert figure_of(draw(xgrid=on)).xgrid[0].visible is on
    assert figure_of(draw(ygrid=on)).ygrid[0].visible is on
    assert figure_of(draw(yaxis=on)).yaxis[0].visible is on
    assert (draw(range_tool=on).figure.select_one({"type": RangeTool}) is not None) is on


def test_height_and_width_are_as_asked(draw):
    """In pixels, the bar as wide as the picture."""
    view = draw(height=300, width=700)
    assert (figure_of(view).height, figure_of(view).width) == (300, 700)
    assert view._drawn.below.figure.width == 700


def test_every_kind_of_reference_is_a_line_with_its_label(draw):
    """A time, a row, pairs, and a frame."""
    view = draw(
        ref_time="2024-01-02",
        ref_event={"At": pd.Timestamp("2024-01-03")},
        ref_label="here",
        ref_times=[("2024-01-04", "there"), "2024-01-05"],
        ref_events=pd.DataFrame({"At": [pd.Timestamp("2024-01-06")], "what": ["end"]}),
        ref_col="what",
        ref_time_col="At",
    )
    (line,) = [each for each in figure_of(view).renderers if isinstance(each.glyph, VSpan)]
    assert line.data_source.data["label"] == ["here", "here", "there", "", "end"]
    days = [pd.Timestamp(f"2024-01-0{day}").timestamp() * 1_000 for day in (3, 2, 4, 5, 6)]
    assert line.data_source.data["time"] == days


def test_bursts_and_gaps_are_lines_above_the_bar(draw):
    """With their words in the tooltip and in the summary."""
    view = draw(frame=pd.concat([FRAME, *[FRAME.tail(1)] * 300], ignore_index=True))
    _, bursts, gaps = (each.data_source.data for each in view._drawn.below.figure.renderers)
    assert [words.split(" ", 2)[:2] for words in bursts["what"]] == [["burst:", "301"]]
    assert gaps["what"] == ["gap: no event"] * 3
    assert "1 burst: 301 " in view.summary
