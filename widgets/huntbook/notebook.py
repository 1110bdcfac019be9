"""What a notebook gets from huntbook: commands, the accessor, errors as sentences."""

from __future__ import annotations

import importlib
import sys
import warnings
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from huntbook import magics, settings
from huntbook.errors import HuntbookError, OptionError, SettingsError

if TYPE_CHECKING:
    from types import TracebackType

    from IPython.core.interactiveshell import InteractiveShell

__all__ = ["init_notebook", "load", "unload"]


def load(shell: InteractiveShell) -> None:
    """Give a shell the commands of `huntbook.magics`.

    Parameters
    ----------
    shell
        The running IPython.
    """
    magics.load(shell)


def unload(shell: InteractiveShell) -> None:
    """Take commands and error handling away again; the accessor stays, as pandas can't drop one.

    Parameters
    ----------
    shell
        The running IPython.
    """
    magics.unload(shell)
    if shell.custom_exceptions == (HuntbookError,):
        shell.set_custom_exc((), None)


def init_notebook(*, friendly_errors: bool = True) -> None:
    """Make a notebook ready: the accessor ``df.mp_plot``, the commands, and errors as sentences.

    It says in three lines what is set, reads nothing but the settings file, and may be called again.

    Parameters
    ----------
    friendly_errors
        True, the default: an error that huntbook raises on purpose shows as its sentence, and
        ``%tb`` shows its traceback. A handler that the notebook set for itself stays. False:
        errors show as any other.

    Raises
    ------
    OptionError
        If there is no IPython to make ready.

    Examples
    --------
    In a notebook's first cell::

        import huntbook

        huntbook.init_notebook()
    """
    from IPython.core.getipython import get_ipython  # noqa: PLC0415 - the module loads without IPython running

    shell = get_ipython()
    if shell is None:
        raise OptionError(
            "init_notebook() needs a running IPython, and this is plain Python. "
            "Import what you need instead: from huntbook import mp_pandas_plot, settings."
        )
    importlib.import_module("huntbook.accessor")
    shell.extension_manager.load_extension("huntbook")
    if friendly_errors and not shell.custom_exceptions:
        shell.set_custom_exc((HuntbookError,), _show_sentence)
    elif not friendly_errors and shell.custom_exceptions == (HuntbookError,):
        shell.set_custom_exc((), None)
    print("\n".join(_what_is_set(shell)))  # noqa: T201 - the notebook's reader is told


def _what_is_set(shell: InteractiveShell) -> list[str]:
    from huntbook.accessor import MpPlotAccessor  # noqa: PLC0415 - registered above

    pictures = [name for name in dir(MpPlotAccessor) if not name.startswith("_")]
    errors = (
        "Errors show as a sentence; %tb shows the traceback."
        if shell.custom_exceptions == (HuntbookError,)
        else "Errors show with their traceback."
    )
    return [
        f"huntbook {version('huntbook')}: df.mp_plot draws {', '.join(pictures)}.",
        f"Commands: {', '.join(magics.COMMANDS)}. {errors}",
        _settings_in_use(),
    ]


def _settings_in_use() -> str:
    where = str(settings.path) if settings.path.exists() else f"{settings.path}, not there yet, so defaults"
    try:
        with warnings.catch_warnings(record=True) as said:
            warnings.simplefilter("always")
            cloud, methods = settings.get("Azure.cloud"), settings.get("Azure.auth_methods")
    except SettingsError as error:
        return f"Settings: {where}. {error}"
    faults = "".join(f" {each.message}" for each in said)
    return f"Settings: {where}. Cloud {cloud}, sign-in by {', then '.join(methods)}.{faults}"


def _show_sentence(
    shell: Any,
    kind: type[BaseException],
    error: BaseException,
    trace: TracebackType | None,
    tb_offset: int | None = None,  # noqa: ARG001 - IPython's signature
) -> None:
    """Show an error as its sentence, and keep what %tb needs."""
    sys.last_type, sys.last_value, sys.last_traceback = kind, error, trace
    # The method that kernels and terminals replace by their own way to show an error; IPython has no public one.
    shell._showtraceback(kind, error, [f"{kind.__name__}: {error}", "%tb shows the traceback."])  # noqa: SLF001
