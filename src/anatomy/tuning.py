"""Equal tuning for the arms of which a claim says that one beats another.

Each arm gets 2 learning rates x 2 temperatures at half length, judged by kNN on held-out training images, with one seed
that no verdict uses. Then it is trained at its own best like every other arm. A page shows both: the paper's settings,
and each arm at its best.
"""

from collections.abc import Callable, Sequence
from itertools import product

from anatomy.config import Run
from anatomy.settings import Settings

LEARNING_RATES = (0.12, 0.24)  # for a batch of 256; the first is the base setting's
TEMPERATURES = (0.1, 0.2)
SEED = 1000


def candidates(
    arm: Settings, rates: Sequence[float] = LEARNING_RATES, temperatures: Sequence[float] = TEMPERATURES
) -> list[Settings]:
    """The arm at each point of the grid, on all else equal; two temperatures are tuned in the inner one."""
    name = "temperature" if "temperature" in arm else "temperature_intra"
    return [arm | {"learning_rate": rate, name: t} for rate, t in product(rates, temperatures)]


def tuning_run(base: Settings, candidate: Settings) -> Run:
    """Half as long (whole epochs, rounded up), on held-out images."""
    short = {"epochs": (base["epochs"] + 1) // 2, "evaluate_on": "held_out", "measures": "knn", "seed": SEED}
    return Run.of(**base | candidate | short)


def best(base: Settings, arm: Settings, accuracy: dict[str, float], key: Callable[[Run], str]) -> Settings | None:
    """The candidate with the highest accuracy, the first of equals; None while one is missing.

    `accuracy` by key; `key(run)` gives a run's.
    """
    found = [(accuracy.get(key(tuning_run(base, candidate))), candidate) for candidate in candidates(arm)]
    known = [(score, candidate) for score, candidate in found if score is not None]
    return max(known, key=lambda pair: pair[0])[1] if len(known) == len(found) else None
