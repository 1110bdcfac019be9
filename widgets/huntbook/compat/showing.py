"""Pictures that show themselves, as those of MSTICPy's functions do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from huntbook.views import PlotView

View = TypeVar("View", bound="PlotView")


def show(view: View, *, hide: bool = False) -> View:
    """Show a picture at once, and not again where the same cell ends with it.

    Parameters
    ----------
    view
        The picture.
    hide
        Do nothing: the picture is shown where a cell ends with it.

    Returns
    -------
    PlotView
        The picture.
    """
    shell = _notebook()
    if hide or shell is None:
        return view
    from IPython.display import display  # noqa: PLC0415 - in a notebook it is loaded already

    display(view)
    cell = shell.execution_count

    def only_in_another_cell() -> None:
        if shell.execution_count != cell:
            raise NotImplementedError  # IPython's word for: display it in the usual way

    view._ipython_display_ = only_in_another_cell
    return view


def keep_selection(view: PlotView, name: str | None) -> None:
    """Let a variable of the notebook hold the rows that are selected, from now on."""
    shell = _notebook()
    if name is not None and shell is not None:
        view.observe(lambda change: shell.push({name: change.new}), "selected")


def _notebook() -> Any:
    """Return the shell of the kernel that this runs in, or None."""
    from IPython import get_ipython  # noqa: PLC0415 - in a notebook it is loaded already

    shell = get_ipython()
    return shell if hasattr(shell, "kernel") else None
