"""The simulated incident: one story that every table tells alike."""

from __future__ import annotations

import time
import zlib

import pandas as pd
import pytest

from huntbook import samples
from huntbook.compute.processes import build_process_tree
from huntbook.errors import OptionError

TABLES = ("processes", "network_flows", "logons", "alerts")


@pytest.fixture(scope="module")
def case():
    """Give an incident of ten thousand rows."""
    return samples.incident(rows=10_000, seed=3)


def test_the_tables_have_as_many_rows_as_asked(case):
    """`rows` counts all tables together, to the row."""
    assert sum(len(getattr(case, name)) for name in TABLES) == 10_000


def test_the_same_seed_tells_the_same_story(case):
    """Nothing depends on anything but rows and seed."""
    again = samples.incident(rows=10_000, seed=3)
    for name in (*TABLES, "story"):
        pd.testing.assert_frame_equal(getattr(case, name), getattr(again, name))


@pytest.mark.parametrize(
    ("name", "sum_of_values"),
    [
        ("processes", 535909492),
        ("network_flows", 1334006086),
        ("logons", 795182597),
        ("alerts", 2170615169),
        ("story", 3278645896),
    ],
)
def test_a_seed_tells_the_same_story_in_the_next_version_too(case, name, sum_of_values):
    """Who wrote down a seed finds the same rows again, whatever is done for speed."""
    written = getattr(case, name).to_csv(index=False, date_format="%Y-%m-%dT%H:%M:%S.%f")
    assert zlib.crc32(written.encode()) == sum_of_values


def test_every_table_is_in_order_and_in_utc(case):
    """A reader may scan from top to bottom."""
    for name in TABLES:
        times = getattr(case, name)["TimeGenerated"]
        assert times.is_monotonic_increasing
        assert str(times.dt.tz) == "UTC"


def test_the_truth_is_marked_in_every_table(case):
    """Each table holds some of the attack, and far more of the ordinary day."""
    for name in TABLES:
        share = getattr(case, name)["Attack"].mean()
        assert 0 < share < 0.5


def test_the_story_lists_each_attack_row_but_repeated_flows(case):
    """Every marked process, logon and alert is a step; flows to one place are one step."""
    flows = case.network_flows[case.network_flows["Attack"]]
    expected = sum(int(getattr(case, name)["Attack"].sum()) for name in ("processes", "logons", "alerts"))
    expected += len(flows.drop_duplicates(["SourceHost", "DestinationIP", "DestinationPort"]))
    assert len(case.story) == expected
    assert case.story["time"].is_monotonic_increasing


def test_the_attacks_server_is_called_by_no_one_else(case):
    """The odd pair is odd: only the two taken hosts talk to it."""
    calls = case.network_flows[case.network_flows["DestinationIP"] == "203.0.113.77"]
    assert calls["Attack"].all()
    assert set(calls["SourceHost"]) == {"host-0001", "host-0002"}


def test_the_last_process_leads_back_to_the_attachment_by_the_jump(case):
    """From the deleted backups the tree leads up on host 2; the jump itself is told by the logon just before."""
    forest = build_process_tree(case.processes)
    last = int(forest.find("vssadmin delete shadows")[0])
    above = forest.names(forest.ancestors(last)).tolist()
    assert "update.exe" in above
    let_in = case.logons[case.logons["Attack"] & (case.logons["EventID"] == 4624)]
    assert let_in["Computer"].tolist() == ["host-0002"]


def test_a_million_rows_take_under_three_seconds():
    """Large enough for benchmarks, quick enough for a demo."""
    begun = time.process_time()
    case = samples.incident(rows=1_000_000)
    assert time.process_time() - begun < 3
    assert len(case.processes) > 300_000


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda: samples.incident(rows=1_999), "rows=1999: an incident takes a whole number from 2,000."),
        (lambda: samples.logons(rows=0), "rows=0: it takes a whole number from 1."),
        (lambda: samples.alerts(rows=-1), "rows=-1: it takes a whole number from 1."),
    ],
)
def test_too_few_rows_are_refused(make, sentence):
    """The sentence names the value and the least."""
    with pytest.raises(OptionError) as caught:
        make()
    assert str(caught.value) == sentence
