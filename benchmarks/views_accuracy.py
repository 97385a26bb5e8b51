"""What colors by one matrix an image do to accuracy: two runs a seed, with the exact views and with these.

    PYTHONPATH=src python benchmarks/views_accuracy.py --data-root folder --store runs    # 20 minutes of two cores

SimCo with InfoNCE at the overnight preset's size and 8 passes, on CIFAR-10; both runs of a seed have the same weights,
order and draws. kNN accuracy on the held-out tenth of the training images, since a choice rests on it; seeds that no
verdict uses. Writes benchmarks/results/matrix_views.json, from which the book's page "Speed" is drawn.
"""

import argparse
import json
from datetime import UTC, datetime
from pathlib import Path

from anatomy.hardware.machine import PRECISIONS, Machine
from anatomy.runs.config import Run
from anatomy.scheduling.sweep import sweep
from anatomy.storage.record import Record
from anatomy.storage.store import Store
from pilots import ONE, STEM, run_of

FILE = Path(__file__).parent / "results" / "matrix_views.json"
SEEDS = range(2000, 2005)
VIEWS = ("standard", "matrix")
SAID = ("cpu", "precision", "torch", "commit")  # of a record's provenance


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data-root", required=True)
    parser.add_argument("--store", required=True, help="folder of runs")
    parser.add_argument("--precision", default="auto", choices=PRECISIONS)
    given = parser.parse_args()
    store, in_pairs = Store(given.store), [run(views, seed) for seed in SEEDS for views in VIEWS]
    keys = sweep(in_pairs, store, data_root=given.data_root, machine=Machine("cpu", given.precision)).keys
    of_views = {views: keys[place :: len(VIEWS)] for place, views in enumerate(VIEWS)}
    found = {views: [record(store, key) for key in of] for views, of in of_views.items()}
    FILE.write_text(json.dumps(about(found), indent=1) + "\n")
    print(FILE)


def run(views: str, seed: int) -> Run:
    return run_of(ONE | STEM | {"epochs": 8, "views": views, "seed": seed})


def record(store: Store, key: str) -> Record:
    found = store.record(key)
    assert found is not None, f"run {key} was trained and is not there"
    return found


def about(found: dict[str, list[Record]]) -> dict[str, object]:
    """Settings, accuracies by views in the order of the seeds, and where they were measured."""
    first = found["standard"][0]
    of_all = {name: sorted({one["provenance"][name] for of in found.values() for one in of}) for name in SAID}
    accuracy = {views: [one["tables"]["knn"]["accuracy"][0] for one in of] for views, of in found.items()}
    date = f"{datetime.now(UTC):%Y-%m-%d}"
    return {"date": date, "run": first["run"], "seeds": list(SEEDS), "accuracy": accuracy, **of_all}


if __name__ == "__main__":
    main()
