"""Who may reach what: every endpoint in every world."""

from __future__ import annotations

import pytest
from jupyter_server.auth import Authorizer
from traitlets.config import Config

from huntbook_server.handlers import ROUTES

VERSION = "0123456789abcdef"
# method, path, and what an authorizer must be asked for it
ENDPOINTS = (
    ("GET", "settings", "read"),
    ("PATCH", "settings", "write"),
    ("GET", "history", "read"),
    ("GET", f"history/{VERSION}", "read"),
    ("POST", f"history/{VERSION}", "write"),
    ("GET", "schema", "read"),
    ("POST", "check", "write"),
    ("POST", "import", "write"),
    ("GET", "bokeh/static/js/bokeh.min.js", "read"),
    ("HEAD", "bokeh/static/js/bokeh.min.js", "read"),
)
NO_TOKEN = {"Authorization": ""}
ELSEWHERE = "https://elsewhere.example"


class Refusing(Authorizer):
    """Refuses everyone, and keeps what it was asked."""

    asked: list[tuple[str, str]] = []  # noqa: RUF012 - one list for the one server of a test

    def is_authorized(self, handler, user, action, resource):
        self.asked.append((action, resource))
        return False


@pytest.fixture
def statuses(ask):
    """Give a function that asks every endpoint with some headers and returns its status."""

    async def every(headers):
        found = {}
        for method, path, _ in ENDPOINTS:
            body = "{}" if method in {"PATCH", "POST"} else None
            response = await ask(path, method=method, headers=headers, body=body)
            found[f"{method} {path.replace(VERSION, '*').split('/static')[0]}"] = response.code
        return found

    return every


@pytest.fixture
def cookie(ask, jp_asyncio_loop):
    """Give the cookies of somebody who is signed in."""
    response = jp_asyncio_loop.run_until_complete(ask())
    return "; ".join(line.split(";")[0] for line in response.headers.get_list("Set-Cookie"))


def test_the_table_has_every_route():
    """A route that is added without a line in the table is noticed."""
    verbs = {
        name
        for _, handler in ROUTES
        for name in vars(handler)
        if name in {"get", "patch", "post", "put", "delete"}
    }
    assert verbs == {"get", "patch", "post"}
    assert len(ROUTES) == len({path for _, path, _ in ENDPOINTS})


async def test_without_a_token_nothing_is_told(statuses):
    """Interfaces are forbidden; a file sends the browser to sign in."""
    assert await statuses(NO_TOKEN) == {
        "GET settings": 403,
        "PATCH settings": 403,
        "GET history": 403,
        "GET history/*": 403,
        "POST history/*": 403,
        "GET schema": 403,
        "POST check": 403,
        "POST import": 403,
        "GET bokeh": 302,
        "HEAD bokeh": 302,
    }


async def test_with_a_token_each_endpoint_answers(statuses):
    """The allowed world; the save is told that it lacks a revision."""
    assert await statuses({}) == {
        "GET settings": 200,
        "PATCH settings": 428,
        "GET history": 200,
        "GET history/*": 404,
        "POST history/*": 428,
        "GET schema": 200,
        "POST check": 200,
        "POST import": 400,
        "GET bokeh": 200,
        "HEAD bokeh": 200,
    }


async def test_a_cookie_alone_can_not_write(statuses, cookie):
    """A page elsewhere can make a browser send the cookie, but not the XSRF header or our Referer."""
    assert await statuses({**NO_TOKEN, "Cookie": cookie}) == {
        "GET settings": 200,
        "PATCH settings": 403,
        "GET history": 200,
        "GET history/*": 404,
        "POST history/*": 403,
        "GET schema": 200,
        "POST check": 403,
        "POST import": 403,
        "GET bokeh": 403,
        "HEAD bokeh": 403,
    }


async def test_a_foreign_origin_is_turned_away(statuses, cookie):
    """A script on another site gets nothing with the cookie of somebody who is signed in."""
    assert await statuses({**NO_TOKEN, "Cookie": cookie, "Origin": ELSEWHERE}) == {
        "GET settings": 404,
        "PATCH settings": 404,
        "GET history": 404,
        "GET history/*": 404,
        "POST history/*": 404,
        "GET schema": 404,
        "POST check": 404,
        "POST import": 404,
        "GET bokeh": 403,
        "HEAD bokeh": 403,
    }


async def test_a_page_of_this_server_loads_bokeh_with_its_cookie(ask, cookie, http_server_client):
    """That is how a script element in a notebook asks."""
    headers = {**NO_TOKEN, "Cookie": cookie, "Referer": http_server_client.get_url("/lab")}
    assert (await ask("bokeh/static/js/bokeh.min.js", headers=headers)).code == 200


class TestRefused:
    """With a token that the authorizer refuses."""

    @pytest.fixture
    def jp_server_config(self, jp_server_config):
        Refusing.asked.clear()
        return (
            jp_server_config.merge(Config({"ServerApp": {"authorizer_class": Refusing}})) or jp_server_config
        )

    async def test_every_endpoint_asks_the_authorizer(self, statuses):
        """Each is refused, after the one question that its verb implies."""
        assert set((await statuses({})).values()) == {403}
        assert Refusing.asked == [(action, "huntbook") for _, _, action in ENDPOINTS]
