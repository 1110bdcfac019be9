"""Tables of the documentation that are made from the code, so that they can't be wrong about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sphinx.util.docutils import SphinxDirective

from huntbook.azure.clouds import catalogue
from huntbook.compat.names import ADVICE, MODULES
from huntbook.compute.processes.sources import SOURCES
from huntbook.settings.model import json_schema

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from docutils import nodes
    from sphinx.application import Sphinx

Rows = list[list[str]]


def settings_rows() -> Rows:
    """Return a row for each key of the settings model."""
    rows = [["Key", "Default", "Takes", "What it is"]]
    for section, part in json_schema()["properties"].items():
        for key, field in part.get("properties", {}).items():
            rows.append(
                [f"`{section}.{key}`", _default(field), _takes(field), str(field.get("description", ""))]
            )
    return rows


def _default(field: dict[str, Any]) -> str:
    value = field.get("default")
    if isinstance(value, list):
        return ", ".join(f"`{item}`" for item in value)
    return "none" if value in (None, "", {}) else f"`{value}`"


def _takes(field: dict[str, Any]) -> str:
    if words := field.get("enum"):
        return ", ".join(f"`{word}`" for word in words)
    if words := field.get("items", {}).get("enum"):
        return "a list of " + ", ".join(f"`{word}`" for word in words)
    kind = field.get("type") or next((each.get("type") for each in field.get("anyOf", [])), None)
    return {"string": "text", "array": "a list", "boolean": "true or false", "object": "a section"}.get(
        str(kind), "text"
    )


def cloud_rows() -> Rows:
    """Return a row for each cloud that huntbook ships."""
    rows = [["Name", "Cloud", "Status", "Sign-in at", "Resources at"]]
    for cloud in catalogue():
        hosts = (cloud.authority, cloud.resource_manager)
        shown = [f"`{host.removeprefix('https://')}`" if host else "not known" for host in hosts]
        rows.append([f"`{cloud.name}`", cloud.title, cloud.status, *shown])
    return rows


def msticpy_rows() -> Rows:
    """Return a row for each name of MSTICPy that huntbook answers to."""
    rows = [["In MSTICPy", "Is here"]]
    for module, names in MODULES.items():
        rows += [[f"`{module}.{name}`", f"`{target.replace(':', '.')}`"] for name, target in names.items()]
    return rows


def advice_rows() -> Rows:
    """Return a row for each name that people look for and that huntbook lacks."""
    return [["Not here", "What to use"], *([f"`{name}`", advice] for name, advice in sorted(ADVICE.items()))]


def source_rows() -> Rows:
    """Return a row for each recorder of processes that huntbook knows by its columns."""
    return [["Name for `schema=`"], *([f"`{source.name}`"] for source in SOURCES)]


TABLES: Final[dict[str, Callable[[], Rows]]] = {
    "settings": settings_rows,
    "clouds": cloud_rows,
    "msticpy": msticpy_rows,
    "msticpy-advice": advice_rows,
    "process-sources": source_rows,
}


class Table(SphinxDirective):
    """``{huntbook-table} NAME``: one of the tables above."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Write the table as Markdown and let the page's own parser read it."""
        return self.parse_text_to_nodes("\n".join(_markdown(TABLES[self.arguments[0]]())))


def _markdown(rows: Rows) -> Iterator[str]:
    head, *body = [[cell.replace("|", "\\|") for cell in row] for row in rows]
    yield f"| {' | '.join(head)} |"
    yield f"|{' --- |' * len(head)}"
    for row in body:
        yield f"| {' | '.join(row)} |"


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the directive."""
    app.add_directive("huntbook-table", Table)
    return {"parallel_read_safe": True}
