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
    """SimCo with one loss after another, all else equal; in a full study also two batch sizes, several positives,
    learned temperatures, classes of unequal size, and what has no negatives."""
    family = at(temperature)
    looked_at = with_measure(base, f"{PICTURE},loss_costs" if full else PICTURE)
    read = ids(FAMILY, 1, 2, 3, 4, 7, 8, 9, 12, 16, 19, 23)
    chosen = [
        Arm(family["info_nce"] | looked_at, read, tuned=ids(FAMILY, 4, 7, 9)),
        Arm(family["decoupled"], ids(FAMILY, 3, 4, 6), tuned=ids(FAMILY, 4)),
        Arm(family["hard_negatives"], ids(FAMILY, 7), tuned=ids(FAMILY, 7)),
        Arm(family["cacr"], ids(FAMILY, 9, 10, 11), tuned=ids(FAMILY, 9)),
        Arm(family["info_nce"] | {"oracle": True}, ids(FAMILY, 12)),
    ]
    return on(base, chosen) + ([*on(base, more(base, family)), front_end(base, family)] if full else [])


def floors(base: Settings, *, seeds: tuple[int, ...], full: bool) -> list[Run]:
    """What the accuracies are held against."""
    measures = readouts(base.get("measures", "knn"))
    return floor_runs(base, seeds=seeds, measures=measures) + ceiling_runs(base, seeds=seeds, measures=measures)


FAMILY = "family"  # of its claims
PICTURE = "loss_map,loss_curves,family_identities"
SMALL, HOT = 32, 0.5  # images a step, and a temperature, at which InfoNCE's weights are said to differ most and least
RATIO = 10.0  # of the largest class to the smallest
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
        *(Arm(family[loss] | small, ids(FAMILY, 3, 13), tuned=ids(FAMILY, 13)) for loss in ("info_nce", "decoupled")),
        *(Arm(family[loss] | hot, ids(FAMILY, 5)) for loss in ("info_nce", "decoupled")),
        Arm(family["decoupled_weighted"], ids(FAMILY, 6)),
        Arm(family["debiased"], ids(FAMILY, 8)),
        Arm(family["cacr"] | several | with_measure(base, "positive_weights"), ids(FAMILY, 10, 14)),
        Arm(family["cacr"] | as_many, ids(FAMILY, 10)),
        Arm(family["info_nce"] | several, ids(FAMILY, 10)),
        Arm(family["cacr"] | {"detach_weights": True}, ids(FAMILY, 11)),
        *thinned(family),
        *learned(base, family),
        *queued(family),
        *controls(family),
        *grid(family),
    ]


def with_measure(base: Settings, name: str) -> Settings:
    return {"measures": f"{base.get('measures', 'knn')},{name}"}


def thinned(family: dict[str, Settings]) -> list[Arm]:
    """Classes of unequal size, and as many images of all classes."""
    ways = [{"imbalance": RATIO, "imbalance_by": by} for by in ("class", "chance")]
    return [Arm(family[loss] | way, ids(FAMILY, 15)) for way in ways for loss in ("info_nce", "cacr")]


def learned(base: Settings, family: dict[str, Settings]) -> list[Arm]:
    """Temperatures that are trained, several heads, and a positive that is made."""
    recorded = {"recorders": f"{base['recorders']},temperatures"}
    made = family["info_nce"] | {"method": "hallucinator"}
    return [
        Arm({"method": "learned_temperature"} | recorded, ids(FAMILY, 16)),
        Arm({"method": "anchor_temperature"} | recorded, ids(FAMILY, 22)),
        Arm(family["info_nce"] | {"method": "multi_head"}, ids(FAMILY, 17)),
        Arm({"method": "amcl"} | recorded, ids(FAMILY, 17, 18)),
        Arm(made, ids(FAMILY, 19)),
        Arm(made | {"smooth": False}, figure=True),
    ]


def front_end(base: Settings, family: dict[str, Settings]) -> Arm:
    """With a fixed scattering transform, which has no stem whose stride could be set."""
    others = {name: value for name, value in base.items() if name != "stem_stride"}
    return Arm(others | family["info_nce"] | {"backbone": "scatnet"}, ids(FAMILY, 23))


def queued(family: dict[str, Settings]) -> list[Arm]:
    """MoCo v2 as in chapter one, and with what needs a queue of keys: block negatives, positives on the sphere."""
    moco = family["info_nce"] | {"method": "mocov2", "momentum": 0.99, "queue_size": 4096}
    return [
        Arm(moco, ids(FAMILY, 20, 21)),
        Arm(moco | {"transform": "sphere_positives"}, ids(FAMILY, 20)),
        Arm(moco | {"transform": "cluster_means"}, ids(FAMILY, 21)),
    ]


def grid(family: dict[str, Settings]) -> list[Arm]:
    """InfoNCE and DCL at two batch sizes and three temperatures, as far as the arms above lack them."""
    points = [
        {"temperature": 0.2},
        {"temperature": 0.2, "batch_size": SMALL},
        {"temperature": HOT, "batch_size": SMALL},
    ]
    return [Arm(family[loss] | point, figure=True) for point in points for loss in ("info_nce", "decoupled")]


def controls(family: dict[str, Settings]) -> list[Arm]:
    """What no claim reads."""
    spectral = {"method": "simco", "loss": "spectral"}
    return [
        Arm(family["hard_negatives"] | {"tau_plus": 0.0}, figure=True),  # hardness alone
        Arm(family["align_uniform"], figure=True),
        Arm(spectral | {"mu": 3.0}, figure=True),
        *(Arm({"method": name, "recorders": "on_sphere"}, figure=True) for name in ("barlow_twins", "vicreg")),
        # InfoNCE's runs again, with no accuracy: else they would count twice among those that claims read.
        Arm(family["info_nce"] | {"measures": "loss_options", "recorders": ""}, figure=True),
    ]


BRIEF = "knn,alignment_uniformity,collapse"
QUALITY = f"{BRIEF},linear_probe"
WATCHED = "hardness,scores,on_sphere"
# What this chapter has otherwise at a preset: fields and options of the Run, and `seeds`.
SIZES: dict[str, Settings] = {
    "smoke": {"measures": BRIEF},
    # 5 arms of SimCo, 32 s a run, x 3 seeds: 4 minutes; float64 on 256 anchors for the pictures, some seconds once.
    "laptop": {"measures": BRIEF},
    # Chapter one's recipe. CPU seconds a run (EPYC with AVX2, float32, busy): SimCo 410, 690 at a batch of 32; five
    # views take two and a half times as long.
    "overnight": {"measures": QUALITY, "recorders": WATCHED},
    "gpu": {"measures": QUALITY, "recorders": WATCHED},
}

# The claims that are measured at every rung of a preset (`ladder`).
CLIMBS = ("family-7", "family-9")
