"""The languages in which conditions are written: how each writes names, values and tests."""

from __future__ import annotations

import math
import re
import unicodedata
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from keyword import iskeyword
from typing import TYPE_CHECKING, Any, TypeAlias

from huntbook import kql_text
from huntbook.errors import OptionError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = ["DIALECTS", "Dialect"]

_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_LARGEST_EXACT = 2.0**53
_LONG = range(-(2**63), 2**63)
# PostgreSQL, appendix C, "SQL key words": reserved as a column's name there, or in DuckDB, which follows it.
_SQL_WORDS = (
    " all analyse analyze and anti any array as asc asof asymmetric at authorization binary both by case cast check "
    "collate collation column columns concurrently constraint create cross current_date current_time "
    "current_timestamp current_user default deferrable desc describe distinct do else end except false fetch for "
    "foreign freeze from full generated glob grant group having ilike in initially inner intersect into is isnull "
    "join lambda lateral leading left like limit localtime localtimestamp map natural not notnull null offset on only "
    "or order outer overlaps pivot pivot_longer pivot_wider placing positional primary qualify references returning "
    "right select semi session_user show similar some struct summarize symmetric table tablesample then to trailing "
    "true try_cast tuple union unique unpack unpivot user using variadic verbose when where window with "
)
# Operators and statements of KQL that can't stand bare as a column's name everywhere; brackets harm no other.
_KQL_WORDS = (
    " and as asc between by contains count datatable desc distinct evaluate extend externaldata facet false find from "
    "has has_all has_any in invoke join kind let limit lookup mv matches not null of on or order parse pattern print "
    "project range reduce render sample scan search serialize set sort startswith step summarize take to toscalar "
    "totable top true type typeof union view where with "
)
# A stand-in for the backslash, which some SQL engines take as it is and others as an escape.
_STAND_INS = "/|~^#¦"


