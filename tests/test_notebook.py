"""`huntbook.init_notebook()`: in IPython, in a real kernel, and in plain Python."""

from __future__ import annotations

import os
import subprocess
import sys
import time

import pytest
from jupyter_client.manager import start_new_kernel

import huntbook


@pytest.fixture
def ready(shell, capsys):
    """Give an IPython that `init_notebook` made ready, and what it said."""
    shell.run_cell("import huntbook\nhuntbook.init_notebook()")
    yield shell, capsys.readouterr().out.splitlines()
    shell.run_line_magic("unload_ext", "huntbook")


def test_it_says_in_three_lines_what_is_set(ready, settings_file):
    """Pictures, commands, settings; one line more where MSTICPy is stood in for."""
    _, said = ready
    lines = [line for line in said if not line.startswith("msticpy is not installed")]
    assert len(lines) == 3
    assert lines[0].startswith(f"huntbook {huntbook.__version__}: df.mp_plot draws ")
    assert lines[1] == (
        "Commands: %mpconfig, %azcloud, %azcheck, %%kql, %hunt. Errors show as a sentence; %tb shows the traceback."
    )
    assert lines[2] == (
        f"Settings: {settings_file}, not there yet, so defaults. Cloud global, sign-in by cli, then interactive."
    )


def test_our_errors_show_as_their_sentence(ready, capsys):
    """No wall of frames for an error that says what to do."""
    shell, _ = ready
    shell.run_cell("raise huntbook.HuntbookError('Say it.')")
    assert capsys.readouterr().out == "HuntbookError: Say it.\n%tb shows the traceback.\n"


def test_the_traceback_is_one_call_away(ready, capsys):
    """`%tb` shows all of it."""
    shell, _ = ready
    shell.run_cell("raise huntbook.HuntbookError('Say it.')")
    shell.run_line_magic("tb", "")
    assert "Traceback (most recent call last)" in capsys.readouterr().out


def test_other_errors_look_as_ever(ready, capsys):
    """Only what we raise on purpose is shortened."""
    shell, _ = ready
    shell.run_cell("1 / 0")
    assert "Traceback (most recent call last)" in capsys.readouterr().out


def test_a_handler_of_the_notebook_stays(shell):
    """Who has an error handler of their own keeps it."""
    shell.set_custom_exc((KeyError,), lambda *_args, **_options: None)
    shell.run_cell("import huntbook\nhuntbook.init_notebook()")
    assert shell.custom_exceptions == (KeyError,)
    shell.set_custom_exc((), None)
    shell.run_line_magic("unload_ext", "huntbook")


def test_a_broken_settings_file_is_told_and_stops_nothing(shell, settings_file, capsys):
    """The third line carries the fault; the notebook is ready all the same."""
    settings_file.write_text("Azure: {cloud: mars}\n")
    shell.run_cell("import huntbook\nhuntbook.init_notebook()")
    assert "'mars' is not known" in capsys.readouterr().out.splitlines()[-1]
    shell.run_line_magic("unload_ext", "huntbook")


def test_plain_python_is_told_what_to_import():
    """Without IPython there is nothing to make ready."""
    ask = (
        "import huntbook\ntry: huntbook.init_notebook()\nexcept huntbook.HuntbookError as error: print(error)"
    )
    said = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=True).stdout
    assert said == (
        "init_notebook() needs a running IPython, and this is plain Python. "
        "Import what you need instead: from huntbook import mp_pandas_plot, settings.\n"
    )


@pytest.fixture(scope="module")
def kernel(tmp_path_factory):
    """Give a client of a real kernel with settings of its own."""
    env = {**os.environ, "MSTICPYCONFIG": str(tmp_path_factory.mktemp("kernel") / "msticpyconfig.yaml")}
    manager, client = start_new_kernel(kernel_name="python3", env=env)
    yield client
    client.stop_channels()
    manager.shutdown_kernel(now=True)


def run(client, code):
    """Run a cell in the kernel and return its reply and what it published."""
    published = []
    reply = client.execute_interactive(code, output_hook=published.append, timeout=60)
    return reply["content"], published


def test_in_a_real_kernel_commands_and_errors_work(kernel):
    """The front end gets the sentence as the error's text, and a picture from `%hunt`."""
    begun = time.perf_counter()
    content, _ = run(
        kernel, "import huntbook\nhuntbook.init_notebook()\nflows = huntbook.samples.network_flows(rows=50)"
    )
    assert content["status"] == "ok"
    assert time.perf_counter() - begun < 20
    content, published = run(kernel, "%hunt flows matrix SourceIP Protocol")
    assert any("MatrixView" in str(each["content"].get("data")) for each in published)
    content, published = run(kernel, "%hunt flows matrix SourceIP Protocl")
    assert content["ename"] == "UsageError"
    content, published = run(kernel, "flows.mp_plot.matrix(x='SourceIP', y='Protocl')")
    error = next(each["content"] for each in published if each["msg_type"] == "error")
    assert error["traceback"] == [f"ColumnNotFoundError: {error['evalue']}", "%tb shows the traceback."]
    offered = kernel.complete("%azcloud usg", reply=True, timeout=30)["content"]["matches"]
    assert offered == ["usgov"]
