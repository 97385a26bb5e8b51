"""The page for who is new: two views, three methods, collapse, neighbors; the pictures are those of `make pictures`."""

import json
from pathlib import Path

from anatomy.figures.explorer import committed
from anatomy.notebook import source
from filled import filled

SAID = Path(__file__).parent / "assets" / "pictures" / "pictures.json"


def in_pictures_page() -> str:
    """In MyST."""
    return filled(
        "in_pictures.md",
        said=json.loads(SAID.read_text("utf-8")),
        collapse=committed("collapse").markup,
        source=source("anatomy.losses.info_nce.info_nce", "anatomy.losses.info_nce.from_logit")._repr_markdown_(),
    )
