"""The ladder of scale: the runs of a few claims again at other lengths, so that a verdict says how it moves.

A preset names its rungs as epochs, its own length among them, and a study the claims to climb (CLIMBS). The runs of a
rung are those of the arms that the claims read, with the same seeds, longer or shorter by the rung's share of the
preset's own length; at this length there are no runs to add. They stand in no table of the study: a claim that selects
its arm by a setting would find two runs of a seed there.
"""

import json
from collections.abc import Sequence

from anatomy import studies
from anatomy.config import Run, valid_run
from anatomy.request import Request

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


def stages(request: Request, runs: Sequence[Run]) -> dict[str, list[Run]]:
    """The runs of each rung but the preset's own, the shortest first, by stage; `runs` are those at the own length."""
    own, rungs = request.base["epochs"], request.preset.rungs
    read = arms_of(request, climbs(request.chapter), runs) if rungs else []
    return {stage(epochs): [at_length(run, epochs, own) for run in read] for epochs in sorted(rungs) if epochs != own}


def arms_of(request: Request, ids: Sequence[str], runs: Sequence[Run]) -> list[Run]:
    """Those of the runs that belong to an arm that names one of these claims."""
    arms = {_seedless(Run.of(**arm.settings)) for arm in request.arms() if {*ids} & {*arm.claims}}
    return [run for run in runs if _seedless(run) in arms]


def at_length(run: Run, epochs: int, own: int) -> Run:
    """A run of a study of `own` epochs as it is in one of `epochs`: an arm with a length of its own keeps its share of
    the study's, in whole epochs, at least 1."""
    return valid_run(run.content() | {"epochs": max(1, round(run.epochs * epochs / own))})


def _seedless(run: Run) -> str:
    return json.dumps({name: value for name, value in run.content().items() if name != "seed"}, sort_keys=True)
