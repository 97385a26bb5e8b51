"""AutoAttack by its authors' own package, on a classifier trained against one step: `python examples/auto_attack.py`

Croce and Hein 2020, arXiv:2003.01690: APGD on two losses, FAB and Square; an image counts as right where all of them
fail. The package is on no index, and so in no lock; its commit a392200 of 2023 was tried. On the command line, for any
classifier: `--measures examples/auto_attack.py:auto_attack`.
"""

import argparse

from anatomy.attacks import evaluated
from anatomy.errors import InputError
from anatomy.hardware.machine import Machine
from anatomy.measures import Table, Trained
from anatomy.measures.robust_accuracy import first
from anatomy.quantities import Count, Share
from anatomy.runs.config import Run
from anatomy.training.run_tables import run_tables
from anatomy.training.train import fit, prepare


def auto_attack(
    classifier: Trained, *, ball: Share = 0.03137254901960784, judged: Count = 128, kinds: str = "standard"
) -> Table:
    """Columns accuracy (percent, of the first `judged` unseen images) and images. `kinds`: some of the package's
    attacks, as apgd-ce,square, in the place of its standard four. In float32, as its authors ask."""
    try:
        from autoattack import AutoAttack
    except ImportError:
        raise InputError("autoattack is not installed; pip install git+https://github.com/fra31/auto-attack") from None
    ((images, labels),) = first(classifier, min(judged, 1000))
    with evaluated(classifier.encoder) as network:
        attack = AutoAttack(network, eps=ball, seed=0, device=str(images.device), verbose=False)
        attack.attacks_to_run = attack.attacks_to_run if kinds == "standard" else kinds.split(",")
        _, said = attack.run_standard_evaluation(images, labels, return_labels=True)
    return {"accuracy": [100 * (said == labels).double().mean().item()], "images": [len(labels)]}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--images", type=int, default=None)
    parser.add_argument("--judged", type=int, default=128)
    parser.add_argument("--kinds", default="standard")
    given = parser.parse_args()

    same: dict[str, object] = dict.fromkeys(("attacked", "auto_attacked", "judged"), given.judged)
    same |= dict.fromkeys(("epsilon", "radius", "ball"), 2 / 255)
    run = Run.of(
        method="adversarial", projector="linear", views="whole", size=16, epochs=given.epochs, images=given.images,
        measures=f"robust_accuracy,{__file__}:auto_attack", kinds=given.kinds, **same,
    )  # fmt: skip
    training = prepare(run, Machine().resolved())
    fit(training)
    _, ours, theirs = run_tables(training).values()  # behind the loss
    for name, accuracy in zip([*ours["attack"], "AutoAttack"], ours["accuracy"] + theirs["accuracy"], strict=True):
        print(f"{name:10} {accuracy:5.1f} % right")


if __name__ == "__main__":
    main()
