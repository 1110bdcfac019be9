"""The sections that are not ours: MSTICPy's and other people's, to be read and not changed here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import ipywidgets as widgets
import yaml

from huntbook.editor.hiding import hidden
from huntbook.editor.style import line, say, say_code
from huntbook.settings.model import SECTIONS, canonical

if TYPE_CHECKING:
    from collections.abc import Mapping

    from huntbook.editor.draft import Draft

__all__ = ["OtherSections"]

# What is on the screen is saved with the notebook, so a large file is not shown whole.
_MOST_CHARACTERS: Final = 20_000


class OtherSections:
    """A page with the rest of the file as text; secrets are hidden."""

    title = "Other"

    def __init__(self) -> None:
        self.box = widgets.VBox()

    def show(self, draft: Draft) -> None:
        """Show what the file says beside the sections of the other tabs."""
        if not self.box.children:
            self._head, self._text = line(), widgets.HTML(layout=widgets.Layout(margin="6px 0 0 0"))
            self.box.children = [self._head, self._text]
        rest = {name: part for name, part in canonical(draft.base.data).items() if name not in SECTIONS}
        if not rest:
            say(self._head, "The file has no other sections.")
            say_code(self._text, "")
            return
        text, cut = _as_text(rest)
        say(
            self._head,
            "These sections are kept as they are; change them in a text editor. Secrets, and what looks like one, are hidden."
            + (" Only the beginning is shown." if cut else ""),
        )
        say_code(self._text, text)


def _as_text(sections: Mapping[str, Any]) -> tuple[str, bool]:
    text = yaml.dump(
        hidden(dict(sections)), Dumper=yaml.CSafeDumper, sort_keys=False, allow_unicode=True, width=100
    )
    if len(text) <= _MOST_CHARACTERS:
        return text, False
    return text[:_MOST_CHARACTERS].rpartition("\n")[0], True
