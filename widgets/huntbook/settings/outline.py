"""Where each value of a YAML text lies, as character positions, and what the text says, found in one pass.

The pass is also the guard in front of the loader: it refuses a text that is too deep, that unfolds
into too many values, or that says the same key twice.
"""

from __future__ import annotations

import contextlib
import functools
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import yaml

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = ["MAX_DEPTH", "MAX_VALUES", "Entry", "Span", "TextFault", "content", "outline"]

MAX_DEPTH: Final = 100
_TOO_DEEP = f"values lie more than {MAX_DEPTH} levels deep"
MAX_VALUES: Final = 50_000
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
    anchor: str | None = None
    tagged: bool = False
    flow: bool = False
    style: str | None = None
    entries: Sequence[Entry] = ()
    items: Sequence[Span] = ()


def outline(text: str) -> Span | None:
    """Return the span of the whole document, or None for a text without one; it is shared, so never change it.

    Raises
    ------
    TextFault
        The text is not one YAML document within the limits.
    yaml.YAMLError
        The text is not YAML.
    """
    return _walked(text).found


def content(text: str) -> Any:
    """Return what the text says, built as PyYAML's safe loader builds it; it is shared, so never change it.

    Raises
    ------
    TextFault, yaml.YAMLError
        As for `outline`.
    ValueError, TypeError, OverflowError, RecursionError
        A value that can't be understood.
    """
    walk = _walked(text)
    return walk.data if walk.plain else yaml.load(text, Loader=yaml.CSafeLoader)


@functools.lru_cache(maxsize=2)
def _walked(text: str) -> _Walk:
    walk = _Walk(text)
    walk.run()
    return walk


@dataclass(slots=True)
class _Open:
    """A collection whose end has not come yet."""

    span: Span
    data: dict[Any, Any] | list[Any]
    size: int = 1
    key: Span | None = None  # a mapping's key that waits for its value, with its name and what it says
    name: object = None
    key_data: Any = None
    entries: list[Entry] = field(default_factory=list)
    items: list[Span] = field(default_factory=list)
    lines: dict[object, int] = field(default_factory=dict)  # a mapping's keys and the line of each