_Writer: TypeAlias = "Callable[[Any], str]"
_Literals: TypeAlias = "tuple[tuple[type, _Writer], ...]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """How one language writes what conditions are made of.

    Parameters
    ----------
    start
        What stands before the whole.
    name, literal
        Write a column's name and a value, or raise an OptionError.
    members, others
        Write that a column is, or is not, one of some values; `others` holds for null too where it is told so.
    null, present
        Templates of the tests for null and its opposite.
    within
        The template of a closed range.
    both, either
        The words between two conditions.
    nothing, everything
        What no row meets, and what each does.
    """

    start: str
    name: Callable[[str], str]
    literal: Callable[[Any], str]
    members: Callable[[str, Sequence[Any]], str]
    others: Callable[[str, Sequence[Any], bool], str]
    null: str
    present: str
    within: str
    both: str
    either: str
    nothing: str
    everything: str


def _kql_name(column: str) -> str:
    if _PLAIN.fullmatch(column) and f" {column} " not in _KQL_WORDS:
        return column
    return f"[{kql_text.quoted(column)}]"


def _kql_literal(value: Any) -> str:
    return _literal(value, _KQL_LITERALS, "KQL")


def _kql_whole(value: int) -> str:
    return str(value) if value in _LONG else f"decimal({value})"


def _kql_real(value: float) -> str:
    text = kql_text.real(value)
    return _whole(value) or (text if math.isfinite(value) else f"real({text})")


# A bool is an int, and a datetime is a date: the narrower kind comes first.
_KQL_LITERALS: _Literals = (
    (str, kql_text.quoted),
    (bool, lambda value: "true" if value else "false"),
    (int, _kql_whole),
    (float, _kql_real),
    (datetime, lambda value: f"datetime({kql_text.instant(value)})"),
    (date, lambda value: f"datetime({value.isoformat()})"),
    (Decimal, lambda value: f"decimal({value:f})"),
)


def _kql_members(name: str, values: Sequence[Any]) -> str:
    texts = [_kql_literal(value) for value in values]
    return f"{name} == {texts[0]}" if len(texts) == 1 else f"{name} in ({', '.join(texts)})"


def _kql_others(name: str, values: Sequence[Any], nulls: bool) -> str:  # noqa: FBT001 - one caller
    texts = [_kql_literal(value) for value in values]
    if len(texts) == 1:
        return f"{name} != {texts[0]}"
    test = f"{name} !in ({', '.join(texts)})"
    # Documented for != only: it holds for null. A string is never null in Kusto.
    return f"(isnull({name}) or {test})" if nulls and not isinstance(values[0], str) else test


def _sql_name(column: str) -> str:
    if _PLAIN.fullmatch(column) and f" {column.lower()} " not in _SQL_WORDS:
        return column
    return '"' + column.replace('"', '""') + '"'


def _sql_literal(value: Any) -> str:
    return _literal(value, _SQL_LITERALS, "SQL")


def _sql_text(value: str) -> str:
    if "\\" not in value:
        return "'" + value.replace("'", "''") + "'"
    for stand_in in _STAND_INS:
        if stand_in not in value:
            return f"replace({_sql_text(value.replace(chr(92), stand_in))}, '{stand_in}', chr(92))"
    return " || chr(92) || ".join(_sql_text(part) for part in value.split("\\"))


def _sql_double(value: float) -> str:
    if not math.isfinite(value):
        return f"CAST('{'' if value > 0 else '-'}Infinity' AS DOUBLE)"
    text = repr(value)
    return text if "e" in text else f"{text}e0"  # without an exponent it would be a decimal, and rounded


def _sql_time(value: datetime) -> str:
    text = "'" + value.isoformat(sep=" ") + "'"
    nanoseconds: int = getattr(value, "nanosecond", 0)
    # As text, a time with a zone or with nanoseconds takes on the column's own type, in every engine.
    return f"TIMESTAMP {text}" if value.tzinfo is None and not nanoseconds else text


_SQL_LITERALS: _Literals = (
    (str, _sql_text),
    (bool, lambda value: "TRUE" if value else "FALSE"),
    (int, str),
    (float, lambda value: _whole(value) or _sql_double(value)),
    (datetime, _sql_time),
    (date, lambda value: f"DATE '{value.isoformat()}'"),
    (Decimal, lambda value: f"{value:f}"),
)


def _spark_name(column: str) -> str:
    if _PLAIN.fullmatch(column) and f" {column.lower()} " not in _SQL_WORDS:
        return column
    # Between double quotes Spark reads a text, and compares that.
    return "`" + column.replace("`", "``") + "`"


def _spark_literal(value: Any) -> str:
    return _literal(value, _SPARK_LITERALS, "Spark SQL")


def _spark_text(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace("'", "\\'")
    # Spark puts a variable's value into a text, too.
    return "'" + escaped.replace("${", "$\\{") + "'"


def _spark_time(value: datetime) -> str:
    kind = "TIMESTAMP_NTZ" if value.tzinfo is None else "TIMESTAMP"
    return f"{kind} '{value.isoformat(sep=' ')}'"


_SPARK_LITERALS: _Literals = ((str, _spark_text), (datetime, _spark_time), *_SQL_LITERALS)


def _sql_members(literal: _Writer, name: str, values: Sequence[Any]) -> str:
    texts = [literal(value) for value in values]
    return f"{name} = {texts[0]}" if len(texts) == 1 else f"{name} IN ({', '.join(texts)})"


def _sql_others(literal: _Writer, name: str, values: Sequence[Any], nulls: bool) -> str:  # noqa: FBT001 - one caller
    texts = [literal(value) for value in values]
    test = f"{name} <> {texts[0]}" if len(texts) == 1 else f"{name} NOT IN ({', '.join(texts)})"
    return f"({name} IS NULL OR {test})" if nulls else test


def _pandas_name(column: str) -> str:
    if not isinstance(column, str):
        raise _no_name(column, "it is no text")
    if "`" in column or not column.isprintable():
        raise _no_name(column, "it holds a backtick or a character that does not show")
    if unicodedata.normalize("NFKC", column) != column:
        raise _no_name(column, "it holds a character that Python takes for another")
    return column if _PLAIN.fullmatch(column) and not iskeyword(column) else f"`{column}`"


def _pandas_literal(value: Any) -> str:
    return _literal(value, _PANDAS_LITERALS, "a pandas query")


def _pandas_real(value: float) -> str:
    return repr(value) if math.isfinite(value) else "1e999" if value > 0 else "-1e999"


_PANDAS_LITERALS: _Literals = (
    # A backtick would begin a column's name, even inside a text.
    (str, lambda value: repr(value).replace("`", "\\x60")),
    (int, repr),
    (float, _pandas_real),
    (datetime, lambda value: repr(value.isoformat(sep=" "))),
)


def _pandas_members(name: str, values: Sequence[Any]) -> str:
    texts = [_pandas_literal(value) for value in values]
    if not isinstance(values[0], datetime):
        return f"{name} in [{', '.join(texts)}]"
    # `==` and `in` compare times with text as text; only an order reads it as a time.
    return "(" + " or ".join(f"({name} >= {text} and {name} <= {text})" for text in texts) + ")"


def _pandas_others(name: str, values: Sequence[Any], nulls: bool) -> str:  # noqa: FBT001 - one caller
    texts = [_pandas_literal(value) for value in values]
    if not isinstance(values[0], datetime):
        return f"{name} not in [{', '.join(texts)}]"
    test = " and ".join(f"({name} < {text} or {name} > {text})" for text in texts)
    return f"({name}.isnull() or ({test}))" if nulls else f"({test})"


def _whole(value: float) -> str:
    """Return a whole number without a point: columns of integers arrive as floats where they have a null."""
    return str(int(value)) if value.is_integer() and abs(value) < _LARGEST_EXACT else ""


def _literal(value: Any, literals: _Literals, language: str) -> str:
    for kind, written in literals:
        if isinstance(value, kind):
            return written(value)
    raise OptionError(
        f"The selection holds {value!r}, a {type(value).__name__}, which {language} has no literal for. "
        "Take the rows from view.selected, or turn the column into text or numbers before you draw it."
    )


def _no_name(column: object, reason: str) -> OptionError:
    return OptionError(
        f"The column {column!r} can't be named in a pandas query: {reason}. "
        "Take the rows from view.selected, or rename the column before you draw it."
    )


_SQL = Dialect(
    start="",
    name=_sql_name,
    literal=_sql_literal,
    members=partial(_sql_members, _sql_literal),
    others=partial(_sql_others, _sql_literal),
    null="{0} IS NULL",
    present="{0} IS NOT NULL",
    within="{0} BETWEEN {1} AND {2}",
    both=" AND ",
    either=" OR ",
    nothing="1 = 0",
    everything="1 = 1",
)

DIALECTS = {
    "kql": Dialect(
        start="| where ",
        name=_kql_name,
        literal=_kql_literal,
        members=_kql_members,
        others=_kql_others,
        null="isempty({0})",
        present="isnotempty({0})",
        within="{0} between ({1} .. {2})",
        both=" and ",
        either=" or ",
        nothing="false",
        everything="true",
    ),
    "sql": _SQL,
    "spark": replace(
        _SQL,
        name=_spark_name,
        literal=_spark_literal,
        members=partial(_sql_members, _spark_literal),
        others=partial(_sql_others, _spark_literal),
    ),
    "pandas": Dialect(
        start="",
        name=_pandas_name,
        literal=_pandas_literal,
        members=_pandas_members,
        others=_pandas_others,
        null="{0}.isnull()",
        present="{0}.notnull()",
        within="({0} >= {1} and {0} <= {2})",
        both=" and ",
        either=" or ",
        nothing="index in []",
        everything="index not in []",
    ),
}
