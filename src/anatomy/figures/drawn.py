"""A figure keeps the tables that it was drawn from; files of both: SVG, PNG and CSV, the same bytes each time."""

import inspect
import io
import re
from collections.abc import Callable, Iterator, Mapping
from functools import wraps
from typing import Any, ParamSpec
from weakref import WeakKeyDictionary

import matplotlib as mpl
import pandas as pd
from matplotlib.figure import Figure

from anatomy.analysis.keys import KEY, keys_of
from anatomy.figures.sheet import fit_labels

Tables = Mapping[str, pd.DataFrame]
_TABLES: WeakKeyDictionary[Figure, Tables] = WeakKeyDictionary()
BY_SEED = "by_seed"  # of over_seeds: the number of each seed
UNUSED = re.compile(rb'^ +|(?<=<g) id="[^"]*"', re.MULTILINE)  # indentation, and names that nothing refers to
# A letter is its outline, used at a place; x and y say that place in half the bytes of a translation.
LETTER = re.compile(rb'(<use xlink:href="#[^"]*") transform="translate\(([-.\d]+) ([-.\d]+)\)"/>')
PLACE, DIGITS = re.compile(rb' [dxy]="[^"]*"'), re.compile(rb"(\.\d\d)\d+")  # a hundredth of a point is enough
GAPS = re.compile(rb"\s*([A-Za-z])\s*")  # around the commands of a path, which stand for themselves
FONT = re.compile(rb'(?<=["#])DejaVuSans(?=-)')  # before the number of each letter
NOT_SAID = dict.fromkeys(("Creator", "Date", "Format", "Type"))  # a block of 400 bytes in every picture
PNG = 192  # dots an inch: two for each pixel of a page


P = ParamSpec("P")


def drawn(draw: Callable[P, Figure]) -> Callable[P, Figure]:
    """Of a function that draws: its figure keeps the tables among its arguments."""

    @wraps(draw)
    def drawing(*args: P.args, **kwargs: P.kwargs) -> Figure:
        figure = draw(*args, **kwargs)
        fit_labels(figure)
        given = inspect.signature(draw).bind(*args, **kwargs).arguments
        _TABLES.setdefault(figure, dict(_tables(given)))
        return figure

    return drawing


def keep(figure: Figure, tables: Tables) -> None:
    """Of a figure that draws less than it is given: the rows that it draws, by the name that they have there."""
    _TABLES[figure] = dict(tables)


def _tables(given: Mapping[str, object]) -> Iterator[tuple[str, pd.DataFrame]]:
    """Those among arguments, by the argument's name; of an argument that holds several, by theirs."""
    for name, value in given.items():
        if isinstance(value, pd.DataFrame):
            yield name, value
        elif isinstance(value, Mapping):
            own = "" if name == "tables" else f"{name}: "
            yield from _tables({f"{own}{inner}": table for inner, table in value.items()})


def tables_of(figure: Figure) -> Tables:
    """What a figure was drawn from, by the name that it has in the CSV; nothing of a figure of another's."""
    return _TABLES.get(figure, {})


def keys(tables: Tables) -> list[str]:
    """Of the runs behind all of them, each once, sorted."""
    return sorted({key for table in tables.values() for key in keys_of(table)})


def as_csv(tables: Tables) -> str:
    """All tables one below the other, with a column `table`; settings that are the same in all rows of runs are left
    out, the records have them. Numbers have 6 digits."""
    lean = [_lean(table).assign(table=name) for name, table in tables.items() if len(table)]
    if not lean:
        return "table\n"
    whole = pd.concat(lean, ignore_index=True)
    first = ["table", *(name for name in whole if name != "table")]
    return whole[first].to_csv(index=False, float_format="%.6g", lineterminator="\n")


def _lean(table: pd.DataFrame) -> pd.DataFrame:
    if BY_SEED in table:
        return table.assign(**{BY_SEED: [" ".join(f"{value:.6g}" for value in each) for each in table[BY_SEED]]})
    if KEY not in table:
        return table
    same = [name for name in table if name != KEY and table[name].astype(str).nunique() == 1]
    return table.drop(columns=same)


def as_svg(figure: Figure) -> bytes:
    """Words as outlines: everybody sees the same."""
    drawn = LETTER.sub(_placed, UNUSED.sub(b"", _saved(figure, "svg", metadata=NOT_SAID)))
    return FONT.sub(b"D", PLACE.sub(_short, drawn))


def _short(place: re.Match[bytes]) -> bytes:
    name, value, end = place[0].split(b'"')
    return b'%s"%s"%s' % (name, GAPS.sub(rb"\1", DIGITS.sub(rb"\1", value)).strip(), end)


def _placed(letter: re.Match[bytes]) -> bytes:
    start, x, y = letter.groups()
    return b'%s x="%.1f"%s/>' % (start, float(x), b' y="%.1f"' % float(y) if float(y) else b"")


def as_png(figure: Figure) -> bytes:
    return _saved(figure, "png", dpi=PNG)


def _saved(figure: Figure, format: str, **options: Any) -> bytes:
    file = io.BytesIO()
    with mpl.rc_context({"svg.hashsalt": "anatomy"}):  # else the names of its parts are drawn by chance
        figure.savefig(file, format=format, **options)
    return file.getvalue()
