"""A loss of your own, compared with InfoNCE: `python examples/my_loss.py --seeds 5`

Both train SimCo from the same weights on the same views in the same order, so they are compared seed by seed, and the
difference gets a 95 % interval over the seeds. Finished runs are kept in the folder `runs`, and trained again if the
loss was edited. On the command line: `--loss examples/my_loss.py:squared_hinge --margin 0.2`.
"""

import argparse

from jaxtyping import Float
from torch import Tensor

from anatomy.analysis.over_seeds import shown
from anatomy.analysis.paired import differences, means
from anatomy.quantities import Share, Temperature
from anatomy.runs.config import Run
from anatomy.scheduling.sweep import sweep
from anatomy.similarity import Negatives, log_sum_exp
from anatomy.storage.store import Store, default_root
from anatomy.storage.tables import tables_of


def squared_hinge(
    positive: Float[Tensor, " N"], negatives: Negatives, *, temperature: Temperature = 0.1, margin: Share = 0.2
) -> Float[Tensor, " N"]:
    """How far the hardest negatives (a soft maximum) come within `margin` of the positive, squared. One per anchor."""
    hardest = temperature * log_sum_exp(negatives, temperature)
    return (hardest - positive + margin).relu().square()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--images", type=int, default=None)
    given = parser.parse_args()

    same = {"method": "simco", "temperature": 0.1, "width": 16, "epochs": given.epochs, "images": given.images}
    arms = {"squared hinge": f"{__file__}:squared_hinge", "InfoNCE": "info_nce"}
    runs = [Run.of(**same, loss=loss, seed=seed) for loss in arms.values() for seed in range(given.seeds)]

    store = Store(default_root())
    keys = sweep(runs, store).keys
    records = {key: record for key in keys if (record := store.record(key)) is not None}
    accuracy = tables_of(records)["knn"]
    rows = {name: accuracy[accuracy["loss"] == loss] for name, loss in arms.items()}
    print(shown(means(rows)).to_string(index=False))
    pair = {"squared hinge minus InfoNCE": (rows["squared hinge"], rows["InfoNCE"])}
    print(shown(differences(pair)).to_string(index=False))


if __name__ == "__main__":
    main()
