"""Run a command inside the fake Azure: ``python -m fakecloud --cloud usgov -- jupyter lab``."""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from fakecloud.azure import FakeAzure
from fakecloud.hosts import HOSTS


def main() -> int:
    """Start the fakes, run the command with their environment, and show what each cloud saw."""
    parser = argparse.ArgumentParser(prog="fakecloud", description=__doc__)
    parser.add_argument(
        "--cloud", choices=sorted(HOSTS), default="usgov", help="the cloud that az is signed in to"
    )
    parser.add_argument("command", nargs=argparse.REMAINDER, help="the command to run, after --")
    told = parser.parse_args()
    command = told.command[1:] if told.command[:1] == ["--"] else told.command
    if not command:
        parser.error("name a command after --")
    # Whoever ends this program ends what it runs: leaving by an exception does.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with tempfile.TemporaryDirectory() as name, FakeAzure(Path(name)) as azure:
        environment = {**os.environ, **azure.environment(), **azure.signed_in(told.cloud)}
        code = subprocess.run(command, env=environment, check=False).returncode
        for cloud in azure.clouds.values():
            print(f"fake cloud {cloud.hosts.name}: {len(cloud.requests)} requests", file=sys.stderr)  # noqa: T201 - a report for the person at the terminal
        return code


if __name__ == "__main__":
    sys.exit(main())
