"""Five components in five clouds, in good and in bad weather: the right result or the right error, and no other cloud."""

from __future__ import annotations

import contextlib

import pytest

from fakecloud import Answer
from fakecloud.tokens import read_token
from huntbook.errors import ComponentUnavailableError, ForeignHostError, ServiceError

CLOUDS = ("global", "usgov", "cn", "de", "lab")
WORKSPACE = "63613592-b6f7-4c3d-a390-22ba13102111"
RESOURCE = (
    "/subscriptions/00000001-5555-4555-8555-555555555555/resourceGroups/soc-rg"
    "/providers/Microsoft.OperationalInsights/workspaces/soc-ws"
)
# What is called, how many rows are right, which of its requests fails, whether its pages are links, and for whom
# its tokens are: the fake says by which of its hosts.
COMPONENTS = {
    "logs": (lambda s: s.logs(WORKSPACE).query("T"), 2, "/query", False, "log_analytics"),
    "secrets": (lambda s: s.secrets("contoso").list(), 1, ".vault.", True, "key_vault"),
    "resources": (lambda s: s.resources.subscriptions(), 5, "/subscriptions", True, "arm"),
    "sentinel": (lambda s: s.sentinel(RESOURCE).incidents(), 7, "/incidents", True, "arm"),
    "graph": (lambda s: s.graph.query("resources"), 2500, "ResourceGraph", False, "arm"),
}
FOREIGN = "https://foreign.example/next"
REFUSAL = {"error": {"code": "InvalidAuthenticationTokenAudience", "message": "wrong audience"}}
# What a component raises in the weathers that it can't wait out.
ERRORS = {
    "foreign": (ForeignHostError, r"'foreign\.example'"),
    "audience": (ServiceError, r"check Azure\.cloud with huntbook\.check\(\)"),
}
WEATHER = {
    "happy": None,
    "429": Answer(status=429, headers={"Retry-After": "0.01"}),
    "503": Answer(status=503, headers={"Retry-After": "0.01"}),
    "cut": Answer(cut=True),
    "expired": Answer(status=401, headers={"WWW-Authenticate": 'Bearer error="invalid_token"'}),
    "foreign": None,
    "audience": Answer(status=401, body=REFUSAL),
}


@pytest.mark.parametrize("weather", WEATHER)
@pytest.mark.parametrize("name", CLOUDS)
@pytest.mark.parametrize("component", COMPONENTS)
def test_each_component_gives_the_right_result_or_the_right_error(
    component, name, weather, azure, az, cloud_named, open_session, tally
):
    """Whatever happens, the other clouds' servers see nothing, and no token is for another audience."""
    call, rows, where, linked, service = COMPONENTS[component]
    fake, cloud = azure[name], cloud_named(name)
    az(fake.hosts.arm_name)
    # Only az gives another token when it is asked again.
    session = open_session(cloud, ["cli" if weather == "expired" else "devicecode"])
    fake.requests.clear()
    answer = WEATHER[weather]
    if weather == "foreign":
        redirect = Answer(status=307, headers={"Location": FOREIGN})
        answer = Answer(body={"value": [], "nextLink": FOREIGN}) if linked else redirect
    if answer is not None:
        fake.fault(where, answer, times=9 if weather == "audience" else 1)
    tally(f"{component} in bad and good weather, five clouds")
    if component == "logs" and name == "de":
        with pytest.raises(ComponentUnavailableError, match="closed on 2021-10-29"):
            call(session)
        assert fake.requests == []
        return
    error, text = ERRORS.get(weather, (None, ""))
    with pytest.raises(error, match=text) if error else contextlib.nullcontext():
        assert len(call(session)) == rows
    assert azure.others(name) == []
    check_traffic(fake, where, service, failures=WEATHER[weather] is not None and not error)


def check_traffic(fake, where, service, *, failures):
    """See that the component's own service was asked, again after a failure, with tokens for it alone."""
    asked = [request for request in fake.requests if where in str(request)]
    pages = {request.target + str(request.body) for request in asked}
    assert asked
    assert len(asked) - len(pages) == int(failures)
    host = getattr(fake.hosts, service)
    own = fake.hosts.arm_audiences if service == "arm" else (f"https://{host}",)
    for request in asked:
        assert request.host == host or request.host.endswith(f".{host}")
        assert read_token(request.bearer)["aud"].rstrip("/") in own
    assert {token["aud"].rstrip("/") for token in fake.issued} <= set(own)


# Azure Germany has no Log Analytics.
SERVED = [
    (component, name) for component in COMPONENTS for name in CLOUDS if (component, name) != ("logs", "de")
]


@pytest.mark.parametrize(("component", "name"), SERVED)
def test_a_token_for_another_service_or_past_its_end_is_really_refused(
    component, name, azure, cloud_named, open_session
):
    """The fakes judge tokens as Azure does: what the test above injects is what they would say."""
    _, _, _, _, service = COMPONENTS[component]
    fake = azure[name]
    host = getattr(fake.hosts, service)
    path = f"contoso.{host}/secrets" if service == "key_vault" else f"{host}/subscriptions/x"
    for audience, life in ((f"https://{fake.hosts.graph}", 60), (f"https://{host}", -60)):
        fake.token_life = life
        headers = {"Authorization": f"Bearer {fake.issue(audience, how='test')}"}
        transport = open_session(cloud_named(name), ["devicecode"]).transport
        with pytest.raises(ServiceError) as caught:
            transport.send("GET", f"https://{path}", scope=None, headers=headers)
        assert caught.value.status == 401
