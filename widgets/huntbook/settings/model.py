"""What can be configured: one description of every key, for every editor and every check.

A key's type, default, choices, title and help stand here once. The server's validation, the
sidebar's form, the notebook editor and the documentation are made from them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Final

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, JsonValue, ValidationError

from huntbook.errors import SettingsValueError, listed, nearest

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "AUTH_METHODS",
    "CLOUDS",
    "SECTIONS",
    "AzureSettings",
    "Choice",
    "Effective",
    "Problem",
    "checked",
    "effective",
    "json_schema",
]


@dataclass(frozen=True, slots=True)
class Choice:
    """One value that a setting takes: the word in the file, its label, one line of help, other words for it."""

    value: str
    label: str
    help: str
    aliases: tuple[str, ...] = ()


CLOUDS: Final = (
    Choice("global", "Azure global", "The public cloud, portal.azure.com.", ("public",)),
    Choice("usgov", "US Government", "The cloud of the US Government, portal.azure.us.", ("gov",)),
    Choice("cn", "China", "The cloud that 21Vianet runs in China, portal.azure.cn.", ("china",)),
    Choice(
        "de",
        "Germany (closed)",
        "Closed on 29 October 2021; kept so that old settings are understood.",
        ("germany",),
    ),
)

AUTH_METHODS: Final = (
    Choice(
        "env",
        "Environment variables",
        "Kernel's machine: the AZURE_... variables that are set there.",
        ("environment",),
    ),
    Choice(
        "cli", "Azure CLI", 'Kernel\'s machine: the account of "az login" there.', ("azurecli", "azure_cli")
    ),
    Choice(
        "msi",
        "Managed identity",
        "Kernel's machine: the identity that Azure gave it; no secret.",
        ("managedidentity", "managed_identity"),
    ),
    Choice(
        "interactive",
        "Browser sign-in",
        "Browser on the kernel's machine: for a kernel on your own computer.",
        ("interactive_browser", "interactivebrowser", "browser"),
    ),
    Choice(
        "devicecode",
        "Device code",
        "Your browser, anywhere: open a page, type the code shown in the notebook.",
        ("device_code", "device"),
    ),
    Choice(
        "powershell",
        "Azure PowerShell",
        "Kernel's machine: the account of Connect-AzAccount there.",
        ("pwsh",),
    ),
    Choice("vscode", "VS Code", "Kernel's machine: the account that is signed in to VS Code there.", ()),
    Choice(
        "clientsecret",
        "Client secret",
        "Kernel's machine: an application's id and its secret.",
        ("client_secret", "secret"),
    ),
    Choice(
        "certificate", "Certificate", "Kernel's machine: an application's id and its certificate.", ("cert",)
    ),
)

_GUID: Final = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_DOMAIN: Final = re.compile(
    r"(?=.{4,253}$)([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z][A-Za-z0-9-]{0,61}[A-Za-z0-9]"
)
_MAX_SHOWN: Final = 60
# Half of what a file may hold, so that a saved value always reads again.
_MAX_DEPTH: Final = 50
_MAX_BITS: Final = 1024


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= _MAX_SHOWN else text[: _MAX_SHOWN - 3] + "..."


def _word(value: object, choices: tuple[Choice, ...]) -> str:
    """Return the word of the file for a choice or one of its aliases."""
    words = {word: choice.value for choice in choices for word in (choice.value, *choice.aliases)}
    found = words.get(value.strip().lower()) if isinstance(value, str) else None
    if found is not None:
        return found
    near = nearest(value, words) if isinstance(value, str) else None
    hint = f" Did you mean {words[near]!r}?" if near else ""
    raise ValueError(
        f"{_shown(value)} is not known.{hint} It takes: {listed(choice.value for choice in choices)}."
    )


def _cloud(value: object) -> str:
    return _word(value, CLOUDS)


def _auth_methods(value: object) -> list[str]:
    if not isinstance(value, list):
        raise ValueError(  # noqa: TRY004 - pydantic collects ValueError only
            f"{_shown(value)} is not a list. Give the methods in the order to try, such as [cli, interactive]."
        )
    words = [_word(item, AUTH_METHODS) for item in value]
    if not words:
        raise ValueError("The list is empty. Give at least one method, such as [cli, interactive].")
    twice = next((word for index, word in enumerate(words) if word in words[:index]), None)
    if twice is not None:
        raise ValueError(f"{twice!r} stands in the list twice. Give each method once.")
    return words


def _tenant_id(value: object) -> str | None:
    if value is None or value == "":
        return None
    if isinstance(value, str) and (_GUID.fullmatch(value.strip()) or _DOMAIN.fullmatch(value.strip())):
        return value.strip()
    raise ValueError(
        f"{_shown(value)} is not a tenant. Give its id, such as 11111111-2222-3333-4444-555555555555, "
        "or a domain name of it, such as contoso.onmicrosoft.com."
    )


def _choices(choices: tuple[Choice, ...]) -> list[JsonValue]:
    return [{"value": choice.value, "label": choice.label, "help": choice.help} for choice in choices]


class AzureSettings(BaseModel):
    """The section `Azure`: which cloud, and how to sign in to it."""

    model_config = ConfigDict(extra="allow", title="Azure", frozen=True)

    cloud: Annotated[str, BeforeValidator(_cloud)] = Field(
        default="global",
        title="Cloud",
        description="The Azure cloud that every sign-in and every request goes to.",
        json_schema_extra={"enum": [choice.value for choice in CLOUDS], "x-choices": _choices(CLOUDS)},
    )
    auth_methods: Annotated[list[str], BeforeValidator(_auth_methods)] = Field(
        default=["cli", "interactive"],
        title="Sign-in methods",
        description="The ways to sign in, tried in this order until one works.",
        json_schema_extra={
            "items": {"type": "string", "enum": [choice.value for choice in AUTH_METHODS]},
            "minItems": 1,
            "uniqueItems": True,
            "x-choices": _choices(AUTH_METHODS),
            "x-order": True,
        },
    )
    tenant_id: Annotated[str | None, BeforeValidator(_tenant_id)] = Field(
        default=None,
        title="Tenant",
        description="The tenant's id or one of its domain names; empty for the account's own tenant.",
        json_schema_extra={"x-placeholder": "contoso.onmicrosoft.com"},
    )


SECTIONS: Final[dict[str, type[BaseModel]]] = {"Azure": AzureSettings}


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one value of a settings file.

    Parameters
    ----------
    key
        Its dotted name, such as ``Azure.cloud``.
    message
        What is wrong and how to put it right, a whole sentence.
    """

    key: str
    message: str


