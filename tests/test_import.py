"""What `import huntbook` may do, and what it must not."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

import huntbook

HEAVY = (
    "pandas",
    "numpy",
    "bokeh",
    "ipywidgets",
    "anywidget",
    "pydantic",
    "yaml",
    "azure",
    "IPython",
    "jupyter_server",
)

PROBE = """
import json, sys
opened = []
sys.addaudithook(lambda event, args: opened.append(str(args[0])) if event == "open" else None)
before = set(sys.modules)
{statement}
print(json.dumps({{"modules": sorted(set(sys.modules) - before), "opened": opened}}))
"""


def probe(statement: str) -> dict[str, list[str]]:
    """Run `statement` in a fresh Python and return what it imported and opened."""
    done = subprocess.run(
        [sys.executable, "-c", PROBE.format(statement=statement)], capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout)


def test_importing_huntbook_loads_nothing_heavy():
    """A bare import is free: every public name resolves on first use."""
    loaded = probe("import huntbook")["modules"]
    assert [name for name in loaded if name.split(".")[0] in HEAVY] == []


def test_importing_huntbook_reads_no_file_but_its_own_code():
    """No settings file, no environment, no catalogue is read at import."""
    opened = probe("import huntbook")["opened"]
    assert [name for name in opened if not name.endswith((".py", ".pyc"))] == []


@pytest.mark.parametrize("module", ["huntbook.compute", "huntbook.compute.pairs"])
def test_compute_loads_without_pictures_or_cloud(module):
    """Counting runs where nothing is drawn: no Bokeh, no widgets, no Azure."""
    loaded = {name.split(".")[0] for name in probe(f"import {module}")["modules"]}
    assert not loaded & {"bokeh", "ipywidgets", "anywidget", "azure", "IPython", "jupyter_bokeh"}


def test_the_kernel_side_works_where_the_jupyter_server_is_not_installed():
    """A kernel often lives in another environment than the server: its library must not need it."""
    blocked = (
        "import sys; sys.modules['jupyter_server'] = None; sys.modules['huntbook_server'] = None\n"
        "import huntbook; huntbook.settings.get('Azure.cloud'); huntbook.MpConfigEdit; huntbook.plot; huntbook.samples"
    )
    assert "huntbook" in probe(blocked)["modules"]


@pytest.mark.parametrize("name", sorted(set(huntbook.__all__) - {"__version__"}))
def test_every_public_name_resolves(name):
    """What `__all__` lists is there."""
    assert getattr(huntbook, name) is not None


def test_the_version_is_the_one_of_the_sidebar(repository):
    """One distribution has one version, kept in the sidebar's package.json."""
    package = json.loads((repository / "jupyter_ext" / "lab" / "package.json").read_text())
    assert huntbook.__version__ == package["version"]


def test_an_unknown_name_is_an_attribute_error():
    """A typing mistake looks as it does in any other module."""
    with pytest.raises(AttributeError, match="module 'huntbook' has no attribute 'setings'"):
        _ = huntbook.setings


def test_queries_load_without_widgets():
    """A script that only asks pays for no bar: its widget loads when a notebook shows one."""
    loaded = {name.split(".")[0] for name in probe("import huntbook.azure.logs")["modules"]}
    assert not loaded & {"ipywidgets", "anywidget", "IPython", "bokeh"}
