"""What the sign-in doctor found, as a value that shows itself in a notebook, as text and as data."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from html import escape
from typing import TYPE_CHECKING, Any, Final

from huntbook.azure.methods import METHODS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import pandas as pd

    from huntbook.azure.clouds import Component
    from huntbook.azure.methods import Verdict

__all__ = ["CheckReport", "ComponentCheck", "TokenCheck"]

# How the method that answers first is told, by its outcome.
_ANSWERS: Final = {
    "ready": "A sign-in should work, with {}.",
    "asks": "A sign-in should work, with {}, which asks you.",
    "signed in": "Signed in with {}.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ComponentCheck:
    """Where one component signs in, what for, and where it calls.

    Parameters
    ----------
    component, title
        Its key in `COMPONENTS`, and its name for people.
    available
        Whether the cloud has it.
    agrees
        Whether login, scope and endpoint belong to the same cloud.
    authority, scope, endpoint
        Empty where it is not available.
    note
        Why not.
    """

    component: Component
    title: str
    available: bool
    agrees: bool
    authority: str = ""
    scope: str = ""
    endpoint: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenCheck:
    """What one token says of itself; the token is not kept.

    Parameters
    ----------
    component, method
        What it is for, and who gave it.
    issuer, audience, tenant, expires
        Its claims; the time in UTC.
    agrees
        Whether issuer and audience belong to the chosen cloud.
    note
        Why there is no token.
    """

    component: Component
    agrees: bool
    method: str = ""
    issuer: str = ""
    audience: str = ""
    tenant: str = ""
    expires: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckReport:
    """The doctor's report; made by `check`.

    Attributes
    ----------
    cloud, title, status, authority, tenant, source
        The chosen cloud, and who says so.
    components
        A row a component.
    methods
        A row a way to sign in, in the order in which they are tried.
    tokens
        A row a token, after sign-in; empty before.
    notes
        What else to know, as sentences.
    """

    cloud: str
    title: str
    status: str
    authority: str
    tenant: str
    source: str
    components: tuple[ComponentCheck, ...]
    methods: tuple[Verdict, ...]
    tokens: tuple[TokenCheck, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether there is a component, everything agrees, and somebody can sign in, or did."""
        if not any(each.available for each in self.components):
            return False
        agree = all(each.agrees for each in self.components) and all(each.agrees for each in self.tokens)
        return agree and any(each.outcome in _ANSWERS for each in self.methods)

    @property
    def summary(self) -> str:
        """One sentence: would a sign-in work, with which method, and if not, why."""
        disagrees = next((each for each in self.components if not each.agrees), None)
        wrong = next((each for each in self.tokens if not each.agrees), None)
        first = next((each for each in self.methods if each.outcome in _ANSWERS), None)
        if not any(each.available for each in self.components):
            return f"A sign-in is of no use: no component of cloud {self.cloud!r} is known."
        if disagrees is not None:
            return f"A sign-in would be refused: {disagrees.title}: {disagrees.note}."
        if first is None:
            return "A sign-in would fail: no method is ready here."
        if wrong is not None:
            return (
                f"The sign-in failed for {wrong.component}: {wrong.note or 'its token is of another cloud'}."
            )
        if self.status == "retired":
            return f"A sign-in can't work: {self.title} is closed."
        return _ANSWERS[first.outcome].format(METHODS[first.method].title)

    def to_dict(self) -> dict[str, Any]:
        """Return everything as plain values for JSON, with ``ok`` and ``summary``."""
        return {**asdict(self), "ok": self.ok, "summary": self.summary}

    def to_frame(self) -> pd.DataFrame:
        """Return a row a finding.

        Returns
        -------
        pandas.DataFrame
            With the columns ``section`` (component, method or token), ``name``, ``state``,
            ``where``, ``detail`` and ``remedy``, all text.
        """
        import pandas as pd  # noqa: PLC0415 - the server's check needs no frame

        columns = ["section", "name", "state", "where", "detail", "remedy"]
        return pd.DataFrame(list(self._rows()), columns=columns, dtype="str")

    def _rows(self) -> Iterable[tuple[str, ...]]:
        for each in self.components:
            yield ("component", each.component, _state(each), each.endpoint, each.note or each.scope, "")
        for method in self.methods:
            yield ("method", method.method, method.outcome, method.machine, method.reason, method.remedy)
        for token in self.tokens:
            detail = token.note or f"issuer {token.issuer}, tenant {token.tenant}, until {token.expires}"
            state = "agrees" if token.agrees else "wrong"
            yield ("token", token.component, state, token.audience, detail, "")

    def _tables(self) -> Iterable[tuple[str, Sequence[str], list[Sequence[str]]]]:
        """Yield title, head and rows of each table."""
        yield (
            "Components",
            ("component", "state", "endpoint", "scope of the token"),
            [
                (each.title, _state(each), each.endpoint or "-", each.scope or each.note)
                for each in self.components
            ],
        )
        yield (
            "Ways to sign in, in order",
            ("method", "state", "machine", "why not", "what to do"),
            [(each.method, each.outcome, each.machine, each.reason, each.remedy) for each in self.methods],
        )
        if self.tokens:
            yield (
                "Tokens",
                ("component", "state", "issuer", "audience", "tenant", "until (UTC)"),
                self._token_rows(),
            )

    def _token_rows(self) -> list[Sequence[str]]:
        titles = {each.component: each.title for each in self.components}
        return [_token_row(each, titles.get(each.component, each.component)) for each in self.tokens]

    def _head(self) -> str:
        state = "" if self.status == "active" else f", {self.status}"
        return f"Cloud {self.cloud} ({self.title}{state}): sign-in at {self.authority}, tenant {self.tenant}"

    def __str__(self) -> str:
        parts = [self._head(), f"Source: {self.source}", "", "Components"]
        parts += _aligned(
            [(each.title, _state(each), each.endpoint or each.note, each.scope) for each in self.components]
        )
        parts += ["", "Ways to sign in, in order"]
        for each, line in zip(
            self.methods, _aligned([_method_row(each) for each in self.methods]), strict=True
        ):
            parts.append(line)
            parts += [f"      {text}" for text in _sentences(each)]
        if self.tokens:
            parts += ["", "Tokens", *_aligned(self._token_rows())]
        return "\n".join([*parts, *(["", *self.notes] if self.notes else [])])

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        parts = [f"<p><b>{escape(self._head())}</b><br><small>{escape(self.source)}</small></p>"]
        for title, head, rows in self._tables():
            heads = "".join(f'<th scope="col" style="text-align:left">{escape(cell)}</th>' for cell in head)
            body = "".join(_html_row(row) for row in rows)
            parts.append(
                f'<table><caption style="text-align:left">{escape(title)}</caption>'
                f"<thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>"
            )
        parts += [f"<p>{escape(note)}</p>" for note in self.notes]
        return "".join(parts)


