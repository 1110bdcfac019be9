"""The row above a timeline, and the same from code."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from huntbook import plot
from huntbook.errors import OptionError


@pytest.fixture(scope="module")
def frame():
    """Give 30,000 events of 120 hosts, the higher the number the more."""
    random = np.random.default_rng(3)
    hosts = (np.sqrt(random.random(30_000)) * 120).astype(int)
    times = pd.Timestamp("2024-01-01", tz="UTC") + pd.to_timedelta(
        random.integers(0, 86_400, 30_000), unit="s"
    )
    return pd.DataFrame({"TimeGenerated": times, "host": [f"h{host:03}" for host in hosts]})


@pytest.fixture
def view(frame):
    """Give a timeline of 10 lanes a page."""
    return plot.timeline(frame, group_by="host", max_groups=10)


def test_sort_puts_other_groups_in_the_lanes(frame, view):
    """The first ten of the order; the others are one lane; no event is lost."""
    view.sort("asc")
    assert view.lanes["group"].tolist() == [
        *sorted(frame["host"].unique())[:10],
        f"{frame['host'].nunique() - 10} more",
    ]
    counted = view.data[view.data["kind"] == "density"]
    assert view.lanes["rows"].sum() == counted["rows"].sum() == len(frame)
    view.sort("rarity")
    assert (
        view.lanes["group"].tolist()[:10]
        == frame["host"].value_counts(ascending=True, sort=True).index[:10].tolist()
    )


def test_pages_show_every_group_once(frame, view):
    """From the first to the last."""
    seen = []
    for number in range(view.pages):
        view.show_page(number)
        seen += [name for name in view.lanes["group"] if not name.endswith(" more")]
    assert sorted(seen) == sorted(frame["host"].unique())


def test_search_gives_lanes_to_what_it_finds(frame, view):
    """Names, totals, sentence, cells and selection are those of the lanes."""
    found = sorted(name for name in frame["host"].unique() if "h11" in name)
    assert view.search("H11") == len(found)
    axis = view._drawn.built.figure.yaxis[0]
    labels = [axis.major_label_overrides[tick] for tick in axis.ticker.ticks]
    assert sorted(labels[:-1]) == found
    assert f"({len(found)} of {frame['host'].nunique()})" in view.summary
    lane = labels.index(found[0])
    view._sources[0].selected.indices = np.flatnonzero(view._sources[0].data["lane"] == lane).tolist()
    pd.testing.assert_frame_equal(view.selected, frame[frame["host"] == found[0]])


def test_what_is_found_nowhere_is_said(view):
    """All events are in the last lane then."""
    assert view.search("nobody") == 0
    assert view._controls.place.value == "nothing found"
    assert view.lanes["rows"].tolist() == [30_000]


def test_the_row_calls_the_view_and_the_view_tells_the_row(view):
    """Both ways, once."""
    view._controls.order.value = "name"
    assert view.lanes["group"][0] == "h000" or view.lanes["group"].is_monotonic_increasing
    view._controls.after.click()
    assert (view.page, view._controls.before.disabled) == (1, False)
    assert view._controls.place.value.startswith("11 to 20 of ")
    view.search("h1")
    assert view._controls.text.value == "h1"
    assert view.page == 0


def test_the_height_follows_the_lanes(view):
    """As many lanes as there are, none empty."""
    figure = view._drawn.built.figure
    before = figure.frame_height
    view.search("h119")
    assert figure.frame_height < before
    assert figure.y_range.start == len(view.lanes) - 0.5
    assert len(view._drawn.built.bands.data_source.data["y0"]) == 1


def test_zoom_stays_as_it_is_when_lanes_change(frame, view):
    """The stretch is drawn in the new lanes."""
    view.zoom("2024-01-01 06:00", "2024-01-01 06:30")
    view.sort("asc")
    inside = frame["TimeGenerated"].between("2024-01-01 06:00+00:00", "2024-01-01 06:30+00:00")
    assert view.data["rows"].sum() == inside.sum()


def test_no_row_without_groups(frame):
    """There is nothing to sort."""
    assert len(plot.timeline(frame).children) == 1


def test_an_unknown_order_is_told(view):
    """The whole message."""
    with pytest.raises(OptionError) as caught:
        view.sort("size")
    assert str(caught.value) == (
        "sort='size' is not known. It takes: 'asc', 'desc', 'total', 'rarity', 'first', 'last', 'True', 'False', 'None'."
    )
