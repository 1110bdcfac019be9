"""Where each value of a YAML text lies, as character positions, found without building the data.

The outline is also the guard in front of the loader: it refuses a text that is too deep, that
unfolds into too many values, or that says the same key twice, before anything is built from it.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import yaml

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["MAX_DEPTH", "MAX_VALUES", "Entry", "Span", "TextFault", "outline"]

MAX_DEPTH: Final = 100
MAX_VALUES: Final = 100_000
# Turning longer digits into a number takes time that grows with the square of the length.
_MAX_NUMBER_LENGTH: Final = 1_000
_MERGE_TAG: Final = "tag:yaml.org,2002:merge"
_TEXT_TAG: Final = "tag:yaml.org,2002:str"
_RESOLVER: Final = yaml.resolver.Resolver()


class TextFault(Exception):  # noqa: N818 - a fault in the user's text, turned into a SettingsFileError by the reader
    """What is wrong with a text and where; lines and columns count from 1."""

    def __init__(self, message: str, line: int, column: int) -> None:
        super().__init__(message)
        self.message = message
        self.line = line
        self.column = column


@dataclass(slots=True)
class Entry:
    """One key of a mapping and the place of its value."""

    name: object
    key: Span
    value: Span


@dataclass(slots=True)
class Span:
    """One value in the text: `text[start:end]`, without the comments and blank lines after it."""

    kind: str  # "scalar", "alias", "mapping" or "sequence"
    start: int
    end: int
    line: int
    column: int
    flow: bool = False
    anchor: str | None = None
    tagged: bool = False
    style: str | None = None
    name: object = None
    entries: list[Entry] = field(default_factory=list)
    items: list[Span] = field(default_factory=list)
    lines: dict[object, int] = field(default_factory=dict)  # a mapping's keys and the line of each
    size: int = 1


@functools.lru_cache(maxsize=2)
def outline(text: str) -> Span | None:
    """Return the span of the whole document, or None for a text without one; it is shared, so never change it.

    Raises
    ------
    TextFault
        The text is not one YAML document within the limits.
    yaml.YAMLError
        The text is not YAML.
    """
    return _Walk(text).root()


class _Walk:
    """One pass over the events of a text, with a stack of its own: depth costs no recursion."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.stack: list[Span] = []
        self.sizes: dict[str, int | None] = {}  # None while the anchored value is still open
        self.found: Span | None = None
        self.documents = 0

    def root(self) -> Span | None:
        for event in _events(self.text):
            self._take(event)
        return self.found

    def _take(self, event: yaml.Event) -> None:
        if isinstance(event, yaml.DocumentStartEvent):
            self.documents += 1
            if self.documents > 1:
                raise _fault(event, "a second document begins here; a settings file holds one")
        elif isinstance(event, yaml.ScalarEvent | yaml.AliasEvent):
            self._close(self._leaf(event))
        elif isinstance(event, yaml.CollectionStartEvent):
            self._open(event)
        elif isinstance(event, yaml.CollectionEndEvent):
            span = self.stack.pop()
            span.end = _end(event) if span.flow else _last_end(span)
            self._close(span)

    def _open(self, event: yaml.CollectionStartEvent) -> None:
        if len(self.stack) >= MAX_DEPTH:
            raise _fault(event, f"values lie more than {MAX_DEPTH} levels deep")
        kind = "mapping" if isinstance(event, yaml.MappingStartEvent) else "sequence"
        span = _span(kind, event, flow=bool(event.flow_style))
        if span.anchor is not None:
            self.sizes[span.anchor] = None
        self.stack.append(span)

    def _leaf(self, event: yaml.ScalarEvent | yaml.AliasEvent) -> Span:
        if isinstance(event, yaml.AliasEvent):
            span = _span("alias", event)
            size = self.sizes.get(event.anchor or "", 0)
            if size is None:
                raise _fault(event, f"*{event.anchor} stands inside the value that it refers to")
            span.size = max(size, 1)
            return span
        span = _span("scalar", event)
        value = event.value
        if len(value) > _MAX_NUMBER_LENGTH and _tag(event.tag, value, event.implicit).endswith(
            (":int", ":float")
        ):
            raise _fault(event, f"a number of {len(value):,} characters is too long")
        if self._expects_key():
            tag = _tag(event.tag, value, event.implicit)
            span.name = value if tag == _TEXT_TAG else (tag, value)
        span.style = event.style
        written = self.text[span.start : _end(event)]
        # Blanks at the end of a literal text belong to it, but for the last line break.
        literal = event.style in {"|", ">"}
        span.end = span.start + len(
            written.removesuffix("\n").removesuffix("\r") if literal else written.rstrip()
        )
        return span

    def _expects_key(self) -> bool:
        parent = self.stack[-1] if self.stack else None
        if parent is None or parent.kind != "mapping":
            return False
        return not parent.entries or parent.entries[-1].value is not _NO_VALUE

    def _close(self, span: Span) -> None:
        if span.anchor is not None and span.kind != "alias":
            self.sizes[span.anchor] = span.size
        if not self.stack:
            self.found = span
            return
        parent = self.stack[-1]
        parent.size += span.size
        if parent.size > MAX_VALUES:
            message = f"the values up to here, with what they refer to, are more than {MAX_VALUES:,}"
            raise TextFault(message, span.line + 1, span.column + 1)
        if parent.kind == "sequence":
            parent.items.append(span)
        elif parent.entries and parent.entries[-1].value is _NO_VALUE:
            parent.entries[-1].value = span
        else:
            _refuse_twice(parent, span)
            parent.entries.append(Entry(_key_name(span), span, _NO_VALUE))


_NO_VALUE: Final = Span("none", 0, 0, 0, 0)


def _events(text: str) -> Iterator[Any]:
    yield from yaml.parse(text, Loader=yaml.CSafeLoader)


@functools.lru_cache(maxsize=4096)
def _tag(tag: str | None, value: str, implicit: tuple[bool, bool]) -> str:
    """Return the tag of a scalar: its own, or the one that YAML gives it."""
    return tag or str(_RESOLVER.resolve(yaml.ScalarNode, value, implicit))  # type: ignore[no-untyped-call]  # PyYAML's stubs leave it open


def _end(event: Any) -> int:
    return int(event.end_mark.index)


def _span(kind: str, event: Any, *, flow: bool = False) -> Span:
    mark = event.start_mark
    return Span(
        kind,
        mark.index,
        event.end_mark.index,
        mark.line,
        mark.column,
        flow=flow,
        anchor=event.anchor,
        tagged=getattr(event, "tag", None) is not None,
    )


def _last_end(span: Span) -> int:
    """Return where the last value of a block collection ends, or where an empty one stands."""
    if span.entries:
        return max(span.entries[-1].key.end, span.entries[-1].value.end)
    return max(span.items[-1].end, span.start + 1) if span.items else span.end


def _key_name(span: Span) -> object:
    return span.name if span.kind == "scalar" else ("complex", span.start)


def _refuse_twice(mapping: Span, key: Span) -> None:
    name = _key_name(key)
    if name in mapping.lines and name != (_MERGE_TAG, "<<"):
        first = mapping.lines[name]
        shown = key.name[1] if isinstance(key.name, tuple) else key.name
        message = f"the key {shown!r} stands here a second time; the first is in line {first}"
        raise TextFault(message, key.line + 1, key.column + 1)
    mapping.lines[name] = key.line + 1


def _fault(event: Any, message: str) -> TextFault:
    return TextFault(message, event.start_mark.line + 1, event.start_mark.column + 1)
