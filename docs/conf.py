"""How the documentation is built: `python -m sphinx -W --keep-going -b html docs docs/_build`."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "_extensions"))

project = "huntbook"
author = "the huntbook contributors"
extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "huntbook_pictures",
    "huntbook_tables",
]
exclude_patterns = ["_build", "_extensions"]
html_theme = "furo"
html_title = "huntbook"
html_static_path = ["_static"]
html_css_files = ["huntbook.css"]
html_show_copyright = False

myst_enable_extensions = ["colon_fence"]
myst_heading_anchors = 3

autodoc_default_options = {"members": True, "show-inheritance": True}
autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_typehints_format = "short"
# Signatures as they are written, so that defaults stay readable.
autodoc_preserve_defaults = True
napoleon_google_docstring = False
napoleon_use_rtype = False
napoleon_use_ivar = True
