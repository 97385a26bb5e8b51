"""The effect of a claim at each rung of training: its first part, drawn seed by seed from that rung's runs alone."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from anatomy.verdicts.claim import Claim, NotRun, Part, Sample, Tables, samples
from anatomy.verdicts.first_seeds import OfSeeds
from anatomy.verdicts.trend import Rung


@dataclass(frozen=True)
class Climb:
    """The rungs in the order given, and the keys of the runs behind them, by seed."""

    rungs: tuple[Rung, ...]
    keys: Mapping[int, frozenset[str]]


def climb(claim: Claim, rungs: Mapping[int, Tables]) -> Climb:
    """`rungs`: tables by epochs; a seed that lacks runs at a rung has no effect there."""
    part = next(iter(claim.parts.values()))
    found = {epochs: dict(_by_seed(part, tables)) for epochs, tables in rungs.items()}
    keys: dict[int, frozenset[str]] = {}
    for drawn in found.values():
        for seed, sample in drawn.items():
            keys[seed] = keys.get(seed, frozenset()) | sample.keys
    effects = {epochs: {seed: effect(sample) for seed, sample in drawn.items()} for epochs, drawn in found.items()}
    return Climb(tuple(Rung(epochs, by_seed) for epochs, by_seed in effects.items()), keys)


def effect(sample: Sample) -> float:
    """The one number of a sample of one seed; of a Threshold's row its first, the spread."""
    return float(sample.values.reshape(-1)[0])


def _by_seed(part: Part, tables: Tables) -> Iterator[tuple[int, Sample]]:
    seeds = tables["runs"]["seed"].unique() if "runs" in tables else ()
    for seed in sorted(map(int, seeds)):
        try:
            drawn = [sample for _, sample in samples(part, "", OfSeeds(tables, [seed])) if len(sample.values)]
        except (KeyError, NotRun):
            continue
        if drawn:
            yield seed, drawn[0]
