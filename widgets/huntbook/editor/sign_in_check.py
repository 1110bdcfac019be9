"""The button that asks the sign-in doctor, and what it found, below the fields of the tab."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import ipywidgets as widgets

from huntbook.azure.doctor import check
from huntbook.editor.style import REPORT_STYLE, line, say
from huntbook.errors import HuntbookError

if TYPE_CHECKING:
    from collections.abc import Callable

    from huntbook.azure.report import CheckReport

__all__ = ["SignInCheck"]

_OF: Final = (
    "Looked at on the kernel's machine, by the saved settings: choices that are not written yet do not count. "
    "Nothing was signed in."
)


class SignInCheck:
    """Says what a sign-in from this kernel would meet; nothing is signed in.

    Parameters
    ----------
    put_below
        Puts the result on the screen; called when there is one for the first time.
    """

    def __init__(self, put_below: Callable[[widgets.Widget], None]) -> None:
        self.button = widgets.Button(
            description="Check sign-in",
            tooltip="Say which way to sign in would answer, by the saved settings",
        )
        self.result: widgets.HTML | None = None
        self._put_below = put_below
        self.button.on_click(lambda _: self.run())

    @property
    def verdict(self) -> str:
        """The sentence on the screen; empty where nothing was checked yet."""
        return self._said

    def run(self) -> None:
        """Check now and show the report; whatever goes wrong is a sentence."""
        self._say("plain", "Checking…")
        self.button.disabled = True
        try:
            self._show(check())
        except HuntbookError as error:
            self._say("error", str(error))
        except Exception as error:  # noqa: BLE001 - the last line before a person
            self._say("error", f"The check did not work: {type(error).__name__}: {error}")
        finally:
            self.button.disabled = False

    def clear(self) -> None:
        """Take the result off the screen: it is of settings that are no longer these."""
        if self.result is not None:
            self._say("plain", "")

    def _show(self, report: CheckReport) -> None:
        works = report.ok and report.status != "retired"
        result = self._say("done" if works else "error", f"{report.summary} {_OF}")
        result.value += (
            f'{REPORT_STYLE}<div class="huntbook-report" tabindex="0">{report._repr_html_()}</div>'
        )

    def _say(self, kind: str, text: str) -> widgets.HTML:
        if self.result is None:
            self.result = line(kind="status")
            self.result.layout.margin = "8px 0 0"
            self._put_below(self.result)
        self._said = text
        say(self.result, text, kind=f"status-{kind}")
        return self.result

    _said = ""
