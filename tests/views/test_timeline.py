"""The timeline as a widget: zoom, selection, and the words that go with them."""

from __future__ import annotations

import asyncio

import numpy as np
import pandas as pd
import pytest

from huntbook import plot
from huntbook.errors import DataError, OptionError


@pytest.fixture(scope="module")
def flows():
    """Give 30,000 unsorted events in five groups over a day."""
    random = np.random.default_rng(8)
    return pd.DataFrame(
        {
            "TimeGenerated": pd.Timestamp("2024-01-01", tz="UTC")
            + pd.to_timedelta(random.integers(0, 86_400_000, 30_000), unit="ms"),
            "kind": random.choice(list("abcde"), 30_000),
        },
        index=random.permutation(30_000),
    )


def between(flows, start, end):
    """Return the rows that a filter finds."""
    return flows[(flows["TimeGenerated"] >= start) & (flows["TimeGenerated"] <= end)]


def test_zoom_draws_the_events_of_the_stretch(flows):
    """One by one where they are few, and `data` says what is drawn."""
    view = plot.timeline(flows, group_by="kind")
    assert set(view.data["kind"]) == {"density"}
    view.zoom("2024-01-01 06:00", "2024-01-01 07:00")
    expected = between(flows, "2024-01-01 06:00+00:00", "2024-01-01 07:00+00:00")
    assert set(view.data["kind"]) == {"event"}
    assert sorted(view.data["start"]) == sorted(expected["TimeGenerated"])
    assert view._gate.status.startswith(f"In view: {len(expected):,} of 30,000 events, each drawn. ")


def move(view, start, end):
    """Take the message of a page in which a hand moved the range."""
    ends = {"start": start, "end": end}
    model = {"id": view._drawn.built.figure.x_range.id}
    events = [{"kind": "ModelChanged", "model": model, "attr": edge, "new": ends[edge]} for edge in ends]
    view._picture._sync_model(view._picture, {"event": "jsevents", "events": events}, [])


def by_hand(view, *ranges):
    """Move through ranges faster than the kernel answers, and wait for the answer."""

    async def moving():
        answered = asyncio.Event()
        view._gate.observe(lambda _: answered.set(), "status")
        for start, end in ranges:
            move(view, start, end)
        await asyncio.wait_for(answered.wait(), 60)
        view._gate.on_drawn()
        await asyncio.sleep(0.05)

    asyncio.run(moving())


def test_the_mouse_does_what_zoom_does(flows):
    """The browser's message of a new range is answered with the same data."""
    by_mouse, by_code = plot.timeline(flows, group_by="kind"), plot.timeline(flows, group_by="kind")
    by_code.zoom("2024-01-01 06:00", "2024-01-01 07:00")
    x_range = by_code._drawn.built.figure.x_range
    by_hand(by_mouse, (x_range.start, x_range.end))
    pd.testing.assert_frame_equal(by_mouse.data, by_code.data)


def test_questions_that_come_faster_than_answers_are_answered_once(flows):
    """In a running kernel the last one counts; each answer is one change of the page."""
    view = plot.timeline(flows, group_by="kind")
    start = pd.Timestamp("2024-01-01").timestamp() * 1_000
    shown, sent = [], []
    view._drawn.layers[0].sources[0].on_change(
        "data", lambda attr, old, new: shown.append(view._windows[0].end)
    )
    view._picture.send = lambda content, *_: sent.append(content)
    by_hand(view, *[(start, start + 3_600_000 * (24 - step / 2)) for step in range(30)])
    assert shown == [int((start + 3_600_000 * 9.5) * 1_000)]
    assert sum("PATCH-DOC" in str(content.get("payload")) for content in sent) == 1


def test_a_moving_hand_is_answered_before_it_lets_go(flows):
    """Both edges of the range have moved: one answer for the two."""
    view = plot.timeline(flows, group_by="kind")
    start = pd.Timestamp("2024-01-01").timestamp() * 1_000
    asked, inner = [], view._show
    view._show = lambda low, high: (asked.append((low, high)), inner(low, high))
    by_hand(view, (start, start + 3_600_000))
    expected = between(flows, "2024-01-01 00:00+00:00", "2024-01-01 01:00+00:00")
    assert view._gate.status.startswith(f"In view: {len(expected):,} of 30,000 events")
    assert len(asked) == 1


