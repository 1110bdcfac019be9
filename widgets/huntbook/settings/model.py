"""What the settings mean: values with defaults, what is wrong with them, and the schema behind every editor."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from pydantic import BaseModel, ValidationError

from huntbook.errors import SettingsValueError
from huntbook.settings.choices import AUTH_METHODS, CLOUDS, Choice
from huntbook.settings.secrets import MASK, is_secret, masked
from huntbook.settings.sections import SECTIONS, shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = [
    "AUTH_METHODS",
    "CLOUDS",
    "SECTIONS",
    "Choice",
    "Effective",
    "Problem",
    "canonical",
    "checked",
    "effective",
    "json_schema",
    "needs_trust",
    "problems",
    "respelled",
]

# Half of what a file may hold, so that a saved value always reads again.
_MAX_DEPTH: Final = 50
_MAX_BITS: Final = 1024
# MSTICPy's first name of a section, still found in files.
_OTHER_NAMES: Final = {"AzureSentinel": "MSSentinel"}
# MSTICPy reads the keys of this section in any case.
_ANY_CASE: Final = frozenset({"KeyVault"})


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

    values: dict[str, dict[str, Any]] = field(repr=False)
    problems: tuple[Problem, ...]


def canonical(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the sections under the names of the model, whatever spelling the file has for them."""
    result = {name: section for name, section in data.items() if name not in _OTHER_NAMES}
    for name, other in _OTHER_NAMES.items():
        section = data.get(name)
        if isinstance(section, dict) and isinstance(result.get(other), dict):
            result[other] = {**section, **result[other]}
        elif name in data:
            result.setdefault(other, section)
    for name in _ANY_CASE:
        if isinstance(result.get(name), dict):
            known = {key.lower(): key for key in SECTIONS[name].model_fields}
            result[name] = {known.get(str(key).lower(), key): value for key, value in result[name].items()}
    return result


def respelled(changes: Mapping[str, Any], data: Mapping[str, Any]) -> dict[str, Any]:
    """Return `changes` under the names that the file `data` has for its sections and keys."""
    result: dict[str, Any] = {}
    for name, section in changes.items():
        first = next((old for old, new in _OTHER_NAMES.items() if new == name and old in data), name)
        target = name if name in data else first
        written = data.get(target)
        if name in _ANY_CASE and isinstance(section, dict) and isinstance(written, dict):
            present = {str(key).lower(): key for key in written}
            section = {present.get(key.lower(), key): value for key, value in section.items()}  # noqa: PLW2901 - the same section in the file's spelling
        result[target] = section
    return result


def needs_trust(section: str, key: str) -> bool:
    """Say whether a setting decides where sign-ins and secrets go; unknown sections may, so they do."""
    info = SECTIONS[section].model_fields.get(key) if section in SECTIONS else None
    if info is None:
        return True
    extra = info.json_schema_extra
    return isinstance(extra, dict) and bool(extra.get("x-trust"))


def effective(data: Mapping[str, Any], *, mask: bool = True) -> Effective:
    """Return the value of every known key, from the sections of a file or from its default.

    Parameters
    ----------
    data
        The sections.
    mask
        True: plain secrets are replaced by asterisks, for everything that is shown.
        False: for the program that signs in with them.
    """
    data = canonical(data)
    clouds = _own_clouds(data)
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
            raw = (section or {}).get(key)
            value, wrong = _value(name, key, default if raw is None else raw, clouds)
            fits = not wrong or isinstance(value, type(default))
            values[name][key] = value if fits else default
            problems += wrong
    problems += _incomplete(values)
    return Effective(masked(values) if mask else values, tuple(problems))


