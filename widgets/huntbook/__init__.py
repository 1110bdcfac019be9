"""huntbook: a threat hunter's workbench for Microsoft Sentinel, inside Jupyter.

Importing this package reads no file and loads nothing heavy; every name below is
resolved on first use.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

    from huntbook import accessor as mp_pandas_plot
    from huntbook import plot, samples, settings
    from huntbook.azure import check, connect
    from huntbook.compat import install_as_msticpy
    from huntbook.compute.processes import ProcSchema, build_process_tree
    from huntbook.editor import MpConfigEdit
    from huntbook.errors import HuntbookError
    from huntbook.notebook import init_notebook

__all__ = [
    "HuntbookError",
    "MpConfigEdit",
    "ProcSchema",
    "__version__",
    "build_process_tree",
    "check",
    "connect",
    "init_notebook",
    "install_as_msticpy",
    "mp_pandas_plot",
    "plot",
    "samples",
    "settings",
]

# name -> (module, attribute); None means that the module itself is the value.
_LAZY: dict[str, tuple[str, str | None]] = {
    "HuntbookError": ("huntbook.errors", "HuntbookError"),
    "MpConfigEdit": ("huntbook.editor", "MpConfigEdit"),
    "ProcSchema": ("huntbook.compute.processes", "ProcSchema"),
    "build_process_tree": ("huntbook.compute.processes", "build_process_tree"),
    "check": ("huntbook.azure", "check"),
    "connect": ("huntbook.azure", "connect"),
    "init_notebook": ("huntbook.notebook", "init_notebook"),
    "install_as_msticpy": ("huntbook.compat", "install_as_msticpy"),
    "mp_pandas_plot": ("huntbook.accessor", None),
    "plot": ("huntbook.plot", None),
    "samples": ("huntbook.samples", None),
    "settings": ("huntbook.settings", None),
}


def __getattr__(name: str) -> Any:
    """Resolve a public name on first use, so that importing huntbook stays cheap."""
    if name == "__version__":
        from importlib.metadata import version  # noqa: PLC0415 - read only when asked for

        return version("huntbook")
    if name not in _LAZY:
        raise AttributeError(f"module 'huntbook' has no attribute {name!r}")
    module_name, attribute = _LAZY[name]
    module = importlib.import_module(module_name)
    value = module if attribute is None else getattr(module, attribute)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)


def load_ipython_extension(shell: InteractiveShell) -> None:
    """Do what ``%load_ext huntbook`` says: the commands, and MSTICPy's names where that is not installed."""
    from huntbook import compat, notebook  # noqa: PLC0415 - needed only inside IPython

    notebook.load(shell)
    compat.install_where_absent()


def unload_ipython_extension(shell: InteractiveShell) -> None:
    """Do what ``%unload_ext huntbook`` says: take all of it away again."""
    from huntbook import compat, notebook  # noqa: PLC0415 - needed only inside IPython

    notebook.unload(shell)
    compat.uninstall()
