"""Sphinx extension: each page says in its head what it is about, for search engines and for links that are shared.

Title, description and Open Graph tags; the description is the page's first paragraph. Where `html_baseurl` is set, the
page's address too.
"""

from html import escape

from docutils import nodes
from sphinx.application import Sphinx

LONGEST = 200  # letters of a description


def describe(app: Sphinx, page: str, template: str, context: dict[str, str], doctree: nodes.document | None) -> None:
    """Add the tags to the page's head; a page that is no document, such as the search, has none."""
    if doctree is None:
        return
    title = nodes.Text(context["title"]).astext()
    tags = {"og:type": "article", "og:site_name": app.config.project, "og:title": title}
    if text := first_paragraph(doctree):
        tags |= {"description": text, "og:description": text}
    if app.config.html_baseurl:
        tags["og:url"] = f"{app.config.html_baseurl.rstrip('/')}/{page}.html"
    context["metatags"] += "".join(f"\n{tag(name, text)}" for name, text in tags.items())


def tag(name: str, text: str) -> str:
    return f'<meta {"property" if name.startswith("og:") else "name"}="{name}" content="{escape(text)}" />'


def first_paragraph(doctree: nodes.document) -> str:
    """Of the page's own text: not of a box, a figure or a list."""
    for paragraph in doctree.findall(nodes.paragraph):
        if isinstance(paragraph.parent, nodes.section):
            return shortened(" ".join(paragraph.astext().split()))
    return ""


def shortened(text: str) -> str:
    """To whole words."""
    return text if len(text) <= LONGEST else text[:LONGEST].rpartition(" ")[0] + " …"


def setup(app: Sphinx) -> dict[str, bool]:
    app.connect("html-page-context", describe)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
