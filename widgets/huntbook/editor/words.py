"""What the editor says by itself: of the file that it opened, and of an action that failed."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Concatenate, Final, ParamSpec, Protocol, TypeVar

from huntbook.errors import HuntbookError
from huntbook.settings.document import ABSENT
from huntbook.settings.secrets import plain_secrets

if TYPE_CHECKING:
    from collections.abc import Callable

    from huntbook.editor.draft import Draft

__all__ = ["OPENING", "in_words", "opening"]

# So many secrets are named in a sentence.
_NAMED: Final = 5
OPENING: Final = "These are the settings of the file."


class _Saying(Protocol):
    """Anything with a status line."""

    def say(self, kind: str, text: str) -> None:
        """Show a text."""


_Editor = TypeVar("_Editor", bound=_Saying)
_Options = ParamSpec("_Options")


def in_words(
    act: Callable[Concatenate[_Editor, _Options], bool],
) -> Callable[Concatenate[_Editor, _Options], bool]:
    """Turn whatever goes wrong in an action into the status line: a person sees no traceback."""

    @functools.wraps(act)
    def acting(editor: _Editor, /, *args: _Options.args, **kwargs: _Options.kwargs) -> bool:
        try:
            return act(editor, *args, **kwargs)
        except HuntbookError as error:
            editor.say("error", str(error))
        except Exception as error:  # noqa: BLE001 - the last line before a person
            editor.say("error", f"This did not work: {type(error).__name__}: {error}. Nothing was written.")
        return False

    return acting


def opening(draft: Draft) -> tuple[str, str]:
    """Return the status, its kind and its text, of a file that was just read."""
    base = draft.base
    if base.fault is not None:
        return "error", f"{base.fault} Defaults are shown; saving is off until then."
    if base.revision == ABSENT:
        return "plain", "There is no settings file yet. Save Settings creates it."
    if draft.problems:
        apart = "\n" if len(draft.problems) > 1 else " "
        return "notice", apart.join(["The file has values that are refused:", *draft.problems.values()])
    if draft.combined.notices:
        return "notice", " ".join(draft.combined.notices)
    plain = plain_secrets(base.data)
    if plain:
        named = ", ".join(plain[:_NAMED])
        more = f" and {len(plain) - _NAMED:,} more" if len(plain) > _NAMED else ""
        return "notice", (
            f"The file holds secrets in plain text: {named}{more}. They work and are hidden here. "
            "Better: keep each in an environment variable, and name that below."
        )
    return "plain", OPENING
