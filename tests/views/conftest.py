"""Frames of every engine."""

from engine_frames import into, spark  # noqa: F401 - fixtures
