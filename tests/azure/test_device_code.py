from __future__ import annotations

import threading
import time
from datetime import UTC, datetime, timedelta

import pytest

from huntbook.azure.clouds import find_cloud
from huntbook.azure.device_code import DevicePrompt
from huntbook.azure.device_code_widget import DeviceCodeWidget
from huntbook.errors import ForeignHostError, SignInError

SCOPE = "https://api.loganalytics.us/.default"
ADDRESS = "https://login.microsoftonline.us/common/oauth2/deviceauth"
LATER = datetime(2026, 1, 1, 12, 0, tzinfo=UTC)


def make_widget(cancel=lambda: None, **values):
    told = {
        "cloud": "Azure Government",
        "address": ADDRESS,
        "code": "FAKE-1234",
        "expires": LATER.timestamp(),
    }
    return DeviceCodeWidget(cancel=cancel, **{**told, **values})


def test_outside_a_notebook_the_code_is_a_sentence(capsys):
    """The whole text is held here."""
    DevicePrompt(find_cloud("usgov"), timeout=300).show(ADDRESS, "FAKE-1234", LATER)
    assert capsys.readouterr().out == (
        "To sign in to Azure Government (United States), open "
        "https://login.microsoftonline.us/common/oauth2/deviceauth in any browser and type the code FAKE-1234 before "
        "12:00 UTC. Interrupt the kernel to give up.\n"
    )


def test_the_shorter_of_both_times_is_told(capsys):
    """The code lives 15 minutes, but the sign-in waits only as long as was asked."""
    DevicePrompt(find_cloud("usgov"), timeout=60).show(
        ADDRESS, "FAKE-1234", datetime.now(UTC) + timedelta(minutes=15)
    )
    told = capsys.readouterr().out
    minutes = {f"before {datetime.now(UTC) + timedelta(seconds=seconds):%H:%M}" for seconds in (58, 60)}
    assert any(minute in told for minute in minutes)


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("http://login.microsoftonline.us/device", "FAKE-1234"),
        ("https://login.evil.example/device", "FAKE-1234"),
        ("https://login.microsoftonline.com/device", "FAKE-1234"),
        ("https://microsoft.com@evil.example/device", "FAKE-1234"),
        ("javascript:alert(1)//login.microsoftonline.us", "FAKE-1234"),
        (ADDRESS, "<img src=x onerror=alert(1)>"),
    ],
)
def test_a_strange_address_or_code_is_not_shown(address, code, capsys):
    """Only an https address of this cloud's login or of Microsoft's device page is shown, with a plain code."""
    with pytest.raises(ForeignHostError):
        DevicePrompt(find_cloud("usgov"), timeout=300).show(address, code, LATER)
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("name", ["global", "usgov", "cn"])
def test_microsofts_own_device_pages_are_shown(name, capsys):
    """Entra ID sends people of several clouds to microsoft.com/devicelogin."""
    DevicePrompt(find_cloud(name), timeout=300).show("https://microsoft.com/devicelogin", "FAKE-1234", LATER)
    assert "https://microsoft.com/devicelogin" in capsys.readouterr().out


def test_the_widget_forgets_the_code_when_it_is_of_no_more_use():
    """After the sign-in neither the widget's state nor its text holds the code, so no notebook saves it."""
    widget = make_widget()
    assert "FAKE-1234" in str(widget)
    widget.finish("signed in")
    state = widget.get_state(["cloud", "address", "code", "expires", "state"])
    assert (state["code"], state["address"], state["state"]) == ("", "", "signed in")
    assert str(widget) == "Sign-in to Azure Government: signed in."
    assert "FAKE" not in repr(widget)
    widget.close()


def test_a_front_end_without_widgets_gets_the_sentence():
    """The display bundle carries the text form beside the widget."""
    widget = make_widget()
    bundle = widget._repr_mimebundle_()
    data = bundle[0] if isinstance(bundle, tuple) else bundle
    assert data["text/plain"].startswith(
        "To sign in to Azure Government, open https://login.microsoftonline.us/"
    )
    widget.close()


@pytest.mark.parametrize(
    ("message", "times"), [({"type": "cancel"}, 1), ({"type": "other"}, 0), ("cancel", 0)]
)
def test_only_the_cancel_button_cancels(message, times):
    """Other messages of a front end are ignored."""
    heard = []
    widget = make_widget(cancel=lambda: heard.append(1))
    widget._heard(widget, message, [])
    assert len(heard) == times
    widget.close()


def test_a_cancelled_sign_in_ends_within_seconds_and_asks_nothing_more(azure, open_session, capsys):
    """Cancel stops the polling and the chain: no later method is tried; running the cell again starts fresh."""
    fake = azure["usgov"]
    fake.device_polls, fake.device_interval = 1000, 1
    session = open_session("usgov", ["devicecode", "cli"])
    failed = []

    def ask():
        try:
            session.credential.get_token(SCOPE)
        except SignInError as error:
            failed.append(error)

    thread = threading.Thread(target=ask)
    thread.start()
    deadline = time.monotonic() + 10
    while not any(request.path.endswith("/token") for request in fake.requests):
        assert time.monotonic() < deadline
        thread.join(0.02)
    session.credential._prompt.cancelled.set()
    thread.join(10)
    assert str(failed[0]) == (
        "Sign-in to cloud 'usgov' failed: no method gave a token for https://api.loganalytics.us/.default.\n"
        "  devicecode: failed: it was cancelled. Fix: run the cell again."
    )
    fake.device_polls = 0
    session.credential.get_token(SCOPE)
    assert session.signed_in_with == "devicecode"


def test_a_person_who_takes_too_long_is_told(azure, open_session, capsys):
    """When the time is up the error says so and what to do."""
    fake = azure["usgov"]
    fake.device_polls, fake.device_interval = 1000, 1
    session = open_session("usgov", ["devicecode"], prompt_timeout=1)
    with pytest.raises(
        SignInError, match=r"Timed out waiting for user to authenticate\. Fix: run the cell again"
    ):
        session.credential.get_token(SCOPE)


def test_a_declined_sign_in_is_told(azure, open_session, capsys):
    """A person who says no is not asked in a circle."""
    azure["usgov"].device_refusal = "declined"
    session = open_session("usgov", ["devicecode"])
    with pytest.raises(
        SignInError, match=r"AADSTS70018: The user declined the request\. Fix: run the cell again and"
    ):
        session.credential.get_token(SCOPE)
