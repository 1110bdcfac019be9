"""Answers keep pace with the browser and with the hand."""

from __future__ import annotations

import asyncio

import pytest

from huntbook.views import pace as module
from huntbook.views.pace import Pace


def run(hand, *, news=True):
    """Let a hand ask in a running loop, with a queue that gets each answer; return how many came."""
    count = []

    async def main():
        came = asyncio.Queue()

        def answer():
            count.append(1)
            came.put_nowait(1)
            return news

        await asyncio.wait_for(hand(Pace(answer), came), 60)

    asyncio.run(main())
    return len(count)


@pytest.fixture
def patient(monkeypatch):
    """Never go on without word from the browser."""
    monkeypatch.setattr(module, "_PATIENCE", 3_600)


def test_outside_a_kernel_there_is_no_hand():
    """Code that moves a range draws it itself."""
    asked = []
    Pace(lambda: asked.append(1) is None).ask()
    assert asked == []


def test_what_is_asked_before_an_answer_is_answered_once(patient):
    """Two messages of one step, or ten turns of a wheel."""

    async def hand(pace, came):
        for _ in range(10):
            pace.ask()
        await came.get()
        pace.drawn()
        await asyncio.sleep(0.1)

    assert run(hand) == 1


def test_the_next_answer_waits_until_the_last_is_drawn(patient):
    """And then comes without a further pause, whatever was asked meanwhile."""

    async def hand(pace, came):
        pace.ask()
        await came.get()
        for _ in range(5):
            pace.ask()
            await asyncio.sleep(0.02)
        assert came.empty()
        pace.drawn()
        came.get_nowait()

    assert run(hand) == 2


def test_a_picture_that_no_browser_draws_is_answered_again(monkeypatch):
    """A kernel's picture may be on no page."""
    monkeypatch.setattr(module, "_PATIENCE", 0.05)

    async def hand(pace, came):
        for _ in range(2):
            pace.ask()
            await came.get()

    assert run(hand) == 2


def test_an_answer_without_news_holds_nothing_up(patient):
    """The browser has nothing to draw, and says nothing."""

    async def hand(pace, came):
        for _ in range(2):
            pace.ask()
            await came.get()

    assert run(hand, news=False) == 2


def test_after_a_slow_answer_the_hand_has_to_rest(monkeypatch):
    """Each question puts off the answer; the browser's word does not hurry it."""
    monkeypatch.setattr(module, "_QUICK", -1.0)  # however quick, it counts as slow
    monkeypatch.setattr(module, "_REST", 0.05)

    async def hand(pace, came):
        pace.ask()
        await came.get()
        pace.ask()
        timer = pace._timer
        pace.ask()
        assert timer.cancelled()
        pace.drawn()
        assert came.empty()
        await came.get()

    assert run(hand) == 2
