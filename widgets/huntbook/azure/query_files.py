"""Queries that are saved in YAML files, in the form that MSTICPy reads.

A file has ``metadata`` (for which data it is), ``defaults`` (what its queries share) and ``sources`` (the queries by
name, each with its text and its parameters).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import yaml

from huntbook.azure.kql import bind
from huntbook.azure.query_template import named, parameters_of
from huntbook.azure.query_values import KINDS, typed
from huntbook.errors import OptionError, QueryFileError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

__all__ = ["Parameter", "SavedQuery", "read_folder"]

# The names that MSTICPy has for Log Analytics; files for other services are left alone.
_ENVIRONMENTS = {"mssentinel", "azuresentinel", "loganalytics", "azuremonitor", "kusto"}


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of a saved query.

    Parameters
    ----------
    name, kind, description
        What it is called, its type (see `huntbook.azure.query_values`) and what it is for.
    default
        Its value where none is given; None: it must be given.
    """

    name: str
    kind: str = "str"
    description: str = ""
    default: Any = None


@dataclass(frozen=True, slots=True)
class SavedQuery:
    """One query of a file.

    Parameters
    ----------
    name, family, description
        What it is called, the family of data that it belongs to, and what it finds.
    text
        The query, with its parameters by name or in braces.
    parameters
        In the order of the file.
    path
        The file.
    """

    name: str
    family: str
    description: str
    text: str
    parameters: tuple[Parameter, ...]
    path: Path

    def __str__(self) -> str:
        lines = [f"{self.family}.{self.name}: {self.description}", *map(_described, self.parameters)]
        return "\n".join([*lines, "", self.text.strip()])

    def bound(self, values: Mapping[str, Any], *, now: datetime | None = None) -> str:
        """Return the query with a typed ``let`` statement for each parameter that it uses.

        Parameters
        ----------
        values
            By the parameters' names.
        now
            What days ago are counted from; by default the present.

        Raises
        ------
        OptionError
            A parameter that the query does not have, a value of another type, or one that is missing.
        """
        known = {each.name: each for each in self.parameters}
        for name in values:
            if name not in known:
                raise OptionError.unknown(name, option=f"parameter of {self.name}", known=known)
        chosen = {each.name: values.get(each.name, each.default) for each in self.parameters}
        missing = [_described(known[name]).strip() for name, value in chosen.items() if value is None]
        if missing:
            raise OptionError(f"The query {self.name!r} needs {'; '.join(missing)}. Give it by name.")
        kinds = {each.name: each.kind for each in self.parameters}
        given = {name: value for name, value in values.items() if value is not None}
        text = named(self.text, kinds=kinds, given=given, defaults=chosen)
        moment = now or datetime.now(UTC)
        lets = {
            name: typed(value, kind=kinds[name], name=name, now=moment)
            for name, value in chosen.items()
            if _uses(text, name)
        }
        return bind(text.strip(), lets)


def read_folder(folder: Path) -> list[SavedQuery]:
    """Return the queries of each YAML file in a folder and the folders in it.

    Raises
    ------
    OptionError
        There is no such folder.
    QueryFileError
        A file can't be read; the message names the line.
    """
    if not folder.is_dir():
        raise OptionError(
            f"folder={str(folder)!r}: there is no such folder. Give one with YAML files of queries."
        )
    files = sorted(path for path in folder.rglob("*") if path.suffix in {".yaml", ".yml"})
    return [query for path in files for query in _read(path)]


def _read(path: Path) -> Iterator[SavedQuery]:
    try:
        text = path.read_text("utf-8-sig")
        file = _File(path, yaml.compose(text, Loader=yaml.SafeLoader))
        told = yaml.safe_load(text)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else None
        raise QueryFileError.told(path, line=line, problem=str(error.problem)) from error
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise QueryFileError.told(path, line=None, problem=str(error)) from error
    if told is None:
        return
    file.require(told, "the file")
    metadata = file.section(told, "metadata")
    environments = {str(each).lower() for each in metadata.get("data_environments") or []}
    if environments and not environments & _ENVIRONMENTS:
        return
    defaults = file.section(told, "defaults")
    shared = file.section(defaults, "parameters", "defaults")
    families = metadata.get("data_families") or [path.stem]
    for name, source in file.section(told, "sources").items():
        file.require(source, f"the query {name}", "sources", name)
        yield file.query(str(name), source, family=str(families[0]), shared=shared)


@dataclass(frozen=True, slots=True)
class _File:
    """One file and where in it things stand."""

    path: Path
    root: yaml.Node | None

    def query(self, name: str, source: dict[str, Any], *, family: str, shared: dict[str, Any]) -> SavedQuery:
        place = ("sources", name)
        text = self.section(source, "args", *place).get("query", source.get("query"))
        if not isinstance(text, str):
            raise QueryFileError.told(
                self.path, line=self.line(*place), problem=f"the text of the query {name} must be a text"
            )
        own = self.section(source, "parameters", *place)
        parameters = [self.parameter(each, told, name) for each, told in {**shared, **own}.items()]
        for each in sorted(parameters_of(text) - {parameter.name for parameter in parameters}):
            if f'"{{{each}}}"' in text:
                raise QueryFileError.told(
                    self.path,
                    line=self.line(*place),
                    problem=f"{name} uses {{{each}}} and has no such parameter",
                )
        own_metadata = self.section(source, "metadata", *place)
        family = str((own_metadata.get("data_families") or [family])[0])
        used = tuple(each for each in parameters if each.name in own or _uses(text, each.name))
        return SavedQuery(name, family, str(source.get("description") or "").strip(), text, used, self.path)

    def parameter(self, name: str, told: Any, query: str) -> Parameter:
        place: tuple[str, ...] = ("sources", query, "parameters", name)
        if self.line(*place) == self.line("sources", query):
            place = ("defaults", "parameters", name)
        self.require(told, f"the parameter {name}", *place)
        kind = str(told.get("type") or "str")
        if kind not in KINDS:
            problem = str(OptionError.unknown(kind, option=f"type of {name}", known=KINDS)).rstrip(".")
            raise QueryFileError.told(self.path, line=self.line(*place, "type"), problem=problem)
        return Parameter(str(name), kind, str(told.get("description") or "").strip(), told.get("default"))

    def section(self, within: dict[str, Any], key: str, *place: str) -> dict[str, Any]:
        found = within.get(key) or {}
        self.require(found, key, *place, key)
        return dict(found)

    def require(self, value: object, what: str, *place: str) -> None:
        if not isinstance(value, dict):
            problem = f"{what} must be names with values"
            raise QueryFileError.told(self.path, line=self.line(*place), problem=problem)

    def line(self, *place: str) -> int:
        """Return the line where a key stands, or the last of its parents that is there."""
        node, line = self.root, 1
        for key in place:
            pairs = node.value if isinstance(node, yaml.MappingNode) else []
            found = next((pair for pair in pairs if pair[0].value == key), None)
            if found is None:
                break
            line, node = found[0].start_mark.line + 1, found[1]
        return line


def _uses(text: str, name: str) -> bool:
    return re.search(rf"(?<![\w.]){re.escape(name)}(?!\w)", text) is not None


def _described(parameter: Parameter) -> str:
    about = f": {parameter.description}" if parameter.description else ""
    default = "" if parameter.default is None else f", by default {parameter.default!r}"
    return f"  {parameter.name} ({parameter.kind}{default}){about}"
