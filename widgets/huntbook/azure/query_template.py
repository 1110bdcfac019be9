"""Texts with ``{parameters}`` in braces, as MSTICPy writes its queries, as KQL that uses the parameters by name.

There a value is pasted into the text, between quotes that the text brings along, and can leave them. Here the
quotes go and the name of a ``let`` statement stands in the value's place.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from huntbook.errors import OptionError

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["named", "parameters_of"]

_TEXT = r"""[hH]?@"(?:[^"]|"")*"|[hH]?@'(?:[^']|'')*'|[hH]?"(?:[^"\\\n]|\\.)*"|[hH]?'(?:[^'\\\n]|\\.)*'"""
_PLACE = r"(?<!\{)\{\s*(\w+)\s*\}(?!\})"


def _place(group: str) -> str:
    return _PLACE.replace(r"(\w+)", rf"(?P<{group}>\w+)")


_PARTS = re.compile(
    rf"(?P<comment>//[^\n]*)"
    rf"|datetime\(\s*[\"']?{_place('time')}[\"']?\s*\)"
    rf"|dynamic\(\s*\[?\s*{_place('list')}\s*\]?\s*\)"
    rf"|(?P<text>{_TEXT})"
    rf"|(?P<brace>\{{\{{|\}}\}})"
    rf"|{_place('bare')}"
)
_BARE = re.compile(_PLACE)
_OPENING = re.compile(r"""[hH]?@?["']""")
# One word of KQL: a table's or column's name, a number, a duration such as 1d. Nothing can follow it.
_WORD = re.compile(r"[A-Za-z_]\w*|\d+(?:\.\d+)?[a-z]{0,12}", re.ASCII)


def parameters_of(text: str) -> set[str]:
    """Return the names that stand in braces.

    Examples
    --------
    >>> sorted(parameters_of('{table} | where Account == "{who}"'))
    ['table', 'who']
    """
    return set(_BARE.findall(text))


def named(
    text: str, *, kinds: Mapping[str, str], given: Mapping[str, object], defaults: Mapping[str, object]
) -> str:
    r"""Return a text with each parameter in braces replaced by its name.

    A parameter of the type ``str`` that stands outside quotes is no value but a part of the query, such as a table.
    Its default, which the file's writer chose, is put in as it is; from a caller only a single word is taken.

    Parameters
    ----------
    text
        KQL with ``{name}`` for parameters and doubled braces for braces; without a parameter it stays as it is.
    kinds
        The type of each parameter: ``str``, ``int``, ``datetime`` and so on.
    given
        What the caller gave.
    defaults
        What the file gives otherwise.

    Raises
    ------
    OptionError
        The caller gave a part of the query that is more than a word.

    Examples
    --------
    >>> named('{table} | where Account == "{who}" and Path has @"C:\\{folder}\\"',
    ...       kinds={"table": "str", "who": "str", "folder": "str"}, given={}, defaults={"table": "T"})
    'T | where Account == who and Path has strcat(@"C:\\", folder, @"\\")'
    """
    if not parameters_of(text) & set(kinds):
        return text

    def replaced(found: re.Match[str]) -> str:
        if found["text"]:
            return _joined(found[0], kinds)
        if found["brace"]:
            return found[0][0]
        name = found["time"] or found["list"] or found["bare"]
        if name not in kinds:
            return found[0]
        if found["bare"] and kinds[name] == "str":
            return _fragment(name, given=given, default=defaults.get(name))
        return f"todatetime({name})" if found["time"] and kinds[name] != "datetime" else name

    return _PARTS.sub(replaced, text)


def _joined(text: str, kinds: Mapping[str, str]) -> str:
    """Return a KQL text with parameters inside as an expression that puts it together."""
    opening = _OPENING.match(text)
    if opening is None or not _BARE.search(text):
        return text
    quote = text[-1]
    inner = text[opening.end() : -1]
    parts = []
    for at, part in enumerate(_BARE.split(inner)):
        if at % 2 and part in kinds:
            parts.append(part if kinds[part] == "str" else f"tostring({part})")
        elif at % 2:
            parts.append(f"{opening[0]}{{{part}}}{quote}")
        elif part:
            parts.append(f"{opening[0]}{part.replace('{{', '{').replace('}}', '}')}{quote}")
    return parts[0] if len(parts) == 1 else f"strcat({', '.join(parts)})"


def _fragment(name: str, *, given: Mapping[str, object], default: object) -> str:
    if name not in given:
        return "" if default is None else str(default)
    value = str(given[name])
    if not _WORD.fullmatch(value):
        raise OptionError(
            f"{name}={value[:60]!r}: it would become a part of the query itself, so it can be one word, such as a "
            "table's name, and no more. Change the text of the query, or give a query of your own to query()."
        )
    return value
