"""Arms of chapter five: SimCo with one loss, or an anchor with several positives, and what is read of their runs."""

from collections.abc import Callable

import pandas as pd

from anatomy.arms.dictionary_size import BEST, PAPER, at_own_best, epochs, in_stage, of_stage
from anatomy.arms.floor import above_pixels
from anatomy.arms.select import contrast, select
from anatomy.settings import Settings
from anatomy.verdicts.claim import Mechanism, Part, Sample, Tables
from anatomy.verdicts.criteria import Difference

# Options of losses and methods where a claim does not name them; another arm departs from one of these.
BASE: Settings = {
    "oracle": False,
    "temperature": 0.1,
    "beta": 1.0,
    "tau_plus": 0.1,
    "positives": 4,
    "imbalance": 1.0,
    "smooth": True,
    "orientations": None,  # of scatnet; the other networks have none
}
QUEUED = "mocov2"  # whose arms have a transform
DETACHED = {"cacr": False, "decoupled_weighted": True}  # weights, by default


def accuracies(tables: Tables, loss: str, stage: str = PAPER, /, **settings: object) -> pd.DataFrame:
    """kNN accuracy of SimCo with a loss, or of another `method`: rows, one a run, with these settings and all others at
    their base; of a method with an objective of its own, `loss` is "". At its own best an arm's temperature and
    learning rate are what tuning chose."""
    base = BASE | {"batch_size": batch_size(tables), "epochs": epochs(tables)}
    base |= {"detach_weights": DETACHED[loss]} if loss in DETACHED else {}
    if stage == BEST:
        del base["temperature"]
    rows = select(tables["knn"], base, **{"method": "simco", "loss": loss, **settings})
    return of_stage(rows, stage).drop_duplicates("key")


def batch_size(tables: Tables) -> float:
    """The base: the largest of the paper's stage."""
    return float(in_stage(tables["knn"], PAPER, "batch_size").max())


def gain(tables: Tables, one: str, other: str = "info_nce", stage: str = PAPER, /, **settings: object) -> Sample:
    """Accuracy in points with one loss minus with another, on equal settings, paired by seed."""
    return contrast(*((sign, accuracies(tables, loss, stage, **settings)) for sign, loss in ((1, one), (-1, other))))


def over_info_nce(tables: Tables, method: str, loss: str = "info_nce", **settings: object) -> Sample:
    """Accuracy in points of another method, with these settings, minus that of SimCo with InfoNCE."""
    return contrast((1, accuracies(tables, loss, method=method, **settings)), (-1, info_nce(tables)))


def over_queue(tables: Tables, transform: str) -> Sample:
    """Accuracy in points of MoCo v2 with a transform minus that without."""
    arms = (accuracies(tables, "info_nce", method=QUEUED, transform=name) for name in (transform, "none"))
    return contrast(*zip((1, -1), arms, strict=True))


def queued(tables: Tables) -> pd.DataFrame:
    """MoCo v2 without a transform."""
    return accuracies(tables, "info_nce", method=QUEUED, transform="none")


def info_nce(tables: Tables) -> pd.DataFrame:
    """The base arm."""
    return accuracies(tables, "info_nce")


def learned(what: str, arm: Callable[[Tables], pd.DataFrame] = info_nce) -> Mechanism:
    """That an arm's kNN accuracy is clearly above that of the pixels."""
    return above_pixels(what, arm)


def better(loss: str) -> dict[str, Part]:
    """That a loss gives a higher accuracy than InfoNCE, with the common settings and with each at its own best."""

    def common(tables: Tables) -> Sample:
        return gain(tables, loss)

    def own_best(tables: Tables) -> Sample | None:
        return at_own_best(gain(tables, loss, "info_nce", BEST), common(tables))

    def tuned(tables: Tables) -> pd.DataFrame:
        return accuracies(tables, "info_nce", BEST)

    return {
        "common settings": Part(Difference(0.5), common, mechanism=learned("SimCo with InfoNCE")),
        "own best": Part(Difference(0.5), own_best, mechanism=learned("SimCo with InfoNCE at its own best", tuned)),
    }
