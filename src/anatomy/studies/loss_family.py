"""Chapter five: one family of losses, told apart by what each sample weighs."""

from anatomy.quantities import Temperature
from anatomy.runs.arm import Arm, ids, on
from anatomy.runs.config import Run
from anatomy.runs.floor import ceiling_runs, floor_runs, readouts
from anatomy.settings import Settings


def arms(
    base: Settings,
    *,
    full: bool,  # of the preset: every loss with its controls, or the four that are compared
    temperature: Temperature = 0.1,  # of every loss that has one
) -> list[Arm]:
    """SimCo with one loss after another, all else equal; in a full study also two batch sizes, several positives, and
    what has no negatives."""
    family = at(temperature)
    looked_at = {"measures": f"{base.get('measures', 'knn')},{PICTURE}"}
    chosen = [
        Arm(family["info_nce"] | looked_at, ids(FAMILY, 1, 2, 3, 4, 7, 8, 9, 12), tuned=ids(FAMILY, 4, 7, 9)),
        Arm(family["decoupled"], ids(FAMILY, 3, 4, 6), tuned=ids(FAMILY, 4)),
        Arm(family["hard_negatives"], ids(FAMILY, 7), tuned=ids(FAMILY, 7)),
        Arm(family["cacr"], ids(FAMILY, 9, 10, 11), tuned=ids(FAMILY, 9)),
        Arm(family["info_nce"] | {"oracle": True}, ids(FAMILY, 12)),
    ]
    return on(base, chosen + (more(base, family) if full else []))


def floors(base: Settings, *, seeds: tuple[int, ...], full: bool) -> list[Run]:
    """What the accuracies are held against."""
    measures = readouts(base.get("measures", "knn"))
    return floor_runs(base, seeds=seeds, measures=measures) + ceiling_runs(base, seeds=seeds, measures=measures)


FAMILY = "family"  # of its claims
PICTURE = "loss_map,loss_curves,family_identities"
SMALL, HOT = 32, 0.5  # images a step, and a temperature, at which InfoNCE's weights are told to differ most and least
POSITIVES = 4  # as in the authors' small-scale code of CACR


def at(temperature: float) -> dict[str, Settings]:
    """SimCo with each loss of one temperature, by the loss's name."""
    names = ("info_nce", "decoupled", "decoupled_weighted", "debiased", "hard_negatives", "cacr", "align_uniform")
    return {name: {"method": "simco", "loss": name, "temperature": temperature} for name in names}


def more(base: Settings, family: dict[str, Settings]) -> list[Arm]:
    """One factor at a time departs from the base setting; most decisive first."""
    small, hot = {"batch_size": SMALL}, {"temperature": HOT}
    several = {"method": "multi_view", "positives": POSITIVES}
    # Two views an image against five: as many passes through the encoder.
    as_many = {"epochs": base["epochs"] * (1 + POSITIVES) // 2}
    return [
        *(Arm(family[loss] | small, ids(FAMILY, 3)) for loss in ("info_nce", "decoupled")),
        *(Arm(family[loss] | hot, ids(FAMILY, 5)) for loss in ("info_nce", "decoupled")),
        Arm(family["decoupled_weighted"], ids(FAMILY, 6)),
        Arm(family["debiased"], ids(FAMILY, 8)),
        Arm(family["cacr"] | several, ids(FAMILY, 10)),
        Arm(family["cacr"] | as_many, ids(FAMILY, 10)),
        Arm(family["info_nce"] | several, ids(FAMILY, 10)),
        Arm(family["cacr"] | {"detach_weights": True}, ids(FAMILY, 11)),
        *controls(family),
    ]


def controls(family: dict[str, Settings]) -> list[Arm]:
    """What no claim reads."""
    spectral = {"method": "simco", "loss": "spectral"}
    return [
        Arm(family["hard_negatives"] | {"tau_plus": 0.0}, figure=True),  # hardness alone
        Arm(family["align_uniform"], figure=True),
        Arm(spectral | {"mu": 3.0}, figure=True),
        *(Arm({"method": name, "recorders": ""}, figure=True) for name in ("barlow_twins", "vicreg")),
    ]


BRIEF = "knn,alignment_uniformity,collapse"
QUALITY = f"{BRIEF},linear_probe"
# What this chapter has otherwise at a preset: fields and options of the Run, and `seeds`.
SIZES: dict[str, Settings] = {
    "smoke": {"measures": BRIEF},
    # 5 arms of SimCo, 32 s a run, x 3 seeds: 4 minutes; float64 on 256 anchors for the pictures, some seconds once.
    "laptop": {"measures": BRIEF},
    # Chapter one's recipe. CPU seconds a run (EPYC with AVX2, float32, busy): SimCo 410, 690 at a batch of 32; five
    # views take two and a half times as long.
    "overnight": {"measures": QUALITY},
    "gpu": {"measures": QUALITY},
}

# The claims that are measured at every rung of a preset (`ladder`).
CLIMBS = ("family-7", "family-9")
