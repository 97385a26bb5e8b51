"""One verdict out of several: parts, two ways of comparing, a missing mechanism, a fixed n; and chance over many."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from anatomy.verdicts.criteria import SMALLER
from anatomy.verdicts.student_t import LEVEL
from anatomy.verdicts.verdict import Verdict, Word

CANNOT_SHOW = "this scale cannot show it"
FEWER_SEEDS = re.compile(r"\d+ of the ((\d+) seeds fixed beforehand)")  # what `fixed_n` says in a note


def all_parts(parts: Mapping[str, Verdict]) -> Verdict:
    """Holds if each part holds; does not hold if any does not; else undecided, or not run.

    The numbers are those of the part that decides; of parts with the same word, of the first: a
    claim names its primary quantity first. n is the smallest of all parts.
    """
    if len(parts) == 1:
        return next(iter(parts.values()))
    order: list[Word] = ["does not hold", "not run", "undecided", "holds"]
    name = min(parts, key=lambda part: order.index(parts[part].word))
    same = [verdict for verdict in parts.values() if verdict.word == parts[name].word]
    return replace(
        parts[name],
        n=min(verdict.n for verdict in parts.values()),
        needed=_needed(same),
        p=_p(same, len(parts)),
        parts=dict(parts),
        note=_note(name, parts),
        keys=all_keys(parts.values()),
    )


def all_keys(verdicts: Iterable[Verdict]) -> frozenset[str]:
    """Of the runs behind any of them."""
    return frozenset().union(*(verdict.keys for verdict in verdicts))


def flat_parts(verdict: Verdict) -> dict[str, Verdict]:
    """All parts by name, and theirs: `equal epochs`, `equal epochs, own best`."""
    flat: dict[str, Verdict] = {}
    for name, part in verdict.parts.items():
        flat[name] = part
        flat |= {f"{name}, {inner}": one for inner, one in flat_parts(part).items()}
    return flat


def to_decide(verdict: Verdict, claim: Verdict | None = None) -> str:
    """`n = 6 would decide at the spread seen`, of a verdict, or of a part of a claim's; nothing while seeds are lacking
    that were fixed beforehand, since no other number counts then."""
    waits = FEWER_SEEDS.search((claim or verdict).note)
    return "" if waits or not verdict.needed else f"n = {verdict.needed} would decide at the spread seen"


def agreed(epochs: Verdict, passes: Verdict) -> Verdict:
    """At equal epochs and at equal encoder passes with gradient: undecided where they differ."""
    parts = {"equal epochs": epochs, "equal encoder passes": passes}
    if epochs.word == passes.word:
        return all_parts(parts)
    word: Word = "not run" if "not run" in (epochs.word, passes.word) else "undecided"
    note = "; ".join(f"at {name}: {one.word}" for name, one in parts.items())
    return replace(epochs, word=word, needed=None, parts=parts, note=note, keys=all_keys(parts.values()))


def without_mechanism(verdict: Verdict, why: str = "") -> Verdict:
    """Neither success nor failure counts where what the claim works through is absent."""
    note = f"{CANNOT_SHOW} ({why})" if why else CANNOT_SHOW
    return replace(verdict, word="undecided", needed=None, note=note)


def fixed_n(verdict: Verdict, seeds: int) -> Verdict:
    """n is fixed beforehand: fewer seeds do not decide yet, more make a new, labeled verdict."""
    if verdict.word == "not run" or verdict.n == seeds:
        return verdict
    if verdict.n > seeds:
        label = f"a new verdict on {verdict.n} seeds; {seeds} were fixed beforehand"
        return replace(verdict, note=_joined(verdict.note, label))
    needed = verdict.needed if verdict.word == "undecided" else seeds
    label = f"{verdict.n} of the {seeds} seeds fixed beforehand"
    return replace(verdict, word="undecided", needed=needed, note=_joined(verdict.note, label))


def of_fewest(verdict: Verdict) -> Verdict:
    """The same, where parts have unlike many seeds, saying of which of them the note counts those that lack."""
    unlike = any(part.n > verdict.n for part in flat_parts(verdict).values())
    note = (
        FEWER_SEEDS.sub(lambda found: f"{found[0]}, in the part with fewest", verdict.note) if unlike else verdict.note
    )
    return replace(verdict, note=note)


def holm(p_values: Sequence[float]) -> list[bool]:
    """Which hypotheses survive Holm's step-down correction at 5 % over the whole family."""
    p, kept = np.asarray(p_values, dtype=float), np.zeros(len(p_values), dtype=bool)
    for rank, index in enumerate(np.argsort(p, kind="stable")):
        if not p[index] <= (1 - LEVEL) / (len(p) - rank):
            break
        kept[index] = True
    return kept.tolist()


def _needed(same: list[Verdict]) -> int | None:
    counts = [verdict.needed for verdict in same]
    return None if None in counts else max(n for n in counts if n is not None)


def _p(same: list[Verdict], parts: int) -> float | None:
    """That all hold is as doubtful as the weakest part; that one of k fails had k chances."""
    tested = [verdict.p for verdict in same if verdict.p is not None]
    if tested and same[0].word == "does not hold":
        return min(1.0, parts * min(tested))
    return max(tested, default=None)


def _note(deciding: str, parts: Mapping[str, Verdict]) -> str:
    word, notes = parts[deciding].word, {name: one.note for name, one in parts.items() if one.note}
    if word != "holds":
        return _joined(f"{word} in: {deciding}", parts[deciding].note)
    if set(notes.values()) == {SMALLER}:
        return SMALLER
    return "; ".join(f"{name}: {note}" for name, note in notes.items())


def _joined(*notes: str) -> str:
    return "; ".join(note for note in notes if note)
