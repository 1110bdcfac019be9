"""The command ``huntbook``: what an administrator scripts and an analyst asks at a prompt.

Exit codes: 0 done; 1 a value is refused, locked or not set; 2 the command was typed wrongly; 3 a
file is broken or can't be written; 4 the file changed in between.
"""

from __future__ import annotations

import contextlib
import functools
import json
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NoReturn, ParamSpec

import click
import yaml

from huntbook.errors import (
    HuntbookError,
    SettingsConflictError,
    SettingsFileError,
    SettingsValueError,
)
from huntbook.settings import document, history, model, site
from huntbook.settings.live import LiveSettings
from huntbook.settings.secrets import masked
from huntbook.settings.spelling import misspelt, nested
from huntbook.settings.trust import trust as trust_file

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from click.shell_completion import CompletionItem

__all__ = ["main"]

_P = ParamSpec("_P")
_REFUSED: Final = 1
_BROKEN: Final = 3
_CONFLICT: Final = 4
_PROJECT_NAME: Final = "msticpyconfig.yaml"
_as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON for other programs.")


def _in_words(command: Callable[_P, None]) -> Callable[_P, None]:
    """Print what goes wrong as a sentence, with an exit code of its kind."""

    @functools.wraps(command)
    def saying(*args: _P.args, **kwargs: _P.kwargs) -> None:
        try:
            with _notices():
                command(*args, **kwargs)
        except SettingsConflictError as error:
            _fail(error, _CONFLICT)
        except SettingsFileError as error:
            _fail(error, _BROKEN)
        except HuntbookError as error:
            _fail(error, _REFUSED)

    return saying


def _fail(error: Exception, code: int) -> NoReturn:
    click.echo(str(error), err=True)
    raise SystemExit(code)


@contextlib.contextmanager
def _notices() -> Iterator[None]:
    """Print warnings of the settings as plain sentences."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", UserWarning)
        try:
            yield
        finally:
            for warning in caught:
                click.echo(str(warning.message), err=True)


def _known_keys(
    _context: click.Context, _parameter: click.Parameter, typed: str
) -> list[CompletionItem | str]:
    keys = (f"{name}.{key}" for name, section in model.SECTIONS.items() for key in section.model_fields)
    return [key for key in keys if key.startswith(typed)]


def _known_revisions(
    _context: click.Context, _parameter: click.Parameter, typed: str
) -> list[CompletionItem | str]:
    found = history.versions(_live().path)
    return [version.revision for version in found if version.revision.startswith(typed)]


def _live() -> LiveSettings:
    return LiveSettings(project=True)


def _print(value: Any, *, as_json: bool) -> None:
    """Print a value: JSON for programs, YAML for people, a bare text as it is."""
    if as_json:
        click.echo(json.dumps(value, indent=2, default=str, ensure_ascii=False))
    elif isinstance(value, str):
        click.echo(value)
    else:
        click.echo(
            yaml.safe_dump(value, sort_keys=False, allow_unicode=True).removesuffix("...\n").rstrip("\n")
        )


@click.group()
def main() -> None:
    """Work with huntbook outside a notebook."""


@main.group()
def settings() -> None:
    """Show and change the central settings."""


@settings.command()
@_as_json
@_in_words
def show(*, as_json: bool) -> None:
    """Print every effective value; secrets are hidden."""
    _print(_live().combined.shown(), as_json=as_json)


@settings.command()
@click.argument("key", shell_complete=_known_keys)
@_as_json
@_in_words
def get(key: str, *, as_json: bool) -> None:
    """Print the effective value of one setting; a secret is hidden."""
    value = masked(_live().get(key), name=key.rpartition(".")[2])
    if value is None and not as_json:
        click.echo(f"{key} is not set.", err=True)
        raise SystemExit(_REFUSED)
    _print(value, as_json=as_json)


@settings.command(name="set")
@click.argument("key", shell_complete=_known_keys)
@click.argument("value", required=False)
@click.option("--unset", is_flag=True, help="Take the setting out of the file.")
@_in_words
def set_value(key: str, value: str | None, *, unset: bool) -> None:
    """Write one setting to the user's file. VALUE is YAML, such as usgov or "[cli, msi]"."""
    if (value is None) != unset:
        raise click.UsageError("Give either a value or --unset.")
    try:
        changes: Any = None if value is None else yaml.safe_load(value)
    except yaml.YAMLError as error:
        raise click.UsageError(f"VALUE={value!r} is not YAML. Put it in quotes.") from error
    changes = nested(key, changes)
    for problem in misspelt(changes) if value is not None else ():
        raise SettingsValueError(f"{problem.message} Nothing was written.", key=key)
    path = _live().path
    before = document.read(path)
    saved = document.save(path, changes, expected_revision=before.revision, origin="cli")
    done = (
        "nothing to change"
        if saved.revision == before.revision
        else f"{key} taken out"
        if unset
        else f"{key} written"
    )
    click.echo(f"{path}: {done}.")


