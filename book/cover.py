"""The cover's figure: the one tagged `cover` in a rendered chapter, never one put there by hand."""

import base64
from pathlib import Path

import nbformat

from page import is_figure
from parameters_cell import tags

NOTHING = "The figures come when the first chapter has been run: `make book`.\n"


def cover(chapters: Path) -> dict[str, str | bytes]:
    """The files of the cover, by name: a fragment of MyST, and the picture it shows, if any."""
    for page in sorted(chapters.glob("*.ipynb")):
        for cell in nbformat.read(page, as_version=4).cells:
            if is_figure(cell) and "cover" in tags(cell) and (picture := png(cell)):
                return {"cover.md": fragment(page.stem, cell), "cover.png": picture}
    return {"cover.md": NOTHING}


def png(cell: nbformat.NotebookNode) -> bytes | None:
    """The picture of a cell; None where it shows another kind."""
    found = [output.data["image/png"] for output in cell.outputs if "image/png" in output.get("data", {})]
    return base64.b64decode(found[0]) if found else None


def fragment(chapter: str, cell: nbformat.NotebookNode) -> str:
    """The picture with its own text and caption, and the way to where it is explained.

    No figure directive: that would take number 1, and the chapter's own figure would become 2.
    """
    myst = cell.metadata["mystnb"]
    caption = myst.get("figure", {}).get("caption", "")
    return f"""```{{image}} /chapters/cover.png
:alt: {myst["image"]["alt"]}
:width: 100%
```

{caption} From the chapter {{doc}}`/chapters/{chapter}`, where its runs are named.
"""
