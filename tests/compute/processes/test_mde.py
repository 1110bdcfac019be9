"""Defender's rows speak of three processes each."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from huntbook.compute.processes import LinkRule, build_process_tree

FILES = ["mde_internal_procs", "mde_public_deviceprocessevents"]


def row(name, pid, start, parent, parent_pid, parent_start, above, above_pid, above_start):
    """Build one row of DeviceProcessEvents."""
    return {
        "DeviceName": "pc1", "ActionType": "ProcessCreated", "TimeGenerated": start, "FileName": name, "ProcessId": pid,
        "ProcessCreationTime": start, "ProcessCommandLine": f"{name} x", "AccountName": "ann",
        "InitiatingProcessFileName": parent, "InitiatingProcessId": parent_pid,
        "InitiatingProcessCreationTime": parent_start, "InitiatingProcessCommandLine": f"{parent} y",
        "InitiatingProcessAccountName": "bob", "InitiatingProcessParentFileName": above,
        "InitiatingProcessParentId": above_pid, "InitiatingProcessParentCreationTime": above_start,
    }  # fmt: skip


TIMES = [f"2026-01-01T00:00:0{second}.1234567Z" for second in range(9)]


def test_each_row_gives_three_processes():
    """Created, initiating and its parent, in one chain, with what the row says of each."""
    forest = build_process_tree(
        pd.DataFrame([row("c.exe", 3, TIMES[3], "b.exe", 2, TIMES[2], "a.exe", 1, TIMES[1])])
    )
    assert forest.to_text().split("\n") == [
        "a.exe (1) [not recorded]",
        "└─ b.exe (2) [not recorded] b.exe y",
        "   └─ c.exe (3) c.exe x",
    ]
    assert forest.text("user_name").tolist() == [None, "bob", "ann"]
    assert forest.link.tolist() == [LinkRule.NONE, LinkRule.START, LinkRule.START]


def test_each_process_is_there_once_and_a_row_of_its_own_wins():
    """A process that is created in one row and initiates in two others is one node, recorded."""
    frame = pd.DataFrame(
        [
            row("b.exe", 2, TIMES[2], "a.exe", 1, TIMES[1], "z.exe", 9, TIMES[0]),
            row("c.exe", 3, TIMES[3], "b.exe", 2, TIMES[2], "a.exe", 1, TIMES[1]),
            row("d.exe", 4, TIMES[4], "b.exe", 2, TIMES[2], "a.exe", 1, TIMES[1]),
        ]
    )
    forest = build_process_tree(frame)
    assert forest.names().tolist() == ["z.exe", "a.exe", "b.exe", "c.exe", "d.exe"]
    assert forest.inferred.tolist() == [True, True, False, False, False]


def test_two_spellings_of_one_start_are_one_process():
    """Defender rounds the start of an initiating process; a hundred microseconds are not another process."""
    frame = pd.DataFrame(
        [
            row("b.exe", 2, TIMES[2], "a.exe", 1, TIMES[1], "z.exe", 9, TIMES[0]),
            row("c.exe", 3, TIMES[3], "b.exe", 2, TIMES[2].replace("1234567", "1235"), "a.exe", 1, TIMES[1]),
        ]
    )
    assert (build_process_tree(frame).names() == "b.exe").sum() == 1


def test_rows_without_the_older_processes_still_link():
    """Null columns, or none at all, of initiating and older processes: what is known is linked."""
    frame = pd.DataFrame([row("c.exe", 3, TIMES[3], "b.exe", 2, None, None, None, None)])
    assert build_process_tree(frame).names().tolist() == ["b.exe", "c.exe"]
    few = frame[["FileName", "ProcessId", "InitiatingProcessId", "TimeGenerated", "ActionType"]]
    assert build_process_tree(few).summary().recorded == 1


@pytest.mark.parametrize("file", FILES)
def test_real_rows_become_every_process_that_they_speak_of_once(shared_data, file):
    """No two nodes share id and start time; every recorded process has the parent that its row names."""
    frame = pd.read_parquet(shared_data / f"{file}.parquet")
    before = frame.copy()
    forest = build_process_tree(frame)
    pd.testing.assert_frame_equal(frame, before)
    recorded = forest.to_frame()[~forest.inferred]
    above = forest.pid[forest.parent[recorded.index]]
    assert (above == forest.column(forest.schema.parent_id, recorded.index).to_numpy()).all()
    inferred = pd.DataFrame({"pid": forest.pid, "start": forest.start // 1_000_000})[forest.inferred]
    assert not inferred.duplicated().any()
    assert len(forest) == len(frame) + len(inferred)
    assert np.isin(forest.link[~forest.inferred], [LinkRule.START]).all()
