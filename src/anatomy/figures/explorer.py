"""Pictures that a reader drags: those of book/explorers, and scores.html filled with what was recorded in training.

The page needs no file and no host: data, drawing and script stand in it. Without scripts the last step is drawn.
"""

import json
from bisect import bisect
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pandas import DataFrame

from anatomy.errors import InputError, nearest
from anatomy.figures.drawn import Tables

FOLDER = Path(__file__).parents[3] / "book" / "explorers"
TALLEST = 0.25  # share of a bin at the upper edge: where all scores are alike, a taller bar says no more
SHOWN = {"positive": "positive", "negative": "negative", "false": "raw_false"}  # by the name in the picture


@dataclass(frozen=True)
class Explorer:
    """Markup that a notebook shows as it is."""

    name: str
    markup: str
    tables: Tables = field(default_factory=dict)  # that it shows

    def _repr_html_(self) -> str:
        return self.markup

    def __repr__(self) -> str:
        return f"<Explorer of {self.name}: run this cell to see it>"


def committed(name: str) -> Explorer:
    """One that draws a formula; InputError for an unknown name."""
    known = {path.stem: path for path in FOLDER.glob("*.html") if path.stem != "scores"}
    if name not in known:
        raise InputError(f"there is no explorer {name!r}; {nearest(name, known)}")
    return Explorer(name, known[name].read_text(encoding="utf-8"))


def scores(histograms: DataFrame, curves: DataFrame) -> Explorer:
    """The arms of `histograms` (arm, step, score, shares of SHOWN), the first one drawn, over the means of `curves`
    (arm, step, positive, negative). Where a run is long these are means over windows of steps, and a histogram has the
    means of the window that it lies in."""
    data = recorded(histograms, curves)
    name, arm = next(iter(data["arms"].items()))
    frame, last = arm["frames"][-1], data["last"]
    means = [f"{arm[kind][frame['at']]:.2f}" for kind in ("positive", "negative")]
    words: dict[str, object] = {
        **{kind: stairs(frame[kind], data["top"]) for kind in SHOWN},
        **{f"curve-{kind}": line(arm["steps"], arm[kind], last) for kind in ("positive", "negative")},
        "now": f"M{along(frame['step'], last)} 190V250",
        "says": f"{name}, step {frame['step']}: mean score of positives {means[0]}, of negatives {means[1]}",
        "step": frame["step"],
        "last": len(arm["frames"]) - 1,
        "data": json.dumps(data, separators=(",", ":")),
    }
    text = (FOLDER / "scores.html").read_text(encoding="utf-8")
    for word, value in words.items():
        text = text.replace(f"{{{word}}}", str(value))
    return Explorer("scores", text, {"histograms": histograms, "means": curves})


def recorded(histograms: DataFrame, curves: DataFrame) -> dict[str, Any]:  # JSON
    """What the script reads: {bins, top, last, arms: {name: {steps, positive, negative, frames}}}; of a frame `at` is
    its place among the steps."""
    arms = {}
    for name, rows in histograms.groupby("arm", sort=False):
        recorded = curves[curves["arm"] == name].sort_values("step")
        means = {kind: recorded[kind].round(3).tolist() for kind in ("positive", "negative")}
        steps = recorded["step"].astype(int).tolist()
        frames = [_frame(rows[rows["step"] == step], int(step), steps) for step in sorted(rows["step"].unique())]
        arms[str(name)] = {"steps": steps, **means, "frames": frames}
    return {
        "bins": int(histograms["score"].nunique()),
        "top": min(TALLEST, float(histograms[list(SHOWN.values())].max().max())),
        "last": int(curves["step"].max()),
        "arms": arms,
    }


def _frame(rows: DataFrame, step: int, steps: list[int]) -> dict[str, Any]:
    shares = {kind: rows[column].tolist() for kind, column in SHOWN.items()}
    return {"step": step, "at": bisect(steps, step) - 1, **shares}


# --- the drawing of the first sight; the script draws the others in the same way


def stairs(shares: list[float], top: float) -> str:
    steps = [f"V{150 - 130 * min(1, s / top):.1f}H{20 + 330 * (i + 1) / len(shares):.1f}" for i, s in enumerate(shares)]
    return f"M20 150{''.join(steps)}V150Z"


def along(step: int, last: int) -> str:
    return f"{20 + 330 * step / last:.1f}"


def line(steps: list[int], means: list[float], last: int) -> str:
    points = (f"{along(step, last)} {245 - 50 * mean:.1f}" for step, mean in zip(steps, means, strict=True))
    return f"M{'L'.join(points)}"
