"""A long `%%kql` in a real kernel: the bar comes as output, and an interrupt frees the kernel at once."""

from __future__ import annotations

import os
import re

import pytest
from jupyter_client.manager import start_new_kernel

from fakecloud import Answer, FakeAzure

WORKSPACE = "63613592-b6f7-4c3d-a390-22ba13102111"
SETTINGS = f"""\
Azure: {{cloud: usgov, auth_methods: [cli]}}
MSSentinel: {{Workspaces: {{Default: {{WorkspaceId: {WORKSPACE}}}}}}}
"""


@pytest.fixture
def fake(tmp_path, monkeypatch):
    """Put fakes of every cloud behind the real host names, for the kernel that this process starts."""
    folder = tmp_path / "fake"
    (folder / "config").mkdir(parents=True)
    (folder / "config" / "config").write_text("[cloud]\nname = AzureUSGovernment\n")
    (tmp_path / "msticpyconfig.yaml").write_text(SETTINGS)
    with FakeAzure(folder) as azure:
        for name, value in azure.environment().items():
            monkeypatch.setenv(name, value)
        monkeypatch.setenv("AZURE_CONFIG_DIR", str(folder / "config"))
        monkeypatch.setenv("MSTICPYCONFIG", str(tmp_path / "msticpyconfig.yaml"))
        programs = azure.write_program("az", default="AzureUSGovernment")
        monkeypatch.setenv("PATH", f"{programs}{os.pathsep}{os.environ['PATH']}")
        yield azure


@pytest.fixture
def kernel(fake):
    """Give a kernel's manager and client, with the commands loaded."""
    manager, client = start_new_kernel()
    client.execute_interactive("%load_ext huntbook", timeout=60, output_hook=lambda _: None)
    yield manager, client
    client.stop_channels()
    manager.shutdown_kernel(now=True)


def outputs(client, until):
    """Return the messages of the kernel up to the one that `until` takes."""
    found = []
    while not found or not until(found[-1]):
        found.append(client.get_iopub_msg(timeout=60))
    return found


def shows_progress(message):
    text = message["content"].get("data", {}).get("text/plain", "")
    return message["msg_type"] == "display_data" and re.fullmatch(r"Query: \d+ s", text)


def idle(message):
    return message["msg_type"] == "status" and message["content"]["execution_state"] == "idle"


def test_an_interrupt_frees_a_kernel_whose_query_hangs(fake, kernel):
    """The bar is there, the cell ends with one sentence, long before the answer, and the next cell runs."""
    manager, client = kernel
    fake["usgov"].fault("/query", Answer(status=503, delay=300), times=9)
    client.execute("%%kql\nT")
    outputs(client, shows_progress)
    manager.interrupt_kernel()
    ended = outputs(client, idle)
    assert [each["content"]["text"] for each in ended if each["msg_type"] == "stream"] == [
        "UsageError: Cancelled.\n"
    ]
    (closed,) = [each["content"]["data"] for each in ended if each["msg_type"] == "update_display_data"]
    assert re.fullmatch(r"Query: \d+ s, cancelled", closed["text/plain"])
    assert (
        client.execute_interactive("1 + 1", timeout=60, output_hook=lambda _: None)["content"]["status"]
        == "ok"
    )
