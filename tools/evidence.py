"""Train the runs that claims wait for, seed by seed: wherever time ends, whole seeds can be published.

    .venv/bin/python tools/evidence.py score_visualization --store DIR --data-root folder --minutes 60
    ... --claims mixing-2,transformation-5          # only what these read
    ... --seeds 12,13                               # only these
    ... --rungs                                     # the other lengths of the chapter's ladder
    ... --pilot                                     # on held-out images, for tools/design.py
    ... --dataset cifar100                          # whether a verdict travels
    ... --device cuda --workers 12                  # twelve at a time on a card
    ... --precision fp32                            # as the first of them were made: auto times each call's runs

`anatomy study` trains the same runs arm by arm, each with all of its seeds, and what only figures show. What is
published is not trained again.
"""

import argparse
from collections.abc import Collection
from typing import TypeVar

from design import pilot

from anatomy import claims
from anatomy.errors import InputError, nearest
from anatomy.hardware.machine import PRECISIONS, Machine
from anatomy.runs.config import Run
from anatomy.runs.option_types import parse
from anatomy.scheduling.sweep import sweep
from anatomy.settings import Settings
from anatomy.storage.store import Store
from anatomy.study import ladder, waiting
from anatomy.study.parameters import COMMON
from anatomy.study.study import Study

Value = TypeVar("Value")


def asked(chapter: str, options: Settings, ids: Collection[str]) -> dict[str, Run]:
    """The runs that these claims read, by key, without those that are published."""
    study = Study(chapter, **options)
    return by_seed(
        {key: run for runs in chosen(waiting.needs(study), ids).values() for key, run in runs.items()}, study
    )


def rungs(chapter: str, options: Settings, ids: Collection[str]) -> dict[str, Run]:
    """The same at the other lengths of the ladder, of the claims that climb it."""
    study = Study(chapter, **options)
    climbed = chosen(dict.fromkeys(ladder.climbs(chapter), True), ids)
    read = ladder.stages(study.request, [(arm, runs) for arm, runs in study.arms if {*arm.claims} & climbed.keys()])
    return by_seed({study.key(run): run for runs in read.values() for run in runs}, study)


def pilots(chapter: str, options: Settings, ids: Collection[str]) -> dict[str, Run]:
    """The pilot's runs of the arms that these claims read."""
    study, (_, runs) = Study(chapter, **options), pilot(chapter, options)
    settings = {setting(run) for found in chosen(waiting.needs(study), ids).values() for run in found.values()}
    return by_seed({key: run for key, run in runs.items() if setting(run) in settings}, study)


def setting(run: Run) -> str:
    """What a run and its pilot have in common."""
    return waiting.setting(run.model_copy(update={"evaluate_on": "test"}).content())


def chosen(known: dict[str, Value], ids: Collection[str]) -> dict[str, Value]:
    """Those of the claims; all where none is named. InputError for one that is not among them."""
    for id in ids:
        if id not in known:
            raise InputError(f"claim {id!r} asks for no run here; {nearest(id, known)}")
    return {id: known[id] for id in ids or known}


def by_seed(runs: dict[str, Run], study: Study) -> dict[str, Run]:
    """All of the first seed, then of the next; within one in the study's order."""
    lacking = [(key, run) for key, run in runs.items() if key not in study.published]
    return dict(sorted(lacking, key=lambda one: one[1].seed))


def of_seeds(runs: dict[str, Run], seeds: Collection[int]) -> dict[str, Run]:
    """Those of the seeds; all where none is named. InputError for one that no run has."""
    known = {run.seed for run in runs.values()}
    for seed in seeds:
        if seed not in known:
            raise InputError(f"no run that is lacking has the seed {seed}; known: {', '.join(map(str, sorted(known)))}")
    return {key: run for key, run in runs.items() if not seeds or run.seed in seeds}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("chapter")
    parser.add_argument("--store", required=True, help="folder of runs")
    parser.add_argument("--preset", default="overnight", help="their size (default overnight)")
    parser.add_argument("--dataset", help="another than the preset's")
    parser.add_argument("--data-root", help="folder of data sets")
    parser.add_argument("--claims", default="", help="ids, with commas between them (default all of the chapter)")
    parser.add_argument("--seeds", help="with commas between them (default all of these runs)")
    kind = parser.add_mutually_exclusive_group()
    kind.add_argument("--rungs", action="store_const", const=rungs, dest="which", help="the ladder's other lengths")
    kind.add_argument("--pilot", action="store_const", const=pilots, dest="which", help="the pilot's seeds")
    parser.add_argument("--minutes", type=float, help="of training; without it to the end")
    parser.add_argument("--device", default="auto", help="auto, cpu or cuda")
    parser.add_argument("--precision", default="auto", choices=PRECISIONS, help="of all runs (default auto)")
    parser.add_argument("--workers", type=int, help="runs at a time")
    given = parser.parse_args()
    options = {"store": given.store, "preset": given.preset, "dataset": given.dataset, "data_root": given.data_root}
    try:
        seeds = parse("seeds", given.seeds, COMMON["seeds"]) or ()
        runs = (given.which or asked)(given.chapter, options, [id for id in given.claims.split(",") if id])
        runs = of_seeds(runs, seeds)
        outcome = sweep(
            list(runs.values()),
            Store(given.store),
            data_root=given.data_root,
            machine=Machine(given.device, given.precision),
            workers=given.workers,
            time_limit=None if given.minutes is None else 60 * given.minutes,
            rules=claims.rules(given.chapter),
        )
    except InputError as error:
        parser.error(str(error))
    print(f"{len(runs) - len(outcome.left)} of {len(runs)} runs are finished")


if __name__ == "__main__":
    main()
