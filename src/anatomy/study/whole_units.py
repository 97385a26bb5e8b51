"""What can be published: of a claim all runs of one seed, from one kind of processor.

A verdict compares arms seed by seed. Of a seed that is there in part nothing can be said, and in one that two kinds of
processor made, the difference between them would pass for one between arms.
"""

from collections.abc import Collection, Mapping

from anatomy.hardware.processors import of_several
from anatomy.storage.record import Record
from anatomy.study.study import Study
from anatomy.study.waiting import needs


def kept_back(study: Study, found: Mapping[str, Record]) -> dict[str, str]:
    """Of these finished runs those that are in no whole unit, by key, with what the unit lacks. A run that no claim
    reads is never kept back, nor is one that is published already."""
    there = {**found, **study.published}
    lacks: dict[str, str] = {}
    whole: set[str] = set()
    for (id, seed), keys in units(study).items():
        if why := incomplete(keys, there):
            lacks |= dict.fromkeys(keys, f"{id}, seed {seed}: {why}")
        else:
            whole |= keys
    return {key: why for key, why in lacks.items() if key in found.keys() - study.published.keys() - whole}


def units(study: Study) -> dict[tuple[str, int], set[str]]:
    """Keys by claim and seed."""
    found: dict[tuple[str, int], set[str]] = {}
    for id, runs in needs(study).items():
        for key, run in runs.items():
            found.setdefault((id, run.seed), set()).add(key)
    return found


def incomplete(keys: Collection[str], there: Mapping[str, Record]) -> str:
    """What keeps a unit from being whole; nothing where it is."""
    if lacking := len(keys) - len(keys & there.keys()):
        return f"{lacking} of its {len(keys)} runs {'is' if lacking == 1 else 'are'} not there"
    mixed = of_several(there[key]["provenance"] for key in keys)
    return f"its runs are {mixed}" if mixed else ""
