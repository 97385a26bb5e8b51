"""A recorder of your own: `python examples/my_recorder.py`

A recorder is called at each r-th step, after the backward pass, with what the method lets it watch
(`anatomy.step.Watch`) and with the method itself. This one records alignment and uniformity (Wang and Isola 2020,
arXiv:2005.10242) while SimCo trains. On the command line: `--recorders examples/my_recorder.py:OnTheSphere`.
"""

import argparse

import torch

from anatomy.hardware.machine import Machine
from anatomy.quantities import Positive
from anatomy.recorders import Rows
from anatomy.runs.config import Run
from anatomy.step import Method, StepOutput
from anatomy.training.train import fit, prepare


class OnTheSphere:
    """Rows (step, alignment, uniformity) of a batch's two views; uniformity in nats, both lower is better."""

    needs = ("z_1", "z_2")

    def __init__(self, *, sharpness: Positive = 2.0) -> None:
        self.sharpness = sharpness
        self.rows = Rows(["step", "alignment", "uniformity"])

    def after_backward(self, step: int, output: StepOutput, method: Method) -> None:
        z_1, z_2 = output.watch["z_1"].double(), output.watch["z_2"].double()  # [N, D], unit vectors
        alignment = (z_1 - z_2).square().sum(1).mean()
        distances = torch.pdist(z_1).square()  # [N (N - 1) / 2]
        uniformity = (-self.sharpness * distances).exp().mean().log()
        # Added on the device and fetched at the end of the epoch: a read at each step would make a GPU wait.
        self.rows.add(torch.stack([torch.full_like(alignment, step), alignment, uniformity])[None])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--images", type=int, default=None)
    given = parser.parse_args()

    run = Run.of(
        method="simco", temperature=0.1, width=16, batch_size=64, epochs=given.epochs, images=given.images,
        recorders=f"{__file__}:OnTheSphere", record_every=5,
    )  # fmt: skip
    training = prepare(run, Machine().resolved())
    fit(training)
    (recorder,) = training.recorders.values()
    for step, alignment, uniformity in zip(*recorder.rows.table().values(), strict=True):
        print(f"step {step:4.0f}   alignment {alignment:.3f}   uniformity {uniformity:.3f} nats")


if __name__ == "__main__":
    main()
