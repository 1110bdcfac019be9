"""What the tab key offers for the commands of `huntbook.magics`."""

from __future__ import annotations

import contextlib
import inspect
from typing import TYPE_CHECKING, Any, Final

import narwhals as nw
import pandas as pd

from huntbook import plot, settings
from huntbook.azure.choice import custom_clouds
from huntbook.azure.clouds import catalogue

if TYPE_CHECKING:
    from types import SimpleNamespace

    from IPython.core.interactiveshell import InteractiveShell

__all__ = ["COLUMNS", "COMPLETERS", "frames_in", "kinds"]

# Which options the words after a kind fill, in their order.
COLUMNS: Final = {
    "matrix": ("x", "y"),
    "timeline": ("group_by",),
    "timeline_values": ("value_column", "group_by"),
    "timeline_duration": ("group_by",),
    "process_tree": ("legend_col",),
    "process_lineages": (),
}


def frames_in(names: dict[str, Any]) -> list[str]:
    """Name the variables that hold a frame, of pandas or of any other library: what has columns by its type."""
    return [
        name for name, value in names.items() if hasattr(type(value), "columns") and not name.startswith("_")
    ]


def _columns_of(frame: Any) -> list[str]:
    if isinstance(frame, pd.DataFrame):
        return [str(name) for name in frame.columns]
    with contextlib.suppress(TypeError):  # no frame at all
        return list(nw.from_native(frame).collect_schema().names())
    return []


def kinds() -> list[str]:
    """Name the pictures that there are."""
    return [kind for kind in COLUMNS if hasattr(plot, kind)]


def _complete_cloud(_shell: InteractiveShell, event: SimpleNamespace) -> list[str]:
    return (
        ["--save", *(cloud.name for cloud in (*catalogue(), *custom_clouds()))]
        if event.symbol is not None
        else []
    )


def _complete_check(_shell: InteractiveShell, event: SimpleNamespace) -> list[str]:
    if event.text_until_cursor.split()[-1] == "--cloud" or event.text_until_cursor.split()[-2:-1] == [
        "--cloud"
    ]:
        return [cloud.name for cloud in (*catalogue(), *custom_clouds())]
    return ["--cloud", "--sign-in"]


def _complete_hunt(shell: InteractiveShell, event: SimpleNamespace) -> list[str]:
    """Offer frames, then kinds, then columns and options."""
    before = event.text_until_cursor.split()[1:]
    if event.text_until_cursor[-1:].isspace():
        before.append("")
    if len(before) <= 1:
        return frames_in(shell.user_ns)
    if len(before) == 2:  # noqa: PLR2004 - the second word is the kind
        return kinds()
    frame, kind = shell.user_ns.get(before[0]), before[1]
    columns = _columns_of(frame)
    offered = [repr(name) if " " in name else name for name in columns]
    if kind in kinds():
        offered += [
            f"{name}=" for name in inspect.signature(getattr(plot, kind)).parameters if name != "frame"
        ]
    return offered


def _complete_kql(shell: InteractiveShell, event: SimpleNamespace) -> list[str]:
    """Offer the options, and the settings' workspaces after --workspace."""
    before = event.line.partition("\n")[0].split()
    if "--workspace" in before[-2:]:
        return list((settings.get("MSSentinel") or {}).get("Workspaces") or ())
    if "--param" in before[-2:]:
        return [name for name in shell.user_ns if not name.startswith("_")]
    return ["--workspace", "--timespan", "--param", "--out"]


def _complete_nothing(_shell: InteractiveShell, _event: SimpleNamespace) -> list[str]:
    return []


COMPLETERS: Final = {
    "azcheck": _complete_check,
    "azcloud": _complete_cloud,
    "%kql": _complete_kql,
    "hunt": _complete_hunt,
    "mpconfig": _complete_nothing,
}
