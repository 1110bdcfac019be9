"""Tables of the documentation that are made from the code, so that they can't be wrong about it."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any, Final

import click
from sphinx.util.docutils import SphinxDirective

from huntbook.azure.arm import API_VERSIONS
from huntbook.compat.config_files import MpConfigFile
from huntbook.compat.editors import MpConfigEdit
from huntbook.compat.names import ADVICE, MODULES
from huntbook.compat.providers import AzureData, BHKeyVaultClient, QueryProvider, WorkspaceConfig
from huntbook.compat.sentinel import MicrosoftSentinel
from huntbook.compat.workspace_lookups import WorkspaceLookups
from huntbook.compute.processes.sources import SOURCES
from huntbook.settings.cli import settings as commands
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
        for key, field in _fields(part):
            rows.append(
                [f"`{section}.{key}`", _default(field), _takes(field), str(field.get("description", ""))]
            )
    return rows


def _fields(part: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each key of a section; of a table of named entries, the keys of an entry."""
    for key, field in part.get("properties", {}).items():
        entry = field.get("additionalProperties")
        if isinstance(entry, dict) and "properties" in entry:
            yield from ((f"{key}.NAME.{name}", inner) for name, inner in entry["properties"].items())
        else:
            yield key, field


def _default(field: dict[str, Any]) -> str:
    value = field.get("default")
    if isinstance(value, list) and value:
        return ", ".join(f"`{item}`" for item in value)
    return "none" if value in (None, "", {}, []) else f"`{value}`"


def _takes(field: dict[str, Any]) -> str:
    if words := field.get("enum"):
        return ", ".join(f"`{word}`" for word in words)
    if words := field.get("items", {}).get("enum"):
        return "a list of " + ", ".join(f"`{word}`" for word in words)
    if isinstance(field.get("default"), bool):
        return "true or false"
    kind = field.get("type") or next((each.get("type") for each in field.get("anyOf", [])), None)
    return {"string": "text", "array": "a list", "boolean": "true or false", "object": "a section"}.get(
        str(kind), "text"
    )


def version_rows() -> Rows:
    """Return a row for each group of calls with the version of the API that it uses."""
    rows = [[f"`{group}`", f"`{version}`"] for group, version in API_VERSIONS.items()]
    return [["Group", "Version"], *rows]


def msticpy_rows() -> Rows:
    """Return a row for each name of MSTICPy that huntbook answers to, with every module that has it."""
    homes: dict[tuple[str, str], list[str]] = {}
    for module, names in MODULES.items():
        for name, target in names.items():
            homes.setdefault((name, target), []).append(f"`{module}`")
    rows = [["Name", "In MSTICPy's", "Is here"]]
    for (name, target), modules in sorted(homes.items(), key=lambda each: each[0][0].lower()):
        rows.append([f"`{name}`", ", ".join(modules), f"`{target.replace(':', '.')}`"])
    return rows


def method_rows() -> Rows:
    """Return a row for each method of MSTICPy's classes that huntbook has."""
    rows = [["Class", "Method", "What it does here"]]
    for each in (
        QueryProvider,
        MicrosoftSentinel,
        AzureData,
        BHKeyVaultClient,
        WorkspaceConfig,
        MpConfigEdit,
        MpConfigFile,
    ):
        above = vars(WorkspaceLookups) if each is MicrosoftSentinel else {}
        for name, method in {**vars(each), **above}.items():
            if not name.startswith("_") and (said := inspect.getdoc(method)):
                rows.append([f"`{each.__name__}`", f"`{name}`", said.split("\n\n")[0].replace("\n", " ")])
    return rows


def advice_rows() -> Rows:
    """Return a row for each name that people look for and that huntbook lacks."""
    return [["Not here", "What to use"], *([f"`{name}`", advice] for name, advice in sorted(ADVICE.items()))]


def source_rows() -> Rows:
    """Return a row for each recorder of processes that huntbook knows by its columns."""
    return [["Name for `schema=`"], *([f"`{source.name}`"] for source in SOURCES)]


def command_rows() -> Rows:
    """Return a row for each command at the prompt."""
    rows = [["Command", "What it does"]]
    for name, command in sorted(commands.commands.items()):
        words = " ".join(parameter.make_metavar(_context(command)) for parameter in _arguments(command))
        rows.append(
            [f"`huntbook settings {name} {words}`".replace(" `", "`"), str(command.help).split("\n\n")[0]]
        )
    return rows


def _arguments(command: click.Command) -> list[click.Parameter]:
    return [parameter for parameter in command.params if isinstance(parameter, click.Argument)]


def _context(command: click.Command) -> click.Context:
    return click.Context(command)


TABLES: Final[dict[str, Callable[[], Rows]]] = {
    "settings": settings_rows,
    "api-versions": version_rows,
    "commands": command_rows,
    "msticpy": msticpy_rows,
    "msticpy-advice": advice_rows,
    "msticpy-methods": method_rows,
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