@dataclass(frozen=True, slots=True)
class Effective:
    """The values of the sections that the model knows, with defaults, and what is wrong with any of them.

    A refused value never turns into another one: it stands in `values` as the file says it (or as
    the default where its type does not fit), and `problems` names it.
    """

    values: dict[str, dict[str, Any]]
    problems: tuple[Problem, ...]


def effective(data: Mapping[str, Any]) -> Effective:
    """Return the value of every known key, from the sections of a file or from its default."""
    values: dict[str, dict[str, Any]] = {}
    problems: list[Problem] = []
    for name, model in SECTIONS.items():
        section = data.get(name)
        if section is not None and not isinstance(section, dict):
            problems.append(_not_a_section(name, section))
            section = None
        values[name] = {}
        for key, info in model.model_fields.items():
            default = info.get_default(call_default_factory=True)
            value, problem = _value(name, key, (section or {}).get(key, default))
            values[name][key] = value if problem is None or isinstance(value, type(default)) else default
            if problem is not None:
                problems.append(problem)
    return Effective(values, tuple(problems))


def checked(changes: Mapping[str, Any]) -> dict[str, Any]:
    """Return `changes` with every known value in its plain form; unknown keys and sections pass as they are.

    Parameters
    ----------
    changes
        The new values, nested by section; None removes a key.

    Raises
    ------
    SettingsValueError
        A known key with a value that it does not take. The first one is named.

    Examples
    --------
    >>> checked({"Azure": {"cloud": "gov"}})
    {'Azure': {'cloud': 'usgov'}}
    """
    result: dict[str, Any] = {}
    for name, section in changes.items():
        _refuse_text("the changes", name)
        _refuse_strange(name, section)
        if name in SECTIONS and section is not None and not isinstance(section, dict):
            problem = _not_a_section(name, section)
            raise SettingsValueError(problem.message, key=problem.key)
        result[name] = _checked_section(name, section) if name in SECTIONS and section else section
    return result


