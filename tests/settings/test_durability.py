"""Claims about many writers and sudden deaths, in small; scripts/bench settings has them in full."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from huntbook.settings.document import read, save

STRESS = Path(__file__).parents[2] / "scripts" / "benchmarks" / "_settings_writers.py"


@pytest.fixture
def file(places):
    places.user.write_text("Marker: {count: 0}\n")
    return places.user


def start(file, *words):
    """Start a writer or a reader."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, STRESS, file, *map(str, words)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)


def test_no_acknowledged_write_is_lost_and_no_reader_sees_a_torn_file(file):
    """Three writers save at the same time, each a section of its own, while a reader looks on."""
    reader = start(file, "read", 2)
    writers = {name: start(file, "write", name, 15) for name in ("a", "b", "c")}
    for writer in writers.values():
        assert writer.wait(60) == 0
        writer.stdout.close()
    assert reader.wait(60) == 0, reader.stdout.read()
    assert int(reader.stdout.read()) > 10
    reader.stdout.close()
    last = {"last": 14}
    assert read(file).data == {"Marker": {"count": 45}, "a": last, "b": last, "c": last}


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL is POSIX")
def test_a_killed_writer_leaves_a_whole_file_and_no_lock(file):
    """Each time it dies in the midst of its saves; what it acknowledged is there, and the next save goes on."""
    for round_ in range(5):
        writer = start(file, "write", f"w{round_}", 10_000)
        acknowledged = [int(writer.stdout.readline()) for _ in range(round_ * 2 + 1)]
        writer.send_signal(signal.SIGKILL)
        acknowledged += [int(line) for line in writer.stdout if line.endswith("\n")]
        writer.wait(10)
        writer.stdout.close()
        found = read(file)
        assert found.fault is None
        assert acknowledged[-1] <= found.data[f"w{round_}"]["last"] <= acknowledged[-1] + 1
        saved = save(file, {"After": {"round": round_}}, expected_revision=found.revision, origin="cli")
        assert saved.data["After"] == {"round": round_}
