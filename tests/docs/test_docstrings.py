"""Every example in a docstring runs and gives what it says."""

from __future__ import annotations

import doctest
import importlib
import pkgutil

import pytest

import huntbook

MODULES = ["huntbook", *(found.name for found in pkgutil.walk_packages(huntbook.__path__, "huntbook."))]


# Their examples sign in, which a fake Azure lets them.
SIGNED_IN = {f"huntbook.azure.{name}" for name in ("graph", "logs", "resources", "secrets", "sentinel")}


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_of_a_module_run(name, settings_file, tmp_path, monkeypatch, request):
    """What the docstrings of a module show is what happens, with no settings and in an empty folder."""
    if name in SIGNED_IN:
        request.getfixturevalue("usgov")
    monkeypatch.chdir(tmp_path)
    results = doctest.testmod(importlib.import_module(name), optionflags=doctest.ELLIPSIS)
    assert results.failed == 0
