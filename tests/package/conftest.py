"""The wheel, built once for every test of it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from filelock import FileLock


@pytest.fixture(scope="session")
def built(repository, tmp_path_factory, testrun_uid) -> Path:
    """Give a folder with wheel and source archive of what is committed here, one for all of pytest's processes."""
    folder = tmp_path_factory.getbasetemp().parent / f"wheel-{testrun_uid}"
    with FileLock(f"{folder}.lock"):
        if not folder.exists():
            _build(repository, folder)
    return folder / "dist"


@pytest.fixture(scope="session")
def wheel(built) -> Path:
    """Give the wheel."""
    return next(built.glob("huntbook-*.whl"))


@pytest.fixture(scope="session")
def archive(built) -> Path:
    """Give the source archive."""
    return next(built.glob("huntbook-*.tar.gz"))


def _build(repository, folder) -> None:
    subprocess.run(
        ["git", "clone", "-q", "--no-hardlinks", str(repository), str(folder / "clone")], check=True
    )
    env = {name: value for name, value in os.environ.items() if name not in {"CI", "PYTHONPATH"}}
    # As a release does it: the archive, and from the archive the wheel.
    command = [sys.executable, "-m", "build", "-o", str(folder / "dist"), str(folder / "clone")]
    subprocess.run(command, check=True, env=env, stdout=subprocess.DEVNULL)
