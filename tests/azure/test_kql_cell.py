"""`%%kql` in a real IPython, against the fake Azure."""

from __future__ import annotations

import pandas as pd
import pytest

WORKSPACE = "63613592-b6f7-4c3d-a390-22ba13102111"


@pytest.fixture
def notebook(azure, az, shell, settings_file):
    """Give an IPython in usgov, signed in by az, with a usual workspace."""
    az("AzureUSGovernment")
    settings_file.write_text(
        f"Azure: {{cloud: usgov, auth_methods: [cli]}}\nMSSentinel: {{Workspaces: {{Default: {{WorkspaceId: {WORKSPACE}}}}}}}\n"
    )
    shell.run_line_magic("load_ext", "huntbook")
    yield shell
    shell.run_line_magic("unload_ext", "huntbook")


def asked(azure):
    """Return the bodies of the queries that the fake was asked."""
    return [request.json for request in azure["usgov"].requests if request.path.endswith("/query")]


def test_the_cell_is_the_query_and_the_value_is_the_frame(azure, notebook):
    """What the workspace answers is the cell's value; the time goes beside the query."""
    frame = notebook.run_cell("%%kql --timespan 1h\nHeartbeat | take 2").result
    assert isinstance(frame, pd.DataFrame)
    assert asked(azure) == [{"query": "Heartbeat | take 2\n", "timespan": "PT3600S"}]
    assert azure.others("usgov") == []


def test_out_names_a_variable_and_params_are_bound(azure, notebook, capsys):
    """The frame goes to the variable, a line says its size, and values are never pasted."""
    notebook.user_ns["who"] = 'x" | take 1 //'
    assert notebook.run_cell("%%kql --param who --out found\nT | where Account == who").result is None
    assert asked(azure)[0]["query"] == 'let who = "x\\" | take 1 //";\nT | where Account == who\n'
    assert f"found: {len(notebook.user_ns['found'])} rows" in capsys.readouterr().out


def test_one_sign_in_serves_every_cell_until_the_settings_change(azure, notebook, capsys):
    """The line of the session is said once a cloud."""
    notebook.run_cell("%%kql\nT")
    notebook.run_cell("%%kql\nT")
    assert capsys.readouterr().out.count("sign-in at login.microsoftonline.us") == 1


def test_an_unknown_workspace_is_a_sentence(notebook):
    """No traceback for a name that the settings do not have."""
    error = notebook.run_cell("%%kql --workspace nowhere\nT").error_in_exec
    assert type(error).__name__ == "UsageError"
    assert "nowhere" in str(error)
