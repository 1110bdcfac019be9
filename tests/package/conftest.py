"""The wheel, built once for every test of it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def wheel(repository, tmp_path_factory) -> Path:
    """Give a wheel built from a clean clone of what is committed here."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        ["git", "clone", "-q", "--no-hardlinks", str(repository), str(folder / "clone")], check=True
    )
    env = {name: value for name, value in os.environ.items() if name not in {"CI", "PYTHONPATH"}}
    command = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "-q",
        "--no-deps",
        "-w",
        str(folder / "dist"),
        str(folder / "clone"),
    ]
    subprocess.run(command, check=True, env=env)
    return next((folder / "dist").glob("huntbook-*.whl"))
