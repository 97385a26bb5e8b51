"""The ladder of scale: the runs of a few claims again at other lengths, so that a verdict says how it moves.

A preset names its rungs as epochs, its own length among them, and a study the claims to climb (CLIMBS). The runs of a
rung are those of the arms that the claims read, with the same seeds, longer or shorter by the rung's share of the
preset's own length; at this length there are no runs to add. They stand in no table of the study: a claim that selects
its arm by a setting would find two runs of a seed there.
"""

from collections.abc import Collection, Iterable

from anatomy import studies
from anatomy.runs.arm import Arm
from anatomy.runs.config import Run
from anatomy.study.request import Request

RUNG = "rung "  # a stage's name, before the epochs


def stage(epochs: int) -> str:
    """`rung 2`"""
    return f"{RUNG}{epochs}"


def is_rung(stage: str) -> bool:
    return stage.startswith(RUNG)


def climbs(chapter: str) -> tuple[str, ...]:
    """The ids of the claims whose primary part is measured at every rung."""
    named: tuple[str, ...] = getattr(studies.load(chapter), "CLIMBS", ())
    return named


def stages(request: Request, arms: Iterable[tuple[Arm, list[Run]]]) -> dict[str, list[Run]]:
    """The runs of each rung but the preset's own, the shortest first, by stage; `arms` with their runs at that one."""
    own, read = request.base["epochs"], runs_read(climbs(request.chapter), arms)
    lengths = [epochs for epochs in sorted(request.preset.rungs) if epochs != own]
    return {stage(epochs): of_rung(read, epochs, own) for epochs in lengths}


def runs_read(ids: Collection[str], arms: Iterable[tuple[Arm, list[Run]]]) -> list[Run]:
    """Those of the arms that name one of these claims."""
    return [run for arm, runs in arms if {*ids} & {*arm.claims} for run in runs]


def of_rung(runs: Iterable[Run], epochs: int, own: int) -> list[Run]:
    """The runs at another length; without those that are too short to be shorter, which would stand for it as they
    are."""
    found = ((run, at_length(run, epochs, own)) for run in runs)
    return [other for run, other in found if other.epochs != run.epochs]


def at_length(run: Run, epochs: int, own: int) -> Run:
    """A run of a study of `own` epochs as it is in one of `epochs`: an arm with a length of its own keeps its share of
    the study's, in whole epochs, at least 1."""
    return run.model_copy(update={"epochs": max(1, round(run.epochs * epochs / own))})
