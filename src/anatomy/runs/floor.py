"""What an accuracy is held against: raw pixels, and the network as it is made. No torch.

A floor belongs to data set, view size, network, number of training images and readout: kNN goes with kNN, a trained
linear classifier with the linear probe.
"""

from anatomy.runs import parts
from anatomy.runs.config import PIXELS, Run
from anatomy.settings import OF_DATA, Settings, only

READOUTS = ("knn", "linear_probe")


def readouts(measures: str = "knn") -> str:
    """Those of a run's measures that read an accuracy off a frozen representation."""
    return ",".join(name for name in measures.split(",") if name in READOUTS)


def floor_runs(base: Settings, *, seeds: tuple[int, ...], measures: str) -> list[Run]:
    """The pixels, once, since no seed changes them; the untrained network of `base`, a run a seed."""
    # Nothing is trained, so of all methods it may be the one without options.
    common = only(base, OF_DATA) | {"method": "naive", "epochs": 0}
    common["measures"] = measures
    return [Run.of(**common, backbone=PIXELS)] + [Run.of(**common, **network(base), seed=seed) for seed in seeds]


def network(base: Settings) -> Settings:
    """The settings that decide a network's representation: backbone, norm, and the options of both."""
    named = {kind: base.get(kind, Run.model_fields[kind].default.name) for kind in ("backbone", "norm")}
    known = {option for kind, name in named.items() for option in parts.signature(kind, name)}
    return named | only(base, known)
