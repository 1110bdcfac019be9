"""Which of MSTICPy's names huntbook answers to, what they mean, and what to use for others.

`MODULES` has the module names of MSTICPy, of 1.4.2 and of 3.0.2, each with its names; a name's
target is ``module`` or ``module:attribute``.
"""

from __future__ import annotations

from typing import Final

__all__ = ["ADVICE", "ELSEWHERE", "MODULES", "ON_IMPORT"]

_AZURE: Final = "huntbook.compat.providers"
_EDITOR: Final = "huntbook.compat.editors:MpConfigEdit"
_SENTINEL: Final = "huntbook.compat.sentinel:MicrosoftSentinel"
_FILE: Final = "huntbook.compat.config_files:MpConfigFile"
_INIT: Final = "huntbook.compat.notebooks:init_notebook"
_PICTURES: Final = "huntbook.compat.pictures"
_TREE_PICTURES: Final = "huntbook.compat.trees"
_SCHEMA: Final = "huntbook.compute.processes:ProcSchema"
_CONFIG: Final = {
    "current_config_path": "huntbook.compat.config:current_config_path",
    "get_config": "huntbook.compat.config:get_config",
    "refresh_config": "huntbook.settings:refresh_config",
    "set_config": "huntbook.compat.config:set_config",
}
_BUILDER: Final = {
    "ProcSchema": _SCHEMA,
    "build_process_tree": "huntbook.compat.trees:build_process_tree",
    "infer_schema": "huntbook.compute.processes:find_schema",
}
_TREES: Final = {
    name: f"huntbook.compute.processes.compat:{name}"
    for name in (
        "get_ancestors",
        "get_children",
        "get_descendents",
        "get_parent",
        "get_process",
        "get_process_key",
        "get_root",
        "get_root_tree",
        "get_roots",
        "get_siblings",
        "get_summary_info",
        "get_tree_depth",
        "tree_to_text",
    )
}

_PROVIDER: Final = {"QueryProvider": f"{_AZURE}:QueryProvider"}
_VAULT: Final = {"BHKeyVaultClient": f"{_AZURE}:BHKeyVaultClient"}
_TIMELINES: Final = {
    "display_timeline": f"{_PICTURES}:display_timeline",
    "display_timeline_values": f"{_PICTURES}:display_timeline_values",
}
_DURATIONS: Final = {"display_timeline_duration": f"{_PICTURES}:display_timeline_duration"}
_SHOWN_TREES: Final = {
    "build_and_show_process_tree": f"{_TREE_PICTURES}:build_and_show_process_tree",
    "plot_process_tree": f"{_TREE_PICTURES}:plot_process_tree",
}

