"""Counts by lane and bin: what the image shows, and what the hand finds in it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from bokeh.models import Image

from huntbook import plot
from huntbook.figures.theme import DARK, LIGHT

DAY = 86_400_000
MIDNIGHT = 1_704_067_200_000


def density(view):
    """Return the counts of the first series."""
    return view._drawn.layers[0].density


def image_of(view):
    """Return the image, and where it lies, as one value each."""
    return {name: column[0] for name, column in density(view).pixels.items()}


def test_many_events_are_cells_whose_strength_is_the_logarithm(many):
    """Exact counts, at most the budget of marks."""
    cells = density(plot.timeline(many, group_by="kind")).cells.data
    assert cells["rows"].sum() == 20_000
    assert len(cells["rows"]) <= 5_000
    assert cells["strength"].max() == 1
    order = np.argsort(cells["rows"], kind="stable")
    assert (np.diff(cells["strength"][order]) >= 0).all()


def test_events_that_come_evenly_look_even():
    """To the end of the time too, where a rest of a bin would look like a fall."""
    times = pd.Timestamp("2024-01-01") + pd.to_timedelta(np.arange(200_000), unit="s")
    cells = density(plot.timeline(pd.DataFrame({"TimeGenerated": times}))).cells.data
    assert cells["strength"].min() > 0.95


def test_the_image_has_the_strength_of_each_cell_at_its_place(many):
    """Four of six lines a lane; what has no events is empty."""
    view = plot.timeline(many, group_by="kind")
    cells, image = density(view).cells.data, image_of(view)
    pixels = image["image"]
    assert len(pixels) == 6 * 30
    bins = np.rint((cells["left"] - image["x"]) / image["dw"] * pixels.shape[1]).astype(int)
    for line in range(1, 5):
        values = pixels[6 * cells["lane"] + line, bins]
        np.testing.assert_array_equal(values, np.rint(127 * cells["strength"]))
    assert (pixels > 0).sum() == 4 * len(bins)
    assert not pixels[::6].any()
    assert not pixels[5::6].any()


def test_the_image_lies_where_the_time_and_the_lanes_are(many):
    """From midnight for about a day, around the middle of each lane."""
    image = image_of(plot.timeline(many, group_by="kind"))
    assert image["x"] == pytest.approx(MIDNIGHT, abs=10_000)
    assert DAY - 20_000 <= image["dw"] <= DAY * 1.01
    assert (image["y"], image["dh"]) == (-0.5, 30)


def test_the_image_of_a_later_series_is_below(many):
    """Its lane follows that of the series before."""
    view = plot.timeline({"one": many, "two": many})
    first, second = (layers.density.pixels for layers in view._drawn.layers)
    assert (first["y"], second["y"]) == ([-0.5], [0.5])


def test_a_zoom_draws_another_image_and_single_events_none(many):
    """What is seen is all that is drawn."""
    view = plot.timeline(many, group_by="kind")
    view.zoom("2024-01-01 06:00", "2024-01-01 18:00")
    image = image_of(view)
    assert image["x"] == pytest.approx(MIDNIGHT + DAY / 4, abs=20_000)
    assert image["dw"] == pytest.approx(DAY / 2, rel=0.01)
    view.zoom("2024-01-01 06:00", "2024-01-01 06:10")
    assert density(view).pixels["image"] == []


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_the_lane_of_all_others_is_grey(many, theme):
    """As whatever is folded is; the others have the accent, the stronger the more events."""
    view = plot.timeline(many, group_by="kind", max_groups=3)
    view._drawn.restyle(theme)
    pixels, palette = image_of(view)["image"], density(view).palette
    assert {palette[value][:7] for value in pixels[18:].ravel() if value} == {theme.rest}
    assert {palette[value][:7] for value in pixels[:18].ravel() if value} == {theme.accent}
    alphas = [int(shade[7:], 16) for shade in palette]
    assert alphas[0] == 0
    assert alphas[1:128] == sorted(alphas[1:128]) == alphas[128:]
    assert alphas[127] == 255


@pytest.mark.parametrize(
    ("color", "shown"),
    [("crimson", "#dc143c"), ("Crimson", "#dc143c"), ("#abc", "#aabbcc"), ("rgba(1, 2, 3, 0.5)", "#010203")],
)
def test_a_colour_is_taken_in_each_of_its_notations(many, color, shown):
    """Names in any case, short and long numbers, and the function."""
    view = plot.timeline(many, group_by="kind", color=color)
    assert density(view).palette[127] == f"{shown}ff"


def test_what_is_not_selected_is_dimmed_by_the_browser_itself(many):
    """Without a kernel too, as in a saved file."""
    view = plot.timeline(many, group_by="kind")
    (callback,) = density(view).cells.selected.js_property_callbacks["change:indices"]
    assert isinstance(callback.args["image"], Image)
    assert 0 < callback.args["unselected"] < 1
