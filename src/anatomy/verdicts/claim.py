"""A claim: what is said, by whom, and the parts by which it is judged, written before the runs.

One small file a claim, `claims/<family>/c07_words_that_say_it.py`, with one `CLAIM`; its id is family and number.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import pandas as pd

from anatomy.errors import InputError, nearest
from anatomy.verdicts.combine import agreed, all_keys, all_parts, fixed_n, without_mechanism
from anatomy.verdicts.criteria import Criterion, Exact, Threshold
from anatomy.verdicts.verdict import Verdict

Tables = Mapping[str, pd.DataFrame]
SIZES = ["smoke", "laptop", "overnight", "gpu"]
NO_EFFECT = "no effect of the paper's was at hand to halve"


class NotRun(Exception):
    """What a part needs is not among the runs; the message, if any, says what."""


@dataclass(frozen=True, eq=False)
class Sample:
    """What a part is judged by: one number a seed (of a Threshold, one row), and the keys of the runs behind them."""

    values: np.ndarray
    keys: frozenset[str]

    @classmethod
    def of(cls, values: np.ndarray, *rows: pd.DataFrame) -> "Sample":
        """`rows` are those of the runs that the values are of; their column `key` names these runs."""
        return cls(values, frozenset().union(*(part["key"] for part in rows)))


# None: the part is not asked of these runs, and the claim is judged without it. Several: one for each point of a grid.
Draw = Callable[[Tables], Sample | Mapping[str, Sample] | None]


@dataclass(frozen=True)
class Mechanism:
    """What a claim, or a part of one, works through; where it is not `present` in these runs, neither success nor
    failure counts.

    `absent` completes "Undecided too if ...". `rows` are those of runs that no part reads; `seen` says the numbers.
    """

    absent: str
    present: Callable[[Tables], bool]
    rows: Callable[[Tables], pd.DataFrame] | None = None
    seen: Callable[[Tables], str] | None = None


@dataclass(frozen=True)
class Part:
    """One quantity of a claim: the criterion that judges it, what is drawn from the tables, and the margin's unit.

    A `demonstration` follows from algebra or from the code: it is shown and tested, and decides nothing beside parts
    that can fail. `mechanism`: of this part alone.

    `draw` raises NotRun, or KeyError for a table or a column that is not there, where the claim was not run.
    """

    criterion: Criterion
    draw: Draw
    unit: str = "points"
    demonstration: bool = False
    mechanism: Mechanism | None = None

    @property
    def shown_unit(self) -> str:
        """Of the number that is shown: what a Threshold compares and an Exact's relative error have none."""
        return "" if isinstance(self.criterion, Threshold | Exact) else self.unit


@dataclass(frozen=True, kw_only=True)
class Claim:
    """`paper`: the sentence, table or figure was seen; `code`: the authors'; `ours`: the rest.

    The primary quantity is the first of `parts`. `equal_passes` are parts of the same names, compared at equal encoder
    passes with gradient. `margins` says where their numbers come from, `notes` what is special in the rule; the rest of
    the rule's sentence follows from the parts (`verdicts.rule_text`).
    """

    module: str  # __name__ of the claim's file
    statement: str
    attribution: Literal["paper", "code", "ours"]
    source: str
    quantity: str
    parts: Mapping[str, Part]
    min_preset: Literal["smoke", "laptop", "overnight", "gpu"]
    margins: str = NO_EFFECT
    notes: str = ""
    equal_passes: Mapping[str, Part] | None = None
    mechanism: Mechanism | None = None

    @property
    def id(self) -> str:
        """`dictionary-2` of dictionary/c02_more_negatives_equalize_anchors.py."""
        family, file = self.module.split(".")[-2:]
        return f"{family}-{int(re.findall(r'[0-9]+', file)[0])}"

    @property
    def criteria(self) -> list[Criterion]:
        return [part.criterion for part in self.parts.values()]

    @property
    def statistical(self) -> bool:
        """Whether seeds decide it, and so chance may."""
        return not all(isinstance(criterion, Exact) for criterion in self.criteria)

    @property
    def demonstration(self) -> bool:
        """Whether nothing of it can fail, so that it is counted apart."""
        return all(part.demonstration for part in self.parts.values())


def part_of(claim: Claim, name: str) -> Part:
    """`own best` of `equal epochs, own best`; of a point of a grid the claim's first."""
    return claim.parts.get(name.rpartition(", ")[2], claim.parts.get(name, next(iter(claim.parts.values()))))


def samples(part: Part, name: str, tables: Tables) -> Iterator[tuple[str, Sample]]:
    """What is drawn for a part, by name: none, one, or one for each point of a grid."""
    drawn = part.draw(tables)
    if isinstance(drawn, Sample):
        yield name, drawn
    elif drawn is not None:
        yield from drawn.items()


def judge(claim: Claim, tables: Tables, preset: str, seeds: int | None = None) -> Verdict:
    """The claim on the tables of one preset, one data set and one network.

    `seeds`: the n that the preset fixed beforehand, where it is known.
    """
    if preset not in SIZES:
        raise InputError(f"no preset is called {preset!r}; {nearest(preset, SIZES)}")
    if SIZES.index(preset) < SIZES.index(claim.min_preset):
        return Verdict("not run", note=f"needs the preset {claim.min_preset} or a larger one")
    verdict = _judge_parts(claim.parts, tables)
    if claim.equal_passes is not None:
        verdict = agreed(verdict, _judge_parts(claim.equal_passes, tables))
    if seeds is not None and claim.statistical:
        verdict = fixed_n(verdict, seeds)
    return _through(claim.mechanism, verdict, tables)


def _through(mechanism: Mechanism | None, verdict: Verdict, tables: Tables) -> Verdict:
    """The verdict where the mechanism is there; undecided where it is not, or was not measured.

    What was not run stays so. But a part that read the mechanism's own runs and drew no number from them was run: it
    asks what happened with the mechanism, and it did not happen."""
    if mechanism is None or (verdict.word == "not run" and not verdict.keys):
        return verdict
    try:
        own = frozenset() if mechanism.rows is None else frozenset(mechanism.rows(tables)["key"])
        if verdict.word == "not run" and own != verdict.keys:
            return verdict
        verdict = replace(verdict, keys=verdict.keys | own)
        if mechanism.present(tables):
            return verdict
        return without_mechanism(verdict, why=mechanism.seen(tables) if mechanism.seen else "")
    except KeyError as missing:
        if verdict.word == "not run":
            return verdict
        return without_mechanism(verdict, why=f"mechanism not measured: no {missing}")


def _judge_parts(parts: Mapping[str, Part], tables: Tables) -> Verdict:
    try:
        drawn = [(part, *found) for name, part in parts.items() for found in samples(part, name, tables)]
    except KeyError as missing:
        return Verdict("not run", note=f"no {missing} in the tables")
    except NotRun as reason:
        return Verdict("not run", note=str(reason))
    if not drawn:
        return Verdict("not run")
    judged = {name: _through(part.mechanism, _judge(part, sample), tables) for part, name, sample in drawn}
    shown = [name for part, name, _ in drawn if part.demonstration]
    deciding = {name: verdict for name, verdict in judged.items() if name not in shown}
    if shown and deciding:
        return replace(all_parts(deciding), parts=judged, keys=all_keys(judged.values()))
    return all_parts(judged)


def _judge(part: Part, sample: Sample) -> Verdict:
    verdict = part.criterion.judge(sample.values) if len(sample.values) else Verdict("not run")
    return replace(verdict, keys=sample.keys)
