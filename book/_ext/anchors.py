"""Sphinx extension: what raw HTML marks with `data-label` can be referred to by name, and is found by the search.

`<tbody id="dictionary-2" data-label>` makes {ref}`dictionary-2` lead there, and gives the name an entry in the index,
which is what Sphinx's search knows of places inside a page.
"""

import re

from docutils import nodes
from sphinx.addnodes import index
from sphinx.application import Sphinx

LABEL = re.compile(r'<\w+ id="([^"]+)" data-label\b')


def register(app: Sphinx, document: nodes.document) -> None:
    """Each mark of the page under its own name."""
    labels = app.env.get_domain("std")
    for raw in list(document.findall(nodes.raw)):
        names = LABEL.findall(raw.astext())
        for name in names:
            labels.note_hyperlink_target(name, app.env.docname, name, name)  # type: ignore[attr-defined]
        if names:
            entries = [("single", name, name, "main", None) for name in names]
            raw.parent.insert(raw.parent.index(raw), index(entries=entries))


def setup(app: Sphinx) -> dict[str, bool]:
    app.connect("doctree-read", register)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
