"""How the editor looks: one style sheet that touches nothing outside it and follows the theme."""

from __future__ import annotations

import html
from typing import Final

import ipywidgets as widgets

__all__ = ["REPORT_STYLE", "STYLE", "line", "say", "say_code", "say_lines"]

# The second value of each var() serves front ends that do not define Jupyter's colours. A field's heading is
# seen; its label is spoken only, because ipywidgets joins no other text to a control.
STYLE: Final = """<style>
.huntbook-editor { container-type: inline-size; box-sizing: border-box; width: 100%; max-width: 780px; padding: 4px 0; gap: 4px; overflow: visible; --jp-widgets-dropdown-arrow: url("data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 18 18'%3E%3Cpath fill='none' stroke='%23808080' stroke-width='1.8' d='m5 7.2 4 4 4-4'/%3E%3C/svg%3E"); }
.huntbook-editor :is(.widget-text, .widget-dropdown, .widget-select, .widget-html) { max-width: 100%; }
.huntbook-editor :is(.widget-vbox, .widget-html, .widget-html-content) { min-width: 0; }
.huntbook-editor .widget-hbox { flex-flow: row wrap; }
.huntbook-editor .widget-hbox > .widget-vbox { flex: 1 1 300px; min-width: 0; }
.huntbook-editor .jupyter-widget-tab > .lm-TabBar > .lm-TabBar-content { flex-wrap: wrap; }
.huntbook-editor .jupyter-widget-tab > .lm-TabBar .lm-TabBar-tab { min-width: max-content; flex: 0 1 auto; padding: 0 14px; }
@container (max-width: 560px) {
  .huntbook-row { grid-template-columns: 22px 1fr auto auto !important; }
  .huntbook-row > :nth-child(3) { grid-area: 2 / 2 / auto / -1; }
}
.huntbook-editor .widget-html, .huntbook-editor .widget-html-content { line-height: 1.45; font-size: 13px; height: auto; }
.huntbook-editor .huntbook-muted { color: var(--jp-ui-font-color2, #666); font-size: 12px; }
.huntbook-editor .huntbook-number { color: var(--jp-ui-font-color2, #666); font-variant-numeric: tabular-nums; }
.huntbook-editor .huntbook-path { overflow-wrap: anywhere; color: var(--jp-ui-font-color2, #666); font-family: var(--jp-code-font-family, monospace); font-size: 12px; }
.huntbook-editor .huntbook-heading { color: var(--jp-ui-font-color1, #222); font-weight: 600; }
.huntbook-editor .huntbook-spoken-label > label { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.huntbook-editor .huntbook-problem { color: var(--jp-error-color1, #cf222e); }
.huntbook-editor .huntbook-status { display: block; padding: 6px 10px; border-left: 3px solid var(--jp-border-color1, #bbb); color: var(--jp-ui-font-color1, #222); overflow-wrap: anywhere; white-space: pre-line; }
.huntbook-editor .huntbook-status-done { border-left-color: var(--jp-success-color1, #1a7f37); }
.huntbook-editor .huntbook-status-notice { border-left-color: var(--jp-warn-color1, #9a6700); }
.huntbook-editor .huntbook-status-error { border-left-color: var(--jp-error-color1, #cf222e); }
.huntbook-editor .huntbook-row { border-bottom: 1px solid var(--jp-border-color3, #eee); padding: 3px 0; align-items: center; column-gap: 4px; overflow: visible; min-height: 34px; }
.huntbook-editor .huntbook-row .widget-checkbox { margin: 0; height: auto; }
.huntbook-editor .huntbook-row .widget-label-basic { align-items: center; display: flex; gap: 8px; height: auto; line-height: 1.45; }
.huntbook-editor .huntbook-row input[type=checkbox] { margin: 0; }
.huntbook-editor .huntbook-quiet.jupyter-button { background: transparent; color: var(--jp-ui-font-color1, #222); border: 1px solid transparent; height: 24px; line-height: 22px; padding: 0 6px; }
.huntbook-editor .huntbook-quiet.jupyter-button:hover:enabled { border-color: var(--jp-border-color1, #bbb); box-shadow: none; }
.huntbook-editor .huntbook-quiet.jupyter-button:disabled { color: var(--jp-ui-font-color3, #999); opacity: 0.5; }
.huntbook-editor .jupyter-button:focus-visible { outline: 2px solid var(--jp-brand-color1, #0969da); outline-offset: 1px; }
.huntbook-editor .jupyter-widget-tab > .widget-tab-contents { padding: 14px 16px; border-color: var(--jp-border-color2, #ddd); overflow: visible; }
.huntbook-editor pre.huntbook-code { margin: 0; padding: 8px 10px; max-height: 320px; overflow: auto; line-height: 1.5; background: var(--jp-layout-color2, #f5f5f5); color: var(--jp-ui-font-color1, #222); font-family: var(--jp-code-font-family, monospace); font-size: 12px; white-space: pre; }
.huntbook-editor pre.huntbook-code mark { background: transparent; color: inherit; outline: 1px solid var(--jp-error-color1, #cf222e); text-decoration: underline 2px var(--jp-error-color1, #cf222e); }
</style>"""

