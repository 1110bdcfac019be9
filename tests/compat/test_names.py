"""MSTICPy's names: where they lead, what is said of the others, and what happens where MSTICPy is installed."""

from __future__ import annotations

import importlib
import inspect
import subprocess
import sys

import pytest

import huntbook
from huntbook import compat
from huntbook.compat.names import ADVICE, MODULES, ON_IMPORT
from huntbook.errors import MissingNameError

EVERY_NAME = [(module, name) for module, names in MODULES.items() for name in names]
# What notebooks of 1.4.2 and 3.0.2 call, as far as huntbook can do it.
METHODS = {
    "msticpy.common.settings": "current_config_path get_config refresh_config set_config",
    "msticpy.config.MpConfigEdit": "current_config_file set_tab tab_names",
    "msticpy.config.MpConfigFile": "get_workspace_from_url load_default load_from_file map_json_to_mp_ws "
    "refresh_mp_config save_to_file show_kv_secrets validate_settings view_settings",
    "msticpy.auth.keyvault_client.BHKeyVaultClient": "get_secret secrets set_secret vault_name",
    "msticpy.context.azure.AzureData": "connect get_metrics get_network_details get_resource_details get_resources "
    "get_subscription_info get_subscriptions list_sentinel_workspaces",
    "msticpy.data.QueryProvider": "connect exec_query list_queries schema schema_tables",
    "msticpy.context.azure.MicrosoftSentinel": "add_bookmark_to_incident add_watchlist_item connect "
    "create_analytic_rule create_bookmark create_incident create_watchlist delete_analytic_rule delete_bookmark "
    "delete_watchlist delete_watchlist_item get_alert_rules get_all_indicators get_analytic_rules get_bookmarks "
    "get_entities get_hunting_queries get_incident get_incident_alerts get_incident_bookmarks get_incident_comments "
    "get_incidents get_resource_id_from_url get_sentinel_workspaces get_workspace_details_from_url get_workspace_id "
    "get_workspace_name get_workspace_settings get_workspace_settings_by_name list_alert_rules list_analytic_rules "
    "list_analytic_templates list_bookmarks list_data_connectors list_hunting_queries list_incidents "
    "list_saved_queries list_watchlist_items list_watchlists post_comment set_default_workspace update_incident",
    "msticpy.common.wsconfig.WorkspaceConfig": "code_connect_str config_loaded list_workspaces settings_path",
    "msticpy.transform.process_tree_utils": "get_ancestors get_children get_descendents get_parent get_process "
    "get_process_key get_root get_root_tree get_roots get_siblings get_summary_info get_tree_depth tree_to_text",
}


@pytest.fixture
def stand_in():
    """Let msticpy mean huntbook during a test."""
    assert huntbook.install_as_msticpy()
    yield
    compat.uninstall()


@pytest.mark.parametrize(("module", "name"), EVERY_NAME)
def test_every_listed_name_is_there(stand_in, module, name):
    """What the table says can be imported, and is a thing of huntbook."""
    found = getattr(importlib.import_module(module), name)
    home = found.__name__ if inspect.ismodule(found) else found.__module__
    assert home.partition(".")[0] == "huntbook"


@pytest.mark.parametrize("owner", METHODS)
def test_the_methods_that_notebooks_call_are_there(stand_in, owner):
    """Of classes and of modules, under MSTICPy's names."""
    module, _, last = owner.rpartition(".")
    found = (
        importlib.import_module(owner) if owner in MODULES else getattr(importlib.import_module(module), last)
    )
    assert [name for name in METHODS[owner].split() if name not in dir(found)] == []


@pytest.mark.parametrize("module", MODULES)
def test_dir_lists_what_a_module_has(stand_in, module):
    """The tab key shows the names and the modules below, and nothing else."""
    loaded = importlib.import_module(module)
    below = {
        name.removeprefix(f"{module}.").partition(".")[0] for name in MODULES if name.startswith(f"{module}.")
    }
    assert set(dir(loaded)) == {*MODULES[module], *below}


def test_importing_the_accessor_registers_it(stand_in):
    """`from msticpy.vis import mp_pandas_plot` is what gives frames `mp_plot`."""
    assert importlib.import_module("msticpy.vis").mp_pandas_plot.__name__ in ON_IMPORT
    assert hasattr(huntbook.samples.network_flows(rows=1), "mp_plot")


def test_a_name_that_we_lack_says_so_and_what_to_use(stand_in):
    """The error is an ImportError whose sentence has the next step."""
    with pytest.raises(ImportError) as caught:
        exec("from msticpy import az_connect")  # noqa: S102 - the statement as notebooks have it
    assert isinstance(caught.value, MissingNameError)
    assert str(caught.value) == (
        "huntbook stands in for msticpy here and has no 'msticpy.az_connect'. huntbook.connect() signs in to the "
        "chosen cloud. For the rest, install MSTICPy itself: pip install msticpy."
    )


def test_a_name_that_lies_elsewhere_says_where(stand_in):
    """A wrong module is put right."""
    with pytest.raises(MissingNameError) as caught:
        exec("from msticpy.vis import plot_matrix")  # noqa: S102 - the statement as notebooks have it
    assert str(caught.value) == (
        "huntbook stands in for msticpy here and has no 'msticpy.vis.plot_matrix'. "
        "It is in 'msticpy.vis.matrix_plot': from msticpy.vis.matrix_plot import plot_matrix."
    )


def test_an_unknown_module_says_so(stand_in):
    """A whole module that we lack is refused by its name."""
    with pytest.raises(MissingNameError, match=r"has no 'msticpy\.nowhere'"):
        importlib.import_module("msticpy.nowhere")


def test_advice_is_given_only_for_names_that_we_lack():
    """No sentence says that a name is missing which is there."""
    assert not {name for _, name in EVERY_NAME} & set(ADVICE)


def test_it_says_in_one_line_what_it_did_and_is_undone(capsys):
    """The first call says it, the second is silent, and undoing leaves no trace."""
    compat.uninstall()
    assert huntbook.install_as_msticpy()
    assert huntbook.install_as_msticpy()
    assert (
        capsys.readouterr().out
        == "msticpy is not installed here, so huntbook answers to its name in this session.\n"
    )
    importlib.import_module("msticpy.vis")
    compat.uninstall()
    assert not [name for name in sys.modules if name.partition(".")[0] == "msticpy"]
    with pytest.raises(ModuleNotFoundError, match="No module named 'msticpy'"):
        importlib.import_module("msticpy")


def test_an_installed_msticpy_is_left_alone(tmp_path):
    """Found, but not even imported: the real one stays what `import msticpy` means."""
    (tmp_path / "msticpy.py").write_text("print('imported')\nreal = True\n")
    ask = (
        f"import sys; sys.path.insert(0, {str(tmp_path)!r}); import huntbook\n"
        "before = list(sys.meta_path)\n"
        "assert huntbook.install_as_msticpy() is False and sys.meta_path == before\n"
        "import msticpy; assert msticpy.real"
    )
    said = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=True).stdout
    assert said == (
        "msticpy is installed here, so `import msticpy` means that package; nothing was changed.\nimported\n"
    )


def test_the_stand_in_shows_itself_in_a_notebook(stand_in, shell):
    """IPython's probing for ways to show an object meets no error."""
    formatted, _ = shell.display_formatter.format(importlib.import_module("msticpy"))
    assert formatted["text/plain"].startswith("<module 'msticpy'")
