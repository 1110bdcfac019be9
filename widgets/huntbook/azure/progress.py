"""How far something long is: a bar with a button in a notebook, a line in a terminal, nothing for what is quick.

A cell that waits keeps the kernel's thread, so the bar is drawn by a thread of its own. Work that is handed to
`run_all` happens on further threads while the kernel's only waits, and can be given up at any moment.
"""

from __future__ import annotations

import contextvars
import queue
import sys
import threading
import time
from typing import TYPE_CHECKING, Any, Self, TypeVar

from huntbook.azure.machine import in_notebook
from huntbook.errors import CancelledError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from types import TracebackType

    from huntbook.azure.progress_widget import Ending, ProgressWidget

__all__ = ["Progress", "require_waiting", "run_all"]

T = TypeVar("T")

# What is done by then is not worth a bar.
_SHOW_SECONDS = 1.0
_TICK_SECONDS = 0.2
_WIDTH = 24

# Known to the threads of `run_all` alone: set once nobody waits for what they do.
_GIVEN_UP: contextvars.ContextVar[threading.Event | None] = contextvars.ContextVar("given_up", default=None)


class Progress:
    """Shows how far one task is, once it has taken a second; use it in a ``with`` block.

    Parameters
    ----------
    task
        What is done, as the beginning of a sentence: ``Query``.
    total
        How many steps there are; None where nobody knows.
    unit
        What the steps are, in the plural: ``pieces``.
    shown
        False: nothing is shown; `cancelled` works all the same.

    Attributes
    ----------
    cancelled
        Set by the Cancel button; whoever works looks at it between two steps.

    Examples
    --------
    >>> with Progress("Query", total=3, unit="pieces") as progress:
    ...     progress.advance()
    ...     print(progress)
    Query: 1 of 3 pieces, 0 s
    """

    def __init__(self, task: str, *, total: int | None = None, unit: str = "", shown: bool = True) -> None:
        self.task, self.total, self.unit = task, total, unit
        self.done = 0
        self._lock = threading.Lock()
        self.cancelled = threading.Event()
        self._shown = shown and (in_notebook() or sys.stderr.isatty())
        self._ended = threading.Event()
        self._began = time.monotonic()
        self._widget: ProgressWidget | None = None
        self._thread: threading.Thread | None = None

    def __enter__(self) -> Self:
        self._began = time.monotonic()
        if self._shown:
            # With the cell's context a thread's output goes to that cell.
            context = contextvars.copy_context()
            self._thread = threading.Thread(target=context.run, args=(self._watch,), daemon=True)
            self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        self._ended.set()
        if self._thread is not None:
            self._thread.join()
        if self._widget is not None:
            self._widget.finish(str(self), state=self._ending(kind))

    def __str__(self) -> str:
        steps = f"{self.done:,}" if self.total is None else f"{self.done:,} of {self.total:,}"
        seconds = f"{time.monotonic() - self._began:,.0f} s"
        return f"{self.task}: {steps} {self.unit}, {seconds}" if self.unit else f"{self.task}: {seconds}"

    @property
    def fraction(self) -> float | None:
        """How much is done, from 0 to 1; None where nobody knows."""
        return self.done / self.total if self.total else None

    def advance(self, steps: int = 1, *, more: int = 0) -> None:
        """Count steps that are done, and those that turn out to be needed beyond `total`.

        Raises
        ------
        CancelledError
            The person pressed Cancel.
        """
        with self._lock:
            self.done += steps
            if self.total is not None:
                self.total += more
        self.check()

    def check(self) -> None:
        """Stop here if the person pressed Cancel.

        Raises
        ------
        CancelledError
            The person pressed Cancel.
        """
        if self.cancelled.is_set():
            raise CancelledError.told(str(self))

    def _ending(self, kind: type[BaseException] | None) -> Ending:
        if self.cancelled.is_set() or kind is KeyboardInterrupt:
            return "cancelled"
        # Who leaves a list early has what was wanted of it.
        return "done" if kind in (None, GeneratorExit) else "failed"

    def _watch(self) -> None:
        if self._ended.wait(_SHOW_SECONDS):
            return
        show = self._show_widget if in_notebook() else self._show_line
        show()
        while not self._ended.wait(_TICK_SECONDS):
            show()
        if self._widget is None:
            show()
            print(file=sys.stderr)  # noqa: T201 - ends the line

    def _show_widget(self) -> None:
        if self._widget is None:
            from huntbook.azure.progress_widget import ProgressWidget  # noqa: PLC0415 - only a notebook has widgets

            self._widget = ProgressWidget.shown(str(self), cancel=self.cancelled.set)
        self._widget.update(str(self), fraction=self.fraction)

    def _show_line(self) -> None:
        filled = 0 if self.fraction is None else round(self.fraction * _WIDTH)
        bar = "" if self.fraction is None else f" [{'#' * filled}{'.' * (_WIDTH - filled)}]"
        print(f"\r{self}{bar} Ctrl-C cancels ", end="", file=sys.stderr, flush=True)  # noqa: T201 - the line is the point


def run_all(jobs: Sequence[Callable[[], T]], *, progress: Progress, at_once: int) -> list[T]:
    """Run jobs on a few threads and return what each gave, in the jobs' order.

    The caller's thread only waits: an interrupt or Cancel frees it at once. What has begun then ends by itself: its
    answer is dropped, and `require_waiting` keeps it from asking again.

    Parameters
    ----------
    jobs
        Functions without arguments.
    progress
        Looked at for Cancel; the jobs advance it themselves.
    at_once
        How many threads there are at most.

    Raises
    ------
    CancelledError
        The person pressed Cancel.
    """
    todo: queue.SimpleQueue[tuple[int, Callable[[], T]]] = queue.SimpleQueue()
    done: queue.SimpleQueue[tuple[int, Any, BaseException | None]] = queue.SimpleQueue()
    for each in enumerate(jobs):
        todo.put(each)
    given_up = threading.Event()

    def work() -> None:
        while not (todo.empty() or given_up.is_set()):
            try:
                at, job = todo.get_nowait()
            except queue.Empty:
                return
            try:
                done.put((at, job(), None))
            except BaseException as error:  # noqa: BLE001 - the waiting thread raises it
                given_up.set()
                done.put((-1, None, error))

    # The interpreter waits at its end for pools, but not for these.
    for _ in range(min(at_once, len(jobs))):
        context = contextvars.copy_context()
        context.run(_GIVEN_UP.set, given_up)
        threading.Thread(target=context.run, args=(work,), daemon=True).start()
    try:
        return _collected(done, len(jobs), progress)
    finally:
        given_up.set()


def require_waiting() -> None:
    """Stop here if this is a thread of `run_all` and nobody waits for its job any more.

    Raises
    ------
    CancelledError
        The person gave up, or another job failed. Nobody sees it: it only ends the thread.
    """
    given_up = _GIVEN_UP.get()
    if given_up is not None and given_up.is_set():
        raise CancelledError.told("Request")


def _collected(
    done: queue.SimpleQueue[tuple[int, Any, BaseException | None]], count: int, progress: Progress
) -> list[Any]:
    results: list[Any] = [None] * count
    for _ in range(count):
        at, result, error = _next(done, progress)
        if error is not None:
            raise error
        results[at] = result
    return results


def _next(
    done: queue.SimpleQueue[tuple[int, Any, BaseException | None]], progress: Progress
) -> tuple[int, Any, BaseException | None]:
    while True:
        progress.check()
        try:
            return done.get(timeout=_TICK_SECONDS)
        except queue.Empty:
            continue
