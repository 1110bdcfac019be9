from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path

import bokeh
import pytest

from huntbook.settings.model import effective

USGOV = {"Azure": {"cloud": "usgov"}}
DEFAULTS = effective({}).values


def write(path: Path, text: str) -> str:
    """Write the settings file as somebody else would, and return its revision."""
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


async def test_without_a_file_the_defaults_are_answered(ask, settings_file):
    """A first run is a state of its own, and reading creates nothing."""
    answer = json.loads((await ask()).body)
    assert answer["settings"] == DEFAULTS
    assert (answer["state"], answer["revision"], answer["path"]) == ("missing", "absent", str(settings_file))
    assert not settings_file.parent.exists()


async def test_the_revision_is_the_etag_and_nothing_is_kept(ask, settings_file):
    """Clients save on top of the ETag; no cache may hold settings."""
    revision = write(settings_file, "Azure:\n  cloud: cn\n")
    response = await ask()
    assert response.headers["ETag"] == f'"{revision}"'
    assert response.headers["Cache-Control"] == "no-store"


async def test_a_save_answers_what_a_read_would(ask, patch, settings_file):
    """The client needs no second request."""
    status, answer = await patch(USGOV, revision="absent")
    assert status == 200
    assert answer == json.loads((await ask()).body)
    assert answer["settings"]["Azure"]["cloud"] == "usgov"
    assert "cloud: usgov" in settings_file.read_text()


async def test_a_save_keeps_the_comments_and_foreign_keys(patch, settings_file):
    """Only the changed key changes."""
    revision = write(settings_file, "# ours\nAzure:\n  cloud: cn # for now\nTeam: {name: 'blue'}\n")
    await patch(USGOV, revision=revision)
    assert settings_file.read_text() == "# ours\nAzure:\n  cloud: usgov # for now\nTeam: {name: 'blue'}\n"


async def test_a_stale_revision_answers_412_with_what_is_there_now(patch, settings_file):
    """The second saver sees what the first one did, and nothing is lost."""
    write(settings_file, "Azure:\n  cloud: cn\n")
    status, answer = await patch(USGOV, revision="absent")
    assert status == 412
    assert answer["current"]["settings"]["Azure"]["cloud"] == "cn"
    assert settings_file.read_text() == "Azure:\n  cloud: cn\n"


async def test_a_refused_value_answers_422_and_names_its_key(patch, settings_file):
    """The message can stand at its field."""
    status, answer = await patch({"Azure": {"cloud": "moon"}}, revision="absent")
    message = "Azure.cloud: 'moon' is not known. Did you mean 'cn'? It takes: 'global', 'usgov', 'cn', 'de', 'bleu', 'delos', 'sg', 'usnat', 'ussec'."
    assert (status, answer["key"], answer["message"]) == (422, "Azure.cloud", message)
    assert answer["problems"] == [{"key": "Azure.cloud", "message": message}]
    assert not settings_file.exists()


async def test_a_broken_file_is_shown_and_never_written(ask, patch, settings_file):
    """GET says where it breaks; PATCH is refused with the same place."""
    revision = write(settings_file, "Azure:\n  cloud: [usgov\nmore: 1\n")
    answer = json.loads((await ask()).body)
    assert (answer["state"], answer["fault"]["line"]) == ("broken", 3)
    assert answer["settings"] == DEFAULTS
    status, refusal = await patch(USGOV, revision=revision)
    assert (status, refusal["key"], refusal["fault"]) == (422, None, answer["fault"])
    assert settings_file.read_text() == "Azure:\n  cloud: [usgov\nmore: 1\n"


async def test_a_wrong_value_in_the_file_is_named_beside_it(ask, settings_file):
    """Somebody edited by hand; the panel can say what is wrong."""
    write(settings_file, "Azure:\n  cloud: moon\n  auth_methods: [2026-01-01, .nan, !!binary aGk=, {a: 1}]\n")
    answer = json.loads((await ask()).body)
    assert [problem["key"] for problem in answer["problems"]] == ["Azure.cloud", "Azure.auth_methods"]
    assert answer["settings"]["Azure"]["cloud"] == "moon"


