"""Small process events that the tests of this folder start from."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pandas as pd
import pytest

SECOND = 1_000_000_000


def events(*rows):
    """Build auditd-like events from (host, pid, ppid, seconds, name, parent name)."""
    columns = ["Computer", "pid", "ppid", "seconds", "name", "parent"]
    frame = pd.DataFrame(list(rows), columns=columns)
    frame["when"] = pd.Timestamp("2026-01-01") + pd.to_timedelta(frame.pop("seconds"), unit="s")
    return frame


NAMED = {
    "process_name": "name",
    "process_id": "pid",
    "parent_id": "ppid",
    "parent_name": "parent",
    "time_stamp": "when",
    "host_name_column": "Computer",
    "path_separator": "/",
}


@pytest.fixture
def make():
    """Give the function that builds events."""
    return events


@pytest.fixture
def named():
    """Give the schema of those events."""
    return dict(NAMED)


def read_recording(path: Path) -> pd.DataFrame:
    """Read a recording of JSON lines in a zip, without the copies that a Mac adds."""
    with zipfile.ZipFile(path) as archive:
        names = [
            name for name in archive.namelist() if name.endswith(".json") and not name.startswith("__MACOSX")
        ]
        rows = [json.loads(line) for name in names for line in archive.open(name)]
    return pd.DataFrame(rows)


@pytest.fixture(scope="session")
def recordings(shared_data):
    """Give the real recordings with Sysmon process events, by file name."""
    return {path.stem: read_recording(path) for path in sorted((shared_data / "otrf").glob("*.zip"))}
