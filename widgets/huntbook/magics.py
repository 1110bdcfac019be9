"""Notebook commands, there after ``%load_ext huntbook``.

``%mpconfig`` edits the settings, ``%azcloud`` shows, sets or saves the cloud, ``%azcheck`` says what a
sign-in would do, ``%%kql`` runs a query, ``%hunt`` draws a frame.
"""

from __future__ import annotations

import ast
import contextlib
import inspect
import shlex
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

import pandas as pd
from IPython.core.error import UsageError
from IPython.core.magic import Magics, cell_magic, line_magic, magics_class
from IPython.core.magic_arguments import argument, magic_arguments
from traitlets import Bool, Unicode

from huntbook import plot, settings
from huntbook.azure.choice import custom_clouds
from huntbook.azure.clouds import Cloud, catalogue, find_cloud
from huntbook.completion import COLUMNS, COMPLETERS, frames_in, kinds
from huntbook.errors import HuntbookError, OptionError, listed, nearest
from huntbook.settings import document

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from IPython.core.interactiveshell import InteractiveShell

    from huntbook.azure.report import CheckReport
    from huntbook.azure.session import AzureSession
    from huntbook.editor import MpConfigEdit
    from huntbook.views import PlotView

__all__ = ["COMMANDS", "NAMES", "HuntbookMagics", "load", "unload"]

COMMANDS: Final = ("%mpconfig", "%azcloud", "%azcheck", "%%kql", "%hunt")
NAMES: Final = tuple(command.lstrip("%") for command in COMMANDS)