def checked(changes: Mapping[str, Any], data: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Return `changes` with every known value in its plain form; unknown keys and sections pass as they are.

    Parameters
    ----------
    changes
        The new values, nested by section; None removes a key.
    data
        What the file says now; clouds of the user's own that it defines may be chosen.

    Raises
    ------
    SettingsValueError
        A known key with a value that it does not take, or a secret in plain text. The first one is named.

    Examples
    --------
    >>> checked({"Azure": {"cloud": "gov"}})
    {'Azure': {'cloud': 'usgov'}}
    """
    for name, section in changes.items():
        _refuse_text("the changes", name)
        _refuse_strange(name, section)
    changes = canonical(changes)
    clouds = _own_clouds(canonical(data or {})) | _own_clouds(changes)
    result: dict[str, Any] = {}
    for name, section in changes.items():
        if name in SECTIONS and section is not None and not isinstance(section, dict):
            problem = _not_a_section(name, section)
            raise SettingsValueError(problem.message, key=problem.key)
        result[name] = _checked_section(name, section, clouds) if name in SECTIONS and section else section
    return result


def problems(section: str, key: str, value: Any, data: Mapping[str, Any]) -> tuple[Problem, ...]:
    """Return what is wrong with a value for one setting, for an editor that says so while it is typed.

    Parameters
    ----------
    section, key
        The setting.
    value
        The choice; None, for no value of its own, is never wrong.
    data
        What the file says now; clouds of the user's own that it defines may be chosen.

    Examples
    --------
    >>> problems("Azure", "tenant_id", "contoso.onmicrosoft.com", {})
    ()
    """
    if value is None:
        return ()
    return tuple(_value(section, key, value, _own_clouds(canonical(data)))[1])


def json_schema(*, custom_clouds: Iterable[str] = ()) -> dict[str, Any]:
    """Return the JSON schema of the known sections.

    Beside the standard members, a property may carry ``x-choices`` (a list of value, label and
    help), ``x-order`` (true: the order of the list matters), ``x-placeholder``, ``x-refusal`` (what
    to say after a value that ``pattern`` does not take; blanks around a value don't count),
    ``x-map`` (true: a table by name), ``x-import`` (true: its entries are read from what the portal
    gives), ``x-trust`` (true: it says where sign-ins and secrets go) and ``x-advanced`` (true:
    seldom needed).

    Parameters
    ----------
    custom_clouds
        Names of clouds of the user's own, to be offered beside the known ones.
    """
    properties: dict[str, Any] = {}
    for name, model in SECTIONS.items():
        schema = model.model_json_schema()
        properties[name] = _plain(schema, schema.pop("$defs", {}))
    cloud = properties["Azure"]["properties"]["cloud"]
    for own in custom_clouds:
        cloud["enum"].append(own)
        cloud["x-choices"].append({"value": own, "label": own, "help": "A cloud of your own."})
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "huntbook settings",
        "type": "object",
        "properties": properties,
        "additionalProperties": True,
    }


def _plain(schema: Any, definitions: Mapping[str, Any]) -> Any:
    """Write references out, and `anyOf: [text, null]` as a list of types, which forms read more easily."""
    if isinstance(schema, list):
        return [_plain(item, definitions) for item in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        return _plain(definitions[schema["$ref"].rpartition("/")[2]], definitions)
    kinds = [option["type"] for option in schema.get("anyOf", []) if "type" in option]
    plain = {key: _plain(value, definitions) for key, value in schema.items() if key != "anyOf"}
    return {"type": kinds, **plain} if kinds else plain


def _own_clouds(data: Mapping[str, Any]) -> frozenset[str]:
    azure = data.get("Azure")
    clouds = azure.get("custom_clouds") if isinstance(azure, dict) else None
    entries = clouds if isinstance(clouds, list) else []
    names = (entry.get("name") for entry in entries if isinstance(entry, dict))
    return frozenset(name.strip() for name in names if isinstance(name, str))


def _checked_section(name: str, section: Mapping[str, Any], clouds: frozenset[str]) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for key, value in section.items():
        known = key in SECTIONS[name].model_fields and value is not None
        plain, wrong = _value(name, key, _without_removals(value), clouds) if known else (value, [])
        if wrong:
            raise SettingsValueError(wrong[0].message, key=wrong[0].key)
        result[key] = _with_removals(value, plain)
    return result


def _without_removals(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    return {key: _without_removals(item) for key, item in value.items() if item is not None}


def _with_removals(changes: Any, plain: Any) -> Any:
    """Put the removals of a patch back among its plain values."""
    if not (isinstance(changes, dict) and isinstance(plain, dict)):
        return plain
    return {
        key: None if value is None else _with_removals(value, plain.get(key))
        for key, value in changes.items()
    }


def _value(name: str, key: str, value: Any, clouds: frozenset[str]) -> tuple[Any, list[Problem]]:
    """Return one value in its plain form, or as it is and what is wrong with it."""
    try:
        model = SECTIONS[name].model_validate({key: value}, context={"clouds": clouds})
    except ValidationError as error:
        return value, [_problem(name, detail) for detail in error.errors()]
    return _dumped(getattr(model, key)), []


def _dumped(value: Any) -> Any:
    if isinstance(value, BaseModel):
        return value.model_dump(exclude_unset=True)
    return {key: _dumped(item) for key, item in value.items()} if isinstance(value, dict) else value


def _problem(name: str, detail: Any) -> Problem:
    path = ".".join([name, *map(str, detail["loc"])])
    cause = detail.get("ctx", {}).get("error")
    message = str(cause) if cause is not None else f"{shown(detail['input'])} is refused: {detail['msg']}."
    return Problem(path, f"{path}: {message}")


def _incomplete(values: Mapping[str, Mapping[str, Any]]) -> list[Problem]:
    """Name the workspaces that no query could reach."""
    workspaces = values["MSSentinel"]["Workspaces"]
    lacking = [
        name for name, body in workspaces.items() if isinstance(body, dict) and not body.get("WorkspaceId")
    ]
    keys = [f"MSSentinel.Workspaces.{name}.WorkspaceId" for name in lacking]
    return [
        Problem(key, f"{key}: the workspace has no id, so it can't be queried. Give it one.") for key in keys
    ]


def _not_a_section(name: str, value: object) -> Problem:
    key = next(iter(SECTIONS[name].model_fields))
    return Problem(name, f"{name}: {shown(value)} is not a section. Give it keys, such as {name}.{key}.")


def _refuse_strange(path: str, value: object, depth: int = 0, name: str = "") -> None:
    """Refuse what no settings file can or should hold: see the messages."""
    if depth > _MAX_DEPTH:
        raise SettingsValueError(f"{path}: the values lie more than {_MAX_DEPTH} levels deep.", key=path)
    if isinstance(value, dict):
        for key, item in value.items():
            _refuse_text(path, key)
            _refuse_strange(f"{path}.{key}", item, depth + 1, key)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            _refuse_strange(f"{path}.{index}", item, depth + 1, name)
    elif isinstance(value, str):
        _refuse_text(path, value)
        _refuse_secret(path, name, value)
    elif isinstance(value, int):
        if value.bit_length() > _MAX_BITS:
            raise SettingsValueError(f"{path}: the number is longer than {_MAX_BITS} bits.", key=path)
    elif value is not None and not isinstance(value, float):
        message = f"{path}: {shown(value)} is neither text nor a number, truth value, list or mapping."
        raise SettingsValueError(message, key=path)


def _refuse_secret(path: str, name: str, value: str) -> None:
    if value == MASK:
        message = f"{path}: the asterisks stand for a hidden secret. Leave the key out to keep the secret."
        raise SettingsValueError(message, key=path)
    if value and is_secret(name):
        raise SettingsValueError(
            f"{path}: a secret does not belong in a settings file. "
            "Write {EnvironmentVar: NAME} or {KeyVault: vault/secret}, and keep the secret there.",
            key=path,
        )


def _refuse_text(path: str, text: object) -> None:
    if not isinstance(text, str):
        raise SettingsValueError(f"{path}: the key {shown(text)} is not text.", key=path)
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise SettingsValueError(
            f"{path}: the text holds half a character. Type it again.", key=path
        ) from error
