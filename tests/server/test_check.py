"""The sign-in doctor as the server runs it: dry, one at a time, in words."""

from __future__ import annotations

import asyncio
import json
import threading

import pytest

from huntbook.azure import check
from huntbook.errors import OptionError
from huntbook_server.base import CHECK_KEY, SERVICE_KEY
from huntbook_server.check import SignInCheck

EMPTY = "The body must be {}: the check is of the saved settings and takes nothing."
SECRET = "hunter2-is-not-for-you"


@pytest.fixture
def write(settings_file):
    """Give a function that writes the settings file."""
    settings_file.parent.mkdir()
    return settings_file.write_text


@pytest.fixture
def press(ask):
    """Give a function that asks for a check and returns status and body."""

    async def pressed(body="{}"):
        response = await ask("check", method="POST", body=body)
        return response.code, json.loads(response.body)

    return pressed


@pytest.fixture
def examined(jp_serverapp):
    """Give a function that puts another examination into the server's doctor."""

    def put(examine, **options):
        settings = jp_serverapp.web_app.settings
        settings[CHECK_KEY] = SignInCheck(
            settings[SERVICE_KEY], log=jp_serverapp.log, examine=examine, **options
        )
        return settings[CHECK_KEY]

    return put


async def test_the_answer_is_the_report_of_the_saved_settings(press, write):
    """The same that huntbook.check() gives, for the cloud and the methods of the file."""
    write("Azure: {cloud: usgov, auth_methods: [devicecode, env]}\n")
    status, answer = await press()
    expected = check("usgov", ["devicecode", "env"]).to_dict()
    assert (status, answer) == (200, json.loads(json.dumps(expected)))
    assert answer["summary"] == "A sign-in should work, with Device code, which asks you."
    assert (answer["ok"], answer["tokens"]) == (True, [])


async def test_the_next_check_is_of_what_was_saved_since(press, write):
    """Nothing is kept from one check to the next."""
    write("Azure: {cloud: usgov}\n")
    first = (await press())[1]["cloud"]
    write("Azure: {cloud: cn}\n")
    assert (first, (await press())[1]["cloud"]) == ("usgov", "cn")


@pytest.mark.filterwarnings("ignore:.*client_secret is not known")  # where a hand may have written it
async def test_no_secret_is_in_the_answer(press, write, monkeypatch):
    """Neither one of the file nor one of the environment, also where the method that holds it answers."""
    for name in ("AZURE_TENANT_ID", "AZURE_CLIENT_ID", "AZURE_CLIENT_SECRET"):
        monkeypatch.setenv(name, SECRET)
    write(f"Azure: {{auth_methods: [env], client_secret: {SECRET}, args: {{clientSecret: {SECRET}}}}}\n")
    status, answer = await press()
    assert (status, answer["methods"][0]["outcome"]) == (200, "ready")
    assert SECRET not in json.dumps(answer)


async def test_a_broken_file_is_told_with_its_place(press, write):
    """The doctor never speaks of settings that are not the saved ones."""
    write("Azure:\n  cloud: [usgov\n")
    status, answer = await press()
    assert status == 422
    assert "line 3, column 1" in answer["message"]


async def test_settings_that_lead_nowhere_are_told_in_words(press, examined):
    """What the doctor refuses to begin with is an answer, not a failure of the server."""

    def refuse():
        raise OptionError("Azure.auth_methods is empty.")

    examined(refuse)
    assert await press() == (422, {"message": "Azure.auth_methods is empty."})


async def test_a_failure_of_our_own_is_told_in_words(press, write, monkeypatch):
    """The answer holds a sentence and no traceback, and the next check is a new one."""
    write("Azure: {auth_methods: [cli]}\n")

    def gone(_name: str) -> str:
        raise RuntimeError("the disk is gone")

    sentence = "The check did not work: RuntimeError. The server's log says where."
    with monkeypatch.context() as broken:
        broken.setattr("shutil.which", gone)
        assert await press() == (500, {"message": sentence})
    assert (await press())[0] == 200


async def test_two_who_ask_at_once_share_one_check(press, examined):
    """The doctor runs once, and both get its answer; the third, who comes later, gets a new one."""
    runs, go_on = [], threading.Event()

    def slow():
        runs.append(len(runs))
        assert go_on.wait(20)
        return {"run": runs[-1]}

    doctor = examined(slow)
    both = [asyncio.create_task(doctor.report()) for _ in range(2)]
    assert await press(body="[]") == (400, {"message": EMPTY})  # by its answer both have asked
    go_on.set()
    assert await asyncio.gather(*both) == [{"run": 0}, {"run": 0}]
    assert await press() == (200, {"run": 1})


async def test_a_check_that_hangs_is_given_up_in_words(press, examined):
    """The client is told, and who asks again does not start a second one."""
    runs, go_on = [], threading.Event()

    def hanging():
        runs.append(1)
        assert go_on.wait(20)
        return {}

    examined(hanging, seconds=0.2)
    answers = [await press(), await press()]
    go_on.set()
    assert [status for status, _ in answers] == [504, 504]
    assert answers[0][1]["message"].startswith("The check took longer than 0.2 seconds.")
    assert len(runs) == 1


async def test_a_body_with_anything_in_it_is_refused(press):
    """Nobody may believe that the check takes another cloud, or a sign-in."""
    assert await press('{"sign_in": true}') == (400, {"message": EMPTY})
