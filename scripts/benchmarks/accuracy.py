"""Score recorded parents against the truth, beside the peer: Sysmon's identifiers (hidden from both) and a simulation."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import zipfile
from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd
from _peer import ROOT, peer_python

from huntbook.compute.processes import LinkRule
from huntbook.simulated.processes import processes

ONCE = Path(__file__).with_name("_processes_once.py")
GUIDS = ["ProcessGuid", "ParentProcessGuid"]
# What the columns of a recording are that either side reads.
SYSMON = ["EventID", "UtcTime", "Hostname", "Computer", "Image", "ProcessId", "ParentProcessId", "ParentImage",
          "CommandLine", "ParentCommandLine", "User", "LogonId", "Channel", "SourceName", *GUIDS]  # fmt: skip
_MACHINE_AND_SECOND = 18


Numbers = np.ndarray[tuple[int], np.dtype[np.int64]]


def recording(path: Path) -> pd.DataFrame | None:
    """Return the Sysmon starts and exits of a recording, or None if it has none (or isn't in lines, which is said)."""
    with zipfile.ZipFile(path) as archive:
        names = [
            name for name in archive.namelist() if name.endswith(".json") and not name.startswith("__MACOSX")
        ]
        try:
            events = [
                event for name in names for line in archive.open(name) if (event := sysmon(line)) is not None
            ]
        except json.JSONDecodeError:
            print(f"left out {path.name}: its events are not one a line")
            return None
    frame = pd.DataFrame(events, columns=SYSMON)
    frame["Computer"] = frame["Computer"].where(frame["Computer"].notna(), frame["Hostname"])
    starts = frame[frame["EventID"] == 1]
    return frame.drop(columns="Hostname") if len(starts) and starts[GUIDS].notna().all(axis=None) else None


def sysmon(line: bytes) -> dict[str, object] | None:
    """Return an event if it is a process start or exit of Sysmon."""
    event: dict[str, object] = json.loads(line)
    recorder = f"{event.get('Channel')} {event.get('SourceName')}"
    return event if event.get("EventID") in {1, 5} and "Sysmon" in recorder else None


def links(python: Path | str, side: str, frame: pd.DataFrame, source: str) -> tuple[Numbers, Numbers]:
    """Return the row of each row's parent, or -1, and the rule, as one side finds them in a fresh process."""
    found, rules = np.full(len(frame), -1, dtype=np.int64), np.zeros(len(frame), dtype=np.int64)
    with tempfile.TemporaryDirectory() as folder:
        events, answer = Path(folder) / "events.parquet", Path(folder) / "links.npz"
        texts = [name for name, kind in frame.dtypes.items() if str(kind) == "object"]
        frame.astype(dict.fromkeys(texts, "string")).assign(RowNumber=np.arange(len(frame))).to_parquet(
            events
        )
        done = subprocess.run(
            [python, ONCE, side, events, source, answer], check=False, capture_output=True, text=True
        )
        if done.returncode:
            print(f"    {side} failed: {done.stderr.strip().splitlines()[-1][:150]}")
            return found, rules
        with np.load(answer) as part:
            found[: len(part["parents"])] = part["parents"]
            if "rules" in part:
                rules[: len(part["rules"])] = part["rules"]
        return found, rules


def ids(column: pd.Series) -> list[int]:
    """Return process ids, -1 where the recorder lost them."""
    return pd.to_numeric(column).fillna(-1).astype(int).tolist()


def sysmon_truth(frame: pd.DataFrame) -> tuple[list[int | None], list[bool]]:
    """Return the row of each row's true parent (-1: not recorded, None: no start), and where the truth is in doubt.

    In doubt: the recorder gave no parent, or it gave one process two identifiers (same machine, second and id).
    """
    starts = frame["EventID"] == 1
    guid, above = (frame[column].str.lower() for column in GUIDS)
    row_of = {one: row for row, one in guid[starts][::-1].items()}
    twins = {(one[:_MACHINE_AND_SECOND], pid) for one, pid in zip(guid, ids(frame["ProcessId"]), strict=True)}
    truth: list[int | None] = []
    doubt = []
    for start, one, pid in zip(starts, above, ids(frame["ParentProcessId"]), strict=True):
        truth.append(row_of.get(one, -1) if start else None)
        known = isinstance(one, str) and not one.startswith("{00000000")
        twin = known and one not in row_of and (one[:_MACHINE_AND_SECOND], pid) in twins
        doubt.append(start and (not known or twin))
    return truth, doubt


def score(
    answer: tuple[Numbers, Numbers], truth: list[int | None], doubt: list[bool], host: pd.Series
) -> Counter[str]:
    """Count right, false and missing parents, in all and by rule, and links to another host."""
    short = host.fillna("").str.lower().str.partition(".")[0].tolist()
    result: Counter[str] = Counter()
    for row, (got, rule, want) in enumerate(zip(*map(np.ndarray.tolist, answer), truth, strict=True)):
        if want is None:
            continue
        result["processes"] += 1
        result["cross-host"] += got >= 0 and short[got] != short[row]
        if doubt[row]:
            result["doubtful"] += 1
            continue
        result["recorded"] += want >= 0
        said = (
            "right" if got >= 0 and got == want else "false" if got >= 0 else "missing" if want >= 0 else ""
        )
        for counted in (said, f"{said} {rule}") if said else ():
            result[counted] += 1
    return result


COLUMNS = ("processes", "doubtful", "recorded", "right", "false", "missing", "cross-host")


def show(name: str, side: str, counts: Counter[str]) -> None:
    """Print one row, and for huntbook one for each rule that found a parent, or found none where there was one."""
    share = counts["right"] / max(counts["recorded"], 1)
    print(
        f"{name[:44]:44} {side:9}" + "".join(f"{counts[c]:>11,}" for c in COLUMNS) + f"{share:>9.2%}",
        flush=True,
    )
    for rule in LinkRule if side == "huntbook" else ():
        parts = [counts[f"{said} {int(rule)}"] for said in ("right", "false", "missing")]
        if any(parts):
            print(f"{'':44}   {rule.name.lower():40}" + "".join(f"{part:>11,}" for part in parts))


def sides() -> dict[str, Path | str]:
    """Return the Python of each side."""
    return {"huntbook": sys.executable, "msticpy": peer_python()}


def main() -> int:
    """Print a row a data set and side; return 1 if a recorded parent of the recordings is not found or a false one is."""
    parser = argparse.ArgumentParser(prog="scripts/bench accuracy", description=__doc__)
    parser.add_argument(
        "--recordings", type=Path, default=ROOT.parent / "shared" / "data" / "otrf", help="folder of zips"
    )
    parser.add_argument(
        "--processes", type=int, default=1_000_000, help="size of the simulated fleet; 0 for none"
    )
    parser.add_argument("--each", action="store_true", help="a row for each recording, not only their sum")
    options = parser.parse_args()
    print(f"{'':44} {'':9}" + "".join(f"{c:>11}" for c in COLUMNS) + f"{'right %':>9}")
    kept = recorded(options.recordings, each=options.each)
    if options.processes:
        simulated(options.processes)
    print("every recorded parent found, none false" if kept else "a parent is MISSING or FALSE")
    return int(not kept)


def recorded(folder: Path, *, each: bool) -> bool:
    """Score recordings, one at a time and pooled; return whether ours are right throughout."""
    paths = sorted(folder.glob("*.zip"))
    found = {path.stem: frame for path in paths if (frame := recording(path)) is not None}
    sums = {side: Counter() for side in sides()}
    pools = {side: Counter() for side in sides()}
    pool = pd.concat(found.values(), ignore_index=True)
    for side, python in sides().items():
        for name, frame in found.items():
            counts = recorded_score(python, side, frame)
            sums[side] += counts
            if each:
                show(name, side, counts)
        pools[side] = recorded_score(python, side, pool)
    for side, counts in sums.items():
        show(f"{len(found)} recordings, one at a time", side, counts)
    for side, counts in pools.items():
        show("the same, pooled", side, counts)
    wrong = ("false", "missing", "cross-host")
    return not any(counts[word] for counts in (sums["huntbook"], pools["huntbook"]) for word in wrong)


def recorded_score(python: Path | str, side: str, frame: pd.DataFrame) -> Counter[str]:
    """Score one side on recorded events, without the identifiers that are the truth."""
    answer = links(python, side, frame.drop(columns=GUIDS), "sysmon")
    return score(answer, *sysmon_truth(frame), frame["Computer"])


def simulated(size: int) -> None:
    """Score a simulated fleet, with the exits that it records and without."""
    fleet = processes(hosts=max(1, size // 2_500), hours=24.0, seed=1)
    for name, frame in (
        ("simulated, with exits", fleet),
        ("simulated, without exits", fleet[fleet["EventID"] == 4688].reset_index(drop=True)),  # noqa: PLR2004
    ):
        starts = (frame["EventID"] == 4688).to_numpy()  # noqa: PLR2004 - a process start
        row_of = pd.Series(np.flatnonzero(starts), index=frame["TrueProcess"].to_numpy()[starts])
        parents = row_of.reindex(frame["TrueParent"]).fillna(-1).astype(int).tolist()
        truth = [parent if start else None for parent, start in zip(parents, starts, strict=True)]
        hidden = frame.drop(columns=["TrueProcess", "TrueParent", "Attack"])
        for side, python in sides().items():
            answer = links(python, side, hidden, "windows_4688")
            show(name, side, score(answer, truth, [False] * len(truth), frame["Computer"]))


if __name__ == "__main__":
    sys.exit(main())