def _state(each: ComponentCheck) -> str:
    if not each.available:
        return "not available"
    return "agrees" if each.agrees else "wrong"


def _token_row(each: TokenCheck, title: str) -> Sequence[str]:
    if each.note:
        return (title, "none", each.note, "", "", "")
    state = "agrees" if each.agrees else "wrong"
    until = each.expires.replace("T", " ").removesuffix("+00:00")
    return (title, state, each.issuer, each.audience, each.tenant, until)


def _method_row(each: Verdict) -> Sequence[str]:
    return (each.method, each.outcome, each.machine)


def _sentences(each: Verdict) -> list[str]:
    return [f"{label}: {text}" for label, text in (("why", each.reason), ("do", each.remedy)) if text]


def _aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    """Return the rows as lines with straight columns."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]


_BAD = ("unavailable", "failed", "wrong", "not available", "none")


def _html_row(row: Sequence[str]) -> str:
    cells = []
    for index, cell in enumerate(row):
        # The state is told by a word; the colour only helps the eye.
        colour = "var(--jp-error-color1, #cf222e)" if index == 1 and cell in _BAD else "inherit"
        # An address is broken rather than the table made wider than its cell.
        wrap = "anywhere" if index > 1 else "normal"
        cells.append(f'<td style="text-align:left;overflow-wrap:{wrap};color:{colour}">{escape(cell)}</td>')
    return f"<tr>{''.join(cells)}</tr>"
