"""Measure a large query beside Microsoft's LogsQueryClient: time and peak memory, for the same answer.

A fake Azure on this machine serves the answer over TLS; both ask in turn, each time in a fresh process that is signed
in already. The peer's way is `LogsQueryClient.query_workspace` and `pd.DataFrame(table.rows)`.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

from _logs_answer import make_answer

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests"))

from fakecloud import Answer, FakeAzure  # noqa: E402 - found through the line above

ONCE = Path(__file__).with_name("_logs_once.py")
PEER = "azure-monitor-query"
MEASURES = {
    "call": "s, the call",
    "convert": "s, from answer to frame",
    "processor": "s, of the processor",
    "peak": "MB above the process before",
}


def once(name: str, azure: FakeAzure, body: bytes) -> dict[str, float]:
    """Ask in a fresh process and return what it took."""
    programs = azure.write_program("az", default="AzureUSGovernment")
    (azure.folder / "config").write_text("[cloud]\nname = AzureUSGovernment\n", encoding="utf-8")
    env = {**os.environ, **azure.environment(), "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}"}
    env["AZURE_CONFIG_DIR"] = str(azure.folder)
    env["MSTICPYCONFIG"] = str(azure.folder / "msticpyconfig.yaml")
    small = b'{"tables":[{"name":"t","columns":[{"name":"n","type":"string"}],"rows":[["a"]]}]}'
    for answer in (small, body):
        azure["usgov"].fault("/query", Answer(body=answer))
    done = subprocess.run([sys.executable, ONCE, name], capture_output=True, text=True, check=False, env=env)
    if done.returncode:
        sys.exit(f"{name} failed:\n{done.stderr}")
    result: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    if "failed" in result:
        sys.exit(f"{name}: {result['failed']}. Ask for fewer --rows.")
    return result


def compare(rows: int, repeats: int, azure: FakeAzure) -> None:
    """Ask by both in turn, and print medians and ratios."""
    body = make_answer(rows)
    own: list[dict[str, float]] = []
    peer: list[dict[str, float]] = []
    for _ in range(repeats):
        peer.append(once(PEER, azure, body))
        own.append(once("huntbook", azure, body))
    size = len(body) / 2**20
    print(f"\n{rows:,} rows of 20 columns, {size:,.0f} MB{'':>8}huntbook {PEER:>20}    ratio")
    for measure, words in MEASURES.items():
        mine, theirs = (median(each[measure] for each in results) for results in (own, peer))
        print(f"  {words:<36}{mine:>10,.2f} {theirs:>20,.2f} {theirs / mine:>7.1f}x")
    peaks = (median(each["peak"] for each in results) / size for results in (own, peer))
    print("  {:<36}{:>10.1f} {:>20.1f}".format("times the answer, peak memory", *peaks), flush=True)


def main() -> None:
    """Compare at each size."""
    parser = argparse.ArgumentParser(prog="scripts/bench logs", description=__doc__)
    parser.add_argument(
        "--rows", type=float, nargs="+", default=[5e5], help="how many rows (default: %(default)s)"
    )
    parser.add_argument("--repeats", type=int, default=3, help="how often (default: %(default)s)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, FakeAzure(Path(folder)) as azure:
        for rows in options.rows:
            compare(int(rows), options.repeats, azure)


if __name__ == "__main__":
    main()
