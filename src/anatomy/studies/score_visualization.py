"""Chapter three: what happens to scores while training, and what mixed features do to them."""

from anatomy.quantities import Share, Temperature
from anatomy.runs.arm import Arm, ids, on
from anatomy.runs.config import Run
from anatomy.runs.floor import ceiling_runs, floor_runs, readouts
from anatomy.settings import Settings


def arms(
    base: Settings,
    *,
    full: bool,  # of the preset: every transform with its controls, or one of each kind
    momenta: tuple[Share, ...] = (1.0, 0.999, 0.99, 0.9),  # m of MoCo v2 without a transform
    momentum: Share = 0.99,  # m where features are mixed
    temperature: Temperature = 0.1,
) -> list[Arm]:
    """MoCo v2 over m, and with mixed features; in a full study the controls that tell why mixing does what it does."""
    moco = plain(momentum, temperature)
    drawn = {"recorders": f"{base['recorders']},score_histograms", "every": EVERY}
    measured = {"measures": f"{base.get('measures', 'knn')},mixing_identities"}
    read = ids("transformation", 1, 2, 3, 4, 5, 6) + ids("mixing", 1, 3, 4, 5, 6)
    chosen = [Arm(moco | drawn | measured, read, tuned=TUNED), *over_momenta(moco, momenta, momentum)]
    mixed = on(moco, transforms(base))
    return on(base, chosen + [arm | drawn for arm in mixed[:FEW]] + (mixed[FEW:] if full else []))


def over_momenta(moco: Settings, momenta: tuple[float, ...], momentum: float) -> list[Arm]:
    """Claim 1 reads the ends."""
    read = {m: ids("transformation", 1) for m in (0.9, 1.0)}
    others = [m for m in momenta if m != momentum]
    return [Arm(moco | {"momentum": m}, read.get(m, ()), figure=m not in read) for m in others]


def floors(base: Settings, *, seeds: tuple[int, ...], full: bool) -> list[Run]:
    """What the accuracies are held against."""
    measures = readouts(base.get("measures", "knn"))
    return floor_runs(base, seeds=seeds, measures=measures) + ceiling_runs(base, seeds=seeds, measures=measures)


EVERY = 3  # histograms, each 3rd time that a recorder writes
TUNED = ids("transformation", 3)
FEW = 3  # transforms of which one of each kind is in every study


def plain(momentum: float, temperature: float) -> Settings:
    return {"method": "mocov2", "loss": "info_nce", "temperature": temperature, "momentum": momentum}


def transforms(base: Settings) -> list[Arm]:
    """One factor at a time departs from plain MoCo v2; most decisive first."""
    warm = {"temperature": 0.2}
    apart, mixed = {"transform": "positive_extrapolation"}, {"transform": "negative_interpolation"}
    both = {"transform": "feature_transformation"}
    return [
        Arm(apart, ids("transformation", 2, 3, 5, 6), tuned=TUNED),
        Arm(mixed, ids("transformation", 4, 6)),
        Arm(mochi(base), ids("mixing", 1, 2, 3, 4, 6)),
        Arm({"transform": "positive_interpolation"}, ids("transformation", 3), tuned=TUNED),
        Arm(both, ids("transformation", 6)),
        Arm({"transform": "positive_weight"}, ids("transformation", 5)),  # what extrapolation does, and no more
        Arm(mixed | {"renormalize": True}, ids("transformation", 4)),  # mixing without the shorter keys
        Arm({"transform": "shrunk_negatives"}, ids("transformation", 4)),  # shorter without mixing
        *(Arm(settings | warm, ids("mixing", 6)) for settings in ({}, mochi(base))),
        Arm(both | {"per_dimension": True}, ids("transformation", 6)),
        Arm(apart | {"c": 2.6}),  # extrapolation without chance
        Arm(apart | {"transform_from": 1}),  # once the network has begun to tell images apart
    ]


def mochi(base: Settings) -> Settings:
    """The 64th part of the queue is hard, as in MoCHi (1024, 512, 256) with 65,536 keys."""
    keys = base["queue_size"]
    sizes = {"hardest": keys // 64, "of_two": keys // 128, "with_query": keys // 256}
    return {"transform": "mochi", **sizes}


# Chapter three, which looks at nothing but scores.
SCORES: Settings = {"recorders": "score_curves,synthetic"}
QUALITY = "knn,linear_probe,alignment_uniformity"
# What this chapter has otherwise at a preset: fields and options of the Run, and `seeds`.
SIZES: dict[str, Settings] = {
    "smoke": SCORES | {"queue_size": 256, "record_every": 1},
    # A step of MoCo is half of SimCo's, 15 to 20 s a run; 7 arms x 3 seeds, 21 runs, 3 minutes.
    # 1,024 keys are a ninth of the images: of many more, one would often be the anchor's own, an epoch old.
    "laptop": SCORES | {"queue_size": 1024},
    # 83 runs of MoCo v2 with 4,096 keys, 200 ms a step (EPYC with AVX2, float32, busy): 7 CPU hours, 9 minutes of an
    # H100; 36 runs of a third of that for the screen.
    "overnight": SCORES | {"queue_size": 4096, "measures": QUALITY, "record_every": 15},
    "gpu": SCORES | {"queue_size": 4096, "measures": QUALITY, "record_every": 500},
}

# The claims that are measured at every rung of a preset (`ladder`).
CLIMBS = ("transformation-5", "mixing-4")
