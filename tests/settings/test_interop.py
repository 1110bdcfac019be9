"""Claims about sharing one settings file with the real MSTICPy 3.0.2, in an environment of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from huntbook.settings.document import read, save
from huntbook.settings.live import LiveSettings

ID = "52b1ab41-869e-4138-9e40-2a4457f09bf0"
READ = """
import json
from msticpy.auth.azure_auth_core import AzureCloudConfig
from msticpy.common.wsconfig import WorkspaceConfig
cloud = AzureCloudConfig()
print(json.dumps([cloud.cloud, list(cloud.auth_methods), WorkspaceConfig("Soc").mp_settings]))
"""
WRITE = """
import sys
from msticpy.config.mp_config_file import MpConfigFile
file = MpConfigFile(file=sys.argv[1])
file.settings["Azure"]["cloud"] = "cn"
file.save_to_file(sys.argv[1], backup=False)
"""


@pytest.fixture(scope="module")
def peer(repository):
    """Give the Python that has MSTICPy, or skip and say how to get it."""
    folder = repository / ".venv-msticpy"
    python = folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    if not python.exists():
        pytest.skip("MSTICPy is not here: scripts/bench matrix makes its environment")
    return python


def run(peer, file, code, *arguments):
    """Run a program of MSTICPy's on a settings file."""
    environment = {**os.environ, "MSTICPYCONFIG": str(file), "PYTHONPATH": ""}
    command = [peer, "-W", "ignore", "-c", code, *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True, env=environment).stdout


@pytest.fixture
def file(places):
    """Give a file that we saved, under the section's first name."""
    places.user.write_text("# ours\nAzureSentinel:\n  Workspaces: {}\n")
    workspace = {"WorkspaceId": ID, "TenantId": ID, "ResourceGroup": "rg"}
    changes = {
        "Azure": {"cloud": "usgov", "auth_methods": ["cli", "device_code"]},
        "MSSentinel": {"Workspaces": {"Soc": workspace, "Default": workspace}},
    }
    save(places.user, changes, expected_revision=read(places.user).revision, origin="cli")
    return places.user


def test_msticpy_reads_what_we_save(peer, file):
    """The same cloud, the same methods in the same order, the same workspace."""
    cloud, methods, workspace = json.loads(run(peer, file, READ).splitlines()[-1])
    assert (cloud, methods) == ("usgov", ["cli", "devicecode"])
    assert {key: value for key, value in workspace.items() if value} == {
        "WorkspaceId": ID,
        "TenantId": ID,
        "ResourceGroup": "rg",
    }


def test_we_read_what_msticpy_saves(peer, file):
    """After its editor has written the file, ours shows its change, and the rest as it was."""
    run(peer, file, WRITE, str(file))
    live = LiveSettings()
    assert (live.get("Azure.cloud"), live.get("Azure.auth_methods")) == ("cn", ["cli", "devicecode"])
    assert live.get("MSSentinel.Workspaces.Soc") == {"WorkspaceId": ID, "TenantId": ID, "ResourceGroup": "rg"}
    assert read(file).fault is None
