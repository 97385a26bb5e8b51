"""Four sizes of the same study: sizes only, with the arithmetic of their cost.

Seconds are CPU seconds on one core of the slower machine that we know (an EPYC without AMX; a Xeon with it needs two
thirds); minutes are these divided by 120, for two cores. The sweep times a few steps before it starts and says what it
will be where you are.
"""

from dataclasses import dataclass, replace
from typing import Any

from anatomy.errors import InputError, nearest

# The setting that every claim of a chapter starts from; one factor at a time departs from it.
BASE: dict[str, Any] = {"warmup": 0.1, "weight_decay": 5e-4, "sgd_momentum": 0.9, "recorders": "hardness,scores"}


@dataclass(frozen=True)
class Preset:
    """A size. `run` holds fields and options of the Run; `precision` is of the machine, fixed only for smoke."""

    name: str
    dataset: str
    seeds: tuple[int, ...]
    run: dict[str, Any]
    precision: str = "auto"
    compile: str = "auto"
    full: bool = False  # every arm of a study, and the equal tuning of those that are said to beat another
    workers: int | None = None  # runs at a time; as many as cores if not given

    def of(self, chapter: str) -> "Preset":
        """The size that a chapter has at this preset; `seeds` may be among what it has of its own."""
        own = dict(CHAPTERS.get(chapter, {}).get(self.name, {}))
        return replace(self, seeds=own.pop("seeds", self.seeds), run=self.run | own)


PRESETS = {
    preset.name: preset
    for preset in (
        # 5 steps an epoch x 2 epochs x 20 ms, a second a run; its numbers are never shown as results.
        # fp32 on one thread: the committed outputs must hold on another processor.
        Preset(
            "smoke",
            "shapes",
            (0,),
            BASE
            | {"images": 320, "epochs": 2, "batch_size": 64, "backbone": "resnet8", "width": 8, "size": 16}
            | {"record_every": 2},
            precision="fp32",
            compile="no",
            workers=1,  # to start a second process takes longer than all four runs
        ),
        # 9,000 images (nine tenths of shapes) x 5 epochs / 1,400 images a second = 32 s a run; 12 runs, 3.2 minutes.
        # 128 images a step, as in the baselines of shapes: at 256, with twice the rate, one seed of three stayed in a
        # shortcut through color, under either loss (kNN 15 %, the others 43 to 51 %).
        Preset(
            "laptop",
            "shapes",
            (0, 1, 2),
            BASE | {"epochs": 5, "batch_size": 128, "backbone": "resnet8", "width": 16, "crop_min": 0.4},
        ),
        # 50,000 images x 3 epochs / 3,300 images a second (16 x 16 pixels) = 45 s a run, 100 s at 32 images a step.
        # Dictionary: 31 settings x 3 seeds, 20 tuning runs of two thirds of that, up to 15 runs at an arm's best:
        # 26 x 3 x 45 + 5 x 3 x 90 + 20 x 35 + 15 x 60 s = 108 CPU minutes. Test images once, at the end.
        Preset(
            "overnight",
            "cifar10",
            (0, 1, 2),
            BASE
            | {
                "epochs": 3,
                "batch_size": 256,
                "backbone": "resnet8",
                "width": 16,
                "size": 16,
                "evaluate_on": "test",
                "measures": "knn,linear_probe",
            },
            full=True,
        ),
        # The papers' own network; 200 epochs at about 2 s on an H200-class GPU = 7 minutes a run.
        Preset(
            "gpu",
            "cifar10",
            (0, 1, 2),
            BASE | {"epochs": 200, "batch_size": 256, "backbone": "resnet18", "width": 64, "evaluate_on": "test"},
            full=True,
        ),
    )
}

# Chapter two: a projector without final BatchNorm, a constant rate after warm-up, and geometry to look at.
GEOMETRY: dict[str, Any] = {"learning_rate": 0.2, "weight_decay": 1e-4, "schedule": "constant"}
GEOMETRY |= {"projector": "mlp_norm", "recorders": "geometry", "measures": "collapse"}
# Chapter three, which looks at nothing but scores.
SCORES: dict[str, Any] = {"recorders": "score_curves,synthetic"}
QUALITY = "knn,linear_probe,alignment_uniformity"

