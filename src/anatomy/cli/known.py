"""The studies that a store or records/ may have runs of."""

import argparse

from anatomy import studies
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
    used = {record["run"].get("dataset", "shapes") for record in records if record}
    found = []
    for chapter in studies.names():
        for preset in (one for one in presets.PRESETS.values() if smoke or one.name != "smoke"):
            for dataset in sorted({preset.dataset, *used}):
                try:
                    options = {"store": known.store, "data_root": known.data_root if dataset != "shapes" else None}
                    found.append(Study(chapter, preset=preset.name, dataset=dataset, **options))
                except InputError:  # an archive that is not here: its runs' keys cannot be known
                    continue
    return found


def with_runs(known: argparse.Namespace) -> list[Study]:
    """The studies of which there is anything, but of smoke: the store's runs where it has some, else the published."""
    chosen = []
    for study in known_studies(known, smoke=False):
        if not study.begun:
            study = study.with_records("use")
        if study.begun:
            chosen.append(study)
    return chosen
