"""MyST made of words: tables, code, and docstrings that are shown as they stand."""

import re
from collections.abc import Sequence
from textwrap import dedent

Row = tuple[str, ...]
MARKUP = re.compile(r"([\\`*_{}\[\]<>$|~#])")
ARXIV = re.compile(r"arXiv:(\d{4}\.\d{4,5})")


def code(text: str) -> str:
    return f"`{text}`"


def table(head: Row, rows: Sequence[Row]) -> str:
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def prose(text: str) -> str:
    """A docstring as MyST: words as they are, indented lines as formulas in a block of their own."""
    blocks = []
    for block in re.split(r"\n\s*\n", dedent(text)):
        if block.startswith("    "):
            blocks.append(f"```text\n{dedent(block)}\n```")
        else:
            blocks.append(plain(" ".join(block.split())))
    return "\n\n".join(blocks)


def plain(text: str) -> str:
    """Text that MyST shows as it stands; names in backquotes stay code, and a paper's number is a link."""
    pieces = re.split(r"(`[^`]+`)", text)
    said = [piece if piece.startswith("`") else MARKUP.sub(r"\\\1", piece) for piece in pieces]
    return ARXIV.sub(r"[arXiv:\1](https://arxiv.org/abs/\1)", "".join(said))
