"""MSTICPy's `init_notebook`, in a real IPython."""

from __future__ import annotations

import json
import os

import numpy as np
import pandas as pd
import pytest

import huntbook
from huntbook.compat.notebooks import init_notebook
from huntbook.errors import HuntbookError

NAMES = {"MpConfigEdit", "Path", "mp_pandas_plot", "np", "pd", "widgets"}


@pytest.fixture
def notebook(shell):
    """Give an IPython that is as new afterwards."""
    yield shell
    shell.run_line_magic("unload_ext", "huntbook")


def test_the_namespace_gets_what_notebooks_rely_on(notebook):
    """`init_notebook(globals())` leaves the usual names behind, which mean the usual things."""
    namespace = {}
    init_notebook(namespace)
    assert set(namespace) == NAMES
    assert (namespace["pd"], namespace["np"], namespace["MpConfigEdit"]) == (pd, np, huntbook.MpConfigEdit)


def test_without_a_namespace_the_notebooks_own_is_used(notebook):
    """The names are there in the next cell."""
    notebook.run_cell("import msticpy" if huntbook.install_as_msticpy() else "")
    notebook.run_cell("msticpy.init_notebook()")
    assert notebook.run_cell("pd.DataFrame({'a': [1]}).mp_plot").success


def test_extra_imports_come_as_module_name_and_alias(notebook):
    """All three forms that MSTICPy takes."""
    namespace = {}
    init_notebook(namespace, "none", extra_imports=["json", "os, path", "os, getcwd, where", "os.path, , p"])
    assert namespace == {"json": json, "path": os.path, "where": os.getcwd, "p": os.path}


def test_nothing_is_installed_and_a_line_says_how(notebook, capsys):
    """A notebook of somebody else never runs pip by itself."""
    init_notebook({}, additional_packages=["one", "two>=2"])
    said = capsys.readouterr().out.splitlines()[-1]
    assert said == "additional_packages are not installed; run: %pip install one two>=2"


def test_config_names_the_settings_file(notebook, tmp_path):
    """From then on that file is the one in use."""
    init_notebook({}, config=str(tmp_path / "other.yaml"))
    assert huntbook.settings.path == tmp_path / "other.yaml"


def test_friendly_exceptions_can_be_refused(notebook):
    """False shows tracebacks."""
    init_notebook({}, friendly_exceptions=False)
    assert notebook.custom_exceptions == ()
    init_notebook({})
    assert notebook.custom_exceptions == (HuntbookError,)
