"""huntbook: a threat hunter's workbench for Microsoft Sentinel, inside Jupyter.

Importing this package reads no file and loads nothing heavy; every name below is
resolved on first use.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from huntbook import accessor as mp_pandas_plot
    from huntbook import plot, samples, settings
    from huntbook.editor import MpConfigEdit
    from huntbook.errors import HuntbookError

__all__ = ["HuntbookError", "MpConfigEdit", "__version__", "mp_pandas_plot", "plot", "samples", "settings"]

# name -> (module, attribute); None means that the module itself is the value.
_LAZY: dict[str, tuple[str, str | None]] = {
    "HuntbookError": ("huntbook.errors", "HuntbookError"),
    "MpConfigEdit": ("huntbook.editor", "MpConfigEdit"),
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
