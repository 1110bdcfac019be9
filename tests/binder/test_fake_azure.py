"""The notebook on Microsoft Sentinel in the fake Azure, as `scripts/demo --fake-azure` opens it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# Runs the notebook in a kernel of its own and prints what its cells showed.
RUN = """
import nbformat
from nbclient import NotebookClient
notebook = nbformat.read("microsoft-sentinel.ipynb", 4)
NotebookClient(notebook, timeout=100).execute()
for cell in notebook.cells:
    for output in cell.get("outputs", []):
        print(output.get("text") or output["data"]["text/plain"])
"""


@pytest.mark.parametrize("cloud", ["usgov", "cn"])
def test_it_signs_in_and_goes_from_the_incidents_to_the_picture(cloud, settings_file):
    """All requests go to the chosen cloud; the incident's host is queried and drawn, the secret stays hidden."""
    env = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([str(ROOT / "tests"), os.environ.get("PYTHONPATH", "")]),
    }
    command = [sys.executable, "-m", "fakecloud", "--cloud", cloud, "--", sys.executable, "-c", RUN]
    done = subprocess.run(command, capture_output=True, text=True, env=env, cwd=ROOT / "binder", check=False)
    assert done.returncode == 0, done.stderr
    for shown in (
        f"Cloud {cloud} (",
        "Shadow copies deleted on host-0002",
        "'host-0002'",
        "Processes of host-0002: 160 processes",
        "vssadmin delete shadows /all /quiet",
        "Secret('api-key', ********)",
    ):
        assert shown in done.stdout
    counts = [line.split(" ")[2:4] for line in done.stderr.splitlines() if line.startswith("fake cloud")]
    assert [name.rstrip(":") for name, count in counts if count != "0"] == [cloud]
    assert not settings_file.exists()
