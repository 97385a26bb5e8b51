"""Chapter one: does contrastive learning need a large dictionary?"""

from anatomy.config import Run
from anatomy.floor import floor_runs
from anatomy.quantities import Count, InfiniteTemperature, Temperature, Whole
from anatomy.settings import Settings


def runs(
    base: Settings,
    *,
    seeds: tuple[Whole, ...],
    full: bool,  # of the preset: every arm, or SimCo at two batch sizes
    batch_sizes: tuple[Count, ...] = (),  # images, K = batch size - 1; default: the preset's, and a quarter of it
    temperature: Temperature = 0.1,  # of InfoNCE, and within an anchor
    temperature_inter: InfiniteTemperature = 1.0,  # between anchors, in the second arm
) -> list[Run]:
    """SimCo with one temperature (InfoNCE) and with two; in a full study every arm of `arms`, on equal images."""
    sizes = batch_sizes or (base["batch_size"], base["batch_size"] // 4)
    one, two = losses(temperature, temperature_inter)
    chosen = [SIMCO | loss | {"batch_size": size} for size in sizes for loss in (one, two)]
    chosen += list(arms(base, one, two)) if full else []
    chosen[0] |= {"measures": "knn,linear_probe,hardness_grid,identities" if full else "knn,hardness_grid,identities"}
    return [Run.of(**base | arm, seed=seed) for arm in chosen for seed in seeds]


def floors(base: Settings, *, seeds: tuple[int, ...], full: bool) -> list[Run]:
    """What the accuracies are held against."""
    return floor_runs(base, seeds=seeds, measures="knn,linear_probe" if full else "knn")


SIMCO: Settings = {"method": "simco"}
SIMMOCO: Settings = {"method": "simmoco", "momentum": 0.99}
SMALL, MIDDLE, LARGE, OLD = 64, 1024, 4096, 15360  # keys: three dictionaries, and how many newer keys an old one skips


def mocov2(keys: int = LARGE, **options: object) -> Settings:
    return {"method": "mocov2", "momentum": 0.99, "queue_size": keys, **options}


def losses(temperature: float, temperature_inter: float) -> tuple[Settings, Settings]:
    """One temperature, and two."""
    two = {"temperature_intra": temperature, "temperature_inter": temperature_inter}
    return {"loss": "info_nce", "temperature": temperature}, {"loss": "dual_temperature", **two}


def arms(base: Settings, one: Settings, two: Settings) -> list[Settings]:
    """One factor at a time departs from the base setting; most decisive first, the claim each serves behind it."""
    smallest = {"batch_size": base["batch_size"] // 8}
    same = two | {"temperature_inter": two["temperature_intra"]}  # weights and directions differ in the dictionary only
    twice = {"epochs": 2 * base["epochs"]}  # MoCo has a gradient through one of its two passes, SimCo through both
    # 4,096 keys are 1.3 times 3,072 images, as the authors' 65,536 are of CIFAR's 50,000: each anchor meets itself.
    short = {"images": 3 * LARGE // 4, "epochs": 16 * base["epochs"]}
    return [
        *(SIMCO | loss | smallest for loss in (one, two)),  # 7
        *(mocov2() | one | length for length in ({}, twice)),  # 9
        *(SIMMOCO | loss for loss in (one, two)),  # 5, 8
        mocov2() | two,  # 5
        mocov2(MIDDLE) | one,  # 11
        mocov2(MIDDLE, queue_skip=OLD, skip_from=1) | one,  # 11: after an epoch, when the queue holds no random key
        mocov2(MIDDLE, queue_skip=OLD) | one,  # control: from the first step, as it was once judged
        mocov2(SMALL, queue_size_inter=LARGE) | same,  # 4: weights from the large one
        mocov2(LARGE, queue_size_inter=SMALL) | same,  # 4
        mocov2(SMALL) | one,  # 4
        *(SIMMOCO | two | {"momentum": m} for m in (0.0, 0.9)),  # 12
        *(SIMCO | two | {"temperature_intra": t} for t in (0.05, 0.2, 0.5)),  # 6
        *(SIMCO | one | {"temperature": t} for t in (0.05, 0.2, 0.5)),  # control: a scan for the plain loss
        SIMCO | {"loss": "decoupled", "temperature": one["temperature"]} | smallest,  # control: all anchors equal
        mocov2(symmetric=True) | one,  # control: two terms
        {"method": "simclr"} | one,
        *(mocov2(keys) | two for keys in (SMALL, MIDDLE)),  # the second curve of accuracy over the queue
        *(mocov2(exclude_own=left_out) | one | short for left_out in (False, True)),  # control: own older views
    ]


def contenders(base: Settings, temperature: float, temperature_inter: float) -> dict[str, Settings]:
    """The arms of which a claim says that one beats another (7, 8, 9); each gets the same tuning."""
    one, two = losses(temperature, temperature_inter)
    smallest = {"batch_size": base["batch_size"] // 8}
    return {
        "simco, one temperature, small batch": SIMCO | one | smallest,
        "simco, two temperatures, small batch": SIMCO | two | smallest,
        "simco, two temperatures": SIMCO | two,
        "simmoco, two temperatures": SIMMOCO | two,
        "mocov2": mocov2() | one,
    }
