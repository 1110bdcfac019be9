from __future__ import annotations

import asyncio
import hashlib
import json
import os

USGOV = {"Azure": {"cloud": "usgov"}}


def replace(path, text: str) -> str:
    """Write the settings file as another program would, and return its revision."""
    path.parent.mkdir(exist_ok=True)
    beside = path.with_suffix(".new")
    beside.write_text(text)
    beside.replace(path)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


async def test_a_save_is_announced_with_its_revision_and_origin_alone(listen, patch):
    """Events go to everyone who listens, so no value is in them."""
    following = await listen()
    _, answer = await patch({"Azure": {"tenant_id": "contoso.com"}}, revision="absent", origin="editor")
    event = await following()
    assert {key: value for key, value in event.items() if not key.startswith("schema_")} == {
        "revision": answer["revision"],
        "origin": "editor",
    }


async def test_a_change_by_somebody_else_is_noticed(watched, listen, settings_file):
    """An editor on the same disk, or on a network file system, tells nobody; the watcher sees it."""
    following = await listen()
    revision = replace(settings_file, "Azure: {cloud: cn}\n")
    event = await following()
    assert (event["revision"], event["origin"]) == (revision, "outside")


async def test_our_own_save_is_announced_once(watched, listen, patch, settings_file):
    """The watcher does not take it for a change by somebody else."""
    following = await listen()
    _, answer = await patch(USGOV, revision="absent")
    first = await following()
    revision = replace(settings_file, "Azure: {cloud: cn}\n")
    second = await following()
    assert (first["revision"], first["origin"]) == (answer["revision"], "sidebar")
    assert (second["revision"], second["origin"]) == (revision, "outside")


async def test_a_file_that_goes_away_is_noticed(watched, listen, settings_file):
    """Deleting the file is a change too."""
    following = await listen()
    replace(settings_file, "Azure: {cloud: cn}\n")
    await following()
    settings_file.unlink()
    assert (await following())["revision"] == "absent"


async def test_a_change_of_an_administrators_file_is_noticed(
    watched, ask, listen, settings_file, jp_config_dir
):
    """A new lock reaches open panels by the same event; the user's file and its revision are as before."""
    following = await listen()
    replace(jp_config_dir / "huntbook.yaml", "Azure: {cloud: cn}\nlocked: {Azure.cloud: One cloud.}\n")
    event = await asyncio.wait_for(following(), timeout=10)
    assert (event["revision"], event["origin"]) == ("absent", "outside")
    assert json.loads((await ask()).body)["locks"] == [{"key": "Azure.cloud", "reason": "One cloud."}]
    (jp_config_dir / "huntbook.yaml").unlink()
    await asyncio.wait_for(following(), timeout=10)
    assert json.loads((await ask()).body)["locks"] == []


async def test_two_writes_of_one_size_in_one_tick_are_told_apart(watched, listen, settings_file):
    """Clocks of files are coarse; a young file is compared by content."""
    following = await listen()
    replace(settings_file, "Azure: {cloud: cn}\n")
    await following()
    stamp = settings_file.stat().st_mtime_ns
    settings_file.write_text("Azure: {cloud: de}\n")
    os.utime(settings_file, ns=(stamp, stamp))
    assert (await following())["revision"] == hashlib.sha256(b"Azure: {cloud: de}\n").hexdigest()[:16]
