"""Processes in words."""

from __future__ import annotations

import numpy as np

from huntbook.compute.processes import build_process_tree
from huntbook.compute.processes.rows import Rows
from huntbook.compute.processes.words import say_process, say_rows


def rows_of(make, named):
    """Give a shell and its child on host a, below an init that nobody recorded."""
    frame = make(("a", 5, 1, 0, "sh", "init"), ("a", 9, 5, 1, "ls", "sh"))
    frame["cmd"] = ["sh", "ls  -l\n" + "x" * 300]
    rows = Rows(build_process_tree(frame, {**named, "cmd_line": "cmd"}))
    rows.expand(np.array([0]))
    return rows


def test_a_process_is_a_sentence(make, named):
    """Name, id, host, level, what is below, and by which proof its parent was found."""
    rows = rows_of(make, named)
    assert [say_process(rows, node, hexadecimal=True) for node in range(3)] == [
        "init (0x1), never recorded, on a, level 1, open, 2 below.",
        "sh (0x5), on a, level 2, folded, 1 below.",
        "ls (0x9), on a, level 3, parent by name (likely).",
    ]


def test_rows_are_said_with_their_marks(make, named):
    """Level, whether open, whether selected; flagged and rare are words, not only colours."""
    rows = rows_of(make, named)
    said = say_rows(
        rows, rows.visible, chosen=np.array([1]), flagged=np.array([False, True, True]),
        rare=np.array([False, True, False]), hexadecimal=False,
    )  # fmt: skip
    assert said == [
        {"text": "init (1), never recorded, 2 below", "level": 1, "state": "open", "chosen": False},
        {"text": "sh (5), flagged, rare, sh, 1 below", "level": 2, "state": "folded", "chosen": True},
    ]


def test_long_command_lines_are_cut_and_on_one_line(make, named):
    """A screen reader isn't kept on one row for minutes."""
    rows = rows_of(make, named)
    nothing = np.zeros(3, dtype=bool)
    said = say_rows(
        rows, np.array([2]), chosen=np.array([]), flagged=nothing, rare=nothing, hexadecimal=False
    )
    assert said[0]["text"].startswith("ls (9), ls -l xxx")
    assert len(said[0]["text"]) < 180