def test_show_all_goes_back(flows):
    """To the picture at the beginning."""
    view = plot.timeline(flows, group_by="kind")
    before = view.data
    view.zoom("2024-01-01 06:00", "2024-01-01 07:00")
    view.show_all()
    pd.testing.assert_frame_equal(view.data, before)


def test_a_stretch_without_events_is_empty(flows):
    """No error, no marks."""
    view = plot.timeline(flows, group_by="kind")
    view.zoom("2030-01-01", "2030-01-02")
    assert len(view.data) == 0
    assert view._gate.status.startswith("In view: 0 of 30,000 events")


def test_selected_cells_give_their_rows(flows):
    """With index and order of the frame."""
    view = plot.timeline(flows, group_by="kind")
    drawn = view.data
    chosen = [3, 40, 200]
    view._sources[0].selected.indices = chosen
    parts = [
        flows[
            (flows["kind"] == cell.lane)
            & (flows["TimeGenerated"] >= cell.start)
            & (flows["TimeGenerated"] < cell.end)
        ]
        for cell in drawn.iloc[chosen].itertuples()
    ]
    expected = pd.concat(parts)
    assert len(view.selected) == drawn["rows"].iloc[chosen].sum()
    pd.testing.assert_frame_equal(view.selected, flows[flows.index.isin(expected.index)])
    assert view._gate.status == f"{len(expected):,} of 30,000 events selected; view.selected holds them."


def test_selected_marks_give_their_rows(flows):
    """Single events and flagged ones together."""
    view = plot.timeline(flows, group_by="kind", flag=flows["kind"] == "a")
    view.zoom("2024-01-01 06:00", "2024-01-01 06:05")
    for source in view._sources[1:]:
        source.selected.indices = list(range(len(source.data["time"])))
    pd.testing.assert_frame_equal(
        view.selected, between(flows, "2024-01-01 06:00+00:00", "2024-01-01 06:05+00:00")
    )


def test_zooming_clears_the_selection(flows):
    """The marks that were selected are no longer there."""
    view = plot.timeline(flows, group_by="kind")
    view._sources[0].selected.indices = [1]
    view.zoom("2024-01-01 06:00", "2024-01-01 07:00")
    assert len(view.selected) == 0


def test_rows_without_a_time_do_not_shift_the_selection():
    """Positions are of the frame, not of what is drawn."""
    frame = pd.DataFrame({"TimeGenerated": [None, "2024-01-01", None, "2024-01-02"], "n": range(4)})
    view = plot.timeline(frame)
    view._sources[1].selected.indices = [1]
    assert view.selected["n"].tolist() == [3]


@pytest.mark.parametrize(
    ("start", "end", "kind", "message"),
    [
        (
            "2024-01-02",
            "2024-01-01",
            OptionError,
            "end='2024-01-01' is not after start='2024-01-02'. Give the later time as end.",
        ),
        (
            "then",
            "2024-01-01",
            DataError,
            "start='then' is not a time. Give a datetime, a pandas.Timestamp or text such as '2024-03-11 08:00'.",
        ),
    ],
)
def test_a_zoom_that_can_not_be_is_told(flows, start, end, kind, message):
    """The whole message."""
    with pytest.raises(kind) as caught:
        plot.timeline(flows).zoom(start, end)
    assert str(caught.value) == message


@pytest.mark.parametrize("cell", [500, 1_500])
@pytest.mark.parametrize("title", [None, "Mine"])
def test_the_sentence_is_broken_for_the_cell(cell, title):
    """As the browser says how wide it is: no line reaches over the edge, and no more lines than it takes."""
    times = pd.date_range("2024-01-01", periods=90, freq="min")
    frame = pd.DataFrame({"TimeGenerated": times, "g": [f"group {at % 30:02}" for at in range(90)]})
    view = plot.timeline(frame, group_by="g", max_groups=10, title=title)
    view._gate._hear(view._gate, {"kind": "shown", "theme": "light", "width": cell}, [])
    figure = view._drawn.built.figure
    text, size = (figure.title.text, 13) if title is None else (figure.above[0].text, 11)
    room = cell - figure.min_border_left - figure.min_border_right
    assert " ".join(text.split()) == view._drawn.built.sentence
    assert max(map(len, text.split("\n"))) <= room / (size * 0.57) < 2 * max(map(len, text.split("\n")))
