"""Claims about the choices between reading the file and writing it."""

from __future__ import annotations

import pytest

from huntbook.editor.draft import Draft
from huntbook.errors import SettingsConflictError, SettingsValueError
from huntbook.settings.document import read


def test_only_what_differs_is_confirmed(file):
    """A choice that equals the file's value is none."""
    draft = Draft(read(file))
    assert draft.confirm("Azure", {"cloud": "usgov", "tenant_id": "contoso.com"}) == ("Azure.tenant_id",)
    assert draft.value("Azure.tenant_id") == "contoso.com"
    assert draft.confirm("Azure", {"cloud": "usgov", "tenant_id": None}) == ()
    assert draft.confirmed == {}


def test_a_refused_choice_leaves_the_earlier_ones(file):
    """All of a tab's choices are taken, or none."""
    draft = Draft(read(file))
    draft.confirm("Azure", {"cloud": "cn"})
    with pytest.raises(SettingsValueError):
        draft.confirm("Azure", {"cloud": "de", "tenant_id": "?"})
    assert draft.confirmed == {"Azure.cloud": "cn"}


def test_a_conflict_keeps_the_choices(file, elsewhere):
    """They can be saved again on top of what is there now."""
    draft = Draft(read(file))
    draft.confirm("Azure", {"cloud": "cn"})
    elsewhere(tenant_id="contoso.com")
    with pytest.raises(SettingsConflictError):
        draft.save()
    assert draft.confirmed == {"Azure.cloud": "cn"}
    assert draft.changed_outside(read(file)) == ("Azure.tenant_id",)


def test_changes_in_other_sections_are_named_too(file):
    """A section that is no business of ours is named without its values."""
    draft = Draft(read(file))
    file.write_text(file.read_text() + "Splunk: {Args: {password: hush}}\n")
    assert draft.changed_outside(read(file)) == ("Splunk.Args.password",)
