"""Numbers of verdicts, as every page writes them."""

from anatomy.verdicts.verdict import Verdict

NONE = "–"


def number(value: float | None) -> str:
    """Three digits say all that a few seeds can; a minus sign and not a hyphen."""
    return NONE if value is None else f"{value:.3g}".replace("-", "−")


def interval(verdict: Verdict) -> str:
    """`−1.77 to −1.04`"""
    known = verdict.low is not None and verdict.high is not None
    return f"{number(verdict.low)} to {number(verdict.high)}" if known else NONE
