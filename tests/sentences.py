"""Sentences of the book's own prose that could speak of our runs, and the reviewed ones that do not.

A sentence with a result's word (a comparative, a number, "rises", ..) is bound to a verdict (`anatomy.readings`)
or to a number, or it is about something else. A question, a condition and another's result tell themselves; what is
left stands in `reviewed.toml` with what it is about.
"""

import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import nbformat

ROOT = Path(__file__).parents[1]
sys.path.append(str(ROOT / "book"))

from anatomy.chapters import CHAPTERS  # noqa: E402
from anatomy.readings import words  # noqa: E402
from cited_links import cited  # noqa: E402

RESULT = re.compile(
    r"\b(more|most|less|least|fewer|higher|lower|larger|smaller|better|best|worse|worst|nearer|nearest|farther|faster|"
    r"slower|wider|narrower|harder|longer|shorter|stronger|weaker|rise[sn]?|rose|falls?|fell|grows?|shrinks?|"
    r"drops?|climbs?|helps?|hurts?|beats?|wins?|loses?|holds?|fails?|collapse[sd]?|prevents?|"
    r"gains?|learns?|reach(es)?|near|far|little|nearly|hardly|stands? in|enough|as (good|well)|suffices?|replaces?|"
    r"improves?|reduces?|increases?|decreases?|raises?|lowers?|saves?|works|is why|explains?|equalizes?|"
    r"differs?)\b", re.IGNORECASE,
)  # fmt: skip
NUMBER = re.compile(r"\b\d+\b")
CONDITION = re.compile(r"(If|Where|Whether|Unless|Until|Suppose)\b")  # as the first word
SOURCE = re.compile(r"\{cite\}|\bauthors'?\b|\bpapers?'?s?\b|\bREADME\b|\bthey report\b|\bZhu and others\b")
OURS = re.compile(r"\b(we|our|ours|us|here|these runs|this page|laptop|overnight)\b", re.IGNORECASE)
BY_KIND = tomllib.loads((Path(__file__).parent / "reviewed.toml").read_text("utf-8"))
REVIEWED = {sentence for listed in BY_KIND.values() for sentence in listed}


def pages() -> Iterator[tuple[str, str]]:
    """(page, text) of all that is written by hand: prose, captions, alternative texts, errata, words of explorers and
    under short answers."""
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        for cell in nbformat.read(path, as_version=4).cells:
            yield path.stem, cited(cell.source) if cell.cell_type == "markdown" else ""
            shown = cell.metadata.get("mystnb", {})
            yield path.stem, shown.get("figure", {}).get("caption", "")
            yield path.stem, shown.get("image", {}).get("alt", "")
    for path in sorted((ROOT / "book").glob("*.md")):
        yield path.stem, path.read_text("utf-8")
    for erratum in tomllib.loads((ROOT / "book" / "errata" / "errata.toml").read_text("utf-8"))["erratum"]:
        yield "errata", f"{erratum['change']} {erratum['reason']}"
    for path in sorted((ROOT / "book" / "explorers").glob("*.html")):
        yield path.stem, words_of_html(path.read_text("utf-8"))
    for chapter in CHAPTERS:
        yield chapter, words(chapter)


def words_of_html(text: str) -> str:
    return re.sub(r"<(script|style).*?</\1>|<[^>]+>", " ", text, flags=re.DOTALL)


def sentences(text: str) -> list[str]:
    """Each on one line, headings and the cells of tables too; without displayed formulas, fences and labels, and with
    citations as the pages have them."""
    text = re.sub(r"```.*?```|\$\$.*?\$\$|<!--.*?-->", " ", cited(text), flags=re.DOTALL)
    lines = [line for line in text.splitlines() if not LABEL.fullmatch(line.strip())]
    cells = [cell.strip() for line in lines if line.lstrip().startswith("|") for cell in line.split("|")]
    prose = [re.sub(r"^#+ (.*)", r"\n\1\n", line) for line in lines if not line.lstrip().startswith("|")]
    blocks = re.split(r"\n\s*\n|\n(?=- )", "\n".join(prose))
    found = (re.split(r"(?<=[.!?:])\s+(?=[A-Z*$\"'`(])", " ".join(block.split())) for block in blocks)
    said = [sentence for block in found for sentence in block if sentence]
    return said + [cell for cell in cells if len(cell.split()) >= SAYS]


LABEL = re.compile(r"\([a-z0-9-]+\)=")  # of MyST
SAYS = 4  # words of a table's cell that says something


def speaks(sentence: str) -> bool:
    """Whether it might say a result of our runs."""
    return bool(RESULT.search(sentence) or NUMBER.search(sentence)) and not tells_itself(sentence)


def tells_itself(sentence: str) -> bool:
    """A question, a condition, or what somebody else found."""
    another = SOURCE.search(sentence) and not OURS.search(sentence)
    return bool(sentence.endswith("?") or CONDITION.match(sentence) or another)


def unbound() -> dict[str, str]:
    """Sentences that might say a result, by their page."""
    return {sentence: page for page, text in pages() for sentence in sentences(text) if speaks(sentence)}
