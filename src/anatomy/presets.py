"""Four sizes of the same study: sizes only, with the arithmetic of their cost.

Seconds are CPU seconds on one core of the slower machine that we know (an EPYC without AMX; a Xeon with it needs two
thirds); minutes are these divided by 120, for two cores. The sweep times a few steps before it starts and says what it
will be where you are.
"""

from dataclasses import dataclass
from typing import Any

from anatomy.errors import InputError, nearest

# The setting that every claim of a chapter starts from; one factor at a time departs from it.
BASE: dict[str, Any] = {"warmup": 0.1, "weight_decay": 5e-4, "sgd_momentum": 0.9}


@dataclass(frozen=True)
class Preset:
    """A size. `run` holds fields and options of the Run; `precision` is of the machine, fixed only for smoke."""

    name: str
    dataset: str
    seeds: tuple[int, ...]
    run: dict[str, Any]
    precision: str = "auto"
    compile: str = "auto"
    workers: int | None = None  # runs at a time; as many as cores if not given


PRESETS = {
    preset.name: preset
    for preset in (
        # 5 steps an epoch x 2 epochs x 20 ms, a second a run; its numbers are never shown as results.
        # fp32 on one thread: the committed outputs must hold on another processor.
        Preset(
            "smoke",
            "shapes",
            (0,),
            BASE | {"images": 320, "epochs": 2, "batch_size": 64, "backbone": "resnet8", "width": 8, "size": 16},
            precision="fp32",
            compile="no",
            workers=1,  # to start a second process takes longer than all four runs
        ),
        # 9,000 images (nine tenths of shapes) x 5 epochs / 1,400 images a second = 32 s a run; 12 runs, 3.2 minutes.
        Preset(
            "laptop",
            "shapes",
            (0, 1, 2),
            BASE | {"epochs": 5, "batch_size": 256, "backbone": "resnet8", "width": 16, "crop_min": 0.4},
        ),
        # 50,000 images x 8 epochs at 20 s an epoch = 160 s a run; test images once, at the end.
        Preset(
            "overnight",
            "cifar10",
            (0, 1, 2),
            BASE | {"epochs": 8, "batch_size": 256, "backbone": "resnet18", "width": 16, "evaluate_on": "test"},
        ),
        # The papers' own network; 200 epochs at about 2 s on an H200-class GPU = 7 minutes a run.
        Preset(
            "gpu",
            "cifar10",
            (0, 1, 2),
            BASE | {"epochs": 200, "batch_size": 256, "backbone": "resnet18", "width": 64, "evaluate_on": "test"},
        ),
    )
}


def load(name: str) -> Preset:
    """The preset of this name, or an InputError."""
    if name not in PRESETS:
        raise InputError(f"unknown preset {name!r}; {nearest(name, PRESETS)}")
    return PRESETS[name]
