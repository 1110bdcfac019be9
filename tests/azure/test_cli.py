from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from huntbook.cli import main


def run(*words):
    return CliRunner().invoke(main, ["check", *words])


def test_the_report_is_printed_and_the_exit_code_tells(azure):
    """0 where somebody can sign in, 1 where nobody can; nothing was signed in."""
    good, bad = run("--cloud", "cn", "--method", "devicecode"), run("--cloud", "cn", "--method", "cli")
    assert (good.exit_code, bad.exit_code) == (0, 1)
    assert "Cloud cn (Azure China (21Vianet)): sign-in at https://login.chinacloudapi.cn" in good.output
    assert "the program az is not on the PATH" in bad.output
    assert azure.others("none of them") == []


def test_programs_get_json(azure):
    """The same as data."""
    told = json.loads(run("--cloud", "usgov", "--method", "devicecode", "--json").output)
    assert (told["cloud"], told["ok"]) == ("usgov", True)


def test_a_sign_in_shows_the_tokens_claims(azure, az):
    """With --sign-in one token a component is asked for."""
    az("AzureUSGovernment")
    done = run("--cloud", "usgov", "--method", "cli", "--sign-in")
    assert done.exit_code == 0
    assert len(azure["usgov"].issued) == 4
    assert [value for value in azure.hidden if value in done.output] == []


@pytest.mark.parametrize("words", [["--cloud", "usgv"], ["--method", "clu"]])
def test_a_refused_word_is_told_on_standard_error(words, bare_machine):
    """The sentence has the nearest word, and the exit code is 2."""
    done = run(*words)
    assert done.exit_code == 2
    assert "Did you mean" in done.stderr
    assert done.stdout == ""
