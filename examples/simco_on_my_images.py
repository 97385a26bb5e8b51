"""SimCo on images of your own: `python examples/simco_on_my_images.py photos --epochs 20`

`photos` is a folder photos/train/CLASS/IMAGE, of any format that Pillow reads; without it the images are drawn here.
Prints the loss of each epoch and the kNN accuracy on held-out images, and saves the representations of all training
images to representations.npz. Labels, the names of the class folders, serve the accuracy alone: SimCo sees none.
"""

import argparse
from pathlib import Path

import numpy as np
import torch

from anatomy.augmentation import views
from anatomy.hardware.machine import Machine
from anatomy.runs.config import Run
from anatomy.training.run_tables import run_tables
from anatomy.training.state import Training
from anatomy.training.train import fit, prepare


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("images", nargs="?", type=Path, default=Path("shapes"))
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--use", type=int, default=None, metavar="N", help="only so many images; all if not given")
    parser.add_argument("--out", type=Path, default=Path("representations.npz"))
    given = parser.parse_args()

    run = Run.of(
        method="simco", loss="dual_temperature", temperature_intra=0.1, temperature_inter=1.0,
        backbone="resnet8", width=16, projector="mlp", epochs=given.epochs, batch_size=64,
        dataset=given.images.name, images=given.use,
    )  # fmt: skip
    training = prepare(run, Machine().resolved(), str(given.images.parent))
    print(f"{len(training.images)} images to train on, {len(training.unseen)} held out")
    fit(training, save=lambda at: print(f"epoch {at.epoch}: loss {last_epoch(at):.3f} nats"))
    (accuracy,) = run_tables(training)["knn"]["accuracy"]
    print(f"kNN accuracy on held-out images: {accuracy:.1f} %")
    np.savez(given.out, representations=representations(training), labels=training.images.labels.cpu())


def last_epoch(training: Training) -> float:
    losses = training.losses[-training.steps_per_epoch :]
    return sum(losses) / len(losses)


@torch.no_grad()
def representations(training: Training) -> np.ndarray:
    """h [N, F] of all training images, clean and whole; the network stays in training mode for whoever goes on."""
    backbone = training.method.encoder.backbone.eval()
    chunks = training.images.images.split(500)
    found = torch.cat([backbone(views.clean(chunk, size=training.run.size)) for chunk in chunks])
    training.method.train()
    return found.float().cpu().numpy()


if __name__ == "__main__":
    main()
