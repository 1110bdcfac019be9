"""Five components in five clouds, in good and in bad weather: the right result or the right error, and no other cloud."""

from __future__ import annotations

import pytest

from fakecloud import Answer
from huntbook.errors import ComponentUnavailableError, ForeignHostError, ServiceError

CLOUDS = ("global", "usgov", "cn", "de", "lab")
WORKSPACE = "63613592-b6f7-4c3d-a390-22ba13102111"
RESOURCE = (
    "/subscriptions/00000001-5555-4555-8555-555555555555/resourceGroups/soc-rg"
    "/providers/Microsoft.OperationalInsights/workspaces/soc-ws"
)
# What is called, how many rows are right, which of its requests fails, and whether its pages are links.
COMPONENTS = {
    "logs": (lambda s: s.logs(WORKSPACE).query("T"), 2, "/query", False),
    "secrets": (lambda s: s.secrets("contoso").list(), 1, ".vault.", True),
    "resources": (lambda s: s.resources.subscriptions(), 5, "/subscriptions", True),
    "sentinel": (lambda s: s.sentinel(RESOURCE).incidents(), 7, "/incidents", True),
    "graph": (lambda s: s.graph.query("resources"), 2500, "ResourceGraph", False),
}
FOREIGN = "https://foreign.example/next"
ERROR = {"error": {"code": "InvalidAuthenticationTokenAudience", "message": "wrong audience"}}
WEATHER = {
    "happy": None,
    "429": Answer(status=429, headers={"Retry-After": "0"}),
    "503": Answer(status=503, headers={"Retry-After": "0"}),
    "cut": Answer(cut=True),
    "expired": Answer(status=401, headers={"WWW-Authenticate": 'Bearer error="invalid_token"'}),
    "foreign": None,
    "audience": Answer(status=401, body=ERROR),
}


@pytest.mark.parametrize("weather", WEATHER)
@pytest.mark.parametrize("name", CLOUDS)
@pytest.mark.parametrize("component", COMPONENTS)
def test_each_component_gives_the_right_result_or_the_right_error(
    component, name, weather, azure, az, cloud_named, open_session, tally
):
    """Whatever happens, the other clouds' servers see nothing, and no token is for another audience."""
    call, rows, where, linked = COMPONENTS[component]
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
    elif weather == "foreign":
        with pytest.raises(ForeignHostError, match=r"'foreign\.example'"):
            call(session)
    elif weather == "audience":
        with pytest.raises(ServiceError, match=r"check Azure\.cloud with huntbook\.check\(\)"):
            call(session)
    else:
        assert len(call(session)) == rows
    assert azure.others(name) == []
    assert {token["aud"].rstrip("/") for token in fake.issued} <= fake.hosts.audiences
