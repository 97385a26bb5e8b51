"""Replay the first steps of published runs with the code as it is: which losses moved, and by how much.

    .venv/bin/python tools/replay.py --data-root folder

One record of each method, backbone and norm (the one of the fewest images a step), or with --all every one. Each is
replayed in the precision it was made in, here: another processor moves bfloat16 by some 1e-3 as well, so what a change
of the code did is seen by replaying twice, before and after it, and comparing (--json). Nothing is written, but for the
weights of runs that others use: no record holds any, so what --store lacks of them is trained first, some minutes each.
On another processor such a teacher comes out otherwise and its student cannot be compared, which is said and no error.
Exit code 1 if a run moved by more than the tolerance at which a store trusts a run of another machine.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Iterable
from typing import Any

from anatomy.hardware.machine import Machine
from anatomy.networks.heads import Others
from anatomy.runs.config import Run
from anatomy.scheduling.others import encoders, files_of, has_weights
from anatomy.scheduling.worker import Task, train_one
from anatomy.storage.record import published, run_of
from anatomy.storage.store import Store
from anatomy.study.request import PUBLISHED
from anatomy.training.replay import TOLERANCE, distances, first_losses

Records = dict[str, dict[str, Any]]


def networks(records: Records) -> Records:
    """One record of each method, backbone and norm, that of the fewest images a step."""
    chosen: dict[tuple[str, ...], str] = {}
    for key, record in sorted(records.items()):
        run = run_of(record)
        kind = (run.method.name, run.backbone.name, run.norm.name)
        if kind not in chosen or run.batch_size < run_of(records[chosen[kind]]).batch_size:
            chosen[kind] = key
    return {key: records[key] for _, key in sorted(chosen.items())}


def machine_of(record: dict[str, Any]) -> Machine:
    return Machine("cpu", record["provenance"]["precision"], compile="no")


def others_of(run: Run, records: Records, store: Store, data_root: str | None) -> Others:
    """The trained encoders that a run uses. InputError for one that is neither published nor in the store."""
    for other in run.others:
        if other in records and not has_weights(store, other):
            record = records[other]
            train_one(Task(record["run"], str(store.root), data_root, machine_of(record), rules={}, weights=True))
    return encoders(run, files_of(run, store))


def came_out_alike(run: Run, records: Records, store: Store) -> bool:
    """Whether the runs that this one uses have the losses that are published of them."""
    again = {other: store.record(other) for other in run.others}
    return all(record is not None and record["tables"]["loss"] == records[other]["tables"]["loss"]
               for other, record in again.items() if other in records)  # fmt: skip


def moved(run: Run, record: dict[str, Any], data_root: str | None, others: Others) -> tuple[list[float], float]:
    """The first losses now, and the largest difference from the published ones, relative to their largest."""
    provenance = record["provenance"]
    now = first_losses(run, machine_of(record), data_root, others=others)
    kept = [float(loss) for loss in provenance["first_losses"]]
    return now, max(distances(now, kept)) if len(now) == len(kept) else float("inf")


def replay(chosen: Records, records: Records, store: Store, data_root: str | None) -> Iterable[dict[str, Any]]:
    """A row a chosen run; `records` are all, among which are those that others use."""
    for key, record in chosen.items():
        run, precision = run_of(record), record["provenance"]["precision"]
        root = data_root if run.dataset != "shapes" else None
        now, by = moved(run, record, root, others_of(run, records, store, root))
        parts = [run.method.name, run.backbone.name, run.norm.name, run.dataset, precision]
        yield {"key": key, "run": " ".join(parts), "moved": by, "within": by <= TOLERANCE[precision],
               "comparable": came_out_alike(run, records, store), "first_losses": now}  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data-root", help="folder of data sets; without it, records of shapes only")
    parser.add_argument("--all", action="store_true", help="every record, not one of each method, backbone and norm")
    parser.add_argument("--store", help="folder of runs, for the weights that others use; without it, a temporary one")
    parser.add_argument("--json", action="store_true", help="print JSON, the losses themselves included")
    given = parser.parse_args()
    records = {k: r for k, r in published(PUBLISHED).items() if given.data_root or run_of(r).dataset == "shapes"}
    trained = {key: record for key, record in records.items() if run_of(record).epochs}  # the others have no losses
    far, chosen = 0, trained if given.all else networks(trained)
    with tempfile.TemporaryDirectory(prefix="replay-") as temporary:
        for row in replay(chosen, records, Store(given.store or temporary), given.data_root):
            far += row["comparable"] and not row["within"]
            mark = "" if row["within"] else "  beyond the tolerance"
            mark = mark if row["comparable"] else "  not comparable: its teacher came out otherwise here"
            said = f"{row['key']}  {row['moved']:.1e}  {row['run']}{mark}"
            print(json.dumps(row) if given.json else said, flush=True)
    return 1 if far else 0


if __name__ == "__main__":
    sys.exit(main())
