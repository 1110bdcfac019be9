"""The sign-in chain: the configured methods in order, never given up early, each token asked for once."""

from __future__ import annotations

import contextlib
import threading
import time
from typing import TYPE_CHECKING, Any, Self

from azure.core.credentials import AccessToken, AccessTokenInfo

from huntbook.azure.device_code import DevicePrompt
from huntbook.azure.library_logs import tame_library_logs
from huntbook.azure.links import build_link
from huntbook.azure.methods import METHODS, Verdict, method_order
from huntbook.azure.remedies import first_line, sign_in_remedy
from huntbook.azure.token_claims import foreign_token_problem
from huntbook.azure.transport import SignInCancelledError
from huntbook.errors import HuntbookError, SignInError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import TracebackType

    from azure.core.credentials import TokenRequestOptions

    from huntbook.azure.links import Credential
    from huntbook.azure.method_checks import SignInOptions

__all__ = ["CredentialChain"]

_MARGIN_SECONDS = 300
_Key = tuple[tuple[str, ...], str | None, bool]


class CredentialChain:
    """A credential for any client of the Azure libraries, made of several ways to sign in.

    Nothing is asked of anyone until the first token is needed. Then the methods are tried
    in order, past *every* failure, and the first that gives a token serves from then on:
    the identity never changes in the middle of the work. Tokens are kept in memory until
    five minutes before they end. Safe to use from several threads; however many ask at
    once, one request is made.

    Parameters
    ----------
    methods
        Names in `METHODS` or their aliases, in the order to try them.
    options
        The cloud, the tenant and what proves the identity.

    Raises
    ------
    OptionError
        A word that names no method.
    """

    def __init__(self, methods: Sequence[str], options: SignInOptions) -> None:
        self._methods, self.notice = method_order(methods)
        self._options = options
        self._prompt = DevicePrompt(options.cloud, timeout=options.prompt_timeout)
        self._lock = threading.RLock()
        self._links: dict[str, Credential] = {}
        self._tokens: dict[_Key, tuple[AccessTokenInfo, float]] = {}
        self._report: dict[str, Verdict] = {}
        self._winner: str | None = None
        tame_library_logs()

    def __repr__(self) -> str:
        state = f"signed in with {self._winner}" if self._winner else "not signed in"
        return f"CredentialChain({' > '.join(self._methods)}, cloud {self._options.cloud.name}, {state})"

    @property
    def methods(self) -> tuple[str, ...]:
        """The methods as they are tried here."""
        return self._methods

    @property
    def winner(self) -> str | None:
        """The method that signed in, or None."""
        return self._winner

    @property
    def report(self) -> tuple[Verdict, ...]:
        """What each method said so far, in order."""
        return tuple(self._report.get(name) or _verdict(name, "not tried") for name in self._methods)

    def get_token(
        self,
        *scopes: str,
        claims: str | None = None,
        tenant_id: str | None = None,
        enable_cae: bool = False,
        **_other: Any,
    ) -> AccessToken:
        """Return a token for `scopes`, as the Azure libraries ask for it.

        Raises
        ------
        SignInError
            No method gave one; the message has a line for each.
        """
        options: TokenRequestOptions = {"enable_cae": enable_cae}
        if claims:
            options["claims"] = claims
        if tenant_id:
            options["tenant_id"] = tenant_id
        info = self.get_token_info(*scopes, options=options)
        return AccessToken(info.token, info.expires_on)

    def get_token_info(self, *scopes: str, options: TokenRequestOptions | None = None) -> AccessTokenInfo:
        """Return a token for `scopes` with its times, as newer Azure libraries ask for it.

        Parameters
        ----------
        scopes
            What the token is for, such as ``https://api.loganalytics.us/.default``.
        options
            ``claims``, ``tenant_id`` and ``enable_cae``, all optional.

        Raises
        ------
        SignInError
            No method gave one; the message has a line for each.
        """
        asked: TokenRequestOptions = options or {}
        key = (scopes, asked.get("tenant_id"), bool(asked.get("enable_cae")))
        # A claims challenge says that the kept token is no longer good.
        kept = None if asked.get("claims") else self._kept(key)
        if kept is not None:
            return kept
        with self._lock:
            kept = None if asked.get("claims") else self._kept(key)
            if kept is None:
                kept = self._acquire(scopes, asked)
                life = kept.expires_on - time.time()
                self._tokens[key] = (kept, kept.expires_on - min(_MARGIN_SECONDS, life / 2))
            return kept

    def forget(self, scope: str) -> None:
        """Forget the tokens for one scope, because a service refused one; who signed in stays."""
        with self._lock:
            for key in [key for key in self._tokens if key[0] == (scope,)]:
                del self._tokens[key]

    def reset(self) -> None:
        """Forget every token and who signed in; the next request starts the chain anew."""
        with self._lock:
            for link in self._links.values():
                with contextlib.suppress(Exception):
                    link.close()
            self._links.clear()
            self._tokens.clear()
            self._report.clear()
            self._winner = None

    def close(self) -> None:
        """Close the connections and forget every token."""
        self.reset()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        self.close()

    def _kept(self, key: _Key) -> AccessTokenInfo | None:
        token, good_until = self._tokens.get(key, (None, 0.0))
        return token if time.time() < good_until else None

    def _acquire(self, scopes: tuple[str, ...], asked: TokenRequestOptions) -> AccessTokenInfo:
        """Ask the winner, or every method in order until one answers."""
        for name in [self._winner] if self._winner else self._methods:
            try:
                token = self._try(name, scopes, asked)
            except SignInCancelledError as error:
                self._report[name] = _verdict(name, "failed", "it was cancelled", "run the cell again")
                raise self._error(scopes) from error
            if token is not None:
                self._winner = name
                self._report[name] = _verdict(name, "signed in")
                return token
        raise self._error(scopes)

    def _try(self, name: str, scopes: tuple[str, ...], asked: TokenRequestOptions) -> AccessTokenInfo | None:
        """Return the method's token, or None and why in the report."""
        foreseen = METHODS[name].foresee(self._options) if name != self._winner else None
        if foreseen is not None and foreseen.outcome == "unavailable":
            self._report[name] = foreseen
            return None
        try:
            token = self._link(name).get_token_info(*scopes, options=asked)
        except Exception as error:  # noqa: BLE001 - past every failure of a method: that is the chain's promise
            self._prompt.finish("not signed in")
            _raise_if_cancelled(error)
            self._report[name] = self._failure(name, error)
            return None
        except BaseException:
            self._prompt.finish("not signed in")
            raise
        self._prompt.finish("signed in")
        problem = foreign_token_problem(token.token, cloud=self._options.cloud)
        if problem:
            fix = f"sign in to cloud {self._options.cloud.name!r} there, or set Azure.cloud"
            self._report[name] = _verdict(name, "failed", problem, fix)
            return None
        return token

    def _link(self, name: str) -> Credential:
        if name not in self._links:
            self._links[name] = build_link(name, self._options, self._prompt)
        return self._links[name]

    def _failure(self, name: str, error: Exception) -> Verdict:
        own = _own_error(error)
        text = str(own or error)
        remedy = sign_in_remedy(name, text, cloud=self._options.cloud.name)
        return _verdict(name, "failed", text.rstrip(".") if own else first_line(text), remedy)

    def _error(self, scopes: tuple[str, ...]) -> SignInError:
        cloud = self._options.cloud.name
        tried = [verdict for verdict in self.report if verdict.outcome in ("unavailable", "failed")]
        head = f"Sign-in to cloud {cloud!r} failed: no method gave a token for {' '.join(scopes)}."
        if self._winner:
            head += f" The session is signed in with {self._winner}; session.reset_sign_in() starts the chain anew."
        lines = [f"  {each.method}: {each.outcome}: {each.reason}. Fix: {each.remedy}." for each in tried]
        lines += [f"  {self.notice}"] if self.notice else []
        report = [
            {
                "method": each.method,
                "outcome": each.outcome,
                "reason": each.reason,
                "remedy": each.remedy,
                "machine": each.machine,
            }
            for each in self.report
        ]
        return SignInError("\n".join([head, *lines]), report=report)


def _verdict(name: str, outcome: Any, reason: str = "", remedy: str = "") -> Verdict:
    return Verdict(method=name, outcome=outcome, machine=METHODS[name].place(), reason=reason, remedy=remedy)


def _own_error(error: BaseException) -> HuntbookError | None:
    """Return the error of ours that a library wrapped, if there is one."""
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, HuntbookError):
            return seen
        seen = seen.__cause__
    return None


def _raise_if_cancelled(error: BaseException) -> None:
    own = _own_error(error)
    if isinstance(own, SignInCancelledError):
        raise own
