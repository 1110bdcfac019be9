"""The wheel, built from a clean clone and installed where there is no Node."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

pytestmark = [pytest.mark.package, pytest.mark.timeout(600)]

LABEXTENSION = "share/jupyter/labextensions/@huntbook/lab/"
ADDRESS = re.compile(rb"https?://([\w.-]+)")


@pytest.fixture(scope="module")
def files(wheel) -> dict[str, bytes]:
    """Give the name and the bytes of every file in the wheel."""
    with zipfile.ZipFile(wheel) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory) -> Path:
    """Give the folder of commands of a fresh environment that has the wheel, and no Node."""
    folder = tmp_path_factory.mktemp("installed")
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    env = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    env["PATH"] = str(folder / "bin")
    pip = [str(folder / "bin" / "python"), "-m", "pip", "install", "-q", f"huntbook[demo] @ {wheel.as_uri()}"]
    subprocess.run(pip, check=True, env=env)
    return folder / "bin"


def run_installed(commands: Path, *words: str) -> str:
    """Run a command of the fresh environment, with nothing else on the PATH, and return all that it said."""
    env = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PYTHON", "JUPYTER", "VIRTUAL"))
    }
    env["PATH"] = str(commands)
    done = subprocess.run(
        [str(commands / words[0]), *words[1:]], capture_output=True, text=True, env=env, check=True
    )
    return done.stdout + done.stderr


def test_the_wheel_carries_both_packages_the_sidebar_and_the_drop_in(files):
    """One wheel holds kernel library, server extension, prebuilt sidebar and the switch that enables them."""
    names = {name.split(".data/data/")[-1] for name in files}
    expected = {
        "huntbook/__init__.py",
        "huntbook/py.typed",
        "huntbook_server/app.py",
        "etc/jupyter/jupyter_server_config.d/huntbook_server.json",
        LABEXTENSION + "package.json",
        LABEXTENSION + "install.json",
    }
    assert expected <= names
    assert any(name.startswith(LABEXTENSION + "static/remoteEntry") for name in names)


def test_the_wheel_holds_no_source_map_build_log_or_second_copy(files):
    """Nothing of the building machine and nothing twice."""
    unwanted = (".map", "build_log.json", ".ts", ".tsx", ".pyc", "node_modules")
    assert [name for name in files if name.endswith(unwanted) or "huntbook_server/labextension" in name] == []


def test_the_wheel_names_no_place(files, repository):
    """No address of a registry or a machine and no path of the building machine is in what we ship."""
    ours = {
        name: text
        for name, text in files.items()
        if not name.endswith((".LICENSE.txt", "third-party-licenses.json"))
    }
    hosts = {host for text in ours.values() for host in ADDRESS.findall(text)}
    assert [host for host in hosts if re.search(rb"registry|pypi|pythonhosted|npmjs|yarnpkg", host)] == []
    assert [name for name, text in files.items() if str(repository).encode() in text] == []


def test_the_description_leads_nowhere_outside_the_wheel(files):
    """A page of a package index has no file of the checkout to show or to link to."""
    (metadata,) = (text.decode() for name, text in files.items() if name.endswith("METADATA"))
    assert "# huntbook" in metadata
    assert "Licence: MIT." in metadata
    assert re.findall(r"\]\((?!https?:)[^)]*\)|(?:src|srcset|href)=", metadata) == []


def test_who_cites_it_cites_the_version_that_is_built(wheel, repository):
    """The number is written in the sidebar's package and, for readers, in CITATION.cff."""
    cited = re.search(r"^version: (\S+)$", (repository / "CITATION.cff").read_text(), re.MULTILINE)
    assert wheel.name.split("-")[1] == cited[1]


def test_yarn_lock_names_no_registry(repository):
    """The lock file pins versions and checksums, never addresses."""
    assert "http" not in (repository / "jupyter_ext" / "lab" / "yarn.lock").read_text()


def test_the_server_extension_is_enabled_after_pip_install(installed):
    """`pip install` is all there is to do: no enable command."""
    said = run_installed(installed, "jupyter", "server", "extension", "list")
    assert re.search(r"huntbook_server.*enabled", said)
    assert re.search(r"huntbook_server [\d.]+\S*.*OK", said)


def test_the_sidebar_is_enabled_after_pip_install_without_node(installed):
    """The prebuilt sidebar needs no Node on the user's machine."""
    said = run_installed(installed, "jupyter", "labextension", "list")
    assert re.search(r"@huntbook/lab v[\d.]+\S*.*enabled.*OK", said)


def test_the_installed_library_answers(installed):
    """The wheel's own copy imports and knows its default cloud."""
    ask = "import huntbook; print(huntbook.__file__, huntbook.settings.get('Azure.cloud'))"
    said = run_installed(installed, "python", "-c", ask)
    assert str(installed.parent) in said
    assert said.split()[-1] == "global"


def test_the_source_archive_builds_the_same_wheel_without_node(archive, files, tmp_path):
    """Who packages huntbook needs what is in the archive and nothing else; the sidebar is built already."""
    env = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    env["PATH"] = str(Path(sys.executable).parent)
    command = [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "-w", str(tmp_path), str(archive)]
    subprocess.run(command, check=True, env=env)
    with zipfile.ZipFile(next(tmp_path.glob("huntbook-*.whl"))) as built:
        assert set(built.namelist()) == set(files)


def test_the_source_archive_holds_the_project_and_no_build(archive):
    """Tests, pages and scripts are in it; environments, caches and packages of Node are not."""
    with tarfile.open(archive) as inside:
        names = {name.partition("/")[2] for name in inside.getnames()}
    assert {
        "README.md",
        "LICENSE",
        "CHANGELOG.md",
        "docs/index.md",
        "scripts/test",
        "tests/conftest.py",
    } <= names
    assert [
        name for name in names if re.search(r"node_modules|\.venv|__pycache__|\.ipynb_checkpoints", name)
    ] == []
