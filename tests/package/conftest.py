"""The wheel, built once for every test of it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from filelock import FileLock


@pytest.fixture(scope="session")
def wheel(repository, tmp_path_factory, testrun_uid) -> Path:
    """Give a wheel built from a clean clone of what is committed here, one for all of pytest's processes."""
    folder = tmp_path_factory.getbasetemp().parent / f"wheel-{testrun_uid}"
    with FileLock(f"{folder}.lock"):
        if not folder.exists():
            _build(repository, folder)
    return next((folder / "dist").glob("huntbook-*.whl"))


def _build(repository, folder) -> None:
    subprocess.run(
        ["git", "clone", "-q", "--no-hardlinks", str(repository), str(folder / "clone")], check=True
    )
    env = {name: value for name, value in os.environ.items() if name not in {"CI", "PYTHONPATH"}}
    command = [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "-w"]
    subprocess.run([*command, str(folder / "dist"), str(folder / "clone")], check=True, env=env)
