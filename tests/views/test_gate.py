"""How a picture gets to the page: nothing that changes is lost on the way, and it is drawn once."""

from __future__ import annotations

import pytest

from huntbook import plot, samples

NARROW = 320


@pytest.fixture
def view():
    """Give a matrix of forty sources, which a narrow cell lays out anew."""
    return plot.matrix(samples.network_flows(rows=1_000, seed=3), x="SourceIP", y="DestinationPort")


@pytest.fixture
def sent(view):
    """Give what is sent to the page: each patch, and each whole figure."""
    messages = []
    view._picture.observe(lambda _: messages.append("whole"), "render_bundle")
    view._picture.send = lambda content, *_: messages.append(str(content.get("payload", "")))
    return messages


def hear(view, **content):
    view._gate._hear(view._gate, content, [])


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_page_that_opens_gets_one_whole_figure(view, sent, theme):
    """For its cell and its theme, and no change before it."""
    hear(view, kind="shown", theme=theme, width=NARROW)
    assert sent == ["whole"]
    assert view.figure.frame_width < NARROW


def test_what_changes_while_a_figure_is_drawn_comes_after_it(view, sent):
    """The page takes a change before the figure that was sent first, so it waits for the page's word."""
    hear(view, kind="shown", theme="light", width=1_200)
    hear(view, kind="drawn")
    sent.clear()
    hear(view, kind="theme", theme="dark")
    hear(view, kind="width", width=NARROW)
    assert sent == ["whole"]
    hear(view, kind="drawn")
    assert sent == ["whole", "whole"]
    hear(view, kind="drawn")
    assert len(sent) == 2


def test_a_figure_that_is_drawn_takes_changes(view, sent):
    """As one message a change of the cell, not the whole figure."""
    hear(view, kind="shown", theme="light", width=1_200)
    hear(view, kind="drawn")
    sent.clear()
    hear(view, kind="width", width=NARROW)
    assert sum("PATCH-DOC" in message for message in sent) == 1
    assert "whole" not in sent


def test_a_matrix_is_as_wide_as_its_cell_at_most(view):
    """In a narrow cell circles are smaller and places closer, in a wide one as they were; every circle stays."""
    before, width = view.data.copy(), view.figure.frame_width
    hear(view, kind="width", width=NARROW)
    assert len(view.data) == len(before)
    assert view.data["size"].max() < before["size"].max()
    assert view._drawn.source.data["size"].tolist() == view.data["size"].tolist()
    hear(view, kind="width", width=1_600)
    assert (view.data["size"].tolist(), view.figure.frame_width) == (before["size"].tolist(), width)


def test_a_zoom_is_one_change_with_its_columns_in_it():
    """Three messages (its header, its metadata, itself), whatever the number of columns."""
    view = plot.timeline(samples.network_flows(rows=50_000, seed=3), group_by="Protocol")
    messages = []
    view._picture.send = lambda content, buffers=None: messages.append((content["payload"], buffers))
    view.zoom("2024-03-11 01:00", "2024-03-11 05:00")
    payloads, buffers = zip(*messages, strict=True)
    assert buffers == (None,) * 3
    assert sum('"ColumnDataChanged"' in payload for payload in payloads) == 1
