"""Which claims of a study can be judged, and for which runs the others wait."""

from collections.abc import Mapping
from dataclasses import dataclass
from statistics import fmean

from anatomy import claims
from anatomy.hardware.machine import Machine, cpu_model
from anatomy.hardware.processors import processor
from anatomy.runs.config import Run
from anatomy.settings import Settings
from anatomy.storage.record import Record
from anatomy.study.screening import at_own_best
from anatomy.study.study import Study
from anatomy.verdicts.claim import SIZES
from anatomy.verdicts.designs import seeds_of


@dataclass(frozen=True)
class Waiting:
    """A claim and what it lacks: runs, and the seconds of one core or card that they take here; None where no run on
    this kind of processor shows a pace."""

    id: str
    runs: int
    seconds: float | None


def waiting(study: Study, there: Mapping[str, Record]) -> list[Waiting]:
    """The claims that are asked of a study; those of which nothing is lacking are ready."""
    pace = Pace.of(study, there)
    found = []
    for id, runs in needs(study).items():
        lacking = [run for key, run in runs.items() if key not in there]
        found.append(Waiting(id, len(lacking), pace.seconds(lacking)))
    return found


def needs(study: Study) -> dict[str, dict[str, Run]]:
    """By claim the runs of its seeds of the arms that name it, by key; of those that it compares at their own best also
    the tuning, as far as it is known."""
    asked = [id for id in claims.ids(study.chapter) if judged_at(id, study.preset.name)]
    found = {id: {study.key(run): run for run in needed(study, id)} for id in asked}
    return {id: runs for id, runs in found.items() if runs}


def needed(study: Study, id: str) -> list[Run]:
    """By one claim. An arm may have more seeds, for another claim that reads it."""
    seeds = study.seeds[: seeds_of(id)] if study.request.designed else study.seeds
    tuned = [one for one in study.tuned if id in one.arm.tuned]
    arms = [run for arm, runs in study.arms if id in arm.claims for run in runs]
    own = [run for run in (*arms, *at_own_best(tuned, study.request.runs_of)) if run.seed in seeds]
    return own + [run for one in tuned for run in (*one.screen, *one.final)]


def judged_at(id: str, preset: str) -> bool:
    """Whether a claim is asked at a preset."""
    return SIZES.index(claims.load(id).min_preset) <= SIZES.index(preset)


@dataclass(frozen=True)
class Pace:
    """Seconds of a run here: what the same setting took with other seeds, else the mean of what the study has."""

    by_setting: Mapping[str, list[float]]

    @classmethod
    def of(cls, study: Study, there: Mapping[str, Record]) -> "Pace":
        here = processor_of(study.request.machine)
        known: dict[str, list[float]] = {}
        for record in there.values():
            if record["run"].get("epochs") == 0 or processor(record["provenance"]) != here:
                continue  # only measured, or at another's pace
            known.setdefault(setting(record["run"]), []).append(record["provenance"]["seconds"])
        return cls(known)

    def seconds(self, runs: list[Run]) -> float | None:
        """Of all of these together."""
        if not self.by_setting:
            return None
        mean = fmean(second for seconds in self.by_setting.values() for second in seconds)
        return sum((fmean(self.by_setting.get(setting(run.content()), [mean])) for run in runs), 0.0)


def processor_of(machine: Machine) -> str:
    """Its kind. Of a device not yet found it is the processor's, not the card's: to look for one would import torch."""
    return processor({"device": machine.gpu or "cpu", "cpu": cpu_model()})


def setting(content: Settings) -> str:
    """A run's content without its seed, as text."""
    return str(sorted((name, str(value)) for name, value in content.items() if name != "seed"))
