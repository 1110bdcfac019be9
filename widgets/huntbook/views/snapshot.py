"""A picture as one HTML page: BokehJS inside, a line that says what it is, and the same bytes for the same picture."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bokeh.embed import file_html
from bokeh.resources import Resources

if TYPE_CHECKING:
    from bokeh.models import LayoutDOM

    from huntbook.figures.theme import Theme

# Where Bokeh writes the ids of models and of the page's parts; a cell's text never has bare quotes.
_MODELS = re.compile(r'((?:"id":|data-root-id=|"roots":\{|"root_ids":\[)")p(\d+)(?=")')
_PARTS = re.compile(
    r'(?:<div id="|<script type="application/json" id="|\{")([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"'
)
_BODY = re.compile(r'<body>\s*<div id="[0-9a-f-]{36}" data-root-id=')
_PAGE = """{% block postamble %}<style>
body { margin: 16px; background: {{ ground }}; }
.huntbook-snapshot { margin: 10px 0 0; font: 11px/1.4 Inter, Helvetica, Arial, sans-serif; color: {{ muted }}; }
</style>{% endblock %}
{% block contents %}{{ super() }}<p class="huntbook-snapshot">{{ note|e }}</p>{% endblock %}
"""


def page(figure: LayoutDOM, *, summary: str, note: str, theme: Theme) -> str:
    """Return the page.

    Parameters
    ----------
    figure
        The picture.
    summary
        The page's title.
    note
        What stands below the picture.
    theme
        The page's colours.
    """
    html = file_html(
        figure,
        Resources(mode="inline"),
        title=summary,
        template=_PAGE,
        template_variables={"ground": theme.ground, "muted": theme.muted, "note": note},
        suppress_callback_warning=True,
    )
    # BokehJS, in the head, holds text that looks like a body.
    start = next(_BODY.finditer(html)).start()
    return html[:start] + _numbered(html[start:])


def _numbered(body: str) -> str:
    """Count the ids from 1, in order, in the place of random ones and of those that count the process' models."""
    numbers: dict[str, int] = {}
    for part in dict.fromkeys(_PARTS.findall(body)):
        body = body.replace(part, f"part-{len(numbers) + 1}")
        numbers[part] = len(numbers) + 1
    return _MODELS.sub(
        lambda found: f"{found[1]}p{numbers.setdefault(found[2], len(numbers) + 1)}",
        body,
    )
