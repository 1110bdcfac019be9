"""Claims about changing a text in place, held for random documents and random changes."""

from __future__ import annotations

import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from huntbook.settings.document import read, save
from huntbook.settings.splice import merged

WORDS = st.sampled_from(
    [
        "cn",
        "no",
        "a: b",
        "x # y",
        "it's",
        'say "hi"',
        "é",
        "",
        " lead",
        "1e3",
        "12",
        "true",
        "-",
        "*a",
        "&a",
        "long " * 40,
        "t\tt",
        "n\nn",
    ]
)
NAMES = WORDS.filter(lambda word: "\n" not in word)
SCALARS = WORDS | st.integers(-9, 9) | st.booleans() | st.floats(allow_nan=False, allow_infinity=False)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=5,
)
KEYS = ["one", "two", "three", "four", "five"]
CHANGES = st.recursive(
    SCALARS | st.none() | st.lists(SCALARS, max_size=3),
    lambda inner: st.dictionaries(st.sampled_from([*KEYS, "new", "on", "a b"]), inner, max_size=4),
    max_leaves=8,
)  # fmt: skip
WRITTEN = st.sampled_from(
    [
        "plain",
        "'single'",
        '"double"',
        "3",
        "null",
        "",
        "~",
        "[a, 'b',c]",
        "{p: q,r: [s]}",
        "{}",
        "[]",
        '{"j":1}',
        "&anchor{n} v",
        "!!str 5",
    ]
)


@st.composite
def documents(draw):
    """Draw the lines of a block document, each with the path of the key that it belongs to."""
    lines: list[tuple[tuple[str, ...], str]] = []
    step = draw(st.sampled_from([1, 2, 4]))

    def comment(path, pad):
        if draw(st.booleans()):
            lines.append(
                (path, draw(st.sampled_from([f"{pad}# note {len(lines)}", "", "# margin", f"{pad}  "])))
            )

    def block(path, depth):
        pad = " " * (step * depth)
        for key in draw(st.lists(st.sampled_from(KEYS), unique=True, min_size=1, max_size=4)):
            here = (*path, key)
            comment(path, pad)
            name = draw(st.sampled_from([key, key, f"'{key}'", f'"{key}"']))
            tail = draw(st.sampled_from(["", "", "  # end", " "]))
            kind = draw(
                st.sampled_from(["scalar", "scalar", "list", "text", "block"] if depth < 3 else ["scalar"])
            )
            if kind == "scalar":
                lines.append((here, f"{pad}{name}: {draw(WRITTEN).replace('{n}', str(len(lines)))}{tail}"))
                continue
            lines.append((here, f"{pad}{name}: |" if kind == "text" else f"{pad}{name}:{tail}"))
            if kind == "block":
                block(here, depth + 1)
            else:
                dash = "- item" if kind == "list" else " " * step + "text # no comment"
                lines.extend((here, f"{pad}{dash} {index}") for index in range(draw(st.integers(1, 3))))

    block((), 0)
    comment((), "")
    return lines


def touched(path: tuple[str, ...], changes: object) -> bool:
    """Say whether a change says anything about the key that a line belongs to, or about one around it."""
    for key in path:
        if not isinstance(changes, dict):
            return True
        if key not in changes:
            return False
        changes = changes[key]
    return True


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    documents(),
    CHANGES.filter(lambda changes: isinstance(changes, dict)),
    st.sampled_from(["\n", "\r\n"]),
    st.booleans(),
    st.booleans(),
)
def test_the_data_is_what_was_asked_for_and_other_lines_stay(tmp_path, lines, changes, newline, mark, ended):
    """A save gives the merge of data and changes, and the lines of other keys are the same bytes in the same order."""
    file = tmp_path / "random.yaml"
    # A literal text at the very end of a file has no last line break, and would get one.
    ended = ended or any("text #" in line for _, line in lines)
    text = newline.join(line for _, line in lines) + newline * ended
    file.write_bytes((b"\xef\xbb\xbf" if mark else b"") + text.encode())
    before = read(file)
    assert before.fault is None
    assert before.data == yaml.safe_load(text)
    after = save(file, changes, expected_revision=before.revision, origin="cli")
    assert after.data == merged(before.data, changes)
    assert file.read_bytes().startswith(b"\xef\xbb\xbf") == mark
    assert newline not in text or after.text.count("\n") == after.text.count(newline)
    left = iter(after.text.replace("\r\n", "\n").split("\n"))
    kept = [line for path, line in lines if line.strip() and not touched(path, changes)]
    assert [line for line in kept if line not in left] == []


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.dictionaries(NAMES, VALUES, max_size=4),
    st.dictionaries(NAMES, VALUES, max_size=4),
    st.booleans(),
    st.booleans(),
)
def test_any_dumped_document_takes_any_change(tmp_path, data, changes, flow, indented):
    """Documents as PyYAML writes them, in block and in flow form, take every change."""
    file = tmp_path / "dumped.yaml"
    file.write_text(
        yaml.safe_dump(data, default_flow_style=flow, allow_unicode=True, indent=4 if indented else 2),
        newline="",
    )
    before = read(file)
    assert before.data == data
    assert save(file, changes, expected_revision=before.revision, origin="cli").data == merged(data, changes)