@magics_class
class HuntbookMagics(Magics):
    """The commands, with the traits that ``%config HuntbookMagics`` shows and sets."""

    kind = Unicode("matrix", help="The picture that %hunt FRAME draws when no kind is named.").tag(
        config=True
    )
    timespan = Unicode("", help="How far back %%kql looks where it is not told, such as 7d.").tag(config=True)
    workspace = Unicode("", help="The workspace of %%kql where it is not told one.").tag(config=True)
    save_cloud = Bool(False, help="Let %azcloud NAME save to the settings file without --save.").tag(
        config=True
    )

    def __init__(self, shell: InteractiveShell) -> None:
        super().__init__(shell)
        self._session: AzureSession | None = None
        self._chosen: list[Any] = []

    @magic_arguments()
    @argument("file", nargs="?", help="the settings file to edit; without it, the one in use")
    @line_magic
    def mpconfig(self, line: str) -> MpConfigEdit:
        """Open the settings editor in this cell."""
        given = self.mpconfig.parser.parse_args(_words(line))
        from huntbook.editor import MpConfigEdit  # noqa: PLC0415 - ipywidgets load on first use

        with _as_usage_error():
            return MpConfigEdit(given.file) if given.file else MpConfigEdit()

    @magic_arguments()
    @argument("name", nargs="?", help="a cloud's name or alias, such as usgov; without it, show the choice")
    @argument("--save", action="store_true", help="write the choice to the settings file, for all notebooks")
    @argument("--clear", action="store_true", help="forget the choice that was made for this session")
    @line_magic
    def azcloud(self, line: str) -> None:
        """Show the Azure cloud in use, or choose another for this session."""
        given = self.azcloud.parser.parse_args(_words(line))
        if given.clear and (given.name or given.save):
            raise UsageError("%azcloud --clear goes alone: it forgets the choice of this session.")
        with _as_usage_error():
            if given.clear:
                settings.set_session("Azure.cloud", None)
            elif given.name:
                cloud = find_cloud(given.name, custom=custom_clouds())
                if given.save or self.save_cloud:
                    _save_cloud(cloud)
                else:
                    settings.set_session("Azure.cloud", cloud.name)
            elif given.save:
                raise UsageError("%azcloud --save needs a name: %azcloud NAME --save.")
            print(_described(_current_cloud()))  # noqa: T201 - a command answers in its cell

    @magic_arguments()
    @argument("--cloud", help="check this cloud; without it, the one of the settings")
    @argument("--sign-in", action="store_true", help="ask for one token a component, which may prompt you")
    @line_magic
    def azcheck(self, line: str) -> CheckReport:
        """Say which cloud each component uses and which sign-in method would answer, and why not."""
        given = self.azcheck.parser.parse_args(_words(line))
        from huntbook.azure import check  # noqa: PLC0415 - the doctor loads on first use

        with _as_usage_error():
            return check(given.cloud, sign_in=given.sign_in)

    @magic_arguments()
    @argument(
        "--workspace",
        help="its name in the settings, its id, or its portal address; without it, the usual one",
    )
    @argument("--timespan", help="how far back, such as 4h or 7d; without it, what the query itself says")
    @argument(
        "--param",
        action="append",
        default=[],
        metavar="NAME",
        help="bind the notebook's variable of that name",
    )
    @argument("--out", metavar="NAME", help="put the answer in this variable instead of showing it")
    @cell_magic
    def kql(self, line: str, cell: str) -> pd.DataFrame | None:
        """Run the cell as a query in a Microsoft Sentinel workspace; the answer is a frame."""
        given = self.kql.parser.parse_args(_words(line))
        if given.out and not given.out.isidentifier():
            raise UsageError(f"--out {given.out}: that is no variable's name.")
        values = {name: _variable(self.shell.user_ns, name, option="--param") for name in given.param}
        workspace = given.workspace or self.workspace or None
        with _as_usage_error():
            logs = self._signed_in().logs(workspace)
            frame = logs.query(cell, timespan=_timespan(given.timespan or self.timespan), **values)
        if not given.out:
            return frame
        self.shell.user_ns[given.out] = frame
        print(f"{given.out}: {len(frame):,} rows, {len(frame.columns)} columns")  # noqa: T201 - a command answers
        return None

    def _signed_in(self) -> AzureSession:
        """Return the kernel's session, made anew where the settings now say another cloud, tenant or way."""
        from huntbook.azure import connect  # noqa: PLC0415 - the Azure libraries load on first use

        keys = ("cloud", "auth_methods", "tenant_id", "client_id")
        chosen = [settings.get(f"Azure.{key}") for key in keys]
        if self._session is None or self._chosen != chosen:
            self.close()
            self._session, self._chosen = connect(), chosen
        return self._session

    def close(self) -> None:
        """End the session of ``%%kql``, if there is one."""
        if self._session is not None:
            self._session.close()
            self._session = None

    @magic_arguments()
    @argument("frame", help="the name of a variable that holds a frame")
    @argument("kind", nargs="?", help="the picture: one of the functions of huntbook.plot")
    @argument("words", nargs="*", help="columns in the picture's order, and options as name=value")
    @line_magic
    def hunt(self, line: str) -> PlotView:
        """Draw a frame: ``%hunt flows matrix SourceIP DestinationIP log_size=True``."""
        given = self.hunt.parser.parse_args(_words(line))
        frame = _variable(self.shell.user_ns, given.frame)
        kind = given.kind or self.kind
        if kind not in kinds():
            raise UsageError(str(OptionError.unknown(kind, option="kind", known=kinds())))
        draw = getattr(plot, kind)
        options = _options(kind, draw, given.words)
        with _as_usage_error():
            view: PlotView = draw(frame, **options)
        return view


def load(shell: InteractiveShell) -> None:
    """Give a shell the commands and their completion.

    Parameters
    ----------
    shell
        The running IPython.
    """
    shell.register_magics(HuntbookMagics)
    for name, complete in COMPLETERS.items():
        shell.set_hook("complete_command", complete, str_key=f"%{name}")


def unload(shell: InteractiveShell) -> None:
    """Take the commands and their completion away again.

    Parameters
    ----------
    shell
        The running IPython.
    """
    # IPython has no call that undoes its registrations.
    for name in NAMES:
        shell.magics_manager.magics["line"].pop(name, None)
        shell.magics_manager.magics["cell"].pop(name, None)
    for name in COMPLETERS:
        shell.strdispatchers["complete_command"].strs.pop(f"%{name}", None)
    shell.magics_manager.registry.pop(HuntbookMagics.__name__, None)
    for each in shell.configurables:
        if isinstance(each, HuntbookMagics):
            each.close()
    shell.configurables[:] = [each for each in shell.configurables if not isinstance(each, HuntbookMagics)]


@contextlib.contextmanager
def _as_usage_error() -> Iterator[None]:
    """Show our own errors as IPython shows a wrong use: the sentence alone."""
    try:
        yield
    except HuntbookError as error:
        raise UsageError(str(error)) from error
    except KeyboardInterrupt:
        raise UsageError("Cancelled.") from None


