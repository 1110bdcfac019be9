"""The secrets that the file holds in plain text: for each, the name of an environment variable in its place."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

import ipywidgets as widgets

from huntbook.editor.style import line, say
from huntbook.settings.secrets import secret_paths

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["SecretRows"]

# Capitals only: a key that is pasted here by mistake hardly ever looks like this, so it can be thrown away unseen.
_NAME: Final = re.compile(r"[A-Z_][A-Z0-9_]{0,63}")
_MOST_ROWS: Final = 10
_REFUSED: Final = "Type the name of an environment variable, in capitals, digits and underscores, such as {}. The secret itself is never typed here."
_GENERAL: Final = frozenset({"ARGS", "SECTION", "DATA"})

Path = tuple[str, ...]


class SecretRows(widgets.VBox):  # type: ignore[misc]  # ipywidgets ships no types
    """A row a secret; takes no room where there is none.

    Parameters
    ----------
    replace
        Puts a reference to the named variable in the place of the secret of a dotted name.
    """

    def __init__(self, replace: Callable[[str, str], object]) -> None:
        super().__init__(layout=widgets.Layout(display="none", margin="0 0 10px 0", overflow="visible"))
        self._replace = replace
        self._data: Mapping[str, Any] = {}
        self._paths: tuple[Path, ...] = ()
        self.message = line(kind="problem")
        self.names: dict[str, widgets.Text] = {}
        self.buttons: dict[str, widgets.Button] = {}

    def show(self, data: Mapping[str, Any]) -> None:
        """Show the secrets in these sections."""
        self._data = data
        # A name that is no text in the file can't be reached by a save.
        paths = tuple(path for path in secret_paths(data) if _at(data, path) is not None)
        say(self.message, "")
        if paths == self._paths:
            return
        self._paths = paths
        self.names, self.buttons = {}, {}
        rows = [self._row(path) for path in paths[:_MOST_ROWS]]
        more = len(paths) - len(rows)
        rest = [line(f"And {more} more, once these are done.")] if more > 0 else []
        head = line("Put the name of an environment variable in the place of a secret", kind="heading")
        self.children = [head, *rows, *rest, self.message] if rows else []
        self.layout.display = None if rows else "none"

    def _row(self, path: Path) -> widgets.HBox:
        key = ".".join(path)
        name = widgets.Text(
            description=f"Environment variable for {key}",
            placeholder=_suggested(path),
            continuous_update=False,
            layout=widgets.Layout(width="230px"),
        )
        name.add_class("huntbook-spoken-label")
        button = widgets.Button(
            description="Replace",
            tooltip=f"Write {{EnvironmentVar: NAME}} in the place of the secret {key}",
            layout=widgets.Layout(width="auto"),
        )
        name.observe(lambda change: self._look_at(path, change["new"]), "value")
        button.on_click(lambda _: self._press(path))
        self.names[key], self.buttons[key] = name, button
        return widgets.HBox(
            [line(key, kind="path", width="320px"), name, button],
            layout=widgets.Layout(align_items="center", overflow="visible"),
        )

    def _look_at(self, path: Path, typed: str) -> None:
        """Throw away what is no name before anything keeps it: it may be the secret itself."""
        if not typed:
            return
        if _NAME.fullmatch(typed.strip()) is None or typed.strip() == _at(self._data, path):
            self.names[".".join(path)].value = ""
            say(self.message, _REFUSED.format(_suggested(path)))
        else:
            say(self.message, "")

    def _press(self, path: Path) -> None:
        name = self.names[".".join(path)].value.strip()
        if name:
            self._replace(".".join(path), name)
        else:
            say(self.message, _REFUSED.format(_suggested(path)))


def _at(data: Any, path: Path) -> Any:
    for part in path:
        data = data.get(part) if isinstance(data, dict) else None
    return data


def _suggested(path: Path) -> str:
    """Return a name for a secret, of the last parts of its path that say something."""
    parts = [re.sub(r"[^A-Z0-9]+", "_", part.upper()).strip("_") for part in path]
    telling = [part for part in parts if part and part not in _GENERAL][-2:]
    name = "_".join(telling)[:64] or "SECRET"
    return name if _NAME.fullmatch(name) else f"SECRET_{name}"[:64]
