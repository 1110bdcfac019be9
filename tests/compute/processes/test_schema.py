"""Finding out what the columns mean."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from huntbook.compute.processes import build_process_tree
from huntbook.compute.processes.columns import NAT
from huntbook.compute.processes.schema import ProcSchema, find_schema, schema_for
from huntbook.errors import ColumnNotFoundError, DataError, OptionError

BY_FILE = {
    "win_4688_procs": "NewProcessName",
    "linux_auditd_procs": "exe",
    "mde_internal_procs": "CreatedProcessName",
    "mde_public_deviceprocessevents": "FileName",
}


@pytest.mark.parametrize("file", BY_FILE)
def test_real_frames_are_recognised_by_their_columns(shared_data, file):
    """Each recorder's frame gets that recorder's schema."""
    assert find_schema(pd.read_parquet(shared_data / f"{file}.parquet")).process_name == BY_FILE[file]


@pytest.mark.parametrize("time", ["Timestamp", "TimeGenerated"])
def test_defender_rows_may_come_from_either_portal(time):
    """DeviceProcessEvents is the same table with another time column in Sentinel."""
    frame = pd.DataFrame(
        {
            "FileName": ["a.exe"],
            "ProcessId": [4],
            "InitiatingProcessId": [1],
            time: ["2026-01-01"],
            "ActionType": ["ProcessCreated"],
        }
    )
    assert find_schema(frame).time_stamp == time


def test_two_recorders_in_one_frame_are_said_and_not_guessed(recordings):
    """A recording with Sysmon and security events asks which of them is meant."""
    frame = recordings["empire_persistence_registry_modification_run_keys_standard_user"]
    with pytest.raises(DataError) as caught:
        find_schema(frame)
    assert str(caught.value) == (
        "The frame holds process events of more than one source: 'windows_4688' (546 rows), 'sysmon' (124 rows). "
        "Say which one to use, such as schema='windows_4688'."
    )


def test_a_frame_of_something_else_is_told_what_is_nearest():
    """The message names the nearest schema, what it lacks with near columns, and what there is."""
    frame = pd.DataFrame({"exe": ["a"], "Pid": [1], "ppid": [0], "TimeGenerated": ["2026-01-01"]})
    with pytest.raises(DataError) as caught:
        find_schema(frame)
    assert str(caught.value) == (
        "No built-in process schema fits the frame. The nearest is 'linux_auditd', but the frame lacks "
        "process_id as 'pid' (near: 'Pid'). It has: 'Pid', 'TimeGenerated', 'exe', 'ppid'. "
        "Name the columns with schema=ProcSchema(...)."
    )


def test_no_event_of_the_kind_is_said_with_what_there_is():
    """Right columns but no process start: the message lists the events that are there."""
    frame = pd.DataFrame(
        {
            "NewProcessName": ["a"],
            "NewProcessId": [1],
            "ProcessId": [0],
            "TimeGenerated": ["2026"],
            "EventID": [4624],
        }
    )
    with pytest.raises(DataError) as caught:
        find_schema(frame)
    assert str(caught.value) == (
        "The frame has the columns of 'windows_4688' but no process start: no row where EventID=4688. It holds: '4624'."
    )


@pytest.mark.parametrize("numbers", [[4688, 1], [4688.0, None], ["4688", "1"]])
def test_event_numbers_are_compared_by_what_they_say(numbers):
    """4688, 4688.0 and "4688" are one event."""
    frame = pd.DataFrame(
        {
            "NewProcessName": ["a", "b"],
            "NewProcessId": [1, 2],
            "ProcessId": [0, 1],
            "TimeGenerated": ["2026", "2026"],
            "EventID": numbers,
        }
    )
    assert find_schema(frame).event_id_identifier == 4688


def test_a_schema_may_be_a_dict(named, make):
    """The same fields as keys."""
    assert schema_for(make(("h", 1, 0, 0, "a", "b")), named) == ProcSchema(**named)


def test_a_misspelt_key_is_named_with_the_nearest():
    """A dict with an unknown key says which keys there are."""
    with pytest.raises(
        OptionError, match=r"schema key='proces_id' is not known. Did you mean 'process_id'\?"
    ):
        ProcSchema.from_dict({"proces_id": "pid"})


def test_a_dict_without_the_required_keys_says_which():
    """All four required fields are named."""
    with pytest.raises(OptionError) as caught:
        ProcSchema.from_dict({"process_name": "exe", "process_id": "pid"})
    assert str(caught.value) == (
        "schema={'process_name': 'exe', 'process_id': 'pid'} lacks 'parent_id', 'time_stamp'. "
        "A process schema needs at least 'process_name', 'process_id', 'parent_id', 'time_stamp'."
    )


def test_a_column_that_is_not_there_is_named_with_its_role(make, named):
    """The role, the column, and the nearest that there is."""
    with pytest.raises(ColumnNotFoundError) as caught:
        schema_for(make(("h", 1, 0, 0, "a", "b")), {**named, "cmd_line": "whenn"})
    assert str(caught.value) == (
        "schema cmd_line='whenn': the frame has no such column. Did you mean 'when'? "
        "It has: 'Computer', 'pid', 'ppid', 'name', 'parent', 'when'."
    )


def test_an_unknown_source_lists_the_known_ones(make):
    """The word, and those that would do."""
    with pytest.raises(OptionError, match=r"schema='sysmoon' is not known. Did you mean 'sysmon'\?"):
        schema_for(make(("h", 1, 0, 0, "a", "b")), "sysmoon")


WHEN = ["2026-01-01T00:00:00Z", "2026-01-01T00:00:05Z"]
OTHER_RECORDERS = {
    "osquery": {"name": ["/bin/sh", "/bin/ls"], "pid": [5, 9], "parent": [1, 5], "calendarTime": WHEN, "cmdline": ["sh", "ls"]},
    "fireeye_hx": {
        "process": ["sh.exe", "ls.exe"], "pid": [5, 9], "parentpid": [1, 5], "parentprocess": ["init.exe", "sh.exe"],
        "starttime": WHEN, "eventtype": ["start", "start"], "hostname": ["a", "a"],
    },
    "volatility": {"ImageFileName": ["sh.exe", "ls.exe"], "PID": [5, 9], "PPID": [1, 5], "CreateTime": WHEN, "ExitTime": [None, WHEN[1]]},
    "ecs": {
        "process.executable": ["/bin/sh", "/bin/ls"], "process.pid": [5, 9], "process.parent.pid": [1, 5], "@timestamp": WHEN,
        "process.parent.executable": ["/sbin/init", "/bin/sh"], "host.name": ["a", "a"], "event.action": ["exec", "exec"],
        "process.entity_id": ["x1", "x2"], "process.parent.entity_id": ["x0", "x1"],
    },
}  # fmt: skip


@pytest.mark.parametrize("source", OTHER_RECORDERS)
def test_every_other_recorder_is_recognised_and_linked(source):
    """From the columns alone: the second process is the child of the first."""
    forest = build_process_tree(pd.DataFrame(OTHER_RECORDERS[source]))
    assert forest.parent[forest.source_row == 1] == np.flatnonzero(forest.source_row == 0)


def test_sysmon_exits_and_starts_share_a_frame(recordings):
    """Events 5 end the lifetimes of events 1."""
    frame = recordings["empire_persistence_registry_modification_run_keys_standard_user"]
    forest = build_process_tree(frame, "sysmon")
    guid = frame["ProcessGuid"].to_numpy()
    exits = set(guid[(frame["EventID"] == 5) & frame["SourceName"].str.contains("Sysmon")])
    recorded = np.flatnonzero(~forest.inferred)
    ended = {guid[row] for row in forest.source_row[recorded[forest.end[recorded] != NAT]]}
    assert ended == exits & set(guid[forest.source_row[recorded]])
