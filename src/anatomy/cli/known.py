"""The studies that a store or records/ may have runs of."""

import argparse
from collections.abc import Iterable

from anatomy import studies
from anatomy.chapters import CHAPTERS
from anatomy.errors import InputError
from anatomy.storage.record import Record, published
from anatomy.storage.store import Store
from anatomy.study import presets, request
from anatomy.study.study import Study


def known_studies(known: argparse.Namespace, *, smoke: bool = True) -> list[Study]:
    """Every chapter at every preset, on the preset's data set and on those that the store or records/ has runs of;
    without `smoke` not those of the preset whose numbers are not results."""
    store = Store(known.store)
    records: list[Record | None] = [store.record(key) for key in store.keys()]
    records += published(request.PUBLISHED).values() if request.PUBLISHED.is_dir() else []
    runs = [record for record in records if record]
    found = []
    for chapter in studies.names():
        used = datasets(chapter, runs)
        for preset in (one for one in presets.PRESETS.values() if smoke or one.name != "smoke"):
            for dataset in sorted({preset.dataset, *used}):
                try:
                    options = {"store": known.store, "data_root": known.data_root if dataset != "shapes" else None}
                    found.append(Study(chapter, preset=preset.name, dataset=dataset, **options))
                except InputError:  # an archive that is not here: its runs' keys cannot be known
                    continue
    return found


def datasets(chapter: str, records: Iterable[Record]) -> set[str]:
    """Data sets of a chapter's runs, which hold the digests of its rules; of runs without any, nobody knows whose."""
    own = CHAPTERS[chapter].families
    found = set()
    for record in records:
        rules = record["provenance"].get("rules")
        if not rules or any(id.rpartition("-")[0] in own for id in rules):
            found.add(str(record["run"].get("dataset", "shapes")))
    return found


def published_studies(data_root: str | None = None) -> list[Study]:
    """The studies of which runs are published, but of smoke, with these runs and no others."""
    asked = known_studies(argparse.Namespace(store=None, data_root=data_root), smoke=False)
    return [twin for study in asked if (twin := study.as_published()) is not None]


def with_runs(known: argparse.Namespace) -> list[Study]:
    """The studies of which there is anything, but of smoke: the store's runs where it has some, else the published."""
    chosen = []
    for study in known_studies(known, smoke=False):
        if not study.begun:
            study = study.with_records("use")
        if study.begun:
            chosen.append(study)
    return chosen
