"""Draw numbers by lot among the published ones, and make their runs again: in an empty store, without the records.

    .venv/bin/python tools/by_lot.py 2026-11-27                                    # which five, and what they took
    .venv/bin/python tools/by_lot.py 2026-11-27 --store DIR --data-root folder     # train them; goes on where it ended
    ... --minutes 30 --device cpu --precision fp32

The word decides the lot, among all verdicts with an interval; who chooses it before looking cannot choose the numbers.
What is finished goes to records/by-lot/WORD.json, which the page on reproducibility shows: each number beside the
published one, whose interval it should lie in. The runs themselves are not published: they judge nothing.
Exit codes: 0 all that were made again lie within; 1 one does not; 2 the input is wrong.
"""

import argparse
import json
import random
import sys
from collections.abc import Iterable
from dataclasses import replace

from anatomy.cli.known import published_studies
from anatomy.errors import InputError
from anatomy.hardware.machine import PRECISIONS, Machine
from anatomy.hardware.processors import kinds
from anatomy.scheduling.sweep import sweep
from anatomy.settings import Settings
from anatomy.storage.store import Store
from anatomy.study.request import PUBLISHED
from anatomy.study.study import Study
from anatomy.verdicts.ledger import Judged

COUNT = 5
Drawn = tuple[Study, str, Judged]  # of a published study a claim, and its verdict there


def published_numbers(data_root: str | None) -> list[Drawn]:
    """Every published verdict with an interval, in the order of its claim, preset and data set."""
    found = [
        (study, row.claim.id, one)
        for study in published_studies(data_root) for row in study.verdicts() for one in row.verdicts
    ]  # fmt: skip
    return sorted((of for of in found if of[2].verdict.low is not None), key=place)


def place(drawn: Drawn) -> tuple[str, str, str]:
    _, id, one = drawn
    return id, one.preset, one.dataset


def lot(word: str, numbers: list[Drawn], count: int) -> list[Drawn]:
    return sorted(random.Random(word).sample(numbers, min(count, len(numbers))), key=place)


def in_words(drawn: Drawn) -> str:
    study, _, one = drawn
    minutes = sum(study.found[key]["provenance"]["seconds"] for key in one.runs) / 60
    return (
        f"{', '.join(place(drawn))}: {one.verdict.estimate:.4g}, of {len(one.runs)} runs, which took {minutes:.1f} min"
    )


def train(drawn: Iterable[Drawn], store: Store, machine: Machine, data_root: str | None, minutes: float | None) -> None:
    """The runs behind the numbers, and no others."""
    # Not from its records, which have a setting such as 2/255 with nine digits.
    runs = {key: run for study, _, one in drawn for run in study.runs if (key := study.key(run)) in one.runs}
    sweep(list(runs.values()), store, data_root=data_root, machine=machine, rules={},
          time_limit=None if minutes is None else 60 * minutes)  # fmt: skip


def again(drawn: Drawn, store: Store) -> Settings | None:
    """The number as published and as made again from the same runs; None where the store lacks one of them."""
    study, id, one = drawn
    records = {key: store.record(key) for key in one.runs}
    if not all(records.values()):
        return None
    found = {key: record for key, record in records.items() if record}
    rows = replace(study.evidence, found=found).verdicts
    other = next(row for row in rows if row.claim.id == id).verdicts[0].verdict
    here = one.verdict
    return {
        **dict(zip(("claim", "preset", "dataset"), place(drawn), strict=True)),
        "runs": len(one.runs),
        **{"published": exact(here.estimate), "low": exact(here.low), "high": exact(here.high), "verdict": here.word},
        "kind": ", ".join(kinds(study.found[key]["provenance"] for key in one.runs)),
        **{"again": exact(other.estimate), "low_again": exact(other.low), "high_again": exact(other.high)},
        "verdict_again": other.word,
        "kind_again": ", ".join(kinds(record["provenance"] for record in found.values())),
        "seconds": round(sum(record["provenance"]["seconds"] for record in found.values())),
        "within": here.low <= other.estimate <= here.high,
    }


def exact(value: float | None) -> float | None:
    """Without the dust of a sum in floating point, which a table would print as 4.44e-16."""
    return None if value is None else round(value, 9) + 0.0  # of -0.0 too


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("word", help="decides the lot: a date, say")
    parser.add_argument("--count", type=int, default=COUNT, help=f"how many numbers (default {COUNT})")
    parser.add_argument("--store", help="folder for the runs, at first empty; without it nothing is trained")
    parser.add_argument("--data-root", help="folder of data sets")
    parser.add_argument("--minutes", type=float, help="of training; without it to the end")
    parser.add_argument("--device", default="auto", help="auto, cpu or cuda")
    parser.add_argument("--precision", default="auto", choices=PRECISIONS, help="of all runs (default auto)")
    given = parser.parse_args()
    drawn = lot(given.word, published_numbers(given.data_root), given.count)
    if not given.store:
        print(*map(in_words, drawn), sep="\n")
        return 0
    store = Store(given.store)
    try:
        train(drawn, store, Machine(given.device, given.precision), given.data_root, given.minutes)
    except InputError as error:
        parser.error(str(error))
    made = [number for number in (again(one, store) for one in drawn) if number]
    file = PUBLISHED / "by-lot" / f"{given.word}.json"
    file.parent.mkdir(exist_ok=True)
    file.write_text(json.dumps({"of": len(drawn), "numbers": made}, indent=1) + "\n")
    within = sum(bool(number["within"]) for number in made)
    print(f"{within} of {len(made)} lie within; {len(drawn) - len(made)} are not whole yet; {file}")
    return 0 if within == len(made) else 1


if __name__ == "__main__":
    sys.exit(main())