# What a chapter has otherwise at a preset: fields and options of the Run, and `seeds`.
CHAPTERS: dict[str, dict[str, dict[str, Any]]] = {
    "vector_decomposition": {
        "smoke": GEOMETRY | {"hidden": 32, "dimension": 32},
        # 70 steps an epoch x 3 epochs x 30 ms = 6.5 s a run at 16 x 16 pixels; 12 such settings, one of 2.7 times
        # the price, one of twice the length, 3 of 320 steps (10 s), 7 of 2 epochs (4.5 s):
        # (12 x 6.5 + 17 + 13 + 3 x 10 + 7 x 4.5) x 3 seeds = 510 CPU seconds, 4.2 minutes.
        "laptop": GEOMETRY | {"hidden": 256, "dimension": 256, "epochs": 3, "size": 16},
        # 195 steps an epoch x 2 epochs x 55 ms = 22 s a run; 15 such settings, one of 2.7 times the price, one of
        # twice the length, 3 of 320 steps (18 s), 10 of one epoch (11 s), kNN for nine settings (6 s):
        # (15 x 22 + 60 + 44 + 3 x 18 + 10 x 11 + 9 x 6) x 3 seeds = 33 CPU minutes.
        "overnight": GEOMETRY | {"hidden": 256, "dimension": 256, "epochs": 2, "record_every": 20},
        # As in the code of a co-author: rate 0.5, weight decay 1e-5, cosine, heads of 2048.
        "gpu": GEOMETRY
        | {"learning_rate": 0.5, "weight_decay": 1e-5, "schedule": "cosine", "warmup": 0.05}
        | {"hidden": 2048, "dimension": 2048},
    },
    "score_visualization": {
        "smoke": SCORES | {"queue_size": 256, "record_every": 1},
        # A step of MoCo is half of SimCo's, 15 to 20 s a run; 7 arms x 3 seeds, 21 runs, 3 minutes.
        # 1,024 keys are a ninth of the images: of many more, one would often be the anchor's own, an epoch old.
        "laptop": SCORES | {"queue_size": 1024},
        # 2 epochs, 390 steps of MoCo with 4,096 keys, 45 to 55 ms each, 22 s a run, 32 s with a lambda a dimension.
        # 17 arms x 3 seeds, 12 tuning runs of half that, 9 runs at an arm's best: 51 x 23 + 12 x 14 + 9 x 22 s
        # = 26 CPU minutes on the faster machine.
        "overnight": SCORES | {"epochs": 2, "queue_size": 4096, "measures": QUALITY, "record_every": 15},
        "gpu": SCORES | {"queue_size": 4096, "measures": QUALITY, "record_every": 500},
    },
    "normalization": {
        "smoke": {"batch_size": 32, "width": 32, "groups": 16},
        # Milliseconds a step at 128 images: batch 42, group 64, none 33; of VGG-11, 16 wide, 49 and 75. Bands:
        # 78 steps x 5 rates x (3 x (42 + 64) + 33) ms = 140 s; noise: 117 steps x 3 x (49 + 2 x 75) ms = 70 s.
        # Sweep, at 16 and 256 images: 625 x 3 x 73 ms + 38 x 3 x 640 ms = 210 s. Regularization 25 s, forms of
        # GN+ 50 s, SimCo and MoCo 12 x 4 s. 545 CPU seconds in all.
        "laptop": {"images": 5000, "epochs": 2, "width": 32, "groups": 16},
        # As at laptop, by seed: bands 184 steps x 5 rates x 139 ms = 140 s with the walks along the gradient;
        # noise 276 x 200 ms = 55 s; sweep, at 4, 16 and 256 images, 12,000 each = 175 s, at equal steps 45 s;
        # regularization 184 x 3 x 106 ms = 60 s; SimCo and MoCo 20 s. Three seeds: 1,480 s. Forms of GN+ and
        # other layers, one seed: 85 s. 26 CPU minutes.
        "overnight": {"images": 6000, "epochs": 4, "batch_size": 128, "width": 32, "size": 32, "groups": 16},
        # The authors' length: 20 epochs at 128 images a step; VGG-7 twice as wide.
        "gpu": {"images": 50000, "epochs": 20, "batch_size": 128, "width": 64, "groups": 32},
    },
}


def load(name: str) -> Preset:
    """The preset of this name, or an InputError."""
    if name not in PRESETS:
        raise InputError(f"unknown preset {name!r}; {nearest(name, PRESETS)}")
    return PRESETS[name]
