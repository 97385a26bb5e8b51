"""The chapter chapter_name: SimCo at a low and at a high temperature."""

from anatomy.quantities import Temperature
from anatomy.runs.arm import Arm, ids, on
from anatomy.runs.config import Run
from anatomy.runs.floor import ceiling_runs, floor_runs, readouts
from anatomy.settings import Settings


def arms(
    base: Settings,
    *,
    full: bool,  # of the preset: every arm, or those that the page is about
    low: Temperature = 0.1,
    high: Temperature = 1.0,
) -> list[Arm]:
    """SimCo with InfoNCE at two temperatures, all else equal; most decisive first."""
    simco: Settings = {"method": "simco", "loss": "info_nce"}
    return on(base, [Arm(simco | {"temperature": at}, ids(FAMILY, 1)) for at in (low, high)])


def floors(base: Settings, *, seeds: tuple[int, ...], full: bool) -> list[Run]:
    """What the accuracies are held against."""
    measures = readouts(base.get("measures", "knn"))
    return floor_runs(base, seeds=seeds, measures=measures) + ceiling_runs(base, seeds=seeds, measures=measures)


FAMILY = "chapterfamily"  # of its claims
SIZES: dict[str, Settings] = {}  # what it has otherwise at a preset: fields and options of the Run, and `seeds`
CLIMBS = ("chapterfamily-1",)  # the claims that are measured at every rung of a preset (`ladder`)