def _current_cloud() -> Cloud:
    return find_cloud(str(settings.get("Azure.cloud")), custom=custom_clouds())


def _described(cloud: Cloud) -> str:
    resources = cloud.resource_manager.removeprefix("https://") or "not known"
    others = ", ".join(
        each.name + (" (closed)" if each.status == "retired" else "")
        for each in (*catalogue(), *custom_clouds())
        if each.name != cloud.name
    )
    lines = [
        f"Cloud {cloud.name} ({cloud.title}), {_said_by()}.",
        f"Sign-in at {cloud.authority.removeprefix('https://')}, resources at {resources}.",
        f"Others: {others}.",
    ]
    return "\n".join([*lines, cloud.advice] if cloud.status == "retired" else lines)


def _said_by() -> str:
    """Say who chose the cloud in use."""
    source = settings.source("Azure.cloud")
    words = {"defaults": "as no file says otherwise", "session": "for this session only"}
    said = words.get(source.layer, f"as {source.path} says")
    return f"{said}. Locked: {source.locked}" if source.locked else said


def _save_cloud(cloud: Cloud) -> None:
    found = document.read(settings.path)
    document.save(
        settings.path, {"Azure": {"cloud": cloud.name}}, expected_revision=found.revision, origin="magic"
    )
    settings.set_session("Azure.cloud", None)


def _variable(names: dict[str, Any], name: str, *, option: str = "frame") -> Any:
    if name in names:
        return names[name]
    near = nearest(name, [known for known in names if not known.startswith("_")])
    hint = f" Did you mean {near!r}?" if near else ""
    if option != "frame":
        raise UsageError(f"{option} {name}: the notebook has no such variable.{hint}")
    frames = sorted(frames_in(names))
    there = (
        f"The notebook has these frames: {listed(frames)}." if frames else "The notebook has no frame yet."
    )
    raise UsageError(f"frame={name!r}: the notebook has no such variable.{hint} {there}")


def _timespan(words: str) -> timedelta | None:
    if not words:
        return None
    try:
        return timedelta(seconds=pd.Timedelta(words).total_seconds())
    except ValueError as error:
        raise UsageError(f"--timespan {words}: that is no duration. Give one such as 4h or 7d.") from error


def _options(kind: str, draw: Callable[..., Any], words: list[str]) -> dict[str, Any]:
    """Sort the words of a line into the options of a picture."""
    known = {name: each for name, each in inspect.signature(draw).parameters.items() if name != "frame"}
    columns: list[str] = []
    options: dict[str, Any] = {}
    for word in words:
        name, equals, value = word.partition("=")
        if not (equals and name.isidentifier()):
            columns.append(word)
        elif name not in known:
            raise UsageError(f"%hunt {kind}: {OptionError.unknown(name, option='option', known=known)}")
        else:
            options[name] = _value(value, str(known[name].annotation))
    places = [name for name in COLUMNS[kind] if name not in options]
    if len(columns) > len(places):
        raise UsageError(
            f"%hunt {kind} takes {len(places)} columns here ({', '.join(places)}), not {len(columns)}: "
            f"{listed(columns)}. Give other options as name=value."
        )
    options |= dict(zip(places, columns, strict=False))
    missing = [name for name, each in known.items() if each.default is each.empty and name not in options]
    if missing:
        raise UsageError(
            f"%hunt {kind} needs {listed(missing)} too: %hunt FRAME {kind} {' '.join(places).upper()}"
        )
    return options


def _value(word: str, annotation: str) -> Any:
    """Read a number, a truth, None or a list; any other word, and a number where text is wanted, is text."""
    try:
        value = ast.literal_eval(word)
    except (ValueError, SyntaxError):
        return word
    takes_numbers = any(kind in annotation for kind in ("int", "float", "bool"))
    return word if isinstance(value, int | float) and not takes_numbers else value


def _words(line: str) -> list[str]:
    """Split a line as a shell does: IPython's own splitting breaks title="two words"."""
    try:
        return shlex.split(line)
    except ValueError as error:
        raise UsageError(f"{line}: a quotation mark is not closed.") from error
