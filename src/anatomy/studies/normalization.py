"""Chapter four: in what do batch and group normalization differ, and can one layer have the good side of both?"""

from dataclasses import replace

from anatomy.quantities import Count, Positive, Whole
from anatomy.runs.arm import Arm, ids
from anatomy.runs.config import Run
from anatomy.runs.floor import ceiling_runs, floor_runs
from anatomy.settings import Settings, only


def arms(
    base: Settings,
    *,
    full: bool,  # of the preset: every arm, or the most decisive ones
    batch_sizes: tuple[Count, ...] = (),  # images a step in the sweep; default: 16 and twice the preset's, full: 4 too
    learning_rates: tuple[Positive, ...] = (),  # of Adam, the bands lie between them; default: 1e-4, 2e-4, .. 5e-4
    groups: Whole = 0,  # of group normalization and GN+; 0: the preset's
) -> list[Arm]:
    """One small network with one layer changed at a time, most decisive first; some controls have one seed."""
    groups, rates = groups or base["groups"], learning_rates or RATES
    plain = SUPERVISED | only(base, OF_PRESET)
    sizes = tuple(sorted(batch_sizes)) or ((4,) if full else ()) + (16, 2 * base["batch_size"])
    layers = ("batch", "group", *(("group_plus",) if base["dataset"] == "svhn" else ()))
    decisive = bands(plain, layers, rates) + noise(plain, groups) + sweep(plain, sizes)
    without, regular, controls = bands(plain, ("none",), rates), regularization(plain), forms(plain)
    if full:
        decisive += without + equal_steps(plain, sizes) + bridge(base) + regular
        controls += others(plain, sizes) + [Arm(channel(plain, sizes) | {"standardize": True})]
    else:
        decisive += bridge(base)
        controls += without + regular
    chosen = decisive + [replace(arm, once=True) for arm in controls]
    return [grouped(arm, groups) for arm in chosen]


def floors(base: Settings, *, seeds: tuple[int, ...], full: bool) -> list[Run]:
    """What the accuracies are held against: a classifier with labels against the linear probe, SimCo and MoCo against
    kNN, as they are read, and against their own network trained with labels."""
    plain, without_labels = SUPERVISED | only(base, OF_PRESET), contrastive(base)
    probed = floor_runs(plain, seeds=seeds, measures="linear_probe")
    found = floor_runs(without_labels, seeds=seeds, measures="knn")
    return probed + found + ceiling_runs(without_labels, seeds=seeds, measures="knn")


FAMILY = "normalization"  # of its claims
OF_PRESET = ("dataset", "evaluate_on", "images", "epochs", "batch_size", "size", "width")
SUPERVISED: Settings = {"method": "supervised", "backbone": "vgg7", "projector": "linear", "views": "whole"}
RATES = (1e-4, 2e-4, 3e-4, 4e-4, 5e-4)
GROUPED = ("group", "group_plus", "batch_channel")  # layers that have groups
# The authors': a constant rate and no weight decay for Adam; for SGD 0.1 x batch / 128.
ADAM: Settings = {"optimizer": "adam", "warmup": 0.0, "schedule": "constant", "weight_decay": 0.0}
SGD: Settings = {"learning_rate": 0.2, "weight_decay": 1e-4, "warmup": 0.1, "epochs": 2}
EVERY_STEP: Settings = {"recorders": "gradients", "record_every": 1, "measures": ""}
LAYERS: tuple[Settings, ...] = (
    {"norm": "batch"},
    {"norm": "group"},
    {"norm": "group_plus"},
    {"norm": "group", "standardize": True},
)


def grouped(arm: Arm, groups: int) -> Arm:
    return replace(arm, settings={"groups": groups} | arm.settings) if arm.settings["norm"] in GROUPED else arm


