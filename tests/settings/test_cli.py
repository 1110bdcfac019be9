"""Claims about the command at a prompt."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from huntbook.settings import history
from huntbook.settings.cli import main
from huntbook.settings.document import read


@pytest.fixture
def run(places):
    """Give a way to type a command; what comes back is exit code, output and errors."""

    def typed(*words: str) -> tuple[int, str, str]:
        done = CliRunner().invoke(main, ["settings", *words])
        return done.exit_code, done.stdout, done.stderr

    return typed


def test_set_writes_and_get_reads(places, run):
    """A text, a list, and the way back to the default."""
    assert run("set", "Azure.cloud", "gov") == (0, f"{places.user}: Azure.cloud written.\n", "")
    assert run("set", "Azure.cloud", "usgov") == (0, f"{places.user}: nothing to change.\n", "")
    assert run("get", "Azure.cloud") == (0, "usgov\n", "")
    assert run("set", "Azure.auth_methods", "[cli, msi]")[0] == 0
    assert run("get", "Azure.auth_methods", "--json")[1] == '[\n  "cli",\n  "msi"\n]\n'
    assert run("get", "Azure.auth_methods")[1] == "- cli\n- msi\n"
    assert run("set", "Azure.auth_methods", "--unset")[0] == 0
    assert places.user.read_text() == "Azure:\n  cloud: usgov\n"


def test_refusals_have_exit_codes_and_sentences(places, run):
    """A wrong value and a setting without one: 1; a wrong command: 2; a broken file: 3."""
    code, _, error = run("set", "Azure.cloud", "usgv")
    assert (code, error.startswith("Azure.cloud: 'usgv' is not known. Did you mean 'usgov'?")) == (1, True)
    assert run("get", "Azure.tenant_id") == (1, "", "Azure.tenant_id is not set.\n")
    assert run("set", "Azure.cloud")[0] == 2
    assert run("set", "Azure.cloud", "[")[0] == 2
    places.user.write_text("Azure: [\n")
    code, _, error = run("set", "Azure.cloud", "cn")
    assert (code, "line 2, column 1" in error) == (3, True)


def test_a_misspelt_name_is_refused_and_named(places, run):
    """By `set`, `get` and `validate`; what is in the file already can be taken out."""
    code, _, error = run("set", "Azure.clod", "usgov")
    assert (code, error) == (
        1,
        "Azure.clod is not known, so it has no effect. Did you mean Azure.cloud? Nothing was written.\n",
    )
    assert run("set", "cloud", "usgov")[0] == 1
    assert run("get", "Azure.clod")[2] == "Azure.clod is not known. Did you mean Azure.cloud?\n"
    places.user.write_text("Azure: {clod: usgov}\n")
    code, out, _ = run("validate")
    assert (code, out) == (1, "Azure.clod is not known, so it has no effect. Did you mean Azure.cloud?\n")
    assert run("set", "Azure.clod", "--unset")[1] == f"{places.user}: Azure.clod taken out.\n"


def test_validate_looks_at_the_locks_of_a_site_file(run, tmp_path):
    """Before the administrator puts it in place."""
    file = tmp_path / "huntbook.yaml"
    file.write_text("locked: {Azure.clod: One cloud.}\n")
    code, out, _ = run("validate", str(file))
    assert (code, out) == (
        1,
        "locked: Azure.clod is not known, so it locks nothing. Did you mean Azure.cloud?\n",
    )


def test_a_locked_setting_is_refused(places, run):
    """With the administrator's reason."""
    places.system.write_text("locked: {Azure.cloud: One cloud here.}\n")
    assert run("set", "Azure.cloud", "cn") == (
        1,
        "",
        f"Azure.cloud is locked by {places.system}: One cloud here. Ask your administrator to change it there.\n",
    )


def test_show_and_get_hide_secrets(places, run):
    """In both forms."""
    places.user.write_text("Azure: {cloud: cn}\nTI: {OTX: {AuthKey: hush}}\n")
    assert json.loads(run("show", "--json")[1])["Azure"]["cloud"] == "cn"
    assert run("show")[1].startswith("Azure:\n  cloud: cn\n")
    assert run("get", "TI.OTX.AuthKey")[1] == "********\n"
    assert "hush" not in run("get", "TI")[1] + run("explain", "--json")[1] + run("explain")[1]


def test_where_names_every_file(places, run):
    """The lowest first, and whether it is there."""
    places.user.write_text("")
    rows = json.loads(run("where", "--json")[1])
    assert [row["layer"] for row in rows][-2:] == ["user", "project"]
    assert [row["exists"] for row in rows if row["path"] == str(places.user)] == [True]
    assert f"user     {places.user}\n" in run("where")[1]


def test_explain_gives_sources(places, run):
    """Layer, file and line in either form."""
    places.user.write_text("Azure:\n  cloud: cn\n")
    assert f"Azure.cloud = 'cn', from user, {places.user}, line 2" in run("explain")[1].splitlines()
    row = json.loads(run("explain", "--json")[1])["settings"][0]
    assert (row["key"], row["layer"], row["line"]) == ("Azure.cloud", "user", 2)


def test_validate_names_each_problem(places, run, tmp_path):
    """Exit 1 with problems, 0 without, 3 for a broken file."""
    places.user.write_text("Azure: {cloud: cn}\n")
    assert run("validate") == (0, f"{places.user}: every value is good.\n", "")
    other = tmp_path / "other.yaml"
    other.write_text("Azure: {cloud: 5, tenant_id: '?'}\n")
    code, out, _ = run("validate", str(other), "--json")
    assert (code, [problem["key"] for problem in json.loads(out)]) == (1, ["Azure.cloud", "Azure.tenant_id"])
    other.write_text("Azure: [\n")
    assert run("validate", str(other))[0] == 3


def test_history_lists_compares_and_restores(places, run):
    """A restore says how to undo it."""
    assert run("history")[1] == "Nothing was saved yet.\n"
    run("set", "Azure.cloud", "cn")
    first = read(places.user).revision
    run("set", "Azure.cloud", "de")
    second = read(places.user).revision
    assert [row["revision"] for row in json.loads(run("history", "--json")[1])] == [second, first]
    assert run("history", first)[1] == "Azure.cloud is now 'de' (was 'cn')\n"
    assert run("restore", first)[1] == (
        f"{places.user} is as it was at {first}. To undo: huntbook settings restore {second}\n"
    )
    assert read(places.user).data == {"Azure": {"cloud": "cn"}}
    assert run("restore", "0000")[0] == 3
    assert len(history.versions(places.user)) == 3


def test_trust_makes_a_projects_cloud_count(places, run):
    """Before that, the notice says what to type."""
    places.project.write_text("Azure: {cloud: cn}\n")
    _, out, notice = run("get", "Azure.cloud")
    assert (out, f"huntbook settings trust {places.project}" in notice) == ("global\n", True)
    assert run("trust") == (0, f"{places.project} is trusted until it changes.\n", "")
    assert run("get", "Azure.cloud") == (0, "cn\n", "")


def test_keys_and_revisions_complete(places, run, monkeypatch):
    """What a shell offers after the first letters."""
    run("set", "Azure.cloud", "cn")
    monkeypatch.setenv("COMP_WORDS", "huntbook settings get Azure.c")
    monkeypatch.setenv("COMP_CWORD", "3")
    done = CliRunner().invoke(main, prog_name="huntbook", env={"_HUNTBOOK_COMPLETE": "bash_complete"})
    assert done.output.split() == ["plain,Azure.cloud", "plain,Azure.client_id", "plain,Azure.custom_clouds"]
