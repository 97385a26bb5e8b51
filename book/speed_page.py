"""The page "Speed" and the README's table, drawn from what `make benchmark` wrote under benchmarks/results/speed.

.venv/bin/python book/speed_page.py    # writes the README's table; the page is written by make book
"""

import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import cast

import pandas as pd

import matrix_views
import speed_aims
from anatomy.figures.drawn import as_svg
from anatomy.figures.growth import cost_over_work
from anatomy.figures.sheet import PHONE, SCREEN, drawn_on
from figure_block import size
from markup import numbers_from, plain, table
from speed_files import Measured, Row, curves, measured

ROOT = Path(__file__).resolve().parent.parent
MARKS = ("<!-- drawn by book/speed_page.py from benchmarks/results/speed -->", "<!-- drawn until here -->")


INTRODUCTION = """# Speed

`make benchmark` measures this page: in one process, on one thread, by CPU time, and beside the lightly library with
the two sides taking turns, since other work on a machine slows both sides of a round. A ratio is the median of the
rounds' ratios; in brackets the smallest, the largest and the number of rounds. The *share* is of the peak of the same
core in matrix products and convolutions, in the row's precision, measured in the same run. lightly runs as shipped, in
float32, where a row does not say that the two sides share precision and layout. An *aim* is what we asked of
ourselves beforehand; what takes longer, or has a lower ratio, has missed it.
"""
GROWTH = """## Cost over the size of the work

Slopes are of the logarithms: 1 is linear. Over workers a slope of -1 would be ideal, and one above 0 says that more
workers cost more than they save: the runs of that study last a second each.
"""
CHAPTERS = """## What a chapter costs

Estimated minutes of one core to train a chapter's runs at a preset, from the time of a step of each kind. Tuning
chooses a few other runs on the way, and what is measured after training comes on top: a whole command has taken up to
twice as long.
"""
FIGURE = "figures/speed/speed"  # below the pages of chapters
ALT = "Costs over the size of the work, in logarithms; the slopes stand in the table below."


def speed_page(drawn: Mapping[str, bytes] | None = None) -> str:
    """The page in MyST; `drawn` is its `picture`, where that was made before."""
    found = measured()
    parts = [INTRODUCTION, *(one_processor(one) for one in found), matrix_views.matrix_views()]
    if costs := chapters(found):
        parts += [CHAPTERS, costs, f"\n{origin(*(one for one in found if 'chapter_costs' in one))}"]
    if any(curves(one) for one in found):
        picture_of = picture_block(picture() if drawn is None else drawn)
        parts += [GROWTH, picture_of, slopes(found), f"\n{origin(*(one for one in found if curves(one)))}"]
    return "\n".join(parts) + "\n"


def picture() -> dict[str, bytes]:
    """The page's figure for a wide and for a narrow screen, by file name; nothing where no curve was measured."""
    rows = [
        (one["what"], one["x"], one["y"], processor["kind"], at, cost, one["slope"])
        for processor in measured() for one in curves(processor) for at, cost in one["points"]
    ]  # fmt: skip
    points = pd.DataFrame(rows, columns=["what", "x", "y", "processor", "at", "cost", "slope"])
    drawn = {}
    for suffix, sheet in {".svg": SCREEN, "-phone.svg": PHONE}.items() if rows else ():
        with drawn_on(sheet):
            drawn[f"{FIGURE}{suffix}"] = as_svg(cost_over_work(points))
    return drawn


def picture_block(drawn: Mapping[str, bytes]) -> str:
    sizes = " ".join(map(size, drawn.values()))
    return f"```{{drawn-figure}} {FIGURE}\n:alt: {ALT}\n:sizes: {sizes}\n```\n"


def one_processor(one: Measured) -> str:
    """Its name, how it was measured, and its tables."""
    tables = {
        "beside lightly": beside([*one.get("beside", []), *one.get("loss", [])], one["kind"]),
        "evaluation": alone(one.get("evaluation", []), "CPU s", "MB"),
        "commands": alone(one.get("commands", []), "CPU s"),
    }
    said = "\n".join(f"\n{table}\n" for table in tables.values() if table)
    return f"## {plain(one['cpu'])}\n\n{conditions(one)}\n{said}\n{origin(one)}"


def origin(*of: Measured) -> str:
    """The files with these numbers, and the commits at which they were measured."""
    commits = ", ".join(f"`{one['commit']}`" for one in of if "commit" in one)
    measured = f", measured at commit {commits}" if commits else ""
    return numbers_from(*(f"speed/{one['kind']}.json" for one in of), measured=measured) + "\n"


