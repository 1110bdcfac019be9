from __future__ import annotations

import io
import re
import sys
import threading
import time

import pytest

from fakecloud import Answer
from huntbook.azure.progress import Progress, run_all
from huntbook.azure.progress_widget import ProgressWidget
from huntbook.errors import CancelledError


class Terminal(io.StringIO):
    """A stream that says that a person reads it."""

    def isatty(self):
        return True


def watched(monkeypatch):
    """Put a terminal in the place of stderr; not in a fixture, since pytest puts its own back before the test."""
    monkeypatch.setattr(sys, "stderr", Terminal())
    return sys.stderr


def wait_for(condition):
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline
        threading.Event().wait(0.02)


def test_a_terminal_shows_a_line_once_a_second_has_passed(monkeypatch):
    """The bar, the count, the time and the way out; at the end the line is complete."""
    terminal = watched(monkeypatch)
    with Progress("Query", total=4, unit="pieces") as progress:
        progress.advance()
        wait_for(lambda: terminal.getvalue().count("\r") > 1)
        progress.advance()
    lines = terminal.getvalue().split("\r")
    assert re.fullmatch(r"Query: 1 of 4 pieces, \d+ s \[######\.{18}\] Ctrl-C cancels ", lines[1])
    assert re.fullmatch(r"Query: 2 of 4 pieces, \d+ s \[#{12}\.{12}\] Ctrl-C cancels \n", lines[-1])


def test_what_is_quick_or_asked_to_be_quiet_shows_nothing(monkeypatch):
    """Less than a second, or shown=False: not a character."""
    terminal = watched(monkeypatch)
    with Progress("Query"):
        pass
    with Progress("Query", shown=False) as progress:
        pass
    assert (terminal.getvalue(), progress._thread) == ("", None)


def test_nothing_is_written_where_nobody_watches(monkeypatch):
    """A script whose output goes to a file stays clean."""
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    with Progress("Query") as progress:
        assert progress._thread is None


def test_jobs_give_their_results_in_order():
    """The first one ends last, and is still the first."""
    second = threading.Event()
    jobs = [lambda: second.wait(10) and "a", lambda: second.set() or "b", lambda: "c"]
    assert run_all(jobs, progress=Progress("x", shown=False), at_once=2) == ["a", "b", "c"]


def test_as_many_jobs_run_at_once_as_allowed_and_no_more():
    """Ten jobs in fives: each waits until five are there, and a sixth never is."""
    meeting, lock, running, most = threading.Barrier(5, timeout=10), threading.Lock(), [0], []

    def job():
        with lock:
            running[0] += 1
            most.append(running[0])
        meeting.wait()
        with lock:
            running[0] -= 1

    run_all([job] * 10, progress=Progress("x", shown=False), at_once=5)
    assert max(most) == 5


def test_cancel_frees_the_caller_and_nothing_further_begins():
    """One job is stuck for good: the caller gets its sentence all the same, and the third never starts."""
    progress, stuck, begun = Progress("Query", total=3, unit="pieces", shown=False), threading.Event(), []
    jobs = [
        lambda: begun.append(1) or progress.cancelled.set() or stuck.wait(10),
        lambda: begun.append(2),
        lambda: begun.append(3),
    ]
    with pytest.raises(CancelledError) as caught:
        run_all(jobs, progress=progress, at_once=1)
    stuck.set()
    assert re.fullmatch(
        r"Query: 0 of 3 pieces, \d+ s, cancelled\. Run the cell again to start anew\.", str(caught.value)
    )
    assert begun == [1]


def test_a_failure_is_the_callers_and_ends_the_rest():
    """The error is raised as it was; jobs that had not begun do not begin."""
    begun = []

    def fail():
        raise ValueError("no")

    with pytest.raises(ValueError, match=r"^no$"):
        run_all([fail, *[lambda: begun.append(1)] * 50], progress=Progress("x", shown=False), at_once=1)
    assert begun == []


def test_a_step_after_cancel_stops_the_work():
    """Who counts its steps notices by itself."""
    progress = Progress("List", unit="entries", shown=False)
    progress.advance(1200)
    progress.cancelled.set()
    with pytest.raises(CancelledError, match=r"^List: 1,250 entries, "):
        progress.advance(50)


@pytest.mark.parametrize(
    ("state", "text"),
    [("done", "Query: 3 s"), ("failed", "Query: 3 s, failed"), ("cancelled", "Query: 3 s, cancelled")],
)
def test_a_front_end_without_widgets_gets_the_words(state, text):
    """The display bundle carries the text form beside the widget, also after the end."""
    widget = ProgressWidget(cancel=lambda: None)
    widget.update("Query: 2 s", fraction=None)
    assert (str(widget), widget.fraction) == ("Query: 2 s", -1)
    widget.finish("Query: 3 s", state=state)
    bundle = widget._repr_mimebundle_()
    data = bundle[0] if isinstance(bundle, tuple) else bundle
    assert data["text/plain"] == text
    widget.close()


@pytest.mark.parametrize(
    ("message", "times"), [({"type": "cancel"}, 1), ({"type": "other"}, 0), ("cancel", 0)]
)
def test_only_the_cancel_button_cancels(message, times):
    """Other messages of a front end are ignored."""
    heard = []
    widget = ProgressWidget(cancel=lambda: heard.append(1))
    widget._heard(widget, message, [])
    assert len(heard) == times
    widget.close()


@pytest.mark.parametrize("shown", [True, False])
def test_a_long_list_shows_how_many_entries_are_here(shown, azure, open_session, monkeypatch):
    """A list whose pages take more than a second says so on the terminal, unless the session is told not to."""
    terminal = watched(monkeypatch)
    azure["usgov"].fault("/subscriptions", Answer(status=0, delay=1.3))
    subscriptions = open_session("usgov", ["devicecode"], progress=shown).resources.subscriptions()
    lines = terminal.getvalue().split("\r")
    if shown:
        assert lines[1].startswith("List of subscriptions: 0 entries, 1 s ")
        assert lines[-1].startswith(f"List of subscriptions: {len(subscriptions)} entries, ")
    else:
        assert lines == [""]
