"""The sidebar's own tests, which run in Node."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [pytest.mark.package, pytest.mark.timeout(300)]


def test_the_tests_of_the_sidebar_pass(repository):
    """State, history and schema of the panel hold what their own tests say."""
    if shutil.which("node") is None:
        pytest.skip("there is no Node.js on the PATH; scripts/test brings one")
    jlpm = Path(sys.executable).with_name("jlpm")
    # With CI set, jlpm refuses to write node_modules anew.
    env = {name: value for name, value in os.environ.items() if name != "CI"}
    env["PATH"] = f"{jlpm.parent}{os.pathsep}{env['PATH']}"
    for command in (["install", "--immutable"], ["test"]):
        done = subprocess.run(
            [jlpm, *command],
            cwd=repository / "jupyter_ext" / "lab",
            env=env,
            text=True,
            capture_output=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]
