"""What an accuracy is held against: raw pixels, the network as it is made, and the same trained with labels. No torch.

A level belongs to data set, view size, network, number of training images and readout: kNN goes with kNN, a trained
linear classifier with the linear probe.
"""

from anatomy.runs import parts
from anatomy.runs.arm import Arm, runs_of
from anatomy.runs.config import PIXELS, Run
from anatomy.settings import OF_DATA, Settings, only

READOUTS = ("knn", "linear_probe")
# How many classes a set has, for those of which that is known without the images.
CLASSES = {**dict.fromkeys(("shapes", "cifar10", "fashion_mnist", "stl10", "svhn"), 10), "cifar100": 100}
OF_TRAINING = (
    "epochs",
    "batch_size",
    "learning_rate",
    "optimizer",
    "sgd_momentum",
    "weight_decay",
    "warmup",
    "schedule",
)


def readouts(measures: str = "knn") -> str:
    """Those of a run's measures that read an accuracy off a frozen representation."""
    return ",".join(name for name in measures.split(",") if name in READOUTS)


def floor_runs(base: Settings, *, seeds: tuple[int, ...], measures: str) -> list[Run]:
    """The pixels, once, since no seed changes them; the untrained network of `base`, a run a seed."""
    # Nothing is trained, so of all methods it may be the one without options.
    common = only(base, OF_DATA) | {"method": "naive", "epochs": 0}
    common["measures"] = measures
    return [Run.of(**common, backbone=PIXELS), *runs_of([Arm(common | network(base))], seeds)]


def ceiling_runs(base: Settings, *, seeds: tuple[int, ...], measures: str) -> list[Run]:
    """The network of `base` trained with labels on the same images, views, batches and schedule, a run a seed; none for
    a data set whose number of classes is not known beforehand.

    An image has one view here and two there, so a run takes about half of what SimCo's takes.
    """
    classes = CLASSES.get(base["dataset"])
    if classes is None:
        return []
    views = parts.signature("views", base.get("views", Run.model_fields["views"].default.name))
    common = only(base, (*OF_DATA, *OF_TRAINING, "views", *views)) | network(base)
    common |= {"method": "supervised", "projector": "linear", "dimension": classes, "measures": measures}
    return runs_of([Arm(common)], seeds)


def network(base: Settings) -> Settings:
    """The settings that decide a network's representation: backbone, norm, and the options of both."""
    named = {kind: base.get(kind, Run.model_fields[kind].default.name) for kind in ("backbone", "norm")}
    known = {option for kind, name in named.items() for option in parts.signature(kind, name)}
    return named | only(base, known)
