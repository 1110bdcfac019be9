"""Python imports this at start when its folder is on PYTHONPATH: it redirects kernels and servers to the fake."""

from __future__ import annotations

import importlib.util
from pathlib import Path

_spec = importlib.util.spec_from_file_location(
    "fakecloud_redirect", Path(__file__).parents[1] / "redirect.py"
)
if _spec is not None and _spec.loader is not None:
    _module = importlib.util.module_from_spec(_spec)
    _spec.loader.exec_module(_module)
    _module.install_from_environment()
