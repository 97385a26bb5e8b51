"""From a pilot's tables to the seeds of a claim: the spread of what each part is judged by, and what it asks for."""

from collections.abc import Iterator

import numpy as np

from anatomy.verdicts.claim import Claim, NotRun, Part, Tables, samples
from anatomy.verdicts.designs import ClaimDesign, PartDesign
from anatomy.verdicts.power import LEAST, Judged, design

DIGITS = 4  # of a spread from three seeds


def designed(claim: Claim, tables: Tables, pilot: dict[str, object], date: str) -> ClaimDesign | None:
    """The design of a claim; None where chance decides nothing. `pilot` says where the tables are from."""
    parts = {name: _part(part, criterion, name, tables) for name, part, criterion in decided_by_chance(claim)}
    if not parts:
        return None
    return ClaimDesign(
        n=max(part["n"] for part in parts.values()),
        holds=_least(part["holds"] for part in parts.values()),
        fails=_least(part["fails"] for part in parts.values()),
        date=date,
        pilot=pilot if any(part["sd"] is not None for part in parts.values()) else None,
        parts=parts,
    )


def decided_by_chance(claim: Claim) -> Iterator[tuple[str, Part, Judged]]:
    """The parts that are judged by the spread of their numbers, those at equal encoder passes too."""
    passes = {f"{name}, at equal encoder passes": part for name, part in (claim.equal_passes or {}).items()}
    for name, part in (dict(claim.parts) | passes).items():
        if isinstance(part.criterion, Judged) and not part.demonstration:
            yield name, part, part.criterion


def spread(part: Part, name: str, tables: Tables) -> float | None:
    """Standard deviation over the seeds; of a grid pooled over its points. None where there is none to see."""
    try:
        drawn = [sample.values for _, sample in samples(part, name, tables)]
    except (KeyError, NotRun):
        return None
    known = [values for values in drawn if len(values) > 1 and np.isfinite(values).all()]
    freedom = sum(len(values) - 1 for values in known)
    squares = sum(float(np.var(values)) * len(values) for values in known)
    return float(np.sqrt(squares / freedom)) if squares else None


def _part(part: Part, criterion: Judged, name: str, tables: Tables) -> PartDesign:
    sd = spread(part, name, tables)
    if sd is None:
        return PartDesign(margin=criterion.margin, sd=None, n=LEAST, holds=None, fails=None)
    sd = float(f"{sd:.{DIGITS}g}")
    found = design(criterion, sd)
    assert found is not None
    holds, fails = round(found.holds, DIGITS), round(found.fails, DIGITS)
    return PartDesign(margin=criterion.margin, sd=sd, n=found.n, holds=holds, fails=fails)


def _least(powers: Iterator[float | None]) -> float | None:
    return min((power for power in powers if power is not None), default=None)
