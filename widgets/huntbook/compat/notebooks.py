"""MSTICPy's `init_notebook`: ours, and the names that its notebooks find in their namespace."""

from __future__ import annotations

import importlib
import os
from typing import TYPE_CHECKING, Any, Final

from huntbook import notebook

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["init_notebook"]

# name in the notebook -> module, or module:attribute
_NAMES: Final = {
    "MpConfigEdit": "huntbook.editor:MpConfigEdit",
    "Path": "pathlib:Path",
    "mp_pandas_plot": "huntbook.accessor",
    "np": "numpy",
    "pd": "pandas",
    "widgets": "ipywidgets",
}


def init_notebook(
    namespace: dict[str, Any] | None = None,
    def_imports: str = "all",
    additional_packages: Sequence[str] | None = None,
    extra_imports: Sequence[str] | None = None,
    *,
    friendly_exceptions: bool | None = None,
    config: str | None = None,
    user_install: bool = False,  # noqa: ARG001 - concerns the packages that are not installed
    no_config_check: bool = False,  # noqa: ARG001 - the settings are read on use
    verbose: bool | None = None,  # noqa: ARG001 - three lines are always said
    verbosity: int | None = None,  # noqa: ARG001 - three lines are always said
) -> None:
    """Make a notebook ready as `huntbook.init_notebook` does, under MSTICPy's signature.

    Parameters
    ----------
    namespace
        Where names go, usually ``globals()``. None: the notebook's own.
    def_imports
        "all" (default) or "msticpy": set ``MpConfigEdit``, ``Path``, ``mp_pandas_plot``, ``np``, ``pd`` and
        ``widgets``; any other word: none.
    additional_packages
        Not installed; a line says how to.
    extra_imports
        What else to import, each as ``"module"``, ``"module, name"`` or ``"module, name, alias"``.
    friendly_exceptions
        False: show errors with their traceback. None and True: as a sentence.
    config
        The settings file for this process: it becomes ``MSTICPYCONFIG``.
    user_install, no_config_check, verbose, verbosity
        Taken, and without effect.

    Examples
    --------
    In a notebook's first cell::

        import msticpy

        msticpy.init_notebook(globals())
    """
    from IPython.core.getipython import get_ipython  # noqa: PLC0415 - the module loads without IPython running

    if config:
        os.environ["MSTICPYCONFIG"] = str(config)
    notebook.init_notebook(friendly_errors=friendly_exceptions is not False)
    into = get_ipython().user_ns if namespace is None else namespace
    wanted = dict(_NAMES) if def_imports in ("all", "msticpy") else {}
    wanted |= dict(_extra(each) for each in extra_imports or ())
    for name, target in wanted.items():
        module, _, attribute = target.partition(":")
        found = importlib.import_module(module)
        into[name] = getattr(found, attribute) if attribute else found
    if additional_packages:
        print(f"additional_packages are not installed; run: %pip install {' '.join(additional_packages)}")  # noqa: T201


def _extra(words: str) -> tuple[str, str]:
    module, *rest = (word.strip() for word in words.split(","))
    if not rest or not rest[0]:
        return (rest[1] if len(rest) > 1 else module.partition(".")[0]), module
    return rest[-1], f"{module}:{rest[0]}"
