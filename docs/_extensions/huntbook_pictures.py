"""Pictures of the documentation: one name, drawn light and dark by `scripts/gallery`."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.util.docutils import SphinxDirective

if TYPE_CHECKING:
    from collections.abc import Callable

    from sphinx.application import Sphinx


class Picture(SphinxDirective):
    """``{huntbook-picture} NAME``: the picture that the example above gives; the text says what is on it."""

    required_arguments = 1
    has_content = True
    option_spec: ClassVar[dict[str, Callable[[str], str]]] = {"page": directives.unchanged}

    def run(self) -> list[nodes.Node]:
        """Show the one of two that fits the page's theme; with ``:page:``, small and as a link to that page."""
        images = [
            nodes.image(
                uri=f"/images/{self.arguments[0]}-{theme}.webp",
                alt=" ".join(self.content),
                classes=[f"only-{theme}"],
            )
            for theme in ("light", "dark")
        ]
        page = self.options.get("page")
        if page is None:
            return [*images]
        if self.env.relfn2path(f"{page}.md")[0] not in {f"{name}.md" for name in self.env.found_docs}:
            raise self.error(f"There is no page {page!r}.")
        link = nodes.reference("", "", *images, refuri=f"{page}.html")
        return [nodes.container("", nodes.paragraph("", "", link), classes=["gallery"])]


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the directive."""
    app.add_directive("huntbook-picture", Picture)
    return {"parallel_read_safe": True}
