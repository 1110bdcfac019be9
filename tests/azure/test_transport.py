from __future__ import annotations

import base64
import time

import pytest
from azure.mgmt.core import ARMPipelineClient
from azure.mgmt.core.policies import ARMChallengeAuthenticationPolicy

from fakecloud import Answer
from huntbook.azure.transport import GuardedTransport
from huntbook.errors import ForeignHostError, ServiceError, SignInError, UnsafeEndpointError

ARM = "https://management.usgovcloudapi.net"
LOGS = "https://api.loganalytics.us/v1/workspaces/w/query"
VERSION = {"api-version": "2022-12-01"}


@pytest.fixture
def session(azure, open_session):
    """Give a session of an application in usgov; nothing has been sent yet."""
    fake = azure["usgov"]
    return open_session(
        "usgov",
        ["clientsecret"],
        tenant_id=fake.tenant,
        client_id=fake.client_id,
        client_secret=fake.client_secret,
    )


@pytest.fixture
def get(session):
    """Give a function that sends a GET with the Resource Manager's token."""
    scope = session.cloud.scope("resource_manager")
    return lambda path, **options: session.transport.send(
        "GET", f"{ARM}{path}", scope=scope, params=VERSION, **options
    )


def services(azure):
    """Return the requests that reached services, not the login host."""
    return [request for request in azure["usgov"].requests if not request.host.startswith("login.")]


def test_a_list_is_followed_to_its_end(azure, session):
    """Every page is fetched by the link that the service gave, and no entry comes twice."""
    scope = session.cloud.scope("resource_manager")
    found = list(session.transport.items(f"{ARM}/subscriptions", scope=scope, params=VERSION))
    assert [item["displayName"] for item in found] == [
        f"usgov subscription {number}" for number in range(1, 6)
    ]
    assert [request.query.get("$skiptoken") for request in services(azure)] == [None, "2", "4"]
    # The link has the query already: sent twice, some services lose the place.
    assert [request.target.count("api-version") for request in services(azure)] == [1, 1, 1]


@pytest.mark.parametrize(
    "value", ["a&api-version=1", "a=b#c", "100%", "%2f%26", "a+b c", "'ä漢'", 'x"y\\z', "?"]
)
def test_a_parameter_arrives_as_it_was(value, azure, session):
    """Nothing in a filter can end it, add another parameter, or be read as something else."""
    azure["usgov"].fault("/x", Answer(body={}))
    params = {**VERSION, "$filter": value}
    session.transport.send("GET", f"{ARM}/x", scope=session.cloud.scope("resource_manager"), params=params)
    assert services(azure)[0].query == params


def test_a_foreign_link_to_the_next_page_gets_no_token(azure, session):
    """A tampered answer can't send the token elsewhere; the message names the host."""
    link = "https://management.azure.com/subscriptions?page=2"
    azure["usgov"].fault("/subscriptions", Answer(body={"value": [{"n": 1}], "nextLink": link}))
    scope = session.cloud.scope("resource_manager")
    with pytest.raises(ForeignHostError, match=r"'management\.azure\.com' in cloud 'usgov'"):
        list(session.transport.items(f"{ARM}/subscriptions", scope=scope, params=VERSION))
    assert azure.others("usgov") == []


def test_a_link_that_comes_twice_ends_the_list(azure, session):
    """A service that sends readers in a circle is an error, not an endless loop."""
    body = {"value": [], "nextLink": f"{ARM}/subscriptions?api-version=2022-12-01"}
    azure["usgov"].fault("/subscriptions", Answer(body=body), times=9)
    with pytest.raises(ServiceError, match="the same link to the next page twice"):
        list(session.transport.items(f"{ARM}/subscriptions", scope=session.cloud.scope("resource_manager")))


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_foreign_redirect_gets_no_token(status, azure, get):
    """Whatever kind of redirect it is, the other cloud sees nothing and the message names it."""
    headers = {"Location": "https://management.azure.com/x"}
    azure["usgov"].fault("GET management", Answer(status=status, headers=headers))
    with pytest.raises(ForeignHostError, match=r"'management\.azure\.com' in cloud 'usgov'"):
        get("/subscriptions")
    assert azure.others("usgov") == []


def test_a_redirect_inside_the_cloud_is_followed(azure, get):
    """A service may move a request within its own cloud."""
    headers = {"Location": f"{ARM}/subscriptions?api-version=2022-12-01"}
    azure["usgov"].fault("GET management", Answer(status=307, headers=headers))
    assert len(get("/elsewhere").body["value"]) == 2


