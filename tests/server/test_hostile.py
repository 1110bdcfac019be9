"""Claims about what comes from somebody who means harm: bodies and files that no server may choke on."""

from __future__ import annotations

import asyncio
import json
import re
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import FrameType
from typing import Self

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
KEYS = (
    st.sampled_from(["Azure", "MSSentinel", "cloud", "auth_methods", "tenant_id", "__class__", ""])
    | st.text()
)
CHANGES = st.dictionaries(KEYS, st.dictionaries(KEYS, JSON, max_size=4) | JSON, max_size=4)
MEGABYTE = 2**20
MOST_VALUES = 50_000


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=JSON | st.fixed_dictionaries({"changes": CHANGES}))
def test_no_body_makes_the_server_fail(ask, jp_asyncio_loop, body):
    """Whatever JSON comes, the answer is a save or a refusal in words, and the file stays readable."""

    async def save_and_read():
        before = await ask()
        headers = {"If-Match": before.headers["ETag"]}
        return await ask(method="PATCH", headers=headers, body=json.dumps(body)), await ask()

    saved, after = jp_asyncio_loop.run_until_complete(save_and_read())
    assert saved.code in {200, 400, 409, 422}
    assert saved.code == 200 or json.loads(saved.body)["message"].endswith(".")
    assert json.loads(after.body)["state"] in {"ok", "missing"}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    path=st.sampled_from(["import", "check", "history/0123456789abcdef"]),
    body=JSON | st.fixed_dictionaries({"text": st.text()}) | st.fixed_dictionaries({"origin": JSON}),
)
def test_no_body_makes_another_endpoint_fail(ask, jp_asyncio_loop, settings_file, path, body):
    """The same of everything else that takes one; nothing of it is written."""
    asked = ask(path, method="POST", headers={"If-Match": '"absent"'}, body=json.dumps(body))
    answer = jp_asyncio_loop.run_until_complete(asked)
    assert answer.code in {200, 400, 409, 422}
    assert answer.code == 200 or json.loads(answer.body)["message"].endswith(".")
    assert not settings_file.exists()


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"x" * (MEGABYTE + 1), 413),
        (b"[" * 10**6, 400),
        (b"\xff\xfe", 400),
        (b'{"changes": ' + b"9" * 5000, 400),
        (b'{"changes": {"Other": ' + b'{"a":' * 900 + b"1" + b"}" * 902, 422),
        (b'{"changes": {"Other": {"a": "\\u0000"}}}', 200),
    ],
    ids=["too large", "not closed", "not text", "too long a number", "too deep", "a NUL"],
)
async def test_a_hostile_body_is_answered_at_once(ask, settings_file, body, status):
    """Nothing but what a settings file can hold is written, and the server goes on."""
    response = await ask(method="PATCH", headers={"If-Match": '"absent"'}, body=body)
    assert response.code == status
    assert settings_file.exists() == (status == 200)
    assert json.loads((await ask()).body)["state"] == ("ok" if status == 200 else "missing")


NESTED = "".join(
    f"{c}: &{c} [{','.join(['*' + p] * 9)}]\n" for p, c in zip("abcdefgh", "bcdefghi", strict=True)
)
FILES = {
    "a bomb of aliases": "a: &a [x,x,x,x,x,x,x,x,x]\n" + NESTED,
    "code": "Azure: !!python/object/apply:os.mkdir [made]\n",
    "depth": "A: " + "[" * 10_000 + "]" * 10_000,
    "as many values as there may be": "A:\n" + "".join(f"  k{number}: {number}\n" for number in range(24_000)),
    "one text of nearly 2 MB": "A: " + "x" * 2_000_000,
    "50 MB": "A: " + "x" * 50 * MEGABYTE,
    "a key twice": "A: 1\nA: 2\n",
    "no UTF-8": b"A: \xff\n",
    "a NUL": b"A: \x00\n",
    "names of Python's own": "__class__: {__init__: x}\nAzure: {__class__: y, __proto__: z}\n",
}  # fmt: skip


class Calls:
    """Counts the calls that the server's threads make: the same on a slow machine and on a busy one."""

    def __init__(self) -> None:
        self.count = 0

    def __enter__(self) -> Self:
        threading.setprofile(self._seen)
        # Only threads that start from here on are counted; reading and saving happen on the loop's own.
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor())
        return self

    def __exit__(self, *_: object) -> None:
        threading.setprofile(None)

    def _seen(self, _frame: FrameType, event: str, _argument: object) -> None:
        self.count += event in {"call", "c_call"}


def forget_peak() -> None:
    """Set the mark of the most memory that this process held back to what it holds now."""
    Path("/proc/self/clear_refs").write_text("5")


def peak_bytes() -> int:
    """Return the most memory that this process held since then."""
    return 1024 * int(re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())[1])


@pytest.mark.skipif(
    sys.platform != "linux", reason="the mark of the most memory can be set back on Linux only"
)
@pytest.mark.parametrize("content", FILES.values(), ids=FILES)
async def test_a_hostile_file_costs_little_and_does_nothing(
    ask, patch, settings_file, tmp_path, monkeypatch, content
):
    """Read and saved over with few steps for each value that a file may hold, in 100 MB; nothing named is run."""
    monkeypatch.chdir(tmp_path)
    settings_file.parent.mkdir()
    settings_file.write_bytes(content if isinstance(content, bytes) else content.encode())
    forget_peak()
    memory = peak_bytes()
    with Calls() as calls:
        answer = json.loads((await ask()).body)
        status, _ = await patch({"Azure": {"cloud": "cn"}}, revision=answer["revision"])
    assert (answer["state"], status) in {("ok", 200), ("broken", 422)}
    # The largest file takes 75 for each.
    assert calls.count < 100 * MOST_VALUES
    assert peak_bytes() - memory < 100 * MEGABYTE
