"""The ledger: every claim with its verdicts, each of one preset, one data set and one network."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from anatomy.hardware.processors import two_kinds
from anatomy.verdicts.claim import Claim, Tables, judge
from anatomy.verdicts.climb import climb
from anatomy.verdicts.combine import holm, of_fewest
from anatomy.verdicts.designs import ClaimDesign, design_of, seeds_of, too_few
from anatomy.verdicts.first_seeds import OfSeeds, first_seeds
from anatomy.verdicts.rule_digest import first_under, rule_age
from anatomy.verdicts.trend import Beside, Trend, margin_of, trend
from anatomy.verdicts.verdict import Verdict

Provenance = Mapping[str, object]
ARCHIVED = "these runs are of an earlier recipe, and judge nothing"


@dataclass(frozen=True)
class Study:
    """The tables of the runs of one preset, data set and network; provenances by the run's key.

    `asked` are the ids of the claims that these runs were made for (all without it); `seeds` is the n that the
    preset fixed beforehand, with `by_design` that of each claim's own design: with fewer, nothing is decided yet. Of
    `order` a claim reads the first n seeds and no later one; without it, all that were run.
    `archived`: of an earlier recipe, which judges nothing.
    `rungs`: tables by epochs, and `climbs`: the ids of the claims whose effect is measured at each (`climb`).
    """

    preset: str
    dataset: str
    network: str
    tables: Tables
    provenances: Mapping[str, Provenance] = field(default_factory=dict)
    asked: Collection[str] | None = None
    seeds: int | None = None
    archived: bool = False
    rungs: Mapping[int, Tables] = field(default_factory=dict)
    climbs: Collection[str] = ()
    by_design: bool = False
    order: tuple[int, ...] = ()
    # By the tables' id, which live as long as the study, and the seeds.
    _read: dict[tuple[int, tuple[int, ...]], Tables] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def n(self, claim: Claim) -> int | None:
        """What was fixed beforehand for a claim."""
        return seeds_of(claim.id) if self.by_design else self.seeds

    def read_by(self, claim: Claim, tables: Tables) -> Tables:
        """The rows of the seeds that a claim reads; claims that read the same share them."""
        seeds = self.order[: self.n(claim)]
        return self._read.setdefault((id(tables), seeds), first_seeds(tables, seeds)) if self.order else tables

    def at_seed(self, tables: Tables, seed: int) -> Tables:
        """The rows of one seed."""
        whole = tables.tables if isinstance(tables, OfSeeds) else tables
        return self._read.setdefault((id(whole), (seed,)), OfSeeds(whole, (seed,)))


@dataclass(frozen=True)
class Judged:
    """One verdict and where it belongs; `holm`: it survives the correction (None: no chance); `trend`: over the rungs
    of training (None: not climbed); `design`: of its n; `began`: when the first of the runs began that hold the digest
    of the rule, seconds since 1970 (None: none does)."""

    preset: str
    dataset: str
    network: str
    verdict: Verdict
    runs: tuple[str, ...]
    holm: bool | None = None
    trend: Trend | None = None
    design: ClaimDesign | None = None
    began: float | None = None


@dataclass(frozen=True)
class Row:
    """One claim of the ledger."""

    claim: Claim
    verdicts: tuple[Judged, ...]

    @property
    def first_run(self) -> str:
        """When the first run began that it judges and that holds its digest, ISO 8601, UTC; empty: none does."""
        times = [one.began for one in self.verdicts if one.began is not None]
        return datetime.fromtimestamp(min(times), UTC).isoformat(timespec="seconds") if times else ""


def ledger(studies: Iterable[Study], claims: Sequence[Claim]) -> list[Row]:
    """Judge the claims on the studies made for them, and mark what survives Holm's correction in its preset."""
    judged = [
        (claim, judge_on(claim, study))
        for study in studies
        for claim in claims
        if study.asked is None or claim.id in study.asked
    ]
    marked = _corrected(judged)
    return [Row(claim, said(one for of, one in marked if of.id == claim.id)) for claim in claims]


