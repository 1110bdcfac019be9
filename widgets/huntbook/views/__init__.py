"""Widgets that wire a computed frame to its figure: selection, export, theme."""
