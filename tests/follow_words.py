"""Numbers outside of figures, followed to their runs as `follow` does it: those of claims, and what cells say.

What the runs measured is changed, and all is judged and said again.
"""

from typing import Any

import matplotlib.pyplot as plt

from anatomy.pages.chapter_figures import cells
from anatomy.pages.redrawn import run
from anatomy.settings import Settings
from anatomy.study.study import Study
from anatomy.verdicts.combine import flat_parts

Judged = dict[str, tuple[tuple[float | None, ...], frozenset[str]]]  # by claim and part: its numbers, and its runs


def judged(chapter: str) -> Judged:
    """The numbers of the largest published study as the ledger has them."""
    found: Judged = {}
    for row in Study(chapter, preset="published").verdicts():
        for one in row.verdicts:
            for name, part in {"": one.verdict, **flat_parts(one.verdict)}.items():
                found[f"{row.claim.id}, {name or 'the claim'}"] = (part.estimate, part.low, part.high), part.keys
    return found


def astray(before: Judged, after: Judged, runs: set[str]) -> list[str]:
    """Numbers that are others though they name none of the runs that were changed."""
    moved = [name for name, (numbers, _) in before.items() if repr(after[name][0]) != repr(numbers)]
    return [f"{name}: another number without its runs" for name in moved if not before[name][1] & runs]


def bound_to_none(before: Judged, after: Judged) -> list[str]:
    """Numbers that stay the same though every run was changed."""
    return [name for name, (numbers, _) in before.items() if numbers[0] is not None and after[name][0] == numbers]


def said(chapter: str, given: Settings) -> dict[str, str]:
    """By the id of each cell what it prints and displays with these parameters; nothing is trained."""
    shown: list[object] = []
    names: dict[str, Any] = {"display": lambda *what: shown.extend(what), "_trains": False}
    found = {}
    for cell in cells(chapter):
        if cell["cell_type"] == "code":
            shown.clear()
            printed, value = run(cell, names)
            found[cell["id"]] = "\n".join([printed, *(str(getattr(one, "data", one)) for one in (*shown, value))])
            plt.close("all")
        if "parameters" in cell["metadata"].get("tags", []):
            names |= given
    return found
