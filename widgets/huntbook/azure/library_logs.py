"""Keep the sign-in libraries' own logs clean: nothing secret at DEBUG, nothing twice in the notebook."""

from __future__ import annotations

import logging
import re

__all__ = ["tame_library_logs"]

# MSAL masks tokens and passwords in its log, but not these one-time proofs.
_PROOFS = re.compile(r'"(code|device_code|code_verifier|client_assertion|assertion|refresh_token)": "[^"]*"')


class _HideProofs(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        clean = _PROOFS.sub(r'"\1": "********"', message)
        if clean != message:
            record.msg, record.args = clean, ()
        return True


_HIDE_PROOFS = _HideProofs()
_SILENT = logging.NullHandler()


def tame_library_logs() -> None:
    """Mask one-time proofs in MSAL's log, and keep azure-identity's warnings out of the cell's output.

    Without any handler Python prints a library's warnings to the screen; the chain's own
    report tells the same better. Whoever configures logging still gets every record.
    """
    logging.getLogger("msal.token_cache").addFilter(_HIDE_PROOFS)
    logging.getLogger("azure.identity").addHandler(_SILENT)
