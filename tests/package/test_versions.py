"""The wheel on every Python that it names, and with the lowest versions that it declares."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

pytestmark = [pytest.mark.package, pytest.mark.versions, pytest.mark.timeout(1800)]

PYTHONS = ("3.11", "3.12", "3.13")
NOTEBOOKS = ("demo.ipynb", "hunting-in-pictures.ipynb", "your-own-data.ipynb")
LOWEST = re.compile(r"(?P<name>[\w.-]+)(?:\[\w+\])?>=(?P<version>[\d.]+)")
EXTENSIONS = {
    "jupyter server extension list": r"huntbook_server [\d.]+\S*.*OK",
    "jupyter labextension list": r"@huntbook/lab v[\d.]+\S*.*enabled.*OK",
}
# Every module loads, and a picture of each kind is drawn.
SMOKE = """
import importlib, pkgutil, warnings
import huntbook
for found in pkgutil.walk_packages(huntbook.__path__, "huntbook."):
    importlib.import_module(found.name)
flows = huntbook.samples.network_flows(rows=2_000)
assert int(huntbook.plot.matrix(flows, x="SourceIP", y="DestinationIP").data["rows"].sum()) == 2_000
assert len(huntbook.plot.timeline(flows, group_by="Protocol").data)
assert len(huntbook.build_process_tree(huntbook.samples.incident(rows=5_000).processes))
assert huntbook.check("usgov").components[0].endpoint == "https://management.usgovcloudapi.net"
huntbook.MpConfigEdit()
"""


def interpreter(version: str) -> str:
    """Return a Python of that version, from the PATH or from pyenv, or skip and say so."""
    named = [
        shutil.which(f"python{version}"),
        *sorted(Path.home().glob(f".pyenv/versions/{version}.*/bin/python")),
    ]
    for path in filter(None, named):
        ask = [str(path), "-c", "import sys; print('%d.%d' % sys.version_info[:2])"]
        done = subprocess.run(ask, capture_output=True, text=True, check=False)
        if done.stdout.strip() == version:
            return str(path)
    pytest.skip(f"no Python {version} is here: looked on the PATH and in ~/.pyenv/versions")


def lowest(repository: Path) -> list[str]:
    """Return a pin to the lowest version of everything that the library and its demo declare."""
    project = tomllib.loads((repository / "pyproject.toml").read_text("utf-8"))["project"]
    declared = [*project["dependencies"], *project["optional-dependencies"]["demo"]]
    return [f"{found['name']}=={found['version']}" for each in declared if (found := LOWEST.match(each))]


def installed(python: str, folder: Path, wheel: Path, *pins: str) -> dict[str, str]:
    """Make an environment with the wheel and its demo, and return the variables to use it with."""
    subprocess.run([python, "-m", "venv", str(folder)], check=True)
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PYTHON", "JUPYTER", "VIRTUAL", "CI"))
    }
    env = {
        **kept,
        "PATH": f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}",
        "MSTICPYCONFIG": str(folder / "settings.yaml"),
    }
    command = [
        folder / "bin" / "python",
        "-m",
        "pip",
        "install",
        "-q",
        f"huntbook[demo] @ {wheel.as_uri()}",
        *pins,
    ]
    subprocess.run(command, check=True, env=env)
    return env


def check(env: dict[str, str], repository: Path, folder: Path) -> None:
    """Load everything, draw, run the notebooks, and ask Jupyter whether it sees both extensions."""
    subprocess.run(["python", "-c", SMOKE], check=True, env=env, cwd=folder)
    for name in NOTEBOOKS:
        shutil.copy(repository / "binder" / name, folder)
        done = subprocess.run(
            ["jupyter", "execute", "--startup_timeout=180", name],
            env=env,
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{name}:\n{done.stderr[-3000:]}"
    for command, expected in EXTENSIONS.items():
        said = subprocess.run(
            command.split(), env=env, cwd=folder, capture_output=True, text=True, check=True
        )
        assert re.search(expected, said.stdout + said.stderr)


@pytest.mark.parametrize("version", PYTHONS)
def test_the_wheel_works_on_a_python_that_it_names(version, wheel, repository, tmp_path):
    """With the newest versions that pip finds."""
    env = installed(interpreter(version), tmp_path / "env", wheel)
    check(env, repository, tmp_path)


def test_the_wheel_works_with_the_lowest_versions_that_it_declares(wheel, repository, tmp_path):
    """On the oldest Python, with every dependency at its floor."""
    env = installed(interpreter(PYTHONS[0]), tmp_path / "env", wheel, *lowest(repository))
    check(env, repository, tmp_path)


def test_removing_the_wheel_leaves_nothing_behind(wheel, tmp_path):
    """`pip uninstall` takes sidebar, switch and library; only the person's settings stay."""
    env = installed(interpreter(PYTHONS[0]), tmp_path / "env", wheel)
    subprocess.run(
        ["python", "-c", "import huntbook, huntbook.settings.live"], check=True, env=env, cwd=tmp_path
    )
    subprocess.run(["python", "-m", "pip", "uninstall", "-q", "-y", "huntbook"], check=True, env=env)
    left = [
        path
        for path in (tmp_path / "env").rglob("*")
        if "huntbook" in str(path.relative_to(tmp_path)) and path.is_file()
    ]
    assert left == []