def said(verdicts: Iterable[Judged]) -> tuple[Judged, ...]:
    """All but what was not run at a preset that has a verdict on other images: of those only some claims are asked."""
    every = tuple(verdicts)
    run = {one.preset for one in every if one.verdict.word != "not run"}
    return tuple(one for one in every if one.verdict.word != "not run" or one.preset not in run)


def judge_on(claim: Claim, study: Study) -> Judged:
    """The claim on one study, with the runs that decided it and the age of the rule."""
    if study.archived:
        return Judged(study.preset, study.dataset, study.network, Verdict("not run", note=ARCHIVED), ())
    verdict = judge(claim, study.read_by(claim, study.tables), study.preset, study.n(claim))
    design = design_of(claim.id) if study.by_design else None
    if mixed := two_kinds(by_seed(study, verdict.keys), study.provenances):
        verdict = Verdict("not run", note=mixed)
    runs, began = tuple[str, ...](), None
    if verdict.word != "not run":
        runs = tuple(sorted(verdict.keys))
        made = [study.provenances.get(run, {}) for run in runs]
        age, began = rule_age(claim, made), first_under(claim, made)
        power = too_few(design) if verdict.word == "undecided" else ""
        verdict = of_fewest(verdict)
        verdict = replace(verdict, note="; ".join(filter(None, [verdict.note, power, age])))
    moves = trend_on(claim, study)
    where = study.preset, study.dataset, study.network
    return Judged(*where, verdict, runs, trend=moves, design=design, began=began)


def trend_on(claim: Claim, study: Study) -> Trend | None:
    """How the claim's effect moves over the rungs of the study; None where fewer than two rungs were run."""
    if claim.id not in study.climbs or study.archived:
        return None
    rungs = {epochs: study.read_by(claim, tables) for epochs, tables in study.rungs.items()}
    (_, part), *rest = claim.parts.items()
    climbed = climb(part, rungs, study.at_seed)
    if not climbed.begun:
        return None
    if mixed := two_kinds(climbed.keys, study.provenances):
        return Trend("not run", climbed.rungs, part.shown_unit, mixed)
    word = trend(climbed.rungs, margin_of(part.criterion), part.shown_unit)
    others = {name: (other.shown_unit, climb(other, rungs, study.at_seed)) for name, other in rest}
    beside = [Beside(name, unit, found.rungs) for name, (unit, found) in others.items()
              if found.begun and not two_kinds(found.keys, study.provenances)]  # fmt: skip
    return replace(word, beside=tuple(beside))


def by_seed(study: Study, keys: Collection[str]) -> dict[int, set[str]]:
    """The runs behind a verdict; without floors, which are no arm of a contrast and stand in no table of runs."""
    if "runs" not in study.tables:
        return {}
    runs, found = study.tables["runs"], dict[int, set[str]]()
    for key, seed in zip(runs["key"], runs["seed"], strict=True):
        if key in keys:
            found.setdefault(int(seed), set()).add(key)
    return found


def _corrected(judged: Sequence[tuple[Claim, Judged]]) -> list[tuple[Claim, Judged]]:
    """A family is a preset's verdicts that have a p; only one that says something can survive."""
    survives: dict[int, bool] = {}
    for preset in {one.preset for _, one in judged}:
        family = [
            (place, one.verdict.p)
            for place, (claim, one) in enumerate(judged)
            if one.preset == preset and one.verdict.p is not None and not claim.demonstration
        ]
        kept = holm([p for _, p in family])
        survives |= {place: keep for (place, _), keep in zip(family, kept, strict=True)}
    decided = ("holds", "does not hold")
    return [
        (claim, replace(one, holm=survives[place] and one.verdict.word in decided))
        if place in survives
        else (claim, one)
        for place, (claim, one) in enumerate(judged)
    ]
