"""What is drawn: data source, glyph, ranges, labels, words."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from bokeh.models import HoverTool, PlainText, Scatter
from bokeh.models.annotations import Title

from huntbook.compute.axes import Choice
from huntbook.compute.pairs import PairCounter, count_pairs
from huntbook.figures.matrix import MatrixLook, draw_matrix
from huntbook.figures.matrix_sentences import in_words
from huntbook.figures.theme import DARK, LIGHT


@pytest.fixture
def flows():
    """Give nine flows between three hosts and three ports; one port is null."""
    return pd.DataFrame(
        {
            "host": ["a", "a", "a", "a", "b", "b", "c", "c", "c"],
            "port": [443.0, 443.0, 443.0, 443.0, 443.0, 80.0, 80.0, None, None],
            "sent": [1.0, 2.0, 3.0, 4.0, -9.0, 1.0, 1.0, np.nan, 5.0],
        }
    )


def drawn(frame, look=None, **options):
    """Draw host by port."""
    return draw_matrix(count_pairs(frame, x="host", y="port", **options), look or MatrixLook())


def labels(axis):
    """Return the text of an axis' labels in order."""
    return [axis.major_label_overrides[tick] for tick in axis.ticker.ticks]


def test_each_pair_is_a_circle_at_its_place(flows):
    """Coordinates are two steps a place; data and source have the same order."""
    picture = drawn(flows)
    assert picture.data[["x", "rows"]].to_numpy().tolist() == [
        ["a", 4],
        ["c", 1],
        ["c", 2],
        ["b", 1],
        ["b", 1],
    ]
    assert picture.source.data["x"].tolist() == [0, 2, 2, 4, 4]
    assert picture.source.data["y"].tolist() == [0, 2, 4, 0, 2]
    assert labels(picture.figure.xaxis[0]) == ["a", "c", "b"]
    assert labels(picture.figure.yaxis[0]) == ["443", "80", "(null)"]


def test_the_first_category_is_at_the_top_left(flows):
    """The y range runs downwards."""
    figure = drawn(flows).figure
    assert (figure.x_range.start, figure.x_range.end) == (-1, 5)
    assert (figure.y_range.start, figure.y_range.end) == (5, -1)


def test_the_glyph_takes_diameter_and_colour_from_the_source(flows):
    """One renderer for all circles; those not selected fade."""
    picture = drawn(flows)
    (renderer,) = picture.figure.renderers
    assert isinstance(renderer.glyph, Scatter)
    assert (renderer.glyph.marker, renderer.glyph.size) == ("circle", "size")
    np.testing.assert_array_equal(picture.source.data["size"], picture.data["size"])
    assert renderer.nonselection_glyph.fill_alpha <= 0.2
    assert renderer.selection_glyph.fill_alpha == 1


def test_columns_travel_in_small_types(flows):
    """Every circle costs about a dozen bytes."""
    columns = drawn(flows).source.data
    assert sum(column.dtype.itemsize for column in columns.values()) <= 13


def test_the_title_says_what_is_shown(flows):
    """A sentence with exact totals."""
    assert drawn(flows).figure.title.text == "9 rows by host (3) and port (3)"


def test_the_title_says_what_is_not_shown(flows):
    """The margin's share of the rows is said."""
    assert drawn(flows, max_categories=1).sentence == (
        "9 rows by host (1 of 3) and port (1 of 3); the rest, 56 % of the rows, is in the grey margin"
    )


def test_sums_say_their_column_their_gaps_and_their_sign(flows):
    """Rows without a number and sums below zero are told."""
    picture = drawn(flows, sum_of="sent")
    assert picture.sentence == (
        "Sum of sent in 9 rows by host (3) and port (3); 1 rows hold no finite number and add nothing; "
        "hollow circles are sums below zero"
    )
    below = picture.data["value"] < 0
    assert (picture.source.data["kind"][below] == 2).all()
    assert picture.fill.palette[2] == "rgba(0, 0, 0, 0)"


def test_a_title_of_the_users_stands_above_the_sentence(flows):
    """Both are drawn."""
    figure = drawn(flows, MatrixLook(title="Flows $$x$$")).figure
    assert isinstance(figure.title.text, PlainText)
    (below,) = [item for item in figure.above if isinstance(item, Title)]
    assert below.text == "9 rows by host (3) and port (3)"


def test_the_margin_is_grey_labelled_and_set_off(flows):
    """Its place is half a step further, its colour the theme's rest."""
    picture = drawn(flows, max_categories=2)
    assert labels(picture.figure.xaxis[0]) == ["a", "c", "1 more"]
    margin = picture.data["x"] == "1 more"
    assert set(picture.source.data["x"][margin]) == {5}
    assert set(picture.source.data["kind"][margin]) == {1}
    assert picture.fill.palette[1] == LIGHT.rest


def test_the_tooltip_has_true_numbers_and_the_rank(flows):
    """Rows and value as counted, rank from the rarest, none in the margin."""
    source = drawn(flows, sum_of="sent").source.data
    assert source["rows"].tolist() == [4, 1, 1, 2, 1]
    assert source["value"].tolist() == [10, -9, 1, 5, 1]
    assert source["rank"].tolist() == [5, 1, 2, 4, 2]
    assert drawn(flows, max_categories=2).source.data["rank"].tolist() == [2, 1, 0, 0, 0]


