"""Sentences of the book's own prose that could speak of our runs, and the reviewed ones that do not.

A sentence with a result's word (a comparative, a number, "rises", ..) is bound to a verdict (`anatomy.readings`)
or to a number, or it is about something else. A question, a condition and a source tell themselves; what is left stands
in `reviewed.toml` with what it is about.
"""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import nbformat

ROOT = Path(__file__).parents[1]
PROSE = ("book/index.md", "book/how_to_read.md")
RESULT = re.compile(
    r"\b(more|most|less|least|fewer|higher|lower|larger|smaller|better|best|worse|worst|nearer|nearest|farther|faster|"
    r"slower|wider|narrower|harder|longer|shorter|stronger|weaker|rise[sn]?|rose|falls?|fell|grows?|shrinks?|"
    r"drops?|climbs?|helps?|hurts?|beats?|wins?|loses?|holds?|fails?|collapse[sd]?|prevents?|"
    r"gains?|learns?|reach(es)?|near|far|little|nearly|hardly|\d+)\b", re.IGNORECASE,
)  # fmt: skip
CONDITION = re.compile(
    r"\b(if|where|whether|would|may|might|can|could|should|unless|until|asks?|suppose|claim|claims|decomposition-\d+|"
    r"dictionary-\d+|transformation-\d+|mixing-\d+|normalization-\d+)\b", re.IGNORECASE,
)  # fmt: skip
SOURCE = re.compile(
    r"\{cite\}|\bauthors'?\b|\bpapers?'?s?\b|\bREADME\b|\bis reported\b|\bthey report\b|\bZhu and others\b"
)
REVIEWED = tomllib.loads((Path(__file__).parent / "reviewed.toml").read_text("utf-8"))
ABOUT = set(REVIEWED)


def pages() -> Iterator[tuple[str, str]]:
    """(page, text) of all Markdown that is written by hand."""
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        for cell in nbformat.read(path, as_version=4).cells:
            if cell.cell_type == "markdown":
                yield path.stem, cell.source
    for name in PROSE:
        yield Path(name).stem, (ROOT / name).read_text("utf-8")


def sentences(text: str) -> list[str]:
    """Without headings, displayed formulas, fences and tables; each on one line."""
    text = re.sub(r"```.*?```|\$\$.*?\$\$|<!--.*?-->", " ", text, flags=re.DOTALL)
    kept = [line for line in text.splitlines() if not line.lstrip().startswith(("#", "|", "("))]
    blocks = re.split(r"\n\s*\n|\n(?=- )", "\n".join(kept))
    found = (re.split(r"(?<=[.!?:])\s+(?=[A-Z*$\"'`(])", " ".join(block.split())) for block in blocks)
    return [sentence for block in found for sentence in block if sentence]


def speaks(sentence: str) -> bool:
    """Whether it might say a result of our runs."""
    told = sentence.endswith("?") or CONDITION.search(sentence) or SOURCE.search(sentence)
    return bool(RESULT.search(sentence)) and not told


def unbound() -> dict[str, str]:
    """Sentences that might say a result, by their page."""
    return {sentence: page for page, text in pages() for sentence in sentences(text) if speaks(sentence)}