def conditions(one: Measured) -> str:
    """How it was measured: under a load above 1 others wanted the cores too."""
    words = [f"torch {one['torch']}", f"lightly {one['lightly']}", f"our steps in {one['precision']}"]  # fmt: skip
    for name, how in one.get("parts", {}).items():
        low, high = sorted(how["load"])
        words.append(f"{name}: load of a core {low} to {high}, matrix products at {how['matmul_gflops']:.0f} GFLOP/s")
    if parts := one.get("parts", {}):
        minutes = sum(how["wall_seconds"] for how in parts.values()) / 60
        words.append(f"these parts took {minutes:.1f} minutes (aim: {speed_aims.MINUTES} for all)")
    return f"{one['date']}; {'; '.join(words)}."


def beside(rows: Iterable[Row], kind: str) -> str:
    """The table beside lightly; a memory or a share that was not measured is a dash."""
    head = ("", "ours", "lightly", "ratio (lowest to highest; rounds)", "aim", "share", "MB, ours / lightly")
    lines = [
        (row["what"], rate(row, "ours"), rate(row, "lightly"), ratio(row), speed_aims.aim(row["what"], kind),
         f"{100 * row['share']:.0f} %" if "share" in row else "–",
         f"{row['ours_mb']:.0f} / {row['lightly_mb']:.0f}" if "ours_mb" in row else "–")
        for row in rows
    ]  # fmt: skip
    return table(head, lines)


def rate(row: Row, side: str) -> str:
    value = float(cast(float, row[side]))  # type: ignore[literal-required]
    return f"{1000 * value:.0f} ms" if row["unit"] == "s" else f"{value:,.0f} images / s"


def ratio(row: Row) -> str:
    return f"{row['ratio']:.3g} ({row['low']:.3g} to {row['high']:.3g}; {row['rounds']})"


def alone(rows: list[Row], *heads: str) -> str:
    """What has no side beside it, and its aim on a quiet core."""
    lines = [
        (row["what"], f"{row['cpu_seconds']:.3g}", *([f"{row['peak_mb']:.0f}"] if row.get("peak_mb") else []),
         aim(row["aim"]))
        for row in rows
    ]  # fmt: skip
    return table(("", *heads, "aim"), lines)


def aim(value: float | str) -> str:
    return value if isinstance(value, str) else f"{value:g} s"


def chapters(found: list[Measured]) -> str:
    """A row a chapter and preset, a column a processor; what was not measured on one is a dash."""
    costs = {one["kind"]: one["chapter_costs"] for one in found if "chapter_costs" in one}
    said = {
        (cost["chapter"], cost["preset"], kind): f"{cost['cpu_minutes']:,.1f} ({cost['runs']} runs)"
        for kind, of_kind in costs.items() for cost in of_kind
    }  # fmt: skip
    rows = dict.fromkeys((chapter, preset) for chapter, preset, _ in said)
    lines = [(*row, *(said.get((*row, kind), "–") for kind in costs)) for row in rows]
    return table(("chapter", "preset", *costs), lines)


def slopes(found: list[Measured]) -> str:
    lines = [
        (one["kind"], curve["what"], f"{curve['points'][0][0]:,.0f} to {curve['points'][-1][0]:,.0f} {curve['x']}",
         f"{curve['points'][-1][1]:.3g} {curve['y']}", f"{curve['slope']:.2f}")
        for one in found for curve in curves(one)
    ]  # fmt: skip
    return table(("processor", "cost", "from, to", "at the end", "slope"), lines)


# --- the README


def readme_table() -> str:
    """One line a measurement beside lightly, of every processor."""
    lines = [
        (one["cpu"], row["what"], rate(row, "ours"), rate(row, "lightly"),
         ratio(row))
        for one in measured() for row in [*one.get("beside", []), *one.get("loss", [])]
    ]  # fmt: skip
    return table(("processor", "", "ours", "lightly", "ratio (lowest to highest; rounds)"), lines)


def with_table(text: str) -> str:
    """The README with its table as it is drawn now. ValueError where the marks are not there."""
    before, begun, rest = text.partition(MARKS[0])
    _, ended, after = rest.partition(MARKS[1])
    if not begun or not ended:
        raise ValueError(f"the README lacks one of the marks {MARKS}")
    return f"{before}{MARKS[0]}\n\n{readme_table()}\n\n{MARKS[1]}{after}"


def main(write: Callable[[str], object] = print) -> int:
    readme = ROOT / "README.md"
    readme.write_text(with_table(readme.read_text("utf-8")), "utf-8")
    write(str(readme))
    return 0


if __name__ == "__main__":
    sys.exit(main())
