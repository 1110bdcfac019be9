"""A saved picture: what it says, what is in it, and its bytes."""

from __future__ import annotations

import html
import json
import re

import pandas as pd
import pytest

from huntbook import plot

HOSTILE = ['"id":"p1001"', '{"id":"p7"}', "p1001", "</script><b>", "12345678-1234-1234-1234-123456789abc"]


@pytest.fixture(scope="module")
def frame():
    """Give events whose text looks like what a page is made of."""
    times = pd.date_range("2024-01-01", periods=len(HOSTILE), freq="h", tz="UTC")
    return pd.DataFrame({"TimeGenerated": times, "text": HOSTILE, "n": [1.0, 2.0, 3.0, 5.0, 4.0]})


def drawn(frame):
    """Return one of each picture over time."""
    return [
        plot.timeline(frame, group_by="text", source_columns=["text"]),
        plot.timeline_values(frame, value_column="n", source_columns=["text"]),
        plot.timeline_duration(frame, group_by="text", source_columns=["text"]),
        plot.matrix(frame, x="text", y="n"),
    ]


def test_the_same_picture_gives_the_same_bytes(frame, tmp_path):
    """Of every kind, though other pictures were made between."""
    first = [view.save(tmp_path / "a.html").read_bytes() for view in drawn(frame)]
    again = [view.save(tmp_path / "b.html").read_bytes() for view in drawn(frame)]
    assert first == again


def test_no_cell_is_changed_by_what_makes_the_bytes_the_same(frame, tmp_path):
    """Cells that look like ids are in the page as they are."""
    text = drawn(frame)[0].save(tmp_path / "a.html").read_text("utf-8")
    (document,) = re.findall(r'<script type="application/json" id="part-2">(.*?)</script>', text, re.DOTALL)
    held = json.dumps(json.loads(html.unescape(document)))
    assert all(json.dumps(json.dumps(cell)[1:-1])[1:-1] in json.dumps(held) for cell in HOSTILE)


def test_ids_in_the_page_are_its_own(frame, tmp_path):
    """Each model that is referred to is there once."""
    text = drawn(frame)[0].save(tmp_path / "a.html").read_text("utf-8")
    (document,) = re.findall(r'<script type="application/json" id="part-2">(.*?)</script>', text, re.DOTALL)
    made: list[str] = []
    named: set[str] = set()

    def walk(node):
        if isinstance(node, dict):
            if isinstance(node.get("id"), str):
                (made.append if "type" in node else named.add)(node["id"])
            for value in node.values():
                walk(value)
        elif isinstance(node, list):
            for value in node:
                walk(value)

    walk(json.loads(html.unescape(document)))
    assert len(made) == len(set(made)) > 50
    assert named <= set(made)


def test_it_says_that_it_is_a_snapshot_of_what_was_in_view(frame, tmp_path):
    """How many rows of how many, and of which stretch."""
    view = plot.timeline(frame)
    view.zoom("2024-01-01 00:30", "2024-01-01 03:30")
    assert (
        "A snapshot of 3 of 5 rows, 2024-01-01 00:30:00 to 2024-01-01 03:30:00 UTC, with no kernel behind it: "
        "zooming in draws no further rows.</p>"
    ) in view.save(tmp_path / "a.html").read_text("utf-8")


def test_nothing_in_it_is_fetched(frame, tmp_path):
    """No address of another host in what the page loads."""
    for view in drawn(frame):
        text = view.save(tmp_path / "a.html").read_text("utf-8")
        assert not re.findall(r'(?:src|href)="(?!data:)[^"#]', text.partition("BEGIN bokeh.min.js")[0])
        assert not re.findall(r'(?:src|href)="http', text.rpartition("END bokeh.min.js")[2])