# Comes with a report, so that an editor without one stays small where a notebook keeps it.
REPORT_STYLE: Final = """<style>
.huntbook-editor .huntbook-report { overflow-x: auto; overflow-wrap: anywhere; }
.huntbook-editor .huntbook-report p { margin: 10px 0 0; }
.huntbook-editor .huntbook-report small { color: var(--jp-ui-font-color2, #666); font-size: 12px; }
.huntbook-editor .huntbook-report table { border-collapse: collapse; margin: 12px 0 0; width: 100%; font-size: 12px; }
.huntbook-editor .huntbook-report caption { padding: 0 0 4px; color: var(--jp-ui-font-color1, #222); font-weight: 600; font-size: 13px; }
.huntbook-editor .huntbook-report th { color: var(--jp-ui-font-color2, #666); font-weight: 400; }
.huntbook-editor .huntbook-report :is(th, td) { padding: 5px 12px 5px 0; border-bottom: 1px solid var(--jp-border-color3, #eee); vertical-align: top; min-width: 72px; }
</style>"""


def line(
    text: str = "", *, kind: str = "muted", like: widgets.HTML | None = None, **layout: str
) -> widgets.HTML:
    """Return a line of text; what is in it is shown, never run. `like`: one that it shares its layout with."""
    shown = (
        widgets.HTML(layout=widgets.Layout(margin="0", **layout))
        if like is None
        else widgets.HTML(layout=like.layout, style=like.style)
    )
    shown.huntbook_kind = kind
    say(shown, text)
    return shown


def say(shown: widgets.HTML, text: str, *, kind: str | None = None) -> None:
    """Put another text into a line, and another kind where one is given."""
    if kind is not None:
        shown.huntbook_kind = kind
    value = _span(text, shown.huntbook_kind)
    if shown.value != value:
        shown.value = value


def say_code(shown: widgets.HTML, text: str) -> None:
    """Put a text of several lines into a widget as it is written; an empty one takes no room."""
    shown.value = f'<pre class="huntbook-code" tabindex="0">{html.escape(text)}</pre>' if text else ""


def say_lines(shown: widgets.HTML, *lines: tuple[str, str]) -> None:
    """Put several lines, each a kind and a text, into one widget; empty ones take no room."""
    value = "<br>".join(_span(text, kind) for kind, text in lines if text)
    if shown.value != value:
        shown.value = value


def _span(text: str, kind: str) -> str:
    if not text:
        return ""
    role = ' role="status"' if kind.startswith("status") else ""
    classes = "huntbook-" + kind.replace("status-", "status huntbook-status-")
    return f'<span class="{classes}"{role}>{html.escape(text)}</span>'
