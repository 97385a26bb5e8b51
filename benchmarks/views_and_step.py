"""Our speed beside lightly's, in one process, on one thread, by CPU time.

    make benchmark                                             # or, with --json FILE, --rounds N:
    PYTHONPATH=src .venv-benchmark/bin/python benchmarks/views_and_step.py --json speed.json

1. Two SimCLR views of an image in memory, at one policy: crop, flip, jitter, gray; no blur.
2. A SimCLR step of a ResNet-18 of width 16 with the CIFAR stem, batch 256: images in memory to
   updated weights. lightly's side is its own parts, as in its examples/pytorch/simclr.py:
   SimCLRTransform image by image, ResNetGenerator, SimCLRProjectionHead, NTXentLoss, SGD, float32.
   Ours is `train.train_step`, in bfloat16 where that is faster.

The sides take turns, and a ratio is the median of the rounds' ratios: neighbors on the machine slow
both sides of a round, so seconds vary from run to run by 30 % and ratios hardly. There is no file
to decode and no worker process on either side; both would be in our favor.
"""

import argparse
import json
import time
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from statistics import median

import lightly
import torch
from lightly.loss import NTXentLoss
from lightly.models import ResNetGenerator
from lightly.models.modules import SimCLRProjectionHead
from lightly.transforms import SimCLRTransform
from PIL import Image
from torch import Tensor, nn

from anatomy.augmentation import views
from anatomy.hardware.machine import Machine, cpu_model
from anatomy.hardware.precision import convolution_seconds, worth_timing
from anatomy.runs.config import Run
from anatomy.training import train

BATCH, WIDTH, TEMPERATURE, STEPS = 256, 16, 0.5, 4  # steps an epoch: views are drawn once for all
POLICY = {"crop_min": 0.08, "jitter": 0.4, "hue": 0.1}  # SimCLRTransform's at cj_strength 0.5
STEP = 3.0 if "AMX" in cpu_model() else 2.2
TARGETS = {"views": 4.0, "step": STEP, "step, compiled": STEP}


def main() -> None:
    parser = argparse.ArgumentParser(description="Our speed beside lightly's.")
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write the numbers here")
    parser.add_argument("--rounds", type=int, default=5, help="turns of each side (default: 5)")
    parser.add_argument("--compile", action="store_true", help="also our compiled step: minutes to compile")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(0)

    ours = {precision: OurStep(precision) for precision in worth_timing(convolution_seconds("cpu"))}
    # As in a study, whole steps are timed only where a convolution leaves it open.
    precision = next(iter(ours)) if len(ours) == 1 else min(ours, key=lambda p: cpu_seconds(ours[p], warm_up=True))
    pixels = ours[precision].training.images.images[:BATCH]
    pictures = [Image.fromarray(image.permute(1, 2, 0).numpy()) for image in pixels]
    results = {
        "views": compare(lambda: lightly_views(pictures), lambda: our_views(pixels), arguments.rounds),
        "step": compare(LightlyStep(pictures), ours[precision], arguments.rounds, per=STEPS),
    }
    if arguments.compile:
        results["step, compiled"] = compare(
            LightlyStep(pictures), OurStep(precision, compile="yes"), arguments.rounds, per=STEPS
        )
    about = {
        "cpu": cpu_model(),
        "amx": "AMX" in cpu_model(),
        "torch": torch.__version__,
        "lightly": lightly.__version__,
        "precision": precision,
        "rounds": arguments.rounds,
    }
    report(about, results)
    if arguments.json:
        arguments.json.write_text(json.dumps({**about, **results}, indent=1) + "\n")


# --- two views of each of the images


def lightly_views(pictures: list[Image.Image]) -> list[Tensor]:
    transform = SimCLRTransform(input_size=32, cj_strength=0.5, gaussian_blur=0)
    drawn = [transform(picture) for picture in pictures]
    return [torch.stack(view) for view in zip(*drawn, strict=True)]  # 2 x [N, 3, 32, 32]


def our_views(pixels: Tensor) -> list[Tensor]:
    generator = torch.Generator().manual_seed(0)
    drawn = (views.standard(len(pixels), 32, 32, generator, **POLICY) for _ in range(2))
    return [views.apply(pixels, parameters, size=32) for parameters in drawn]


# --- from images in memory to updated weights; a call makes STEPS steps


class LightlyStep:
    """The loop of lightly's examples/pytorch/simclr.py, on its own network."""

    def __init__(self, pictures: list[Image.Image]) -> None:
        resnet = ResNetGenerator("resnet-18", width=WIDTH / 64)
        backbone = nn.Sequential(*list(resnet.children())[:-1], nn.AdaptiveAvgPool2d(1))
        head = SimCLRProjectionHead(8 * WIDTH, 8 * WIDTH, 128)
        self.pictures = pictures
        self.model = nn.Sequential(backbone, nn.Flatten(), head)
        self.loss = NTXentLoss(temperature=TEMPERATURE)
        self.optimizer = torch.optim.SGD(self.model.parameters(), lr=0.06)

    def __call__(self) -> None:
        for _ in range(STEPS):
            view_1, view_2 = lightly_views(self.pictures)
            loss = self.loss(self.model(view_1), self.model(view_2))
            loss.backward()
            self.optimizer.step()
            self.optimizer.zero_grad()


class OurStep:
    """The package's own loop, without what it writes down."""

    def __init__(self, precision: str, compile: str = "no") -> None:
        run = Run.of(
            method="simclr", loss="info_nce", temperature=TEMPERATURE, backbone="resnet18",
            width=WIDTH, batch_size=BATCH, images=BATCH * STEPS, **POLICY,
        )  # fmt: skip
        self.training = train.prepare(run, Machine("cpu", precision, compile=compile))
        self.training.method.train()

    def __call__(self) -> None:
        for step, batch in enumerate(islice(train.batches(self.training), STEPS)):
            train.train_step(self.training, batch, step)


# --- measuring


def cpu_seconds(work: Callable[[], object], warm_up: bool = False) -> float:
    """CPU seconds of the process for one call; with a call before it that does not count."""
    if warm_up:
        work()
    start = time.process_time()
    work()
    return time.process_time() - start


def compare(
    theirs: Callable[[], object], ours: Callable[[], object], rounds: int, per: int = 1
) -> dict[str, float | list[float]]:
    """Medians over rounds in which the two take turns; images a second of one core, and ratios."""
    theirs(), ours()  # the first call of each does not count
    seconds = [(cpu_seconds(theirs), cpu_seconds(ours)) for _ in range(rounds)]
    ratios = [their / our for their, our in seconds]
    return {
        "lightly_images_per_second": round(BATCH * per / median(their for their, _ in seconds), 1),
        "our_images_per_second": round(BATCH * per / median(our for _, our in seconds), 1),
        "ratio": round(median(ratios), 2),
        "ratios": [round(ratio, 2) for ratio in ratios],
    }


def report(about: dict[str, object], results: dict[str, dict]) -> None:
    print(f"{about['cpu']}{'' if about['amx'] else ', no AMX'}, one thread")
    print(f"torch {about['torch']}, lightly {about['lightly']}, our step in {about['precision']}\n")
    print("images / s / core    lightly      ours    ratio (lowest .. highest)   target")
    for name, found in results.items():
        low, high = min(found["ratios"]), max(found["ratios"])
        print(
            f"{name:17}{found['lightly_images_per_second']:11.1f}"
            f"{found['our_images_per_second']:10.1f}{found['ratio']:8.2f}x"
            f" ({low:.2f} .. {high:.2f})  {TARGETS[name]:11.1f}x"
        )


if __name__ == "__main__":
    main()
