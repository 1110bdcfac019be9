"""The row of buttons below the tabs."""

from __future__ import annotations

import ipywidgets as widgets

__all__ = ["ActionRow"]


class ActionRow(widgets.HBox):  # type: ignore[misc]  # ipywidgets ships no types
    """What can be done with the file as a whole; the ways out of a conflict are there only in one."""

    def __init__(self) -> None:
        super().__init__(layout=widgets.Layout(margin="8px 0 4px 0", overflow="visible"))
        self.write = widgets.Button(
            description="Save Settings",
            button_style="primary",
            tooltip="Write the confirmed choices to the settings file",
        )
        self.again = widgets.Button(description="Refresh", tooltip="Read the settings file again")
        self.undo = widgets.Button(
            description="Undo save", tooltip="Bring the file back to what it was before it was last written"
        )
        self.reload = widgets.Button(
            description="Reload", tooltip="Take the file's values and drop the choices made here"
        )
        self.keep = widgets.Button(
            description="Keep mine", tooltip="Put the choices made here on top of the file as it is now"
        )

    def offer(self, *, reload: bool, keep: bool) -> None:
        """Show the ways out of a conflict, or put them away."""
        ways = [button for button, shown in ((self.keep, keep), (self.reload, reload)) if shown]
        self.children = [self.write, self.again, self.undo, *ways]
