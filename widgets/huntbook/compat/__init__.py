"""MSTICPy's names, so that its notebooks run here unchanged where MSTICPy is not installed.

Where it is installed, `import msticpy` means that package and nothing here touches it.
`huntbook.compat.names` lists what there is.
"""

from __future__ import annotations

import importlib
import sys
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import TYPE_CHECKING, Any

from huntbook.compat.names import ADVICE, ELSEWHERE, MODULES, ON_IMPORT
from huntbook.errors import MissingNameError

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["install_as_msticpy", "install_where_absent", "uninstall"]

_ROOT = "msticpy"


class _StandIn(ModuleType):
    """A module of MSTICPy's name whose names are found in huntbook on first use."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):  # what IPython, pickle and inspect look for, and may not find
            raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}")
        full = f"{self.__name__}.{name}"
        if full in MODULES:
            return importlib.import_module(full)
        target = MODULES[self.__name__].get(name)
        if target is None:
            raise _missing(full)
        value = _resolved(target)
        setattr(self, name, value)
        return value

    def __dir__(self) -> list[str]:
        below = f"{self.__name__}."
        children = {each.removeprefix(below) for each in MODULES if each.startswith(below)}
        return sorted({*MODULES[self.__name__], *(each for each in children if "." not in each)})


class _Finder:
    """Answers for msticpy after every other finder has said that there is no such package."""

    def find_spec(
        self,
        name: str,
        path: Sequence[str] | None = None,  # noqa: ARG002 - the protocol's signature
        target: ModuleType | None = None,  # noqa: ARG002 - the protocol's signature
    ) -> ModuleSpec | None:
        if name.partition(".")[0] != _ROOT:
            return None
        if name not in MODULES:
            raise _missing(name)
        return ModuleSpec(name, self, is_package=True)  # type: ignore[arg-type] # a loader by its methods

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return _StandIn(spec.name, f"huntbook's stand-in for {spec.name}.")

    def exec_module(self, module: ModuleType) -> None:
        if module.__name__ in ON_IMPORT:
            importlib.import_module(ON_IMPORT[module.__name__])


def install_as_msticpy() -> bool:
    """Let MSTICPy's names import from huntbook in this process, unless MSTICPy is installed.

    It says what it did in one line. Calling it again changes nothing.

    Returns
    -------
    bool
        Whether `import msticpy` now means huntbook.

    Examples
    --------
    >>> import huntbook
    >>> huntbook.install_as_msticpy()  # doctest: +SKIP
    msticpy is not installed here, so huntbook answers to its name in this session.
    True
    """
    if install_where_absent():
        return True
    print("msticpy is installed here, so `import msticpy` means that package; nothing was changed.")  # noqa: T201
    return False


def install_where_absent() -> bool:
    """Do as `install_as_msticpy`, but say nothing where MSTICPy is installed.

    Returns
    -------
    bool
        Whether `import msticpy` now means huntbook.
    """
    if any(isinstance(finder, _Finder) for finder in sys.meta_path):
        return True
    if _is_installed():
        return False
    sys.meta_path.append(_Finder())
    print("msticpy is not installed here, so huntbook answers to its name in this session.")  # noqa: T201
    return True


def uninstall() -> None:
    """Take MSTICPy's names away again; what was imported by them stays usable."""
    sys.meta_path[:] = [finder for finder in sys.meta_path if not isinstance(finder, _Finder)]
    for name in [name for name, module in sys.modules.items() if isinstance(module, _StandIn)]:
        del sys.modules[name]


def _is_installed() -> bool:
    """Say whether `import msticpy` finds something, without importing it."""
    return _ROOT in sys.modules or any(
        finder.find_spec(_ROOT, None) is not None for finder in sys.meta_path if hasattr(finder, "find_spec")
    )


def _resolved(target: str) -> Any:
    module, _, attribute = target.partition(":")
    found = importlib.import_module(module)
    return getattr(found, attribute) if attribute else found


def _missing(name: str) -> MissingNameError:
    last = name.rpartition(".")[2]
    if last in ELSEWHERE:
        return MissingNameError.named(
            name, instead=f"It is in {ELSEWHERE[last]!r}: from {ELSEWHERE[last]} import {last}."
        )
    advice = ADVICE.get(last, "What it has is listed by huntbook.compat.names.MODULES.")
    return MissingNameError.named(
        name, instead=f"{advice} For the rest, install MSTICPy itself: pip install msticpy."
    )
