"""What the settings cost, and what they withstand: many writers at once, and writers that are killed."""

from __future__ import annotations

import argparse
import itertools
import os
import random
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import timeit
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from _settings_server import Kernel, Server, running
from _settings_writers import write

import huntbook.settings
from huntbook.editor import MpConfigEdit
from huntbook.settings.document import read, save

if TYPE_CHECKING:
    from collections.abc import Callable

WRITERS = Path(__file__).with_name("_settings_writers.py")
LARGE_BYTES = 200_000
SETTLED_SECONDS = 1.0
PARTS = ("kills", "times", "writes")
# what is measured -> the most that is promised, in milliseconds
PROMISES = {
    "reading a value, file unchanged": 0.005,
    "save by HTTP, then seen by a kernel": 50,
    "save by HTTP, then seen by a kernel, 200 KB file": 500,
    "GET, 200 KB file": 5,
    "opening MpConfigEdit": 300,
}


def start(file: Path, *words: object) -> subprocess.Popen[str]:
    """Start a writer or a reader in a process of its own."""
    command = [sys.executable, str(WRITERS), str(file), *map(str, words)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def median_ms(action: Callable[[], Any], runs: int) -> float:
    """Return the median time of an action in milliseconds."""
    return statistics.median(timeit.repeat(action, number=1, repeat=runs)) * 1000


def save_and_see(server: Server, kernel: Kernel, runs: int) -> float:
    """Return the median time from the start of a save by the server until a kernel of its own says the new value."""
    # A new value each time, because what was read before is remembered.
    tenants = (f"tenant{number}.example.org" for number in itertools.count())
    revision = server.ask("GET", "huntbook/settings")["revision"]

    def once() -> None:
        nonlocal revision
        tenant = next(tenants)
        changes = {"changes": {"Azure": {"tenant_id": tenant}}, "origin": "sidebar"}
        revision = server.ask("PATCH", "huntbook/settings", changes, If_Match=f'"{revision}"')["revision"]
        seen = kernel.value("huntbook.settings.get('Azure.tenant_id')")
        if seen != repr(tenant):
            raise RuntimeError(f"the kernel has {seen}, not {tenant!r}")

    once()
    return median_ms(once, runs)


def over_http(folder: Path, small: Path, large: Path) -> dict[str, float]:
    """Measure the promises of the server, with a file of usual size and with a large one."""
    found = {}
    for name, file, runs in (("", small, 50), (", 200 KB file", large, 20)):
        place = folder / f"server-{file.stem}"
        place.mkdir()
        with running(place, file) as (server, kernel):
            found[f"save by HTTP, then seen by a kernel{name}"] = save_and_see(server, kernel, runs)
            found["GET, 200 KB file"] = median_ms(
                lambda server=server: server.fetch("GET", "huntbook/settings"), 200
            )
    return found


def times(folder: Path) -> dict[str, float]:
    """Measure each promise."""
    small, large = folder / "small.yaml", folder / "large.yaml"
    small.write_text("Azure:\n  cloud: global # mine\n")
    rows = "".join(
        f"    provider{number}: {{Url: 'https://x.example', Primary: true}}\n" for number in range(3500)
    )
    large.write_text(
        f"Azure:\n  cloud: global\nTIProviders:\n  All:\n{rows}"[:LARGE_BYTES].rpartition("\n")[0] + "\n"
    )
    MpConfigEdit(small).close()
    return {
        "reading a value, file unchanged": read_ms(small),
        **over_http(folder, small, large),
        "opening MpConfigEdit": median_ms(lambda: MpConfigEdit(small), 10),
    }


def read_ms(file: Path) -> float:
    """Return the time of a read as an analyst's code makes it, in milliseconds; print what the look at the file takes of it."""
    os.environ["MSTICPYCONFIG"] = str(file)
    # Not before the file is old enough that a look at its times tells whether it changed.
    while time.time() - file.stat().st_mtime < SETTLED_SECONDS:
        time.sleep(0.01)
    huntbook.settings.get("Azure.cloud")
    floor, found = (
        min(timeit.repeat(action, number=20_000, repeat=5)) / 20_000 * 1000
        for action in (lambda: os.stat(file), lambda: huntbook.settings.get("Azure.cloud"))  # noqa: PTH116 - what is measured
    )
    print(f"{'one stat of the file, for comparison':45} {floor:10.4f} ms", flush=True)
    return found


def many_writers(folder: Path, writes: int) -> bool:
    """Let 8 processes write while 4 read; say whether nothing was lost and nothing was torn."""
    file = folder / "stress.yaml"
    file.write_text("Marker: {count: 0}\n")
    each = writes // 8
    readers = [start(file, "read") for _ in range(4)]
    writers = [start(file, "write", f"w{number}", each) for number in range(8)]
    begun = time.perf_counter()
    good = all([writer.communicate() and writer.returncode == 0 for writer in writers])  # noqa: C419 - wait for all
    took = time.perf_counter() - begun
    # The end of their input ends the readers, so that they read for as long as there are writers.
    seen = [reader.communicate()[0].strip() for reader in readers]
    good &= all(reader.returncode == 0 for reader in readers)
    lost = each * 8 - read(file).data["Marker"]["count"]
    print(
        f"{each * 8:,} writes by 8 processes in {took:.1f} s: {lost} lost; reads by 4 others: {', '.join(seen)}",
        flush=True,
    )
    return good and not lost


def forked_writer(file: Path) -> tuple[int, TextIO]:
    """Fork a writer that saves until it is killed; return its process, and the pipe that it acknowledges into.

    A process of its own from the start would spend most of its life on loading.
    """
    receiving, sending = os.pipe()
    process = os.fork()
    if process == 0:
        with os.fdopen(sending, "w") as stream:
            write(str(file), "w", sys.maxsize, lambda number: print(number, file=stream, flush=True))
        os._exit(0)
    os.close(sending)
    return process, os.fdopen(receiving)


def killed_writers(folder: Path, kills: int) -> bool:
    """Kill a writer at a random moment, again and again; say whether file, writes and lock were well each time."""
    file = folder / "kills.yaml"
    chance = random.Random(1)  # noqa: S311 - moments to kill, not secrets
    begun = time.perf_counter()
    bad = 0
    for number in range(kills):
        file.write_text("Marker: {count: 0}\n")
        process, acknowledging = forked_writer(file)
        with acknowledging:
            acknowledged = [int(acknowledging.readline())]
            time.sleep(chance.uniform(0, 0.05))
            os.kill(process, signal.SIGKILL)
            os.waitpid(process, 0)
            acknowledged += [int(line) for line in acknowledging if line.endswith("\n")]
        bad += not _well(file, acknowledged[-1], number)
    took = time.perf_counter() - begun
    print(
        f"{kills:,} writers killed in {took:.1f} s: {bad} times a torn file, a lost write or a lock left",
        flush=True,
    )
    return not bad


def _well(file: Path, acknowledged: int, number: int) -> bool:
    """Say whether a file is whole after a kill, has what was acknowledged, and can be saved at once."""
    found = read(file)
    last = found.data.get("w", {}).get("last", -1)
    begun = time.perf_counter()
    save(file, {"After": {"n": number}}, expected_revision=found.revision, origin="cli")
    return (
        found.fault is None and acknowledged <= last <= acknowledged + 1 and time.perf_counter() - begun < 1
    )


def main() -> int:
    """Print a row a promise; return 1 when one is broken."""
    parser = argparse.ArgumentParser(prog="scripts/bench settings", description=__doc__)
    parser.add_argument(
        "--writes", type=int, default=10_000, help="saves by 8 processes together (default: 10000)"
    )
    parser.add_argument("--kills", type=int, default=500, help="writers to kill (default: 500)")
    parser.add_argument(
        "--parts",
        nargs="+",
        choices=PARTS,
        default=PARTS,
        metavar="PART",
        help=f"what to run, of {', '.join(PARTS)} (default: all)",
    )
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        os.environ["JUPYTER_CONFIG_DIR"] = name
        kept = True
        # First, because processes are forked as long as there is one thread only.
        if "kills" in chosen.parts:
            kept &= killed_writers(folder, chosen.kills)
        if "times" in chosen.parts:
            for what, took in times(folder).items():
                kept &= took <= PROMISES[what]
                print(f"{what:45} {took:10.4f} ms; promised at most {PROMISES[what]} ms", flush=True)
        if "writes" in chosen.parts:
            kept &= many_writers(folder, chosen.writes)
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