def bands(plain: Settings, norms: tuple[str, ...], rates: tuple[float, ...]) -> list[Arm]:
    """Each layer at each learning rate; at the middle one the walk along the gradient."""
    on_svhn = plain["dataset"] == "svhn"
    read = {"batch": (1,), "group": (1, 2, 7) if on_svhn else (1, 2), "group_plus": (7,), "none": (2,)}
    common = plain | ADAM | EVERY_STEP | {"measures": "accuracy" if on_svhn else ""}
    walked = {"recorders": "gradients,landscape"}
    middle = sorted(rates)[len(rates) // 2]
    return [
        Arm(
            common | {"norm": norm, "learning_rate": rate} | (walked if rate == middle else {}),
            ids(FAMILY, *read[norm]),
        )
        for norm in norms
        for rate in rates
    ]


def noise(plain: Settings, groups: int) -> list[Arm]:
    """Noise behind each norm of VGG-11 at a quarter of its width, half as long again; and a quarter of the noise."""
    half = plain["width"] // 2
    deep = {"backbone": "vgg11", "width": half, "projector": "mlp", "hidden": 8 * half, "dimension": 10, "size": 32}
    deep |= {"learning_rate": 1e-3, "noise_groups": groups, "epochs": max(2, plain["epochs"] * 3 // 2)}
    common = plain | ADAM | EVERY_STEP | deep
    return [
        Arm(common | {"norm": norm, "noise_mean": 0.001 * by, "noise_deviation": 1.001 * by}, ids(FAMILY, 3))
        for norm, by in (("group", 1), ("batch", 1), ("group", 1 / 4))
    ]


def sweep(plain: Settings, sizes: tuple[int, ...]) -> list[Arm]:
    """Equal images, learning rate in proportion to the batch; BCN at the second largest batch."""
    read = ((5, 6, 9), (5, 6, 9), (5, 6), (9,))  # by layer; and claim 8 BN and GN at both ends
    arms = [
        Arm(at(plain, sizes, size) | layer, ids(FAMILY, *numbers, *((8,) if at_end and layer in LAYERS[:2] else ())))
        for size, at_end in ((size, size in (sizes[0], sizes[-1])) for size in sizes)
        for layer, numbers in zip(LAYERS, read, strict=True)
    ]
    return [*arms, Arm(channel(plain, sizes), ids(FAMILY, 9))]


def others(plain: Settings, sizes: tuple[int, ...]) -> list[Arm]:
    """Layers of which no claim speaks, at the second largest batch."""
    return [
        Arm(at(plain, (size,), size) | {"norm": norm})
        for size in sizes[-2:-1]
        for norm in ("none", "layer", "instance")
    ]


def at(plain: Settings, sizes: tuple[int, ...], size: int) -> Settings:
    """One batch size of a sweep; at the largest, steps are timed."""
    measures = "accuracy,batch_mates" + (",step_time" * (size == sizes[-1]))
    return plain | SGD | {"batch_size": size, "measures": measures}


def channel(plain: Settings, sizes: tuple[int, ...]) -> Settings:
    """BCN; the authors' networks have standardized convolutions with it, which is a control."""
    return plain | SGD | {"norm": "batch_channel", "batch_size": sizes[-2:][0], "measures": "accuracy"}


def equal_steps(plain: Settings, sizes: tuple[int, ...]) -> list[Arm]:
    """The largest and the smallest batch, eight passes of the largest; the smallest sees few images, once."""
    steps = 8 * (plain["images"] // sizes[-1])
    few = {"batch_size": sizes[0], "images": steps * sizes[0], "epochs": 1}
    many = {"batch_size": sizes[-1], "epochs": 8}
    common = plain | SGD | {"measures": "accuracy"}
    return [Arm(common | length | layer, ids(FAMILY, 8)) for length in (many, few) for layer in LAYERS[:2]]


def regularization(plain: Settings) -> list[Arm]:
    """Weight decay (ten times the authors', whose effect is below a point) and dropout, at Adam's 1e-3."""
    changes: tuple[Settings, ...] = ({}, {"weight_decay": 5e-4}, {"dropout": 0.3})
    adam = plain | ADAM | {"learning_rate": 1e-3, "measures": "accuracy"}
    return [Arm(adam | change | layer, ids(FAMILY, 4)) for change in changes for layer in LAYERS[:2]]


def forms(plain: Settings) -> list[Arm]:
    """The other two orders of GN+, and the two versions whose predictions depend on one image alone."""
    variants: tuple[Settings, ...] = (
        {"order": "batch_first"},
        {"order": "parallel"},
        {"running": True},
        {"running": True, "per_channel": True},
    )
    common = plain | SGD | {"norm": "group_plus", "batch_size": 16, "measures": "accuracy,batch_mates"}
    return [Arm(common | variant) for variant in variants]


def bridge(base: Settings) -> list[Arm]:
    """The book's subject: does a key carry the mark of its batch, in SimCo and in MoCo, with either layer?"""
    small = contrastive(base) | {"measures": "knn,leak"}
    methods = ({"method": "simco"}, {"method": "mocov2", "momentum": 0.99, "queue_size": 1024})
    layers = ({"norm": "batch"}, {"norm": "group", "groups": 4})  # 4 channels a group, as in VGG-7
    common = small | {"temperature": 0.1}
    return [Arm(common | method | layer, figure=True) for method in methods for layer in layers]


def contrastive(base: Settings) -> Settings:
    """The data, the network and the length of the runs without labels."""
    short = {"backbone": "resnet8", "width": 16, "size": 16, "batch_size": 32, "epochs": 2}
    return only(base, ("dataset", "evaluate_on", "images")) | short


# What this chapter has otherwise at a preset: fields and options of the Run, and `seeds`.
SIZES: dict[str, Settings] = {
    "smoke": {"batch_size": 32, "width": 32, "groups": 16},
    # Milliseconds a step at 128 images: batch 42, group 64, none 33; of VGG-11, 16 wide, 49 and 75. Bands:
    # 78 steps x 5 rates x (3 x (42 + 64) + 33) ms = 140 s; noise: 117 steps x 3 x (49 + 2 x 75) ms = 70 s.
    # Sweep, at 16 and 256 images: 625 x 3 x 73 ms + 38 x 3 x 640 ms = 210 s. Regularization 25 s, forms of
    # GN+ 50 s, SimCo and MoCo 12 x 4 s. 545 CPU seconds in all.
    "laptop": {"images": 5000, "epochs": 2, "width": 32, "groups": 16},
    # As at laptop, by seed: bands 184 steps x 5 rates x 139 ms = 140 s with the walks along the gradient;
    # noise 276 x 200 ms = 55 s; sweep, at 4, 16 and 256 images, 12,000 each = 175 s, at equal steps 45 s;
    # regularization 184 x 3 x 106 ms = 60 s; SimCo and MoCo 20 s: 500 s a seed, of which claims have 5 to 12. Forms of
    # GN+ and other layers, one seed: 85 s. 129 CPU minutes for all (EPYC with AVX-512, timed step by step).
    "overnight": {"images": 6000, "epochs": 4, "batch_size": 128, "width": 32, "size": 32, "groups": 16}
    | {"rungs": (2, 4, 8)},  # halves and doubles, so that the sweep's 2 epochs have whole rungs too
    # The authors' length: 20 epochs at 128 images a step; VGG-7 twice as wide.
    "gpu": {"images": 50000, "epochs": 20, "batch_size": 128, "width": 64, "groups": 32},
}

# The claims that are measured at every rung of a preset (`ladder`).
CLIMBS = ("normalization-3", "normalization-8")
