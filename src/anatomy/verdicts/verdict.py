"""One of four words, with the numbers behind it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Word = Literal["holds", "does not hold", "undecided", "not run"]


@dataclass(frozen=True)
class Verdict:
    """A word and the numbers behind it; a number is None where the kind or the data gives none.

    `low`, `high`: the 95 % t interval of the estimate (Threshold: smallest and largest seed).
    `n`: seeds (Exact: errors). `needed`: the n that would decide at the noise seen.
    `p`: of the comparison that gave the word, two-sided; what Holm's correction reads.
    `keys`: of the runs that the verdict rests on.
    """

    word: Word
    estimate: float | None = None
    low: float | None = None
    high: float | None = None
    n: int = 0
    needed: int | None = None
    p: float | None = None
    parts: Mapping[str, "Verdict"] = field(default_factory=dict)
    note: str = ""
    keys: frozenset[str] = frozenset()