def test_a_foreign_address_is_refused_before_a_token_is_asked_for(azure, session):
    """The guard stands before the sign-in: not even the login host is asked."""
    with pytest.raises(ForeignHostError):
        session.transport.send(
            "GET", "https://api.loganalytics.io/v1/x", scope=session.cloud.scope("log_analytics")
        )
    assert azure["usgov"].requests == []


def test_a_vault_that_names_a_foreign_login_gets_no_token(azure, session):
    """A challenge with another cloud's login host is refused by name."""
    challenge = (
        'Bearer authorization="https://login.evil.example/t", resource="https://vault.usgovcloudapi.net"'
    )
    azure["usgov"].fault("contoso.vault", Answer(status=401, headers={"WWW-Authenticate": challenge}))
    with pytest.raises(ForeignHostError, match=r"'login\.evil\.example' in cloud 'usgov'"):
        session.transport.send(
            "GET", "https://contoso.vault.usgovcloudapi.net/secrets", scope=session.cloud.scope("key_vault")
        )
    assert [token["aud"] for token in azure["usgov"].issued] == ["https://vault.usgovcloudapi.net"]


def test_a_vault_that_asks_for_another_audience_gets_no_token(azure, session):
    """A vault can't make the session fetch a token for Resource Manager."""
    challenge = f'Bearer authorization="https://login.microsoftonline.us/t", resource="{ARM}"'
    azure["usgov"].fault("contoso.vault", Answer(status=401, headers={"WWW-Authenticate": challenge}))
    with pytest.raises(UnsafeEndpointError, match=r"'https://management\.usgovcloudapi\.net' where"):
        session.transport.send(
            "GET", "https://contoso.vault.usgovcloudapi.net/secrets", scope=session.cloud.scope("key_vault")
        )
    assert [token["aud"] for token in azure["usgov"].issued] == ["https://vault.usgovcloudapi.net"]


def test_a_vault_in_an_allowed_tenant_gets_that_tenants_token(azure, open_session):
    """The tenant that a vault names is used if the user allowed it."""
    fake, other = azure["usgov"], "99999999-2222-4333-8444-555555555555"
    session = open_session(
        "usgov",
        ["clientsecret"],
        tenant_id=fake.tenant,
        client_id=fake.client_id,
        client_secret=fake.client_secret,
        allowed_tenants=[other],
    )
    challenge = f'Bearer authorization="https://login.microsoftonline.us/{other}", resource="https://vault.usgovcloudapi.net"'
    fake.fault("contoso.vault", Answer(status=401, headers={"WWW-Authenticate": challenge}))
    reply = session.transport.send(
        "GET", "https://contoso.vault.usgovcloudapi.net/secrets", scope=session.cloud.scope("key_vault")
    )
    assert reply.status == 200
    assert [token["tid"] for token in fake.issued] == [fake.tenant, other]


def test_a_claims_challenge_is_answered_once(azure, get):
    """Continuous access evaluation: the claims reach the login host, and the request is sent again."""
    claims = base64.urlsafe_b64encode(b'{"access_token":{"nbf":{"essential":true}}}').rstrip(b"=").decode()
    challenge = f'Bearer realm="", error="insufficient_claims", claims="{claims}"'
    fake = azure["usgov"]
    fake.fault("GET management", Answer(status=401, headers={"WWW-Authenticate": challenge}))
    assert get("/subscriptions").status == 200
    assert "nbf" in fake.issued[-1]["xms_claims"]
    assert len(services(azure)) == 2


def test_throttling_is_waited_out_as_the_service_asks(azure, get):
    """429 with Retry-After: the request is sent again, and not before that time."""
    azure["usgov"].fault("GET management", Answer(status=429, headers={"Retry-After": "1"}))
    start = time.monotonic()
    assert get("/subscriptions").status == 200
    assert 0.9 < time.monotonic() - start < 10


@pytest.mark.parametrize("fault", [Answer(status=503), Answer(status=504), Answer(cut=True)])
def test_a_passing_failure_is_retried(fault, azure, get):
    """A busy service, a gateway that gave up, a cut connection: the next try counts."""
    azure["usgov"].fault("GET management", fault)
    assert get("/subscriptions").status == 200
    assert len(services(azure)) == 2


