"""Labels that can be read, whatever their number and length."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest

from huntbook.figures.layout import SMALLEST_FONT, lay_out
from huntbook.figures.text import widest

OPTIONS = {"width": None, "height": None, "font_size": None, "max_font_size": 12}
ADDRESSES = [f"203.0.113.{place}" for place in range(200)]


def height_of_a_line(places):
    """Return the pixels that a label needs across its text."""
    return places.font_size * 1.15


@pytest.mark.parametrize("count", [1, 2, 3, 7, 20, 50, 100, 200])
@pytest.mark.parametrize("size", [None, 300, 600, 2000])
@pytest.mark.parametrize("length", [1, 12, 400])
def test_labels_never_overlap_and_can_be_read(count, size, length):
    """Neighbouring labels don't touch, at any size, and no font is below 8 pixels."""
    labels = ["x" * length] * count
    drawn = lay_out(labels, labels, **(OPTIONS | {"width": size, "height": size}))
    for places in (drawn.x, drawn.y):
        assert SMALLEST_FONT <= places.font_size <= 12
        room = places.pitch * min([b - a for a, b in pairwise(places.label_ticks)], default=1000) / 2
        across = room * math.sin(places.angle) if places.angle else room
        if places is drawn.y or places.angle:
            assert across >= height_of_a_line(places) - 1e-6
        elif count > 1:
            assert widest(places.label_texts, places.font_size) < room


def test_a_few_short_labels_are_level():
    """Level text reads best."""
    assert lay_out(["https", "ssh"], ["a"], **OPTIONS).x.angle == 0


def test_many_labels_are_turned():
    """A hundred addresses don't fit side by side."""
    assert lay_out(ADDRESSES[:100], ["a"], **OPTIONS).x.angle == math.pi / 2
    assert 0 < lay_out(ADDRESSES[:20], ["a"], **OPTIONS).x.angle < math.pi / 2


def test_long_labels_are_cut():
    """At most 32 characters, with an ellipsis."""
    (label,) = lay_out(["a"], ["y" * 100], **OPTIONS).y.label_texts
    assert len(label) == 32
    assert "…" in label


def test_the_margin_is_set_off_by_half_a_place():
    """Places are 2 apart; the margin is 3 from the last."""
    drawn = lay_out(["a", "b", "9 more"], ["c"], has_margin=(True, False), **OPTIONS)
    assert drawn.x.ticks == [0, 2, 5]
    assert drawn.x.span == (-1, 6)


def test_a_chosen_size_is_the_whole_picture():
    """width= and height= are what Bokeh is told."""
    assert lay_out(["a"], ["b"], **(OPTIONS | {"width": 640, "height": 480})).size == {
        "width": 640,
        "height": 480,
    }


def test_font_sizes_are_as_asked():
    """font_size fixes it; max_font_size bounds it."""
    assert lay_out(["a"], ["b"], **(OPTIONS | {"font_size": 17})).y.font_size == 17
    assert lay_out(["a"], ["b"], **(OPTIONS | {"max_font_size": 9})).y.font_size == 9


def test_largest_circle_does_not_touch_its_neighbour():
    """The diameter stays below the pitch of either side."""
    drawn = lay_out(ADDRESSES[:100], ADDRESSES[:3], **OPTIONS)
    assert drawn.largest_circle < min(drawn.x.pitch, drawn.y.pitch)


@pytest.mark.parametrize("cell", [584, 900, 1_300])
def test_a_hundred_places_fit_into_a_narrow_cell(cell):
    """Borders, places and the toolbar beside them are no wider than the cell; the margin keeps its label."""
    drawn = lay_out(
        [*ADDRESSES[:99], "9 more"], ADDRESSES[:3], **OPTIONS, has_margin=(True, False), cell=cell
    )
    assert drawn.left + drawn.x.pitch * drawn.x.steps + drawn.right + 30 <= cell
    assert drawn.x.label_texts[-1] == "9 more"


def test_a_wide_cell_changes_nothing():
    """Places move together where they must, and never apart."""
    assert lay_out(ADDRESSES[:9], ["b"], **OPTIONS, cell=1_600) == lay_out(ADDRESSES[:9], ["b"], **OPTIONS)
