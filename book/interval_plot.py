"""A verdict's number as a small picture in a line of text: the interval, what it is judged by, and what was reported.

An SVG in the colors of the page's style. The number stands beside it in words, so it is hidden from who is read to.
"""

from collections.abc import Iterator

from anatomy.verdicts import Equivalence, Exact, Threshold, Verdict
from anatomy.verdicts.criteria import Criterion

WIDTH, HEIGHT, EDGE = 150, 20, 7  # CSS pixels; EDGE is free at both sides
MIDDLE = HEIGHT / 2


def interval_plot(verdict: Verdict, criterion: Criterion, reported: float | None = None) -> str:
    """Empty where there is no interval, as of an identity."""
    if verdict.estimate is None or verdict.low is None or verdict.high is None or isinstance(criterion, Exact):
        return ""
    at = Axis(limits(criterion) + [verdict.low, verdict.high] + ([] if reported is None else [reported]))
    marks = [*judged_by(criterion, at), line("interval", at(verdict.low), at(verdict.high))]
    marks.append(f'<circle class="estimate" cx="{at(verdict.estimate):.1f}" cy="{MIDDLE:g}" r="3.5"/>')
    if reported is not None:
        marks.append(f'<path class="reported" d="M{at(reported):.1f} {MIDDLE - 5:g}l5 5-5 5-5-5z"/>')
    size = f'viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}"'
    return f'<svg class="interval-plot" {size} aria-hidden="true">{"".join(marks)}</svg>'


class Axis:
    """From a number to its place, the smallest at the left edge and the largest at the right one."""

    def __init__(self, values: list[float]) -> None:
        self.low, span = min(values), max(values) - min(values)
        self.scale = (WIDTH - 2 * EDGE) / (span or 1.0)

    def __call__(self, value: float) -> float:
        return EDGE + self.scale * (value - self.low)


def limits(criterion: Criterion) -> list[float]:
    """What an interval is compared with: zero and the margin, or the two limits of a spread."""
    match criterion:
        case Exact():
            return []
        case Threshold():
            return [criterion.spread_below, criterion.spread_above]
        case Equivalence(one_sided=False):
            return [-criterion.margin, 0.0, criterion.margin]
        case Equivalence():
            return [-criterion.margin, 0.0]
    return [0.0, criterion.margin]


def judged_by(criterion: Criterion, at: Axis) -> Iterator[str]:
    """The band of an equivalence, a line at zero, and a broken one at each margin or limit."""
    if isinstance(criterion, Equivalence):
        end = at(criterion.margin) if not criterion.one_sided else WIDTH
        start = at(-criterion.margin)
        yield f'<rect class="band" x="{start:.1f}" y="2" width="{end - start:.1f}" height="{HEIGHT - 4}"/>'
    for value in limits(criterion):
        yield upright("zero" if value == 0 else "limit", at(value))


def upright(name: str, x: float) -> str:
    return f'<line class="{name}" x1="{x:.1f}" x2="{x:.1f}" y1="1" y2="{HEIGHT - 1}"/>'


def line(name: str, start: float, end: float) -> str:
    return f'<line class="{name}" x1="{start:.1f}" x2="{end:.1f}" y1="{MIDDLE:g}" y2="{MIDDLE:g}"/>'
