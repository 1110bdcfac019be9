"""Claims about the button Check sign-in of the notebook's editor."""

from __future__ import annotations

import pytest

from huntbook import MpConfigEdit
from huntbook.azure import check

OF = (
    "Looked at on the kernel's machine, by the saved settings: choices that are not written yet do not count. "
    "Nothing was signed in."
)


@pytest.fixture
def tab(file):
    """Give the editor's tab that says how to sign in."""
    file.write_text("Azure:\n  cloud: usgov\n  auth_methods: [env, devicecode]\n")
    return MpConfigEdit()._tabs["Azure"]


def is_shown(tab) -> bool:
    return tab.check.result is not None and tab.check.result.value != ""


def test_the_button_stands_beside_save_and_shows_nothing_yet(tab):
    """A result is made only when somebody asks for it, and only where signing in is set up."""
    beside = next(child for child in tab.box.children if tab.save in getattr(child, "children", ()))
    assert [button.description for button in beside.children] == ["Save", "Check sign-in"]
    assert not is_shown(tab)
    assert MpConfigEdit()._tabs["KeyVault"].check is None


def test_a_press_shows_the_doctors_report(tab):
    """One sentence, then the report as huntbook.check() shows it in a cell."""
    tab.check.button.click()
    assert is_shown(tab)
    assert tab.check.verdict == f"A sign-in should work, with Device code, which asks you. {OF}"
    assert check()._repr_html_() in tab.check.result.value
    assert not tab.check.button.disabled


def test_a_choice_that_is_not_written_does_not_count(tab):
    """The sentence says so, and the report names the cloud of the file."""
    tab.fields["cloud"].show("cn")
    tab.check.run()
    assert "Cloud usgov" in tab.check.result.value


def test_the_result_goes_when_the_settings_change(tab, elsewhere, file):
    """It would be of settings that are no longer these."""
    editor = MpConfigEdit()
    tab = editor._tabs["Azure"]
    tab.check.run()
    elsewhere(cloud="cn")
    assert editor.look()
    assert not is_shown(tab)
    assert tab.check.verdict == ""


def test_a_refused_value_is_a_sentence(tab, file):
    """What the settings say is told as huntbook.check() would say it, without a report or a traceback."""
    file.write_text("Azure:\n  cloud: usgo\n")
    tab.check.run()
    assert tab.check.verdict.startswith("Azure.cloud: 'usgo' is not known. Did you mean 'usgov'?")
    assert "<table>" not in tab.check.result.value


def test_a_failure_of_our_own_is_a_sentence_too(tab, file, monkeypatch):
    """Whatever goes wrong on the kernel's machine, a person sees no traceback."""

    def gone(_name: str) -> str:
        raise RuntimeError("the disk is gone.")

    monkeypatch.setattr("shutil.which", gone)
    file.write_text("Azure:\n  auth_methods: [cli]\n")
    tab.check.run()
    assert tab.check.verdict == "The check did not work: RuntimeError: the disk is gone."
    assert not tab.check.button.disabled