def json_schema() -> dict[str, Any]:
    """Return the JSON schema of the known sections.

    Beside the standard members, a property may carry ``x-choices`` (a list of value, label and
    help), ``x-order`` (true: the order of the list matters) and ``x-placeholder``.
    """
    properties = {}
    for name, model in SECTIONS.items():
        schema = model.model_json_schema()
        schema["properties"] = {key: _plain(value) for key, value in schema["properties"].items()}
        properties[name] = schema
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "huntbook settings",
        "type": "object",
        "properties": properties,
        "additionalProperties": True,
    }


def _plain(field: dict[str, Any]) -> dict[str, Any]:
    """Write `anyOf: [text, null]` as a list of types, which forms read more easily."""
    kinds = [option["type"] for option in field.pop("anyOf", []) if "type" in option]
    return {"type": kinds, **field} if kinds else field


def _checked_section(name: str, section: Mapping[str, Any]) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for key, value in section.items():
        known = key in SECTIONS[name].model_fields and value is not None
        result[key], problem = _value(name, key, value) if known else (value, None)
        if problem is not None:
            raise SettingsValueError(problem.message, key=problem.key)
    return result


def _value(name: str, key: str, value: Any) -> tuple[Any, Problem | None]:
    """Return one value in its plain form, or as it is and the problem with it."""
    try:
        return getattr(SECTIONS[name].model_validate({key: value}), key), None
    except ValidationError as error:
        first = error.errors()[0]
        cause = first.get("ctx", {}).get("error")
        message = str(cause) if cause is not None else f"{_shown(value)} is refused: {first['msg']}."
        return value, Problem(f"{name}.{key}", f"{name}.{key}: {message}")


def _not_a_section(name: str, value: object) -> Problem:
    return Problem(name, f"{name}: {_shown(value)} is not a section. Give it keys, such as {_example(name)}.")


def _example(name: str) -> str:
    key = next(iter(SECTIONS[name].model_fields))
    return f"{name}.{key}"


def _refuse_strange(path: str, value: object, depth: int = 0) -> None:
    """Refuse what no settings file can hold, such as keys that are no text or values that JSON does not know."""
    if depth > _MAX_DEPTH:
        raise SettingsValueError(f"{path}: the values lie more than {_MAX_DEPTH} levels deep.", key=path)
    if isinstance(value, dict):
        for key, item in value.items():
            _refuse_text(path, key)
            _refuse_strange(f"{path}.{key}", item, depth + 1)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            _refuse_strange(f"{path}.{index}", item, depth + 1)
    elif isinstance(value, str):
        _refuse_text(path, value)
    elif isinstance(value, int):
        if value.bit_length() > _MAX_BITS:
            raise SettingsValueError(f"{path}: the number is longer than {_MAX_BITS} bits.", key=path)
    elif value is not None and not isinstance(value, float):
        message = f"{path}: {_shown(value)} is neither text nor a number, truth value, list or mapping."
        raise SettingsValueError(message, key=path)


def _refuse_text(path: str, text: object) -> None:
    if not isinstance(text, str):
        raise SettingsValueError(f"{path}: the key {_shown(text)} is not text.", key=path)
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise SettingsValueError(
            f"{path}: the text holds half a character. Type it again.", key=path
        ) from error