MODULES: Final[dict[str, dict[str, str]]] = {
    "msticpy": {
        "MpConfigEdit": _EDITOR,
        "MpConfigFile": _FILE,
        **_PROVIDER,
        "MicrosoftSentinel": _SENTINEL,
        "WorkspaceConfig": f"{_AZURE}:WorkspaceConfig",
        "init_notebook": _INIT,
    },
    "msticpy.auth": {},
    "msticpy.auth.keyvault_client": _VAULT,
    "msticpy.common": {},
    "msticpy.common.keyvault_client": _VAULT,
    "msticpy.common.pkg_config": {**_CONFIG, "settings": "huntbook.settings"},
    "msticpy.common.settings": _CONFIG,
    "msticpy.common.wsconfig": {"WorkspaceConfig": f"{_AZURE}:WorkspaceConfig"},
    "msticpy.config": {"MpConfigEdit": _EDITOR, "MpConfigFile": _FILE},
    "msticpy.config.mp_config_edit": {"MpConfigEdit": _EDITOR},
    "msticpy.config.mp_config_file": {"MpConfigFile": _FILE},
    "msticpy.context": {},
    "msticpy.context.azure": {
        "AzureData": f"{_AZURE}:AzureData",
        "MicrosoftSentinel": _SENTINEL,
    },
    "msticpy.context.azure.azure_data": {"AzureData": f"{_AZURE}:AzureData"},
    "msticpy.context.azure.sentinel_core": {"MicrosoftSentinel": _SENTINEL},
    "msticpy.data": _PROVIDER,
    "msticpy.data.azure": {
        "AzureData": f"{_AZURE}:AzureData",
        "AzureSentinel": _SENTINEL,
        "MicrosoftSentinel": _SENTINEL,
    },
    "msticpy.data.core": {},
    "msticpy.data.core.data_providers": _PROVIDER,
    "msticpy.data.data_providers": _PROVIDER,
    "msticpy.data.azure_data": {"AzureData": f"{_AZURE}:AzureData"},
    "msticpy.data.azure_sentinel": {"AzureSentinel": _SENTINEL},
    "msticpy.init": {},
    "msticpy.init.nbinit": {"init_notebook": _INIT},
    "msticpy.nbtools": {},
    "msticpy.nbtools.nbdisplay": {
        **_TIMELINES,
        "build_and_show_process_tree": f"{_TREE_PICTURES}:build_and_show_process_tree",
        "plot_matrix": f"{_PICTURES}:plot_matrix",
    },
    "msticpy.nbtools.nbinit": {"init_notebook": _INIT},
    "msticpy.nbtools.process_tree": _SHOWN_TREES,
    "msticpy.nbtools.timeline": _TIMELINES,
    "msticpy.nbtools.timeline_duration": _DURATIONS,
    "msticpy.sectools": {},
    "msticpy.sectools.proc_tree_builder": _BUILDER,
    "msticpy.sectools.process_tree_utils": {**_BUILDER, **_TREES},
    # In 1.4.2 a dict.
    "msticpy.settings": {**_CONFIG, "get": "huntbook.settings:get"},
    "msticpy.transform": {},
    "msticpy.transform.proc_tree_builder": _BUILDER,
    "msticpy.transform.proc_tree_schema": {"ProcSchema": _SCHEMA},
    "msticpy.transform.process_tree_utils": {**_BUILDER, **_TREES},
    "msticpy.vis": {},
    "msticpy.vis.matrix_plot": {"plot_matrix": f"{_PICTURES}:plot_matrix"},
    "msticpy.vis.mp_pandas_plot": {},
    "msticpy.vis.process_tree": _SHOWN_TREES,
    "msticpy.vis.timeline": _TIMELINES,
    "msticpy.vis.timeline_values": {"display_timeline_values": f"{_PICTURES}:display_timeline_values"},
    "msticpy.vis.timeline_duration": _DURATIONS,
}

# What a module of MSTICPy does when it is imported.
ON_IMPORT: Final = {"msticpy.vis.mp_pandas_plot": "huntbook.accessor"}

# Names that notebooks look for under another module than ours.
ELSEWHERE: Final = {name: module for module, names in MODULES.items() for name in names if "." in module}

ADVICE: Final[dict[str, str]] = {
    "az_connect": "huntbook.connect() signs in to the chosen cloud.",
    "azure_auth": "huntbook.connect() signs in to the chosen cloud.",
    "cloud_mappings": "huntbook.azure.find_cloud(name) gives a cloud's hosts.",
    "AzureCloudConfig": "huntbook.azure.find_cloud(name) gives a cloud's hosts.",
    "BHKeyVaultMgmtClient": "session.resources.resources(subscription, kind='Microsoft.KeyVault/vaults') lists vaults.",
    "SecretsClient": "huntbook.settings.secret(key) gives the secret that a setting holds or refers to.",
    "get_protected_setting": "huntbook.settings.secret(key) gives the secret that a setting holds or refers to.",
    "get_settings": "huntbook.settings.explain() shows every value with its source; get_config(section) gives a section.",
    "TemplateLine": "build_process_tree(...).to_text() of huntbook writes a tree as text.",
    "validate_config": "The command `huntbook settings validate` says what is wrong with the file.",
    "WIN_EVENT_SCH": "Say schema='windows_4688', or leave schema out.",
    "LX_EVENT_SCH": "Say schema='linux_auditd', or leave schema out.",
    "MDE_INT_EVENT_SCH": "Say schema='mde_internal', or leave schema out.",
    "MDE_EVENT_SCH": "Say schema='mde_public', or leave schema out.",
    "SYSMON_PROCESS_CREATE_EVENT_SCH": "Say schema='sysmon', or leave schema out.",
}
