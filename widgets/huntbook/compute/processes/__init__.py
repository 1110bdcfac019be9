"""Processes: parentage with proof, as a forest of integer arrays."""

from __future__ import annotations

from huntbook.compute.processes.build import build_process_tree
from huntbook.compute.processes.forest import ForestSummary, ProcessForest
from huntbook.compute.processes.rules import Confidence, LinkRule
from huntbook.compute.processes.schema import ProcSchema, find_schema

__all__ = [
    "Confidence",
    "ForestSummary",
    "LinkRule",
    "ProcSchema",
    "ProcessForest",
    "build_process_tree",
    "find_schema",
]