@pytest.mark.parametrize(
    ("header", "status"), [(None, 428), ("abc", 428), ("*", 428), ('"absent"', 200), ('W/"absent"', 200)]
)
async def test_a_save_needs_the_revision_that_it_is_based_on(ask, header, status):
    """Without one it would be a blind overwrite."""
    headers = {"If-Match": header} if header else {}
    response = await ask(method="PATCH", headers=headers, body=json.dumps({"changes": USGOV}))
    assert response.code == status


async def test_what_a_save_lacks_is_said_in_words(ask):
    """The whole texts for a missing revision and for a body that is too large."""
    blind = await ask(method="PATCH", body="{}")
    assert json.loads(blind.body)["message"] == (
        'A save needs the header If-Match with the revision that it is based on, such as "0123456789abcdef". '
        "GET answers it as the ETag."
    )
    large = await ask(method="PATCH", headers={"If-Match": '"absent"'}, body="x" * (2**20 + 1))
    assert json.loads(large.body)["message"] == "The body is larger than 1 MB. Send only what changed."


NAN = '{"changes": {"Azure": {"x": NaN}}}'
BAD_BODIES = {
    "": "The body is not JSON: Expecting value: line 1 column 1 (char 0).",
    "[1]": "The body is not a JSON object. Send one with the members 'changes', 'origin'.",
    NAN: "The body is not JSON: NaN is no JSON value.",
    "{}": 'The body\'s member \'changes\' must be an object, such as {"Azure": {"cloud": "usgov"}}.',
    '{"changes": {}, "path": "x"}': "The body has a member 'path' that is not known. It takes: 'changes', 'origin'.",
    '{"changes": {}, "origin": "outside"}': "origin='outside' is not known. It takes: sidebar, editor, magic, cli.",
}


@pytest.mark.parametrize("body", BAD_BODIES)
async def test_a_body_that_makes_no_sense_answers_400_in_words(ask, body):
    """The message says what to send."""
    response = await ask(method="PATCH", headers={"If-Match": '"absent"'}, body=body)
    assert (response.code, json.loads(response.body)["message"]) == (400, BAD_BODIES[body])


@pytest.mark.skipif(sys.platform != "linux", reason="needs /sys, where even root can't make a folder")
class TestReadOnlyFolder:
    """The folder can't be written. The tests may run as root, whom permissions don't stop; /sys does."""

    @pytest.fixture
    def settings_file(self, settings_file, monkeypatch):
        monkeypatch.setenv("MSTICPYCONFIG", "/sys/huntbook/msticpyconfig.yaml")
        return Path("/sys/huntbook/msticpyconfig.yaml")

    async def test_a_save_answers_409_with_the_way_out(self, patch):
        """The reason is the disk, not the request, and the message says what to do."""
        status, answer = await patch(USGOV, revision="absent")
        assert status == 409
        assert answer["message"].startswith(
            "The settings file /sys/huntbook/msticpyconfig.yaml can't be written"
        )
        assert "MSTICPYCONFIG" in answer["message"]


class TestBelowAFile:
    """The path goes through a regular file."""

    @pytest.fixture
    def settings_file(self, tmp_path, settings_file, monkeypatch):
        (tmp_path / "file").write_text("")
        monkeypatch.setenv("MSTICPYCONFIG", str(tmp_path / "file" / "msticpyconfig.yaml"))
        return tmp_path / "file" / "msticpyconfig.yaml"

    async def test_reading_says_so_and_saving_is_refused(self, ask, patch):
        """It is told as a fault of the file, without a traceback."""
        answer = json.loads((await ask()).body)
        status, refusal = await patch(USGOV, revision=answer["revision"])
        assert (answer["state"], status) == ("broken", 422)
        assert "not a directory" in answer["fault"]["message"]
        assert "not a directory" in refusal["message"]