class _Walk:
    """One pass over the events of a text, with a stack of its own: depth costs no recursion.

    The data is built on the way, but for documents with aliases, tags or merges: `plain` says so.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.stack: list[_Open] = []
        self.sizes: dict[str, int | None] = {}  # None while the anchored value is still open
        self.found: Span | None = None
        self.data: Any = None
        self.plain = True
        self.documents = 0

    def run(self) -> None:
        takes: dict[type, Callable[[Any], None]] = {
            yaml.ScalarEvent: self._scalar,
            yaml.MappingStartEvent: self._open,
            yaml.MappingEndEvent: self._end_collection,
            yaml.SequenceStartEvent: self._open,
            yaml.SequenceEndEvent: self._end_collection,
            yaml.AliasEvent: self._alias,
            yaml.DocumentStartEvent: self._document,
        }
        # The loader itself, because yaml.parse asks it twice for each event.
        loader = yaml.CSafeLoader(self.text)
        try:
            while (event := loader.get_event()) is not None:
                take = takes.get(type(event))
                if take is not None:
                    take(event)
        except yaml.MarkedYAMLError as error:
            # Newer readers have a limit of their own, and look far ahead for a key's colon.
            if error.problem_mark is None or "nesting depth" not in str(error.problem):
                raise
            raise _fault_at(error.problem_mark, _TOO_DEEP) from error
        finally:
            loader.dispose()

    def _document(self, event: yaml.DocumentStartEvent) -> None:
        self.documents += 1
        if self.documents > 1:
            raise _fault(event, "a second document begins here; a settings file holds one")

    def _open(self, event: yaml.CollectionStartEvent) -> None:
        if len(self.stack) >= MAX_DEPTH:
            raise _fault(event, _TOO_DEEP)
        mapping = type(event) is yaml.MappingStartEvent
        span = self._span("mapping" if mapping else "sequence", event)
        span.flow = bool(event.flow_style)
        if span.anchor is not None:
            self.sizes[span.anchor] = None
        self.stack.append(_Open(span, {} if mapping else []))

    def _end_collection(self, event: Any) -> None:
        done = self.stack.pop()
        span = done.span
        span.entries, span.items = done.entries, done.items
        span.end = event.end_mark.index if span.flow else _last_end(span)
        if self.stack and self.stack[-1].key is None and isinstance(self.stack[-1].data, dict):
            self.plain = False  # a key that is no scalar
        self._close(span, done.size, ("complex", span.start), done.data)

    def _alias(self, event: yaml.AliasEvent) -> None:
        size = self.sizes.get(event.anchor or "", 0)
        if size is None:
            raise _fault(event, f"*{event.anchor} stands inside the value that it refers to")
        self.plain = False
        span = self._span("alias", event)
        self._close(span, max(size, 1), ("complex", span.start), None)

    def _scalar(self, event: yaml.ScalarEvent) -> None:
        value = event.value
        tag = _tag(event.tag, value, event.implicit)
        if len(value) > _MAX_NUMBER_LENGTH and tag.endswith((":int", ":float")):
            raise _fault(event, f"a number of {len(value):,} characters is too long")
        span = self._span("scalar", event)
        style = span.style = event.style
        if style in {"|", ">"}:
            # Blanks at the end of a literal text belong to it, but for the last line break.
            written = self.text[span.start : span.end]
            span.end = span.start + len(written.removesuffix("\n").removesuffix("\r"))
        elif self.text[span.end - 1 : span.end].isspace():
            span.end = span.start + len(self.text[span.start : span.end].rstrip())
        if tag == _TEXT_TAG:
            self._close(span, 1, value, value)
        else:
            self._close(span, 1, (tag, value), self._built(tag, value))

    def _built(self, tag: str, value: str) -> Any:
        """Return what a scalar says; what the loader would refuse is left to the loader, which knows the words."""
        if self.plain and tag != _MERGE_TAG:
            with contextlib.suppress(ValueError, OverflowError, yaml.YAMLError):
                return _constructed(tag, value)
        self.plain = False
        return None

    def _span(self, kind: str, event: Any) -> Span:
        start, end = event.start_mark, event.end_mark
        tagged = kind != "alias" and event.tag is not None
        if tagged:
            self.plain = False
        return Span(kind, start.index, end.index, start.line, start.column, event.anchor, tagged)

    def _close(self, span: Span, size: int, name: object, data: Any) -> None:
        """Put a value that is whole into the collection around it."""
        if span.anchor is not None and span.kind != "alias":
            self.sizes[span.anchor] = size
        if not self.stack:
            self.found, self.data = span, data
            return
        parent = self.stack[-1]
        parent.size += size
        if parent.size > MAX_VALUES:
            message = f"the values up to here, with what they refer to, are more than {MAX_VALUES:,}"
            raise TextFault(message, span.line + 1, span.column + 1)
        if isinstance(parent.data, list):
            parent.items.append(span)
            parent.data.append(data)
        elif parent.key is None:
            _refuse_twice(parent, span, name)
            parent.key, parent.name, parent.key_data = span, name, data
        else:
            parent.entries.append(Entry(parent.name, parent.key, span))
            if self.plain:
                parent.data[parent.key_data] = data
            parent.key = None


@functools.lru_cache(maxsize=1024)
def _constructed(tag: str, value: str) -> Any:
    """Build a scalar that is no text, such as a number; none of these can be changed by who gets it."""
    node = yaml.ScalarNode(tag, value)
    return yaml.constructor.SafeConstructor().construct_document(node)


@functools.lru_cache(maxsize=2**14)
def _tag(tag: str | None, value: str, implicit: tuple[bool, bool]) -> str:
    """Return the tag of a scalar: its own, or the one that YAML gives it."""
    return tag or str(_RESOLVER.resolve(yaml.ScalarNode, value, implicit))  # type: ignore[no-untyped-call]  # PyYAML's stubs leave it open


def _last_end(span: Span) -> int:
    """Return where the last value of a block collection ends, or where an empty one stands."""
    if span.entries:
        return max(span.entries[-1].key.end, span.entries[-1].value.end)
    return max(span.items[-1].end, span.start + 1) if span.items else span.end


def _refuse_twice(mapping: _Open, key: Span, name: object) -> None:
    if name in mapping.lines and name != (_MERGE_TAG, "<<"):
        first = mapping.lines[name]
        shown = name[1] if isinstance(name, tuple) else name
        message = f"the key {shown!r} stands here a second time; the first is in line {first}"
        raise TextFault(message, key.line + 1, key.column + 1)
    mapping.lines[name] = key.line + 1


def _fault(event: Any, message: str) -> TextFault:
    return _fault_at(event.start_mark, message)


def _fault_at(mark: Any, message: str) -> TextFault:
    return TextFault(message, mark.line + 1, mark.column + 1)
