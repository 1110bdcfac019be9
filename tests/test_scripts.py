"""The scripts that people and CI share."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[1]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
SCRIPTS = sorted(path for path in (ROOT / "scripts").iterdir() if path.is_file() and not path.suffix)


def commands(workflow):
    """Yield each command that a workflow runs."""
    for job in yaml.safe_load(workflow.read_text("utf-8"))["jobs"].values():
        yield from (step["run"] for step in job["steps"] if "run" in step)


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_a_script_says_what_it_does(script):
    """With --help, without making an environment first."""
    assert os.access(script, os.X_OK)
    done = subprocess.run([sys.executable, script, "--help"], capture_output=True, text=True, check=True)
    assert len(done.stdout.split("\n\n")[1]) > 30


def test_every_script_has_a_line_for_those_who_contribute():
    """One command a job, and all of them are listed."""
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    assert [script.name for script in SCRIPTS if f"scripts/{script.name}" not in text] == []


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.name)
def test_a_workflow_calls_the_scripts_that_people_call(workflow):
    """What runs on another machine can be run on one's own."""
    run = [command.split()[0] for command in commands(workflow)]
    named = [word for word in run if word.startswith("scripts/")]
    assert named
    assert [word for word in named if not (ROOT / word).exists()] == []
    assert set(run) - set(named) <= {"test", ".venv/bin/python"}


def test_what_must_pass_before_a_change_lands_is_in_the_checks():
    """`.ci/run` and the workflow ask for the same."""
    lines = (ROOT / ".ci" / "run").read_text("utf-8").splitlines()
    (checks,) = [workflow for workflow in WORKFLOWS if workflow.stem == "checks"]
    assert {line for line in lines if line.startswith("scripts/")} <= set(commands(checks))
