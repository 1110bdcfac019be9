"""Beside the real MSTICPy 3.0.2, in an environment of its own."""

from __future__ import annotations

import json
import os
import subprocess

import pytest

PROBE = """
import json, sys, warnings
import msticpy
from msticpy.vis import mp_pandas_plot
import pandas as pd
from IPython.core.interactiveshell import InteractiveShell

def state():
    return {
        "version": msticpy.__version__,
        "settings": repr(msticpy.settings),
        "accessor": f"{pd.DataFrame.mp_plot.__module__}.{pd.DataFrame.mp_plot.__qualname__}",
        "names": sorted(dir(msticpy)),
        "modules": sorted(f"{name} {id(module)}" for name, module in sys.modules.items() if name.startswith("msticpy")),
        "finders": [repr(finder) for finder in sys.meta_path],
    }

shell = InteractiveShell.instance()
before = state()
shell.run_line_magic("load_ext", "huntbook")
print(json.dumps([before, state(), sorted(shell.magics_manager.magics["line"])]))
"""


@pytest.fixture(scope="module")
def python_with_msticpy(repository):
    """Give the Python of the environment that `scripts/bench` makes for MSTICPy, or skip and say so."""
    python = repository / ".venv-msticpy" / "bin" / "python"
    if not python.exists():
        pytest.skip("the real MSTICPy is not here: scripts/bench matrix makes .venv-msticpy with it")
    return python


def test_load_ext_changes_nothing_of_the_real_package(python_with_msticpy, repository, tmp_path):
    """Its names, modules, settings and accessor are what they were; our commands are there beside it."""
    config = tmp_path / "msticpyconfig.yaml"
    config.write_text("Azure:\n  cloud: global\n")
    env = {**os.environ, "PYTHONPATH": str(repository / "widgets"), "MSTICPYCONFIG": str(config)}
    done = subprocess.run(
        [python_with_msticpy, "-c", PROBE], capture_output=True, text=True, check=True, env=env, cwd=tmp_path
    )
    before, after, commands = json.loads(done.stdout.splitlines()[-1])
    assert before == after
    assert before["version"] == "3.0.2"
    assert {"azcloud", "hunt", "mpconfig"} <= set(commands)
    assert "answers to its name" not in done.stdout