def test_hostile_names_and_cells_stay_text():
    """Column names become entities; cells travel as arguments, never in a template or in code."""
    frame = pd.DataFrame({"host": ["<script>alert(1)</script>", "$$x$$"], "port": ["@rows{safe}", "b"]})
    picture = draw_matrix(
        count_pairs(frame.rename(columns={"host": "<b>@h {x}"}), x="<b>@h {x}", y="port"), MatrixLook()
    )
    hover = picture.figure.select_one(HoverTool)
    assert "&#60;b&#62;&#64;h&#32;&#123;x&#125;" in hover.tooltips
    assert "script" not in hover.tooltips
    assert hover.formatters["@x"].args["names"] == ["<script>alert(1)</script>", "$$x$$"]
    assert labels(picture.figure.xaxis[0])[0] == "<script>alert(1)</script>"
    assert isinstance(labels(picture.figure.xaxis[0])[1], PlainText)


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_restyle_gives_every_part_the_theme(flows, theme):
    """Ground, words, lines and circles."""
    picture = drawn(flows, MatrixLook(title="t"))
    picture.restyle(theme)
    figure = picture.figure
    assert figure.background_fill_color == figure.border_fill_color == theme.ground
    assert figure.xaxis[0].major_label_text_color == figure.title.text_color == theme.text
    assert figure.xgrid[0].grid_line_color == theme.line
    assert picture.fill.palette == [theme.accent, theme.rest, "rgba(0, 0, 0, 0)"]
    assert theme.ground in picture.hover.tooltips


def test_a_colour_of_the_users_stays_in_every_theme(flows):
    """color= wins over the theme's accent."""
    picture = drawn(flows, MatrixLook(color="crimson"))
    picture.restyle(DARK)
    assert picture.fill.palette[0] == picture.line.palette[0] == "crimson"


@pytest.mark.parametrize(
    ("look", "sizes"),
    [
        (MatrixLook(intersect=True), 1),
        (MatrixLook(invert=True), 3),
        (MatrixLook(log_size=True), 3),
        (MatrixLook(), 3),
    ],
)
def test_size_options_reach_the_circles(flows, look, sizes):
    """Three different counts have three diameters, unless all are alike."""
    picture = drawn(flows, look)
    assert picture.data["size"].nunique() == sizes
    commonest = picture.data["size"].iloc[0]
    assert commonest == (picture.data["size"].min() if look.invert else picture.data["size"].max())


def test_the_largest_matrix_stays_below_300_kilobytes():
    """A million rows of 1,000 by 1,000 categories: 100 by 100 circles and the margins."""
    from bokeh.core.json_encoder import serialize_json  # noqa: PLC0415 - only here
    from bokeh.embed import json_item  # noqa: PLC0415 - only here

    random = np.random.default_rng(3)
    frame = pd.DataFrame(
        {
            "host": random.integers(0, 1000, 10**6).astype(str),
            "port": random.integers(0, 1000, 10**6).astype(str),
        }
    )
    picture = drawn(frame)
    assert len(picture.data) > 6_000
    assert len(serialize_json(json_item(picture.figure))) < 300_000


def flagged(frame, mask, look=None):
    """Draw host by port with flagged rows."""
    counter = PairCounter(frame, x="host", y="port", flagged=np.array(mask))
    return draw_matrix(counter.count(Choice(), Choice()), look or MatrixLook())


def test_flagged_rows_are_the_red_part_of_their_circle(flows):
    """On a layer of their own above all circles; never too small to see."""
    picture = flagged(flows, flows["port"].isna())
    circles, red = picture.figure.renderers
    assert (red.data_source, red.glyph.size) == (circles.data_source, "flag_size")
    assert red.glyph.fill_color == LIGHT.warning
    (at,) = red.view.filter.indices
    assert picture.data.loc[at, ["x", "rows", "flagged"]].tolist() == ["c", 2, 2]
    assert picture.source.data["flag_size"][at] == picture.source.data["size"][at]
    picture.restyle(DARK)
    assert red.glyph.fill_color == DARK.warning


def test_the_red_part_is_their_part_of_the_area(flows):
    """One of four rows is a quarter of the disc: half of its diameter."""
    picture = flagged(flows, [True] + [False] * 8)
    sizes = picture.source.data
    assert sizes["flag_size"][0] == pytest.approx(sizes["size"][0] / 2)
    assert "1 flagged row is the red in 1 circle" in picture.sentence


def test_no_flagged_row_is_said(flows):
    """Nothing red, and the words for it."""
    picture = flagged(flows, [False] * 9)
    assert picture.figure.renderers[1].view.filter.indices == []
    assert picture.sentence.endswith("no row is flagged")


def test_tooltips_and_clicks_hear_the_circles_alone(flows):
    """Not a second time the red on them."""
    picture = flagged(flows, flows["port"].isna())
    assert [
        tool.renderers
        for tool in picture.figure.tools
        if hasattr(tool, "renderers") and tool.renderers != "auto"
    ] == [[picture.figure.renderers[0]]] * 2
    assert ("flagged", "@flagged{custom}") in picture.hover_lines


def test_the_words_name_the_largest_the_rarest_and_the_flagged(flows):
    """For who does not see the picture."""
    counter = PairCounter(flows, x="host", y="port", flagged=flows["port"].isna().to_numpy())
    assert in_words(counter.count(Choice(), Choice())) == (
        "9 rows by host (3) and port (3); 2 flagged rows are the red in 1 circle. "
        "The largest: a with 443, 4; c with (null), 2; c with 80, 1. "
        "3 pairs with one row, such as c with 80, 1; b with 443, 1; b with 80, 1. Flagged: c with (null), 2."
    )


def test_the_title_says_the_page():
    """And how many there are."""
    frame = pd.DataFrame({"host": list("aabbc"), "port": 1})
    pairs = PairCounter(frame, x="host", y="port").count(Choice(size=1, page=1), Choice())
    assert draw_matrix(pairs, MatrixLook()).sentence.startswith(
        "5 rows by host (1 of 3, page 2 of 3) and port (1)"
    )
