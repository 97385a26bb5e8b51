"""Links: in a notebook plain ones, which JupyterLab and GitHub follow too; on a page entries of the bibliography, and
other pages.

`([He et al., 2019](https://arxiv.org/abs/1911.05722))` in a notebook is {cite}`he2019` on the page.
"""

import re
import sys
from functools import cache
from pathlib import Path

from pybtex.database import Entry, parse_file

sys.path.append(str(Path(__file__).with_name("_ext")))  # where Sphinx finds its extensions

from citations import label, tell_apart  # noqa: E402

REFERENCES = Path(__file__).with_name("references.bib")
LINK = re.compile(r"\(\[[^\]]*\]\((https?://[^\s)]+)\)\)")
PAGES = {"](../book/": "](../", "](../src/anatomy/claims/__init__.py)": "](ledger.md)"}  # of files of the checkout


def cited(markdown: str) -> str:
    """Links to papers of the bibliography as citations, and to what the book has a page of as links to the page."""

    def role(link: re.Match[str]) -> str:
        known = next((key for key, entry in entries().items() if entry.fields["url"] == link[1]), None)
        return f"{{cite}}`{known}`" if known else link[0]

    for file, page in PAGES.items():
        markdown = markdown.replace(file, page)
    return LINK.sub(role, markdown)


def link(key: str) -> str:
    """What a notebook writes to cite an entry."""
    entry = entries()[key]
    return f"([{label(entry)}]({entry.fields['url']}))"


@cache
def entries() -> dict[str, Entry]:
    found: dict[str, Entry] = dict(parse_file(str(REFERENCES)).entries)
    tell_apart(found.values())
    return found
