"""Change values in a YAML text and leave every other character as it is.

Dumping the data again would lose comments, quotes, anchors and the order. Here the places of the
values to change are cut out of the text and the new ones put in; the caller parses the result and
compares it with what was asked for, so a rare form that is not understood here ends in a refusal
and never in a wrong file.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import yaml

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from huntbook.settings.outline import Entry, Span

__all__ = ["merged", "same", "splice"]

_PLAIN: Final = re.compile(
    r"[A-Za-z_/][\w./@+-]*(?: [\w./@+-]+)*|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII
)
_DEFAULT_INDENT: Final = 2


class _Edit(NamedTuple):
    start: int
    end: int
    text: str


def merged(data: Any, changes: Any) -> Any:
    """Return `data` with `changes` applied as a JSON merge patch: None removes a key."""
    if not isinstance(changes, dict):
        return changes
    result = dict(data) if isinstance(data, dict) else {}
    for key, value in changes.items():
        if value is None:
            result.pop(key, None)
        else:
            result[key] = merged(result.get(key), value)
    return result


def same(left: Any, right: Any) -> bool:
    """Compare two values by type as well, and a NaN as equal to itself."""
    if left is right:
        return True
    if type(left) is not type(right):
        return False
    if isinstance(left, dict):
        return left.keys() == right.keys() and all(same(left[key], right[key]) for key in left)
    if isinstance(left, list | tuple):
        return len(left) == len(right) and all(map(same, left, right))
    return bool(left == right or (left != left and right != right))  # noqa: PLR0124 - only a NaN differs from itself


def splice(text: str, root: Span | None, data: Mapping[str, Any], changes: Mapping[str, Any]) -> str:
    """Return `text` with `changes` written into it.

    Parameters
    ----------
    text
        The YAML text, without a byte order mark.
    root
        Its outline.
    data
        What the text says now.
    changes
        The new values, nested; None removes a key.
    """
    writer = _Writer(text, _indent(root))
    if root is None or root.kind != "mapping":
        return writer.appended(merged({}, changes))
    writer.mapping(root, data, changes)
    return writer.result()


def _indent(root: Span | None) -> int:
    """Return by how many columns the file indents its first nested block."""
    for entry in root.entries if root is not None and not root.flow else ():
        if entry.value.kind == "mapping" and not entry.value.flow and entry.value.entries:
            step = entry.value.entries[0].key.column - entry.key.column
            return step if step > 0 else _DEFAULT_INDENT
    return _DEFAULT_INDENT


class _Writer:
    """Collects the edits of one text, all in positions of the unchanged text."""

    def __init__(self, text: str, indent: int) -> None:
        self.text = text
        self.indent = indent
        self.newline = "\r\n" if "\r\n" in text else "\n"
        self.edits: list[_Edit] = []

    def result(self) -> str:
        text = self.text
        # From the end, so that earlier positions stay valid; of two at one place, the later asked for goes first.
        for edit in sorted(self.edits, key=lambda edit: (edit.start, edit.end))[::-1]:
            text = text[: edit.start] + edit.text + text[edit.end :]
        return text

    def appended(self, value: Mapping[str, Any]) -> str:
        """Return the text of a document without values, such as one of comments only, with sections added."""
        lines = self.newline.join(_block_lines(value, 0, self.indent))
        body = self.text if not self.text or self.text.endswith("\n") else self.text + self.newline
        return body + (lines + self.newline if lines else "")

    def mapping(self, span: Span, data: Mapping[str, Any], changes: Mapping[str, Any]) -> None:
        """Write `changes` into one mapping of the text."""
        known = {entry.name: entry for entry in span.entries if isinstance(entry.name, str)}
        removed = [known[key] for key, value in changes.items() if value is None and key in known]
        added = {key: value for key, value in changes.items() if value is not None and key not in known}
        for key, value in changes.items():
            if value is not None and key in known:
                self._entry(known[key], span, data.get(key), value)
        if span.flow:
            self._flow_mapping(span, removed, merged({}, added))
        else:
            self._block_mapping(span, removed, merged({}, added))

    # One key that is there already.

    def _entry(self, entry: Entry, parent: Span, data: Any, change: Any) -> None:
        value = entry.value
        if isinstance(change, dict) and value.kind == "mapping":
            left = merged(data, change)
            if same(left, data):
                return
            if left or value.flow:
                self.mapping(value, data if isinstance(data, dict) else {}, change)
                return
        new = merged(data, change)
        if same(new, data):
            return
        if parent.flow:
            self._inline(value, _flow(new, value.style))
        elif isinstance(new, dict) and new:
            self._block_children(entry, _column(parent) + self.indent, new)
        elif isinstance(new, list) and new and self._is_plain_block_list(value):
            self._block_list(value, data, new)
        elif value.kind in {"mapping", "sequence"} and not value.flow:
            self._collapse(entry, _flow(new, None))
        else:
            self._inline(value, _flow(new, value.style))

    def _inline(self, value: Span, new: str) -> None:
        gap = " " if self.text[value.start - 1 : value.start] == ":" else ""
        self.edits.append(_Edit(value.start, value.end, gap + new))

    def _is_plain_block_list(self, value: Span) -> bool:
        """Say whether a list has a dash a line, with no anchor, tag or question mark before the first."""
        bare = value.kind == "sequence" and not value.flow and value.anchor is None and not value.tagged
        return bare and not self.text[value.start - value.column : value.start].strip()

    def _block_list(self, value: Span, old: Any, new: list[Any]) -> None:
        """Write a list with a dash a line; an item that stays keeps its line and the comments above it."""
        start = value.start - value.column
        place = start
        lines: list[tuple[Any, str]] = []
        for span, item in zip(value.items, old, strict=True):
            end = self._line_end(span.end)
            lines.append((item, self.text[place:end]))
            place = self._next_line(span.end)
        parts = []
        for item in new:
            kept = next((pair for pair in lines if same(pair[0], item)), None)
            if kept is not None:
                lines.remove(kept)
            parts.append(kept[1] if kept else " " * value.column + f"- {_flow(item, None)}")
        self.edits.append(_Edit(start, self._line_end(value.end), self.newline.join(parts)))

    def _collapse(self, entry: Entry, new: str) -> None:
        """Put a value on the line of its key in the place of a block on the lines below it."""
        colon = self.text.index(":", entry.key.end) + 1
        first = self._line_end(colon)
        if first >= entry.value.start:
            self._inline(entry.value, new)
            return
        self.edits.append(_Edit(first, self._line_end(entry.value.end), ""))
        self.edits.append(_Edit(colon, colon, f" {new}"))

    def _block_children(self, entry: Entry, column: int, new: dict[str, Any]) -> None:
        """Put a block of keys below a key that had another kind of value."""
        lines = _block_lines(new, column, self.indent)
        block = self.newline + self.newline.join(lines)
        value = entry.value
        if value.kind in {"mapping", "sequence"} and not value.flow:
            end = self._line_end(value.end)
            start = min(value.start, self._line_end(self.text.index(":", entry.key.end)))
            self.edits.append(_Edit(start, end, block))
            return
        end = self._line_end(value.end)
        start = value.start
        if not self.text[value.end : end].strip():
            start = value.start - (
                len(self.text[: value.start]) - len(self.text[: value.start].rstrip(" \t"))
            )
            self.edits.append(_Edit(start, end, block))
            return
        self.edits.append(_Edit(start, value.end, ""))
        self.edits.append(_Edit(end, end, block))

    # Keys that come and go.

    def _block_mapping(self, span: Span, removed: Iterable[Entry], added: Mapping[str, Any]) -> None:
        for entry in removed:
            start = entry.key.start - entry.key.column
            self.edits.append(_Edit(start, self._next_line(entry.value.end), ""))
        if not added:
            return
        place = self._next_line(max(span.end, span.entries[-1].value.end))
        lines = self.newline.join(_block_lines(added, _column(span), self.indent))
        ended = self.text[place - 1 : place] == "\n"
        self.edits.append(_Edit(place, place, lines + self.newline if ended else self.newline + lines))

    def _flow_mapping(self, span: Span, removed: list[Entry], added: Mapping[str, Any]) -> None:
        gone = {id(entry) for entry in removed}
        kept = [entry for entry in span.entries if id(entry) not in gone]
        quote = span.entries[0].key.style if span.entries else None
        new = ", ".join(f"{_scalar(key, quote)}: {_flow(value, quote)}" for key, value in added.items())
        if not kept:
            if removed or added:
                start = span.start + self.text[span.start : span.end].index("{")
                self.edits.append(_Edit(start, span.end, "{" + new + "}"))
            return
        before = None
        for index, entry in enumerate(span.entries):
            if id(entry) not in gone:
                before = entry
            elif before is None:
                self.edits.append(_Edit(entry.key.start, span.entries[index + 1].key.start, ""))
            else:
                self.edits.append(_Edit(span.entries[index - 1].value.end, entry.value.end, ""))
        if new:
            place = span.entries[-1].value.end
            self.edits.append(_Edit(place, place, f", {new}"))

    def _line_end(self, place: int) -> int:
        """Return where the line of `place` ends, before its line break."""
        end = self.text.find("\n", place)
        if end < 0:
            return len(self.text)
        return end - 1 if self.text[end - 1] == "\r" and end > place else end

    def _next_line(self, place: int) -> int:
        end = self.text.find("\n", place)
        return len(self.text) if end < 0 else end + 1


def _column(mapping: Span) -> int:
    """Return the column of the keys of a block mapping; of the question mark where a key has one."""
    plain = mapping.anchor is None and not mapping.tagged
    return mapping.column if plain else mapping.entries[0].key.column


def _block_lines(value: Mapping[str, Any], column: int, indent: int) -> list[str]:
    lines: list[str] = []
    pad = " " * column
    for key, item in value.items():
        name = _scalar(key, None)
        if isinstance(item, dict) and item:
            lines += [f"{pad}{name}:", *_block_lines(item, column + indent, indent)]
        elif isinstance(item, list) and item:
            lines += [f"{pad}{name}:", *(f"{pad}{' ' * indent}- {_flow(part, None)}" for part in item)]
        else:
            lines.append(f"{pad}{name}: {_flow(item, None)}")
    return lines


def _flow(value: Any, quote: str | None) -> str:
    """Return `value` on one line; a text in the style of `quote` where that is a quotation mark."""
    if isinstance(value, dict):
        return (
            "{"
            + ", ".join(f"{_scalar(key, quote)}: {_flow(item, quote)}" for key, item in value.items())
            + "}"
        )
    if isinstance(value, list):
        return "[" + ", ".join(_flow(item, quote) for item in value) + "]"
    if isinstance(value, str):
        return _scalar(value, quote)
    if value is None or isinstance(value, bool):
        return json.dumps(value)
    dumped: str = yaml.dump(value, Dumper=yaml.CSafeDumper, width=2**30)
    return dumped.removesuffix("\n").removesuffix("\n...")


def _scalar(text: str, quote: str | None) -> str:
    if (
        quote not in {"'", '"'}
        and _PLAIN.fullmatch(text)
        and text.lower() not in {"y", "n"}  # truth values in the letter of YAML 1.1
        and yaml.load(text, Loader=yaml.CSafeLoader) == text
    ):
        return text
    style = quote if quote in {"'", '"'} else "'"
    dumped: str = yaml.dump(
        text, Dumper=yaml.CSafeDumper, default_style=style, width=2**30, allow_unicode=True
    )
    if "\n" in dumped.removesuffix("\n"):
        dumped = yaml.dump(text, Dumper=yaml.CSafeDumper, default_style='"', width=2**30, allow_unicode=True)
    return dumped.removesuffix("\n")
