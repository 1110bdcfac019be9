"""Names in a settings file that look like ours but are none, so that a slip of the pen is no silent one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from huntbook.errors import nearest
from huntbook.settings.model import SECTIONS, Problem, canonical

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["meant", "misspelt", "nested"]


def nested(key: str, value: Any) -> dict[str, Any]:
    """Return a value below the names of its dotted key.

    Examples
    --------
    >>> nested("Azure.cloud", "cn")
    {'Azure': {'cloud': 'cn'}}
    """
    for part in reversed(key.split(".")):
        value = {part: value}
    found: dict[str, Any] = value
    return found


def meant(data: Mapping[str, Any]) -> dict[str, str]:
    """Return each name that is most likely meant for one of ours, and ours beside it.

    Names of other programs stay unsaid: only what is close to a key of the same section, what has a
    section's name in another case, and a key that stands without its section.

    Parameters
    ----------
    data
        The sections of a file.

    Examples
    --------
    >>> meant({"Azure": {"clod": "usgov"}})
    {'Azure.clod': 'Azure.cloud'}
    """
    return dict(_names(canonical(data)))


def misspelt(data: Mapping[str, Any]) -> tuple[Problem, ...]:
    """Return the same as problems of a file."""
    return tuple(
        Problem(name, f"{name} is not known, so it has no effect. Did you mean {ours}?")
        for name, ours in meant(data).items()
    )


def _names(data: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    sections = {name.lower(): name for name in SECTIONS}
    keys = {key.lower(): f"{name}.{key}" for name, model in SECTIONS.items() for key in model.model_fields}
    for name, section in data.items():
        if name in SECTIONS and isinstance(section, dict):
            yield from _keys(name, section)
        elif name not in SECTIONS and str(name).lower() in sections:
            yield str(name), sections[str(name).lower()]
        elif not isinstance(section, dict) and str(name).lower() in keys:
            yield str(name), keys[str(name).lower()]


def _keys(name: str, section: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    known = SECTIONS[name].model_fields
    for key, value in section.items():
        ours = nearest(str(key), known) if key not in known and value is not None else None
        if ours is not None and ours not in section:
            yield f"{name}.{key}", f"{name}.{ours}"