async def test_markup_in_a_value_comes_back_as_data(ask, patch, settings_file):
    """It is JSON that no browser takes for a page, and it is refused where it is no value."""
    markup = "<script>alert(1)</script>"
    status, answer = await patch({"Azure": {"tenant_id": markup}}, revision="absent")
    assert (status, answer["key"]) == (422, "Azure.tenant_id")
    write(settings_file, f"Azure:\n  cloud: '{markup}'\n")
    response = await ask()
    assert json.loads(response.body)["settings"]["Azure"]["cloud"] == markup
    assert response.headers["Content-Type"] == "application/json"
    assert response.headers["X-Content-Type-Options"] == "nosniff"


class TestSite:
    """An administrator's file lies on Jupyter's path."""

    @pytest.fixture
    def settings_file(self, settings_file, jp_config_dir):
        lines = "Azure: {cloud: usgov}\nlocked: {Azure.cloud: The contract says so.}\n"
        (jp_config_dir / "huntbook.yaml").write_text(lines)
        return settings_file

    async def test_a_locked_setting_is_told_with_its_reason(self, ask):
        """Editors can grey it, and say who set it."""
        answer = json.loads((await ask()).body)
        assert answer["settings"]["Azure"]["cloud"] == "usgov"
        assert answer["locks"] == [{"key": "Azure.cloud", "reason": "The contract says so."}]
        assert answer["sources"]["Azure.cloud"]["layer"] == "site"

    async def test_a_locked_setting_is_refused(self, patch, settings_file):
        """The message holds the administrator's reason, and nothing is written."""
        status, answer = await patch({"Azure": {"cloud": "cn"}}, revision="absent")
        assert (status, answer["key"]) == (422, "Azure.cloud")
        assert "The contract says so." in answer["message"]
        assert not settings_file.exists()


async def test_plain_secrets_are_never_told(ask, settings_file):
    """A file that already holds one keeps it, and nobody sees it."""
    write(settings_file, "Azure: {client_secret: hunter2}\nTIProviders: {OTX: {Args: {AuthKey: hunter3}}}\n")
    body = (await ask()).body.decode()
    assert json.loads(body)["others"]["TIProviders"]["OTX"]["Args"]["AuthKey"] == "********"
    assert "hunter" not in body


async def test_plain_secrets_are_listed_by_their_place(ask, settings_file):
    """The panel can offer a reference for each; a name may hold a dot, so the place is a list."""
    write(settings_file, "TIProviders: {a.b: {AuthKey: hunter2}, VT: {AuthKey: {EnvironmentVar: VT_KEY}}}\n")
    assert json.loads((await ask()).body)["plain_secrets"] == [["TIProviders", "a.b", "AuthKey"]]


async def test_a_plain_secret_is_replaced_by_a_reference(ask, patch, settings_file):
    """Only its value changes in the file, and then there is none to list."""
    revision = write(settings_file, "TIProviders: {OTX: {AuthKey: hunter2, Url: otx.example}}\n")
    reference = {"TIProviders": {"OTX": {"AuthKey": {"EnvironmentVar": "OTX_KEY"}}}}
    status, answer = await patch(reference, revision=revision)
    assert (status, answer["plain_secrets"]) == (200, [])
    assert (
        settings_file.read_text()
        == "TIProviders: {OTX: {AuthKey: {EnvironmentVar: OTX_KEY}, Url: otx.example}}\n"
    )


async def test_each_value_is_told_with_its_layer_file_and_line(ask, settings_file, jp_config_dir):
    """What is not the default can be found; a value at its default has no source."""
    (jp_config_dir / "huntbook.yaml").write_text("# ours\nAzure:\n  tenant_id: contoso.com\n")
    write(
        settings_file,
        "Azure:\n  cloud: usgov\nAzureSentinel:\n  Workspaces:\n    soc:\n      TenantId: a.com\n",
    )
    user = {"layer": "user", "path": str(settings_file)}
    assert json.loads((await ask()).body)["sources"] == {
        "Azure.tenant_id": {"layer": "site", "path": str(jp_config_dir / "huntbook.yaml"), "line": 3},
        "Azure.cloud": {**user, "line": 2},
        "MSSentinel.Workspaces.soc.TenantId": {**user, "line": 6},
    }


