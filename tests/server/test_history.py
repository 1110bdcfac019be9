"""Claims about undo by way of the server: listed, compared, brought back."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

USGOV = {"Azure": {"cloud": "usgov"}}


def write(path: Path, text: str) -> str:
    """Write the settings file as somebody else would, and return its revision."""
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


async def test_each_save_can_be_undone(ask, patch, settings_file):
    """The history lists, shows and restores; a restore is a save too."""
    first = write(settings_file, "# ours\nAzure:\n  cloud: cn\n")
    _, saved = await patch(USGOV, revision=first)
    versions = json.loads((await ask("history")).body)["versions"]
    assert [(version["revision"], version["origin"]) for version in versions] == [
        (saved["revision"], "sidebar"),
        (first, "outside"),
    ]
    changes = json.loads((await ask(f"history/{first}")).body)["changes"]
    assert changes == [{"key": "Azure.cloud", "old": "'cn'", "new": "'usgov'"}]
    headers = {"If-Match": f'"{saved["revision"]}"'}
    response = await ask(f"history/{first}", method="POST", headers=headers, body="{}")
    assert (response.code, response.headers["ETag"]) == (200, f'"{first}"')
    assert settings_file.read_text() == "# ours\nAzure:\n  cloud: cn\n"


async def test_a_broken_file_is_repaired_from_the_history(ask, patch, settings_file):
    """What was good once can be brought back, whatever the file says now."""
    _, saved = await patch(USGOV, revision="absent")
    broken = write(settings_file, "Azure: [\n")
    headers = {"If-Match": f'"{broken}"'}
    response = await ask(f"history/{saved['revision']}", method="POST", headers=headers, body="{}")
    assert json.loads(response.body)["state"] == "ok"


async def test_a_version_that_is_not_there_is_said_so(ask, settings_file):
    """Reading answers 404, restoring is refused in words."""
    response = await ask("history/0123456789abcdef")
    assert (response.code, "0123456789abcdef" in json.loads(response.body)["message"]) == (404, True)
    headers = {"If-Match": '"absent"'}
    assert (await ask("history/0123456789abcdef", method="POST", headers=headers, body="{}")).code == 409
