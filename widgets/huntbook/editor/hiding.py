"""What of a settings file may be on the screen, and so in a saved notebook: everything but its secrets."""

from __future__ import annotations

import re
from typing import Any, Final

from huntbook.settings.secrets import MASK, is_reference, is_secret, masked

__all__ = ["hidden", "hidden_lines"]

# Sections that are not ours may hold keys under any name, so what looks like one is hidden too; ids are none.
_LIKE_A_KEY: Final = re.compile(r"(?=\S*\d)(?=\S*[A-Za-z])[A-Za-z0-9+/=_~.-]{20,}")
_ID: Final = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_PASSWORD_IN_ADDRESS: Final = re.compile(r"//[^/\s@]*:[^/\s@]*@|[?&](sig|key|token|code)=", re.IGNORECASE)
_KEY: Final = re.compile(r"([\w.-]+)[\"']?\s*:")
_REFERENCE: Final = re.compile(r"\s*\{\s*(EnvironmentVar|KeyVault)\s*:[^{},]*\}\s*|\s*")
_REFERENCE_LINE: Final = re.compile(r"\s*(EnvironmentVar|KeyVault)\s*:")
_LONGEST: Final = 2_000


def hidden(data: Any) -> Any:
    """Return a copy of sections without their secrets: those of a secret's name, and what looks like a key.

    Examples
    --------
    >>> hidden({"TI": {"VT": {"AuthKey": "hush", "Primary": True}}})
    {'TI': {'VT': {'AuthKey': '********', 'Primary': True}}}
    """
    return _without_keys(masked(data))


def _without_keys(value: Any) -> Any:
    if isinstance(value, dict) and not is_reference(value):
        return {key: _without_keys(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_without_keys(item) for item in value]
    return MASK if isinstance(value, str) and _looks_secret(value) else value


def _looks_secret(text: str) -> bool:
    if _PASSWORD_IN_ADDRESS.search(text):
        return True
    return _LIKE_A_KEY.fullmatch(text) is not None and _ID.fullmatch(text) is None


def hidden_lines(text: str) -> list[str]:
    r"""Return the lines of a text that need not be YAML, with asterisks where a secret stands or may stand.

    Examples
    --------
    >>> hidden_lines("OTX:\n  AuthKey: hush\n  Primary: true")
    ['OTX:', '  AuthKey: ********', '  Primary: true']
    """
    lines: list[str] = []
    below: int | None = None
    for full in text.split("\n"):
        line = full.rstrip("\r")[:_LONGEST]
        indent = len(line) - len(line.lstrip())
        # What goes on below a secret's name belongs to it: deeper lines, and those that name nothing.
        if below is not None and (indent > below or _KEY.search(line) is None):
            reference = _REFERENCE_LINE.match(line) or not line.strip()
            lines.append(line if reference else " " * indent + MASK)
            continue
        shown, secret = _hidden_line(line)
        lines.append(shown)
        below = indent if secret else None
    return lines


def _hidden_line(line: str) -> tuple[str, bool]:
    """Return a line without its secrets, and whether a secret's name stands in it."""
    for found in _KEY.finditer(line):
        rest = line[found.end() :]
        if is_secret(found[1]):
            return (line if _REFERENCE.fullmatch(rest) else f"{line[: found.end()]} {MASK}"), True
    words = (MASK if _looks_secret(word.strip("\"',[]{}")) else word for word in re.split(r"(\s+)", line))
    return "".join(words), False
