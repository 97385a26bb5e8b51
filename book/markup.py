"""MyST made of words: tables, code, and docstrings that are shown as they stand."""

import re
from collections.abc import Sequence
from textwrap import dedent

Row = tuple[str, ...]
MARKUP = re.compile(r"([\\`*_{}\[\]<>$|~#])")
ARXIV = re.compile(r"arXiv:(\d{4}\.\d{4,5})")


def code(text: str) -> str:
    return f"`{text}`"


def div(kind: str, text: str) -> str:
    """A block of the book's own style of this name."""
    return f":::{{div}} {kind}\n{text}\n:::"


def numbers_from(*files: str, measured: str = "") -> str:
    """Which of the files that the book carries a page's numbers are from, and at which commits they were made."""
    links = ", ".join(f'<a href="../{file}" download>{file.rpartition("/")[2]}</a>' for file in files)
    return div("provenance", f"Each number is from {links}{measured}.")


def table(head: Row, rows: Sequence[Row]) -> str:
    """Nothing where there are no rows."""
    lines = [head, ("---",) * len(head), *rows] if rows else []
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def prose(text: str) -> str:
    """A docstring as MyST: words as they are, indented lines as formulas in a block of their own."""
    blocks = []
    for block in re.split(r"\n\s*\n", dedent(text)):
        if block.startswith("    "):
            blocks.append(f"```text\n{dedent(block)}\n```")
        else:
            blocks.append(linked(" ".join(block.split())))
    return "\n\n".join(blocks)


def plain(text: str) -> str:
    """A sentence as it is: in MyST, stars, dollars and bars would mean something."""
    return MARKUP.sub(r"\\\1", text).replace("\n", " ")


def linked(text: str) -> str:
    """The same, but names in backquotes stay code, and a paper's number is a link."""
    said = [piece if piece.startswith("`") else plain(piece) for piece in re.split(r"(`[^`]+`)", text)]
    return ARXIV.sub(r"[arXiv:\1](https://arxiv.org/abs/\1)", "".join(said))
