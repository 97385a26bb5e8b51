"""The effect of a claim's part at each rung of training, drawn seed by seed from that rung's runs alone."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from anatomy.verdicts.claim import NotRun, Part, Sample, Tables, samples
from anatomy.verdicts.trend import Rung


@dataclass(frozen=True)
class Climb:
    """The rungs in the order given, and the keys of the runs behind them, by seed."""

    rungs: tuple[Rung, ...]
    keys: Mapping[int, frozenset[str]]

    @property
    def begun(self) -> bool:
        """Whether there is anything to compare."""
        return sum(bool(rung.effects) for rung in self.rungs) > 1


def climb(part: Part, rungs: Mapping[int, Tables], at_seed: Callable[[Tables, int], Tables]) -> Climb:
    """`rungs`: tables by epochs, of which `at_seed` gives those of one seed; a seed that lacks runs at a rung has no
    effect there."""
    found = {epochs: dict(_by_seed(part, tables, at_seed)) for epochs, tables in rungs.items()}
    climbed = tuple(_rung(epochs, drawn) for epochs, drawn in found.items())
    keys: dict[int, frozenset[str]] = {}
    for rung in climbed:
        keys |= {seed: keys.get(seed, frozenset()) | own for seed, own in rung.keys.items()}
    return Climb(climbed, keys)


def _rung(epochs: int, drawn: Mapping[int, Sample]) -> Rung:
    effects = {seed: effect(sample) for seed, sample in drawn.items()}
    return Rung(epochs, effects, {seed: sample.keys for seed, sample in drawn.items()})


def effect(sample: Sample) -> float:
    """The one number of a sample of one seed; of a Threshold's row its first, the spread."""
    return float(sample.values.reshape(-1)[0])


def _by_seed(part: Part, tables: Tables, at_seed: Callable[[Tables, int], Tables]) -> Iterator[tuple[int, Sample]]:
    seeds = tables["runs"]["seed"].unique() if "runs" in tables else ()
    for seed in sorted(map(int, seeds)):
        try:
            drawn = [sample for _, sample in samples(part, "", at_seed(tables, seed)) if len(sample.values)]
        except (KeyError, NotRun):
            continue
        if drawn:
            yield seed, drawn[0]