WORKSPACE_ID = "52b1ab41-869e-4138-9e40-2a4457f09bf0"
RESOURCE = (
    f"/subscriptions/{WORKSPACE_ID}/resourceGroups/rg/providers/Microsoft.OperationalInsights/workspaces/soc"
)
IN_RESOURCE = {"SubscriptionId": WORKSPACE_ID, "ResourceGroup": "rg", "WorkspaceName": "soc"}


@pytest.mark.parametrize(
    ("text", "workspace"),
    [
        (
            f"https://portal.azure.com/#@contoso.com/resource{RESOURCE}/Overview",
            {**IN_RESOURCE, "TenantId": "contoso.com"},
        ),
        (
            json.dumps({"workspace_id": WORKSPACE_ID, "workspace_name": "soc"}),
            {"WorkspaceId": WORKSPACE_ID, "WorkspaceName": "soc"},
        ),
    ],
    ids=["address", "config.json"],
)
async def test_a_workspace_is_read_from_what_was_pasted(ask, settings_file, text, workspace):
    """From the portal's address bar or from its config.json; nothing is saved."""
    response = await ask("import", method="POST", body=json.dumps({"text": text}))
    assert (response.code, json.loads(response.body)) == (200, {"name": "soc", "workspace": workspace})
    assert not settings_file.exists()


@pytest.mark.parametrize(
    "text", ["", "hello", "https://portal.azure.com/", "{", '{"a":' * 50_000, "/" * 10**6]
)
async def test_what_names_no_workspace_is_refused_with_what_to_paste(ask, text):
    """The sentence says where to copy from, and a hostile text costs no more."""
    response = await ask("import", method="POST", body=json.dumps({"text": text}))
    assert response.code == 422
    assert json.loads(response.body)["message"] == (
        "This is neither a workspace's address in the portal nor the text of its config.json. "
        "Open the workspace in the portal and copy the address bar."
    )


async def test_an_import_without_text_is_refused(ask):
    """The message names the member that is missing."""
    response = await ask("import", method="POST", body="{}")
    assert (response.code, json.loads(response.body)["message"]) == (
        400,
        "The body's member 'text' must be what was copied in the portal, as text.",
    )


async def test_the_schema_describes_every_setting_that_is_answered(ask):
    """An editor built from the schema shows all that GET tells."""
    schema = json.loads((await ask("schema")).body)
    answer = json.loads((await ask()).body)
    described = {name: set(section["properties"]) for name, section in schema["properties"].items()}
    assert described == {name: set(section) for name, section in answer["settings"].items()}


async def test_bokeh_is_the_installed_one(ask):
    """The bytes are those of the package that draws."""
    response = await ask("bokeh/static/js/bokeh.min.js")
    file = Path(bokeh.__file__).parent / "server/static/js/bokeh.min.js"
    assert response.body == file.read_bytes()
    assert "javascript" in response.headers["Content-Type"]


@pytest.mark.parametrize(
    ("version", "kept"),
    [
        (bokeh.__version__, "private, max-age=31536000, immutable"),
        ("0.0", "private, no-cache"),
        ("", "private, no-cache"),
    ],
)
async def test_bokeh_is_kept_only_under_its_own_version(jp_fetch, version, kept):
    """After an upgrade no browser goes on with the old script."""
    response = await jp_fetch("huntbook", "bokeh/static/js/bokeh.min.js", params={"v": version})
    assert response.headers["Cache-Control"] == kept
    assert "Expires" not in response.headers


@pytest.mark.parametrize(
    "path",
    [
        "js/../../__init__.py",
        "js/..%2f..%2f__init__.py",
        "css/bokeh.css",
        "js/lib/index.js",
        "js/none.js",
    ],
)
async def test_nothing_but_the_scripts_is_served(ask, path):
    """No other folder of Bokeh, and no way out of it."""
    assert (await ask(f"bokeh/static/{path}")).code == 404