def test_a_lasting_failure_is_one_clear_error(azure, session):
    """After the retries the error says host, status, the service's words and what to do."""
    body = {"error": {"code": "ServerBusy", "message": "Try later."}}
    azure["usgov"].fault(
        "POST api.loganalytics", Answer(status=503, body=body, headers={"Retry-After": "0.01"}), times=9
    )
    with pytest.raises(ServiceError) as caught:
        session.transport.send("POST", LOGS, scope=session.cloud.scope("log_analytics"), json={"query": "T"})
    assert str(caught.value) == (
        "api.loganalytics.us answered HTTP 503: ServerBusy: Try later. The service failed, also after retries: try "
        "again later."
    )
    assert (caught.value.status, caught.value.code) == (503, "ServerBusy")
    assert len(services(azure)) == 5


def test_a_slow_service_ends_in_an_error_that_names_it(azure, session, monkeypatch):
    """A read timeout is told with the host and where to look."""
    monkeypatch.setattr("huntbook.azure.transport._RETRIES", 0)
    azure["usgov"].fault("POST api.loganalytics", Answer(delay=20), times=9)
    with pytest.raises(
        ServiceError, match=r"No answer from api\.loganalytics\.us: .*timed out.* Check the network"
    ):
        type(session.transport)(session.cloud, session.credential).send(
            "POST", LOGS, scope=session.cloud.scope("log_analytics"), json={"query": "T"}, read_timeout=0.2
        )


def test_a_token_for_the_wrong_service_is_explained(azure, session):
    """What Azure says of a wrong audience becomes an error that points at the doctor."""
    with pytest.raises(ServiceError) as caught:
        session.transport.send(
            "GET", f"{ARM}/subscriptions", scope=session.cloud.scope("key_vault"), params=VERSION
        )
    assert caught.value.code == "InvalidAuthenticationTokenAudience"
    assert str(caught.value).endswith(
        "The token was for another service: check Azure.cloud with huntbook.check()."
    )


def test_the_innermost_word_of_a_query_error_is_told(azure, session):
    """Log Analytics buries the reason three levels deep; the message carries it."""
    with pytest.raises(ServiceError, match=r"Query could not be parsed at 'syntax' on line \[1,3\]"):
        session.transport.send(
            "POST", LOGS, scope=session.cloud.scope("log_analytics"), json={"query": "syntax"}
        )


def test_a_service_without_a_token_gets_none(azure, session):
    """With no scope the request goes out bare, still only to the cloud's own hosts."""
    reply = session.transport.send("GET", f"{ARM}/metadata/endpoints", scope=None, params=VERSION)
    assert reply.body["name"] == "AzureUSGovernment"
    assert "Authorization" not in services(azure)[0].headers
    with pytest.raises(ForeignHostError):
        session.transport.send("GET", "https://example.org/", scope=None)


def test_the_credential_serves_the_microsoft_libraries_too(azure, session):
    """Any client of the Azure libraries can use the session's credential and its guarded transport."""
    cloud = session.cloud
    policy = ARMChallengeAuthenticationPolicy(session.credential, cloud.scope("resource_manager"))
    with ARMPipelineClient(
        base_url=cloud.resource_manager, policies=[policy], transport=GuardedTransport(cloud)
    ) as client:
        request = client.get("/subscriptions", params=VERSION)
        answer = client._pipeline.run(request).http_response
    assert answer.status_code == 200
    assert azure.others("usgov") == []


def test_the_guarded_transport_stops_a_microsoft_client_of_another_cloud(azure, session):
    """A client that was built for the wrong cloud is stopped by the transport itself."""
    with (
        ARMPipelineClient(
            base_url="https://management.azure.com", policies=[], transport=GuardedTransport(session.cloud)
        ) as client,
        pytest.raises(ForeignHostError, match=r"'management\.azure\.com' in cloud 'usgov'"),
    ):
        client._pipeline.run(client.get("/subscriptions"))
    assert azure.others("usgov") == []


def test_a_login_host_can_not_send_the_secret_elsewhere(azure, session):
    """Discovery that names a token endpoint on another host is refused: the client secret stays here."""
    base = "https://login.microsoftonline.com/t"
    told = {
        "token_endpoint": f"{base}/token",
        "authorization_endpoint": f"{base}/authorize",
        "issuer": f"{base}/v2.0",
    }
    azure["usgov"].fault(".well-known/openid-configuration", Answer(body=told), times=9)
    with pytest.raises(SignInError, match="clientsecret: failed: "):
        session.credential.get_token(session.cloud.scope("key_vault"))
    assert azure.others("usgov") == []
    assert not any(request.path.endswith("/token") for request in azure["usgov"].requests)
