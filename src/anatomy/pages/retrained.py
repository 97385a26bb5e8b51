"""The runs of a figure again, into a store of one's own, and how far their numbers lie from the published ones."""

from collections.abc import Collection, Mapping

from anatomy import claims
from anatomy.errors import InputError
from anatomy.hardware.machine import Machine
from anatomy.hardware.processors import kinds
from anatomy.pages.other_processors import numbers_by_kind
from anatomy.scheduling.sweep import sweep
from anatomy.settings import Settings
from anatomy.storage.archive import archived
from anatomy.storage.record import Record, run_of
from anatomy.storage.store import Store
from anatomy.study.request import PUBLISHED


def records_of(keys: Collection[str]) -> dict[str, Record]:
    """The published and the archived ones among these runs."""
    there = archived(PUBLISHED)
    return {key: there[key] for key in keys if key in there}


def retrain(chapter: str, keys: Collection[str], given: Settings) -> dict[str, Record]:
    """Train what the store lacks of these published runs, and of those whose weights they use; their records, as they
    came out here.

    `given`: store, data_root, device and workers of the command line.
    """
    runs = [run_of(record) for record in records_of(keys).values()]
    runs += [run_of(record) for record in records_of({other for run in runs for other in run.others}).values()]
    if not runs:
        raise InputError("this figure is drawn from the formula; there are no runs to train")
    store = Store(given.get("store"))
    sweep(
        runs,
        store,
        data_root=given.get("data_root"),
        machine=Machine(given.get("device", "auto")),
        workers=int(given["workers"]) if "workers" in given else None,
        rules=claims.rules(chapter),
    )
    return {key: record for key in keys if (record := store.record(key)) is not None}


def compared(keys: Collection[str], again: Mapping[str, Record]) -> str:
    """One line a quantity that a run measures as one number: the largest difference between a run and its record.

    A quantity that no run has a number for is left out.
    """
    there = records_of(keys)
    found = numbers_by_kind(there, {"again": again})
    apart = found.assign(largest=found["difference"].abs()).groupby(["table", "quantity"])["largest"].max().dropna()
    rows = apart.reset_index().to_dict("records")
    lines = [f"  {row['table']}, {row['quantity']}: {row['largest']:.3g}" for row in rows]
    return "\n".join([f"{len(again)} of {len(keys)} runs again{_elsewhere(there, again)}; largest differences from the "
                      "published ones:", *lines])  # fmt: skip


def _elsewhere(there: Mapping[str, Record], again: Mapping[str, Record]) -> str:
    """Says so where the processor or the precision is another one: then the numbers drift apart as training goes on."""
    before, here = (", ".join(kinds(of[key]["provenance"] for key in again)) for of in (there, again))
    return f", on {here} and not {before}, so only means over seeds can be compared" if before != here else ""
