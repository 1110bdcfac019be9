"""The peer that the pictures are measured beside, in an environment of its own."""

from __future__ import annotations

import subprocess
import sys
import venv
from pathlib import Path

PEER = "msticpy==3.0.2"
ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".venv-msticpy"


def peer_python() -> Path:
    """Return the Python that has the peer; make its environment on the first call."""
    python = VENV / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    installed = VENV / "installed"
    if not (installed.exists() and installed.read_text() == PEER):
        print(f"making {VENV.name} with {PEER}", flush=True)
        venv.create(VENV, with_pip=True, clear=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", PEER, "pyarrow"], check=True)
        installed.write_text(PEER)
    return python


if __name__ == "__main__":
    peer_python()
