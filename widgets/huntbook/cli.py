"""The command ``huntbook``: each part of the library brings its own subcommands."""

from __future__ import annotations

from huntbook.azure.cli import check
from huntbook.settings.cli import main

__all__ = ["main"]

main.add_command(check)
