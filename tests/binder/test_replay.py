"""Binder without Docker: what repo2docker would build, and a replay of it in a fresh environment."""

from __future__ import annotations

import contextlib
import json
import os
import re
import secrets
import select
import socket
import subprocess
import sys
import time
import urllib.request

import pytest

pytestmark = [pytest.mark.package, pytest.mark.timeout(900)]

# What Binder's base image for Python 3.11 brings, before our requirements are installed.
BASE_IMAGE = ("jupyterlab==4.4.9", "notebook==7.4.7", "jupyter_server==2.17.0", "ipywidgets==8.1.7")
SECONDS_TO_START = 60


@pytest.fixture(scope="module")
def clone(repository, tmp_path_factory):
    """Give a clean clone of what is committed here."""
    folder = tmp_path_factory.mktemp("binder") / "clone"
    subprocess.run(["git", "clone", "-q", "--no-hardlinks", str(repository), str(folder)], check=True)
    return folder


def environment(folder, *packages):
    """Make a fresh environment with some packages, and return the variables to use it with."""
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    kept = {
        name: value for name, value in os.environ.items() if name not in {"CI", "PYTHONPATH", "MSTICPYCONFIG"}
    }
    env = {**kept, "PATH": f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}", "VIRTUAL_ENV": str(folder)}
    subprocess.run([folder / "bin" / "python", "-m", "pip", "install", "-q", *packages], check=True, env=env)
    return env


@pytest.fixture(scope="module")
def replayed(clone, tmp_path_factory):
    """Give the variables of an environment in which requirements and postBuild were run as Binder runs them."""
    env = environment(tmp_path_factory.mktemp("replay"), *BASE_IMAGE)
    subprocess.run(
        ["python", "-m", "pip", "install", "-q", "-r", "binder/requirements.txt"],
        check=True,
        env=env,
        cwd=clone,
    )
    subprocess.run(["./binder/postBuild"], check=True, env=env, cwd=clone)
    return env


@pytest.fixture(scope="module")
def server(clone, replayed, tmp_path_factory):
    """Start what Binder starts, and give its address and token."""
    runtime, token = tmp_path_factory.mktemp("runtime"), secrets.token_hex(16)
    env = {
        **replayed,
        "JUPYTER_RUNTIME_DIR": str(runtime),
        "JUPYTER_TOKEN": token,
        "JUPYTER_CONFIG_DIR": str(runtime / "config"),
    }
    command = [
        "./binder/start",
        "jupyter",
        "notebook",
        "--no-browser",
        "--allow-root",
        "--ip=127.0.0.1",
        f"--port={free_port()}",
    ]
    with (runtime / "log").open("w") as log:
        process = subprocess.Popen(command, env=env, cwd=clone, stdout=log, stderr=log)
    try:
        yield address(process, runtime), token
    finally:
        process.terminate()
        process.wait(timeout=30)


def free_port():
    """Return a port that nobody listens on: Binder's server writes 0 where it is given 0."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def address(process, runtime):
    """Wait for the server to say where it is, and to answer there."""
    deadline = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < deadline and process.poll() is None:
        for file in runtime.glob("jpserver-*.json"):
            with contextlib.suppress(json.JSONDecodeError, KeyError, OSError):
                url = json.loads(file.read_text())["url"]
                urllib.request.urlopen(f"{url}api", timeout=5).close()  # noqa: S310 - our server
                return url
        select.select([], [], [], 0.1)
    pytest.fail(f"the server did not start:\n{(runtime / 'log').read_text()[-2000:]}")


def get(server, path):
    """Ask the server, with its token, for a path."""
    url, token = server
    request = urllib.request.Request(url + path, headers={"Authorization": f"token {token}"})  # noqa: S310 - our server
    with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310 - our server
        return answer.read().decode()


def test_repo2docker_takes_our_files_as_meant(clone, tmp_path):
    """Its dry run writes a Dockerfile with our Python, our requirements, postBuild and start."""
    env = environment(tmp_path / "tool", "jupyter-repo2docker")
    command = ["jupyter-repo2docker", "--no-build", "--debug", str(clone)]
    done = subprocess.run(command, check=True, env=env, capture_output=True, text=True)
    for expected in ("python=3.11", "binder/requirements.txt", "binder/postBuild", "binder/start"):
        assert expected in done.stdout + done.stderr


def test_binders_lab_opens_with_the_sidebar(server):
    """The page of JupyterLab tells the browser to load the sidebar, and the server has its files."""
    assert "@huntbook/lab" in get(server, f"lab/extensions/@huntbook/lab/{entry_of(get(server, 'lab'))}")


def entry_of(page):
    """Return the file that the page names for the sidebar."""
    extensions = json.loads(re.search(r'id="jupyter-config-data"[^>]*>(.*?)</script>', page, re.DOTALL)[1])
    (ours,) = [each for each in extensions["federated_extensions"] if each["name"] == "@huntbook/lab"]
    return ours["load"]


def test_each_visitor_has_settings_beside_the_notebooks(server, clone):
    """`start` gives the server a settings file in the folder that the visitor sees."""
    answer = json.loads(get(server, "huntbook/settings"))
    assert answer["path"] == str(clone / "binder" / "msticpyconfig.yaml")
    assert answer["state"] == "missing"


def test_the_image_holds_nothing_that_only_the_build_needed(clone, replayed):
    """Node's packages are gone after postBuild."""
    assert not (clone / "jupyter_ext" / "lab" / "node_modules").exists()


def test_the_notebooks_run_in_the_image(clone, replayed):
    """Every notebook runs with the versions that Binder brings."""
    for path in sorted((clone / "binder").glob("*.ipynb")):
        command = ["jupyter", "execute", "--timeout=120", path.name]
        env = {**replayed, "MSTICPYCONFIG": str(clone / "replay" / "msticpyconfig.yaml")}
        done = subprocess.run(command, env=env, cwd=path.parent, capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"{path.name}:\n{done.stderr[-3000:]}"
