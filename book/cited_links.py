"""Citations: in a notebook plain links, which JupyterLab shows too; on a page entries of the bibliography.

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


def cited(markdown: str) -> str:
    """Links to papers of the bibliography as citations; any other link stays."""

    def role(link: re.Match[str]) -> str:
        known = next((key for key, entry in entries().items() if entry.fields["url"] == link[1]), None)
        return f"{{cite}}`{known}`" if known else link[0]

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
