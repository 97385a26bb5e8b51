"""Chapter one: does contrastive learning need a large dictionary?"""

from anatomy.quantities import Count, InfiniteTemperature, Temperature
from anatomy.runs.arm import Arm, ids, on
from anatomy.runs.config import Run
from anatomy.runs.floor import ceiling_runs, floor_runs
from anatomy.settings import Settings


def arms(
    base: Settings,
    *,
    full: bool,  # of the preset: every arm, or SimCo at two batch sizes
    batch_sizes: tuple[Count, ...] = (),  # images, K = batch size - 1; default: the preset's, and a quarter of it
    temperature: Temperature = 0.1,  # of InfoNCE, and within an anchor
    temperature_inter: InfiniteTemperature = 1.0,  # between anchors, in the second arm
) -> list[Arm]:
    """SimCo with one temperature (InfoNCE) and with two; in a full study every arm of `more`, on equal images."""
    large, *smaller = batch_sizes or (base["batch_size"], base["batch_size"] // 4)
    one, two = losses(temperature, temperature_inter)
    measured = {"measures": "knn,linear_probe,hardness_grid,identities" if full else "knn,hardness_grid,identities"}
    chosen = [
        Arm(SIMCO | one | {"batch_size": large} | measured, ids("dictionary", 1, 2, 3, 7, 13)),
        Arm(SIMCO | two | {"batch_size": large}, ids("dictionary", 6, 7, 9, 10), tuned=ids("dictionary", 9)),
    ]
    for size in smaller:
        chosen += [Arm(SIMCO | one | {"batch_size": size}, figure=True)]
        chosen += [Arm(SIMCO | two | {"batch_size": size}, ids("dictionary", 10))]
    return on(base, chosen + (more(base, one, two) if full else []))


def floors(base: Settings, *, seeds: tuple[int, ...], full: bool) -> list[Run]:
    """What the accuracies are held against."""
    measures = "knn,linear_probe" if full else "knn"
    return floor_runs(base, seeds=seeds, measures=measures) + ceiling_runs(base, seeds=seeds, measures=measures)


SIMCO: Settings = {"method": "simco"}
SIMMOCO: Settings = {"method": "simmoco", "momentum": 0.99}
SMALL, MIDDLE, LARGE, OLD = 64, 1024, 4096, 15360  # keys: three dictionaries, and how many newer keys an old one skips
SCAN = (0.05, 0.2, 0.5)  # temperatures beside the base's


def mocov2(keys: int = LARGE, **options: object) -> Settings:
    return {"method": "mocov2", "momentum": 0.99, "queue_size": keys, **options}


def losses(temperature: float, temperature_inter: float) -> tuple[Settings, Settings]:
    """One temperature, and two."""
    two = {"temperature_intra": temperature, "temperature_inter": temperature_inter}
    return {"loss": "info_nce", "temperature": temperature}, {"loss": "dual_temperature", **two}


def more(base: Settings, one: Settings, two: Settings) -> list[Arm]:
    """One factor at a time departs from the base setting; most decisive first."""
    smallest = {"batch_size": base["batch_size"] // 8}
    same = two | {"temperature_inter": two["temperature_intra"]}  # weights and directions differ in the dictionary only
    twice = {"epochs": 2 * base["epochs"]}  # MoCo has a gradient through one of its two passes, SimCo through both
    return [
        *(Arm(SIMCO | loss | smallest, ids("dictionary", 7), tuned=ids("dictionary", 7)) for loss in (one, two)),
        Arm(mocov2() | one, ids("dictionary", 5, 8, 9), tuned=ids("dictionary", 8, 9)),
        Arm(mocov2() | one | twice, ids("dictionary", 9)),
        Arm(SIMMOCO | one, ids("dictionary", 5)),
        Arm(SIMMOCO | two, ids("dictionary", 5, 8, 12), tuned=ids("dictionary", 8)),
        Arm(mocov2() | two, ids("dictionary", 5)),
        Arm(mocov2(MIDDLE) | one, ids("dictionary", 11)),
        # After an epoch, when the queue holds no random key; then from the first step, as it was once judged.
        Arm(mocov2(MIDDLE, queue_skip=OLD, skip_from=1) | one, ids("dictionary", 11)),
        Arm(mocov2(MIDDLE, queue_skip=OLD) | one),
        # Weights from one dictionary, directions from the other.
        Arm(mocov2(SMALL, queue_size_inter=LARGE) | same, ids("dictionary", 4)),
        Arm(mocov2(LARGE, queue_size_inter=SMALL) | same, ids("dictionary", 4)),
        Arm(mocov2(SMALL) | one, ids("dictionary", 4)),
        *(Arm(SIMMOCO | two | {"momentum": m}, ids("dictionary", 12)) for m in (0.0, 0.9)),
        *within_an_anchor(two),
        *controls(base, one, two),
    ]


def within_an_anchor(two: Settings) -> list[Arm]:
    """The temperature within an anchor; claim 6 reads the ends."""
    read = {0.05: ids("dictionary", 6), 0.5: ids("dictionary", 6)}
    return [Arm(SIMCO | two | {"temperature_intra": t}, read.get(t, ()), figure=t not in read) for t in SCAN]


def controls(base: Settings, one: Settings, two: Settings) -> list[Arm]:
    """What no claim reads."""
    # 4,096 keys are 1.3 times 3,072 images, as the authors' 65,536 are of CIFAR's 50,000: each anchor meets itself.
    short = {"images": 3 * LARGE // 4, "epochs": 16 * base["epochs"]}
    decoupled = {"loss": "decoupled", "temperature": one["temperature"], "batch_size": base["batch_size"] // 8}
    return [
        *(Arm(SIMCO | one | {"temperature": t}, figure=True) for t in SCAN),
        Arm(SIMCO | decoupled),  # all anchors equal
        Arm(mocov2(symmetric=True) | one),  # two terms
        Arm({"method": "simclr"} | one, figure=True),
        *(Arm(mocov2(keys) | two, figure=True) for keys in (SMALL, MIDDLE)),  # accuracy over the queue, second curve
        *(Arm(mocov2(exclude_own=left_out) | one | short) for left_out in (False, True)),  # own older views
    ]


# The claims that are measured at every rung of a preset (`ladder`).
CLIMBS = ("dictionary-4", "dictionary-7", "dictionary-9")
