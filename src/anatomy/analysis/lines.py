"""What a page says of the lines of a figure: where each is highest, and where it ends."""

from collections.abc import Iterator

import pandas as pd


def peaks(means: pd.DataFrame, along: str) -> str:
    """Columns arm, `along`, mean: a point a line, with its highest value and whether that lies between its ends."""
    return "\n".join(f"- {arm}: {_peak(line, along)}." for arm, line in _each(means, along))


def ends(means: pd.DataFrame, along: str) -> str:
    """Columns arm, `along`, mean, low, high: a point a line, with its last value and the interval over seeds."""
    return "\n".join(f"- {arm}: {_end(line.iloc[-1], along)}." for arm, line in _each(means, along))


def _each(means: pd.DataFrame, along: str) -> Iterator[tuple[str, pd.DataFrame]]:
    for arm, line in means.dropna(subset="mean").groupby("arm", sort=False):
        yield str(arm), line.sort_values(along, ignore_index=True)


def _peak(line: pd.DataFrame, along: str) -> str:
    top = int(line["mean"].argmax())
    where = "between the ends" if 0 < top < len(line) - 1 else "at an end"
    return f"highest {where}, {line['mean'][top]:.2f} at {line[along][top]:g}"


def _end(last: pd.Series, along: str) -> str:
    seeds = "one seed" if pd.isna(last["low"]) else f"{last['low']:.2f} to {last['high']:.2f}"
    return f"{last['mean']:.2f} ({seeds}) at {along} {last[along]:g}"
