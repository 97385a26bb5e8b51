"""Replay the first steps of published runs with the code as it is: which losses moved, and by how much.

    .venv/bin/python tools/replay.py --data-root folder

One record of each method, backbone and norm (the one of the fewest images a step), or with --all every one. Each is
replayed in the precision it was made in, here: another processor moves bfloat16 by some 1e-3 as well, so what a change
of the code did is seen by replaying twice, before and after it, and comparing (--json). Nothing is written.
Exit code 1 if a run moved by more than the tolerance at which a store trusts a run of another machine.
"""

import argparse
import json
import sys
from collections.abc import Iterable
from typing import Any

from anatomy.hardware.machine import Machine
from anatomy.runs.config import Run
from anatomy.storage.record import published, run_of
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


def moved(run: Run, provenance: dict[str, Any], data_root: str | None) -> tuple[list[float], float]:
    """The first losses now, and the largest difference from the published ones, relative to their largest."""
    now = first_losses(run, Machine("cpu", provenance["precision"], compile="no"), data_root)
    kept = [float(loss) for loss in provenance["first_losses"]]
    return now, max(distances(now, kept)) if len(now) == len(kept) else float("inf")


def replay(records: Records, data_root: str | None) -> Iterable[dict[str, Any]]:
    for key, record in records.items():
        run, provenance = run_of(record), record["provenance"]
        now, by = moved(run, provenance, data_root if run.dataset != "shapes" else None)
        parts = [run.method.name, run.backbone.name, run.norm.name, run.dataset, provenance["precision"]]
        yield {"key": key, "run": " ".join(parts), "moved": by, "within": by <= TOLERANCE[provenance["precision"]],
               "first_losses": now}  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data-root", help="folder of data sets; without it, records of shapes only")
    parser.add_argument("--all", action="store_true", help="every record, not one of each method, backbone and norm")
    parser.add_argument("--json", action="store_true", help="print JSON, the losses themselves included")
    given = parser.parse_args()
    records = {k: r for k, r in published(PUBLISHED).items() if given.data_root or run_of(r).dataset == "shapes"}
    far = 0
    for row in replay(records if given.all else networks(records), given.data_root):
        far += not row["within"]
        mark = "" if row["within"] else "  beyond the tolerance"
        print(json.dumps(row) if given.json else f"{row['key']}  {row['moved']:.1e}  {row['run']}{mark}", flush=True)
    return 1 if far else 0


if __name__ == "__main__":
    sys.exit(main())