@settings.command()
@_as_json
@_in_words
def where(*, as_json: bool) -> None:
    """Print which files the settings come from, the lowest first."""
    files = [("site", path) for path in site.site_files()]
    files += [("user", _live().path), ("project", Path.cwd() / _PROJECT_NAME)]
    rows = [{"layer": layer, "path": str(path), "exists": path.exists()} for layer, path in files]
    if as_json:
        _print(rows, as_json=True)
        return
    for row in rows:
        click.echo(f"{row['layer']:8} {row['path']}{'' if row['exists'] else '  (not there)'}")


@settings.command()
@_as_json
@_in_words
def explain(*, as_json: bool) -> None:
    """Print every effective value with its layer, file, line and lock."""
    table = _live().explain()
    if not as_json:
        click.echo("\n".join(map(str, table.rows)))
        return
    rows = [{name: getattr(row, name) for name in row.__slots__} for row in table.rows]
    _print({"settings": rows, "notices": list(table.notices)}, as_json=True)


@settings.command()
@click.argument("file", required=False, type=click.Path(path_type=Path))
@_as_json
@_in_words
def validate(file: Path | None, *, as_json: bool) -> None:
    """Check a settings file.

    FILE is by default the user's; an administrator's huntbook.yaml is checked with its locks. Exit
    code 1 where a value is refused or a name is misspelt.
    """
    found = document.read(file or _live().path)
    if found.fault is not None:
        raise found.fault
    problems = [*model.effective(found.data).problems, *misspelt(found.data), *site.doubts(found)]
    if as_json:
        _print([{"key": problem.key, "message": problem.message} for problem in problems], as_json=True)
    else:
        click.echo(
            "\n".join(problem.message for problem in problems) or f"{found.path}: every value is good."
        )
    if problems:
        raise SystemExit(_REFUSED)


@settings.command(name="history")
@click.argument("revision", required=False, shell_complete=_known_revisions)
@_as_json
@_in_words
def list_history(revision: str | None, *, as_json: bool) -> None:
    """List earlier states of the user's file.

    With REVISION, print what changed since then.
    """
    path = _live().path
    if revision is not None:
        changes = history.diff(path, revision)
        rows: list[dict[str, Any]] = [
            {"key": change.key, "old": change.old, "new": change.new} for change in changes
        ]
        lines = [str(change) for change in changes] or ["Nothing changed."]
    else:
        found = history.versions(path)
        rows = [{name: getattr(version, name) for name in version.__slots__} for version in found]
        lines = [
            f"{one.revision}  {one.when:%Y-%m-%d %H:%M:%S} UTC  {one.origin:8} {one.size:>8,} bytes"
            for one in found
        ]
        lines = lines or ["Nothing was saved yet."]
    if as_json:
        _print(rows, as_json=True)
    else:
        click.echo("\n".join(lines))


@settings.command()
@click.argument("revision", shell_complete=_known_revisions)
@_in_words
def restore(revision: str) -> None:
    """Bring an earlier state back.

    It is a save of the user's file, so it can be undone.
    """
    path = _live().path
    now = document.read(path).revision
    document.restore(path, revision, expected_revision=now, origin="cli")
    click.echo(f"{path} is as it was at {revision}. To undo: huntbook settings restore {now}")


@settings.command()
@click.argument("file", required=False, type=click.Path(path_type=Path))
@_in_words
def trust(file: Path | None) -> None:
    """Trust a project file as it is now.

    FILE is by default the msticpyconfig.yaml in this folder.
    """
    trusted = trust_file(file or Path.cwd() / _PROJECT_NAME, user_file=LiveSettings().path)
    click.echo(f"{trusted.path} is trusted until it changes.")


main.add_command(trust)
