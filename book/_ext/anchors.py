"""Sphinx extension: what raw HTML marks with `data-label` can be referred to by name, and is found by the search.

`<tbody id="dictionary-2" data-label>` makes {ref}`dictionary-2` lead there, and gives the name an entry in the index,
which is what Sphinx's search knows of places inside a page.
"""

import re

from docutils import nodes
from sphinx.application import Sphinx

LABEL = re.compile(r'<\w+ id="([^"]+)" data-label\b')


def register(app: Sphinx, document: nodes.document) -> None:
    """Each mark of the page under its own name."""
    labels, index = app.env.get_domain("std"), app.env.get_domain("index")
    for raw in document.findall(nodes.raw):
        for name in LABEL.findall(raw.astext()):
            labels.note_hyperlink_target(name, app.env.docname, name, name)  # type: ignore[attr-defined]
            index.entries[app.env.docname].append(("single", name, name, "", None))  # type: ignore[attr-defined]


def setup(app: Sphinx) -> dict[str, bool]:
    app.connect("doctree-read", register)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
