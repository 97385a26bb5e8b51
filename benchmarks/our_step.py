"""Our side of a step: SimCLR on generated images, or another method, by the package's own loop."""

from itertools import islice

from torch import Tensor

from anatomy.hardware.machine import Machine
from anatomy.runs.config import Run
from anatomy.step import Batch
from anatomy.training import train

TEMPERATURE, STEPS = 0.5, 2  # steps an epoch: views are drawn once for all
POLICY = {"crop_min": 0.08, "jitter": 0.4, "hue": 0.1}  # SimCLRTransform's at cj_strength 0.5


class OurStep:
    """The package's own loop, without what it writes down."""

    def __init__(self, width: int, batch: int, precision: str, compile: str = "no", **other: object) -> None:
        asked = {"method": "simclr", "loss": "info_nce", "temperature": TEMPERATURE, "backbone": "resnet18"} | other
        run = Run.of(width=width, batch_size=batch, images=batch * STEPS, **POLICY, **asked)
        self.batch, self.training = batch, train.prepare(run, Machine("cpu", precision, compile=compile))
        self.training.method.train()

    def pixels(self) -> Tensor:
        return self.training.images.images[: self.batch]

    def one_batch(self) -> Batch:
        return next(iter(train.batches(self.training)))

    def step(self, batch: Batch) -> None:
        train.train_step(self.training, batch, 0)

    def __call__(self) -> None:
        for step, batch in enumerate(islice(train.batches(self.training), STEPS)):
            train.train_step(self.training, batch, step)
