"""Every number that a figure draws is followed to its runs: what they measured is changed, and the figure drawn again.

`make redraw` does it for the whole book, and tests/test_redrawn.py for two chapters.
"""

import hashlib
import json
import sys
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import pandas as pd
import pytest

from anatomy.analysis.keys import KEY, KEYS
from anatomy.chapters import CHAPTERS
from anatomy.figures.drawn import Tables, keys, tables_of
from anatomy.pages.chapter_figures import cells, listed
from anatomy.pages.redrawn import PUBLISHED, Names, redrawn, run
from anatomy.storage.record import published
from anatomy.study import evidence
from anatomy.study.request import PUBLISHED as PUBLISHED_RECORDS

# Points of grids, and counts of what was drawn by chance: no measured number.
GRIDS = {"step", "score", "share", "at", "negatives", "kind", "real", "whitened", "distance", "images", "seed"}
Figures = dict[str, Tables]  # by name


def drawn_tables(chapter: str) -> Figures:
    """Of each figure of a chapter that is drawn from the published runs, without a file."""
    names: Names = {"display": lambda *shown: None, "_trains": False}
    named, found = {figure.cell: figure.name for figure in listed(chapter)}, {}
    for cell in cells(chapter):
        if cell["cell_type"] == "code":
            run(cell, names)
            if plt.get_fignums() and cell["id"] in named:
                found[named[cell["id"]]] = tables_of(plt.gcf())
            plt.close("all")
        if "parameters" in cell["metadata"].get("tags", []):
            names |= PUBLISHED
    return found


@contextmanager
def poisoned(runs: Collection[str]) -> Iterator[None]:
    """Every number that one of these runs measured is another; the settings of runs and the points of grids stay."""
    made = evidence.tables_of

    def changed(*given: object) -> dict[str, pd.DataFrame]:
        tables = made(*given)
        settings = {
            *tables.get("runs", pd.DataFrame()).select_dtypes("number")
        } | GRIDS  # `loss` is a setting's word, and a number here
        return {name: _poisoned(table, runs, settings) for name, table in tables.items()}

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(evidence, "tables_of", changed)
        yield


def _poisoned(table: pd.DataFrame, runs: Collection[str], settings: set[str]) -> pd.DataFrame:
    rows, numbers = table["key"].isin(runs), [c for c in table if table[c].dtype.kind in "fi" and c not in settings]
    table = table.astype(dict.fromkeys(numbers, float))
    table.loc[rows, numbers] = table.loc[rows, numbers] * 1.37 + 0.11
    return table


def wrong(before: Figures, after: Figures, runs: set[str]) -> list[str]:
    """Figures that do not change though they name one of these runs, and rows that change though they name none."""
    said = [f"{name} was not drawn again" for name in before.keys() - after.keys()]
    for name, tables in ((name, before[name]) for name in before if name in after):
        moved = [_moved(table, after[name][part]) for part, table in tables.items()]
        named = [_names(table, runs) for table in tables.values()]
        said += [f"{name}: a row changed without its runs" for m, n in zip(moved, named, strict=True) if (m & ~n).any()]
        if runs & {*keys(tables)} and not any(m.any() for m in moved):
            said.append(f"{name}: it stays the same without its runs")
    return said


def _moved(before: pd.DataFrame, after: pd.DataFrame) -> pd.Series:
    """By row whether any of its numbers is another."""
    numbers = [c for c in before if before[c].dtype.kind in "fi"]
    one, other = (table[numbers].reset_index(drop=True).astype(float) for table in (before, after))
    return ((one != other) & ~(one.isna() & other.isna())).any(axis=1)


def _names(table: pd.DataFrame, runs: set[str]) -> pd.Series:
    of = KEYS if KEYS in table else KEY
    if of not in table:
        return pd.Series(False, index=range(len(table)))
    return table[of].reset_index(drop=True).map(lambda named: bool(runs & {*named.split()}))


def follow(chapter: str, lots: int = 2) -> list[str]:
    """What is wrong with a chapter's figures: half of their runs are changed, then the other half, and so on."""
    before = drawn_tables(chapter)
    known = sorted({key for tables in before.values() for key in keys(tables)})
    said = []
    for lot in range(lots):
        runs = {key for key in known if (int(key, 16) >> lot // 2) % 2 == lot % 2}
        with poisoned(runs):
            said += wrong(before, drawn_tables(chapter), runs)
    return said


# --- files drawn again

Entry = dict[str, Any]  # of figures.json: number, name, runs, sha256


def on_pages(html: Path) -> list[tuple[str, Entry]]:
    """By chapter the figures of a rendered book whose runs are all published."""
    there = published(PUBLISHED_RECORDS)
    lists = sorted((html / "chapters" / "figures").glob("*/figures.json"))
    known = [(path.parent.name, entry) for path in lists for entry in json.loads(path.read_text())]
    return [(chapter, entry) for chapter, entry in known if entry["runs"] and {*entry["runs"]} <= there.keys()]


def unlike(figures: Iterable[tuple[str, Entry]]) -> list[str]:
    """Those of which a file is another when it is drawn again."""
    by_chapter: dict[str, list[Entry]] = {}
    for chapter, entry in figures:
        by_chapter.setdefault(chapter, []).append(entry)
    return [
        f"{entry['number']} {entry['name']}{suffix} is another file when it is drawn again"
        for chapter, entries in by_chapter.items()
        for again in [{drawing.of.name: drawing.files for drawing in redrawn(chapter)}]
        for entry in entries
        for suffix, content in again[entry["name"]].items()
        if hashlib.sha256(content).hexdigest() != entry["sha256"][suffix]
    ]


def main() -> int:
    shown = on_pages(Path(__file__).parents[1] / "_build" / "html")
    said = unlike(shown) + [line for chapter in CHAPTERS for line in follow(chapter, lots=8)]
    print(
        "\n".join(said) or f"{len(shown)} figures of the book are the same files drawn again; each row names its runs."
    )
    return 1 if said else 0


if __name__ == "__main__":
    sys.exit(main())
