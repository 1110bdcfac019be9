"""By which proof a process has the parent it has, and how far to trust it."""

from __future__ import annotations

from enum import IntEnum

__all__ = ["Confidence", "LinkRule"]


class LinkRule(IntEnum):
    """Why a process has the parent it has."""

    NONE = 0
    """A root: its row names no parent."""
    UNRECORDED = 1
    """Its row names a parent that was never recorded; a ghost stands in for it."""
    GUID = 2
    """The recorder's identifier of the parent."""
    START = 3
    """Host, process id and start time of the parent."""
    NAME = 4
    """Host, process id and image of the parent, within its lifetime."""
    PID = 5
    """Host and process id of the parent, within its lifetime; its image is not known."""
    COMMAND = 6
    """Host, image and command line of the parent, whose own process id was lost in recording."""
    CUT = 7
    """A root because its link led back to itself: a self-parent or a cycle in the records."""


class Confidence(IntEnum):
    """How far a link can be trusted."""

    NONE = 0
    """No recorded parent."""
    WEAK = 1
    """Process id alone; or image and command line without it; or a parent that starts after its child by the clocks,
    or before a long silence of its host; or another field that disagrees."""
    LIKELY = 2
    """Process id and image within the lifetime."""
    STRONG = 3
    """As likely, and confirmed by the parent's command line, account or logon session."""
    CERTAIN = 4
    """An identifier or a start time that no other process shares."""
