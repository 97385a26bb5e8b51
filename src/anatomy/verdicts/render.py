"""The ledger as text for a terminal, as a table for a page, and as JSON."""

import json
from collections.abc import Iterable, Iterator, Sequence
from math import isfinite
from textwrap import wrap

import pandas as pd

from anatomy.verdicts.combine import flat_parts, to_decide
from anatomy.verdicts.known_rules import dates
from anatomy.verdicts.ledger import Judged, Row
from anatomy.verdicts.rule_text import criteria_names, rule_text
from anatomy.verdicts.student_t import LEVEL
from anatomy.verdicts.trend import Trend
from anatomy.verdicts.verdict import Verdict

WIDTH = 100  # of a line in a terminal


def as_text(rows: Sequence[Row]) -> str:
    """A block a claim with its verdicts, then how many of these chance alone may have got wrong."""
    return "\n\n".join([*("\n".join(_block(row)) for row in rows), "\n".join(_chance(rows))])


def as_frame(rows: Sequence[Row]) -> pd.DataFrame:
    """One line a verdict, of the claims that have one: verdict, estimate, interval, n, note; all as text."""
    judged = [(row.claim.id, one) for row in rows for one in row.verdicts]
    lines = [[_word(one), *_numbers(one.verdict), _note(one.verdict, one.trend)] for _, one in judged]
    columns = ["verdict", "estimate", "95 % interval", "n", "note"]
    return pd.DataFrame(lines, columns=columns, index=[id for id, _ in judged])


def _block(row: Row) -> Iterator[str]:
    """What is claimed, and below it for each study the verdict, its parts and its note."""
    shown = "demonstration: " if row.claim.demonstration else ""
    yield f"{row.claim.id}  {row.claim.attribution}, {shown}{criteria_names(row.claim)}"
    yield from _indented(row.claim.statement, 2)
    if not row.verdicts:
        yield "  not run"
    for one in row.verdicts:
        yield _line(f"  {one.preset:<10} {one.dataset:<9} {_word(one):<14}", one.verdict, f"  {one.network}")
        for name, part in flat_parts(one.verdict).items():
            note = f" ({of_part})" if (of_part := _note(part, claim=one.verdict)) else ""
            yield from _indented(_line(f"- {name}: {part.word} ", part, note), 4)
        yield from _indented(_note(one.verdict, one.trend), 4)


def _indented(text: str, by: int) -> list[str]:
    return wrap(text, WIDTH, initial_indent=" " * by, subsequent_indent=" " * by)


def _line(begin: str, verdict: Verdict, end: str) -> str:
    """`0.31 [0.2, 0.42], n = 3` between them."""
    estimate, interval, n = _numbers(verdict)
    numbers = ", ".join(filter(None, [f"{estimate} {interval}".strip(), f"n = {n}" * bool(n)]))
    return f"{begin}{numbers}{end}".rstrip()


def _word(one: Judged) -> str:
    return one.verdict.word + ("*" if one.holm else "")


def _numbers(verdict: Verdict) -> list[str]:
    estimate = "" if verdict.estimate is None else f"{verdict.estimate:.3g}"
    known = verdict.low is not None and verdict.high is not None
    interval = f"[{verdict.low:.3g}, {verdict.high:.3g}]" if known else ""
    return [estimate, interval, str(verdict.n) if verdict.n else ""]


def _note(verdict: Verdict, trend: Trend | None = None, claim: Verdict | None = None) -> str:
    needed = to_decide(verdict, claim)
    passes = [rung.epochs for rung in trend.rungs] if trend else []
    moves = f"over {passes[0]} to {passes[-1]} passes: {trend.word}" if trend else ""
    return "; ".join(filter(None, [verdict.note, needed, moves]))


def _chance(rows: Sequence[Row]) -> list[str]:
    claims = [row for row in rows if not row.claim.demonstration]
    tested = [one for row in claims for one in row.verdicts if one.verdict.p is not None]
    if not tested:
        return ["No verdict here rests on seeds."]
    wrong = (1 - LEVEL) * len(tested)
    return [
        f"Of {len(tested)} statistical verdicts at {LEVEL:.0%}, about {wrong:.1f} are expected to be wrong by chance, "
        "which is no bound; * survives Holm's correction over its preset.",
        f"A claim of k parts is refuted by any of them: up to k x {(1 - LEVEL) / 2:.1%} of such refutations are wrong.",
        "Intervals speak of seeds on this data set, not of new images.",
    ]


def as_json(rows: Iterable[Row]) -> str:
    """{"claims": [{"id", ..., "verdicts": [{"preset", ..., "runs": [keys]}]}]}, indented.

    The times `rule_written` and `first_run` are ISO 8601, UTC, or empty where they are not known. `design` is the
    n that was chosen before the runs, and its powers to find that the claim holds and that it does not; or null.
    """
    claims = [_claim(row) for row in rows]
    return json.dumps({"claims": claims}, indent=2, ensure_ascii=False, allow_nan=False)


def _claim(row: Row) -> dict[str, object]:
    claim = row.claim
    return {
        "id": claim.id,
        "statement": claim.statement,
        "whose": claim.attribution,
        "source": claim.source,
        "kind": criteria_names(claim),
        "attribution": claim.attribution,
        "criteria": criteria_names(claim),
        "min_preset": claim.min_preset,
        "demonstration": claim.demonstration,
        "rule": rule_text(claim),
        "parts": list(claim.parts),
        "demonstrations": [name for name, part in claim.parts.items() if part.demonstration],
        **dates(claim.id),
        "first_run": row.first_run,
        "verdicts": [_judged(one) for one in row.verdicts],
    }


def _judged(one: Judged) -> dict[str, object]:
    where = {"preset": one.preset, "dataset": one.dataset, "network": one.network}
    parts = {name: _verdict(part) for name, part in flat_parts(one.verdict).items()}
    chosen = one.design and {name: one.design[name] for name in ("n", "holds", "fails")}
    after = {
        "runs": list(one.runs),
        "holm": one.holm,
        "design": chosen,
        "parts": parts,
        "trend": one.trend.as_json() if one.trend else None,
    }
    return where | _verdict(one.verdict) | after


def _verdict(verdict: Verdict) -> dict[str, object]:
    numbers = {name: getattr(verdict, name) for name in ("estimate", "low", "high")}
    finite = {name: x if x is None or isfinite(x) else None for name, x in numbers.items()}
    rest = {"n": verdict.n, "needed": verdict.needed, "note": verdict.note}
    return {"verdict": verdict.word} | finite | rest
